/**
 * Which file the tests of a source file belong into, by the house's own habit: each naming rule is tried on all
 * sources, and the one that explains most of the tests there are wins. Pure; it must not know the disk.
 */
import type { Family } from './families.ts';

/** Names a test file for a source file; undefined where the rule does not apply. */
type Rule = (source: string) => string | undefined;

interface Parts {
  /** With a `/` at its end, or ''. */
  readonly folder: string;
  readonly stem: string;
  readonly ending: string;
}

function parts(path: string): Parts {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  const dot = name.lastIndexOf('.');
  return { folder: path.slice(0, slash), stem: name.slice(0, dot), ending: name.slice(dot) };
}

/** `src/a/b/` → `a/b/`. */
const inner = (folder: string): string => folder.replace(/^[^/]+\//, '');

const ROOTS = ['test', 'tests', 'spec', '__tests__'] as const;

/** Folders for tests: below a root with the sources' folders, without the first of them, or all in one. */
function rooted(root: string): readonly ((folder: string) => string)[] {
  return [folder => `${root}/${inner(folder)}`, folder => `${root}/${folder}`, () => `${root}/`];
}

function javascript(): readonly Rule[] {
  const suffixes = ['.test', '.spec', '_test', '-test'];
  const rules: Rule[] = [];
  const add = (folder: (of: string) => string, suffix: string, ending?: string) =>
    rules.push(source => {
      const { folder: of, stem, ending: own } = parts(source);
      return `${folder(of)}${stem}${suffix}${ending ?? own}`;
    });
  for (const suffix of suffixes) {
    add(folder => folder, suffix);
    add(folder => `${folder}__tests__/`, suffix);
    for (const root of ROOTS) for (const folder of rooted(root)) add(folder, suffix);
  }
  for (const root of ROOTS) for (const folder of rooted(root)) add(folder, '');
  // Tests in another dialect than the sources.
  for (const ending of ['.js', '.mjs', '.ts'])
    for (const suffix of ['.test', '.spec', ''])
      for (const root of ROOTS) for (const folder of rooted(root)) add(folder, suffix, ending);
  return rules;
}

function python(): readonly Rule[] {
  const rules: Rule[] = [];
  for (const name of [(stem: string) => `test_${stem}`, (stem: string) => `${stem}_test`]) {
    const add = (folder: (of: string) => string) =>
      rules.push(source => {
        const { folder: of, stem } = parts(source);
        return stem === '__init__' ? undefined : `${folder(of)}${name(stem)}.py`;
      });
    for (const root of ['tests', 'test']) {
      add(() => `${root}/`);
      add(folder => `${root}/${inner(folder)}`);
      add(folder => `${root}/${inner(inner(folder))}`);
      add(folder => `${root}/${folder}`);
      add(folder => `${folder}${root}/`);
    }
    add(folder => folder);
  }
  return rules;
}

const RULES: Readonly<Record<Family, readonly Rule[]>> = {
  javascript: javascript(),
  python: python(),
  go: [source => source.replace(/\.go$/, '_test.go')],
  // Rust tests stand in the file that they test.
  rust: [source => source],
  java: ['Test', 'Tests', 'IT'].map(
    suffix => source =>
      source.includes('src/main/java/')
        ? source.replace('src/main/java/', 'src/test/java/').replace(/\.java$/, `${suffix}.java`)
        : source.replace(/\.java$/, `${suffix}.java`),
  ),
};

const TESTS: Readonly<Record<Family, RegExp>> = {
  javascript: /(?:[._-](?:test|spec)\.[cm]?[jt]sx?$)|(?:^|\/)(?:tests?|spec|__tests__)\/.*\.[cm]?[jt]sx?$/,
  python: /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/,
  go: /_test\.go$/,
  rust: /(?:^|\/)tests\/.*\.rs$/,
  java: /(?:Test|Tests|IT)\.java$/,
};

/** Whether a path is that of a test, by its name alone. */
export function isTestPath(path: string, family: Family): boolean {
  return TESTS[family].test(path);
}

export interface TestHome {
  readonly path: string;
  readonly exists: boolean;
  /** A test file of the house to write alike. */
  readonly example: string | undefined;
}

/** `paths` are all files of the package, relative and with `/`; so is `source`. */
export function testHome(source: string, family: Family, paths: readonly string[]): TestHome {
  const known = new Set(paths);
  const tests = paths.filter(path => isTestPath(path, family));
  const sources = paths.filter(
    path => parts(path).ending === parts(source).ending && !isTestPath(path, family),
  );
  const votes = RULES[family].map((rule, order) => {
    let count = 0;
    for (const path of sources) {
      const named = rule(path);
      if (named !== undefined && named !== path && known.has(named)) count++;
    }
    return { rule, count, order };
  });
  votes.sort((a, b) => b.count - a.count || a.order - b.order);
  const example = nearest(source, tests);
  for (const { rule, count } of votes) {
    const path = rule(source);
    if (path !== undefined && known.has(path) && (count > 0 || family === 'rust')) {
      return { path, exists: true, example: path === source ? undefined : path };
    }
  }
  for (const { rule, count } of votes) {
    const path = rule(source);
    if (path === undefined || known.has(path)) continue;
    if (count > 0) return { path, exists: false, example };
  }
  return { path: alike(source, family, tests), exists: false, example };
}

/** Where no rule explains any test: the folder and the ending that tests have, else the language's first habit. */
function alike(source: string, family: Family, tests: readonly string[]): string {
  const { stem, ending } = parts(source);
  const [first] = tests;
  if (first !== undefined && family === 'javascript') {
    const suffix = /([._-](?:test|spec))\.[^./]+$/.exec(first)?.[1] ?? '';
    return `${parts(first).folder}${stem}${suffix}${parts(first).ending || ending}`;
  }
  if (first !== undefined && family === 'python') {
    return `${parts(first).folder}${first.endsWith('_test.py') ? `${stem}_test` : `test_${stem}`}.py`;
  }
  const fallback = RULES[family].map(rule => rule(source)).find(path => path !== undefined);
  return fallback ?? `${parts(source).folder}test_${stem}${ending}`;
}

/** The test that shares most folders with the source. */
function nearest(source: string, tests: readonly string[]): string | undefined {
  const folders = new Set(source.split('/').slice(0, -1));
  const shared = (path: string) => path.split('/').filter(part => folders.has(part)).length;
  return [...tests].sort((a, b) => shared(b) - shared(a) || a.length - b.length || (a < b ? -1 : 1))[0];
}
