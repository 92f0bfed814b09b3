/** Fitting a suggestion to closing delimiters right of the cursor. */
import assert from 'node:assert/strict';
import { placeSuggestion } from '../../../server/features/completion/place.ts';

const CASES: readonly (readonly [what: string, text: string, rest: string, replaces: number])[] = [
  ['nothing right of it', 'a)', '', 0],
  ['the bracket that the editor closed', 'a, b)', ')', 1],
  ['bracket and semicolon', 'a, b);', ');', 2],
  ['a block that goes on behind the bracket', 'a, b) {\n  return a;\n}', ')', 1],
  ['brackets of its own stay', 'f(a)', ')', 0],
  ['its own and one more', 'f(a))', ')', 1],
  ['another bracket', 'a]', ')', 0],
  ['a word right of it', 'a)', 'b)', 0],
  ['a quote', "node:fs'", "'", 1],
];

describe('placeSuggestion', () => {
  for (const [what, text, rest, replaces] of CASES) {
    it(what, () => assert.deepEqual(placeSuggestion(text, rest), { text, replaces }));
  }
});
