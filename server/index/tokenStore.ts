/**
 * The tokens of the workspace's files, in large immutable segments: files come, change and go; what is gone is
 * marked dead and squeezed out when segments are joined. It must not know where files come from or who learns.
 */
import { languageOf } from '../base/languages.ts';
import type { Language } from '../base/languages.ts';
import { Lexer } from './lexer.ts';
import { Reading } from './reading.ts';
import type { LineVisitor } from './reading.ts';
import { SegmentBuilder } from './segments.ts';
import type { IndexSegment } from './segments.ts';
import { WordTable } from './vocabulary.ts';

/** Tokens in a full segment. What sorts a segment needs 16 bytes a token for a moment. */
const segmentTokens = 1_500_000;
/** Segments below this are joined when there are more than `maxSmall` of them. */
const smallTokens = 400_000;
const maxSmall = 4;
/** Lines lexed in one step. */
const sliceLines = 100;

interface Place {
  readonly segment: IndexSegment;
  readonly index: number;
}

export class TokenStore {
  readonly words = new WordTable();
  readonly #lexers = new Map<string, Lexer>();
  readonly #places = new Map<string, Place>();
  readonly #onChange: () => void;
  #segments: IndexSegment[] = [];
  #building = new SegmentBuilder();
  /** Paths that are not in a segment yet. */
  readonly #pending = new Set<string>();

  /** `onChange` is called when the list of segments has changed. */
  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange;
  }

  get files(): number {
    return this.#places.size + this.#pending.size;
  }

  /** Tokens in sealed segments, dead ones included. */
  get tokens(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.tokens.length, this.#building.length);
  }

  /** Bytes held, but for the order of contexts. */
  get bytes(): number {
    return this.#segments.reduce(
      (sum, { tokens, starts, alive, lines, pieces }) =>
        sum +
        tokens.byteLength +
        2 * starts.byteLength +
        alive.byteLength +
        lines.byteLength +
        2 * pieces.byteLength,
      this.words.bytes + this.#building.byteLength,
    );
  }

  segments(): readonly IndexSegment[] {
    return this.#segments;
  }

  lexer(language: Language): Lexer {
    let lexer = this.#lexers.get(language.id);
    if (!lexer) this.#lexers.set(language.id, (lexer = new Lexer(language, this.words)));
    return lexer;
  }

  has(path: string): boolean {
    return this.#places.has(path) || this.#pending.has(path);
  }

  /** Learns a file, in place of what was known of it. It is seen by readers after the next `seal`. */
  add(path: string, lines: readonly string[], languageId = ''): void {
    for (const _ of this.addInSlices(path, lines.join('\n'), languageId)) continue;
  }

  /**
   * As `add`, in steps of some hundred lines. One file at a time: finish one before the next is begun. `visit` sees
   * every line that begins in code and holds some.
   */
  *addInSlices(
    path: string,
    text: string,
    languageId = '',
    visit?: LineVisitor,
  ): Generator<undefined, undefined> {
    this.remove(path);
    const reading = new Reading(this.#building, this.lexer(languageOf(languageId, path)), text, visit);
    const { start } = reading;
    while (reading.read(sliceLines)) yield;
    this.#building.file(path, start, reading.lines);
    this.#pending.add(path);
    this.words.countAll(this.#building.from(start));
    if (this.#building.length >= segmentTokens) yield* this.sealInSlices();
  }

  /** `refused`: it may not be read any more, and its tokens are not held beyond the next `seal`. */
  remove(path: string, refused = false): void {
    if (this.#pending.has(path)) this.seal();
    const place = this.#places.get(path);
    if (!place) return;
    this.#places.delete(path);
    const { segment, index } = place;
    const [start, end] = rangeOf(place);
    segment.alive[index] = 0;
    segment.unwanted ||= refused;
    segment.dead += end - start;
    for (let p = start; p < end; p++) this.words.count(segment.tokens.idAt(p), -1);
  }

  /** The current tokens of a file that is in a sealed segment. */
  tokensOf(path: string): Uint32Array | undefined {
    const place = this.#places.get(path);
    return place && place.segment.tokens.slice(...rangeOf(place));
  }

  /** Whether a file that is in a sealed segment has the word. */
  uses(path: string, id: number): boolean {
    const place = this.#places.get(path);
    if (!place) return false;
    const { locals } = place.segment.tokens;
    const local = place.segment.tokens.localOf(id);
    const [start, end] = rangeOf(place);
    const found = local < 0 ? -1 : locals.indexOf(local, start);
    return found >= 0 && found < end;
  }

  /** Takes up a segment of an earlier session; it is seen by readers after the next `seal`. */
  adopt(segment: IndexSegment): void {
    this.#segments.push(segment);
    for (const [index, path] of segment.paths.entries()) {
      if (segment.alive[index] === 0) continue;
      const place = { segment, index };
      this.#places.set(path, place);
      const [start, end] = rangeOf(place);
      this.words.countAll(segment.tokens.slice(start, end));
    }
  }

  /** Makes what was added visible, and joins segments when there are too many small or dying ones. */
  seal(): void {
    for (const _ of this.sealInSlices()) continue;
  }

  /** As `seal`, in steps; nothing else may change the store in between, and readers see no step of it. */
  *sealInSlices(): Generator<undefined, undefined> {
    if (this.#pending.size > 0) {
      this.#replace([], yield* this.#building.build());
      this.#building = new SegmentBuilder();
      this.#pending.clear();
    }
    const dying = this.#segments.filter(each => each.unwanted || each.dead * 3 > each.tokens.length);
    const small = this.#smallOnes();
    if (small.length > maxSmall) {
      yield* this.#join([...new Set([...small, ...dying.filter(each => each.unwanted)])]);
    } else if (dying.length > 0) yield* this.#join(dying);
    this.#onChange();
  }

  /** The small segments worth joining: a large one is not sorted again for the sake of a tiny one. */
  #smallOnes(): IndexSegment[] {
    const small = this.#segments
      .filter(each => each.tokens.length < smallTokens && !each.full)
      .sort((a, b) => a.tokens.length - b.tokens.length);
    let sum = 0;
    return small.filter((each, i) => {
      const joins = i <= maxSmall || each.tokens.length <= 2 * sum;
      if (joins) sum += each.tokens.length;
      return joins;
    });
  }

  *#join(old: readonly IndexSegment[]): Generator<undefined, undefined> {
    const joined = new SegmentBuilder();
    for (const segment of old) yield* joined.copy(segment);
    this.#replace(old, yield* joined.build());
  }

  #replace(old: readonly IndexSegment[], fresh: readonly IndexSegment[]): void {
    const gone = new Set(old);
    this.#segments = [...this.#segments.filter(segment => !gone.has(segment)), ...fresh];
    for (const segment of fresh) {
      for (const [index, path] of segment.paths.entries()) this.#places.set(path, { segment, index });
    }
  }
}

function rangeOf({ segment, index }: Place): [start: number, end: number] {
  return [segment.starts[index] as number, segment.starts[index + 1] ?? segment.tokens.length];
}
