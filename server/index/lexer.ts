/**
 * One lexer for every language, line by line, so that a changed line costs a line: words, numbers, operators,
 * string delimiters and the words inside strings; comments are skipped. What differs between languages is data
 * (base/languages.ts). It must not know files or who uses the tokens.
 */
import type { Language, StringSyntax } from '../base/languages.ts';
import { specialToken, tokenKind } from '../base/tokens.ts';
import type { LexedLine, LineEnd } from '../base/tokens.ts';
import type { WordTable } from './vocabulary.ts';

/** Tokens of one string that are kept on one line; the rest is data and not learned. */
const maxStringTokens = 40;
/** Lines beyond this many characters are data and not lexed further. */
const maxLineLength = 2000;
const tabWidth = 4;

const operators = new Set(
  '=> == === != !== <= >= -> <- :: ++ -- && || ?? ?. ?: ** // << >> >>> += -= *= /= %= |= &= ^= ||= &&= ??= .. ... ..= := |> <| <> ~> =~ !~ <=> #[ #! @@ $( ${ </ /> <!'.split(
    ' ',
  ),
);

const letter = 1;
const numeric = 2;
const space = 3;
/** Class of each character below 128; what lies beyond is a letter or number by Unicode, or an operator. */
const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) classes[code] = letter;
  else if (/[0-9]/.test(char)) classes[code] = numeric;
  else if (/\s/.test(char)) classes[code] = space;
}
const beyondAscii = /[\p{L}\p{N}\p{M}\uD800-\uDFFF]/u;
const beyondAsciiSpace = /\s/u;

function classOf(code: number): number {
  if (code < 128) return classes[code] ?? 0;
  const char = String.fromCharCode(code);
  return beyondAscii.test(char) ? letter : beyondAsciiSpace.test(char) ? space : 0;
}

interface Delimiter {
  readonly open: string;
  readonly close: string;
  readonly string?: StringSyntax;
  /** The state a line starts in when this one is open: its place in the list plus one. */
  readonly state: number;
}

export class Lexer {
  readonly #words: WordTable;
  readonly #delimiters: readonly Delimiter[];
  readonly #lineComments: readonly string[];
  readonly #nested: boolean;
  readonly #wordExtra: string;
  /** Which characters can begin a comment or a string. */
  readonly #starters: Uint8Array;
  #out = new Uint32Array(256);
  #length = 0;
  #depth = 0;
  #cut = false;
  #end: LineEnd = 'code';

  constructor(language: Language, words: WordTable) {
    this.#words = words;
    this.#lineComments = language.lineComments;
    this.#nested = language.nestedComments;
    this.#wordExtra = language.wordExtra;
    const found: Omit<Delimiter, 'state'>[] = [
      ...language.blockComments.map(([open, close]) => ({ open, close })),
      ...language.strings.map(string => ({ open: string.open, close: string.close, string })),
    ];
    this.#delimiters = found
      .sort((a, b) => b.open.length - a.open.length)
      .map((delimiter, i) => ({ ...delimiter, state: i + 1 }));
    this.#starters = new Uint8Array(128);
    for (const text of [...this.#lineComments, ...this.#delimiters.map(each => each.open)]) {
      this.#starters[text.charCodeAt(0) & 127] = 1;
    }
  }

  /**
   * Lexes a line without its terminator that starts in `state` (0: code). `cut`: the line ends at the cursor, so
   * that a quote without its partner begins a string.
   */
  line(text: string, state: number, cut = false): LexedLine {
    this.#length = 0;
    this.#cut = cut;
    this.#end = 'code';
    this.#depth = state >> 8;
    let at = 0;
    let indent = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 32) indent++;
      else if (code === 9) indent += tabWidth - (indent % tabWidth);
      else break;
      at++;
    }
    const end = Math.min(text.length, maxLineLength);
    const left = this.#scan(text, at, end, state & 255);
    return {
      tokens: this.#out.slice(0, this.#length),
      indent,
      blank: this.#length === 0,
      state: left === 0 ? 0 : left | (this.#depth << 8),
      end: this.#end,
    };
  }

  #scan(text: string, from: number, end: number, state: number): number {
    let at = from;
    let inside = state === 0 ? undefined : this.#delimiters[state - 1];
    while (at < end || inside) {
      if (inside) {
        const literal = this.#depth === 0 ? inside.string : undefined;
        const next = literal
          ? this.#string(text, at, end, inside, literal)
          : this.#comment(text, at, end, inside);
        if (!literal) this.#end = next < 0 ? 'comment' : 'closed-comment';
        if (next < 0) return inside.string && !inside.string.multiline ? 0 : inside.state;
        at = next;
        inside = undefined;
        continue;
      }
      const code = text.charCodeAt(at);
      if (classOf(code) === space) {
        at++;
        continue;
      }
      if (code < 128 && this.#starters[code]) {
        const opened = this.#delimiters.find(each => text.startsWith(each.open, at));
        if (this.#startsComment(text, at, from, opened?.open.length ?? 0)) {
          this.#end = 'comment';
          return 0;
        }
        if (opened && !this.#isLoneQuote(text, at, end, opened)) {
          const started = at;
          at += opened.open.length;
          // A multi-line string that begins a line is documentation: skipped as a comment is.
          const documents =
            opened.open.length === 3 && started === from && text.indexOf(opened.close, at) < 0;
          this.#depth = !opened.string || documents ? 1 : 0;
          if (this.#depth === 0) this.#push(text, started, at, tokenKind.open);
          inside = opened;
          continue;
        }
      }
      at = this.#token(text, at, end);
    }
    return 0;
  }

