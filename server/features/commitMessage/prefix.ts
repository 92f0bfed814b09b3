/**
 * The prefix that a change's subject gets in a repository's own way: learned from which prefixes commits to the same
 * and to neighbouring files had. Pure; it must not know how the subject goes on.
 */
import type { ChangeType, Fact } from './facts.ts';
import { commonFolder, folderOf, kindOf, stemOf } from './files.ts';
import { type PastCommit, readSubject, type Style } from './style.ts';

/** Commits that have a say, the most similar ones. */
const VOTERS = 9;
/** Similarity below which a commit is about something else. */
const RELATED = 0.34;
/** Scopes that count as usual, the commonest ones. */
const USUAL_SCOPES = 6;

/** How near two sets of paths are, 0…1: the same files, then the same folders. */
function similarity(paths: readonly string[], commit: PastCommit): number {
  if (paths.length === 0 || commit.paths.length === 0) return 0;
  let sum = 0;
  for (const path of paths) {
    let best = 0;
    for (const other of commit.paths) best = Math.max(best, nearness(path, other));
    sum += best;
  }
  // A commit to everything says little about anything.
  return sum / paths.length / (1 + Math.log2(1 + commit.paths.length / (4 + paths.length)));
}

function nearness(a: string, b: string): number {
  if (a === b) return 1;
  const [x, y] = [folderOf(a).split('/'), folderOf(b).split('/')];
  if (x[0] === '' && y[0] === '') return 0.3;
  let same = 0;
  while (same < x.length && x[same] === y[same]) same++;
  return (0.8 * same) / Math.max(x.length, y.length);
}

/** Values with the weight of the most similar commits that have one, the weightiest first. */
function vote(
  paths: readonly string[],
  past: readonly PastCommit[],
  valueOf: (commit: PastCommit) => string | undefined,
): readonly { readonly value: string; readonly share: number; readonly best: number }[] {
  const voters = past
    .flatMap(commit => {
      const value = valueOf(commit);
      return value === undefined ? [] : [{ value, weight: similarity(paths, commit) }];
    })
    .filter(({ weight }) => weight > 0.05)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, VOTERS);
  const all = voters.reduce((sum, { weight }) => sum + weight, 0);
  const by = new Map<string, { sum: number; best: number }>();
  for (const { value, weight } of voters) {
    const known = by.get(value) ?? { sum: 0, best: 0 };
    by.set(value, { sum: known.sum + weight, best: Math.max(known.best, weight) });
  }
  return [...by]
    .map(([value, { sum, best }]) => ({ value, share: all === 0 ? 0 : sum / all, best }))
    .sort((a, b) => b.share - a.share);
}

/** What stands before the subject's sentence, punctuation and blank included; empty: nothing. */
export function prefixFor(style: Style, facts: readonly Fact[], paths: readonly string[]): string {
  // Tests, documents and lock files go along with what they are about.
  const leading = paths.filter(path => kindOf(path) === 'code');
  const about = leading.length > 0 ? leading : paths;
  if (style.prefix === 'conventional') {
    const type = conventionalType(style, facts, about);
    const scope = style.scoped >= 0.4 ? scopeFor(style, about) : undefined;
    return `${type}${scope ? `(${scope})` : ''}: `;
  }
  if (style.prefix === 'none') return '';
  const value = (commit: PastCommit) => {
    const read = readSubject(commit.subject);
    return read.kind === style.prefix ? read.prefix : undefined;
  };
  const [first] = vote(about, style.past, value);
  if (style.prefix === 'emoji') return first ? `${first.value} ` : '';
  const learned =
    first && first.best >= RELATED && first.share >= 0.4 ? first.value : derivedArea(style, about);
  if (learned === undefined) return '';
  return style.prefix === 'area' ? `${learned}: ` : `[${learned}] `;
}

const NEIGHBOURS: Readonly<Record<ChangeType, readonly string[]>> = {
  feat: ['feat', 'feature', 'add'],
  fix: ['fix', 'bugfix'],
  refactor: ['refactor', 'chore', 'misc'],
  style: ['style', 'chore', 'refactor'],
  docs: ['docs', 'doc', 'chore'],
  test: ['test', 'tests', 'chore'],
  ci: ['ci', 'build', 'chore'],
  build: ['build', 'deps', 'chore'],
  chore: ['chore', 'build', 'misc'],
  modified: [],
};
const UNTOLD = ['fix', 'refactor', 'chore', 'perf', 'feat'];

function conventionalType(style: Style, facts: readonly Fact[], paths: readonly string[]): string {
  const [main] = facts;
  const known = (name: string) => style.types.find(each => each.toLowerCase() === name);
  const type = main?.type ?? 'modified';
  if (type === 'modified' || type === 'build') {
    // What a change inside a function is for cannot be seen: as its neighbours in history were called.
    const allowed = type === 'build' ? ['build', 'chore', 'deps', 'fix'] : UNTOLD;
    const voted = vote(paths, style.past, ({ subject }) => {
      const read = readSubject(subject);
      return read.kind === 'conventional' && allowed.includes(read.prefix.toLowerCase())
        ? read.prefix
        : undefined;
    });
    const usual = voted[0]?.value ?? style.types.find(each => allowed.includes(each.toLowerCase()));
    if (usual !== undefined) return usual;
  }
  for (const name of NEIGHBOURS[type]) {
    const written = known(name);
    if (written !== undefined) return written;
  }
  return type === 'modified' ? 'refactor' : type;
}

function scopeFor(style: Style, paths: readonly string[]): string | undefined {
  const [first] = vote(paths, style.past, ({ subject }) => {
    const read = readSubject(subject);
    return read.kind === 'conventional' ? read.scope : undefined;
  });
  if (first && first.best >= RELATED && first.share >= 0.4) return first.value || undefined;
  // Scopes that are names of folders or files: then that of these files, if it has been used before.
  const names = [...commonFolder(paths).split('/').reverse(), ...paths.map(stemOf)];
  return names.find(name => style.scopes.indexOf(name) >= 0 && style.scopes.indexOf(name) < USUAL_SCOPES);
}

/** How areas relate to paths in this history, applied to these paths. */
function derivedArea(style: Style, paths: readonly string[]): string | undefined {
  const ways: Readonly<Record<string, (paths: readonly string[]) => string | undefined>> = {
    folder: each => commonFolder(each) || undefined,
    'last folder': each => commonFolder(each).split('/').pop() || undefined,
    'first folder': each => commonFolder(each).split('/')[0] || undefined,
    'second folder': each => commonFolder(each).split('/')[1],
    'folder without the first': each => commonFolder(each).split('/').slice(1).join('/') || undefined,
    file: each => (each.length === 1 && each[0] ? stemOf(each[0]) : undefined),
  };
  let best: { way: string; count: number } | undefined;
  for (const way of Object.keys(ways)) {
    const count = style.past.filter(({ subject, paths: touched }) => {
      const read = readSubject(subject);
      return read.kind === style.prefix && ways[way]?.(touched) === read.prefix;
    }).length;
    if (count > (best?.count ?? 0)) best = { way, count };
  }
  // A habit of at least a quarter of the history; by chance names agree less often.
  if (!best || best.count < Math.max(2, style.commits / 4)) return undefined;
  return ways[best.way]?.(paths);
}
