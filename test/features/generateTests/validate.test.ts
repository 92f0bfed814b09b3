/** Which tests are kept, on tests that run in this process: every verdict, and what is left of the text. */
import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import { Document } from '../../../server/base/document.ts';
import { FRAMEWORKS } from '../../../server/features/generateTests/frameworks.ts';
import type { TestResult } from '../../../server/features/generateTests/reports.ts';
import type { Outcome, RunTests } from '../../../server/features/generateTests/run.ts';
import { validate, type Verdict } from '../../../server/features/generateTests/validate.ts';
import { bench, never } from '../../analysis/bench.ts';

const { analysis } = bench({});
const CLAMP =
  'function clamp(n, low, high) {\n  if (n < low) return low;\n  return n > high ? high : n;\n}\n';

/** Source and tests as one script; `hang()` is told as what a limit would end. */
function inProcess(): RunTests & { readonly texts: Readonly<Record<string, string>>[] } {
  const texts: Readonly<Record<string, string>>[] = [];
  const state = { runs: 0 };
  return {
    texts,
    async run(files): Promise<Outcome> {
      texts.push(files);
      state.runs++;
      const report = new Map<string, TestResult>();
      let isHung = false;
      const found: (readonly [string, () => void])[] = [];
      const hang = () => {
        isHung = true;
        throw new RangeError('hangs');
      };
      const context = createContext({
        test: (name: string, body: () => void) => found.push([name, body]),
        equal: assert.equal,
        runs: state.runs,
        hang,
      });
      let output = '';
      try {
        runInContext(`${files['clamp.js']}\n${files['clamp.test.js']}`, context, { timeout: 1_000 });
        for (const [name, body] of found) {
          if (isHung) break;
          try {
            body();
            report.set(name, 'passed');
          } catch (error) {
            if (!isHung) report.set(name, 'failed');
            output += `${name}: ${String(error)}\n`;
          }
        }
      } catch (error) {
        output += String(error);
      }
      return { report, ending: isHung ? 'time' : 'exit', output, durationMs: 1 };
    },
    count: () => state.runs,
    told: () => ({ argv: ['run'], isolation: 'none', totalMs: state.runs }),
  };
}

async function judge(
  code: string,
  options: { readonly existing?: string; readonly source?: string; readonly runs?: number } = {},
): Promise<Verdict & { readonly texts: Readonly<Record<string, string>>[] }> {
  const text = options.source ?? CLAMP;
  const document = new Document('file:///x', '', 1, text);
  const framework = FRAMEWORKS.find(({ id }) => id === 'node');
  assert(framework);
  const run = inProcess();
  const verdict = await validate(
    {
      analysis,
      clock: { now: () => 0, after: () => ({ cancel: () => {} }) },
      run,
      project: {
        root: '/p',
        family: 'javascript',
        framework,
        facts: { names: [], texts: {}, tests: [] },
        sourcePath: 'clamp.js',
        hidden: [],
        home: { path: 'clamp.test.js', exists: options.existing !== undefined, example: undefined },
      },
      source: {
        text,
        languageId: 'javascript',
        range: { start: document.positionAt(0), end: document.positionAt(text.length) },
      },
      existing: options.existing,
      budget: { until: 1, runs: options.runs ?? 100 },
      report: () => {},
      signal: never,
    },
    code,
  );
  return { ...verdict, texts: run.texts };
}

const good = "test('low', () => equal(clamp(0, 1, 3), 1));\n";

