/** Refuses text with characters that nobody sees, or that look like others inside a word. */
import { hiddenCharacters } from '../../../guard/sanitise.ts';
import type { Filter } from './filter.ts';
import { siteOf } from './site.ts';

/** Latin and a script with the same shapes in one word. */
const mixed =
  /[\p{Script=Latin}_]*(?:\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin})[\p{L}\p{N}_]*/gu;

export const unsafeCharacters: Filter = (text, input) => {
  if (/^[\n\t\x20-\x7e]*$/.test(text)) return text;
  if (hiddenCharacters(text).length > 0) return '';
  const { language } = siteOf(input);
  if (language.prose) return text;
  const isKnown = (word: string): boolean => input.prefix.includes(word) || input.suffix.includes(word);
  return Array.from(text.matchAll(mixed)).every(([word]) => isKnown(word)) ? text : '';
};
