/**
 * Reads one text into a segment under construction: tokens, newlines with their indentation, pieces for search. It
 * must not know files or what is made of the tokens.
 */
import { Layout, specialToken } from '../base/tokens.ts';
import { Chunker } from './chunks.ts';
import type { Lexer } from './lexer.ts';
import type { SegmentBuilder } from './segments.ts';

/** Tokens of one file that are learned; more is data. */
const mostTokens = 200_000;

/** Sees a line of code, without its terminator. */
export type LineVisitor = (line: number, text: string) => void;

export class Reading {
  readonly #into: SegmentBuilder;
  readonly #lexer: Lexer;
  readonly #text: string;
  readonly #visit: LineVisitor | undefined;
  readonly #layout = new Layout();
  readonly #chunker = new Chunker();
  /** The first of the tokens. */
  readonly start: number;
  #at = 0;
  #line = 0;
  #state = 0;
  #blank = 0;

  constructor(into: SegmentBuilder, lexer: Lexer, text: string, visit?: LineVisitor) {
    this.#into = into;
    this.#lexer = lexer;
    this.#text = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    this.#visit = visit;
    this.start = into.length;
    into.piece(0);
    into.push(specialToken.file << 1);
  }

  /** Lines that were read. */
  get lines(): number {
    return this.#line;
  }

  /** Reads at most so many lines; returns whether there are more. */
  read(most: number): boolean {
    const text = this.#text;
    for (let read = 0; read < most; read++) {
      if (this.#at > text.length || this.#into.length - this.start > mostTokens) return false;
      const newline = text.indexOf('\n', this.#at);
      const end = newline < 0 ? text.length : newline;
      this.#readLine(text, this.#at, end);
      this.#at = end + 1;
      this.#line++;
    }
    return this.#at <= text.length;
  }

  #readLine(text: string, from: number, to: number): void {
    const lexer = this.#lexer;
    const state = this.#state;
    lexer.part(text, from, to, state);
    this.#state = lexer.state;
    if (lexer.length === 0) {
      this.#blank = 1;
      this.#chunker.skip(this.#line, lexer.empty);
      return;
    }
    const piece = this.#chunker.code(this.#line, lexer.indent);
    if (piece !== undefined) this.#into.piece(piece);
    this.#into.push((this.#layout.next(lexer.indent) << 1) | this.#blank);
    this.#blank = 0;
    this.#into.pushAll(lexer.tokens, lexer.length);
    if (state === 0 && this.#visit) this.#visit(this.#line, text.slice(from, to));
  }
}
