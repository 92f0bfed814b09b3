/** No blanks at the ends of lines, and no blank lines at the end. Two blanks end a line in Markdown by right. */
import type { Filter } from './filter.ts';

export const trailingWhitespace: Filter = (text, { languageId }) => {
  const end = text.trimEnd();
  return languageId === 'markdown' ? end : end.replace(/[ \t]+(?=\n)/g, '');
};
