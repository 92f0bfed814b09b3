/** Drops comments without a word, and lines that stand for code that was not written. */
import { isPlaceholderLine } from '../../../edits/lazy.ts';
import type { Filter } from './filter.ts';
import { siteOf } from './site.ts';

export const emptyComment: Filter = (text, input) => {
  const { language, current, within } = siteOf(input);
  if (language.prose || within !== 'code') return text;
  const { lineComments, blockComments } = language;
  const isEmpty = (line: string): boolean => {
    const bare = line.trim();
    if (bare === '') return false;
    return (
      lineComments.some(
        mark => bare.startsWith(mark) && /^[-/#;*\s]*$/.test(bare.slice(mark.length)) && bare.length < 8,
      ) ||
      blockComments.some(
        ([open, close]) =>
          bare === open || (bare.startsWith(open) && bare.endsWith(close) && !/\w/.test(bare)),
      )
    );
  };
  const lines = text.split('\n');
  const lazy = lines.findIndex((line, i) => (i > 0 || current.trim() === '') && isPlaceholderLine(line, ''));
  const kept = lines.slice(0, lazy < 0 ? undefined : lazy);
  while (kept.length > 0) {
    const last = kept.at(-1) as string;
    const alone =
      kept.length === 1 ? current.trim() === '' || /^\s/.test(last) || current.endsWith(' ') : true;
    if (last.trim() !== '' && !(alone && isEmpty(last))) break;
    kept.pop();
  }
  return kept.length === lines.length ? text : kept.join('\n');
};
