/** A line that is empty, or waits for its rest, is not left by a line break first. */
import type { Filter } from './filter.ts';
import { siteOf } from './site.ts';

/** The rest of a statement stands on the same line after these. */
const waits =
  /(?:[^=!<>]=|\b(?:return|await|yield|new|import|from|const|let|var|def|func|fn|class|not|and|or|in|is|throw|raise|extends)|[+*/%&|.-])[ \t]*$/;

export const leadingNewlines: Filter = (text, input) => {
  if (!/^[ \t]*\n/.test(text)) return text;
  const { current, within, rest, language } = siteOf(input);
  if (within !== 'code' || language.prose) return text;
  if (current.trim() === '') {
    const left = text.replace(/^(?:[ \t]*\n)+/, '');
    // The line's own indentation is there already.
    return current === '' ? left : left.replace(/^[ \t]+/, '');
  }
  if (
    !waits.test(current) &&
    !(/[(,]\s*$/.test(current) && rest.trim() !== '' && !text.trimEnd().includes('\n', 2))
  )
    return collapsed(text);
  return /\s$/.test(current) || current.endsWith('.') ? text.trimStart() : ` ${text.trimStart()}`;
};

/** Several blank lines at once are one. */
const collapsed = (text: string): string => text.replace(/^\n(?:[ \t]*\n){2,}/, '\n\n');
