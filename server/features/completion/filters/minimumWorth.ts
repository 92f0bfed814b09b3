/** Drops what is not worth a look: no letter and no digit, unless it closes what is open. */
import type { Filter } from './filter.ts';
import { BracketStack } from './scan.ts';
import { siteOf } from './site.ts';

export const minimumWorth: Filter = (text, input) => {
  const bare = text.trim();
  if (bare === '') return '';
  if (/[\p{L}\p{N}]/u.test(bare)) return text;
  const { open, within, language } = siteOf(input);
  // Rules and underlines of text, and the end of a string.
  if (language.prose || within !== 'code') return text;
  const stack = new BracketStack(open);
  const closes = Array.from(bare).filter(
    character => '()[]{}'.includes(character) && stack.take(character) === 'closed',
  );
  return closes.length > 0 || bare.length > 2 ? text : '';
};