describe('features/generateTests: what is kept', () => {
  const cases: readonly (readonly [what: string, test: string, became: string])[] = [
    ['asserts something', "test('x', () => equal(clamp(9, 1, 3), 3));\n", 'kept'],
    ['asserts nothing', "test('x', () => clamp(0, 1, 3));\n", 'notices nothing'],
    ['is always true', "test('x', () => equal(clamp(0, 1, 3), clamp(0, 1, 3)));\n", 'notices nothing'],
    [
      'swallows its failure',
      "test('x', () => { try { equal(clamp(0, 1, 3), 9); } catch {} });\n",
      'notices nothing',
    ],
    ['is wrong', "test('x', () => equal(clamp(0, 1, 3), 0));\n", 'fails'],
    ['is flaky at the second run', "test('x', () => equal(runs, 1));\n", 'flaky'],
    ['is flaky at the third run', "test('x', () => equal(runs < 3, true));\n", 'flaky'],
    ['hangs', "test('x', () => hang());\n", 'hangs'],
    ['does not build', "test('x', () => { equal(1 1); });\n", 'does not build'],
    ['loads nothing', "test('x', () => {});\nmissing();\n", 'does not build'],
    ['leaves the rest undone', "test('x', () => equal(clamp(0, 1, 3), 1), missing());\n", 'does not build'],
  ];
  for (const [what, test, became] of cases)
    it(`a test that ${what}: ${became}`, async () => {
      const verdict = await judge(test);
      assert.deepEqual(
        verdict.tests.map(({ name, dropped }) => [name, dropped ?? 'kept']),
        [['x', became]],
      );
      assert.equal(verdict.text === undefined, became !== 'kept');
      const [only] = verdict.tests;
      assert.equal((only?.kills ?? 0) > 0, became === 'kept');
    });

  it('good ones stay beside every bad one, and the text holds them alone', async () => {
    for (const [what, test, became] of cases) {
      if (became === 'kept' || what === 'loads nothing' || what === 'leaves the rest undone') continue;
      if (what === 'does not build') continue;
      const verdict = await judge(`${good}${test}`);
      assert.equal(verdict.text, good, what);
    }
  });

  it('is run three times as it is, then with faults, then once more as it will be', async () => {
    const { texts, mutants } = await judge(good);
    const faulty = texts.map(files => files['clamp.js'] !== CLAMP);
    assert.deepEqual(faulty.slice(0, 3), [false, false, false]);
    assert.equal(faulty.at(-1), false);
    assert.equal(faulty.filter(Boolean).length, mutants.length);
    assert.ok(mutants.length >= 6);
    assert.ok(texts.slice(3, -1).every(files => files['clamp.js'] !== CLAMP));
  });

  it('tells which faults were noticed, and in which line', async () => {
    const { mutants } = await judge(good);
    const early = mutants.find(({ operator }) => operator === 'early return');
    assert.deepEqual(early, {
      operator: 'early return',
      line: 2,
      before: 'if (n < low) return low;',
      after: 'return undefined;',
      state: 'killed',
    });
    assert.ok(mutants.some(({ state }) => state === 'survived'));
  });

  it('a fault that hangs a test is noticed by it, and by no other', async () => {
    const source = 'function clamp(n) {\n  if (n.more()) hang();\n  n.take();\n}\n';
    const calm = "test('calm', () => {});\n";
    const code = `${calm}test('ends', () => clamp({ more: () => false, take: () => {} }));\n`;
    const { tests } = await judge(code, { source });
    assert.deepEqual(
      tests.map(({ name, dropped }) => [name, dropped ?? 'kept']),
      [
        ['calm', 'notices nothing'],
        ['ends', 'kept'],
      ],
    );
  });

  it('code without any place for a fault proves nothing', async () => {
    const { tests, text } = await judge("test('x', () => {});\n", { source: 'let a;\n' });
    assert.equal(tests[0]?.dropped, 'notices nothing');
    assert.equal(text, undefined);
  });

  for (const runs of [0, 1, 2, 3])
    it(`is not kept untried: ${runs} runs`, async () => {
      const { tests, text, texts } = await judge(good, { runs });
      assert.equal(tests[0]?.dropped, 'not tried');
      assert.equal(text, undefined);
      assert.equal(texts.length, runs);
    });

  it('goes into the file that exists, and takes no name twice', async () => {
    const existing = "test('old', () => {});\n";
    const { tests, text } = await judge(`test('old', () => {});\n${good}`, { existing });
    assert.deepEqual(
      tests.map(({ name, dropped }) => [name, dropped ?? 'kept']),
      [
        ['old', 'name is taken'],
        ['low', 'kept'],
      ],
    );
    assert.equal(text, `${existing}\n${good}`);
  });

  it('no test in the answer is said', async () => {
    const { tests, output } = await judge('const a = 1;\n');
    assert.deepEqual(tests, []);
    assert.match(output, /No test could be found/);
  });

  it('ends at once when cancelled', async () => {
    const run = inProcess();
    const stopped = AbortSignal.abort();
    const framework = FRAMEWORKS[0];
    assert(framework);
    const zero = { line: 0, character: 0 };
    const cancelled = validate(
      {
        analysis: { ...analysis, testCases: (source, _signal) => analysis.testCases(source, never) },
        clock: { now: () => 0, after: () => ({ cancel: () => {} }) },
        run,
        project: {
          root: '/p',
          family: 'javascript',
          framework,
          facts: { names: [], texts: {}, tests: [] },
          sourcePath: 'clamp.js',
          hidden: [],
          home: { path: 'clamp.test.js', exists: false, example: undefined },
        },
        source: { text: CLAMP, languageId: '', range: { start: zero, end: zero } },
        existing: undefined,
        budget: { until: 1, runs: 9 },
        report: () => {},
        signal: stopped,
      },
      good,
    );
    await assert.rejects(cancelled, { name: 'AbortError' });
    assert.equal(run.count(), 0);
  });
});
