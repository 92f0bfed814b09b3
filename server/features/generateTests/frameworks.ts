/**
 * The test frameworks: how each is found, how one file of tests is run, and how the result is told. A table; it must
 * not know the disk nor what is tested.
 */
import type { Family } from './families.ts';
import type { ReportForm } from './reports.ts';

export type FrameworkId =
  | 'node'
  | 'mocha'
  | 'jest'
  | 'vitest'
  | 'pytest'
  | 'unittest'
  | 'go'
  | 'cargo'
  | 'maven'
  | 'gradle';

/** What was read of a package; texts are '' where there is no such file. */
export interface PackageFacts {
  /** Names of what lies in the root. */
  readonly names: readonly string[];
  /** Marker and configuration files together with what they say. */
  readonly texts: Readonly<Record<string, string>>;
  /** The beginnings of a few tests of the project. */
  readonly tests: readonly string[];
}

/** Where a test file is run. Paths with `/`, relative to the package. */
export interface RunPlace {
  readonly testPath: string;
  readonly facts: PackageFacts;
  /** Absolute: the copy of the package, and a folder beside it for what tools keep. */
  readonly root: string;
  readonly cache: string;
}

export interface Invocation {
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Framework {
  readonly id: FrameworkId;
  readonly name: string;
  readonly family: Family;
  readonly report: ReportForm;
  /** How sure the facts make us, 0 is not at all. */
  evidence(facts: PackageFacts): number;
  invocation(place: RunPlace): Invocation;
  /** Folders in which it leaves JUnit reports. */
  readonly reportFolders?: readonly string[];
}

interface PackageJson {
  readonly scripts?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: Readonly<Record<string, unknown>>;
}

function packageJson({ texts }: PackageFacts): PackageJson {
  try {
    const value: unknown = JSON.parse(texts['package.json'] ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function testScript(facts: PackageFacts): string {
  const script = packageJson(facts).scripts?.['test'];
  return typeof script === 'string' ? script : '';
}

/** Tests of the project say it best, then the script that runs them, then what is installed or configured. */
function scriptEvidence(facts: PackageFacts, name: string, imports: RegExp, config: RegExp): number {
  const { dependencies, devDependencies } = packageJson(facts);
  const installed = { ...dependencies, ...devDependencies };
  let sure = 0;
  if (facts.tests.some(text => imports.test(text))) sure += 8;
  if (new RegExp(`(?:^|[\\s/"'])${name}(?:$|[\\s"'])`).test(testScript(facts))) sure += 4;
  if (Object.hasOwn(installed, name)) sure += 2;
  if (facts.names.some(each => config.test(each))) sure += 1;
  return sure;
}

/** Options of Node that the project's own script needs for its sources to load. */
export function nodeOptions(script: string): readonly string[] {
  const words = script.match(/"[^"]*"|'[^']*'|\S+/g)?.map(word => word.replace(/^(["'])(.*)\1$/, '$2')) ?? [];
  const options: string[] = [];
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    if (/^(?:--import|--loader|--experimental-loader|--require|-r)$/.test(word) && next !== undefined)
      options.push(word, next);
    else if (/^--(?:import|loader|experimental-loader|require)=|^--experimental-(?!test|default)/.test(word))
      options.push(word);
  }
  return options;
}

const NO_EVIDENCE = /^$(?!)/;

function python({ facts, root }: RunPlace): Invocation {
  const own = ['.venv', 'venv', 'env'].find(name => facts.names.includes(name));
  const program = own === undefined ? 'python3' : `${root}/${own}/bin/python`;
  const path = facts.names.includes('src') ? `${root}:${root}/src` : root;
  return { argv: [program], environment: { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' } };
}

function saysPytest({ texts, names, tests }: PackageFacts): number {
  let sure = 0;
  if (tests.some(text => /^\s*(?:import pytest|from pytest)\b/m.test(text))) sure += 8;
  if (tests.some(text => /^(?:async )?def test_/m.test(text))) sure += 4;
  if (names.some(name => /^(?:pytest\.ini|conftest\.py)$/.test(name))) sure += 4;
  if (Object.values(texts).some(text => /\bpytest\b/.test(text))) sure += 3;
  return sure;
}

/** The class that a Java test file holds, with its package. */
function javaClass(testPath: string): string {
  return testPath
    .replace(/^.*?src\/test\/java\//, '')
    .replace(/\.java$/, '')
    .replaceAll('/', '.');
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'vitest',
    name: 'Vitest',
    family: 'javascript',
    report: 'jest',
    evidence: facts => scriptEvidence(facts, 'vitest', /['"]vitest['"]/, /^vitest\./),
    invocation: ({ testPath }) => ({
      argv: ['node', 'node_modules/vitest/vitest.mjs', 'run', testPath, '--reporter=json'],
    }),
  },
  {
    id: 'jest',
    name: 'Jest',
    family: 'javascript',
    report: 'jest',
    evidence: facts => scriptEvidence(facts, 'jest', /['"]@jest\/globals['"]/, /^jest\./),
    invocation: ({ testPath }) => ({
      argv: [
        'node',
        'node_modules/jest/bin/jest.js',
        '--json',
        '--coverage=false',
        '--runTestsByPath',
        testPath,
      ],
    }),
  },
  {
    id: 'mocha',
    name: 'Mocha',
    family: 'javascript',
    report: 'mocha',
    evidence: facts => scriptEvidence(facts, 'mocha', /['"]mocha['"]/, /^\.mocharc/),
    invocation: ({ testPath, facts }) => ({
      argv: [
        'node',
        'node_modules/mocha/bin/mocha.js',
        ...nodeOptions(testScript(facts)),
        '--reporter',
        'json',
        testPath,
      ],
    }),
  },
  {
    id: 'node',
    name: "Node's own test runner (node:test)",
    family: 'javascript',
    report: 'tap',
    // Needs nothing, so it is what remains.
    evidence: facts =>
      0.1 +
      scriptEvidence(facts, 'node:test', /['"]node:test['"]/, NO_EVIDENCE) +
      (/\bnode\b.*\s--test\b/.test(testScript(facts)) ? 4 : 0),
    invocation: ({ testPath, facts }) => ({
      argv: ['node', ...nodeOptions(testScript(facts)), '--test', '--test-reporter=tap', testPath],
    }),
  },
  {
    id: 'pytest',
    name: 'pytest',
    family: 'python',
    report: 'pytest',
    evidence: saysPytest,
    invocation: place => {
      const { argv, environment } = python(place);
      const options = ['-rA', '-q', '--color=no', '-p', 'no:cacheprovider'];
      return {
        argv: [...argv, '-m', 'pytest', ...options, place.testPath],
        ...(environment && { environment }),
      };
    },
  },
  {
    id: 'unittest',
    name: 'unittest',
    family: 'python',
    report: 'unittest',
    evidence: ({ tests }) => 0.1 + (tests.some(text => /^\s*(?:import|from) unittest\b/m.test(text)) ? 6 : 0),
    invocation: place => {
      const { argv, environment } = python(place);
      return { argv: [...argv, '-m', 'unittest', '-v', place.testPath], ...(environment && { environment }) };
    },
  },
  {
    id: 'go',
    name: "Go's testing package",
    family: 'go',
    report: 'go',
    evidence: ({ names }) => (names.includes('go.mod') ? 1 : 0),
    invocation: ({ testPath, cache }) => {
      const folder = testPath.includes('/') ? testPath.slice(0, testPath.lastIndexOf('/')) : '.';
      return {
        argv: ['go', 'test', '-v', '-count=1', '-vet=off', `./${folder}`],
        environment: { GOCACHE: `${cache}/go`, GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '' },
      };
    },
  },
  {
    id: 'cargo',
    name: "Rust's own tests (cargo test)",
    family: 'rust',
    report: 'cargo',
    evidence: ({ names }) => (names.includes('Cargo.toml') ? 1 : 0),
    invocation: ({ testPath, cache }) => {
      const module = testPath
        .replace(/^src\//, '')
        .replace(/\.rs$/, '')
        .replace(/(?:^|\/)(?:mod|lib|main)$/, '')
        .replaceAll('/', '::');
      return {
        argv: ['cargo', 'test', '--offline', ...(module === '' ? [] : ['--', `${module}::`])],
        environment: { CARGO_TARGET_DIR: `${cache}/target`, CARGO_TERM_COLOR: 'never' },
      };
    },
  },
  {
    id: 'maven',
    name: 'JUnit (Maven)',
    family: 'java',
    report: 'junit',
    reportFolders: ['target/surefire-reports'],
    evidence: ({ names }) => (names.includes('pom.xml') ? 2 : 0),
    invocation: ({ testPath }) => ({
      argv: ['mvn', '-o', '-q', '-B', '-DfailIfNoTests=false', `-Dtest=${javaClass(testPath)}`, 'test'],
    }),
  },
  {
    id: 'gradle',
    name: 'JUnit (Gradle)',
    family: 'java',
    report: 'junit',
    reportFolders: ['build/test-results/test'],
    evidence: ({ names }) => (names.some(name => /^build\.gradle(?:\.kts)?$/.test(name)) ? 1 : 0),
    invocation: ({ testPath, facts }) => ({
      argv: [
        ...(facts.names.includes('gradlew') ? ['sh', './gradlew'] : ['gradle']),
        '--offline',
        '--no-daemon',
        'test',
        '--rerun-tasks',
        '--tests',
        javaClass(testPath),
      ],
    }),
  },
];

/** The framework that the package's tests are written for; undefined where nothing says so. */
export function frameworkOf(family: Family, facts: PackageFacts): Framework | undefined {
  let best: { readonly framework: Framework; readonly sure: number } | undefined;
  for (const framework of FRAMEWORKS) {
    if (framework.family !== family) continue;
    const sure = framework.evidence(facts);
    if (sure > 0 && (!best || sure > best.sure)) best = { framework, sure };
  }
  return best?.framework;
}
