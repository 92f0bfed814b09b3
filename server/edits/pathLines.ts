/**
 * Which file the prose around a block or a fence names: a line above it, a fence's info string, a path in backticks.
 * Pure; it must not know what stands in the block.
 */
import { cleanPath, looksLikePath } from './paths.ts';

const FENCE = /^\s{0,3}(?:`{3,}|~{3,})(.*)$/;

/** The nearest line above line `marker`, not before `from`, that names a file; a fence's info string may too. */
export function pathAbove(
  lines: readonly string[],
  from: number,
  marker: number,
  known: readonly string[],
): string | undefined {
  let seen = 0;
  for (let i = marker - 1; i >= from && seen < 3; i--) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const fence = FENCE.exec(line);
    if (fence !== null) {
      const named = pathInFence(fence[1] ?? '', known);
      if (named !== undefined) return named;
      continue;
    }
    seen++;
    const path = cleanPath(line);
    if (path !== undefined && looksLikePath(path, known)) return path;
    const quoted = quotedPath(line, known);
    if (quoted !== undefined) return quoted;
  }
  return undefined;
}

/** "ts src/a.ts", "ts:src/a.ts", "src/a.ts", `ts title="src/a.ts"`. */
export function pathInFence(info: string, known: readonly string[]): string | undefined {
  for (const word of info.trim().split(/\s+/)) {
    const bare = word.replace(/^(?:title|file|filename|path)=/i, '').replace(/^["']|["']$/g, '');
    for (const candidate of [bare, bare.slice(bare.indexOf(':') + 1)]) {
      const path = cleanPath(candidate);
      if (path !== undefined && looksLikePath(path, known) && /[./]/.test(path)) return path;
    }
  }
  return undefined;
}

/** "Change `src/a.ts` like this:" */
function quotedPath(line: string, known: readonly string[]): string | undefined {
  const found = new Set<string>();
  if (line.length > 500) return undefined;
  for (const match of line.matchAll(/`([^`]+)`/g)) {
    const path = cleanPath(match[1] ?? '');
    if (path !== undefined && looksLikePath(path, known) && /\.\w+$/.test(path)) found.add(path);
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
