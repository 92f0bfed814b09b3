/**
 * Finds pieces of files that use the same names as a text, by BM25 over the token store: the order of contexts is
 * at the same time the list of places of each word, so that searching needs little memory of its own. It must not
 * know documents, the gate or who asks.
 *
 * Ranking: BM25+ (Lv & Zhai 2011) with names and their parts as terms; nearness and language weigh in.
 * Rare terms find the candidates, and the common ones are looked for in those alone.
 */
import { languageOf, languageOfPath } from '../base/languages.ts';
import { tokenKind } from '../base/tokens.ts';
import { saturated, SearchedSegment } from './searched.ts';
import { TermCounter } from './termCounter.ts';
import type { CountedTerm } from './termCounter.ts';
import type { TokenStore } from './tokenStore.ts';
import { kinOf } from './uses.ts';
import { partsOf, WordParts } from './wordParts.ts';

/** What a part of a name counts against the whole name. */
const partWeight = 0.5;
/** Names that are looked for, those nearest to the end of the text. */
const mostNames = 160;
/** What the farthest of them counts against the last, and a name that is said again against once more. */
const farWeight = 0.5;
const againWeight = 0.5;
/**
 * Places that are looked at to find candidates, rarest terms first: a share of all, within bounds. Looking a word up
 * counts as some.
 */
const placesShare = 1 / 2500;
const mostPlaces = 8000;
const leastPlaces = 1500;
const lookupCost = 2;
/** Candidates whose tokens are read, at least; four for each that is asked for. */
const leastCandidates = 32;
/** Of occurrences, how many are the first of their piece; a guess for terms that are not counted by piece. */
const firstShare = 0.6;
const weights = { otherCode: 0.5, data: 0.3, sameFolder: 1.2, siblingFolder: 1.08 };
/** Pieces of one file in one answer. */
const mostOfFile = 3;
/** Words whose parts are taken up in one step. */
const wordSlice = 500;
/** A piece is shown no longer than this, in lines. */
const mostLines = 60;

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

/** The lines of a piece in the text as it is now, without empty ones around; undefined if there are none any more. */
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

interface Term extends CountedTerm {
  /** Occurrences in the workspace. */
  readonly count: number;
  weight: number;
}

interface Candidate {
  readonly from: SearchedSegment;
  readonly piece: number;
  score: number;
}

export class Ranking {
  readonly #store: TokenStore;
  readonly #parts: WordParts;
  #searched: SearchedSegment[] = [];
  #pieces = 0;
  #tokens = 0;
  #average = 1;
  readonly #counter: TermCounter;

  constructor(store: TokenStore) {
    this.#store = store;
    this.#parts = new WordParts(store.words);
    this.#counter = new TermCounter(this.#parts);
  }

  get bytes(): number {
    return this.#searched.reduce((sum, each) => sum + each.bytes, this.#parts.bytes + this.#counter.bytes);
  }

