/** The order in which filters run: from what is not code, over what is there already, to how much is left. */
import { blockEnd } from './blockEnd.ts';
import { bracketBalance } from './bracketBalance.ts';
import { chatter } from './chatter.ts';
import { echoedPrefix } from './echoedPrefix.ts';
import { emptyComment } from './emptyComment.ts';
import { fences } from './fences.ts';
import type { Filter, FilterInput } from './filter.ts';
import { indentation } from './indentation.ts';
import { inventedSecrets } from './inventedSecrets.ts';
import { leadingNewlines } from './leadingNewlines.ts';
import { limitLines } from './limitLines.ts';
import { lineEnds } from './lineEnds.ts';
import { lispBalance } from './lispBalance.ts';
import { minimumWorth } from './minimumWorth.ts';
import { pathLine } from './pathLine.ts';
import { repeatedSuffixLines } from './repeatedSuffixLines.ts';
import { repetition } from './repetition.ts';
import { rewritesLineAbove } from './rewritesLineAbove.ts';
import { specialTokens } from './specialTokens.ts';
import { spuriousColon } from './spuriousColon.ts';
import { suffixOverlap } from './suffixOverlap.ts';
import { thoughts } from './thoughts.ts';
import { trailingWhitespace } from './trailingWhitespace.ts';
import { unsafeCharacters } from './unsafeCharacters.ts';
import { wrongLanguage } from './wrongLanguage.ts';

/** Not code: what belongs to the model, to a conversation, to another language. */
const artefacts = {
  lineEnds,
  unsafeCharacters,
  thoughts,
  specialTokens,
  fences,
  chatter,
  pathLine,
  wrongLanguage,
};
/** There already: before the cursor, after it, or in the suggestion itself. */
const repeats = { echoedPrefix, leadingNewlines, repetition, repeatedSuffixLines, rewritesLineAbove };
/** How it is written, and how far it goes. */
const shape = {
  indentation,
  spuriousColon,
  blockEnd,
  bracketBalance,
  emptyComment,
  limitLines,
  suffixOverlap,
  lispBalance,
  inventedSecrets,
  trailingWhitespace,
  minimumWorth,
};

/** All filters by name, in the order in which they run. */
export const filters: Readonly<Record<string, Filter>> = { ...artefacts, ...repeats, ...shape };

/** Runs all filters; an empty result means that nothing is worth showing. */
export function filterCompletion(text: string, input: FilterInput): string {
  let left = text;
  for (const filter of Object.values(filters)) {
    left = filter(left, input);
    if (left.trim() === '') return '';
  }
  return left;
}
