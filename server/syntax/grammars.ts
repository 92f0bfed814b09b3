/**
 * Which grammar reads which document. A table and a look-up; it must not know how grammars are loaded.
 */
import { extname } from 'node:path';

/** The grammars that ship with the server, by the middle of their file name `tree-sitter-<name>.wasm`. */
export const GRAMMARS = [
  'typescript',
  'tsx',
  'javascript',
  'python',
  'rust',
  'go',
  'cpp',
  'java',
  'c-sharp',
  'ruby',
  'php',
  'bash',
  'css',
  'ini',
  'powershell',
] as const;

export type GrammarName = (typeof GRAMMARS)[number];

/** One row: the grammar, the language ids of clients, the file extensions without their dot. */
const rows: readonly (readonly [GrammarName, string, string])[] = [
  ['typescript', 'typescript', 'ts mts cts'],
  ['tsx', 'typescriptreact typescript.tsx typescript-tsx tsx', 'tsx'],
  [
    'javascript',
    'javascript javascriptreact javascript.jsx javascript-jsx js js-jsx jsx js2 js3',
    'js mjs cjs jsx',
  ],
  ['python', 'python python-ts python3', 'py pyi pyw'],
  ['rust', 'rust rust-ts', 'rs'],
  ['go', 'go go-ts', 'go'],
  ['cpp', 'c cpp c++ c-ts c++-ts cuda-cpp', 'c h cc cpp cxx hh hpp hxx'],
  ['java', 'java java-ts', 'java'],
  ['c-sharp', 'csharp c-sharp cs csharp-ts', 'cs'],
  ['ruby', 'ruby ruby-ts', 'rb rake gemspec'],
  ['php', 'php php-ts', 'php'],
  ['bash', 'shellscript sh bash zsh bash-ts', 'sh bash'],
  ['css', 'css css-ts', 'css'],
  ['ini', 'ini conf', 'ini'],
  ['powershell', 'powershell ps1', 'ps1 psm1'],
];

const byId = new Map<string, GrammarName>();
const byExtension = new Map<string, GrammarName>();
for (const [grammar, ids, extensions] of rows) {
  for (const id of ids.split(' ')) byId.set(id, grammar);
  for (const extension of extensions.split(' ')) byExtension.set(extension, grammar);
}

/**
 * The grammar of a document, by the extension of its path where that names one, else by the client's language id:
 * several clients send `typescript` for `.tsx`, and eglot the id of whichever mode an entry names.
 */
export function grammarOf(languageId: string, path: string): GrammarName | undefined {
  const extension = extname(path).slice(1).toLowerCase();
  return byExtension.get(extension) ?? byId.get(languageId.toLowerCase());
}

/** File name of a grammar's WebAssembly, as the composition root resolves it. */
export function grammarFile(grammar: GrammarName): string {
  return `tree-sitter-${grammar}.wasm`;
}
