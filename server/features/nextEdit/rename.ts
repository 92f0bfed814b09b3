/**
 * A name changed where it is declared, or at several of its places: the other places. Asks the binder what a name
 * means where there is one, and reads how lines are written elsewhere; a shadowed or another name stays as it is.
 */
import { type LineChange, lineChanges } from './changes.ts';
import { bringsIn, reached, reachOf } from './declares.ts';
import { guessOf } from './repeat.ts';
import { indentOf, isName, nearestFirst, type Source, type Token } from './source.ts';
import type { Guess, Names, Predicting, Predictor } from './types.ts';

const MAX_EDITS = 12;
const MAX_AGE = 3;
const MAX_GUESSES = 24;
const IMPORT = /^\s*(?:import|from|use|using|#\s*include|const .*\brequire\()/;
/** Shorter names mean too many things. */
const MIN_LENGTH = 2;

interface Renaming {
  readonly from: string;
  readonly to: string;
  /** All its instances, the newest first. */
  readonly changes: readonly LineChange[];
}

/** A place of the old name that should change, by line and tokens. */
interface Place {
  readonly source: Source;
  readonly line: number;
  readonly tokens: readonly Token[];
  readonly confidence: number;
}

export const rename: Predictor = {
  name: 'rename',
  async guess({ edits, sources, names }: Predicting) {
    const changes = edits.slice(0, MAX_EDITS).flatMap((edit, age) => lineChanges(edit, age));
    const guesses: Guess[] = [];
    for (const renaming of renamings(changes, sources)) {
      const newest = renaming.changes[0] as LineChange;
      const source = sources.find(({ uri }) => uri === newest.uri);
      if (!source) continue;
      const bound = await names(source.uri);
      const places = (bound && byBinder(renaming, source, bound)) ?? byLines(renaming, source, !bound);
      const declared = places.length > 0 && isDeclaredWide(renaming, source, bound);
      const others = declared ? elsewhere(renaming, source, sources) : [];
      guesses.push(...[...places, ...others].slice(0, MAX_GUESSES).map(place => toGuess(renaming, place)));
    }
    return guesses;
  },
};

/** Changes that only put one name for another, by what they renamed. */
function renamings(changes: readonly LineChange[], sources: readonly Source[]): readonly Renaming[] {
  const found = new Map<string, LineChange[]>();
  for (const change of changes) {
    const language = sources.find(({ uri }) => uri === change.uri)?.language;
    if (!language || isOtherModule(change)) continue;
    const pairs = new Set<string>();
    for (const { oldStart, oldEnd, newStart, newEnd } of change.changes) {
      if (oldEnd - oldStart !== newEnd - newStart) pairs.add('');
      else
        for (let i = 0; i < oldEnd - oldStart; i++) {
          const [from, to] = [change.old[oldStart + i] as Token, change.now[newStart + i] as Token];
          const names = isName(language, from.text) && isName(language, to.text);
          pairs.add(names && from.where === 'code' ? `${from.text} ${to.text}` : '');
        }
    }
    const [pair] = pairs;
    if (!pair || pairs.size !== 1) continue;
    found.set(pair, [...(found.get(pair) ?? []), change]);
  }
  return [...grouped(found)];
}

/** Another module is another thing; another name out of one takes the place of the first. */
function isOtherModule({ after, now, changes }: LineChange): boolean {
  if (!IMPORT.test(after) || /\bas\b/.test(after)) return false;
  const names = /^\s*from\b.*?\bimport\b|^\s*import\b[^{]*\{/.exec(after)?.[0].length;
  return names === undefined || changes.some(({ newStart }) => (now[newStart]?.start ?? 0) < names);
}

function* grouped(found: ReadonlyMap<string, LineChange[]>): Iterable<Renaming> {
  for (const [pair, changes] of found) {
    const [from, to] = pair.split(' ') as [string, string];
    if ((changes[0] as LineChange).age < MAX_AGE && from.length >= MIN_LENGTH) yield { from, to, changes };
  }
}

/** Where the changed names stand now. */
function changedPlaces(
  { to, changes }: Renaming,
  source: Source,
): readonly { line: number; start: number }[] {
  return changes
    .filter(({ uri, line, after }) => uri === source.uri && source.lines[line] === after)
    .flatMap(({ line }) =>
      source
        .tokens(line)
        .filter(({ text, where }) => text === to && where === 'code')
        .map(({ start }) => ({ line, start })),
    );
}

/** With a binder: undefined where it does not know enough and lines may be read. */
function byBinder(renaming: Renaming, source: Source, names: Names): readonly Place[] | undefined {
  const { from, to, changes } = renaming;
  const olds = names.occurrences(from);
  const changed = changedPlaces(renaming, source);
  const at = (place: { line: number; start: number }) =>
    names
      .occurrences(to)
      .find(({ range }) => range.start.line === place.line && range.start.character === place.start);
  const news = changed.map(at);
  if (news.length === 0 || news.some(each => each?.role === 'member')) return undefined;
  if (news.every(each => each === undefined)) return undefined;
  const declared = news.some(each => each?.role === 'declaration');
  const places = (keep: (occurrence: (typeof olds)[number]) => boolean, confidence: number) =>
    linesOf(source, renaming, olds.filter(keep), confidence);
  // The declaration has the new name: what means nothing any more meant it.
  if (declared) return places(({ role, declaredAt }) => role === 'use' && !declaredAt, 0.9);
  const declarations = new Set(
    olds.filter(({ role }) => role === 'declaration').map(({ range }) => key(range.start)),
  );
  const undeclared = news.every(each => each?.role === 'use' && !each.declaredAt);
  // Uses got a name that nothing declares: the declaration and its other uses follow.
  if (undeclared && declarations.size === 1)
    return places(({ role }) => role !== 'member', changes.length > 1 ? 0.85 : 0.66);
  // Uses got another name that exists: which of the others are meant, nobody knows.
  return [];
}

function key({ line, character }: { line: number; character: number }): string {
  return `${line} ${character}`;
}

function linesOf(
  source: Source,
  { from, changes }: Renaming,
  occurrences: readonly { range: { start: { line: number; character: number } } }[],
  confidence: number,
): readonly Place[] {
  const byLine = new Map<number, Token[]>();
  for (const { range } of occurrences) {
    const { line, character } = range.start;
    const token = source.tokens(line).find(({ start, text }) => start === character && text === from);
    if (token) byLine.set(line, [...(byLine.get(line) ?? []), token]);
  }
  const near = (changes[0] as LineChange).line;
  return nearestFirst([...byLine.keys()], near).map(line => ({
    source,
    line,
    tokens: byLine.get(line) as Token[],
    confidence,
  }));
}

/** Without a binder, and for members: by how lines are written. */
function byLines(renaming: Renaming, source: Source, mayBeDeclared: boolean): readonly Place[] {
  const { from, to, changes } = renaming;
  const newest = changes[0] as LineChange;
  const changed = changedPlaces(renaming, source);
  const [first] = changed;
  if (!first) return [];
  const declared = changed
    .map(place => ({ ...place, reach: reachOf(source, place.line, place.start, to) }))
    .find(({ reach }) => reach !== undefined);
  // Without a declaration only a habit tells, and for a name of the whole file a firm one.
  if (!declared && changes.length < (/^\p{Lu}/u.test(from) ? 3 : 2)) return [];
  if (declared && !mayBeDeclared && declared.reach !== 'wide' && changes.length < 2) return [];
  if (passedOver(renaming, source)) return [];
  const reach = declared?.reach ?? 'wide';
  const { from: top, to: bottom } = declared
    ? reached(source, declared.line, reach)
    : about(source, renaming, changed);
  const selects = changed.some(({ line, start }) => isSelected(source, line, start));
  const inMembers = selects || (reach === 'wide' && isIndented(source, declared?.line));
  const places: Place[] = [];
  for (const line of source.linesWith(from, newest.line)) {
    if (line < top || line >= bottom) continue;
    const tokens = source.tokens(line).filter(({ text, where }) => text === from && where === 'code');
    // Declared or brought in again: another thing of the same name.
    if (tokens.length > 0 && IMPORT.test(source.lines[line] as string)) return [];
    if (tokens.some(({ start }) => reachOf(source, line, start, from) !== undefined)) return [];
    const fitting = tokens.filter(({ start, end }) =>
      fits(source, line, start, end, reach, inMembers, selects),
    );
    if (fitting.length > 0)
      places.push({ source, line, tokens: fitting, confidence: declared ? 0.85 : 0.78 });
  }
  return places;
}

/** Without a declaration: a type is meant in the whole file, a variable where its changed places stand together. */
function about(
  source: Source,
  { from, changes }: Renaming,
  changed: readonly { line: number; start: number }[],
): { from: number; to: number } {
  if (/^\p{Lu}/u.test(from)) return { from: 0, to: source.length };
  const lines = changed.map(({ line }) => line);
  const least = Math.min(...changes.map(({ after }) => indentOf(after)));
  const inside = (line: number) => {
    const text = source.lines[line];
    return text !== undefined && (text.trim() === '' || (least > 0 && indentOf(text) >= least));
  };
  let [top, bottom] = [Math.min(...lines), Math.max(...lines) + 1];
  while (inside(top - 1)) top--;
  while (inside(bottom)) bottom++;
  return { from: top, to: bottom };
}

function isIndented(source: Source, line: number | undefined): boolean {
  return line !== undefined && /^\s/.test(source.lines[line] ?? '');
}

function isSelected(source: Source, line: number, start: number): boolean {
  return /(?:\.|->|::)\s*$/.test((source.lines[line] ?? '').slice(0, start));
}

function fits(
  source: Source,
  line: number,
  start: number,
  end: number,
  reach: string,
  inMembers: boolean,
  selects: boolean,
): boolean {
  const text = source.lines[line] as string;
  const selected = isSelected(source, line, start);
  if (selects) return selected;
  if (selected) return inMembers;
  const after = text.slice(end);
  // A key or a keyword argument of the same name belongs to somebody else.
  if (reach !== 'wide' && /^\s*:(?!:)/.test(after) && !/\?[^:]*$/.test(text.slice(0, start))) return false;
  return !/^\s*=(?![=>])/.test(after) || !/[(,]\s*$/.test(text.slice(0, start));
}

/** Between two changed places an old name was left as it is: the person chooses. */
function passedOver({ from, changes }: Renaming, source: Source): boolean {
  const lines = changes.filter(({ uri }) => uri === source.uri).map(({ line }) => line);
  const [low, high] = [Math.min(...lines), Math.max(...lines)];
  for (let line = low + 1; line < high; line++)
    if (
      (source.lines[line] ?? '').includes(from) &&
      source.tokens(line).some(({ text, where }) => text === from && where === 'code')
    )
      return true;
  return false;
}

function isDeclaredWide(renaming: Renaming, source: Source, names: Names | undefined): boolean {
  return changedPlaces(renaming, source).some(({ line, start }) => {
    const reach = reachOf(source, line, start, renaming.to);
    return reach === 'wide' && (!names || !/^\s/.test(source.lines[line] as string));
  });
}

/** The same name in other open files that bring it in from this one. */
function elsewhere({ from }: Renaming, own: Source, sources: readonly Source[]): readonly Place[] {
  return sources
    .filter(other => bringsIn(other, own, from))
    .flatMap(other =>
      other.linesWith(from, 0).flatMap(line => {
        const tokens = other
          .tokens(line)
          .filter(
            ({ text, where, start }) => text === from && where === 'code' && !isSelected(other, line, start),
          );
        return tokens.length > 0 ? [{ source: other, line, tokens, confidence: 0.75 }] : [];
      }),
    );
}

function toGuess({ from, to, changes }: Renaming, { source, line, tokens, confidence }: Place): Guess {
  const before = source.lines[line] as string;
  let after = before;
  for (const { start, end } of tokens.toReversed()) after = after.slice(0, start) + to + after.slice(end);
  return {
    ...guessOf(source, line, before, after, confidence, changes[0] as LineChange),
    reason: `rename \`${from}\` to \`${to}\` here`,
    by: 'rename',
    group: `rename ${from} ${to}`,
  };
}
