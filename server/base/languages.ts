/**
 * What the lexer and the comment-aware features need to know about a language: comments, strings and what a word
 * is. The rows are in languageTable.ts and languageTableRare.ts. It must not know grammars, files or features.
 */
import { keywordsOf } from './keywords.ts';
import { synonyms } from './languageNames.ts';
import { quoted, rows } from './languageTable.ts';
import { rareRows } from './languageTableRare.ts';

/** One kind of string literal. `doubled`: a delimiter is written inside by doubling it, as in SQL. */
export interface StringSyntax {
  readonly open: string;
  readonly close: string;
  /** Whether a backslash escapes the next character. */
  readonly escapes: boolean;
  readonly multiline: boolean;
  readonly doubled?: boolean;
}

export interface Language {
  /** The LSP language id it is known by, for example `typescript`. */
  readonly id: string;
  /** What starts a comment that ends with the line, the usual one first. Empty: the language has none. */
  readonly lineComments: readonly string[];
  /** Pairs of opening and closing delimiter, the usual one first. */
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  readonly nestedComments: boolean;
  readonly strings: readonly StringSyntax[];
  /** Characters beyond letters, digits and `_` that belong to a word, for example `-` in Lisp. */
  readonly wordExtra: string;
  /** Blocks are made by indentation, as in Python. */
  readonly indentBlocks: boolean;
  /** Text rather than code: Markdown, plain text. */
  readonly prose: boolean;
  readonly keywords: readonly string[];
}

/** What is assumed of a language that the table does not know: no comments, quoted strings within the line. */
const plain: Language = {
  id: 'plaintext',
  lineComments: [],
  blockComments: [],
  nestedComments: false,
  strings: [],
  wordExtra: '',
  indentBlocks: false,
  prose: false,
  keywords: [],
};

const byId = new Map<string, Language>();
const byExtension = new Map<string, Language>();
const byName = new Map<string, Language>();
for (const [id, extensions, syntax] of [...rows, ...rareRows]) {
  const language: Language = { ...plain, ...syntax, id, keywords: keywordsOf(id) };
  byId.set(id, language);
  for (const extension of extensions.split(' ')) {
    if (extension.startsWith('=')) byName.set(extension.slice(1), language);
    else if (extension && !byExtension.has(extension)) byExtension.set(extension, language);
  }
}

/** The language of a path by its name or extension alone; undefined if the table does not know it. */
export function languageOfPath(path: string): Language | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const known = byName.get(name);
  if (known) return known;
  const dot = name.lastIndexOf('.');
  if (dot < 0) return undefined;
  const extension = name.slice(dot + 1);
  return byExtension.get(extension) ?? byExtension.get(extension.toLowerCase());
}

/**
 * The language of a document: by the client's language id, else by the path, else plain text with quoted strings.
 * A client that has no better id says `plaintext`; then the path decides.
 */
export function languageOf(languageId: string, path: string): Language {
  const id = synonyms[languageId] ?? languageId;
  // Vim's names of mixtures begin with the language: `yaml.docker-compose`.
  const known = byId.get(id) ?? byId.get(id.split('.')[0] as string);
  if (known && !(known.id === 'plaintext')) return known;
  return languageOfPath(path) ?? known ?? { ...plain, id: languageId || 'plaintext', strings: quoted };
}
