/**
 * What the network sees of a place and of one candidate for the next token: numbers of order one. The order of the
 * numbers is part of the trained weights; a change here means training again. It must not know the network.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { maxDepth, sources } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { FileSource } from './fileSource.ts';
import { inCommon, shapes } from './names.ts';
import type { Names } from './names.ts';

/** Numbers about the place, the same for all candidates. */
export const placeFeatures = 15 + 3 * sources;
/** Numbers about one candidate. */
export const candidateFeatures = 31 + 5 * sources + shapes;

/** A bracket that is open at a place. */
export interface Open {
  readonly opener: number;
  readonly closer: number;
  /** The word directly before it, or -1, and the commas in it so far. */
  readonly callee: number;
  readonly commas: number;
}

/** How the lines at a place begin: first and second token of this one and of the one before, first of that above. */
export interface Heads {
  readonly first: number;
  readonly next: number;
  readonly before: number;
  readonly beforeNext: number;
  readonly above: number;
  /** The newlines before this line and before the one before. */
  readonly newline: number;
  readonly beforeNewline: number;
}

/** What is known of the place besides the evidence. */
export interface Place {
  /** Ids up to the cursor, the latest last. */
  readonly ids: readonly number[];
  /** Tokens on the current line so far. */
  readonly column: number;
  /** Open brackets, innermost last. */
  readonly opens: readonly Open[];
  readonly heads: Heads;
  /** How many of `opens` were opened on this line. */
  readonly openedHere: number;
  readonly inString: boolean;
}

export interface Setting {
  readonly words: Vocabulary;
  readonly names: Names;
  /** What the file may name after itself. */
  readonly stems: ReadonlySet<number>;
  readonly file: FileSource;
  readonly keywords: ReadonlySet<number>;
  readonly closers: ReadonlySet<number>;
  readonly comma: number;
  readonly workspaceTokens: number;
  readonly indentBlocks: boolean;
  /** The first token right of the cursor on the line, or -1. */
  readonly right: number;
}

const log = (x: number): number => Math.log(Math.max(x, 1e-9));
/** A probability as a number between about -1 and 1. */
const odds = (p: number): number => log(p) / 6 + 1;

/** Class of a token for one-hot features: word, keyword, number, operator, open, close, newline, special. */
function classOf(id: number, setting: Setting): number {
  const kind = setting.words.kindOf(id);
  if (kind === tokenKind.word) return setting.keywords.has(id) ? 1 : 0;
  if (kind === tokenKind.number) return 2;
  if (kind === tokenKind.operator) return 3;
  if (kind === tokenKind.open) return 4;
  if (kind === tokenKind.close) return 5;
  return isNewline(id) ? 6 : 7;
}

/** Fills `out` with the place's numbers. */
export function describePlace(place: Place, evidence: Evidence, setting: Setting, out: Float32Array): void {
  out.fill(0);
  let i = 0;
  for (let from = 0; from < sources; from++) {
    out[i++] = (evidence.deepest[from] as number) / maxDepth;
    out[i++] = log((evidence.total[from] as number) + 1) / 6;
    out[i++] = evidence.best[from] as number;
  }
  const last = place.ids[place.ids.length - 1] ?? specialToken.file;
  out[i + classOf(last, setting)] = 1;
  i += 8;
  out[i++] = Math.min(1, place.column / 12);
  out[i++] = Math.min(1, place.openedHere / 3);
  out[i++] = place.inString ? 1 : 0;
  out[i++] = Math.log1p(setting.workspaceTokens) / 16;
  out[i++] = Math.log1p(setting.file.size) / 10;
  out[i++] = setting.indentBlocks ? 1 : 0;
  out[i] = setting.right >= 0 ? 1 : 0;
}

/** Parts of the names around a place: of the last word, of the line so far, of what is called, of what stands before. */
export interface Kin {
  readonly before: readonly number[];
  readonly line: readonly number[];
  readonly callee: readonly number[];
  readonly earlier: readonly number[];
}

/** The parts of the names that a candidate at `place` may have in common with. */
export function kinOf({ ids, column, opens }: Place, { names, keywords }: Setting): Kin {
  const start = ids.length - column;
  let before: readonly number[] = [];
  const line: number[] = [];
  const earlier: number[] = [];
  for (const [i, id] of ids.entries()) {
    if (keywords.has(id)) continue;
    const { parts } = names.of(id);
    if (parts.length === 0) continue;
    if (i < start) earlier.push(...parts);
    else {
      line.push(...parts);
      before = parts;
    }
  }
  const callee = opens[opens.length - 1]?.callee ?? -1;
  return { before, line, callee: callee >= 0 ? names.of(callee).parts : [], earlier };
}

