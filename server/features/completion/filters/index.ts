/** The order in which filters run: from what is not code, over what is there already, to how much is left. */
import type { Filter, FilterInput } from './filter.ts';
import { limitLines } from './limitLines.ts';
import { modelArtefacts } from './modelArtefacts.ts';
import { repeatedSuffixLines } from './repeatedSuffixLines.ts';
import { repetition } from './repetition.ts';
import { spuriousColon } from './spuriousColon.ts';
import { suffixOverlap } from './suffixOverlap.ts';

const FILTERS: readonly Filter[] = [
  modelArtefacts,
  repetition,
  repeatedSuffixLines,
  spuriousColon,
  limitLines,
  suffixOverlap,
];

/** Runs all filters; an empty result means that nothing is worth showing. */
export function filterCompletion(text: string, input: FilterInput): string {
  let left = text;
  for (const filter of FILTERS) {
    left = filter(left, input);
    if (left.trim() === '') return '';
  }
  return left;
}
