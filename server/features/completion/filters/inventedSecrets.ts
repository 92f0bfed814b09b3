/** Ends a suggestion before a line with a secret that the person did not write here: models recite what they learned. */
import { findSecrets } from '../../../guard/secrets.ts';
import type { Filter } from './filter.ts';
import { siteOf } from './site.ts';

export const inventedSecrets: Filter = (text, input) => {
  const { current } = siteOf(input);
  const whole = current + text;
  const invented = findSecrets(whole).find(({ start, end }) => {
    if (end <= current.length) return false;
    const value = whole.slice(Math.max(start, current.length), end);
    return !input.prefix.includes(value) && !input.suffix.includes(value);
  });
  if (invented === undefined) return text;
  const before = whole.slice(current.length, Math.max(current.length, invented.start));
  return before.slice(0, Math.max(0, before.lastIndexOf('\n')));
};
