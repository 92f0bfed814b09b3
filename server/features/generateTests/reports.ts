/**
 * What a test runner says about each test, read from its output. Pure; what cannot be read is not guessed, and a test
 * that is not named has no result. It must not know how the runner was started.
 */

export type ReportForm = 'tap' | 'mocha' | 'jest' | 'pytest' | 'unittest' | 'go' | 'cargo' | 'junit';

export type TestResult = 'passed' | 'failed' | 'skipped';

/** By the names of groups and test, joined by blanks. A name that occurs twice has its worst result. */
export type Report = ReadonlyMap<string, TestResult>;

class Results {
  readonly map = new Map<string, TestResult>();

  add(name: string, result: TestResult): void {
    const known = this.map.get(name);
    const worst =
      known === 'failed' || result === 'failed' ? 'failed' : known === 'skipped' ? 'skipped' : result;
    this.map.set(name, known === undefined ? result : worst);
  }
}

/** Lines `ok`/`not ok` in nested blocks; a group's own line comes after its tests. */
function tap(output: string): Report {
  const results = new Results();
  const names: string[] = [];
  for (const line of output.split('\n')) {
    const subtest = /^( *)# Subtest: (.*)$/.exec(line);
    if (subtest) {
      const depth = (subtest[1] ?? '').length / 4;
      names.length = depth;
      names[depth] = unescapeTap(subtest[2] ?? '');
      continue;
    }
    const point = /^( *)(not )?ok \d+(?: - (.*?))?( # (?:SKIP|TODO)\b.*)?$/.exec(line);
    if (!point) continue;
    const depth = (point[1] ?? '').length / 4;
    const path = [...names.slice(0, depth), unescapeTap(point[3] ?? '')];
    results.add(path.join(' '), point[2] ? 'failed' : point[4] ? 'skipped' : 'passed');
  }
  return results.map;
}

function unescapeTap(text: string): string {
  return text.replace(/\\([\\#])/g, '$1').trim();
}

/** The JSON object in an output that may hold other lines before and after it. */
function jsonIn(output: string, isWanted: (value: Readonly<Record<string, unknown>>) => boolean): unknown {
  const starts = [...output.matchAll(/^\{/gm)].map(match => match.index);
  const ends = [...output.matchAll(/\}[ \t]*$/gm)].map(match => match.index + 1);
  // Reporters write last, so what a test printed before is passed over.
  for (const start of starts.reverse().slice(0, 20))
    for (const end of ends.toReversed().slice(0, 5)) {
      if (end <= start) continue;
      try {
        const value: unknown = JSON.parse(output.slice(start, end));
        if (typeof value === 'object' && value !== null && isWanted(value as Record<string, unknown>))
          return value;
      } catch {
        // Another end may fit.
      }
    }
  return undefined;
}

function mocha(output: string): Report {
  const results = new Results();
  const report = jsonIn(output, value => Array.isArray(value['passes']) && 'stats' in value) as
    | Readonly<Record<string, unknown>>
    | undefined;
  for (const [key, result] of [
    ['passes', 'passed'],
    ['failures', 'failed'],
    ['pending', 'skipped'],
  ] as const) {
    const list = report?.[key];
    if (!Array.isArray(list)) continue;
    for (const each of list as readonly unknown[]) {
      const title = (each as { readonly fullTitle?: unknown } | null)?.fullTitle;
      if (typeof title === 'string') results.add(title, result);
    }
  }
  return results.map;
}

/** Jest's form, which Vitest writes too. */
function jest(output: string): Report {
  const results = new Results();
  const report = jsonIn(output, value => Array.isArray(value['testResults'])) as
    | { readonly testResults: readonly unknown[] }
    | undefined;
  for (const file of report?.testResults ?? []) {
    const tests = (file as { readonly assertionResults?: unknown } | null)?.assertionResults;
    if (!Array.isArray(tests)) continue;
    for (const each of tests as readonly unknown[]) {
      const { ancestorTitles, title, status } = (each ?? {}) as Readonly<Record<string, unknown>>;
      if (typeof title !== 'string' || !Array.isArray(ancestorTitles)) continue;
      const result = status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped';
      results.add([...(ancestorTitles as readonly string[]), title].filter(Boolean).join(' '), result);
    }
  }
  return results.map;
}

function pytest(output: string): Report {
  const results = new Results();
  const outcomes: Readonly<Record<string, TestResult>> = {
    PASSED: 'passed',
    FAILED: 'failed',
    ERROR: 'failed',
    SKIPPED: 'skipped',
    XFAIL: 'skipped',
    XPASS: 'skipped',
  };
  for (const [, outcome = '', path = ''] of output.matchAll(
    /^(PASSED|FAILED|ERROR|XFAIL|XPASS) (\S+::.+?)(?: - .*)?$/gm,
  )) {
    const [, ...parts] = path.replace(/\[.*\]$/, '').split('::');
    results.add(parts.join(' '), outcomes[outcome] ?? 'failed');
  }
  return results.map;
}

/** `test_a (module.Class.test_a) ... ok`; before Python 3.11 without the name in brackets. A docstring makes two lines. */
function unittest(output: string): Report {
  const results = new Results();
  const line =
    /^(\w+) \(([\w.]+)\)(?:\n[^\n]*)? \.\.\. (ok|FAIL|ERROR|skipped|expected failure|unexpected success)/gm;
  for (const [, name = '', path = '', outcome] of output.matchAll(line)) {
    const parts = path.split('.');
    if (parts.at(-1) === name) parts.pop();
    const result =
      outcome === 'ok' ? 'passed' : outcome === 'FAIL' || outcome === 'ERROR' ? 'failed' : 'skipped';
    results.add(`${parts.at(-1) ?? ''} ${name}`, result);
  }
  // What a test prints may stand between its name and its outcome; failures are told again at the end.
  for (const [, name = '', path = ''] of output.matchAll(/^(?:FAIL|ERROR): (\w+) \(([\w.]+)\)/gm)) {
    const parts = path.split('.');
    if (parts.at(-1) === name) parts.pop();
    results.add(`${parts.at(-1) ?? ''} ${name}`, 'failed');
  }
  return results.map;
}

function go(output: string): Report {
  const results = new Results();
  for (const [, outcome, name = ''] of output.matchAll(/^--- (PASS|FAIL|SKIP): (\S+)/gm))
    results.add(name, outcome === 'PASS' ? 'passed' : outcome === 'FAIL' ? 'failed' : 'skipped');
  // A panic ends the process: the test that was running has no line of its own.
  if (/^panic: /m.test(output)) {
    const running = [...output.matchAll(/^=== RUN {3}([^/\s]+)$/gm)].map(match => match[1] ?? '');
    for (const name of running) if (!results.map.has(name)) results.add(name, 'failed');
  }
  return results.map;
}

function cargo(output: string): Report {
  const results = new Results();
  for (const [, path = '', outcome] of output.matchAll(
    /^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED|ignored)/gm,
  ))
    results.add(
      path.split('::').join(' '),
      outcome === 'ok' ? 'passed' : outcome === 'FAILED' ? 'failed' : 'skipped',
    );
  return results.map;
}

/** JUnit's XML, one or several files one behind the other. */
function junit(output: string): Report {
  const results = new Results();
  for (const [, attributes = '', body = ''] of output.matchAll(
    /<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const of = (key: string) => unescapeXml(new RegExp(`\\b${key}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    const name = of('name').replace(/\(.*$/, '').replace(/\[.*$/, '');
    const holder = of('classname').split(/[.$]/).at(-1) ?? '';
    const result = /<(?:failure|error)\b/.test(body)
      ? 'failed'
      : /<skipped\b/.test(body)
        ? 'skipped'
        : 'passed';
    results.add(`${holder} ${name}`, result);
  }
  return results.map;
}

function unescapeXml(text: string): string {
  const marks: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => marks[name] ?? '');
}

const READERS: Readonly<Record<ReportForm, (output: string) => Report>> = {
  tap,
  mocha,
  jest,
  pytest,
  unittest,
  go,
  cargo,
  junit,
};

export function readReport(form: ReportForm, output: string): Report {
  return READERS[form](output.replaceAll('\r\n', '\n'));
}

/** The result of one test: by its whole name, else by the one name that ends in it. */
export function resultOf(report: Report, name: string): TestResult | undefined {
  const exact = report.get(name);
  if (exact !== undefined) return exact;
  const like = [...report].filter(([each]) => each.endsWith(` ${name}`));
  return like.length === 1 ? like[0]?.[1] : undefined;
}
