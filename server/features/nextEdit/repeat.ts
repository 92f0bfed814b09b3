/**
 * A change made twice, or once on a line that has twins: the next line that is built alike. What the person passed
 * over between two changes tells which lines are not meant.
 */
import { type LineChange, lineChanges, texts } from './changes.ts';
import { indentOf, nearestFirst, type Source, type Token } from './source.ts';
import { type Transfer, transfer } from './transfer.ts';
import type { Guess, Predicting, Predictor } from './types.ts';

/** Edits that are looked at, and those that a change may be as old as. */
const MAX_EDITS = 12;
const MAX_AGE = 3;
const MAX_MODELS = 24;
const MAX_GUESSES = 12;
/** Lines around the last edit that are compared with it where the change inserts and has no words to look for. */
const REACH = 400;
/** Likeness that a line must have to a change that was made once. */
const ONCE = 1;
/** Shorter lines have twins by chance, in UTF-16 units: near, further away, where one name was put for another, and where two things changed on the line. */
const MIN_LENGTH_ONCE = 40;
const MIN_LENGTH_FAR = 50;
const MIN_LENGTH_NAME = 30;
const MIN_LENGTH_TWO = 20;
const NEAR = 40;
/** Of a change that was made twice. */
const MIN_LENGTH_AGAIN = 18;

const DECLARES = new Set(['def', 'fn', 'func', 'function', 'fun', 'class']);

/** How often a change must have been made to be meant where there is reason for doubt. */
const IN_DOUBT = 3;

/** A change that is worth repeating, and how alike its instances are. */
interface Rule {
  readonly model: LineChange;
  readonly evidence: number;
  /** The least likeness between two lines on which the person made it. */
  readonly likeness: number;
  /** Lines passed over between instances were at most so alike. */
  readonly refused: number;
  /** It was made to arguments of what is called differently. */
  readonly anyCallee: boolean;
  /** The person comes from above: what lies above this line was left behind. */
  readonly from: number;
  /** What the blocks begin with in which a value was replaced; undefined: not a value. */
  readonly blocks?: ReadonlySet<string>;
}

export const repeatedChange: Predictor = {
  name: 'repeated-change',
  guess({ edits, sources }: Predicting) {
    const changes = edits.slice(0, MAX_EDITS).flatMap((edit, age) => lineChanges(edit, age));
    const models = changes.filter(({ age }) => age < MAX_AGE).slice(0, MAX_MODELS);
    const source = new Map(sources.map(each => [each.uri, each]));
    const guesses = new Map<string, Guess>();
    for (const model of models) {
      const own = source.get(model.uri);
      const rule = own && ruleOf(model, changes, own);
      if (!rule || (rule.evidence === 1 && isCopy(model, own, edits))) continue;
      for (const each of sources) {
        if (each.language.id !== own.language.id) continue;

        for (const guess of apply(rule, each, each === own ? model.line : 0)) {
          const key = `${guess.uri} ${guess.range.start.line}`;
          const known = guesses.get(key);
          if (!known || known.confidence < guess.confidence) guesses.set(key, guess);
        }
        if (guesses.size >= MAX_GUESSES) break;
      }
    }
    return [...guesses.values()];
  },
};

/** How often a change was made, and where it was not. */
function ruleOf(model: LineChange, changes: readonly LineChange[], source: Source): Rule | undefined {
  const made: LineChange[] = [model];
  let likeness = 1;
  let refused = 0;
  let anyCallee = false;
  for (const other of changes) {
    if (other === model || other.before === model.before) {
      if (other !== model && other.after === model.after) made.push(other);
      continue;
    }
    const again = transfer(model, other.before, other.old);
    if (again?.text !== other.after) continue;
    made.push(other);
    likeness = Math.min(likeness, again.likeness);
    anyCallee ||= again.otherCallee;
    if (other.uri !== model.uri) continue;
    const [from, to] = [Math.min(other.line, model.line) + 1, Math.max(other.line, model.line)];
    for (let line = from; line < Math.min(to, from + REACH); line++) {
      const passed = transfer(model, source.lines[line] ?? '', source.tokens(line));
      if (passed) refused = Math.max(refused, passed.likeness);
    }
  }
  const here = made.filter(({ uri }) => uri === model.uri);
  return {
    model,
    evidence: made.length,
    likeness,
    refused,
    anyCallee,
    from: comesFrom(here),
    ...(isValue(model) ? { blocks: new Set(here.map(({ line }) => blockOf(source, line))) } : {}),
  };
}

