/** Which checkers, builds, tests and formatters a project has: from lists of files to calls. */
import assert from 'node:assert/strict';
import { checksOf, formattersOf, type ProjectFiles } from '../../../server/analysis/checks/checks.ts';
import { compilationOf } from '../../../server/analysis/checks/compiler.ts';

/** A project of files; those without a text are there and were not read. */
function project(files: Readonly<Record<string, string>>): ProjectFiles {
  return { paths: Object.keys(files), text: path => files[path] || undefined };
}

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly file?: string;
  /** `kind id` of every check, sorted. */
  readonly expected: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'nothing', files: { 'README.md': '' }, expected: [] },
  {
    name: 'TypeScript with its scripts',
    files: {
      'package.json': JSON.stringify({
        scripts: { test: 'mocha', build: 'tsc', lint: 'oxlint', 'format:check': 'biome format .' },
      }),
      'package-lock.json': '',
      'tsconfig.json': '{}',
      'biome.json': '',
      '.oxlintrc.json': '',
    },
    expected: [
      'build npm run build',
      'format npm run format:check',
      'lint biome',
      'lint npm run lint',
      'lint oxlint',
      'tests npm run test',
      'types tsc',
    ],
  },
  {
    name: 'the test that npm init writes, and one that watches',
    files: {
      'package.json': JSON.stringify({
        scripts: { test: 'echo "Error: no test specified" && exit 1', build: 'tsc --watch' },
      }),
    },
    expected: [],
  },
  {
    name: 'another package manager',
    files: { 'package.json': '{"scripts":{"test":"vitest run"}}', 'pnpm-lock.yaml': '' },
    expected: ['tests pnpm run test'],
  },
  { name: 'a broken package.json', files: { 'package.json': '{"scripts":' }, expected: [] },
  { name: 'package.json that is a list', files: { 'package.json': 'null' }, expected: [] },
  {
    name: 'Python',
    files: { 'pyproject.toml': '[tool.ruff]\n[tool.mypy]\n[tool.pytest.ini_options]\n', 'a.py': '' },
    expected: ['lint ruff', 'tests pytest', 'types mypy'],
  },
  {
    name: 'older Python',
    files: { 'setup.cfg': '[flake8]\n[mypy]\n', 'tests/test_a.py': '' },
    expected: ['lint flake8', 'tests unittest', 'types mypy'],
  },
  {
    name: 'a pyproject.toml of another tool',
    files: { 'pyproject.toml': '[project]\nname = "x"\n' },
    expected: [],
  },
  {
    name: 'Go',
    files: { 'go.mod': '', '.golangci.yml': '' },
    expected: ['build go build', 'lint golangci-lint', 'tests go test', 'types go vet'],
  },
  {
    name: 'Rust',
    files: { 'Cargo.toml': '[package]\n' },
    expected: ['build cargo build', 'tests cargo test', 'types cargo check'],
  },
  {
    name: 'Rust with clippy, which does what check does',
    files: { 'Cargo.toml': '[workspace.lints.clippy]\n' },
    expected: ['build cargo build', 'tests cargo test', 'types clippy'],
  },
  { name: 'Java', files: { 'pom.xml': '', 'A.java': '' }, expected: ['build maven', 'tests maven test'] },
  { name: 'Java without a build', files: { 'A.java': '' }, expected: ['types javac'] },
  {
    name: 'make',
    files: { Makefile: 'CC := gcc\nbuild: a.o\n\tcc\ncheck: build\ntest:\n\t./t\n' },
    expected: ['build make build', 'tests make test'],
  },
  {
    name: 'C with a database, one file',
    files: { 'compile_commands.json': '' },
    file: 'src/a.c',
    expected: ['types compiler'],
  },
  { name: 'C without', files: { 'a.c': '' }, file: 'a.c', expected: [] },
  {
    name: 'shell, Lua, PHP',
    files: { 'a.sh': '', 'b.lua': '', 'c.php': '' },
    expected: ['lint shellcheck', 'types luac', 'types php'],
  },
  {
    name: 'several packages: the outermost for all',
    files: { 'tsconfig.json': '{}', 'web/tsconfig.json': '{}', 'api/go.mod': '' },
    expected: ['build api/go build', 'tests api/go test', 'types api/go vet', 'types tsc'],
  },
  {
    name: 'several packages: the nearest for a file',
    files: {
      'tsconfig.json': '{}',
      'web/tsconfig.json': '{}',
      'webbing/tsconfig.json': '{}',
      'api/go.mod': '',
    },
    file: 'web/src/a.ts',
    expected: ['types web/tsc'],
  },
  {
    name: 'a file of another language',
    files: { 'tsconfig.json': '{}', 'Cargo.toml': '' },
    file: 'README.md',
    expected: [],
  },
];

