/**
 * A recorded editing session: JSON lines that say what a person did, key by key. Made from a repository's history by
 * typing the lines that its commits added, with slips of the finger; `tsx test/bench/context/session.ts REPO > FILE`
 * writes one.
 */
import { execFileSync } from 'node:child_process';
import { languageOfPath } from '../../../server/base/languages.ts';
import { isFolderWorthOpening, isPathWorthReading } from '../../../server/index/worthLearning.ts';
import { randomFrom } from '../protocol.ts';

/** One line of a session. Positions as in LSP. A key is an edit and the request that follows it. */
export type Step =
  | { readonly type: 'open'; readonly path: string; readonly text: string }
  /** A change without a request: what a person pastes, deletes or moves over. */
  | { readonly type: 'edit'; readonly path: string; readonly range: Range; readonly text: string }
  | { readonly type: 'key'; readonly path: string; readonly range: Range; readonly text: string }
  /** A request where the cursor went without typing. */
  | { readonly type: 'ask'; readonly path: string; readonly range: Range; readonly text: '' };

interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface Session {
  readonly name: string;
  /** The workspace before the session. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly steps: readonly Step[];
}

const LETTERS = 'etaoinsrhldc';
/** Of a hundred keys so many are slips, taken back at once. */
const SLIPS = 3;
/** After so many of a hundred hunks the person looks at another place and comes back. */
const GLANCES = 30;
/** Hunks of more lines are pasted, not typed. */
const MAX_HUNK = 60;

const git = (folder: string, ...argv: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'core.quotePath=false', ...argv], {
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();

export const readSession = (text: string): readonly Step[] =>
  text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => JSON.parse(line) as Step);

export const writeSession = (steps: readonly Step[]): string =>
  steps.map(step => `${JSON.stringify(step)}\n`).join('');

interface Hunk {
  readonly path: string;
  /** First line in the file after the commit, from 0, and what is taken out and put in there. */
  readonly line: number;
  readonly removed: number;
  readonly added: readonly string[];
}

/** Types the newest commits that came after `base`, oldest first, until there are `keys` keys. */
export function sessionFromHistory(folder: string, keys: number, commits = 40, seed = 1): Session {
  const history = git(
    folder,
    'rev-list',
    '--first-parent',
    '--no-merges',
    `--max-count=${commits + 1}`,
    'HEAD',
  )
    .trim()
    .split('\n')
    .toReversed();
  const base = history[0] as string;
  const texts = new Map<string, string>();
  for (const path of git(folder, 'ls-tree', '-r', '-z', '--name-only', base).split('\0')) {
    if (!worthReading(path)) continue;
    const text = git(folder, 'show', `${base}:${path}`);
    if (text.length < 300_000 && !text.includes('\0')) texts.set(path, text);
  }
  const files = [...texts].map(([path, text]) => ({ path, text }));
  const lines = new Map(files.map(({ path, text }) => [path, text.split('\n')]));
  const random = randomFrom(seed);
  const steps: Step[] = [];
  const opened = new Set<string>();
  let typed = 0;
  for (let i = 1; i < history.length && typed < keys; i++) {
    for (const hunk of hunksOf(folder, history[i - 1] as string, history[i] as string)) {
      const current = lines.get(hunk.path) ?? [];
      if (!opened.has(hunk.path)) {
        opened.add(hunk.path);
        steps.push({ type: 'open', path: hunk.path, text: current.join('\n') });
      }
      typed += typeHunk(hunk, current, steps, random, typed < keys && isTyped(hunk.path));
      lines.set(hunk.path, current);
      if (typed < keys && random() * 100 < GLANCES) steps.push(glance([...opened], lines, random));
    }
  }
  const name = folder.replace(/\/(?:repo|\.git)?\/?$/, '').replace(/^.*\//, '');
  return { name, files, steps };
}

/** Data is edited by tools: version bumps are no typing. */
function isTyped(path: string): boolean {
  const language = languageOfPath(path);
  return language !== undefined && !/^(?:json|jsonc|yaml|toml|ini|xml|html)$/.test(language.id);
}

function glance(
  opened: readonly string[],
  lines: ReadonlyMap<string, readonly string[]>,
  random: () => number,
): Step {
  const path = opened[Math.floor(random() * opened.length)] as string;
  const text = lines.get(path) ?? [];
  const line = Math.floor(random() * text.length);
  const place = { line, character: (text[line] ?? '').length };
  return { type: 'ask', path, range: { start: place, end: place }, text: '' };
}

/** Carries a hunk out on the lines and writes down how; returns the keys it took. */
function typeHunk(
  { path, line, removed, added }: Hunk,
  lines: string[],
  steps: Step[],
  random: () => number,
  mayType: boolean,
): number {
  const at = (row: number, character: number) => ({ line: row, character });
  const edit = (type: 'edit' | 'key', start: Range['start'], end: Range['start'], text: string) =>
    steps.push({ type, path, range: { start, end }, text });
  const row = Math.min(line, lines.length);
  if (removed > 0) edit('edit', at(row, 0), at(row + removed, 0), '');
  lines.splice(row, removed);
  if (added.length === 0) return 0;
  const atEnd = row >= lines.length;
  lines.splice(row, 0, ...added);
  if (!mayType || added.length > MAX_HUNK) {
    edit('edit', at(row, 0), at(row, 0), atEnd ? `\n${added.join('\n')}` : `${added.join('\n')}\n`);
    return 0;
  }
  let keys = 0;
  // A new line is opened first, as editors do; its indentation comes by itself.
  for (const [i, text] of added.entries()) {
    const indent = /^\s*/.exec(text)?.[0] ?? '';
    if (i === 0) edit('edit', at(row, 0), at(row, 0), `${indent}\n`);
    else
      edit(
        'key',
        at(row + i - 1, (added[i - 1] as string).length),
        at(row + i - 1, (added[i - 1] as string).length),
        `\n${indent}`,
      );
    keys += i === 0 ? 0 : 1;
    for (let column = indent.length; column < text.length; column++) {
      const place = at(row + i, column);
      if (random() * 100 < SLIPS) {
        edit('key', place, place, LETTERS[Math.floor(random() * LETTERS.length)] as string);
        edit('key', place, at(row + i, column + 1), '');
        keys += 2;
      }
      edit('key', place, place, text[column] as string);
      keys++;
    }
  }
  return keys;
}

function hunksOf(folder: string, from: string, to: string): Hunk[] {
  const hunks: { path: string; line: number; removed: number; added: string[] }[] = [];
  let path: string | undefined;
  const diff = git(folder, 'diff', '--no-color', '--no-ext-diff', '--no-renames', '-U0', from, to);
  for (const line of diff.split('\n')) {
    const file = /^\+\+\+ (?:b\/)?(.*)$/.exec(line)?.[1];
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))?/.exec(line);
    if (file !== undefined) path = file !== '/dev/null' && worthReading(file) ? file : undefined;
    else if (hunk && path !== undefined) {
      const count = Number(hunk[3] ?? 1);
      const start = Number(hunk[2]);
      hunks.push({ path, line: count === 0 ? start : start - 1, removed: Number(hunk[1] ?? 1), added: [] });
    } else if (line.startsWith('+') && path !== undefined) hunks.at(-1)?.added.push(line.slice(1));
  }
  return hunks;
}

function worthReading(path: string): boolean {
  return path !== '' && path.split('/').slice(0, -1).every(isFolderWorthOpening) && isPathWorthReading(path);
}

if (process.argv[1] === import.meta.filename) {
  const [folder = '.', keys = '2000'] = process.argv.slice(2);
  process.stdout.write(writeSession(sessionFromHistory(folder, Number(keys)).steps));
}
