/**
 * Real source text for rows that need much of it: the folders named in CODRIVER_BENCH_SOURCES (separated as in PATH),
 * else what npm installed here. Files are cut into parts where there are too few.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, extname, join } from 'node:path';
import { isPathWorthReading, isTextWorthLearning, largestFile } from '../../server/index/worthLearning.ts';

const MODULES = join(import.meta.dirname, '..', '..', 'node_modules');

export interface Source {
  /** Relative, made up for a part of a file. */
  readonly path: string;
  readonly text: string;
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') yield* walk(path);
    } else if (entry.isFile() && isPathWorthReading(path)) yield path;
  }
}

/** Where the text comes from, for the table. */
export function sourceFolders(): readonly string[] {
  return process.env['CODRIVER_BENCH_SOURCES']?.split(delimiter).filter(Boolean) ?? [MODULES];
}

/** At most so many lines, or so many files (then longer files are cut to reach the number). */
export function readSources(limits: { lines?: number; files?: number }): Source[] {
  const all: Source[] = [];
  let lines = 0;
  for (const folder of sourceFolders()) {
    for (const path of walk(folder)) {
      if (statSync(path).size > largestFile) continue;
      const text = readFileSync(path, 'utf8');
      if (text.includes('\0') || !isTextWorthLearning(text)) continue;
      const own = text.split('\n').length;
      if (limits.lines !== undefined && lines + own > limits.lines) return all;
      lines += own;
      all.push({ path: path.slice(dirname(folder).length + 1), text });
    }
  }
  if (limits.files === undefined) return all;
  return cutTo(all, limits.files, lines).slice(0, limits.files);
}

function cutTo(all: readonly Source[], files: number, lines: number): Source[] {
  if (all.length >= files) return [...all];
  const longest = Math.max(30, Math.floor(lines / files));
  return all.flatMap(({ path, text }) => {
    const rows = text.split('\n');
    const parts = Math.ceil(rows.length / longest);
    const suffix = extname(path);
    return Array.from({ length: parts }, (_, i) => ({
      path: parts === 1 ? path : `${path.slice(0, path.length - suffix.length)}.part${i}${suffix}`,
      text: rows.slice(i * longest, (i + 1) * longest).join('\n'),
    }));
  });
}
