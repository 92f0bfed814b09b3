/**
 * From next tokens to the rest of a line: keeps the few likeliest beginnings and extends them until the line ends
 * or meets what already stands right of the cursor. It must not know documents or how tokens are predicted.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import type { Cut } from './openFile.ts';
import type { Place } from './features.ts';
import type { Prediction, Predictor } from './predictor.ts';

/** A line's rest, with the probability of all of it, its end included. */
export interface LineGuess {
  readonly text: string;
  readonly probability: number;
  /** Ids before the next line's newline, and that newline as far as it is known. */
  readonly ids: readonly number[];
  readonly newline: number;
  /** Ends of tokens in `text` and the probability up to there, for a shorter but surer offer. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly length: number;
  readonly probability: number;
}

interface Beginning {
  readonly place: Place;
  readonly text: string;
  readonly score: number;
  readonly spaced: boolean;
  readonly steps: readonly Step[];
}

/** A beginning and one more token, not yet joined: that copies all ids of the context, and few are kept. */
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
  /** The probability that nothing is missing: the line ends, or goes on with what stands right of the cursor. */
  readonly finished: number;
}

/** Searches the rest of the line. `spaced`: white space stands before the cursor. */
export function searchLine(
  predictor: Predictor,
  words: Vocabulary,
  cut: Cut,
  spaced: boolean,
  limits: BeamLimits,
): LineSearch {
  const place = predictor.placeAfter(cut.ids, cut.column);
  const start: Beginning = { place, text: '', score: 0, spaced, steps: [] };
  const opened = place.openedHere;
  let beam = cut.typed ? finishWord(predictor, words, cut, start) : [start];
  const done: LineGuess[] = [];
  let finished = 0;
  for (let round = 0; round < limits.tokens && beam.length > 0; round++) {
    const next: Extension[] = [];
    for (const beginning of beam) {
      const end = expand(predictor, words, cut, opened, beginning, done, next);
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
  }
  return { guesses: distinct(done).slice(0, limits.answers), finished };
}

/** A word is being typed: either it is complete, or a longer one is meant. */
function finishWord(predictor: Predictor, words: Vocabulary, cut: Cut, start: Beginning): Beginning[] {
  const { typed } = cut;
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
    const probability = weightOf(each) / total;
    return {
      place: predictor.extend(start.place, each.id),
      text,
      score: Math.log(probability),
      spaced: false,
      steps: text ? [{ length: text.length, probability }] : [],
    };
  });
  if (own === specialToken.unknown) beginnings.push({ ...start, place: predictor.extend(start.place, own) });
  return beginnings.sort((a, b) => b.score - a.score).slice(0, 6);
}

/** Fills `done` and `next`; returns the probability that the line ends at `from`. */
function expand(
  predictor: Predictor,
  words: Vocabulary,
  cut: Cut,
  opened: number,
  from: Beginning,
  done: LineGuess[],
  next: Extension[],
): number {
  const { place } = from;
  const predictions = predictor.next(place);
  let end = 0;
  let newline = -1;
  for (const prediction of predictions) {
    const { id, probability } = prediction;
    const stops = isNewline(id) || (id === cut.rightId && place.openedHere === opened);
    if (stops) {
      if (newline < 0 && isNewline(id)) newline = id;
      // With text to the right, the line's end is where that text begins.
      if (cut.rightId < 0 || id === cut.rightId) end += probability;
      continue;
    }
    if (next.length > 64 || probability < leastLikely) continue;
    const gap = from.spaced ? '' : (prediction.spaced ?? spacedByDefault(words, place.ids, id)) ? ' ' : '';
    next.push({ from, id, piece: gap + words.textOf(id), score: from.score + Math.log(probability) });
  }
  if (end > 0 && from.text) {
    done.push({
      text: from.text,
      probability: Math.exp(from.score) * end,
      ids: place.ids,
      newline: newline < 0 ? specialToken.newlineSame : newline,
      steps: from.steps,
    });
  }
  return end;
}

function extended(predictor: Predictor, { from, id, piece, score }: Extension): Beginning {
  const text = from.text + piece;
  const steps = [...from.steps, { length: text.length, probability: Math.exp(score) }];
  return { place: predictor.extend(from.place, id), text, score, spaced: false, steps };
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
