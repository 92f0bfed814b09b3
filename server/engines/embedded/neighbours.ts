/**
 * The files nearest to the one that is being edited, as one stretch of tokens: those of its name, its folder and the
 * folders beside. It must not know what is predicted from them.
 */
import { isNewline } from '../../base/tokens.ts';
import type { TokenSegment } from '../../base/tokens.ts';
import { Occurrences } from './occurrences.ts';

/** Tokens in all, and of one file. */
const mostTokens = 48_000;
const mostOfFile = 8_000;
/** Tokens before the end of the stretch, where the nearest file stands, that count half. */
const halfDistance = 24_000;

interface Neighbour {
  readonly segment: TokenSegment;
  readonly index: number;
  readonly score: number;
}

/** What stands in the files near by: all tokens, and how lines begin. */
export interface Neighbours {
  readonly all: Occurrences;
  readonly heads: Occurrences;
}

/** Gathers the neighbours of `path`; the nearest stand at the end. */
export function neighboursOf(path: string, segments: readonly TokenSegment[]): Neighbours {
  const found: Neighbour[] = [];
  const nearness = nearnessTo(path);
  for (const segment of segments) {
    for (const [index, other] of segment.paths.entries()) {
      if (other === path || segment.alive[index] === 0) continue;
      const score = nearness(other);
      if (score > 0) found.push({ segment, index, score });
    }
  }
  found.sort((a, b) => b.score - a.score);
  const parts: Uint32Array[] = [];
  let total = 0;
  for (const { segment, index } of found) {
    if (total >= mostTokens) break;
    const start = segment.starts[index] as number;
    const end = segment.starts[index + 1] ?? segment.tokens.length;
    const part = segment.tokens.slice(start, Math.min(end, start + mostOfFile));
    parts.push(part);
    total += part.length;
  }
  const tokens = new Int32Array(total);
  let used = 0;
  for (const part of parts.reverse()) {
    tokens.set(part, used);
    used += part.length;
  }
  return {
    all: new Occurrences(tokens, halfDistance),
    heads: new Occurrences(headsOf(tokens), halfDistance / 5),
  };
}

/** The newlines of a row of tokens, each with the token behind it. */
function headsOf(tokens: Int32Array): Int32Array {
  const heads = new Int32Array(tokens.length);
  let size = 0;
  for (let p = 0; p + 1 < tokens.length; p++) {
    if (!isNewline((tokens[p] as number) >>> 1)) continue;
    heads[size++] = tokens[p] as number;
    heads[size++] = tokens[p + 1] as number;
  }
  return heads.slice(0, size);
}

/** How near another file is: 0 for far. */
function nearnessTo(path: string): (other: string) => number {
  const folder = folderOf(path);
  const parent = folderOf(folder.slice(0, -1));
  const stem = stemOf(path);
  const extension = extensionOf(path);
  return other => {
    const otherStem = stemOf(other);
    if (otherStem === stem) return 6;
    if (extensionOf(other) !== extension) return 0;
    const alike = commonStart(stem, otherStem) / Math.max(stem.length, otherStem.length, 1);
    if (other.startsWith(folder) && other.indexOf('/', folder.length) < 0) return 3 + alike;
    if (parent.length > 1 && other.startsWith(parent)) return 1 + alike;
    return alike > 0.7 ? alike : 0;
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const extensionOf = (path: string): string => path.slice(path.lastIndexOf('.'));

/** The name without folder and extension, and without what marks a test. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
  return name.replace(/^tests?_|_(?:tests?|spec)$|(?:Tests?|Spec)$/g, '').toLowerCase();
}

function commonStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}
