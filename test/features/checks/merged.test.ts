/** Checkers speak where no other server does. */
import assert from 'node:assert/strict';
import type { Problem } from '../../../server/analysis/analysis.ts';
import { alsoFromChecks } from '../../../server/features/checks/merged.ts';
import type { CheckProblem } from '../../../server/features/checks/types.ts';

const at = (line: number, from: number, to: number) => ({
  start: { line, character: from },
  end: { line, character: to },
});

describe('checks beside other servers', () => {
  it('tell of lines that no server told of, and of no other', () => {
    const told: Problem[] = [{ range: at(1, 4, 5), message: 'theirs' }];
    const checked: CheckProblem[] = [1, 2].map(line => ({
      range: at(line, 0, 9),
      message: 'ours',
      source: 'tsc',
      severity: 'error',
    }));
    const merged = alsoFromChecks({ overlapping: () => told }, { overlapping: () => checked });
    const everything = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    assert.deepEqual(
      merged
        .overlapping('file:///a', everything)
        .map(({ message, range }) => `${range.start.line} ${message}`),
      ['1 theirs', '2 ours'],
    );
  });
});
