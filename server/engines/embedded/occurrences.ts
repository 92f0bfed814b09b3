/**
 * Where the present context stood before in a stretch of tokens, nearest to its end first: by its last two tokens,
 * then by its last. It must not know which stretch that is.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { maxDepth, source } from './evidence.ts';
import type { Evidence, Source } from './evidence.ts';
import { callLength } from './calls.ts';
import type { OtherCalls } from './calls.ts';
import { inCommon } from './names.ts';
import type { Names } from './names.ts';

/** Occurrences that are looked at: of two tokens, of one, with one left open, and of a called name. */
const visits = { two: 160, one: 80, skip: 80, call: 40 };
/** Tokens before a place that are compared one by one where the nearest do not all agree. */
const alignedLength = 12;
/** The fewest that must agree beyond the first that does not. */
const leastAligned = 2;
/** Tokens of a line that are looked at for names in common. */
const kinLength = 16;
const markMask = 63;
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
  /** Names of the context, by their lowest bits, plus one; and how far before its end they stand. */
  readonly #marked = new Int32Array(markMask + 1);
  readonly #namesAt: number[] = [];
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

  /**
   * Adds what followed the context (ids, latest last) as `from`, by rough agreement as `source.aligned`, and what
   * that is in the names of the context as `source.analogy`.
   */
  collect(context: ArrayLike<number>, length: number, evidence: Evidence, from: Source, names?: Names): void {
    if (length === 0) return;
    const { tokens } = this;
    const last = context[length - 1] as number;
    this.#mark(context, length, names);
    let seen = 0;
    if (length > 1) {
      let p = (this.#lastTwo[this.#hash(last, context[length - 2] as number)] as number) - 1;
      for (; p >= 0 && seen < visits.two; p = (this.#beforeTwo[p] as number) - 1) {
        const depth = this.#agreement(p, context, length);
        if (depth < 2) continue;
        this.#add(p, depth, context, length, evidence, from, names);
        seen++;
      }
    }
    if (seen > visits.one) return;
    seen = 0;
    let p = (this.#lastOne[this.#hash(last, 0)] as number) - 1;
    for (; p >= 0 && seen < visits.one; p = (this.#beforeOne[p] as number) - 1) {
      if ((tokens[p] as number) >>> 1 !== last) continue;
      seen++;
      if (this.#agreement(p, context, length) === 1) this.#add(p, 1, context, length, evidence, from, names);
    }
  }

  /** Keeps where names stand in the context before its last token. */
  #mark(context: ArrayLike<number>, length: number, names: Names | undefined): void {
    this.#marked.fill(0);
    this.#namesAt.length = 0;
    if (!names) return;
    for (let i = 1; i < length; i++) {
      const id = context[length - 1 - i] as number;
      if (names.of(id).parts.length === 0) continue;
      this.#marked[id & markMask] = id + 1;
      this.#namesAt.push(i);
    }
  }

  #add(
    p: number,
    depth: number,
    context: ArrayLike<number>,
    length: number,
    evidence: Evidence,
    from: Source,
    names?: Names,
  ): void {
    const next = this.tokens[p + 1];
    if (next === undefined || next >>> 1 === specialToken.file) return;
    const weight = this.#weight(p);
    evidence.add(from, next, depth, weight, false);
    if (depth >= maxDepth) return;
    const { tokens } = this;
    let common = 0;
    for (let q = p - depth; q > p - kinLength && q >= 0; q--) {
      const id = (tokens[q] as number) >>> 1;
      if (isNewline(id)) break;
      if (this.#marked[id & markMask] === id + 1) common++;
    }
    if (common > 0) evidence.add(source.kin, next, Math.min(maxDepth, depth + 2 * common), weight, false);
    const most = Math.min(alignedLength, length, p + 1);
    let agreeing = 0;
    for (let i = depth + 1; i < most; i++) {
      if ((tokens[p - i] as number) >>> 1 === context[length - 1 - i]) agreeing++;
    }
    if (agreeing < leastAligned) return;
    const level = Math.min(maxDepth, (depth + agreeing) >> 1);
    evidence.add(source.aligned, next, level, weight, false);
    const parts = names?.of(next >>> 1).parts;
    if (!names || !parts?.length) return;
    for (const i of this.#namesAt) {
      if (i < depth || i >= most) continue;
      const there = (tokens[p - i] as number) >>> 1;
      const here = context[length - 1 - i] as number;
      if (there === here) continue;
      const id = analogue(next >>> 1, parts, there, here, names);
      if (id >= 0) evidence.add(source.analogy, (id << 1) | (next & 1), level, weight, false);
    }
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

  /** Walks the calls of a function that stand here. */
  collectCalls(calls: OtherCalls): void {
    const { tokens } = this;
    const { callee, opener } = calls;
    const tokenAt = (q: number): number => tokens[q] as number;
    let seen = 0;
    let p = (this.#lastTwo[this.#hash(opener, callee)] as number) - 1;
    for (; p > 0 && seen < visits.call; p = (this.#beforeTwo[p] as number) - 1) {
      if ((tokens[p] as number) >>> 1 !== opener || (tokens[p - 1] as number) >>> 1 !== callee) continue;
      seen++;
      calls.walk(tokenAt, p + 1, Math.min(tokens.length, p + callLength), this.#weight(p));
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

/** What `name` is where `here` stands in place of `there`; -1 if that changes nothing. */
function analogue(name: number, parts: readonly number[], there: number, here: number, names: Names): number {
  const theirs = names.of(there).parts;
  if (theirs.length === 0) return -1;
  if (name === there) return here;
  return inCommon(parts, theirs) > 0 ? names.coinage.analogue(name, there, here) : -1;
}
