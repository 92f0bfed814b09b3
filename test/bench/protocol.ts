/**
 * The commit-time protocol: the workspace is a tree some hundred commits ago, the tests are lines that were added
 * since. Reads local git repositories; knows nothing of the engine.
 */
import { execFileSync } from 'node:child_process';
import { languageOfPath } from '../../server/base/languages.ts';
import {
  isFolderWorthOpening,
  isPathWorthReading,
  isTextWorthLearning,
  largestFile,
} from '../../server/index/worthLearning.ts';

export interface Case {
  readonly path: string;
  readonly languageId: string;
  readonly above: readonly string[];
  readonly left: string;
  /** What the person wrote: the rest of the line, and its first token. */
  readonly rest: string;
  readonly token: string;
  /** Lines with text that the person has below, at most twelve. */
  readonly next: readonly string[];
  /** Lines below that were there before the change. */
  readonly below: readonly string[];
}

export interface Repository {
  readonly name: string;
  readonly base: string;
  readonly head: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly lines: number;
  readonly cases: readonly Case[];
}

/** A small generator with a fixed seed (mulberry32), so that every run draws the same cases. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Tokens by a rule of their own, so that the cut does not depend on the lexer that is measured. */
export const tokenPattern =
  /[\p{L}_$][\p{L}\p{N}_$]*|\p{N}[\p{L}\p{N}_.]*|===|!==|=>|==|!=|<=|>=|->|::|&&|\|\||\+=|-=|\.\.\.|[^\s]/gu;

function git(folder: string, argv: readonly string[], input?: string): Buffer {
  return execFileSync('git', ['-C', folder, '-c', 'core.quotePath=false', ...argv], {
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input === undefined ? {} : { input }),
  });
}

function worthReading(path: string): boolean {
  return path.split('/').slice(0, -1).every(isFolderWorthOpening) && isPathWorthReading(path);
}

/** Reads objects named `commit:path`; missing ones are undefined. */
function readObjects(folder: string, names: readonly string[]): (string | undefined)[] {
  const output = git(folder, ['cat-file', '--batch'], `${names.join('\n')}\n`);
  const texts: (string | undefined)[] = [];
  let at = 0;
  for (const _ of names) {
    const end = output.indexOf(10, at);
    const head = output.subarray(at, end).toString();
    at = end + 1;
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(head)?.[1];
    if (size === undefined) {
      texts.push(undefined);
      continue;
    }
    const bytes = output.subarray(at, at + Number(size));
    texts.push(bytes.length > largestFile || bytes.includes(0) ? undefined : bytes.toString());
    at += Number(size) + 1;
  }
  return texts;
}

/** Line numbers (zero-based) that were added to each file between two commits. */
function addedLines(folder: string, base: string, head: string): Map<string, Set<number>> {
  const added = new Map<string, Set<number>>();
  let lines: Set<number> | undefined;
  let next = 0;
  const diff = git(folder, ['diff', '--no-color', '--no-ext-diff', '-U0', '-M', base, head]).toString();
  for (const line of diff.split('\n')) {
    const file = /^\+\+\+ b\/(.*)$/.exec(line)?.[1];
    const hunk = /^@@ -\S+ \+(\d+)/.exec(line)?.[1];
    if (file !== undefined) {
      lines = new Set();
      if (worthReading(file)) added.set(file, lines);
    } else if (hunk !== undefined) next = Number(hunk) - 1;
    else if (line.startsWith('+') && !line.startsWith('+++')) lines?.add(next++);
  }
  return added;
}

/** Reads a repository and draws `count` cases from what was added in its last `commits` first-parent commits. */
export function readRepository(folder: string, commits: number, count: number, seed = 1): Repository {
  const one = (argv: readonly string[]): string => git(folder, argv).toString().trim();
  const head = one(['rev-parse', 'HEAD']);
  const history = one(['rev-list', '--first-parent', `--max-count=${commits + 1}`, 'HEAD']).split('\n');
  const base = history[history.length - 1] ?? head;
  const paths = git(folder, ['ls-tree', '-r', '-z', '--name-only', base])
    .toString()
    .split('\0')
    .filter(worthReading);
  const texts = readObjects(
    folder,
    paths.map(path => `${base}:${path}`),
  );
  const files = paths.flatMap((path, i) => {
    const text = texts[i];
    return text !== undefined && isTextWorthLearning(text) ? [{ path, text }] : [];
  });
  const random = randomFrom(seed);
  const added = addedLines(folder, base, head);
  const drawn: { path: string; line: number }[] = [];
  for (const [path, lines] of added) {
    const language = languageOfPath(path);
    if (!language || language.prose || /^(?:json|jsonc|yaml|toml|ini|xml|html)$/.test(language.id)) continue;
    for (const line of lines) drawn.push({ path, line });
  }
  shuffle(drawn, random);
  const current = new Map<string, readonly string[] | undefined>();
  const cases: Case[] = [];
  for (const { path, line } of drawn) {
    if (cases.length >= count) break;
    if (!current.has(path)) {
      const text = readObjects(folder, [`${head}:${path}`])[0];
      current.set(path, text !== undefined && isTextWorthLearning(text) ? text.split(/\r?\n/) : undefined);
    }
    const lines = current.get(path);
    const made = lines && makeCase(path, lines, line, added.get(path) ?? new Set(), random);
    if (made) cases.push(made);
  }
  const name = folder.replace(/\/(?:repo|\.git)?\/?$/, '').replace(/^.*\//, '');
  return {
    name,
    base,
    head,
    files,
    lines: files.reduce((sum, each) => sum + each.text.split('\n').length, 0),
    cases,
  };
}

function makeCase(
  path: string,
  lines: readonly string[],
  line: number,
  added: ReadonlySet<number>,
  random: () => number,
): Case | undefined {
  const text = lines[line] ?? '';
  const language = languageOfPath(path);
  const trimmed = text.trim();
  if (!language || trimmed.length < 6 || trimmed.length > 200) return undefined;
  if (language.lineComments.some(mark => trimmed.startsWith(mark))) return undefined;
  if (/^(?:\/\*|\*|"""|'''|<!--)/.test(trimmed)) return undefined;
  const tokens = [...text.matchAll(tokenPattern)];
  const cut = tokens[Math.floor(random() * tokens.length)];
  if (!cut) return undefined;
  const below = lines.slice(line + 1).filter((_, i) => !added.has(line + 1 + i));
  return {
    path,
    languageId: language.id,
    above: lines.slice(0, line),
    left: text.slice(0, cut.index),
    rest: text.slice(cut.index).trimEnd(),
    token: cut[0],
    next: lines
      .slice(line + 1, line + 40)
      .filter(each => each.trim())
      .slice(0, 12),
    below,
  };
}

export function shuffle<T>(list: T[], random: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
}

/** 2·LCS/(a+b) over characters, in 0…1. */
export function editSimilarity(a: string, b: string): number {
  if (a.length + b.length === 0) return 1;
  let row = new Uint16Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    const next = new Uint16Array(b.length + 1);
    for (let j = 0; j < b.length; j++) {
      next[j + 1] = a[i] === b[j] ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0);
    }
    row = next;
  }
  return (2 * (row[b.length] ?? 0)) / (a.length + b.length);
}
