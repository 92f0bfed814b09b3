/**
 * An open document as the predictors see it: lines cut into words and signs, each known to be code, string or comment.
 * It must not know what is looked for.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import { type Language, languageOf, type StringSyntax } from '../../base/languages.ts';

/** What a token stands in. */
export type Where = 'code' | 'string' | 'comment';

export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly word: boolean;
  readonly where: Where;
}

interface Open {
  readonly close: string;
  readonly where: 'string' | 'comment';
  readonly escapes: boolean;
  readonly multiline: boolean;
}

const WORD = /[\p{L}\p{N}_]/u;
/** Longer lines are data. */
const MAX_LINE = 1_000;

/** The tokens of one line that begins inside `open`, and what is open behind it. */
function lex(
  language: Language,
  line: string,
  open: Open | undefined,
): { tokens: Token[]; open: Open | undefined } {
  const tokens: Token[] = [];
  let inside = open;
  let at = 0;
  const end = Math.min(line.length, MAX_LINE);
  const isWord = (index: number) => {
    const char = line[index] as string;
    return WORD.test(char) || (language.wordExtra === '$' && char === '$');
  };
  while (at < end) {
    const where: Where = inside?.where ?? 'code';
    if (inside && line.startsWith(inside.close, at)) {
      tokens.push({ text: inside.close, start: at, end: at + inside.close.length, word: false, where });
      at += inside.close.length;
      inside = undefined;
      continue;
    }
    if (!inside) {
      const begun = opening(language, line, at);
      if (begun) {
        tokens.push({
          text: begun.text,
          start: at,
          end: at + begun.text.length,
          word: false,
          where: begun.open.where,
        });
        inside = begun.open;
        at += begun.text.length;
        continue;
      }
    }
    if (/\s/.test(line[at] as string)) at++;
    else if (isWord(at)) {
      const start = at;
      while (at < end && isWord(at)) at++;
      tokens.push({ text: line.slice(start, at), start, end: at, word: true, where });
    } else {
      const length = inside?.escapes && line[at] === '\\' && at + 1 < end ? 2 : 1;
      tokens.push({ text: line.slice(at, at + length), start: at, end: at + length, word: false, where });
      at += length;
    }
  }
  return { tokens, open: inside?.multiline ? inside : undefined };
}

/** What begins at a place: a comment or a string, the longest delimiter first. */
function opening(language: Language, line: string, at: number): { text: string; open: Open } | undefined {
  const strings = [...language.strings].sort((a, b) => b.open.length - a.open.length);
  for (const mark of language.lineComments) {
    const begins = mark !== '#' || at === 0 || /\s/.test(line[at - 1] as string);
    if (line.startsWith(mark, at) && begins && (mark !== '"' || line.slice(0, at).trim() === ''))
      if (!language.blockComments.some(([open]) => open.length > mark.length && line.startsWith(open, at)))
        return { text: mark, open: { close: '\n', where: 'comment', escapes: false, multiline: false } };
  }
  for (const [open, close] of language.blockComments)
    if (line.startsWith(open, at))
      return { text: open, open: { close, where: 'comment', escapes: false, multiline: true } };
  const string = strings.find(each => line.startsWith(each.open, at) && !isLone(each, line, at));
  return (
    string && {
      text: string.open,
      open: { close: string.close, where: 'string', escapes: string.escapes, multiline: string.multiline },
    }
  );
}

/** An apostrophe or a lifetime: a quote that never closes on its line. */
function isLone(string: StringSyntax, line: string, at: number): boolean {
  return !string.multiline && !line.includes(string.close, at + string.open.length);
}

/** Tokens of a line by itself, as if it began in code. */
export function tokensOf(language: Language, line: string): readonly Token[] {
  return lex(language, line, undefined).tokens;
}

/** Whether a name in these words could be a person's and not the language's. */
export function isName(language: Language, text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text) && !language.keywords.includes(text);
}

export function indentOf(line: string): number {
  let indent = 0;
  for (const char of line) {
    if (char === ' ') indent++;
    else if (char === '\t') indent += 4;
    else break;
  }
  return indent;
}

export class Source {
  readonly uri: string;
  readonly version: number;
  readonly language: Language;
  readonly lines: readonly string[];
  readonly #eol: string;
  readonly #tokens: (readonly Token[])[] = [];
  #open: Open | undefined;

  constructor(document: { uri: string; languageId: string; version: number; getText(): string }) {
    this.uri = document.uri;
    this.version = document.version;
    this.language = languageOf(document.languageId, document.uri);
    const text = document.getText();
    this.lines = text.split(/\r\n|\r|\n/);
    this.#eol = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
  }

  /** The tokens of a line; the lines above it are read for what is open there, once. */
  tokens(line: number): readonly Token[] {
    while (this.#tokens.length <= line && this.#tokens.length < this.lines.length) {
      const { tokens, open } = lex(this.language, this.lines[this.#tokens.length] as string, this.#open);
      this.#tokens.push(tokens);
      this.#open = open;
    }
    return this.#tokens[line] ?? [];
  }

  /** Lines that contain a text, the nearest to `near` first; those below before those above. */
  linesWith(text: string, near: number): readonly number[] {
    const found: number[] = [];
    this.lines.forEach((line, index) => {
      if (line.length <= MAX_LINE && line.includes(text)) found.push(index);
    });
    return nearestFirst(found, near);
  }

  get length(): number {
    return this.lines.length;
  }

  /** The edit that puts whole lines in the place of the lines `from…to`. */
  replacement(from: number, to: number, lines: readonly string[]): { range: Range; newText: string } {
    const at = (line: number, character: number) => ({ line, character });
    if (from < to && lines.length > 0) {
      const end = at(to - 1, (this.lines[to - 1] as string).length);
      return { range: { start: at(from, 0), end }, newText: lines.join(this.#eol) };
    }
    // The file's last line has no line break to go with it.
    if (to >= this.length && from > 0) {
      const start = at(from - 1, (this.lines[from - 1] as string).length);
      const end = at(this.length - 1, (this.lines.at(-1) as string).length);
      return { range: { start, end }, newText: lines.map(text => this.#eol + text).join('') };
    }
    return {
      range: { start: at(from, 0), end: at(to, 0) },
      newText: lines.map(text => text + this.#eol).join(''),
    };
  }
}

/** Below before above, since people work downwards. */
export function nearestFirst(lines: readonly number[], near: number): readonly number[] {
  const distance = (line: number) => (line >= near ? line - near : (near - line) * 2);
  return [...lines].sort((a, b) => distance(a) - distance(b));
}