/** The first of several lines that were changed downwards; 0 where the person went another way. */
function comesFrom(made: readonly LineChange[]): number {
  const byAge = [...made].sort((a, b) => a.age - b.age);
  const [newest, oldest] = [byAge[0] as LineChange, byAge.at(-1) as LineChange];
  const upwards = newest.age < oldest.age && newest.line < oldest.line;
  return made.length === 1 || upwards ? 0 : Math.min(...made.map(({ line }) => line));
}

/** Text or a number was replaced, which may be what makes this block another one. */
function isValue({ changes, old }: LineChange): boolean {
  return changes.every(
    ({ oldStart, oldEnd }) =>
      oldStart < oldEnd &&
      old.slice(oldStart, oldEnd).every(({ text, where }) => where === 'string' || /^\d/.test(text)),
  );
}

/** The nearest line above that is indented less: what the block of a line begins with. */
function blockOf({ lines }: Source, line: number): string {
  const indent = indentOf(lines[line] ?? '');
  for (let above = line - 1; above >= 0 && line - above <= REACH; above--) {
    const text = lines[above] as string;
    if (text.trim() !== '' && indentOf(text) < indent) return text.trim();
  }
  return '';
}

/** The line was a copy to be made another one: its twin stays beside it, or it was put in only just now. */
function isCopy({ before, line }: LineChange, { lines }: Source, edits: Predicting['edits']): boolean {
  if (lines[line - 1] === before || lines[line + 1] === before) return true;
  const among = (text: string) => text.split('\n').includes(before);
  return edits.slice(0, MAX_EDITS).some(edit => among(edit.after) && !among(edit.before));
}

function apply(rule: Rule, source: Source, near: number): Guess[] {
  const { model, evidence, likeness, refused } = rule;
  const found: Guess[] = [];
  const own = source.uri === model.uri;
  for (const line of candidates(model, source, near)) {
    const text = source.lines[line] as string;
    if ((own && line === model.line) || text === model.after) continue;
    if (evidence < IN_DOUBT && isDoubtful(rule, source, line)) continue;
    const tokens = source.tokens(line);
    const made = transfer(model, text, tokens);
    if (!made || made.likeness <= refused || alreadyMade(model, tokens)) continue;
    if (made.otherCallee && !rule.anyCallee) continue;
    const confidence = confidenceOf(model, made, evidence, likeness, own ? line - model.line : REACH);
    if (confidence === 0) continue;
    found.push(guessOf(source, line, text, made.text, confidence, model));
    if (found.length >= MAX_GUESSES) break;
  }
  return found;
}

/** The person has passed the line, or it belongs to a block that begins otherwise. */
function isDoubtful({ model, from, blocks }: Rule, source: Source, line: number): boolean {
  if (source.uri === model.uri && line < from) return true;
  return blocks !== undefined && !blocks.has(blockOf(source, line));
}

/** Lines that hold the longest word of what was replaced, or lie near where something was only inserted. */
function candidates(model: LineChange, source: Source, near: number): readonly number[] {
  const words = model.changes
    .flatMap(({ oldStart, oldEnd }) => model.old.slice(oldStart, oldEnd))
    .filter(({ word }) => word)
    .map(({ text }) => text);
  const longest = words.sort((a, b) => b.length - a.length)[0];
  if (longest) return source.linesWith(longest, near);
  const from = Math.max(0, near - REACH);
  const length = Math.min(source.length, near + REACH) - from;
  return nearestFirst(
    Array.from({ length: Math.max(0, length) }, (_, index) => from + index),
    near,
  );
}

