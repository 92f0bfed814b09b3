/**
 * The index as numbers that can be kept between sessions, and back: only what was learned from files on disk, only
 * words that these files have. It must not know where images are kept, nor whether a file may still be read.
 */
import { ContextOrder, TokenRow } from '../base/tokenRow.ts';
import type { IndexSegment } from './segments.ts';
import type { SavedNames, Symbols } from './symbols.ts';
import type { TokenStore } from './tokenStore.ts';

export type ImageArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export interface IndexImage {
  /** Survives JSON. */
  readonly meta: unknown;
  readonly arrays: readonly ImageArray[];
}

/** A file as it was when it was learned, to tell whether it still is. */
export interface FileState {
  readonly mtimeMs: number;
  /** Bytes on disk. */
  readonly size: number;
  /** UTF-16 units of text. */
  readonly length: number;
}

interface Meta {
  /** Path, modification time, bytes on disk, characters. */
  readonly files: readonly (readonly [string, number, number, number])[];
  readonly modules: readonly string[];
  /** Per segment the number of each of its files in `files`; -1 for one that is gone. */
  readonly segments: readonly (readonly number[])[];
}

/** To be counted up whenever text is cut into other tokens or images are laid out anew. */
export const imageVersion = 2;

/** Of the words, of the names, and of each segment. */
const headArrays = 6;
const segmentArrays = 10;

/**
 * An image of what is known of `files`. In slices; to be made while nothing is learned. Segments that are not sorted
 * yet are left out.
 */
export function* imageOf(
  store: TokenStore,
  symbols: Symbols,
  files: ReadonlyMap<string, FileState>,
): Generator<undefined, IndexImage> {
  const numbers = new Map<string, number>();
  const sorted = store.segments().filter(segment => segment.order !== undefined);
  const inSegments = new Set(
    sorted.flatMap(segment => segment.paths.filter((_, i) => segment.alive[i] === 1)),
  );
  const kept: [string, number, number, number][] = [];
  for (const [path, { mtimeMs, size, length }] of files) {
    if (store.has(path) && !inSegments.has(path)) continue;
    numbers.set(path, kept.length);
    kept.push([path, mtimeMs, size, length]);
  }
  yield;
  const names = symbols.save(kept.map(([path]) => path));
  const isKept = new Uint8Array(store.words.size);
  for (let i = 0; i < names.definitions.length; i += 2) isKept[names.definitions[i] as number] = 1;
  for (let i = 0; i < names.imports.length; i += 3) isKept[names.imports[i] as number] = 1;
  const lists: number[][] = [];
  const arrays: ImageArray[] = [];
  for (const segment of sorted) {
    const list = segment.paths.map((path, i) => (segment.alive[i] === 1 ? (numbers.get(path) ?? -1) : -1));
    lists.push(list);
    arrays.push(...arraysOf(segment));
    for (const [index, number] of list.entries()) if (number >= 0) markWords(segment, index, isKept);
    yield;
  }
  const words = store.words.save(id => isKept[id] === 1);
  yield;
  const meta: Meta = { files: kept, modules: names.modules, segments: lists };
  return {
    meta,
    arrays: [
      words.lengths,
      words.kinds,
      words.text,
      names.counts,
      names.definitions,
      names.imports,
      ...arrays,
    ],
  };
}

function arraysOf({ tokens, starts, lines, pieces, pieceLines, order }: IndexSegment): ImageArray[] {
  const { low, high, begins } = order as ContextOrder;
  return [tokens.words, tokens.locals, tokens.spaces, starts, lines, pieces, pieceLines, low, high, begins];
}

function markWords({ tokens, starts }: IndexSegment, index: number, isKept: Uint8Array): void {
  const { words, locals } = tokens;
  const end = starts[index + 1] ?? locals.length;
  for (let p = starts[index] as number; p < end; p++) isKept[words[locals[p] as number] as number] = 1;
}

/** The files of an image; undefined if it is none. */
export function filesOf({ meta }: IndexImage): ReadonlyMap<string, FileState> | undefined {
  if (!isMeta(meta)) return undefined;
  return new Map(meta.files.map(([path, mtimeMs, size, length]) => [path, { mtimeMs, size, length }]));
}

