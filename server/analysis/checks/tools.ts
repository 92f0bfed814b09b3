/**
 * The table of checkers: what shows that a project uses one, how it is called for all of it, for one file and for
 * text that nobody has saved, and who reads what it says. It must not know how programs are found or run.
 */
import type { Check, CheckKind, Cost, Output, Program, Report } from './check.ts';
import {
  cargoReports,
  eslintReports,
  oxlintReports,
  phpstanReports,
  pyrightReports,
  rdjsonReports,
  rubocopReports,
  ruffReports,
  shellcheckReports,
  staticcheckReports,
} from './jsonReports.ts';
import { nodeProgram, onPath, phpProgram, pythonProgram, wrapper } from './programs.ts';
import { ESLINT_CONFIGURATIONS, type Evidence, type Sign } from './signs.ts';
import {
  dotnetReports,
  flake8Reports,
  goReports,
  javacReports,
  luacheckReports,
  luacReports,
  mavenReports,
  mypyReports,
  phpReports,
  rubyReports,
  tscReports,
  zigReports,
} from './textReports.ts';

/** One row: a checker that needs no more than its signs to be called. */
export interface Tool {
  readonly tool: string;
  readonly kind: CheckKind;
  readonly cost: Cost;
  readonly endings: readonly string[];
  /** Empty: it needs no configuration, so that a file of its endings is sign enough. */
  readonly signs: readonly Sign[];
  /** Not where this tool was found, which does the same and more. */
  readonly unless?: string;
  readonly program: Program;
  /** For the whole project; absent: it checks single files. */
  readonly arguments?: readonly string[] | ((evidence: Evidence) => readonly string[]);
  readonly forFile?: Check['forFile'];
  readonly forText?: Check['forText'];
  readonly environment?: Readonly<Record<string, string>>;
  readonly parse: (output: Output) => readonly Report[];
}

const SCRIPTS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const PYTHON = ['.py', '.pyi'];

/** The same arguments for a saved file and for its unsaved text, which comes by standard input. */
function byStdin(...args: readonly string[]): Pick<Tool, 'forFile' | 'forText'> {
  return { forFile: { arguments: args, feed: 'stdin' }, forText: { arguments: args, feed: 'stdin' } };
}

/** A solution of several projects names no files of its own and has to be built by references. */
function tscArguments({ text }: Evidence): readonly string[] {
  const isSolution = /"references"\s*:/.test(text) && /"files"\s*:\s*\[\s*\]/.test(text);
  return isSolution
    ? ['--build', '--noEmit', '--pretty', 'false']
    : ['--noEmit', '--pretty', 'false', '--project', '{folder}/tsconfig.json'];
}

