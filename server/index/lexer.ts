/**
 * One lexer for every language, line by line, so that a changed line costs a line: words, numbers, operators,
 * string delimiters and the words inside strings; comments are skipped. What differs between languages is data
 * (base/languages.ts). It must not know files or who uses the tokens.
 */
import type { Language, StringSyntax } from '../base/languages.ts';
import { specialToken, tokenKind } from '../base/tokens.ts';
import type { LexedLine, LineEnd } from '../base/tokens.ts';
import { hashOf, hashOn, hashStart } from './vocabulary.ts';
import type { WordTable } from './vocabulary.ts';

/** Tokens of one string that are kept on one line; the rest is data and not learned. */
const maxStringTokens = 40;
/** Lines beyond this many characters are data and not lexed further. */
const maxLineLength = 2000;
const tabWidth = 4;
/** So many spaces in a string stand for what was taken out of it for secrecy: not known, and not blank. */
const emptied = 6;

const operators =
  '=> == === != !== <= >= -> <- :: ++ -- && || ?? ?. ?: ** // << >> >>> += -= *= /= %= |= &= ^= ||= &&= ??= .. ... ..= := |> <| <> ~> =~ !~ <=> #[ #! @@ $( ${ </ /> <!'.split(
    ' ',
  );
/** By the first two characters: 1 if they are an operator, 2 if one of three characters begins so. */
const operatorPairs = new Uint8Array(128 * 128);
const operatorTriples = new Set<number>();
const pairOf = (first: number, second: number): number => (first << 7) | second;
for (const operator of operators) {
  const pair = pairOf(operator.charCodeAt(0), operator.charCodeAt(1));
  operatorPairs[pair] = (operatorPairs[pair] as number) | (operator.length === 2 ? 1 : 2);
  if (operator.length === 3) operatorTriples.add((pair << 7) | operator.charCodeAt(2));
}

const letter = 1;
const numeric = 2;
const space = 3;
const unknownClass = 255;
/**
 * Class of each character: what lies beyond ASCII is a letter or number by Unicode, a space, or an operator, and
 * looked up when it is first met.
 */
const classes = new Uint8Array(1 << 16).fill(unknownClass, 128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) classes[code] = letter;
  else if (/[0-9]/.test(char)) classes[code] = numeric;
  else if (/\s/.test(char)) classes[code] = space;
}
const beyondAscii = /[\p{L}\p{N}\p{M}\uD800-\uDFFF]/u;
const beyondAsciiSpace = /\s/u;

function classOf(code: number): number {
  const known = classes[code] as number;
  return known === unknownClass ? learnClass(code) : known;
}