  /** Takes up what is new in the store, in slices. Segments that are not sorted yet are left for later. */
  *prepare(): Generator<undefined, undefined> {
    while (this.#parts.follow(wordSlice)) yield;
    this.#parts.count();
    yield;
    const fresh: SearchedSegment[] = [];
    for (const segment of this.#store.segments()) {
      if (!segment.order || this.#searched.some(each => each.segment === segment)) continue;
      fresh.push(new SearchedSegment(segment, segment.order));
      yield;
    }
    // In one step, since another preparation may be on its way; that one looks after what came meanwhile.
    const made = [...this.#searched, ...fresh];
    this.#searched = this.#store
      .segments()
      .flatMap(segment => made.find(each => each.segment === segment) ?? []);
    const sum = (of: (each: SearchedSegment) => number): number =>
      this.#searched.reduce((all, each) => all + of(each), 0);
    this.#pieces = sum(each => each.segment.pieces.length);
    this.#tokens = sum(each => each.segment.tokens.length);
    this.#average = this.#tokens / Math.max(1, this.#pieces);
    this.#counter.reserve(this.#store.words.size);
  }

  /** Best first. */
  rank(query: RankQuery): RankedPiece[] {
    const terms = this.#terms(query);
    const looked = this.#findCandidates(terms);
    const candidates = this.#candidates(query);
    this.#refine(candidates, terms.slice(looked), query);
    return choose(candidates, query.limit);
  }

  /** Rarest first. */
  #terms(query: RankQuery): Term[] {
    const { words } = this.#store;
    const parts = this.#parts;
    const keywords = new Set(languageOf(query.languageId, query.path).keywords);
    const names = (query.text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).slice(-mostNames);
    const byWord = new Map<number, Term>();
    const byPart = new Map<number, Term>();
    const add = (
      to: Map<number, Term>,
      id: number,
      weight: number,
      term: Pick<Term, 'word' | 'part' | 'count'>,
    ): void => {
      const known = to.get(id);
      if (known) known.weight += weight * againWeight;
      else if (term.count > 0) to.set(id, { ...term, weight });
    };
    for (let i = names.length - 1; i >= 0; i--) {
      const name = names[i] as string;
      if (name.length < 2 || keywords.has(name)) continue;
      const near = 1 - ((1 - farWeight) * (names.length - 1 - i)) / names.length;
      const its = partsOf(name);
      const word = its.length > 1 ? words.find(name, tokenKind.word) : -1;
      if (word >= 0) add(byWord, word, near, { word, part: -1, count: words.countOf(word) });
      for (const text of its) {
        const part = parts.find(text);
        const weight = its.length > 1 ? near * partWeight : near;
        if (part >= 0) add(byPart, part, weight, { word: -1, part, count: parts.countOf(part) });
      }
    }
    return [...byWord.values(), ...byPart.values()].sort((a, b) => a.count - b.count);
  }

  /** Scores the pieces that hold rare terms; returns how many terms that were. */
  #findCandidates(terms: readonly Term[]): number {
    let budget = Math.min(mostPlaces, Math.max(leastPlaces, this.#tokens * placesShare));
    let looked = 0;
    for (const term of terms) {
      if (looked > 0 && term.count > budget) break;
      const words = term.part < 0 ? [term.word] : this.#parts.wordsWith(term.part);
      budget -= term.count + lookupCost * words.length * this.#searched.length;
      let holding = 0;
      for (const each of this.#searched) holding += each.count(words);
      for (const each of this.#searched) each.add(term.weight * this.#rarity(holding), this.#average);
      looked++;
    }
    return looked;
  }

  /** Inverse document frequency, for a term that so many pieces hold. */
  #rarity(holding: number): number {
    return Math.log(1 + Math.max(0, this.#pieces - holding + 0.5) / (holding + 0.5));
  }

  /** The best so far; scores are forgotten. */
  #candidates(query: RankQuery): Candidate[] {
    const keep = Math.max(leastCandidates, 4 * query.limit);
    const weigh = weigher(query);
    const scores: number[] = [];
    for (const from of this.#searched) {
      const factors = from.factors(`${query.languageId} ${query.path}`, weigh);
      for (const piece of from.hits) {
        const file = from.fileOfPiece[piece] as number;
        const lives = from.segment.alive[file] === 1;
        scores.push(lives ? (from.scores[piece] as number) * (factors[file] as number) : 0);
      }
    }
    const bar = scores.length > keep ? largest(Float64Array.from(scores), keep) : 0;
    const best: Candidate[] = [];
    let at = 0;
    for (const from of this.#searched) {
      for (const piece of from.hits) {
        const score = scores[at++] as number;
        if (score >= bar && score > 0) best.push({ from, piece, score });
      }
      from.clear();
    }
    return best;
  }

  /** Adds what the common terms are worth, by reading the candidates. */
  #refine(candidates: readonly Candidate[], terms: readonly Term[], query: RankQuery): void {
    if (terms.length === 0) return;
    this.#counter.begin(terms);
    const values = terms.map(
      ({ weight, count }) => weight * this.#rarity(Math.min(this.#pieces, count * firstShare)),
    );
    const average = this.#average;
    const weigh = weigher(query);
    for (const each of candidates) {
      const { from, piece } = each;
      const length = from.lengthOf(piece);
      let sum = 0;
      this.#counter.count(from, piece, (term, count) => {
        sum += (values[term] as number) * saturated(count, length, average);
      });
      const factors = from.factors(`${query.languageId} ${query.path}`, weigh);
      each.score += sum * (factors[from.fileOfPiece[piece] as number] as number);
    }
  }
}

/** The `rank`-th largest value, by quickselect (Hoare 1961); mixes the values up. */
function largest(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  const wanted = rank - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] as number) > pivot) i++;
      while ((values[j] as number) < pivot) j--;
      if (i > j) break;
      const value = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = value;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted] as number;
}

/** Zero for the document that asks. */
function weigher({ path, languageId }: RankQuery): (other: string) => number {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const parent = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  const language = languageOf(languageId, path);
  const isKin = kinOf(path);
  const isCode = kinOf('');
  return other => {
    if (other === path) return 0;
    const same = languageOfPath(other)?.id === language.id || isKin(other);
    const near = other.startsWith(folder) && other.indexOf('/', folder.length) < 0;
    const sibling = parent.length > 1 && other.startsWith(parent);
    return (
      (same ? 1 : isCode(other) ? weights.otherCode : weights.data) *
      (near ? weights.sameFolder : sibling ? weights.siblingFolder : 1)
    );
  };
}

function choose(candidates: readonly Candidate[], limit: number): RankedPiece[] {
  const perFile = new Map<string, number>();
  const ranked: RankedPiece[] = [];
  for (const { from, piece, score } of [...candidates].sort((a, b) => b.score - a.score)) {
    const { segment, fileOfPiece } = from;
    const file = fileOfPiece[piece] as number;
    const path = segment.paths[file] as string;
    const count = perFile.get(path) ?? 0;
    if (count >= mostOfFile) continue;
    perFile.set(path, count + 1);
    const isLast = fileOfPiece[piece + 1] !== file;
    const end = (isLast ? segment.lines[file] : segment.pieceLines[piece + 1]) as number;
    ranked.push({ path, startLine: segment.pieceLines[piece] as number, endLine: end - 1, score });
    if (ranked.length === limit) break;
  }
  return ranked;
}
