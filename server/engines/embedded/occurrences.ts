/**
 * Where the present context stood before in a stretch of tokens, nearest to its end first: by its last two tokens,
 * then by its last. It must not know which stretch that is.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { maxDepth, source } from './evidence.ts';
import type { Evidence, Source } from './evidence.ts';
import type { Open } from './features.ts';

/** Occurrences that are looked at: of two tokens, of one, with one left open, and of a called name. */
const visits = { two: 160, one: 80, skip: 80, call: 40 };
/** Tokens before a place that are compared one by one where the nearest do not all agree. */
const alignedLength = 12;
/** The fewest that must agree beyond the first that does not. */
const leastAligned = 2;
/** Tokens of a call that are walked to find an argument. */
export const callLength = 60;
const comma = ',';

/** The tables of one stretch, used again for the next: whoever holds older `Occurrences` over them lets go of those. */
export class OccurrenceTables {
  lastOne: Int32Array = new Int32Array(0);
  lastTwo: Int32Array = new Int32Array(0);
  beforeOne: Int32Array = new Int32Array(0);
  beforeTwo: Int32Array = new Int32Array(0);

  /** Empty tables for so many hashes; what is there by position is written before it is read. */
  reset(hashes: number, tokens: number): void {
    if (this.lastOne.length < hashes) {
      this.lastOne = new Int32Array(hashes);
      this.lastTwo = new Int32Array(hashes);
    } else {
      this.lastOne.fill(0, 0, hashes);
      this.lastTwo.fill(0, 0, hashes);
    }
    if (this.beforeOne.length >= tokens) return;
    this.beforeOne = new Int32Array(tokens);
    this.beforeTwo = new Int32Array(tokens);
  }
}

export class Occurrences {
  /** Tokens with their spacing bits. */
  readonly tokens: Int32Array;
  readonly #boundary: number;
  readonly #boundaryWeight: number;
  readonly #halfDistance: number;
  readonly #shift: number;
  /** By hash: the last position plus one; by position: the one before it with the same hash, plus one. */
  readonly #lastOne: Int32Array;
  readonly #lastTwo: Int32Array;
  readonly #beforeOne: Int32Array;
  readonly #beforeTwo: Int32Array;

  /**
   * What stands `halfDistance` tokens before the end counts half. Positions before `boundary` count `boundaryWeight`
   * wherever they are.
   */
  constructor(
    tokens: Int32Array,
    halfDistance: number,
    boundary = 0,
    boundaryWeight = 1,
    tables = new OccurrenceTables(),
  ) {
    this.tokens = tokens;
    this.#halfDistance = halfDistance;
    this.#boundary = boundary;
    this.#boundaryWeight = boundaryWeight;
    const bits = Math.max(8, 32 - Math.clz32(tokens.length));
    this.#shift = 32 - bits;
    tables.reset(1 << bits, tokens.length);
    this.#lastOne = tables.lastOne;
    this.#lastTwo = tables.lastTwo;
    this.#beforeOne = tables.beforeOne;
    this.#beforeTwo = tables.beforeTwo;
    let previous = 0;
    for (let p = 0; p < tokens.length; p++) {
      const id = (tokens[p] as number) >>> 1;
      const one = this.#hash(id, 0);
      const two = this.#hash(id, previous);
      this.#beforeOne[p] = this.#lastOne[one] as number;
      this.#beforeTwo[p] = this.#lastTwo[two] as number;
      this.#lastOne[one] = p + 1;
      this.#lastTwo[two] = p + 1;
      previous = id;
    }
  }

