/** What an engine tells of the layout of its prompts, so that contexts can keep their beginning. */
import assert from 'node:assert/strict';
import { shapeOfMiddle } from '../../server/engines/openai/complete.ts';
import { endpoint } from '../support/endpoint.ts';

describe('the layout of a prompt', () => {
  const after = { suffixFirst: false };
  const before = { suffixFirst: true };
  for (const [fim, model, shape] of [
    ['suffix', 'any', after],
    ['chat', 'any', after],
    ['template', 'qwen2.5-coder', after],
    ['template', 'starcoder2', after],
    ['template', 'seed-coder-8b', before],
    ['template', 'mellum-4b', before],
    ['template', 'codestral-22b', before],
    ['mistral', 'codestral-latest', before],
    ['infill', 'any', { suffixFirst: false, prefixTokens: 1_536 }],
  ] as const) {
    it(`${fim} ${model}`, () => {
      const { settings, ports } = endpoint('http://127.0.0.1:9/v1', { fim, model });
      assert.deepEqual(shapeOfMiddle({ settings, ports }), shape);
    });
  }
});
