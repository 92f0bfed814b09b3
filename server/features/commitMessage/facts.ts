/**
 * What a diff does, in facts that can be read off it: names added, renamed or moved, a value changed, a version
 * raised. Pure and honest: nothing is claimed about intent. It must not know how a message is written.
 */
import { distance } from '../../base/distance.ts';
import { languageOf } from '../../base/languages.ts';
import type { FileDiff } from '../../git/parseDiff.ts';
import { baseOf, calledFile, commonFolder, type FileKind, kindOf, stemOf } from './files.ts';
import { dependencyFacts } from './dependencies.ts';
import { type ChangedSymbol, symbolsOf } from './symbols.ts';
import type { Verb } from './words.ts';

/** The word of a conventional prefix that fits, before the history's own habits. */
export type ChangeType =
  | 'feat'
  | 'fix'
  | 'refactor'
  | 'style'
  | 'docs'
  | 'test'
  | 'ci'
  | 'build'
  | 'chore'
  | 'modified';

export interface Fact {
  readonly verb: Verb;
  /** What the verb is about, the most telling wording first; later ones are shorter. */
  readonly objects: readonly string[];
  readonly type: ChangeType;
  readonly weight: number;
  readonly paths: readonly string[];
  /** Set where a version of the project itself was raised. */
  readonly version?: { readonly from: string; readonly to: string };
}

const WEIGHTS: Readonly<Record<FileKind, number>> = {
  code: 10,
  manifest: 4,
  ci: 3,
  config: 3,
  test: 2,
  docs: 2,
  asset: 1,
  lock: 0.2,
};
const CODE_FIRST: ReadonlySet<FileKind> = new Set(['code', 'test']);

/** The facts of a change, the weightiest first. */
export function factsOf(files: readonly FileDiff[]): readonly Fact[] {
  const renamed = renamedName(files);
  if (renamed) return [renamed, ...moves(files)];
  const facts: Fact[] = [...moves(files), ...dependencyFacts(files), ...movedSymbols(files)];
  const told = new Set(facts.flatMap(({ paths }) => paths));
  for (const file of files) {
    if (told.has(file.path) || kindOf(file.path) === 'lock') continue;
    facts.push(...fileFacts(file));
  }
  for (const file of files) {
    if (kindOf(file.path) === 'lock' && facts.length === 0) facts.push(plainFact(file));
  }
  return facts.sort((a, b) => b.weight - a.weight);
}

function typeOf(kind: FileKind, otherwise: ChangeType): ChangeType {
  if (kind === 'test') return 'test';
  if (kind === 'docs') return 'docs';
  if (kind === 'ci') return 'ci';
  if (kind === 'manifest' || kind === 'lock') return 'build';
  if (kind === 'config' || kind === 'asset') return 'chore';
  return otherwise;
}

function weigh(kind: FileKind, lines: number): number {
  return WEIGHTS[kind] * Math.log2(2 + lines);
}

function plainFact(file: FileDiff): Fact {
  const kind = kindOf(file.path);
  const called = calledFile(file.path);
  const { added: more, removed: less } = file;
  const fact = (verb: Verb, objects: readonly string[], type: ChangeType, factor = 1): Fact => ({
    verb,
    objects,
    type,
    weight: weigh(kind, more + less) * factor,
    paths: [file.path],
  });
  if (file.status === 'added' || file.status === 'copied') {
    const tests = kind === 'test' ? [`tests for ${stemOf(file.path)}`] : [];
    return fact('add', [...tests, called], typeOf(kind, 'feat'), 1.2);
  }
  if (file.status === 'deleted') return fact('remove', [called], typeOf(kind, 'refactor'));
  if (file.modeOnly) return fact('change', [`mode of ${called}`], 'chore', 0.5);
  if (kind === 'test') {
    const only = less === 0 && more > 0;
    return fact(only ? 'add' : 'update', [`tests for ${stemOf(file.path)}`, 'tests'], 'test');
  }
  if (kind === 'ci') return fact('update', [`${stemOf(file.path)} workflow`, 'CI'], 'ci');
  return fact('update', [called], typeOf(kind, 'modified'), 0.8);
}

/** Files renamed or moved as they are. */
function moves(files: readonly FileDiff[]): readonly Fact[] {
  const moved = files.filter(file => file.status === 'renamed');
  const pure = moved.filter(file => file.added + file.removed <= 6);
  if (pure.length === 0) return [];
  const from = commonFolder(pure.map(({ oldPath }) => oldPath ?? ''));
  const to = commonFolder(pure.map(({ path }) => path));
  const type: ChangeType = pure.every(({ path }) => kindOf(path) === 'docs') ? 'docs' : 'refactor';
  const fact = (verb: Verb, objects: readonly string[]): Fact => ({
    verb,
    objects,
    type,
    weight: 8 * Math.log2(2 + pure.length * 4),
    paths: pure.map(({ path }) => path),
  });
  const [only] = pure;
  if (pure.length === 1 && only) {
    const [a, b] = [baseOf(only.oldPath ?? ''), baseOf(only.path)];
    return [a === b ? fact('move', [`${b} to ${to || 'the top'}`, b]) : fact('rename', [`${a} to ${b}`])];
  }
  const sameNames = pure.every(({ oldPath, path }) => baseOf(oldPath ?? '') === baseOf(path));
  if (sameNames && from !== to && from && to)
    return [fact('move', [`${from} to ${to}`, `${pure.length} files to ${to}`])];
  return [fact(sameNames ? 'move' : 'rename', [`${pure.length} files`])];
}