/**
 * Takes up what an image holds of the files that `current` names; the rest is as if it had never been learned, and
 * what was learned from files that are `refused` now is not even held.
 * Returns false, and leaves the index as it is, if the image cannot be one of ours.
 */
export function* adoptImage(
  { meta, arrays }: IndexImage,
  store: TokenStore,
  symbols: Symbols,
  current: ReadonlySet<string>,
  refused: ReadonlySet<string>,
): Generator<undefined, boolean> {
  if (!isMeta(meta) || arrays.length !== headArrays + segmentArrays * meta.segments.length) return false;
  const [lengths, kinds, text, counts, definitions, imports] = arrays;
  if (!(lengths instanceof Uint8Array && kinds instanceof Uint8Array && text instanceof Uint8Array))
    return false;
  if (
    !(counts instanceof Uint32Array && definitions instanceof Uint32Array && imports instanceof Uint32Array)
  ) {
    return false;
  }
  if (kinds.length !== lengths.length || counts.length !== 2 * meta.files.length) return false;
  const ids = store.words.load({ lengths, kinds, text });
  if (!ids) return false;
  yield;
  const paths = meta.files.map(([path]) => path);
  const segments: IndexSegment[] = [];
  for (const [i, list] of meta.segments.entries()) {
    const names = list.map(number => paths[number] ?? '');
    const segment = segmentOf(arrays.slice(headArrays + segmentArrays * i), names, ids);
    if (!segment) return false;
    for (const [index, path] of names.entries()) {
      if (current.has(path)) continue;
      segment.alive[index] = 0;
      if (refused.has(path)) segment.unwanted = true;
      segment.dead +=
        (segment.starts[index + 1] ?? segment.tokens.length) - (segment.starts[index] as number);
    }
    segments.push(segment);
    yield;
  }
  const names: SavedNames = { modules: meta.modules, counts, definitions, imports };
  if (!symbols.load(paths, names, ids, path => current.has(path))) return false;
  for (const segment of segments) {
    store.adopt(segment);
    yield;
  }
  return true;
}

function segmentOf(
  arrays: readonly (ImageArray | undefined)[],
  paths: string[],
  ids: Uint32Array,
): IndexSegment | undefined {
  const [words, locals, spaces, starts, lines, pieces, pieceLines, low, high, begins] = arrays;
  if (!(words instanceof Uint32Array && locals instanceof Uint16Array && spaces instanceof Uint8Array))
    return undefined;
  if (!(starts instanceof Uint32Array && lines instanceof Uint32Array)) return undefined;
  if (!(pieces instanceof Uint32Array && pieceLines instanceof Uint32Array)) return undefined;
  if (!(low instanceof Uint16Array && high instanceof Uint8Array && begins instanceof Uint32Array))
    return undefined;
  const { length } = locals;
  const fits =
    spaces.length === (length + 7) >>> 3 &&
    low.length === length &&
    high.length === length &&
    begins.length === words.length + 1 &&
    starts.length === paths.length &&
    lines.length === paths.length &&
    pieces.length === pieceLines.length &&
    words.every(id => id < ids.length);
  if (!fits) return undefined;
  return {
    tokens: new TokenRow(
      Uint32Array.from(words, id => ids[id] as number),
      locals,
      spaces,
    ),
    starts,
    lines,
    pieces,
    pieceLines,
    paths,
    alive: new Uint8Array(paths.length).fill(1),
    dead: 0,
    unwanted: false,
    full: words.length > 1 << 15,
    order: new ContextOrder(low, high, begins),
  };
}

function isMeta(meta: unknown): meta is Meta {
  if (typeof meta !== 'object' || meta === null) return false;
  const { files, modules, segments } = meta as Partial<Record<keyof Meta, unknown>>;
  return (
    Array.isArray(files) &&
    files.every(
      (each: unknown) =>
        Array.isArray(each) &&
        typeof each[0] === 'string' &&
        each.slice(1, 4).filter(Number.isFinite).length === 3,
    ) &&
    Array.isArray(modules) &&
    modules.every(each => typeof each === 'string') &&
    Array.isArray(segments) &&
    segments.every(each => Array.isArray(each) && each.every(number => Number.isSafeInteger(number)))
  );
}
