/**
 * The tests that a change can concern, by who names whom: those that name a changed file or its subject, those that name
 * a file that names it, and so on. And how a runner is told to run only them. It must not run anything.
 */
import type { Check } from '../../analysis/checks/checks.ts';
import { bare } from '../integrity/code.ts';
import { familyOf, isFoundAsTest, subjectOf } from '../integrity/files.ts';

/** Files further away than this many imports are not followed. */
const MOST_STEPS = 3;
/** More tests than this are all of them. */
const MOST_TESTS = 60;

/** Test files by path, nearest first; undefined where no choice can be made. `text` is asked for code alone. */
export async function impactedTests(
  changed: readonly string[],
  paths: readonly string[],
  text: (path: string) => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const code = paths.filter(path => familyOf(path) !== undefined);
  const named = new Map<string, ReadonlySet<string>>();
  for (const path of code) {
    signal.throwIfAborted();
    named.set(path, namesIn(path, (await text(path)) ?? ''));
  }
  const found = new Set(changed.filter(path => isFoundAsTest(path) && paths.includes(path)));
  let near = new Set(changed.filter(path => familyOf(path) !== undefined));
  const seen = new Set(near);
  for (let step = 0; step < MOST_STEPS && near.size > 0 && found.size <= MOST_TESTS; step++) {
    const words = new Set([...near].map(moduleOf));
    const next = new Set<string>();
    for (const path of code) {
      const isAbout = [...near].some(each => subjectOf(each) === subjectOf(path) && isFoundAsTest(path));
      if (!isAbout && ![...words].some(word => named.get(path)?.has(word))) continue;
      if (isFoundAsTest(path)) found.add(path);
      else if (!seen.has(path)) next.add(path);
    }
    for (const path of next) seen.add(path);
    near = next;
  }
  return found.size === 0 || found.size > MOST_TESTS ? undefined : [...found];
}

/** What a file is called where it is imported; that of an index file is its folder. */
function moduleOf(path: string): string {
  const parts = path.split('/');
  const base = (parts.at(-1) ?? '').replace(/\.[^.]*$/, '').replace(/\.(?:d|test|spec)$/, '');
  // A package of Go, and a folder with an index, go by the folder's name.
  const isFolder = /^(?:index|__init__|mod|lib|main)$/.test(base) || path.endsWith('.go');
  return (isFolder ? (parts.at(-2) ?? base) : base).toLowerCase();
}

/** The last parts of what a file's lines of imports name. */
function namesIn(path: string, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const family = familyOf(path);
  for (const line of bare(text, family, false).split('\n')) {
    if (
      line.length > 500 ||
      !/\b(?:import|from|require|use|using|include|load|mod|crate|export)\b|^\s*"/.test(line)
    )
      continue;
    for (const [word] of line.matchAll(/[A-Za-z_][\w-]*/g)) names.add(word.toLowerCase());
  }
  // Files of one package of Go see each other without a word.
  if (path.endsWith('.go')) names.add(moduleOf(path));
  return names;
}

/** The same check for these test files alone; undefined where its runner cannot be told. `script` is what its name runs. */
export function narrowed(check: Check, files: readonly string[], script: string): Check | undefined {
  const own = files
    .filter(path => check.folder === '' || path.startsWith(`${check.folder}/`))
    .map(path => (check.folder === '' ? path : path.slice(check.folder.length + 1)));
  // A name that begins like an option would be one.
  if (own.length === 0 || own.some(path => path.startsWith('-'))) return undefined;
  const with_ = (args: readonly string[]): Check => ({
    ...check,
    id: `${check.id} (impacted)`,
    arguments: args,
  });
  if (check.tool === 'pytest')
    return with_([...check.arguments, ...own.filter(path => path.endsWith('.py'))]);
  if (check.tool === 'go test') {
    const folders = new Set(
      own.map(path => `./${path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'}`),
    );
    return with_(['test', ...folders]);
  }
  // These take names of files as filters of what they would run.
  const filters = /\b(?:jest|vitest|ava)\b/.test(script) && !/&&|\|\||;/.test(script);
  return check.script && filters ? with_([...check.arguments, '--', ...own]) : undefined;
}
