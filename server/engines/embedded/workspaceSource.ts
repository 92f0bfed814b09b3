/**
 * What followed the current context in the files of the workspace. Looks at a sample of each interval, so that a
 * frequent context costs no more than a rare one. It must not know how evidence is weighed.
 */
import { tokenKind } from '../../base/tokens.ts';
import type { ContextOrder } from '../../base/tokenRow.ts';
import type { TokenSegment } from '../../base/tokens.ts';
import type { Corpus } from './corpus.ts';
import { callLength } from './calls.ts';
import type { OtherCalls } from './calls.ts';
import { maxDepth, source } from './evidence.ts';
import type { Evidence, Source } from './evidence.ts';
import { neighboursOf } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

import { nestedIntervals, sortContexts } from './ordering.ts';

/** Positions looked at for one length of context in one segment, and in all for one length. */
const sampleEach = 24;
const enough = 160;
/** What a position counts by how near its file is. */
const nearness = { self: 0, far: 1, sibling: 2, same: 3 } as const;
const nearWeight = [0, 1, 1.5, 3];

interface Sorted {
  readonly segment: TokenSegment;
  readonly order: ContextOrder;
  near: Uint8Array;
}

export class WorkspaceSource {
  readonly #corpus: Corpus;
  #sorted: Sorted[] = [];
  #nearPath = '';
  #neighbours = neighboursOf('', []);
  readonly #bounds: Uint32Array[] = [];
  readonly #depths: number[] = [];

  constructor(corpus: Corpus) {
    this.#corpus = corpus;
  }

  /** What followed contexts in the files nearest to the one that `lookFrom` named. */
  get neighbours(): Neighbours {
    return this.#neighbours;
  }

  /** Tokens that can be asked about now. */
  get tokens(): number {
    return this.#sorted.reduce((sum, each) => sum + each.order.length, 0);
  }

  /** Bytes of the sorted positions. */
  get bytes(): number {
    return this.#sorted.reduce((sum, each) => sum + each.order.byteLength, 0);
  }

  /** Whether every segment of the corpus is sorted. */
  get current(): boolean {
    const segments = this.#corpus.segments();
    return segments.length === this.#sorted.length && segments.every(each => this.#find(each));
  }

  /** Sorts what is new, in slices; what was sorted before stays in use until then. */
  *prepare(): Generator<undefined, undefined> {
    const segments = [...this.#corpus.segments()];
    const next: Sorted[] = [];
    for (const segment of segments) {
      const known = this.#find(segment);
      if (known) next.push(known);
      else {
        const order = (segment.order ??= yield* sortContexts(segment.tokens));
        next.push({ segment, order, near: new Uint8Array(0) });
        // Usable at once, beside the old ones: for a moment some files may count twice.
        if (!this.#sorted.some(each => each.segment === segment)) {
          this.#sorted = [...this.#sorted, ...next.slice(-1)];
          this.#nearPath = '';
        }
      }
    }
    this.#sorted = next;
    this.#nearPath = '';
  }

  #find(segment: TokenSegment): Sorted | undefined {
    return this.#sorted.find(each => each.segment === segment);
  }

