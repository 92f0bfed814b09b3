/** The table of formatters: all take a text by standard input and give it back formatted. Called for one file at a time. */
import type { Formatter, ProjectFiles } from './check.ts';
import { nodeProgram, onPath, pythonProgram } from './programs.ts';
import { endingOf, type Evidence, type Sign, Signs } from './signs.ts';

interface Row extends Pick<Formatter, 'tool' | 'endings' | 'program'> {
  readonly signs: readonly Sign[];
  readonly arguments: readonly string[] | ((evidence: Evidence) => readonly string[]);
}

const SCRIPTS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const WEB = [
  '.css',
  '.scss',
  '.less',
  '.json',
  '.jsonc',
  '.html',
  '.vue',
  '.md',
  '.yml',
  '.yaml',
  '.graphql',
];
const C = ['.c', '.h', '.cc', '.cpp', '.cxx', '.hpp', '.hh', '.m', '.mm', '.cu', '.proto'];

/** A workspace's members inherit the edition; the newest one formats older code alike. */
function rustEdition({ text }: Evidence): readonly string[] {
  return ['--edition', /^\s*edition\s*=\s*"(20\d\d)"/m.exec(text)?.[1] ?? '2021', '--emit', 'stdout'];
}

/** Where two could format a file in one folder, the first one does. */
const ROWS: readonly Row[] = [
  {
    tool: 'prettier',
    endings: [...SCRIPTS, ...WEB],
    signs: [
      '.prettierrc',
      ...['json', 'yml', 'yaml', 'json5', 'js', 'cjs', 'mjs', 'ts', 'toml'].map(
        each => `.prettierrc.${each}`,
      ),
      ...['js', 'cjs', 'mjs', 'ts'].map(each => `prettier.config.${each}`),
      { file: 'package.json', holds: /"prettier"\s*:/ },
    ],
    program: nodeProgram('prettier'),
    arguments: ['--stdin-filepath', '{file}'],
  },
  {
    tool: 'biome',
    endings: [...SCRIPTS, '.json', '.jsonc', '.css', '.graphql'],
    signs: ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'],
    program: nodeProgram('biome'),
    arguments: ['format', '--stdin-file-path={file}'],
  },
  {
    tool: 'dprint',
    endings: [...SCRIPTS, ...WEB, '.toml', '.rs'],
    signs: ['dprint.json', '.dprint.json', 'dprint.jsonc'],
    program: nodeProgram('dprint'),
    arguments: ['fmt', '--stdin', '{file}'],
  },
  {
    tool: 'deno fmt',
    endings: SCRIPTS,
    signs: ['deno.json', 'deno.jsonc'],
    program: onPath('deno'),
    arguments: ['fmt', '--ext', '{ending}', '-'],
  },
  {
    tool: 'black',
    endings: ['.py', '.pyi'],
    signs: [{ file: 'pyproject.toml', holds: /^\[tool\.black\]/m }],
    program: pythonProgram('black'),
    arguments: ['--quiet', '--stdin-filename', '{file}', '-'],
  },
  {
    tool: 'ruff format',
    endings: ['.py', '.pyi'],
    signs: ['ruff.toml', '.ruff.toml', { file: 'pyproject.toml', holds: /^\[tool\.ruff\b/m }],
    program: pythonProgram('ruff'),
    arguments: ['format', '--stdin-filename', '{file}', '-'],
  },
  {
    tool: 'yapf',
    endings: ['.py', '.pyi'],
    signs: ['.style.yapf', { file: 'pyproject.toml', holds: /^\[tool\.yapf\]/m }],
    program: pythonProgram('yapf'),
    arguments: [],
  },
  { tool: 'gofmt', endings: ['.go'], signs: ['go.mod'], program: onPath('gofmt'), arguments: [] },
  {
    tool: 'rustfmt',
    endings: ['.rs'],
    signs: ['Cargo.toml'],
    program: onPath('rustfmt'),
    arguments: rustEdition,
  },
  {
    tool: 'clang-format',
    endings: C,
    signs: ['.clang-format', '_clang-format'],
    program: onPath('clang-format'),
    arguments: ['--assume-filename={file}'],
  },
  {
    tool: 'google-java-format',
    endings: ['.java'],
    signs: ['pom.xml', 'build.gradle', 'build.gradle.kts'].map(file => ({
      file,
      holds: /google-?java-?format/i,
    })),
    program: onPath('google-java-format'),
    arguments: ['-'],
  },
  {
    tool: 'stylua',
    endings: ['.lua'],
    signs: ['stylua.toml', '.stylua.toml'],
    program: onPath('stylua'),
    arguments: ['--stdin-filepath', '{file}', '-'],
  },
  {
    tool: 'zig fmt',
    endings: ['.zig'],
    signs: ['build.zig'],
    program: onPath('zig'),
    arguments: ['fmt', '--stdin'],
  },
  {
    tool: 'ocamlformat',
    endings: ['.ml', '.mli'],
    signs: ['.ocamlformat'],
    program: onPath('ocamlformat'),
    arguments: ['--name', '{file}', '-'],
  },
  {
    tool: 'mix format',
    endings: ['.ex', '.exs'],
    signs: ['.formatter.exs'],
    program: onPath('mix'),
    arguments: ['format', '-'],
  },
  {
    tool: 'terraform fmt',
    endings: ['.tf', '.tfvars'],
    signs: ['.terraform.lock.hcl'],
    program: onPath('terraform'),
    arguments: ['fmt', '-'],
  },
];

/** The formatters that a project has for a file, that of the nearest folder first. `file` is relative to the project. */
export function formattersOf(project: ProjectFiles, file: string): readonly Formatter[] {
  const signs = new Signs(project);
  const ending = endingOf(file);
  const found = ROWS.filter(({ endings }) => endings.includes(ending)).flatMap(({ signs: wanted, ...row }) =>
    signs.that(wanted, file).map(evidence => ({
      ...row,
      folder: evidence.folder,
      evidence: evidence.path,
      arguments: (typeof row.arguments === 'function' ? row.arguments(evidence) : row.arguments).map(each =>
        each.replace('{ending}', ending.slice(1)),
      ),
    })),
  );
  return found.sort((a, b) => b.folder.length - a.folder.length);
}