function confidenceOf(
  model: LineChange,
  made: Transfer,
  evidence: number,
  likeness: number,
  distance: number,
): number {
  if (evidence === 1) {
    const length = model.before.trim().length;
    if (made.anchors === 0 || made.likeness < ONCE || distance < 0) return 0;
    // Functions of one name are not of one kind.
    if (model.old.some(({ text }) => DECLARES.has(text))) return 0;
    // Two things were changed on a line that reads the same: that is no coincidence.
    const replaced = model.changes.filter(({ oldStart, oldEnd }) => oldStart < oldEnd).length;
    const two = replaced > 1 && replaced === model.changes.length;
    const least = two ? MIN_LENGTH_TWO : onlyRename(model) ? MIN_LENGTH_NAME : MIN_LENGTH_ONCE;
    // Far away a twin is one, unless it is long.
    if (length < least || (distance > NEAR && length < MIN_LENGTH_FAR)) return 0;
    return 0.8;
  }
  const { changes } = model;
  if (evidence === 2 && model.before.trim().length < MIN_LENGTH_AGAIN) return 0;
  const inserts = changes.every(({ oldStart, oldEnd }) => oldStart === oldEnd);
  // Right below the last one a line with a word of the same code is the next one.
  const adjacent = Math.abs(distance) <= 3 && made.words >= 1;
  if (!adjacent && made.anchors < (inserts ? 2 : 1)) return 0;
  const least = evidence === 2 ? (adjacent ? 0.5 : 0.85) : Math.max(0.45, Math.min(0.8, likeness) - 0.05);
  if (made.likeness < least || (made.anchors < 3 && made.likeness < 0.8 && !adjacent)) return 0;
  return Math.min(0.97, 0.6 + 0.05 * evidence + 0.2 * made.likeness - (Math.abs(distance) > 200 ? 0.1 : 0));
}

/** What was put in stands there already: `await await`. */
function alreadyMade(model: LineChange, tokens: readonly Token[]): boolean {
  return model.changes.every(({ oldStart, oldEnd, newStart, newEnd }) => {
    if (oldStart !== oldEnd) return false;
    const put = model.now.slice(newStart, newEnd).map(({ text }) => text);
    return tokens.some((_, at) => put.every((text, index) => tokens[at + index]?.text === text));
  });
}

/** One name for another. */
function onlyRename({ changes, old, now }: LineChange): boolean {
  return changes.every(({ oldStart, oldEnd, newStart, newEnd }) => {
    if (oldEnd - oldStart !== 1 || newEnd - newStart !== 1) return false;
    const [from, to] = [old[oldStart] as Token, now[newStart] as Token];
    return from.word && to.word && from.where === 'code' && /^[\p{L}_$]/u.test(from.text + to.text);
  });
}

/** The smallest replacement that turns one line into the other. */
export function guessOf(
  source: Source,
  line: number,
  before: string,
  after: string,
  confidence: number,
  model: LineChange,
): Guess {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end))
    end++;
  return {
    uri: source.uri,
    range: { start: { line, character: start }, end: { line, character: before.length - end } },
    newText: after.slice(start, after.length - end),
    confidence,
    reason: `change this line as \`${short(model.after)}\` was changed`,
    by: 'repeated-change',
    group: groupOf(model),
  };
}

/** What was replaced by what. */
function groupOf({ changes, old, now }: LineChange): string {
  const parts = changes.map(
    ({ oldStart, oldEnd, newStart, newEnd }) =>
      `${texts(old.slice(oldStart, oldEnd)).join(' ')} → ${texts(now.slice(newStart, newEnd)).join(' ')}`,
  );
  return `repeat ${parts.join('; ')}`;
}

function short(text: string): string {
  const trimmed = text.trim().replaceAll('`', "'");
  return trimmed.length > 40 ? `${trimmed.slice(0, 39)}…` : trimmed;
}
