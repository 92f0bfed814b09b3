/**
 * From one line to a short block: continues line by line while each is likely, and stops where the block ends. It
 * must not know documents or how tokens are predicted.
 */
import { specialToken } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { searchLine } from './beam.ts';
import type { Budget, LineGuess } from './beam.ts';
import type { Surroundings } from './openFile.ts';
import type { Predictor } from './predictor.ts';
import type { Scope } from './scope.ts';
import { repeatsNeighbour } from './tidy.ts';
import type { EmbeddedCandidate } from './types.ts';

/** What every further line must reach by itself, and all together. */
const lineBar = 0.45;
const blockBar = 0.2;
const longestBlock = 12;
const beam = { width: 2, tokens: 24, answers: 1, part: Infinity };
const levelsOut = new Map<number, number>([
  [specialToken.newlineOut, 1],
  [specialToken.newlineOut2, 2],
  [specialToken.newlineOut3, 3],
]);

/**
 * The guess with the lines that surely follow it; undefined if none does. `unit` is one level of indentation.
 * `scope` is what stands above the cursor; it takes up the lines of the block.
 */
export function continueBlock(
  predictor: Predictor,
  words: Vocabulary,
  unit: string,
  around: Surroundings,
  scope: Scope,
  first: LineGuess,
  maxLines: number,
  budget: Budget,
): EmbeddedCandidate | undefined {
  const base = /^[ \t]*/.exec(around.left)?.[0] ?? '';
  const below = around.below.find(line => line.trim());
  const lines = [first.text.trimEnd()];
  scope.add(around.left + first.text);
  let guess = first;
  let level = 0;
  let confidence = first.probability;
  // However sure the next line is, it cannot lift what stands before it over the bar: then it is not searched.
  while (lines.length < Math.min(maxLines, longestBlock) && confidence >= blockBar) {
    if (guess.newline === specialToken.newlineIn) level++;
    else level -= levelsOut.get(guess.newline) ?? 0;
    // The block is what begins at the cursor's indentation; one level further out it has ended.
    if (level < 0 || (level === 0 && lines.length > 1 && guess.newline === specialToken.newlineSame)) break;
    const place = predictor.extend(guess.place, guess.newline);
    // What cannot reach both bars is not followed: most blocks end here, and an end must cost little.
    const floor = Math.max(lineBar, blockBar / confidence);
    const start = { place, spaced: true, typed: '', rightId: -1 };
    const found = searchLine(predictor, words, start, { ...beam, floor }, budget).guesses[0];
    if (!found) break;
    const line = base + unit.repeat(level) + found.text.trimEnd();
    if (repeatsNeighbour(line, below === undefined ? [] : [below])) break;
    if (scope.repeats(line) || scope.redeclares(line)) break;
    scope.add(line);
    lines.push(line);
    confidence *= found.probability;
    guess = found;
  }
  return lines.length > 1 ? { text: lines.join('\n'), confidence } : undefined;
}