  #hash(id: number, previous: number): number {
    return (Math.imul(id, 0x9e3779b1) ^ Math.imul(previous, 0x85ebca6b)) >>> this.#shift;
  }

  #weight(p: number): number {
    if (p < this.#boundary) return this.#boundaryWeight;
    return this.#halfDistance / (this.#halfDistance + this.tokens.length - p);
  }

  /** Adds what followed the context (ids, latest last) as `from`, and by rough agreement as `source.aligned`. */
  collect(context: ArrayLike<number>, length: number, evidence: Evidence, from: Source): void {
    if (length === 0) return;
    const { tokens } = this;
    const last = context[length - 1] as number;
    let seen = 0;
    if (length > 1) {
      let p = (this.#lastTwo[this.#hash(last, context[length - 2] as number)] as number) - 1;
      for (; p >= 0 && seen < visits.two; p = (this.#beforeTwo[p] as number) - 1) {
        const depth = this.#agreement(p, context, length);
        if (depth < 2) continue;
        this.#add(p, depth, context, length, evidence, from);
        seen++;
      }
    }
    if (seen > visits.one) return;
    seen = 0;
    let p = (this.#lastOne[this.#hash(last, 0)] as number) - 1;
    for (; p >= 0 && seen < visits.one; p = (this.#beforeOne[p] as number) - 1) {
      if ((tokens[p] as number) >>> 1 !== last) continue;
      seen++;
      if (this.#agreement(p, context, length) === 1) this.#add(p, 1, context, length, evidence, from);
    }
  }

  #add(
    p: number,
    depth: number,
    context: ArrayLike<number>,
    length: number,
    evidence: Evidence,
    from: Source,
  ): void {
    const next = this.tokens[p + 1];
    if (next === undefined || next >>> 1 === specialToken.file) return;
    const weight = this.#weight(p);
    evidence.add(from, next, depth, weight, false);
    if (depth >= maxDepth) return;
    const { tokens } = this;
    const most = Math.min(alignedLength, length, p + 1);
    let agreeing = 0;
    for (let i = depth + 1; i < most; i++) {
      if ((tokens[p - i] as number) >>> 1 === context[length - 1 - i]) agreeing++;
    }
    if (agreeing < leastAligned) return;
    evidence.add(source.aligned, next, Math.min(maxDepth, (depth + agreeing) >> 1), weight, false);
  }

  /** As `collect`, with the token `skipped` after the context replaced by any other of its kind. */
  collectSkipping(
    context: ArrayLike<number>,
    length: number,
    skipped: number,
    words: Vocabulary,
    evidence: Evidence,
  ): void {
    const kind = words.kindOf(skipped);
    if (length === 0 || kind === tokenKind.operator || isNewline(skipped)) return;
    const { tokens } = this;
    const last = context[length - 1] as number;
    let seen = 0;
    let p = (this.#lastOne[this.#hash(last, 0)] as number) - 1;
    for (; p >= 0 && seen < visits.skip; p = (this.#beforeOne[p] as number) - 1) {
      if ((tokens[p] as number) >>> 1 !== last) continue;
      seen++;
      const any = tokens[p + 1];
      const next = tokens[p + 2];
      if (any === undefined || next === undefined || next >>> 1 === specialToken.file) continue;
      if (any >>> 1 === skipped || words.kindOf(any >>> 1) !== kind) continue;
      evidence.add(source.skip, next, this.#agreement(p, context, length), 2 * this.#weight(p), false);
    }
  }

  /** Adds what stood as the same argument of other calls, as `source.structure`. */
  collectArguments(open: Open, words: Vocabulary, evidence: Evidence): void {
    const { tokens } = this;
    const separator = words.find(comma, tokenKind.operator);
    let seen = 0;
    let p = (this.#lastTwo[this.#hash(open.opener, open.callee)] as number) - 1;
    for (; p > 0 && seen < visits.call; p = (this.#beforeTwo[p] as number) - 1) {
      if ((tokens[p] as number) >>> 1 !== open.opener) continue;
      if ((tokens[p - 1] as number) >>> 1 !== open.callee) continue;
      seen++;
      const end = Math.min(tokens.length, p + callLength);
      const at = argumentAt(q => (tokens[q] as number) >>> 1, end, p + 1, open, separator);
      const next = tokens[at];
      if (at >= 0 && next !== undefined && next >>> 1 !== specialToken.file) {
        evidence.add(source.structure, next, 6, this.#weight(p), false);
      }
    }
  }

  /** How many tokens up to and with `p` agree with the end of the context. */
  #agreement(p: number, context: ArrayLike<number>, length: number): number {
    const { tokens } = this;
    const most = Math.min(maxDepth, length, p + 1);
    let depth = 0;
    while (depth < most && (tokens[p - depth] as number) >>> 1 === context[length - 1 - depth]) depth++;
    return depth;
  }
}

/**
 * Where argument number `open.commas` of a call begins whose first would begin at `from`; -1 if it has fewer before
 * `end`. Of the brackets inside the call only those of its own shape are counted.
 */
export function argumentAt(
  idAt: (p: number) => number,
  end: number,
  from: number,
  { opener, closer, commas }: Open,
  separator: number,
): number {
  if (commas === 0) return from;
  let nested = 0;
  let left = commas;
  for (let p = from; p < end; p++) {
    const id = idAt(p);
    if (id === opener) nested++;
    else if (id === closer && --nested < 0) return -1;
    else if (id === separator && nested === 0 && --left === 0) return p + 1;
  }
  return -1;
}
