/**
 * From next tokens to the rest of a line: keeps the few likeliest beginnings and extends them until the line ends
 * or meets what already stands right of the cursor. It must not know documents or how tokens are predicted.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import type { Place } from './features.ts';
import type { Prediction, Predictor } from './predictor.ts';

/** A line's rest, with the probability of all of it, its end included. */
export interface LineGuess {
  readonly text: string;
  readonly probability: number;
  /** The place at the line's end, and the id of the newline there as far as it is known. */
  readonly place: Place;
  readonly newline: number;
}

/** Where a search begins. */
export interface LineStart {
  readonly place: Place;
  /** White space stands before the cursor. */
  readonly spaced: boolean;
  /** The part of a word directly before the cursor that is not in `place` yet; empty: none. */
  readonly typed: string;
  /** The first token right of the cursor on its line, or -1. */
  readonly rightId: number;
}

/** What of the predictor a search needs. */
export type NextTokens = Pick<Predictor, 'next' | 'extend' | 'escape'>;

interface Beginning {
  readonly place: Place;
  readonly text: string;
  readonly score: number;
  readonly spaced: boolean;
}

/** A beginning and one more token, not yet joined: that copies ids, and few are kept. */
interface Extension {
  readonly from: Beginning;
  readonly id: number;
  readonly piece: string;
  readonly score: number;
}

export interface BeamLimits {
  readonly width: number;
  readonly tokens: number;
  readonly answers: number;
  /** The least probability that an answer must have to be of use; what cannot reach it is not followed. */
  readonly floor: number;
  /** From which probability on a beginning of the line is worth telling by itself. */
  readonly part: number;
}

/** How many places may still be judged for one request: its time, counted in steps so that it is always the same. */
export interface Budget {
  steps: number;
}

/** Beginnings this much less likely than the best (natural logarithm) are dropped. */
const slack = 4;
/** Once there are enough answers, a beginning must be nearly as likely as the best of them. */
const lateSlack = 0.7;
/** Next tokens less likely than this begin nothing. */
const leastLikely = 0.015;
/** How much likelier a word is finished, when it is a known one, than its letters alone say. */
const finishedBonus = 3;
/** The probability that a typed word is a new one, of what the network gives to words it does not know. */
const newWordShare = 0.02;

export interface LineSearch {
  /** The likeliest rests of the line, best first. */
  readonly guesses: readonly LineGuess[];
  /** The longest sure beginning of the line's rest, its end unknown. */
  readonly part: { readonly text: string; readonly probability: number } | undefined;
  /** The probability that nothing is missing: the line ends, or goes on with what stands right of the cursor. */
  readonly finished: number;
}

/** Searches the rest of the line. */
export function searchLine(
  predictor: NextTokens,
  words: Vocabulary,
  start: LineStart,
  limits: BeamLimits,
  budget: Budget,
): LineSearch {
  const lowest = Math.log(limits.floor);
  const first: Beginning = { place: start.place, text: '', score: 0, spaced: start.spaced };
  let beam = start.typed ? finishWord(predictor, words, start, first, budget) : [first];
  let part: LineSearch['part'];
  const done: LineGuess[] = [];
  let finished = 0;
  for (let round = 0; round < limits.tokens; round++) {
    for (const { text, score } of beam) {
      const probability = Math.exp(score);
      if (text && probability >= limits.part && text.length > (part?.text.length ?? 0))
        part = { text, probability };
    }
    const next: Extension[] = [];
    for (const beginning of beam) {
      if (budget.steps <= 0) break;
      budget.steps--;
      const end = expand(predictor, words, start, beginning, lowest, done, next);
      if (!beginning.text) finished += Math.exp(beginning.score) * end;
    }
    done.sort((a, b) => b.probability - a.probability);
    const best = done[0] ? Math.log(done[0].probability) : -Infinity;
    const worst = done[limits.answers - 1];
    const bar = worst ? Math.max(best - lateSlack, Math.log(worst.probability)) : best - slack;
    next.sort((a, b) => b.score - a.score);
    const top = next[0]?.score ?? 0;
    beam = next
      .slice(0, limits.width)
      .filter(each => each.score > bar && each.score > top - slack)
      .map(each => extended(predictor, each));
    if (beam.length === 0) break;
  }
  return { guesses: distinct(done).slice(0, limits.answers), part, finished };
}