  #startsComment(text: string, at: number, lineStart: number, longerThan: number): boolean {
    return this.#lineComments.some(
      mark =>
        mark.length >= longerThan &&
        text.startsWith(mark, at) &&
        // `#` begins a comment only at a word's start, and Vim's quote only at a line's.
        (mark !== '#' || at === lineStart || classOf(text.charCodeAt(at - 1)) === space) &&
        (mark !== '"' || at === lineStart),
    );
  }

  /** A quote that begins no string: an apostrophe, a Rust lifetime, a character that never closes on this line. */
  #isLoneQuote(text: string, at: number, end: number, opened: Delimiter): boolean {
    if (this.#cut || !opened.string || opened.string.multiline || opened.open.length > 1) return false;
    const close = text.indexOf(opened.close, at + 1);
    return close < 0 || close >= end;
  }

  #comment(text: string, from: number, end: number, inside: Delimiter): number {
    let at = from;
    while (at < end) {
      if (text.startsWith(inside.close, at)) {
        at += inside.close.length;
        if (--this.#depth <= 0) {
          this.#depth = 0;
          return at;
        }
      } else if (this.#nested && !inside.string && text.startsWith(inside.open, at)) {
        this.#depth = Math.min(255, this.#depth + 1);
        at += inside.open.length;
      } else at++;
    }
    return -1;
  }

  #string(text: string, from: number, end: number, inside: Delimiter, syntax: StringSyntax): number {
    const budget = this.#length + maxStringTokens;
    let at = from;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (syntax.escapes && code === 92) {
        if (this.#length < budget) this.#push(text, at, Math.min(end, at + 2), tokenKind.operator);
        at += 2;
      } else if (text.startsWith(inside.close, at)) {
        const after = at + inside.close.length;
        if (syntax.doubled && text.startsWith(inside.close, after)) {
          at = after + inside.close.length;
          continue;
        }
        this.#push(text, at, after, tokenKind.close);
        return after;
      } else if (classOf(code) === space) at++;
      else if (this.#length < budget) at = this.#token(text, at, end, inside.close);
      else at++;
    }
    return -1;
  }

  /** Takes one word, number or operator; `stop` is what may not be swallowed. */
  #token(text: string, start: number, end: number, stop?: string): number {
    const first = text.charCodeAt(start);
    let kind = classOf(first);
    if (kind === 0 && first < 128 && this.#wordExtra.includes(text.charAt(start))) {
      const next = start + 1 < end ? classOf(text.charCodeAt(start + 1)) : 0;
      if (next === letter) kind = letter;
    }
    let at = start + 1;
    if (kind === letter || kind === numeric) {
      while (at < end) {
        const code = text.charCodeAt(at);
        const next = classOf(code);
        if (next === letter || next === numeric) at++;
        else if (
          next === 0 &&
          (kind === letter
            ? this.#wordExtra.includes(text.charAt(at)) && !stop?.startsWith(text.charAt(at))
            : code === 46 && at + 1 < end && classOf(text.charCodeAt(at + 1)) === numeric)
        )
          at++;
        else break;
      }
      // A word character that also ends words in prose or ranges is given back: `foo-` is `foo` and `-`.
      while (at > start + 1 && kind === letter && '-:.$%'.includes(text.charAt(at - 1))) at--;
      this.#push(text, start, at, kind === letter ? tokenKind.word : tokenKind.number);
      return at;
    }
    for (let length = 3; length > 1; length--) {
      if (start + length > end || !operators.has(text.substring(start, start + length))) continue;
      if (stop && text.substring(start, start + length).includes(stop)) continue;
      at = start + length;
      break;
    }
    this.#push(text, start, at, tokenKind.operator);
    return at;
  }

  #push(text: string, start: number, end: number, kind: 1 | 2 | 3 | 4 | 5): void {
    if (this.#length === this.#out.length) {
      const grown = new Uint32Array(this.#out.length * 2);
      grown.set(this.#out);
      this.#out = grown;
    }
    const id =
      kind === tokenKind.number && end - start > 8
        ? specialToken.unknown
        : this.#words.internPart(text, start, end, kind);
    const spaced = start > 0 && classOf(text.charCodeAt(start - 1)) === space;
    // The indentation before a line's first token is told by the newline, not by the space bit.
    this.#end = 'code';
    this.#out[this.#length] = (id << 1) | (spaced && this.#length > 0 ? 1 : 0);
    this.#length++;
  }
}
