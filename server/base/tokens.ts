/**
 * How the index and the embedded engine speak about text: a token is a word of a shared vocabulary plus one bit
 * of spacing, a file is a row of tokens. It must not know how text is cut into tokens nor what is done with them.
 */
import type { ContextOrder, TokenRow } from './tokenRow.ts';

/** What a word of the vocabulary is. `open` and `close` are string delimiters. */
export const tokenKind = {
  special: 0,
  word: 1,
  number: 2,
  operator: 3,
  open: 4,
  close: 5,
  newline: 6,
} as const;
export type TokenKind = (typeof tokenKind)[keyof typeof tokenKind];

/**
 * Ids with a fixed meaning. Newlines say how the next line of code is indented against the one before; `unknown`
 * stands for what is never learned (long numbers, secret-like words); `file` precedes the first line.
 */
export const specialToken = {
  file: 0,
  unknown: 1,
  newlineSame: 2,
  newlineIn: 3,
  newlineOut: 4,
  newlineOut2: 5,
  newlineOut3: 6,
} as const;
export const firstWordId = 7;

/**
 * A token in a stream: the id shifted left by one; the lowest bit says that white space stands before it (for a
 * newline: that blank lines lie between).
 */
export type Token = number;
export const idOf = (token: Token): number => token >>> 1;
export const isNewline = (id: number): boolean =>
  id >= specialToken.newlineSame && id <= specialToken.newlineOut3;

/** The words that occur in workspace and open documents. Ids are stable for the life of the process. */
export interface Vocabulary {
  readonly size: number;
  textOf(id: number): string;
  /** Length of the text in UTF-16 units. */
  lengthOf(id: number): number;
  kindOf(id: number): TokenKind;
  /** How often the workspace has the word. */
  countOf(id: number): number;
  /** The id, or -1 if the word is not known. */
  find(text: string, kind: TokenKind): number;
  /** Words (never operators) that start with `prefix`, most frequent first, at most `limit`. */
  startingWith(prefix: string, limit: number): readonly number[];
  /** The id, made if need be; `specialToken.unknown` for what must not be learned. */
  intern(text: string, kind: TokenKind): number;
}

/** The tokens of some files, immutable but for files that die. */
export interface TokenSegment {
  readonly tokens: TokenRow;
  /** Where each file starts in `tokens`, ascending. */
  readonly starts: Uint32Array;
  /** Absolute path per file. */
  readonly paths: readonly string[];
  /** 1 while the file's tokens here are its current ones, else 0. */
  readonly alive: Uint8Array;
  /** The order of the contexts; set by whoever sorts them first, or known from an earlier session. */
  order?: ContextOrder;
}

export type LineEnd = 'code' | 'comment' | 'closed-comment';

/** One line of code: its tokens without newline, its indentation in columns (tabs to the next multiple of 4). */
export interface LexedLine {
  readonly tokens: Uint32Array;
  readonly indent: number;
  /** Neither text nor comment. */
  readonly blank: boolean;
  /** What the next line starts in: 0 is code, else inside a comment or string. */
  readonly state: number;
  /** What stands at the line's end: code, a comment that goes on there, or one that was closed just before. */
  readonly end: LineEnd;
}

/** How many levels of indentation are told apart before they count as the deepest. */
const maxLevels = 64;

/** Turns the indentation of successive lines of code into newline ids. One per stream. */
export class Layout {
  readonly #levels: number[];

  /** `levels` continues another layout. */
  constructor(levels: readonly number[] = [0]) {
    this.#levels = [...levels];
  }

  /** The newline before a line of code that is indented by `indent` columns. */
  next(indent: number): number {
    const levels = this.#levels;
    const top = levels[levels.length - 1] ?? 0;
    if (indent === top) return specialToken.newlineSame;
    if (indent > top) {
      if (levels.length < maxLevels) levels.push(indent);
      return specialToken.newlineIn;
    }
    let out = 0;
    while (levels.length > 1 && (levels[levels.length - 1] ?? 0) > indent) {
      levels.pop();
      out++;
    }
    if ((levels[levels.length - 1] ?? 0) < indent) levels.push(indent);
    return out <= 1
      ? specialToken.newlineOut
      : out === 2
        ? specialToken.newlineOut2
        : specialToken.newlineOut3;
  }

  /** The columns of the enclosing levels, outermost first; the last is that of the latest line. */
  get levels(): readonly number[] {
    return this.#levels;
  }
}

/** The tokens of successive lines as one stream, newlines included. Blank lines set the next newline's space bit. */
export function joinLines(lines: Iterable<LexedLine>, layout: Layout): number[] {
  const stream: number[] = [];
  let blank = 0;
  for (const line of lines) {
    if (line.blank) {
      blank = 1;
      continue;
    }
    stream.push((layout.next(line.indent) << 1) | blank);
    blank = 0;
    for (const token of line.tokens) stream.push(token);
  }
  return stream;
}
