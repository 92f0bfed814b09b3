/** Keeps at most the lines that were asked for, and no blank ones at the end. */
import type { Filter } from './filter.ts';

export const limitLines: Filter = (text, { maxLines }) =>
  text.split('\n').slice(0, Math.max(1, maxLines)).join('\n').trimEnd();