/** A word is being typed: either it is complete, or a longer one is meant. */
function finishWord(
  predictor: NextTokens,
  words: Vocabulary,
  { typed }: LineStart,
  start: Beginning,
  budget: Budget,
): Beginning[] {
  budget.steps--;
  const fits = (id: number): boolean =>
    words.kindOf(id) === tokenKind.word && words.textOf(id).startsWith(typed);
  const own = words.intern(typed, tokenKind.word);
  const found = predictor.next(start.place, fits, [own, ...words.startingWith(typed, 24)]);
  const weightOf = (each: Prediction): number =>
    each.id === own ? each.probability * finishedBonus + newWordShare * predictor.escape : each.probability;
  let total = found.some(each => each.id === own) ? 0 : newWordShare * predictor.escape;
  for (const each of found) total += weightOf(each);
  const beginnings = found.map((each): Beginning => {
    const text = words.textOf(each.id).slice(typed.length);
    const score = Math.log(weightOf(each) / total);
    return { place: predictor.extend(start.place, each.id), text, score, spaced: false };
  });
  if (own === specialToken.unknown) beginnings.push({ ...start, place: predictor.extend(start.place, own) });
  return beginnings.sort((a, b) => b.score - a.score).slice(0, 6);
}

/** Fills `done` and `next`; returns the probability that the line ends at `from`. */
function expand(
  predictor: NextTokens,
  words: Vocabulary,
  start: LineStart,
  from: Beginning,
  lowest: number,
  done: LineGuess[],
  next: Extension[],
): number {
  const { place } = from;
  let end = 0;
  let newline = -1;
  for (const { id, probability, spaced } of predictor.next(place, undefined, [], leastLikely)) {
    const atRight = id === start.rightId && place.openedHere === start.place.openedHere;
    if (isNewline(id) || atRight) {
      if (newline < 0 && isNewline(id)) newline = id;
      // With text to the right, the line's end is where that text begins.
      if (start.rightId < 0 || id === start.rightId) end += probability;
      continue;
    }
    const score = from.score + Math.log(probability);
    if (next.length > 64 || probability < leastLikely || score < lowest) continue;
    const gap = from.spaced ? '' : (spaced ?? spacedByDefault(words, place.ids, id)) ? ' ' : '';
    next.push({ from, id, piece: gap + words.textOf(id), score });
  }
  const score = from.score + Math.log(end);
  if (from.text && end > 0 && score >= lowest) {
    const probability = Math.exp(score);
    done.push({
      text: from.text,
      probability,
      place,
      newline: newline < 0 ? specialToken.newlineSame : newline,
    });
  }
  return end;
}

function extended(predictor: NextTokens, { from, id, piece, score }: Extension): Beginning {
  return { place: predictor.extend(from.place, id), text: from.text + piece, score, spaced: false };
}

/** Spacing where nothing was seen: between words, and after a comma. */
function spacedByDefault(words: Vocabulary, ids: readonly number[], id: number): boolean {
  const last = ids[ids.length - 1] ?? specialToken.file;
  const before = words.kindOf(last);
  if (before === tokenKind.newline) return false;
  const wordy = (kind: number): boolean => kind === tokenKind.word || kind === tokenKind.number;
  return (wordy(before) && wordy(words.kindOf(id))) || words.textOf(last) === ',';
}

function distinct(guesses: readonly LineGuess[]): LineGuess[] {
  const seen = new Set<string>();
  return guesses.filter(each => !seen.has(each.text) && seen.add(each.text));
}