/** Fills `out` from `at` on with the numbers of the candidate in `slot`. */
export function describeCandidate(
  slot: number,
  place: Place,
  evidence: Evidence,
  setting: Setting,
  kin: Kin,
  out: Float32Array,
  at: number,
): void {
  out.fill(0, at, at + candidateFeatures);
  const id = evidence.ids[slot] as number;
  let i = at;
  for (let from = 0; from < sources; from++) {
    const depth = (evidence.depth[from] as Uint8Array)[slot] as number;
    const weight = (evidence.deepWeight[from] as Float32Array)[slot] as number;
    out[i++] = odds((evidence.probability[from] as Float32Array)[slot] as number);
    out[i++] = weight > 0 ? depth / maxDepth : -0.25;
    out[i++] = log(weight + 1) / 4;
    out[i++] = weight > 0 ? ((evidence.deepShare[from] as Float32Array)[slot] as number) : 0;
    // The candidate is known to the deepest context that there is.
    out[i++] = weight > 0 && depth === evidence.deepest[from] ? 1 : 0;
  }
  const near = evidence.near[slot] as number;
  out[i++] = near > 0 ? 0.3 + log(near + 1) / 6 : 0;
  const kind = classOf(id, setting);
  for (let k = 0; k < 8; k++) out[i++] = k === kind ? 1 : 0;
  const inFile = setting.file.countOf(id);
  out[i++] = Math.log1p(setting.words.countOf(id)) / 12;
  out[i++] = Math.log1p(inFile) / 6;
  const distance = setting.file.distanceOf(id);
  out[i++] = distance === Infinity ? 0 : 1 / (1 + distance / 40);
  out[i++] = distance === Infinity ? 0 : 1 / (1 + distance / 400);
  out[i++] = setting.file.occursBelow(id) ? 1 : 0;
  const ids = place.ids;
  const end = ids.length;
  out[i++] = ids[end - 1] === id ? 1 : 0;
  out[i++] = ids[end - 2] === id ? 1 : 0;
  out[i++] = kind < 3 && occursIn(ids, end - place.column, id) ? 1 : 0;
  const awaited = place.opens[place.opens.length - 1]?.closer ?? -1;
  out[i++] = setting.closers.has(id) ? (id === awaited ? 1 : -1) : 0;
  out[i++] = setting.closers.has(id) && place.openedHere > 0 ? 1 : 0;
  out[i++] = isNewline(id) ? Math.min(1, (1 + place.openedHere) / 3) : 0;
  out[i++] = setting.right >= 0 && id === setting.right ? 1 : 0;
  out[i++] = kind === 0 ? Math.min(1, setting.words.lengthOf(id) / 20) : 0;
  out[i++] = inFile === 0 && setting.words.countOf(id) === 0 ? 1 : 0;
  const name = setting.names.of(id);
  if (name.shape >= 0) out[i + name.shape] = 1;
  i += shapes;
  const { parts } = name;
  if (kind === 0 && parts.length > 0) {
    const { before, line, callee, earlier } = kin;
    const share = 1 / parts.length;
    if (before.length > 0) {
      const both = inCommon(parts, before);
      out[i] = both * share;
      out[i + 1] = both / before.length;
    }
    out[i + 2] = inCommon(parts, line) * share;
    if (callee.length > 0) {
      const both = inCommon(parts, callee);
      out[i + 3] = both * share;
      out[i + 4] = both / callee.length;
    }
    out[i + 5] = inCommon(parts, earlier) * share;
  }
  i += 6;
  out[i++] = setting.stems.has(id) ? 1 : 0;
  // Whether other calls have more arguments, for what would end this one or go on with it.
  const { longer, ended } = evidence.calls;
  if (longer + ended > 0 && (id === awaited || id === setting.comma)) {
    const goesOn = (2 * longer) / (longer + ended + 0.5) - 1;
    out[i] = id === awaited ? -goesOn : goesOn;
  }
}

function occursIn(ids: readonly number[], from: number, id: number): boolean {
  for (let i = ids.length - 1; i >= from && i >= 0; i--) if (ids[i] === id) return true;
  return false;
}
