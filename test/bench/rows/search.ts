/**
 * Searching the workspace for similar code against MiniSearch: the same pieces of the same files, the same tokens, no
 * fuzzy search. Memory and building are what each takes beside the tokens, and ours beside their order, which the
 * embedded engine needs anyway; the table also says what they are with both.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tokenKind } from '../../../server/base/tokens.ts';
import { EmbeddedCompleter } from '../../../server/engines/embedded/completer.ts';
import { createCorpus } from '../../../server/index/corpus.ts';
import { Ranking } from '../../../server/index/search.ts';
import type { IndexSegment } from '../../../server/index/segments.ts';
import { TokenStore } from '../../../server/index/tokenStore.ts';
import { kinOf } from '../../../server/index/uses.ts';
import { partsOf } from '../../../server/index/wordParts.ts';
import { median, ms, type Row } from '../measure.ts';
import { randomFrom } from '../protocol.ts';
import { readSources } from '../sources.ts';

const FILES = 10_000;
const QUERIES = 120;
/** So many of ours, then the same of theirs, and so on. */
const BLOCK = 10;
/** Unmeasured rounds of ours, and unmeasured queries of theirs, each of which runs its loops a hundred times longer. */
const WARMING = 10;
/** Share of a piece’s names that a query keeps, and how many it takes at most: as the text around a cursor would be. */
const KEPT = 0.6;
const MOST_NAMES = 160;
const TOP = 10;

interface Piece {
  /** `path:line`. */
  readonly id: string;
  /** Names in order. */
  readonly names: readonly string[];
}

/** The part of MiniSearch that is used. */
interface TextSearch {
  addAll(documents: readonly { id: string; text: string }[]): void;
  search(query: string): readonly { id: string }[];
}
type TextSearchClass = new (options: object) => TextSearch;

const collect = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

