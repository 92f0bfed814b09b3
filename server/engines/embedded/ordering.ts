/**
 * All contexts of a row of tokens in one order: places sorted by the tokens before them, read backwards, so that
 * every context of every length is one interval. Three bytes a token. It must not know what tokens mean.
 *
 * Sorting: prefix doubling with counting sorts (Manber & Myers 1990), on reversed contexts, in slices.
 */
import { ContextOrder } from '../../base/tokenRow.ts';
import type { TokenRow } from '../../base/tokenRow.ts';

/** Work between two yields, in positions. */
const slice = 1 << 14;

/** Sorts by the last 2^rounds tokens. Yields often. Loops stand in functions of their own, which V8 compiles better. */
export function* sortContexts(tokens: TokenRow, rounds = 3): Generator<undefined, ContextOrder> {
  const { length, locals } = tokens;
  let order = new Uint32Array(length);
  yield;
  let rank = new Uint32Array(length);
  yield;
  const begins = yield* countPrevious(locals, tokens.words.length);
  const next = begins.slice();
  yield;
  for (let from = 0; from < length; from += slice) {
    placeByPrevious(locals, begins, next, order, rank, from, Math.min(length, from + slice));
    yield;
  }
  let spare = new Uint32Array(length);
  yield;
  let fill = new Uint32Array(length);
  yield;
  for (let width = 1, round = 0; round < rounds; width *= 2, round++) {
    fill.fill(0);
    yield;
    // Positions in the order of their second half are those of the last round moved by `width`.
    for (let p = 0; p < Math.min(width, length); p++) {
      const group = rank[p] as number;
      const at = fill[group] as number;
      fill[group] = at + 1;
      spare[group + at] = p;
    }
    for (let from = 0; from < length; from += slice) {
      placeMoved(order, rank, fill, spare, width, from, Math.min(length, from + slice));
      yield;
    }
    [order, spare] = [spare, order];
    if (round + 1 === rounds) break;
    const last = { group: 0, first: -1, second: -1 };
    for (let from = 0; from < length; from += slice) {
      rankAgain(order, rank, fill, width, from, Math.min(length, from + slice), last);
      yield;
    }
    [rank, fill] = [fill, rank];
  }
  const low = new Uint16Array(length);
  const high = new Uint8Array(length);
  for (let from = 0; from < length; from += 4 * slice) {
    pack(order, low, high, from, Math.min(length, from + 4 * slice));
    yield;
  }
  return new ContextOrder(low, high, begins);
}

/** Where the places behind each word begin. Before the first place stands word zero. */
function* countPrevious(locals: Uint16Array, words: number): Generator<undefined, Uint32Array> {
  const begins = new Uint32Array(words + 1);
  begins[1] = Math.min(1, locals.length);
  for (let from = 1; from < locals.length; from += 4 * slice) {
    countBetween(locals, begins, from, Math.min(locals.length, from + 4 * slice));
    yield;
  }
  for (let id = 1; id < begins.length; id++) begins[id] = (begins[id] as number) + (begins[id - 1] as number);
  return begins;
}

function countBetween(locals: Uint16Array, begins: Uint32Array, from: number, to: number): void {
  for (let p = from; p < to; p++) {
    const next = (locals[p - 1] as number) + 1;
    begins[next] = (begins[next] as number) + 1;
  }
}

function placeByPrevious(
  locals: Uint16Array,
  begins: Uint32Array,
  next: Uint32Array,
  order: Uint32Array,
  rank: Uint32Array,
  from: number,
  to: number,
): void {
  for (let p = from; p < to; p++) {
    const id = p === 0 ? 0 : (locals[p - 1] as number);
    const at = next[id] as number;
    next[id] = at + 1;
    order[at] = p;
    rank[p] = begins[id] as number;
  }
}

function placeMoved(
  order: Uint32Array,
  rank: Uint32Array,
  fill: Uint32Array,
  into: Uint32Array,
  width: number,
  from: number,
  to: number,
): void {
  const { length } = order;
  for (let i = from; i < to; i++) {
    const p = (order[i] as number) + width;
    if (p >= length) continue;
    const group = rank[p] as number;
    const at = fill[group] as number;
    fill[group] = at + 1;
    into[group + at] = p;
  }
}

/** New ranks, into `into`: equal when both halves of the context are equal. */
function rankAgain(
  order: Uint32Array,
  rank: Uint32Array,
  into: Uint32Array,
  width: number,
  from: number,
  to: number,
  last: { group: number; first: number; second: number },
): void {
  let { group, first: previousFirst, second: previousSecond } = last;
  for (let i = from; i < to; i++) {
    const p = order[i] as number;
    const first = rank[p] as number;
    const second = p >= width ? (rank[p - width] as number) : -2;
    if (first !== previousFirst || second !== previousSecond) group = i;
    previousFirst = first;
    previousSecond = second;
    into[p] = group;
  }
  last.group = group;
  last.first = previousFirst;
  last.second = previousSecond;
}

function pack(order: Uint32Array, low: Uint16Array, high: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const p = order[i] as number;
    low[i] = p;
    high[i] = p >>> 16;
  }
}

/**
 * The nested intervals of a context: `bounds[2k]`…`bounds[2k+1]` holds the positions preceded by its last k+1
 * tokens. `context` holds ids, the latest last, of which `length` count. Returns how many are not empty.
 */
export function nestedIntervals(
  tokens: TokenRow,
  order: ContextOrder,
  context: ArrayLike<number>,
  length: number,
  bounds: Uint32Array,
): number {
  let low = 0;
  let high = order.length;
  const deepest = Math.min(length, bounds.length >> 1);
  for (let depth = 1; depth <= deepest; depth++) {
    const local = tokens.localOf(context[length - depth] as number);
    if (local < 0) return depth - 1;
    if (depth === 1) {
      low = order.begins[local] as number;
      high = order.begins[local + 1] as number;
    } else {
      low = firstAtLeast(tokens.locals, order, depth, local, low, high);
      high = firstAtLeast(tokens.locals, order, depth, local + 1, low, high);
    }
    if (low >= high) return depth - 1;
    bounds[2 * depth - 2] = low;
    bounds[2 * depth - 1] = high;
  }
  return deepest;
}

function firstAtLeast(
  locals: Uint16Array,
  order: ContextOrder,
  depth: number,
  local: number,
  from: number,
  to: number,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const p = order.at(middle) - depth;
    const found = p < 0 ? 0 : (locals[p] as number);
    if (found < local) low = middle + 1;
    else high = middle;
  }
  return low;
}
