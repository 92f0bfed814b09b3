import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { createTurns } from '../../server/base/turns.ts';

describe('background work', () => {
  it('takes one step in a round, however many are at work, and all get their turns', async () => {
    const turn = createTurns();
    const rounds: string[] = [''];
    let watching = true;
    const watch = (): void => {
      rounds.push('');
      if (watching) setImmediate(watch);
    };
    setImmediate(watch);
    const work = async (name: string): Promise<void> => {
      for (let step = 0; step < 5; step++) {
        await turn();
        rounds[rounds.length - 1] += name;
      }
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    watching = false;
    assert.deepEqual(
      rounds.filter(steps => steps.length > 1),
      [],
    );
    assert.equal(rounds.join(''), 'abc'.repeat(5));
  });

  it('lets a message in between two steps', async () => {
    const turn = createTurns();
    const { port1, port2 } = new MessageChannel();
    let answered = false;
    port2.on('message', () => (answered = true));
    let steps = 0;
    const work = async (): Promise<void> => {
      while (!answered && steps < 10_000) {
        await turn();
        steps++;
      }
    };
    const all = Promise.all([work(), work(), work()]);
    port1.postMessage('asked');
    await all;
    port1.close();
    assert.ok(answered && steps < 10_000, `${steps} steps before the message`);
  });
});
