/**
 * How many tests a run says that it ran, by the closing lines of the common runners. A table of patterns; the output is
 * a stranger's, and no number is a proof by itself. It must not know how a runner is called.
 */

export interface TestCount {
  /** Those that ran to an end, passed or failed. */
  readonly ran: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Row {
  /** Groups `ran` or `passed`, `failed`, `skipped`; every match is added. */
  readonly pattern: RegExp;
  /** Tells the total with what was skipped. */
  readonly total?: true;
}

const ROWS: readonly Row[] = [
  // node:test (TAP and spec)
  {
    pattern:
      /^(?:#|ℹ) tests (?<ran>\d+)\n(?:(?:#|ℹ) suites \d+\n)?(?:#|ℹ) pass (?<passed>\d+)\n(?:#|ℹ) fail (?<failed>\d+)\n(?:#|ℹ) cancelled \d+\n(?:#|ℹ) skipped (?<skipped>\d+)/gm,
  },
  // jest
  {
    pattern:
      /^Tests: +(?:(?<failed>\d+) failed, )?(?:(?<skipped>\d+) skipped, )?(?:\d+ todo, )?(?:(?<passed>\d+) passed, )?\d+ total/gm,
  },
  // vitest
  {
    pattern:
      /^ *Tests {2}(?:(?<failed>\d+) failed)?(?: \| )?(?:(?<passed>\d+) passed)?(?: \| (?<skipped>\d+) skipped)?(?: \| \d+ todo)? \(\d+\)/gm,
  },
  // mocha
  {
    pattern:
      /^ +(?<passed>\d+) passing(?: \([^)]*\))?(?:\n +(?<skipped>\d+) pending)?(?:\n +(?<failed>\d+) failing)?/gm,
  },
  // pytest
  {
    pattern:
      /^(?:=+ )?(?=\d+ (?:passed|failed|skipped|error|xfailed|deselected))(?:(?<failed>\d+) failed(?:, )?)?(?:(?<passed>\d+) passed(?:, )?)?(?:(?<skipped>\d+) skipped)?[^\n]* in [\d.]+/gm,
  },
  // unittest
  {
    pattern:
      /^Ran (?<ran>\d+) tests? in [\d.]+s\n\n?(?:OK|FAILED|NO TESTS RAN)?(?: \((?:failures=(?<failed>\d+))?(?:, )?(?:errors=\d+)?(?:, )?(?:skipped=(?<skipped>\d+))?[^)\n]*\))?/gm,
    total: true,
  },
  // cargo
  { pattern: /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored/gm },
  // maven
  {
    pattern:
      /^(?:\[\w+\] )?Tests run: (?<ran>\d+), Failures: (?<failed>\d+), Errors: \d+, Skipped: (?<skipped>\d+)\s*$/gm,
    total: true,
  },
  // rspec, ExUnit
  {
    pattern:
      /^(?<ran>\d+) (?:examples?|tests?|doctests?[^\n]*), (?<failed>\d+) failures?(?:, (?<skipped>\d+) (?:pending|skipped|excluded))?/gm,
    total: true,
  },
  // minitest
  {
    pattern:
      /^(?<ran>\d+) runs, \d+ assertions, (?<failed>\d+) failures, \d+ errors, (?<skipped>\d+) skips/gm,
    total: true,
  },
  // phpunit
  { pattern: /^OK \((?<ran>\d+) tests?, \d+ assertions?\)/gm },
  {
    pattern:
      /^Tests: (?<ran>\d+), Assertions: \d+(?:, Errors: \d+)?(?:, Failures: (?<failed>\d+))?(?:, Skipped: (?<skipped>\d+))?/gm,
    total: true,
  },
  // dotnet
  {
    pattern:
      /^(?:Passed|Failed)! +- Failed: +(?<failed>\d+), Passed: +(?<passed>\d+), Skipped: +(?<skipped>\d+)/gm,
  },
  // bun, deno
  { pattern: /^ *(?<passed>\d+) pass\n(?: *(?<skipped>\d+) skip\n)? *(?<failed>\d+) fail/gm },
  {
    pattern:
      /^(?:ok|FAILED) \| (?<passed>\d+) passed[^|\n]* \| (?<failed>\d+) failed(?: \| (?<skipped>\d+) ignored)?/gm,
  },
];

/** What a run says of itself; undefined where nothing is recognised. */
export function countTests(output: string): TestCount | undefined {
  const text = output.replaceAll('\r\n', '\n');
  for (const { pattern, total } of ROWS) {
    const matches = [...text.matchAll(pattern)];
    if (matches.length > 0)
      return sum(matches, total === true, /^(?:\[\w+\] )?Tests run/.test(matches[0]?.[0] ?? ''));
  }
  return goTests(text);
}

/** Maven says the sum last, after each class. */
function sum(all: readonly RegExpExecArray[], total: boolean, lastOnly: boolean): TestCount {
  let [ran, failed, skipped] = [0, 0, 0];
  for (const match of lastOnly ? all.slice(-1) : all) {
    const of = (name: string) => Number(match.groups?.[name] ?? 0);
    failed += of('failed');
    skipped += of('skipped');
    const told = match.groups?.['passed'] === undefined ? of('ran') : of('passed') + of('failed');
    ran += told - (total ? of('skipped') : 0);
  }
  return { ran, failed, skipped };
}

/** `go test -v` tells each test; without `-v` only packages are told, which are no tests. */
function goTests(text: string): TestCount | undefined {
  const [passed, failed, skipped] = ['PASS', 'FAIL', 'SKIP'].map(
    word => [...text.matchAll(new RegExp(`^ *--- ${word}: `, 'gm'))].length,
  ) as [number, number, number];
  return passed + failed + skipped === 0 ? undefined : { ran: passed + failed, failed, skipped };
}

/** Whether a run failed because the code could not even be read, so that it says nothing of the tests. */
export function didNotBuild(output: string): boolean {
  return /\[build failed\]|\[setup failed\]|^error(?:\[E\d+\])?: .*\n +-->|could not compile|COMPILATION ERROR|Compilation failed|: error TS\d+:|\berror CS\d{4}\b|SyntaxError: |IndentationError: |^\S+\.(?:c|cc|cpp|h|swift|java|kt):\d+:(?:\d+:)? error:|Parse error: |syntax error/im.test(
    output,
  );
}
