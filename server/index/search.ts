/**
 * Finds pieces of files that use the same names as a text, by BM25 over the token store: the order of contexts is
 * at the same time the list of places of each word, so that searching needs next to no memory of its own. It must
 * not know documents, the gate or who asks.
 *
 * Ranking: Okapi BM25 (Robertson & Walker 1994) with names and their parts as terms; nearness and language weigh in.
 */
import { languageOf, languageOfPath } from '../base/languages.ts';
import { tokenKind } from '../base/tokens.ts';
import type { ContextOrder } from '../base/tokenRow.ts';
import type { IndexSegment } from './segments.ts';
import type { TokenStore } from './tokenStore.ts';
import { kinOf } from './uses.ts';
import { partsOf, WordParts } from './wordParts.ts';

const k1 = 1.2;
const b = 0.75;
/** What a part of a name counts against the whole name. */
const partWeight = 0.5;
/** Names that are looked for, those nearest to the end of the text. */
const mostNames = 96;
/** What the farthest of them counts against the last. */
const farWeight = 0.4;
/** Places looked at for one query, rarest terms first; looking a word up counts as some. */
const mostPlaces = 120_000;
const lookupCost = 8;
const weights = { otherCode: 0.5, data: 0.3, sameFolder: 1.2, siblingFolder: 1.08 };
/** A term counts no more often in one piece. */
const mostCounted = 1000;
/** Pieces of one file in one answer. */
const mostOfFile = 3;
/** Words whose parts are taken up in one step. */
const wordSlice = 2000;
/** Tokens between two entries of the table that leads from a place to its piece. */
const blockShift = 6;

export interface RankQuery {
  readonly text: string;
  readonly languageId: string;
  /** Absolute path of the document that asks. */
  readonly path: string;
  readonly limit: number;
}

export interface RankedPiece {
  readonly path: string;
  /** Lines from 0, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  readonly score: number;
}

/** A piece as it is shown: without empty lines around it, and no longer than this. */
const mostLines = 60;

/** The lines of a piece in the text as it is now; undefined if there is nothing there any more. */
export function cutPiece(
  lines: readonly string[],
  { startLine, endLine }: RankedPiece,
): { startLine: number; endLine: number; text: string } | undefined {
  let start = startLine;
  let end = Math.min(endLine, lines.length - 1);
  while (start <= end && (lines[start] as string).trim() === '') start++;
  end = Math.min(end, start + mostLines - 1);
  while (end >= start && (lines[end] as string).trim() === '') end--;
  return end < start
    ? undefined
    : { startLine: start, endLine: end, text: lines.slice(start, end + 1).join('\n') };
}

interface Term {
  readonly weight: number;
  readonly words: readonly number[];
  /** Occurrences in the workspace. */
  readonly count: number;
}

/** What a query needs to know of one segment, and its scratch memory. */
interface Searched {
  readonly segment: IndexSegment;
  readonly order: ContextOrder;
  readonly fileOfPiece: Uint32Array;
  /** The piece at every 2^blockShift-th token. */
  readonly blocks: Uint32Array;
  readonly scores: Float32Array;
  readonly counts: Uint16Array;
  /** Pieces that hold the current term, and how many. */
  readonly touched: Uint32Array;
  touchedCount: number;
  /** Pieces with a score. */
  hits: number[];
  /** Weight per file for who asks now. */
  factors: Float32Array;
  factorsFor: string;
}

export class Ranking {
  readonly #store: TokenStore;
  readonly #parts: WordParts;
  #searched: Searched[] = [];

  constructor(store: TokenStore) {
    this.#store = store;
    this.#parts = new WordParts(store.words);
  }

  get bytes(): number {
    return this.#searched.reduce(
      (sum, { fileOfPiece, blocks, scores, counts, touched, factors }) =>
        sum +
        [fileOfPiece, blocks, scores, counts, touched, factors].reduce(
          (all, each) => all + each.byteLength,
          0,
        ),
      this.#parts.bytes,
    );
  }

