/** Hover at `$0` in one file, for tables of what is explained and what is not. */
import assert from 'node:assert/strict';
import { bench, cursor, never } from './bench.ts';

/** `undefined`: nothing must be said at the place. */
export type Case = readonly [what: string, file: string, marked: string, says: RegExp | undefined];

/** One test for each row. */
export function testCases(cases: readonly Case[]): void {
  for (const [what, file, marked, says] of cases)
    it(`${says ? 'explains' : 'says nothing of'} ${what}`, async () => {
      const { text, position } = cursor(marked);
      const set = bench({ [file]: text });
      const found = (await set.analysis.explain(set.uri(file), position, never))?.markdown;
      if (!says) assert.equal(found, undefined);
      else {
        assert.match(found ?? '(nothing)', says);
        assert.ok((found ?? '').split('\n').length <= 12, `short: ${found}`);
      }
    });
}