interface Pair {
  readonly before: string;
  readonly after: string;
}

/** Lines that were replaced one by one. */
function pairsOf(file: FileDiff): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const { lines } of file.hunks) {
    for (let at = 0; at < lines.length; ) {
      const minus = run(lines, at, '-');
      const plus = run(lines, at + minus, '+');
      if (minus > 0 && minus === plus) {
        for (let i = 0; i < minus; i++)
          pairs.push({
            before: (lines[at + i] as string).slice(1),
            after: (lines[at + minus + i] as string).slice(1),
          });
      }
      at += Math.max(1, minus + plus);
    }
  }
  return pairs;
}

function run(lines: readonly string[], from: number, mark: string): number {
  let length = 0;
  while (lines[from + length]?.startsWith(mark)) length++;
  return length;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*|[^\s]/gu;

/** The one identifier in which two lines differ, everywhere in them. */
function replacedName({ before, after }: Pair): [string, string] | undefined {
  const [a, b] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
  if (a.length !== b.length) return undefined;
  let found: [string, string] | undefined;
  for (const [i, word] of a.entries()) {
    const other = b[i] as string;
    if (word === other) continue;
    if (found && (found[0] !== word || found[1] !== other)) return undefined;
    if (!/^[\p{L}_$]{2}/u.test(word) || !/^[\p{L}_$]{2}/u.test(other)) return undefined;
    found = [word, other];
  }
  return found;
}

/** One name became another nearly everywhere in the change. */
function renamedName(files: readonly FileDiff[]): Fact | undefined {
  const changed = files.reduce((sum, file) => sum + Math.max(file.added, file.removed), 0);
  const counts = new Map<string, number>();
  const paths = new Map<string, string[]>();
  for (const file of files) {
    if (!CODE_FIRST.has(kindOf(file.path)) && kindOf(file.path) !== 'docs') continue;
    for (const pair of pairsOf(file)) {
      const names = replacedName(pair);
      if (!names) continue;
      const key = names.join('\0');
      counts.set(key, (counts.get(key) ?? 0) + 1);
      paths.set(key, [...(paths.get(key) ?? []), file.path]);
    }
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < 2 || best[1] < 0.7 * changed) return undefined;
  const [from = '', to = ''] = best[0].split('\0');
  return {
    verb: 'rename',
    objects: [`${from} to ${to}`, from],
    type: 'refactor',
    weight: 1_000,
    paths: paths.get(best[0]) ?? [],
  };
}

/** Definitions that left one file for another. */
function movedSymbols(files: readonly FileDiff[]): readonly Fact[] {
  if (files.length > 40) return [];
  const by = files.filter(({ path }) => kindOf(path) === 'code').map(file => ({ file, ...symbolsOf(file) }));
  const facts: Fact[] = [];
  for (const source of by) {
    for (const target of by) {
      if (source === target) continue;
      const names = source.removed.filter(({ name }) => target.added.some(each => each.name === name));
      if (names.length === 0 || names.length < target.added.length * 0.5) continue;
      facts.push({
        verb: 'move',
        objects: [
          `${named(names)} from ${calledFile(source.file.path)} to ${calledFile(target.file.path)}`,
          `${named(names)} to ${calledFile(target.file.path)}`,
        ],
        type: 'refactor',
        weight: 14 * Math.log2(2 + target.file.added),
        paths: [source.file.path, target.file.path],
      });
    }
  }
  return facts;
}

export function named(symbols: readonly Pick<ChangedSymbol, 'name'>[], most = 2): string {
  const names = symbols.map(({ name }) => name);
  if (names.length <= most) return names.join(' and ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function fileFacts(file: FileDiff): readonly Fact[] {
  const plain = plainFact(file);
  if (file.binary || file.submodule || file.modeOnly || file.incomplete || file.hunks.length === 0)
    return [plain];
  const kind = kindOf(file.path);
  const called = calledFile(file.path);
  const small = smallChange(file, kind, called);
  if (small) return [{ ...plain, ...small }];
  if (kind === 'test' || kind === 'docs' || kind === 'ci' || kind === 'config' || kind === 'manifest')
    return [plain];
  const { added, removed, changed } = symbolsOf(file);
  const whole = file.status === 'added' || file.status === 'deleted';
  if (whole) {
    const names = file.status === 'added' ? added : removed;
    const main = names.filter(({ kind: what }) => what === 'class' || what === 'type' || what === 'function');
    // One thing in a file of its own is what the file is about; what is gone was known by its file.
    if (main.length === 1) {
      const gone = file.status === 'deleted' ? [called] : [];
      return [{ ...plain, objects: [`${named(main)} in ${called}`, named(main), ...gone] }];
    }
    return [plain];
  }
  const facts: Fact[] = [];
  const one = (
    verb: Verb,
    symbols: readonly ChangedSymbol[],
    where: string,
    type: ChangeType,
    factor: number,
  ) => {
    const lines = symbols.reduce((sum, { weight }) => sum + weight, 0);
    const objects = [named(symbols, 3), named(symbols)].flatMap(list => [`${list} ${where} ${called}`, list]);
    facts.push({ ...plain, verb, objects, type, weight: weigh(kind, lines) * factor });
  };
  const news = added.filter(({ kind: what }) => what !== 'variable');
  if (news.length > 0)
    one('add', news, 'to', news.some(({ exported }) => exported) ? 'feat' : 'modified', 1.3);
  else if (removed.length > 0) one('remove', removed, 'from', 'refactor', 1);
  else if (changed.length > 0) one('update', changed, 'in', 'modified', 0.9);
  else if (added.length > 0) one('add', added, 'to', 'modified', 0.9);
  return facts.length > 0 ? facts : [plain];
}

type Small = Pick<Fact, 'verb' | 'objects' | 'type'>;

/** Changes that say themselves what they are: blanks, comments, a typo, one value. */
function smallChange(file: FileDiff, kind: FileKind, called: string): Small | undefined {
  if (file.status !== 'modified') return undefined;
  const changed = file.hunks.flatMap(({ lines }) => lines.filter(line => /^[+-]/.test(line)));
  const side = (mark: string) =>
    changed
      .filter(line => line.startsWith(mark))
      .map(line => line.slice(1).replace(/\s+/g, ''))
      .join('');
  if (side('+') === side('-')) return { verb: 'format', objects: [called], type: 'style' };
  const pairs = pairsOf(file);
  const [pair] = pairs;
  if (pair && pairs.length * 2 === changed.length) {
    if (pairs.length <= 3 && pairs.every(each => isTypo(each, file.path, kind)))
      return {
        verb: 'fix',
        objects: [`${pairs.length > 1 ? 'typos' : 'typo'} in ${called}`],
        type: typeOf(kind, 'docs'),
      };
    const value = pairs.length === 1 ? changedValue(pair) : undefined;
    if (value)
      return {
        verb: 'change',
        objects: [...value.map(each => `${each} in ${called}`), ...value],
        type: typeOf(kind, 'modified'),
      };
  }
  const comment = (line: string) => line.slice(1).trim() === '' || isComment(line.slice(1), file.path);
  if (kind === 'code' && changed.every(comment))
    return file.added === 0
      ? { verb: 'remove', objects: [`comments from ${called}`], type: 'chore' }
      : file.removed === 0
        ? { verb: 'add', objects: [`comments to ${called}`], type: 'docs' }
        : { verb: 'update', objects: [`comments in ${called}`], type: 'docs' };
  return undefined;
}

function isComment(line: string, path: string): boolean {
  const text = line.trim();
  const { lineComments, blockComments } = languageOf('', path);
  return (
    lineComments.some(start => text.startsWith(start)) ||
    blockComments.some(([open, close]) => text.startsWith(open) || text.endsWith(close)) ||
    (blockComments.some(([open]) => open === '/*') && /^\*(?:\s|$)/.test(text)) ||
    /^(?:"""|''')/.test(text)
  );
}

/** One word of prose became a word that is nearly the same. */
function isTypo(pair: Pair, path: string, kind: FileKind): boolean {
  if (kind !== 'docs' && !isComment(pair.before, path)) return false;
  const words = (line: string) => line.match(/\p{L}+/gu) ?? [];
  const [a, b] = [words(pair.before), words(pair.after)];
  if (a.length !== b.length) return false;
  const differing = a.flatMap((word, i) => (word === b[i] ? [] : [[word, b[i] as string] as const]));
  const [only] = differing;
  return (
    differing.length === 1 && only !== undefined && only[0].length >= 4 && distance(only[0], only[1], 2) <= 2
  );
}

const ASSIGNED =
  /^\s*(?:[\w@]+\s+)*?["']?([\p{L}_$][\p{L}\p{N}_.$-]*)["']?\s*(?::[^=]*)?[:=]{1,2}\s*(.+?)[,;]?\s*$/u;

/** `NAME = 5` became `NAME = 10`. */
function changedValue({ before, after }: Pair): readonly string[] | undefined {
  const [a, b] = [ASSIGNED.exec(before), ASSIGNED.exec(after)];
  const [name, from, to] = [a?.[1], a?.[2], b?.[2]];
  if (!name || !from || !to || name !== b?.[1] || from === to) return undefined;
  const value =
    /^(?:-?[\d._]+\w*|true|false|True|False|null|nil|None|"[^"]{0,24}"|'[^']{0,24}'|[\w.-]{1,24})$/;
  if (!value.test(from) || !value.test(to)) return undefined;
  const bare = (text: string) => text.replace(/^["']|["']$/g, '');
  return [`${name} from ${bare(from)} to ${bare(to)}`, `${name} to ${bare(to)}`];
}