  /**
   * Sets the file that is being edited: it is left out, and its neighbours count more. A relative path is taken for
   * the file that ends with it.
   */
  lookFrom(asked: string): void {
    if (this.#nearPath !== asked) {
      const path = this.#resolve(asked);
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const parent = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
      for (const each of this.#sorted) {
        each.near = Uint8Array.from(each.segment.paths, other => {
          if (other === path) return nearness.self;
          if (other.startsWith(folder) && other.indexOf('/', folder.length) < 0) return nearness.same;
          return parent.length > 1 && other.startsWith(parent) ? nearness.sibling : nearness.far;
        });
      }
      this.#neighbours = neighboursOf(
        path,
        this.#sorted.map(each => each.segment),
      );
      this.#nearPath = asked;
    }
  }

  #resolve(asked: string): string {
    if (asked.startsWith('/') || asked === '') return asked;
    for (const { segment } of this.#sorted) {
      const found = segment.paths.find(path => path.endsWith(`/${asked}`));
      if (found !== undefined) return found;
    }
    return asked;
  }

  /** Adds what followed `context` (ids, latest last). */
  collect(context: ArrayLike<number>, length: number, evidence: Evidence): void {
    const deepest = this.#search(context, length);
    let seen = 0;
    for (let depth = deepest; depth >= 1 && seen < enough; depth--) {
      seen += this.#sample(depth, evidence, source.workspace, -1);
    }
  }

  /** Adds what followed `context` and one more token of the kind of `skipped`, whichever else it was. */
  collectSkipping(context: ArrayLike<number>, length: number, skipped: number, evidence: Evidence): void {
    const kind = this.#corpus.words.kindOf(skipped);
    if (kind === tokenKind.newline || kind === tokenKind.operator) return;
    const deepest = this.#search(context, length);
    let seen = 0;
    for (let depth = deepest; depth >= 1 && seen < enough / 4; depth--) {
      seen += this.#sample(depth, evidence, source.skip, skipped);
    }
  }

  /** Walks calls of a function. */
  collectCalls(calls: OtherCalls): void {
    if (this.#search([calls.callee, calls.opener], 2) < 2) return;
    for (let i = 0; i < this.#sorted.length; i++) {
      if ((this.#depths[i] as number) < 2) continue;
      const { segment, order, near } = this.#sorted[i] as Sorted;
      const { tokens, starts, alive } = segment;
      const bounds = this.#bounds[i] as Uint32Array;
      const low = bounds[2] as number;
      const size = (bounds[3] as number) - low;
      const count = Math.min(size, sampleEach);
      const stride = size / count;
      for (let k = 0; k < count; k++) {
        const p = order.at(low + Math.floor((k + 0.5) * stride));
        const file = fileAt(starts, p);
        const how = near[file] as number;
        if (how === nearness.self || alive[file] === 0) continue;
        const end = Math.min(starts[file + 1] ?? tokens.length, p + callLength);
        const weight = nearWeight[how] as number;
        calls.walk(q => tokens.at(q), p, end, weight, { less: 2, near: how >= nearness.sibling });
      }
    }
  }

  #search(context: ArrayLike<number>, length: number): number {
    let deepest = 0;
    for (const [i, each] of this.#sorted.entries()) {
      const bounds = (this.#bounds[i] ??= new Uint32Array(2 * maxDepth));
      const depth = nestedIntervals(each.segment.tokens, each.order, context, length, bounds);
      this.#depths[i] = depth;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  /**
   * Adds what followed positions that match for exactly `depth` tokens; returns how many it looked at. With
   * `skipped` (an id, else -1) what stands there must be another token of its kind, and the one after it is added.
   */
  #sample(depth: number, evidence: Evidence, from: Source, skipped: number): number {
    const words = this.#corpus.words;
    const kind = skipped < 0 ? -1 : words.kindOf(skipped);
    let looked = 0;
    for (let i = 0; i < this.#sorted.length; i++) {
      const { segment, order, near } = this.#sorted[i] as Sorted;
      const found = this.#depths[i] as number;
      if (found < depth) continue;
      const { tokens, starts, alive } = segment;
      const bounds = this.#bounds[i] as Uint32Array;
      const low = bounds[2 * depth - 2] as number;
      const high = bounds[2 * depth - 1] as number;
      const innerLow = found > depth ? (bounds[2 * depth] as number) : high;
      const innerSize = found > depth ? (bounds[2 * depth + 1] as number) - innerLow : 0;
      const size = high - low - innerSize;
      const count = Math.min(size, sampleEach);
      const stride = size / count;
      for (let k = 0; k < count; k++) {
        let at = low + Math.floor((k + 0.5) * stride);
        if (at >= innerLow) at += innerSize;
        let p = order.at(at);
        if (skipped >= 0) {
          const id = tokens.idAt(p);
          if (p + 1 >= tokens.length || id === skipped || words.kindOf(id) !== kind) continue;
        }
        const file = fileAt(starts, p);
        const how = near[file] as number;
        if (how === nearness.self || alive[file] === 0) continue;
        if (skipped >= 0) p++;
        evidence.add(
          from,
          tokens.at(p),
          depth,
          stride * (nearWeight[how] as number),
          how >= nearness.sibling,
        );
      }
      looked += count;
    }
    return looked;
  }
}

/** The last file that starts at or before `p`. */
function fileAt(starts: Uint32Array, p: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= p) low = middle;
    else high = middle - 1;
  }
  return low;
}