function learnClass(code: number): number {
  const char = String.fromCharCode(code);
  const found = beyondAscii.test(char) ? letter : beyondAsciiSpace.test(char) ? space : 0;
  classes[code] = found;
  return found;
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
  /** Delimiters by the first character, the longest first. */
  readonly #openedBy: readonly (readonly Delimiter[] | undefined)[];
  readonly #lineComments: readonly string[];
  readonly #nested: boolean;
  /** Characters beyond letters, digits and `_` that belong to words. */
  readonly #wordExtra = new Uint8Array(128);
  /** Which characters can begin a comment or a string. */
  readonly #starters = new Uint8Array(128);
  /** Ids of operators of one character, plus one. */
  readonly #single = new Uint32Array(128);
  #out = new Uint32Array(256);
  #length = 0;
  #depth = 0;
  #cut = false;
  #lineEnd = 0;
  #end: LineEnd = 'code';
  #indent = 0;
  #state = 0;
  #empty = false;

  constructor(language: Language, words: WordTable) {
    this.#words = words;
    this.#lineComments = language.lineComments;
    this.#nested = language.nestedComments;
    for (const char of language.wordExtra) this.#wordExtra[char.charCodeAt(0) & 127] = 1;
    const found: Omit<Delimiter, 'state'>[] = [
      ...language.blockComments.map(([open, close]) => ({ open, close })),
      ...language.strings.map(string => ({ open: string.open, close: string.close, string })),
    ];
    this.#delimiters = found
      .sort((a, b) => b.open.length - a.open.length)
      .map((delimiter, i) => ({ ...delimiter, state: i + 1 }));
    const openedBy: Delimiter[][] = [];
    for (const each of this.#delimiters) (openedBy[each.open.charCodeAt(0)] ??= []).push(each);
    this.#openedBy = openedBy;
    for (const text of [...this.#lineComments, ...this.#delimiters.map(each => each.open)]) {
      this.#starters[text.charCodeAt(0) & 127] = 1;
    }
  }

  /**
   * Lexes a line without its terminator that starts in `state` (0: code). `cut`: the line ends at the cursor, so
   * that a quote without its partner begins a string.
   */
  line(text: string, state: number, cut = false): LexedLine {
    this.part(text, 0, text.length, state, cut);
    return {
      tokens: this.#out.slice(0, this.#length),
      indent: this.#indent,
      blank: this.#length === 0,
      state: this.#state,
      end: this.#end,
    };
  }

  /** As `line`, for a line that is part of a text. What was found is read from the properties below. */
  part(text: string, start: number, lineEnd: number, state: number, cut = false): void {
    this.#length = 0;
    this.#cut = cut;
    this.#end = 'code';
    this.#depth = state >> 8;
    this.#lineEnd = lineEnd;
    let at = start;
    let indent = 0;
    while (at < lineEnd) {
      const code = text.charCodeAt(at);
      if (code === 32) indent++;
      else if (code === 9) indent += tabWidth - (indent % tabWidth);
      else break;
      at++;
    }
    this.#indent = indent;
    this.#empty = at === lineEnd;
    const left = this.#scan(text, at, Math.min(lineEnd, start + maxLineLength), state & 255);
    this.#state = left === 0 ? 0 : left | (this.#depth << 8);
  }

  /** The tokens of the last line, of which `length` count; overwritten by the next one. */
  get tokens(): Uint32Array {
    return this.#out;
  }
  get length(): number {
    return this.#length;
  }
  /** Columns. */
  get indent(): number {
    return this.#indent;
  }
  /** What the next line starts in. */
  get state(): number {
    return this.#state;
  }
  /** Neither code nor comment. */
  get empty(): boolean {
    return this.#empty;
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
      if (code < 128 && this.#starters[code] === 1) {
        const opened = this.#openedAt(text, at, code);
        if (this.#startsComment(text, at, from, opened?.open.length ?? 0)) {
          this.#end = 'comment';
          return 0;
        }
        if (opened && !this.#isLoneQuote(text, at, end, opened)) {
          const started = at;
          at += opened.open.length;
          // A multi-line string that begins a line is documentation: skipped as a comment is.
          const documents =
            opened.open.length === 3 && started === from && !this.#closes(text, at, this.#lineEnd, opened);
          this.#depth = !opened.string || documents ? 1 : 0;
          if (this.#depth === 0) {
            this.#push(text, started, at, tokenKind.open, hashOf(text, started, at));
          }
          inside = opened;
          continue;
        }
      }
      at = this.#token(text, at, end);
    }
    return 0;
  }

  #openedAt(text: string, at: number, code: number): Delimiter | undefined {
    const candidates = this.#openedBy[code];
    if (candidates === undefined) return undefined;
    for (const each of candidates) if (each.open.length === 1 || text.startsWith(each.open, at)) return each;
    return undefined;
  }

  /** Whether the closing delimiter stands anywhere before `end`. */
  #closes(text: string, from: number, end: number, { close }: Delimiter): boolean {
    const first = close.charCodeAt(0);
    for (let at = from; at + close.length <= end; at++) {
      if (text.charCodeAt(at) === first && text.startsWith(close, at)) return true;
    }
    return false;
  }

  #startsComment(text: string, at: number, lineStart: number, longerThan: number): boolean {
    for (const mark of this.#lineComments) {
      if (
        mark.length >= longerThan &&
        text.startsWith(mark, at) &&
        // `#` begins a comment only at a word's start, and Vim's quote only at a line's.
        (mark !== '#' || at === lineStart || classOf(text.charCodeAt(at - 1)) === space) &&
        (mark !== '"' || at === lineStart)
      )
        return true;
    }
    return false;
  }

  /** A quote that begins no string: an apostrophe, a Rust lifetime, a character that never closes on this line. */
  #isLoneQuote(text: string, at: number, end: number, opened: Delimiter): boolean {
    if (this.#cut || !opened.string || opened.string.multiline || opened.open.length > 1) return false;
    return !this.#closes(text, at + 1, end, opened);
  }

  #comment(text: string, from: number, end: number, inside: Delimiter): number {
    const { close, open } = inside;
    const first = close.charCodeAt(0);
    const again = this.#nested && !inside.string ? open.charCodeAt(0) : -1;
    let at = from;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === first && text.startsWith(close, at)) {
        at += close.length;
        if (--this.#depth <= 0) {
          this.#depth = 0;
          return at;
        }
      } else if (code === again && text.startsWith(open, at)) {
        this.#depth = Math.min(255, this.#depth + 1);
        at += open.length;
      } else at++;
    }
    return -1;
  }

  #string(text: string, from: number, end: number, inside: Delimiter, syntax: StringSyntax): number {
    const budget = this.#length + maxStringTokens;
    const { close } = inside;
    const first = close.charCodeAt(0);
    let spaces = 0;
    for (let at = from; at < end; ) {
      const code = text.charCodeAt(at);
      spaces = code === 32 ? spaces + 1 : 0;
      if (spaces === emptied && this.#length < budget)
        this.#put(text, at - emptied + 1, specialToken.unknown);
      if (syntax.escapes && code === 92) {
        const after = Math.min(end, at + 2);
        if (this.#length < budget) this.#push(text, at, after, tokenKind.operator, hashOf(text, at, after));
        at += 2;
      } else if (code === first && text.startsWith(close, at)) {
        const after = at + close.length;
        if (syntax.doubled && text.startsWith(close, after)) {
          at = after + close.length;
          continue;
        }
        this.#push(text, at, after, tokenKind.close, hashOf(text, at, after));
        return after;
      } else if (classOf(code) === space) at++;
      else if (this.#length < budget) at = this.#token(text, at, end, close);
      else at++;
    }
    return -1;
  }

  /** Takes one word, number or operator; `stop` is what may not be swallowed. */
  #token(text: string, start: number, end: number, stop?: string): number {
    const first = text.charCodeAt(start);
    let kind = classOf(first);
    if (kind === 0 && first < 128 && this.#wordExtra[first] === 1) {
      const next = start + 1 < end ? classOf(text.charCodeAt(start + 1)) : 0;
      if (next === letter) kind = letter;
    }
    if (kind === letter) return this.#word(text, start, end, stop);
    if (kind === numeric) return this.#number(text, start, end);
    return this.#operator(text, start, end, first, stop);
  }

  #word(text: string, start: number, end: number, stop?: string): number {
    const extra = this.#wordExtra;
    let hash = hashOn(hashStart, text.charCodeAt(start));
    let at = start + 1;
    let odd = false;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      const next = classOf(code);
      if (next !== letter && next !== numeric) {
        if (next !== 0 || code > 127 || extra[code] === 0 || stop?.charCodeAt(0) === code) break;
        odd = true;
      }
      hash = hashOn(hash, code);
    }
    // A word character that also ends words in prose or ranges is given back: `foo-` is `foo` and `-`.
    // At the cursor it is being typed: `runs-` goes on with `on`.
    const isTyped = this.#cut && at === end && text.charAt(at - 1) === '-';
    if (odd && !isTyped && trailing.includes(text.charAt(at - 1))) {
      while (at > start + 1 && trailing.includes(text.charAt(at - 1))) at--;
      hash = hashOf(text, start, at);
    }
    this.#push(text, start, at, tokenKind.word, hash);
    return at;
  }

  #number(text: string, start: number, end: number): number {
    let at = start + 1;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      const next = classOf(code);
      if (next === letter || next === numeric) continue;
      if (code !== 46 || at + 1 >= end || classOf(text.charCodeAt(at + 1)) !== numeric) break;
    }
    this.#push(text, start, at, tokenKind.number, hashOf(text, start, at));
    return at;
  }

  #operator(text: string, start: number, end: number, first: number, stop?: string): number {
    let length = 1;
    const second = start + 1 < end ? text.charCodeAt(start + 1) : 128;
    const found = first < 128 && second < 128 ? (operatorPairs[pairOf(first, second)] as number) : 0;
    if (found & 2 && start + 2 < end) {
      const third = text.charCodeAt(start + 2);
      if (third < 128 && operatorTriples.has((pairOf(first, second) << 7) | third)) length = 3;
      if (length === 3 && stop && text.substring(start, start + 3).includes(stop)) length = 1;
    }
    if (length === 1 && found & 1 && !(stop && text.substring(start, start + 2).includes(stop))) length = 2;
    const at = start + length;
    if (length > 1 || first > 127) {
      this.#push(text, start, at, tokenKind.operator, hashOf(text, start, at));
      return at;
    }
    const known = this.#single[first] as number;
    if (known > 0) this.#put(text, start, known - 1);
    else {
      this.#push(text, start, at, tokenKind.operator, hashOf(text, start, at));
      this.#single[first] = ((this.#out[this.#length - 1] as number) >>> 1) + 1;
    }
    return at;
  }

  #push(text: string, start: number, end: number, kind: 1 | 2 | 3 | 4 | 5, hash: number): void {
    const id =
      kind === tokenKind.number && end - start > 8
        ? specialToken.unknown
        : this.#words.internPart(text, start, end, kind, hash);
    this.#put(text, start, id);
  }

  #put(text: string, start: number, id: number): void {
    if (this.#length === this.#out.length) {
      const grown = new Uint32Array(this.#out.length * 2);
      grown.set(this.#out);
      this.#out = grown;
    }
    // The indentation before a line's first token is told by the newline, not by the space bit.
    const spaced = this.#length > 0 && classOf(text.charCodeAt(start - 1)) === space;
    this.#end = 'code';
    this.#out[this.#length++] = (id << 1) | (spaced ? 1 : 0);
  }
}

/** Ends of words that are given back. */
const trailing = '-:.$%';
