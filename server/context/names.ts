/** Identifiers in text, without a grammar. Pure. */
import { languageOf } from '../base/languages.ts';

const WORD = /[\p{L}_$][\p{L}\p{N}_$]{2,}/gu;

/** Names that occur in `text`, each once, the last ones first, without the language's own words. */
export function namesIn(text: string, languageId: string, path: string): readonly string[] {
  const reserved = new Set(languageOf(languageId, path).keywords);
  const names = new Set<string>();
  for (const word of (text.match(WORD) ?? []).reverse()) if (!reserved.has(word)) names.add(word);
  return [...names];
}

/** The identifier that touches a place in a line; undefined if there is none. */
export function wordAt(line: string, character: number): string | undefined {
  for (const match of line.matchAll(/[\p{L}\p{N}_$]+/gu)) {
    if (match.index <= character && character <= match.index + match[0].length) {
      return /^\p{N}/u.test(match[0]) ? undefined : match[0];
    }
    if (match.index > character) break;
  }
  return undefined;
}