  /** Takes up what is new in the store, in slices. Segments that are not sorted yet are left for later. */
  *prepare(): Generator<undefined, undefined> {
    while (this.#parts.follow(wordSlice)) yield;
    // In one step, since another preparation may be on its way.
    this.#searched = this.#store.segments().flatMap(segment => {
      const known = this.#searched.find(each => each.segment === segment);
      return known ?? (segment.order ? searchedOf(segment, segment.order) : []);
    });
  }

  /** Best first. */
  rank(query: RankQuery): RankedPiece[] {
    const terms = this.#terms(query);
    let budget = mostPlaces;
    let pieces = 0;
    let tokens = 0;
    for (const { segment } of this.#searched) {
      pieces += segment.pieces.length;
      tokens += segment.tokens.length;
    }
    const average = tokens / Math.max(1, pieces);
    for (const term of terms) {
      budget -= term.count + lookupCost * term.words.length;
      if (budget < 0) break;
      let holding = 0;
      for (const each of this.#searched) holding += countIn(each, term.words);
      const idf = Math.log(1 + (pieces - holding + 0.5) / (holding + 0.5));
      for (const each of this.#searched) score(each, term.weight * idf, average);
    }
    return this.#best(query);
  }

  #terms(query: RankQuery): Term[] {
    const { words } = this.#store;
    const keywords = new Set(languageOf(query.languageId, query.path).keywords);
    const names = query.text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
    const found = new Map<string, { weight: number; words: readonly number[] }>();
    const add = (key: string, weight: number, ids: () => readonly number[]): void => {
      const known = found.get(key);
      // Said again counts, but not as much as once more.
      if (known) known.weight += weight * 0.25;
      else found.set(key, { weight, words: ids() });
    };
    const recent = names.filter(name => name.length > 1 && !keywords.has(name)).slice(-2 * mostNames);
    for (let i = recent.length - 1; i >= 0 && found.size < 3 * mostNames; i--) {
      const name = recent[i] as string;
      const near = 1 - ((1 - farWeight) * (recent.length - 1 - i)) / recent.length;
      const parts = partsOf(name);
      if (parts.length > 1) {
        const id = words.find(name, tokenKind.word);
        if (id >= 0) add(name, near, () => [id]);
      }
      for (const part of parts) {
        add(`${part} `, parts.length > 1 ? near * partWeight : near, () => [...this.#parts.wordsWith(part)]);
      }
    }
    return [...found.values()]
      .map(term => ({ ...term, count: term.words.reduce((sum, id) => sum + words.countOf(id), 0) }))
      .filter(term => term.count > 0)
      .sort((a, c) => a.count - c.count);
  }

  #best(query: RankQuery): RankedPiece[] {
    const { limit } = query;
    const best: { piece: number; score: number; from: Searched }[] = [];
    // Some more than asked for, since one file may hold many.
    const keep = limit * (mostOfFile + 1);
    let bar = 0;
    for (const from of this.#searched) {
      const factors = factorsFor(from, query);
      for (const piece of from.hits) {
        const value = (from.scores[piece] as number) * (factors[from.fileOfPiece[piece] as number] as number);
        from.scores[piece] = 0;
        if (value <= bar) continue;
        best.push({ piece, score: value, from });
        if (best.length < 4 * keep) continue;
        best.sort((a, c) => c.score - a.score).length = keep;
        bar = best[keep - 1]?.score ?? 0;
      }
      from.hits = [];
    }
    const perFile = new Map<string, number>();
    const ranked: RankedPiece[] = [];
    for (const { piece, score: value, from } of best.sort((a, c) => c.score - a.score)) {
      const { segment, fileOfPiece } = from;
      const file = fileOfPiece[piece] as number;
      const path = segment.paths[file] as string;
      const count = perFile.get(path) ?? 0;
      if (segment.alive[file] === 0 || count >= mostOfFile) continue;
      perFile.set(path, count + 1);
      const isLast = fileOfPiece[piece + 1] !== file;
      const end = (isLast ? segment.lines[file] : segment.pieceLines[piece + 1]) as number;
      ranked.push({ path, startLine: segment.pieceLines[piece] as number, endLine: end - 1, score: value });
      if (ranked.length === limit) break;
    }
    return ranked;
  }
}

function searchedOf(segment: IndexSegment, order: ContextOrder): Searched {
  const { pieces, starts, tokens } = segment;
  const fileOfPiece = new Uint32Array(pieces.length);
  let file = 0;
  for (let piece = 0; piece < pieces.length; piece++) {
    while (file + 1 < starts.length && (starts[file + 1] as number) <= (pieces[piece] as number)) file++;
    fileOfPiece[piece] = file;
  }
  const blocks = new Uint32Array((tokens.length >> blockShift) + 1);
  let piece = 0;
  for (let block = 0; block < blocks.length; block++) {
    while (piece + 1 < pieces.length && (pieces[piece + 1] as number) <= block << blockShift) piece++;
    blocks[block] = piece;
  }
  return {
    segment,
    order,
    fileOfPiece,
    blocks,
    scores: new Float32Array(pieces.length),
    counts: new Uint16Array(pieces.length),
    touched: new Uint32Array(pieces.length),
    touchedCount: 0,
    hits: [],
    factors: new Float32Array(0),
    factorsFor: '',
  };
}

/** Counts how often each piece holds one of the words; returns how many hold any. */
function countIn(searched: Searched, words: readonly number[]): number {
  const { order, blocks, counts, touched } = searched;
  const { tokens, pieces } = searched.segment;
  let found = 0;
  for (const id of words) {
    const local = tokens.localOf(id);
    if (local < 0) continue;
    const end = order.begins[local + 1] as number;
    for (let i = order.begins[local] as number; i < end; i++) {
      // The place behind a word is what is sorted; the word itself stands one before it.
      const p = order.at(i) - 1;
      let piece = blocks[p >>> blockShift] as number;
      while (piece + 1 < pieces.length && (pieces[piece + 1] as number) <= p) piece++;
      const count = counts[piece] as number;
      if (count === 0) touched[found++] = piece;
      if (count < mostCounted) counts[piece] = count + 1;
    }
  }
  searched.touchedCount = found;
  return found;
}

function score(searched: Searched, weight: number, average: number): void {
  const { scores, counts, touched, hits } = searched;
  const { pieces, tokens } = searched.segment;
  for (let i = 0; i < searched.touchedCount; i++) {
    const piece = touched[i] as number;
    const count = counts[piece] as number;
    counts[piece] = 0;
    const length = (pieces[piece + 1] ?? tokens.length) - (pieces[piece] as number);
    const before = scores[piece] as number;
    if (before === 0) hits.push(piece);
    scores[piece] = before + (weight * count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / average));
  }
  searched.touchedCount = 0;
}

/** Zero for the document that asks and for files that are gone. */
function factorsFor(searched: Searched, { path, languageId }: RankQuery): Float32Array {
  const asked = `${languageId} ${path}`;
  if (searched.factorsFor === asked) return searched.factors;
  const { paths, alive } = searched.segment;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const parent = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  const language = languageOf(languageId, path);
  const isKin = kinOf(path);
  const isCode = kinOf('');
  searched.factors = Float32Array.from(paths, (other, file) => {
    if (other === path || alive[file] === 0) return 0;
    const same = languageOfPath(other)?.id === language.id || isKin(other);
    const near = other.startsWith(folder) && other.indexOf('/', folder.length) < 0;
    const sibling = parent.length > 1 && other.startsWith(parent);
    return (
      (same ? 1 : isCode(other) ? weights.otherCode : weights.data) *
      (near ? weights.sameFolder : sibling ? weights.siblingFolder : 1)
    );
  });
  searched.factorsFor = asked;
  return searched.factors;
}