describe('checks: what a project has', () => {
  for (const { name, files, file, expected } of cases) {
    it(name, () => {
      const found = checksOf(project(files), file).map(({ kind, id }) => `${kind} ${id}`);
      assert.deepEqual(found.sort(), [...expected].sort());
    });
  }

  it('builds by references where a configuration names no files of its own', () => {
    const args = (text: string) => checksOf(project({ 'tsconfig.json': text }))[0]?.arguments.join(' ');
    assert.match(args('{"files": [], "references": [{"path": "a"}]}') ?? '', /^--build --noEmit/);
    assert.match(args('{"compilerOptions": {}}') ?? '', /^--noEmit .*--project \{folder\}\/tsconfig.json$/);
  });

  it('marks what the project itself names as scripts', () => {
    const files = { 'package.json': '{"scripts":{"test":"x"}}', Makefile: 'test:\n', 'tsconfig.json': '{}' };
    const scripts = checksOf(project(files)).flatMap(({ id, script }) => (script ? [id] : []));
    assert.deepEqual(scripts, ['npm run test', 'make test']);
  });

  const formatters: readonly (readonly [
    name: string,
    files: Readonly<Record<string, string>>,
    file: string,
    expected: readonly string[],
  ])[] = [
    ['prettier by its configuration', { '.prettierrc': '' }, 'a.ts', ['prettier']],
    [
      'prettier by its dependency',
      { 'package.json': '{"devDependencies":{"prettier":"3"}}' },
      'src/a.ts',
      ['prettier'],
    ],
    ['biome', { 'biome.json': '' }, 'a.ts', ['biome']],
    ['the nearest one first', { '.prettierrc': '', 'web/biome.json': '' }, 'web/a.ts', ['biome', 'prettier']],
    [
      'black before ruff',
      { 'pyproject.toml': '[tool.black]\n[tool.ruff]\n' },
      'a.py',
      ['black', 'ruff format'],
    ],
    ['gofmt', { 'go.mod': '' }, 'a.go', ['gofmt']],
    ['nothing for another language', { 'go.mod': '' }, 'a.py', []],
    ['java only where the build names it', { 'pom.xml': '<x/>' }, 'A.java', []],
    ['java', { 'build.gradle': "googleJavaFormat('1.17')" }, 'A.java', ['google-java-format']],
  ];
  for (const [name, files, file, expected] of formatters)
    it(`formats by ${name}`, () =>
      assert.deepEqual(
        formattersOf(project(files), file).map(({ tool }) => tool),
        expected,
      ));

  it('formats Rust by the edition of the package', () => {
    const [rustfmt] = formattersOf(project({ 'Cargo.toml': '[package]\nedition = "2018"\n' }), 'src/a.rs');
    assert.deepEqual(rustfmt?.arguments, ['--edition', '2018', '--emit', 'stdout']);
  });
});

describe('checks: compilation databases', () => {
  const entry = (command: unknown) =>
    JSON.stringify([
      {
        directory: '/p/build',
        file: '../src/a.c',
        ...(typeof command === 'string' ? { command } : { arguments: command }),
      },
    ]);
  const of = (command: unknown) => compilationOf(entry(command), (_, file) => file === '../src/a.c');

  it('checks as the file is compiled, and writes nothing', () => {
    const expected = [
      '-I',
      'inc dir',
      '-DX="y z"',
      '-Wall',
      '-fsyntax-only',
      '-fdiagnostics-color=never',
      '../src/a.c',
    ];
    const command = `/usr/bin/gcc -I 'inc dir' -DX=\\"y\\ z\\" -Wall -MMD -MF a.d -c -o a.o ../src/a.c`;
    assert.deepEqual(of(command)?.arguments, expected);
    assert.deepEqual(
      of(['ccache', 'clang-17', '-I', 'inc dir', '-DX="y z"', '-Wall', '-oa.o', '-c', '../src/a.c'])
        ?.arguments,
      expected,
    );
    assert.equal(of(command)?.directory, '/p/build');
  });

  for (const command of [
    'rm -rf ../src/a.c',
    'sh -c "gcc a.c"',
    'gcc -fplugin=evil.so -c ../src/a.c',
    'gcc @args ../src/a.c',
    '',
    'x y gcc ../src/a.c',
  ])
    it(`runs nothing of ${JSON.stringify(command)}`, () => assert.equal(of(command), undefined));

  for (const database of [
    '',
    '{}',
    '[null, 1, {"directory": 1}]',
    '[{"directory":"/p","file":"b.c","command":"gcc b.c"}]',
  ])
    it(`finds nothing in ${database}`, () =>
      assert.equal(
        compilationOf(database, (_, file) => file === '../src/a.c'),
        undefined,
      ));
});
