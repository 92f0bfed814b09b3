/**
 * Builds and tests as a project itself names them: scripts, make targets, test runners. They may do anything, so
 * whoever runs them confines them. It must not know how.
 */
import type { Check, CheckKind, Cost, Output, Program, ProjectFiles, Report } from './check.ts';
import { nodeProgram, onPath, phpProgram, python, wrapper } from './programs.ts';
import { type Evidence, type Sign, Signs } from './signs.ts';
import { goReports, javacReports, mavenReports, plainReports } from './textReports.ts';

interface Row {
  readonly tool: string;
  readonly kind: CheckKind;
  readonly cost: Cost;
  readonly endings: readonly string[];
  readonly signs: readonly Sign[];
  readonly unless?: readonly string[];
  readonly program: Program;
  readonly arguments: readonly string[];
  readonly script?: true;
  readonly parse: (output: Output) => readonly Report[];
}

const PY = ['.py'];
const JVM = ['.java', '.kt', '.scala', '.groovy'];

const ROWS: readonly Row[] = [
  {
    tool: 'pytest',
    kind: 'tests',
    cost: 'heavy',
    endings: PY,
    signs: [
      'pytest.ini',
      'conftest.py',
      { file: 'pyproject.toml', holds: /^\[tool\.pytest\b|["']pytest\b/m },
      { file: 'setup.cfg', holds: /^\[tool:pytest\]/m },
      { file: 'tox.ini', holds: /^\[pytest\]|\bpytest\b/m },
    ],
    program: python(),
    arguments: ['-m', 'pytest', '-q', '--color=no', '--tb=short'],
    parse: plainReports,
  },
  {
    tool: 'go build',
    kind: 'build',
    cost: 'slow',
    endings: ['.go'],
    signs: ['go.mod'],
    program: onPath('go'),
    arguments: ['build', './...'],
    parse: goReports,
  },
  {
    tool: 'go test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.go'],
    signs: ['go.mod'],
    program: onPath('go'),
    arguments: ['test', './...'],
    parse: goReports,
  },
  {
    tool: 'cargo build',
    kind: 'build',
    cost: 'heavy',
    endings: ['.rs'],
    signs: ['Cargo.toml'],
    program: onPath('cargo'),
    arguments: ['build', '--quiet', '--color=never'],
    parse: plainReports,
  },
  {
    tool: 'cargo test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.rs'],
    signs: ['Cargo.toml'],
    program: onPath('cargo'),
    arguments: ['test', '--quiet', '--color=never'],
    parse: plainReports,
  },
  {
    tool: 'maven test',
    kind: 'tests',
    cost: 'heavy',
    endings: JVM,
    signs: ['pom.xml'],
    program: wrapper('mvnw', 'mvn'),
    arguments: ['--quiet', '--batch-mode', 'test'],
    parse: mavenReports,
  },
  {
    tool: 'gradle test',
    kind: 'tests',
    cost: 'heavy',
    endings: JVM,
    signs: ['build.gradle', 'build.gradle.kts'],
    program: wrapper('gradlew', 'gradle'),
    arguments: ['--console=plain', 'test'],
    parse: javacReports,
  },
  {
    tool: 'dotnet test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.cs', '.fs', '.vb'],
    signs: ['Directory.Build.props', 'global.json'],
    program: onPath('dotnet'),
    arguments: ['test', '--nologo'],
    parse: plainReports,
  },
  {
    tool: 'rspec',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.rb'],
    signs: ['.rspec'],
    program: onPath('bundle'),
    arguments: ['exec', 'rspec', '--no-color'],
    parse: plainReports,
  },
  {
    tool: 'rake test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.rb'],
    signs: [{ file: 'Rakefile', holds: /\bTestTask\b|task :?test\b/ }],
    unless: ['rspec'],
    program: onPath('bundle'),
    arguments: ['exec', 'rake', 'test'],
    parse: plainReports,
  },
  {
    tool: 'phpunit',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.php'],
    signs: ['phpunit.xml', 'phpunit.xml.dist'],
    program: phpProgram('phpunit'),
    arguments: ['--colors=never'],
    parse: plainReports,
  },
  {
    tool: 'mix test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.ex', '.exs'],
    signs: ['mix.exs'],
    program: onPath('mix'),
    arguments: ['test'],
    parse: plainReports,
  },
  {
    tool: 'swift test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.swift'],
    signs: ['Package.swift'],
    program: onPath('swift'),
    arguments: ['test'],
    parse: plainReports,
  },
  {
    tool: 'dart test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.dart'],
    signs: ['pubspec.yaml'],
    program: onPath('dart'),
    arguments: ['test', '--no-color'],
    parse: plainReports,
  },
  {
    tool: 'zig build test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.zig'],
    signs: ['build.zig'],
    program: onPath('zig'),
    arguments: ['build', 'test'],
    parse: plainReports,
  },
  {
    tool: 'deno test',
    kind: 'tests',
    cost: 'heavy',
    endings: ['.ts', '.js'],
    signs: ['deno.json', 'deno.jsonc'],
    program: onPath('deno'),
    arguments: ['test', '--no-prompt'],
    parse: plainReports,
  },
];

