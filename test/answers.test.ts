import { strict as assert } from 'node:assert';
import { memoryOver } from '../server/answers.ts';
import type { Cache } from '../server/store/cache.ts';

describe('what engines found out about endpoints', () => {
  it('is written when it is new, and not with every answer', async () => {
    const written: unknown[] = [];
    const cache = {
      get: (key: string) => Promise.resolve(key === 'known' ? 'infill' : undefined),
      set: (key: string, value: unknown) => Promise.resolve(void written.push([key, value])),
    } as unknown as Cache;
    const memory = memoryOver(cache);
    await memory.prime(['known']);
    memory.set('known', 'infill');
    for (let i = 0; i < 3; i++) memory.set('fim', 'suffix');
    memory.set('fim', 'chat');
    assert.deepEqual(written, [
      ['fim', 'suffix'],
      ['fim', 'chat'],
    ]);
    assert.deepEqual([memory.get('known'), memory.get('fim')], ['infill', 'chat']);
  });
});
