/**
 * Finds the files of the workspace that are worth learning from, nearest to the open file first, within limits. It
 * must not know what is done with a file; it reads nothing but folders.
 */
import type { DirectoryEntry, Files } from '../base/ports.ts';
import { isFolderWorthOpening, isPathWorthReading } from './worthLearning.ts';

/** The read gate as the crawl needs it: the entries of a folder that may be entered or read. */
export interface EntryGate {
  allowedEntries(directory: string, entries: readonly DirectoryEntry[]): Promise<readonly DirectoryEntry[]>;
}

export interface CrawlLimits {
  readonly maxFiles: number;
  /** Called between folders, to give the thread to others when it is time. */
  readonly breathe: () => Promise<void>;
}

export interface CrawlResult {
  /** Absolute paths, nearest first. */
  readonly paths: readonly string[];
  /** There were more files than the limit. */
  readonly cut: boolean;
}

/** Folders deeper than this below a root are not entered. */
const deepest = 40;
/** Files looked at for each that may be kept, so that the nearest can be chosen in a huge tree. */
const overview = 3;

/** Walks the roots. `near` is the path of the open file, if there is one. */
export async function findFiles(
  files: Files,
  gate: EntryGate,
  roots: readonly string[],
  near: string | undefined,
  limits: CrawlLimits,
  signal: AbortSignal,
): Promise<CrawlResult> {
  const found: string[] = [];
  const seen = new Set<string>();
  const queue = outermost(roots).map(path => ({ path, depth: 0 }));
  for (let next = 0; next < queue.length && !signal.aborted; next++) {
    const { path, depth } = queue[next] as { path: string; depth: number };
    if (found.length >= limits.maxFiles * overview) break;
    if (seen.has(path)) continue;
    seen.add(path);
    await limits.breathe();
    for (const entry of await gate.allowedEntries(path, await files.list(path))) {
      const child = `${path === '/' ? '' : path}/${entry.name}`;
      if (entry.kind === 'directory') {
        if (depth < deepest && isFolderWorthOpening(entry.name))
          queue.push({ path: child, depth: depth + 1 });
      } else if (entry.kind === 'file' && isPathWorthReading(child)) found.push(child);
    }
  }
  const ordered = near === undefined ? found : nearestFirst(found, near);
  return { paths: ordered.slice(0, limits.maxFiles), cut: found.length > limits.maxFiles };
}

/** Roots that lie in no other root. */
export function outermost(roots: readonly string[]): readonly string[] {
  const clean = [...new Set(roots.map(root => (root.length > 1 ? root.replace(/\/+$/, '') : root)))];
  return clean.filter(root => !clean.some(other => other !== root && root.startsWith(`${other}/`)));
}

/** Paths by how many steps through folders lead from `near` to them; equal ones keep their order. */
export function nearestFirst(paths: readonly string[], near: string): string[] {
  const here = near.split('/').slice(0, -1);
  const steps = (path: string): number => {
    const there = path.split('/').slice(0, -1);
    let shared = 0;
    while (shared < here.length && here[shared] === there[shared]) shared++;
    return here.length - shared + (there.length - shared);
  };
  return paths
    .map(path => ({ path, steps: steps(path) }))
    .sort((a, b) => a.steps - b.steps)
    .map(each => each.path);
}