export const TOOLS: readonly Tool[] = [
  {
    tool: 'tsc',
    kind: 'types',
    cost: 'slow',
    endings: SCRIPTS.slice(0, 4),
    signs: ['tsconfig.json'],
    program: nodeProgram('tsc'),
    arguments: tscArguments,
    parse: tscReports,
  },
  {
    tool: 'eslint',
    kind: 'lint',
    cost: 'quick',
    endings: SCRIPTS,
    signs: [
      ...ESLINT_CONFIGURATIONS,
      '.eslintrc',
      ...['js', 'cjs', 'json', 'yml', 'yaml'].map(each => `.eslintrc.${each}`),
      { file: 'package.json', holds: /"eslintConfig"\s*:/ },
    ],
    program: nodeProgram('eslint'),
    arguments: ['--format', 'json', '.'],
    ...byStdin('--format', 'json', '--stdin', '--stdin-filename', '{file}'),
    parse: eslintReports,
  },
  {
    tool: 'biome',
    kind: 'lint',
    cost: 'quick',
    endings: [...SCRIPTS, '.json', '.jsonc', '.css', '.graphql'],
    signs: ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'],
    program: nodeProgram('biome'),
    arguments: ['lint', '--reporter=rdjson', '--max-diagnostics=500', '.'],
    forFile: { arguments: ['lint', '--reporter=rdjson', '{file}'], feed: 'disk' },
    forText: { arguments: ['lint', '--reporter=rdjson', '--config-path={folder}', '{copy}'], feed: 'copy' },
    parse: rdjsonReports,
  },
  {
    tool: 'oxlint',
    kind: 'lint',
    cost: 'quick',
    endings: SCRIPTS,
    signs: ['.oxlintrc.json'],
    program: nodeProgram('oxlint'),
    arguments: ['--format', 'json'],
    forFile: { arguments: ['--format', 'json', '{file}'], feed: 'disk' },
    forText: {
      arguments: ['--config', '{folder}/.oxlintrc.json', '--format', 'json', '{copy}'],
      feed: 'copy',
    },
    parse: oxlintReports,
  },
  {
    tool: 'ruff',
    kind: 'lint',
    cost: 'quick',
    endings: PYTHON,
    signs: ['ruff.toml', '.ruff.toml', { file: 'pyproject.toml', holds: /^\[tool\.ruff\b/m }],
    program: pythonProgram('ruff'),
    arguments: ['check', '--output-format', 'json', '--no-cache', '.'],
    ...byStdin('check', '--output-format', 'json', '--force-exclude', '--stdin-filename', '{file}', '-'),
    parse: ruffReports,
  },
  {
    tool: 'pyright',
    kind: 'types',
    cost: 'slow',
    endings: PYTHON,
    signs: ['pyrightconfig.json', { file: 'pyproject.toml', holds: /^\[tool\.(?:base)?pyright\]/m }],
    program: {
      ...pythonProgram('pyright'),
      local: [...pythonProgram('pyright').local, 'node_modules/.bin/pyright'],
    },
    arguments: ['--outputjson'],
    forFile: { arguments: ['--outputjson', '{file}'], feed: 'disk' },
    parse: pyrightReports,
  },
  {
    tool: 'mypy',
    kind: 'types',
    cost: 'slow',
    endings: PYTHON,
    signs: [
      'mypy.ini',
      '.mypy.ini',
      { file: 'pyproject.toml', holds: /^\[tool\.mypy\]/m },
      { file: 'setup.cfg', holds: /^\[mypy\]/m },
    ],
    program: pythonProgram('mypy'),
    arguments: [...mypyArguments(), '.'],
    forFile: { arguments: [...mypyArguments(), '{file}'], feed: 'disk' },
    forText: { arguments: [...mypyArguments(), '--shadow-file', '{file}', '{copy}', '{file}'], feed: 'copy' },
    parse: mypyReports,
  },
  {
    tool: 'flake8',
    kind: 'lint',
    cost: 'quick',
    endings: ['.py'],
    signs: [
      '.flake8',
      { file: 'setup.cfg', holds: /^\[flake8\]/m },
      { file: 'tox.ini', holds: /^\[flake8\]/m },
    ],
    program: pythonProgram('flake8'),
    arguments: ['--format=default', '--color=never', '.'],
    ...byStdin('--format=default', '--color=never', '--stdin-display-name', '{file}', '-'),
    parse: flake8Reports,
  },
  {
    tool: 'go vet',
    kind: 'types',
    cost: 'slow',
    endings: ['.go'],
    signs: ['go.mod'],
    program: onPath('go'),
    arguments: ['vet', './...'],
    forFile: { arguments: ['vet', './{directory}'], feed: 'disk' },
    parse: goReports,
  },
  {
    tool: 'staticcheck',
    kind: 'lint',
    cost: 'slow',
    endings: ['.go'],
    signs: ['staticcheck.conf'],
    program: onPath('staticcheck'),
    arguments: ['-f', 'json', './...'],
    forFile: { arguments: ['-f', 'json', './{directory}'], feed: 'disk' },
    parse: staticcheckReports,
  },
  {
    tool: 'golangci-lint',
    kind: 'lint',
    cost: 'slow',
    endings: ['.go'],
    signs: ['yml', 'yaml', 'toml', 'json'].map(each => `.golangci.${each}`),
    program: onPath('golangci-lint'),
    arguments: ['run', './...'],
    forFile: { arguments: ['run', './{directory}'], feed: 'disk' },
    parse: goReports,
  },
  {
    tool: 'clippy',
    kind: 'types',
    cost: 'slow',
    endings: ['.rs'],
    signs: [
      'clippy.toml',
      '.clippy.toml',
      { file: 'Cargo.toml', holds: /^\[(?:workspace\.)?lints\.clippy\]/m },
    ],
    program: onPath('cargo'),
    arguments: ['clippy', '--message-format=json', '--quiet', '--all-targets'],
    parse: cargoReports,
  },
  {
    tool: 'cargo check',
    kind: 'types',
    cost: 'slow',
    endings: ['.rs'],
    signs: ['Cargo.toml'],
    unless: 'clippy',
    program: onPath('cargo'),
    arguments: ['check', '--message-format=json', '--quiet', '--all-targets'],
    parse: cargoReports,
  },
  {
    tool: 'maven',
    kind: 'build',
    cost: 'heavy',
    endings: ['.java', '.kt', '.scala'],
    signs: ['pom.xml'],
    program: wrapper('mvnw', 'mvn'),
    arguments: ['--quiet', '--batch-mode', 'test-compile'],
    parse: mavenReports,
  },
  {
    tool: 'gradle',
    kind: 'build',
    cost: 'heavy',
    endings: ['.java', '.kt', '.groovy'],
    signs: ['build.gradle', 'build.gradle.kts'],
    program: wrapper('gradlew', 'gradle'),
    arguments: ['--quiet', '--console=plain', 'testClasses'],
    parse: javacReports,
  },
  {
    tool: 'dotnet build',
    kind: 'build',
    cost: 'heavy',
    endings: ['.cs', '.fs', '.vb'],
    signs: ['Directory.Build.props', 'global.json'],
    program: onPath('dotnet'),
    arguments: ['build', '--nologo', '--verbosity', 'quiet'],
    parse: dotnetReports,
  },
  {
    tool: 'rubocop',
    kind: 'lint',
    cost: 'quick',
    endings: ['.rb', '.rake'],
    signs: ['.rubocop.yml'],
    program: { ...onPath('rubocop'), local: ['bin/rubocop'] },
    arguments: ['--format', 'json'],
    ...byStdin('--format', 'json', '--force-exclusion', '--stdin', '{file}'),
    parse: rubocopReports,
  },
  {
    tool: 'phpstan',
    kind: 'types',
    cost: 'slow',
    endings: ['.php'],
    signs: ['phpstan.neon', 'phpstan.neon.dist', 'phpstan.dist.neon'],
    program: phpProgram('phpstan'),
    arguments: ['analyse', '--error-format=json', '--no-progress', '--no-interaction'],
    forFile: {
      arguments: ['analyse', '--error-format=json', '--no-progress', '--no-interaction', '{file}'],
      feed: 'disk',
    },
    parse: phpstanReports,
  },
  {
    tool: 'luacheck',
    kind: 'lint',
    cost: 'quick',
    endings: ['.lua'],
    signs: ['.luacheckrc'],
    program: onPath('luacheck'),
    arguments: [...luacheckArguments(), '.'],
    ...byStdin(...luacheckArguments(), '--filename', '{file}', '-'),
    parse: luacheckReports,
  },
  // Without configuration: what the language itself says of one file.
  {
    tool: 'javac',
    kind: 'types',
    cost: 'slow',
    endings: ['.java'],
    signs: [],
    unless: 'maven gradle',
    program: onPath('javac'),
    // Stops behind the analysis, so that no class file is written.
    forFile: {
      arguments: [
        '-Xlint:all',
        '-proc:none',
        '-XDshould-stop.ifNoError=FLOW',
        '-sourcepath',
        '{folder}',
        '{file}',
      ],
      feed: 'disk',
    },
    parse: javacReports,
  },
  {
    tool: 'ruby',
    kind: 'types',
    cost: 'quick',
    endings: ['.rb', '.rake'],
    signs: [],
    unless: 'rubocop',
    program: onPath('ruby'),
    ...byStdin('-wc', '-'),
    parse: rubyReports,
  },
  {
    tool: 'php',
    kind: 'types',
    cost: 'quick',
    endings: ['.php'],
    signs: [],
    program: onPath('php'),
    ...byStdin('-l'),
    parse: phpReports,
  },
  {
    tool: 'shellcheck',
    kind: 'lint',
    cost: 'quick',
    endings: ['.sh', '.bash', '.ksh'],
    signs: [],
    program: onPath('shellcheck'),
    ...byStdin('--format=json1', '-'),
    parse: shellcheckReports,
  },
  {
    tool: 'luac',
    kind: 'types',
    cost: 'quick',
    endings: ['.lua'],
    signs: [],
    unless: 'luacheck',
    program: onPath('luac'),
    ...byStdin('-p', '-'),
    parse: luacReports,
  },
  {
    tool: 'zig ast-check',
    kind: 'types',
    cost: 'quick',
    endings: ['.zig'],
    signs: [],
    program: onPath('zig'),
    ...byStdin('ast-check', '--color', 'off'),
    parse: zigReports,
  },
];

function mypyArguments(): readonly string[] {
  return [
    '--show-column-numbers',
    '--show-error-end',
    '--show-error-codes',
    '--no-pretty',
    '--no-color-output',
    '--no-error-summary',
    '--hide-error-context',
  ];
}

function luacheckArguments(): readonly string[] {
  return ['--formatter', 'plain', '--codes', '--ranges', '--no-color'];
}
