/**
 * The table of languages: comments, strings and word characters. Data, not code: a new language is one row; rarer
 * ones are in languageTableRare.ts. It must not know who reads it.
 */
import type { Language, StringSyntax } from './languages.ts';

export const double: StringSyntax = { open: '"', close: '"', escapes: true, multiline: false };
export const single: StringSyntax = { open: "'", close: "'", escapes: true, multiline: false };
export const backtick: StringSyntax = { open: '`', close: '`', escapes: true, multiline: true };
export const rawBacktick: StringSyntax = { open: '`', close: '`', escapes: false, multiline: true };
export const tripleDouble: StringSyntax = { open: '"""', close: '"""', escapes: true, multiline: true };
export const tripleSingle: StringSyntax = { open: "'''", close: "'''", escapes: true, multiline: true };
export const longDouble: StringSyntax = { ...double, multiline: true };
const longSingle: StringSyntax = { ...single, multiline: true };
const rawSingle: StringSyntax = { open: "'", close: "'", escapes: false, multiline: true };
const sqlSingle: StringSyntax = { open: "'", close: "'", escapes: false, multiline: true, doubled: true };
const quotes = [double, single];
/** Single and double quotes within a line: what is assumed of an unknown language. */
export const quoted: readonly StringSyntax[] = quotes;

export const slashes: Partial<Language> = {
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  strings: quotes,
};
export const hash: Partial<Language> = { lineComments: ['#'], strings: quotes };
export const lisp: Partial<Language> = {
  lineComments: [';'],
  strings: [longDouble],
  wordExtra: '-*+!?<>=/&%$:',
};
export const script: Partial<Language> = { ...slashes, strings: [double, single, backtick], wordExtra: '$' };
export const markup: Partial<Language> = {
  blockComments: [['<!--', '-->']],
  strings: quotes,
  wordExtra: '-',
};

/** One row of the table. */
export type Row = readonly [id: string, extensions: string, syntax: Partial<Language>];