function heldMb(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

const processor = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function build(files: readonly { path: string; text: string }[]) {
  const began = processor();
  const store = new TokenStore();
  for (const { path, text } of files) for (const _ of store.addInSlices(`/w/${path}`, text)) continue;
  store.seal();
  await new EmbeddedCompleter(createCorpus(store)).prepare(async () => {});
  const sorted = processor();
  const ranking = new Ranking(store);
  for (const _ of ranking.prepare()) continue;
  return { store, ranking, own: processor() - sorted, all: processor() - began };
}

function piecesOf(store: TokenStore): Piece[] {
  const all: Piece[] = [];
  for (const segment of store.segments()) {
    for (const [i, start] of segment.pieces.entries()) {
      const end = segment.pieces[i + 1] ?? segment.tokens.length;
      all.push({
        id: `${pathAt(segment, start)}:${segment.pieceLines[i]}`,
        names: namesIn(store, segment, start, end),
      });
    }
  }
  return all;
}

function pathAt({ starts, paths }: IndexSegment, p: number): string {
  const after = starts.findIndex(start => start > p);
  return paths[(after < 0 ? paths.length : after) - 1] ?? '';
}

function namesIn({ words }: TokenStore, { tokens }: IndexSegment, start: number, end: number): string[] {
  const names: string[] = [];
  for (let p = start; p < end; p++) {
    const id = tokens.idAt(p);
    if (words.kindOf(id) === tokenKind.word) names.push(words.textOf(id));
  }
  return names;
}

/** Names and their parts, as ours takes them. */
function tokenize(text: string): string[] {
  return text.split(' ').flatMap(name => {
    const parts = partsOf(name);
    return parts.length > 1 ? [name, ...parts] : parts;
  });
}

async function miniSearch(): Promise<TextSearchClass | undefined> {
  const name = 'minisearch';
  try {
    return ((await import(name)) as { default: TextSearchClass }).default;
  } catch {
    return undefined;
  }
}

/** One over the place of what was looked for. */
const reciprocal = (ids: readonly string[], wanted: string): number => {
  const at = ids.slice(0, TOP).indexOf(wanted);
  return at < 0 ? 0 : 1 / (at + 1);
};

export async function search(): Promise<Row[]> {
  const MiniSearch = await miniSearch();
  if (!MiniSearch) {
    console.error(
      'search: the package minisearch is not installed, so there is no baseline; run npm install',
    );
    return [];
  }
  const files = readSources({ files: FILES });
  await build(files.slice(0, 300));
  const empty = heldMb();
  const { store, ranking, own: ourBuild, all: wholeBuild } = await build(files);
  const ourMemory = heldMb() - empty;

  const pieces = piecesOf(store);
  const own = ranking.bytes / 2 ** 20;
  const documents = pieces.map(({ id, names }) => ({ id, text: names.join(' ') }));
  const before = heldMb();
  const began = processor();
  const theirs = new MiniSearch({ fields: ['text'], tokenize, processTerm: (term: string) => term });
  theirs.addAll(documents);
  const theirBuild = processor() - began;
  const theirMemory = heldMb() - before;

  const queries = draw(pieces);
  const times = { ours: [] as number[], theirs: [] as number[] };
  const found = { ours: 0, theirs: 0 };
  const timed = <T>(list: number[], work: () => T): T => {
    const start = performance.now();
    const result = work();
    list.push(performance.now() - start);
    return result;
  };
  // As in a session that has gone on for a while: compiled.
  for (let round = 0; round < WARMING; round++) {
    for (const { text } of queries) ranking.rank({ text, path: '', languageId: '', limit: TOP });
  }
  for (const { text } of queries.slice(0, WARMING)) theirs.search(text);
  for (let from = 0; from < queries.length; from += BLOCK) {
    const block = queries.slice(from, from + BLOCK);
    for (const { text, id } of block) {
      const ours = timed(times.ours, () => ranking.rank({ text, path: '', languageId: '', limit: TOP }));
      found.ours += reciprocal(
        ours.map(each => `${each.path}:${each.startLine}`),
        id,
      );
    }
    for (const { text, id } of block) {
      const other = timed(times.theirs, () => theirs.search(text));
      found.theirs += reciprocal(
        other.map(each => each.id),
        id,
      );
    }
  }
  const asked = queries.length;
  const rank = { ours: found.ours / asked, theirs: found.theirs / asked };
  const detail = {
    files: files.length,
    pieces: pieces.length,
    tokens: store.tokens,
    queries: queries.length,
  };
  const ratio = (name: string, ours: string, baseline: string, value: number, target: number): Row => ({
    name,
    ours,
    baseline,
    value,
    target: `≥ ${target}×`,
    met: value >= target,
    detail,
  });
  const [ourTime, theirTime] = [median(times.ours), median(times.theirs)];
  const mb = (value: number): string => `${value.toFixed(0)} MB`;
  return [
    ratio(
      `search, ${files.length} files, against MiniSearch`,
      ms(ourTime),
      ms(theirTime),
      theirTime / ourTime,
      300,
    ),
    ratio(
      'its memory',
      `${mb(own)} (${mb(ourMemory)} with tokens and order)`,
      mb(theirMemory),
      theirMemory / own,
      3,
    ),
    ratio(
      'its building, processor time',
      `${ms(ourBuild)} (${ms(wholeBuild)} with tokens and order)`,
      ms(theirBuild),
      theirBuild / ourBuild,
      3.5,
    ),
    {
      name: 'its ranking: MRR of the piece that a query was made from',
      ours: rank.ours.toFixed(3),
      baseline: rank.theirs.toFixed(3),
      value: rank.ours / rank.theirs,
      target: '≥ 0.98×',
      met: rank.ours >= 0.98 * rank.theirs,
      detail,
    },
  ];
}

/** Queries made of some names of a piece of code, in their order. */
function draw(pieces: readonly Piece[]): { id: string; text: string }[] {
  const random = randomFrom(1);
  const isCode = kinOf('');
  const worth = pieces.filter(
    ({ id, names }) => isCode(id.slice(0, id.lastIndexOf(':'))) && new Set(names).size >= 12,
  );
  return Array.from({ length: QUERIES }, () => {
    const piece = worth[Math.floor(random() * worth.length)] as Piece;
    const kept = piece.names.filter(() => random() < KEPT).slice(0, MOST_NAMES);
    return { id: piece.id, text: kept.join(' ') };
  });
}
