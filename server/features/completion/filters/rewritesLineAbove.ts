/** Drops a suggestion that writes the line above once more, and nothing else. */
import type { Filter } from './filter.ts';
import { isData, siteOf } from './site.ts';

export const rewritesLineAbove: Filter = (text, input) => {
  const { current, above } = siteOf(input);
  const known = above.trim();
  if (known.length <= 3 || !/\p{L}{2}/u.test(known) || isData(known)) return text;
  const [first = '', ...more] = text.trimEnd().split('\n');
  if (plain(current + first) === plain(known)) return more.length === 0 ? '' : text;
  // On lines of its own, below a line that is done.
  const [second = '', ...rest] = more;
  return first.trim() === '' &&
    rest.length === 0 &&
    plain(second) === plain(current) &&
    current.trim().length > 3
    ? ''
    : text;
};

const plain = (line: string): string => line.trim().replace(/\s+/g, ' ');