/** One row a language: id, file extensions or whole file names (`=Makefile`), what differs from the plain default. */
export const rows: readonly Row[] = [
  ['typescript', 'ts mts cts', script],
  ['typescriptreact', 'tsx', script],
  ['javascript', 'js mjs cjs', script],
  ['javascriptreact', 'jsx', script],
  [
    'vue',
    'vue',
    {
      ...script,
      blockComments: [
        ['/*', '*/'],
        ['<!--', '-->'],
      ],
    },
  ],
  [
    'svelte',
    'svelte',
    {
      ...script,
      blockComments: [
        ['/*', '*/'],
        ['<!--', '-->'],
      ],
    },
  ],
  [
    'python',
    'py pyi pyw =SConstruct',
    { ...hash, strings: [tripleDouble, tripleSingle, double, single], indentBlocks: true },
  ],
  [
    'rust',
    'rs',
    {
      ...slashes,
      nestedComments: true,
      strings: [{ open: 'r#"', close: '"#', escapes: false, multiline: true }, longDouble],
    },
  ],
  ['go', 'go', { ...slashes, strings: [double, single, rawBacktick] }],
  ['c', 'c h', slashes],
  [
    'cpp',
    'cpp cc cxx hpp hh hxx ipp inl',
    { ...slashes, strings: [{ open: 'R"(', close: ')"', escapes: false, multiline: true }, double, single] },
  ],
  ['objective-c', 'm mm', slashes],
  ['cuda-cpp', 'cu cuh', slashes],
  [
    'csharp',
    'cs',
    {
      ...slashes,
      strings: [
        tripleDouble,
        { open: '@"', close: '"', escapes: false, multiline: true, doubled: true },
        double,
        single,
      ],
    },
  ],
  [
    'fsharp',
    'fs fsi fsx',
    {
      lineComments: ['//'],
      blockComments: [['(*', '*)']],
      strings: [tripleDouble, double],
      indentBlocks: true,
      wordExtra: "'",
    },
  ],
  ['java', 'java', { ...slashes, strings: [tripleDouble, double, single], wordExtra: '$' }],
  ['kotlin', 'kt kts', { ...slashes, nestedComments: true, strings: [tripleDouble, double, single] }],
  ['scala', 'scala sc sbt', { ...slashes, nestedComments: true, strings: [tripleDouble, double] }],
  [
    'groovy',
    'groovy gradle =Jenkinsfile',
    { ...slashes, strings: [tripleDouble, tripleSingle, double, single] },
  ],
  ['swift', 'swift', { ...slashes, nestedComments: true, strings: [tripleDouble, double] }],
  ['dart', 'dart', { ...slashes, strings: [tripleDouble, tripleSingle, double, single] }],
  [
    'ruby',
    'rb rake gemspec =Gemfile =Rakefile',
    {
      lineComments: ['#'],
      blockComments: [['=begin', '=end']],
      strings: [longDouble, longSingle, backtick],
      wordExtra: '@?!',
    },
  ],
  ['crystal', 'cr', { ...hash, wordExtra: '@?!' }],
  [
    'php',
    'php phtml',
    {
      lineComments: ['//', '#'],
      blockComments: [['/*', '*/']],
      strings: [longDouble, longSingle],
      wordExtra: '$',
    },
  ],
  [
    'lua',
    'lua rockspec',
    {
      lineComments: ['--'],
      blockComments: [['--[[', ']]']],
      strings: [{ open: '[[', close: ']]', escapes: false, multiline: true }, double, single],
    },
  ],
  ['elisp', 'el', lisp],
  ['emacs-lisp', '', lisp],
  ['commonlisp', 'lisp lsp cl asd', { ...lisp, blockComments: [['#|', '|#']], nestedComments: true }],
  ['scheme', 'scm ss sld', { ...lisp, blockComments: [['#|', '|#']], nestedComments: true }],
  ['racket', 'rkt', { ...lisp, blockComments: [['#|', '|#']], nestedComments: true }],
  ['clojure', 'clj cljs cljc edn bb', { ...lisp, wordExtra: '-*+!?<>=/&%$:.' }],
  [
    'haskell',
    'hs lhs',
    {
      lineComments: ['--'],
      blockComments: [['{-', '-}']],
      nestedComments: true,
      strings: [double],
      wordExtra: "'",
      indentBlocks: true,
    },
  ],
  [
    'elm',
    'elm',
    {
      lineComments: ['--'],
      blockComments: [['{-', '-}']],
      nestedComments: true,
      strings: [tripleDouble, double],
      indentBlocks: true,
    },
  ],
  [
    'ocaml',
    'ml mli',
    { blockComments: [['(*', '*)']], nestedComments: true, strings: [longDouble], wordExtra: "'" },
  ],
  [
    'elixir',
    'ex exs',
    { lineComments: ['#'], strings: [tripleDouble, tripleSingle, double, single], wordExtra: '@?!' },
  ],
  ['erlang', 'erl hrl', { lineComments: ['%'], strings: quotes }],
  ['gleam', 'gleam', { lineComments: ['//'], strings: [longDouble] }],
  ['zig', 'zig zon', { lineComments: ['//'], strings: quotes, wordExtra: '@' }],
  [
    'nim',
    'nim nims',
    {
      lineComments: ['#'],
      blockComments: [['#[', ']#']],
      nestedComments: true,
      strings: [tripleDouble, double],
      indentBlocks: true,
    },
  ],
  ['d', 'd', { ...slashes, strings: [double, single, rawBacktick] }],
  ['v', 'v', { ...slashes, strings: [double, single, backtick] }],
  ['solidity', 'sol', slashes],
  [
    'shellscript',
    'sh bash zsh ksh =.bashrc =.zshrc =.profile =PKGBUILD',
    { ...hash, strings: [longDouble, rawSingle], wordExtra: '-' },
  ],
  ['bash', '', { ...hash, strings: [longDouble, rawSingle], wordExtra: '-' }],
  ['fish', 'fish', { ...hash, wordExtra: '-' }],
  [
    'powershell',
    'ps1 psm1 psd1',
    {
      lineComments: ['#'],
      blockComments: [['<#', '#>']],
      strings: [{ ...longDouble, escapes: false }, rawSingle],
      wordExtra: '-$',
    },
  ],
  ['bat', 'bat cmd', { lineComments: ['rem ', 'REM ', '::'], strings: [double] }],
  ['awk', 'awk', { lineComments: ['#'], strings: [double] }],
  [
    'sql',
    'sql',
    {
      lineComments: ['--'],
      blockComments: [['/*', '*/']],
      strings: [sqlSingle, { ...sqlSingle, open: '"', close: '"' }],
    },
  ],
  ['graphql', 'graphql gql', { lineComments: ['#'], strings: [tripleDouble, double] }],
  ['html', 'html htm xhtml', markup],
  ['xml', 'xml xsd xsl svg plist csproj props targets', markup],
  ['css', 'css', { blockComments: [['/*', '*/']], strings: quotes, wordExtra: '-' }],
  ['scss', 'scss', { ...slashes, wordExtra: '-$@' }],
  ['less', 'less', { ...slashes, wordExtra: '-@' }],
  [
    'toml',
    'toml =Cargo.lock =Pipfile',
    { ...hash, strings: [tripleDouble, tripleSingle, double, { ...single, escapes: false }], wordExtra: '-' },
  ],
  ['yaml', 'yaml yml', { ...hash, wordExtra: '-', indentBlocks: true }],
  ['json', 'json webmanifest =.prettierrc =.babelrc', { strings: [double] }],
  ['jsonc', 'jsonc json5', { ...slashes, strings: [double] }],
  ['ini', 'ini cfg conf properties =.editorconfig =.gitconfig', { lineComments: [';', '#'], wordExtra: '-' }],
  [
    'hcl',
    'hcl tf tfvars',
    { lineComments: ['#', '//'], blockComments: [['/*', '*/']], strings: [double], wordExtra: '-' },
  ],
  ['proto3', 'proto', slashes],
  ['markdown', 'md markdown mdx', { blockComments: [['<!--', '-->']], prose: true }],
  ['plaintext', 'txt', { prose: true }],
  ['restructuredtext', 'rst', { lineComments: ['.. '], prose: true }],
  ['asciidoc', 'adoc', { lineComments: ['//'], prose: true }],
  ['git-commit', '=COMMIT_EDITMSG =MERGE_MSG', { lineComments: ['#'], prose: true }],
  ['latex', 'tex sty cls', { lineComments: ['%'], wordExtra: '\\@', prose: true }],
  [
    'makefile',
    'mk mak =Makefile =makefile =GNUmakefile',
    { lineComments: ['#'], strings: quotes, wordExtra: '-' },
  ],
  [
    'dockerfile',
    'dockerfile =Dockerfile =Containerfile',
    { lineComments: ['#'], strings: quotes, wordExtra: '-' },
  ],
  [
    'cmake',
    'cmake =CMakeLists.txt',
    { lineComments: ['#'], blockComments: [['#[[', ']]']], strings: [longDouble] },
  ],
  ['just', 'just =justfile =Justfile', { ...hash, wordExtra: '-' }],
  [
    'bazel',
    'bzl =BUILD =WORKSPACE =BUILD.bazel',
    { ...hash, strings: [tripleDouble, double, single], indentBlocks: true },
  ],
  ['starlark', 'star', { ...hash, strings: [tripleDouble, double, single], indentBlocks: true }],
  [
    'nix',
    'nix',
    {
      lineComments: ['#'],
      blockComments: [['/*', '*/']],
      strings: [{ open: "''", close: "''", escapes: false, multiline: true }, longDouble],
      wordExtra: "-'",
    },
  ],
  [
    'perl',
    'pl pm t',
    {
      lineComments: ['#'],
      blockComments: [['=pod', '=cut']],
      strings: [longDouble, longSingle],
      wordExtra: '$@%',
    },
  ],
  ['r', 'r R', { lineComments: ['#'], strings: [longDouble, longSingle], wordExtra: '.' }],
  [
    'julia',
    'jl',
    {
      lineComments: ['#'],
      blockComments: [['#=', '=#']],
      nestedComments: true,
      strings: [tripleDouble, longDouble],
      wordExtra: '!',
    },
  ],
  [
    'vim',
    'vim =.vimrc',
    { lineComments: ['"'], strings: [{ ...single, escapes: false, doubled: true }], wordExtra: ':#' },
  ],
  ['fortran', 'f90 f95 f03 f08', { lineComments: ['!'], strings: quotes }],
  ['ada', 'adb ads', { lineComments: ['--'], strings: [double] }],
  [
    'pascal',
    'pas pp',
    {
      lineComments: ['//'],
      blockComments: [
        ['{', '}'],
        ['(*', '*)'],
      ],
      strings: [sqlSingle],
    },
  ],
  ['vhdl', 'vhd vhdl', { lineComments: ['--'], strings: [double] }],
  ['systemverilog', 'sv svh', { ...slashes, strings: [double], wordExtra: '$`' }],
  ['wgsl', 'wgsl', { ...slashes, strings: [] }],
  ['glsl', 'glsl vert frag comp', { ...slashes, strings: [] }],
  [
    'asm',
    's S asm nasm',
    { lineComments: [';', '#', '//'], blockComments: [['/*', '*/']], strings: [double], wordExtra: '.%$' },
  ],
  ['typst', 'typ', { ...slashes, strings: [double], prose: true }],
];
