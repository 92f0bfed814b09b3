/**
 * The tokens of the workspace's files, in large immutable segments: files come, change and go; what is gone is
 * marked dead and squeezed out when segments are joined. It must not know where files come from or who learns.
 */
import { languageOf } from '../base/languages.ts';
import type { Language } from '../base/languages.ts';
import { Layout, specialToken } from '../base/tokens.ts';
import type { TokenSegment } from '../base/tokens.ts';
import { Lexer } from './lexer.ts';
import { WordTable } from './vocabulary.ts';

/** Tokens in a full segment. What sorts a segment needs 16 bytes a token for a moment. */
const segmentTokens = 1_500_000;
/** Segments below this are joined when there are more than `maxSmall` of them. */
const smallTokens = 400_000;
const maxSmall = 4;
/** Tokens of one file that are learned; more is data. */
const fileTokens = 200_000;

/** Room for tokens that are not sealed yet, before it grows. */
const firstTokens = 1 << 12;

/** Lines lexed in one step. */
const sliceLines = 400;

interface Place {
  readonly segment: MutableSegment;
  readonly index: number;
}

interface MutableSegment extends TokenSegment {
  readonly paths: string[];
  /** Tokens of dead files. */
  dead: number;
}

export class TokenStore {
  readonly words = new WordTable();
  readonly #lexers = new Map<string, Lexer>();
  readonly #places = new Map<string, Place>();
  readonly #onChange: () => void;
  #segments: MutableSegment[] = [];
  #tokens = new Uint32Array(firstTokens);
  #used = 0;
  #starts: number[] = [];
  #paths: string[] = [];

  /** `onChange` is called when the list of segments has changed. */
  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange;
  }

  get files(): number {
    return this.#places.size + this.#paths.length;
  }

  /** Tokens in sealed segments, dead ones included. */
  get tokens(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.tokens.length, this.#used);
  }

  get bytes(): number {
    const held = this.#segments.reduce(
      (sum, each) => sum + each.tokens.byteLength + each.starts.byteLength + each.alive.byteLength,
      this.words.bytes,
    );
    return held + this.#tokens.byteLength;
  }

  segments(): readonly TokenSegment[] {
    return this.#segments;
  }

  lexer(language: Language): Lexer {
    let lexer = this.#lexers.get(language.id);
    if (!lexer) this.#lexers.set(language.id, (lexer = new Lexer(language, this.words)));
    return lexer;
  }

  has(path: string): boolean {
    return this.#places.has(path) || this.#paths.includes(path);
  }

  /** Learns a file, in place of what was known of it. It is seen by readers after the next `seal`. */
  add(path: string, lines: readonly string[], languageId = ''): void {
    for (const _ of this.addInSlices(path, lines, languageId)) continue;
  }

  /**
   * As `add`, in steps of some hundred lines. One file at a time: finish one before the next is begun. `visit` sees
   * every line with the state it starts in (0: code).
   */
  *addInSlices(
    path: string,
    lines: readonly string[],
    languageId = '',
    visit?: (line: number, text: string, state: number) => void,
  ): Generator<undefined, undefined> {
    this.remove(path);
    const lexer = this.lexer(languageOf(languageId, path));
    const layout = new Layout();
    const start = this.#used;
    let state = 0;
    let blank = 0;
    this.#push(specialToken.file << 1);
    for (const [number, text] of lines.entries()) {
      visit?.(number, text, state);
      const line = lexer.line(text, state);
      state = line.state;
      if (line.blank) blank = 1;
      else {
        this.#push((layout.next(line.indent) << 1) | blank);
        blank = 0;
        for (const token of line.tokens) this.#push(token);
      }
      if (this.#used - start > fileTokens) break;
      if (number % sliceLines === sliceLines - 1) yield;
    }
    this.#starts.push(start);
    this.#paths.push(path);
    this.#count(this.#tokens, start, this.#used, 1);
    if (this.#used >= segmentTokens) this.seal();
  }

  remove(path: string): void {
    if (this.#paths.includes(path)) this.seal();
    const place = this.#places.get(path);
    if (!place) return;
    this.#places.delete(path);
    const { segment, index } = place;
    segment.alive[index] = 0;
    const start = segment.starts[index] ?? 0;
    const end = segment.starts[index + 1] ?? segment.tokens.length;
    segment.dead += end - start;
    this.#count(segment.tokens, start, end, -1);
  }

  /** The current tokens of a file that is in a sealed segment. */
  tokensOf(path: string): Uint32Array | undefined {
    const place = this.#places.get(path);
    if (!place) return undefined;
    const { segment, index } = place;
    return segment.tokens.subarray(segment.starts[index], segment.starts[index + 1]);
  }

  /** Makes what was added visible, and joins segments when there are too many small or dying ones. */
  seal(): void {
    if (this.#paths.length > 0) {
      this.#append(this.#tokens.slice(0, this.#used), this.#starts, this.#paths);
      this.#used = 0;
      this.#starts = [];
      this.#paths = [];
      this.#tokens = new Uint32Array(firstTokens);
    }
    const dying = this.#segments.filter(each => each.dead * 3 > each.tokens.length);
    const small = this.#smallOnes();
    if (small.length > maxSmall) this.#join(small);
    else if (dying.length > 0) this.#join(dying);
    this.#onChange();
  }

  /** The small segments worth joining: a large one is not sorted again for the sake of a tiny one. */
  #smallOnes(): MutableSegment[] {
    const small = this.#segments
      .filter(each => each.tokens.length < smallTokens)
      .sort((a, b) => a.tokens.length - b.tokens.length);
    let sum = 0;
    return small.filter((each, i) => {
      const joins = i <= maxSmall || each.tokens.length <= 2 * sum;
      if (joins) sum += each.tokens.length;
      return joins;
    });
  }

  #join(old: readonly MutableSegment[]): void {
    const gone = new Set(old);
    this.#segments = this.#segments.filter(segment => !gone.has(segment));
    const tokens = new Uint32Array(old.reduce((sum, each) => sum + each.tokens.length - each.dead, 0));
    const starts: number[] = [];
    const paths: string[] = [];
    let used = 0;
    for (const segment of old) {
      for (let i = 0; i < segment.paths.length; i++) {
        const path = segment.paths[i];
        if (path === undefined || segment.alive[i] === 0) continue;
        const part = segment.tokens.subarray(segment.starts[i], segment.starts[i + 1]);
        starts.push(used);
        paths.push(path);
        tokens.set(part, used);
        used += part.length;
      }
    }
    if (paths.length > 0) this.#append(tokens, starts, paths);
  }

  #append(tokens: Uint32Array, starts: readonly number[], paths: string[]): void {
    const segment: MutableSegment = {
      tokens,
      starts: Uint32Array.from(starts),
      paths,
      alive: new Uint8Array(paths.length).fill(1),
      dead: 0,
    };
    this.#segments.push(segment);
    for (let index = 0; index < paths.length; index++) {
      const path = paths[index];
      if (path !== undefined) this.#places.set(path, { segment, index });
    }
  }

  #push(token: number): void {
    if (this.#used === this.#tokens.length) {
      const grown = new Uint32Array(this.#tokens.length * 1.5);
      grown.set(this.#tokens);
      this.#tokens = grown;
    }
    this.#tokens[this.#used++] = token;
  }

  #count(tokens: Uint32Array, start: number, end: number, by: number): void {
    for (let i = start; i < end; i++) this.words.count((tokens[i] ?? 0) >>> 1, by);
  }
}