/** Scripts of package.json by what their names mean; the first name that is there counts for its kind. */
const SCRIPT_NAMES: readonly (readonly [kind: CheckKind, names: readonly string[]])[] = [
  ['build', ['build', 'compile']],
  ['types', ['typecheck', 'type-check', 'check-types', 'types', 'tsc']],
  ['lint', ['lint']],
  ['format', ['format:check', 'check:format', 'check-format', 'prettier:check']],
  ['tests', ['test', 'tests', 'test:unit', 'unit']],
];

const MANAGERS: readonly (readonly [lock: string, name: string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
];

const MAKE_TARGETS: readonly (readonly [kind: CheckKind, target: string])[] = [
  ['build', 'build'],
  ['lint', 'lint'],
  ['tests', 'test'],
  ['tests', 'check'],
];

/** Every build, test and script that the project names; `file` narrows to those of the nearest folder above it. */
export function scriptsOf(project: ProjectFiles, file?: string): readonly Check[] {
  const signs = new Signs(project);
  const rows = ROWS.flatMap(({ signs: wanted, unless, ...row }) =>
    signs
      .that(wanted, file)
      .filter(({ folder }) => !unless?.some(each => found(signs, each, folder)))
      .map(evidence => toCheck(row, evidence)),
  );
  const scripts = signs.that(['package.json'], file).flatMap(evidence => packageScripts(signs, evidence));
  const made = signs
    .that(['Makefile', 'makefile', 'GNUmakefile'], file)
    .flatMap(evidence => makeTargets(evidence));
  return [...scripts, ...rows, ...unittest(signs, rows, project, file), ...made];
}

function found(signs: Signs, tool: string, folder: string): boolean {
  const row = ROWS.find(each => each.tool === tool);
  return row !== undefined && signs.find(row.signs).some(each => each.folder === folder);
}

function toCheck(
  row: Omit<Row, 'signs' | 'unless'>,
  { folder, path }: Pick<Evidence, 'folder' | 'path'>,
): Check {
  const id = folder === '' ? row.tool : `${folder}/${row.tool}`;
  return { ...row, id, folder, covers: 'project', evidence: path };
}

function packageScripts(signs: Signs, evidence: Evidence): readonly Check[] {
  const scripts = scriptsIn(evidence.text);
  const beside = (lock: string) => signs.has(evidence.folder === '' ? lock : `${evidence.folder}/${lock}`);
  // Members of a workspace have no lock file of their own.
  const manager =
    (MANAGERS.find(([lock]) => beside(lock)) ?? MANAGERS.find(([lock]) => signs.has(lock)))?.[1] ?? 'npm';
  return SCRIPT_NAMES.flatMap(([kind, names]) => {
    const name = names.find(each => isRunnable(scripts[each]));
    if (name === undefined) return [];
    const row = {
      tool: `${manager} run ${name}`,
      kind,
      cost: 'heavy' as const,
      endings: [],
      program: manager === 'npm' ? onPath('npm') : nodeProgram(manager),
      arguments: manager === 'npm' ? ['--silent', 'run', name] : ['run', name],
      script: true as const,
      parse: plainReports,
    };
    return [toCheck(row, evidence)];
  });
}

function scriptsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const { scripts } = (JSON.parse(text) ?? {}) as { readonly scripts?: unknown };
    return typeof scripts === 'object' && scripts !== null ? (scripts as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `npm init` writes a test that only fails; one that watches never ends. */
function isRunnable(script: unknown): boolean {
  return typeof script === 'string' && script !== '' && !/no test specified|--watch\b(?!=false)/.test(script);
}

function makeTargets(evidence: Evidence): readonly Check[] {
  const has = (target: string) => new RegExp(`^${target}\\s*:(?!=)`, 'm').test(evidence.text);
  const [test] = ['test', 'check'].filter(has);
  return MAKE_TARGETS.filter(([kind, target]) => has(target) && (kind !== 'tests' || target === test)).map(
    ([kind, target]) =>
      toCheck(
        {
          tool: `make ${target}`,
          kind,
          cost: 'heavy',
          endings: [],
          program: onPath('make'),
          arguments: [target],
          script: true,
          parse: plainReports,
        },
        evidence,
      ),
  );
}

/** Python's own runner, where nothing names another and there are tests. */
function unittest(
  signs: Signs,
  rows: readonly Check[],
  project: ProjectFiles,
  file: string | undefined,
): readonly Check[] {
  if (rows.some(({ tool }) => tool === 'pytest') || (file !== undefined && !file.endsWith('.py'))) return [];
  const test = project.paths.find(path => /(?:^|\/)test_[^/]*\.py$/.test(path));
  if (test === undefined || !signs.someWith(PY)) return [];
  const row = {
    tool: 'unittest',
    kind: 'tests' as const,
    cost: 'heavy' as const,
    endings: PY,
    program: python(),
    arguments: [
      '-m',
      'unittest',
      'discover',
      ...(test.startsWith('tests/') ? ['-s', 'tests', '-t', '.'] : []),
    ],
    parse: plainReports,
  };
  return [toCheck(row, { folder: '', path: test })];
}
