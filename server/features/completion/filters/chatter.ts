/** Takes away what a chat model says to the person: introductions above the code, explanations below it. */
import type { Filter } from './filter.ts';
import { isChatter } from './prose.ts';
import { scanLine } from './scan.ts';
import { siteOf } from './site.ts';

const role =
  /^\s*(?:#{2,4} ?(?:instructions?|response|input|output|answer|question|explanation|solution|assistant|user|human|system)\b:?|\*{0,2}(?:human|assistant|user|system|ai|q|a)\*{0,2}\s?:(?=\s|$))/i;
/** Keys that a file may well have. */
const mayBeKey = /^(?:yaml|toml|ini|properties|markdown|plaintext|css|scss|less|json.*)$/;

/** Whether a line begins another turn of a conversation. */
export const isRole = (line: string, languageId: string): boolean => {
  if (!role.test(line) || languageId === 'markdown') return false;
  return /^\s*#/.test(line) ? true : !mayBeKey.test(languageId) && /^[A-Z*]/.test(line);
};

export const chatter: Filter = (text, input) => {
  const { within, mayBeProse, language, state } = siteOf(input);
  if (within !== 'code') return text;
  const lines = text.split('\n');
  let first = 0;
  let dropped = false;
  for (; first < lines.length; first++) {
    const line = lines[first] as string;
    if (line.trim() === '') continue;
    if (!isIntroduction(line, mayBeProse)) break;
    dropped = true;
  }
  const start = dropped ? first : 0;
  let inside = state;
  const end = lines.findIndex((line, i) => {
    if (i < start) return false;
    const startsIn = inside;
    inside = scanLine(line, inside, language).state;
    // A comment or a string over lines may say anything.
    return startsIn === 0 && (isRole(line, input.languageId) || (!mayBeProse && isChatter(line)));
  });
  if (start === 0 && end < 0) return text;
  return lines.slice(start, end < 0 ? undefined : end).join('\n');
};

/** Whether a line introduces the answer. In prose only one that speaks of a completion is surely no part of it. */
export function isIntroduction(line: string, mayBeProse: boolean): boolean {
  if (!isChatter(line)) return false;
  return (
    !mayBeProse || /\b(?:complet(?:ed?|ion|ing|es)|code|snippet|continuation)\b[^.]*[:.]\s*$/i.test(line)
  );
}
