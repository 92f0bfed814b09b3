/** Cuts the suggestion where it begins to write the lines that follow the cursor already. */
import type { Filter } from './filter.ts';

/** A shorter line (a lone bracket) proves nothing by itself, unless it ends the suggestion. */
const TELLING_LENGTH = 4;

export const repeatedSuffixLines: Filter = (text, { suffix }) => {
  const following = suffix
    .split(/\r\n|\r|\n/)
    .slice(1)
    .filter(line => line.trim() !== '')
    .slice(0, 3)
    .map(line => line.trimEnd());
  if (following.length === 0) return text;
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).trimEnd();
    if (i === 0 ? line.trim() !== following[0]?.trim() : line !== following[0]) continue;
    const last = i === lines.length - 1;
    const goesOn = following[1] !== undefined && lines[i + 1]?.trimEnd() === following[1];
    if (line.trim().length >= TELLING_LENGTH || last || goesOn) return lines.slice(0, i).join('\n').trimEnd();
  }
  return text;
};
