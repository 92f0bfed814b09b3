/** Whether an edit changes words alone: the text without comments and the inside of strings stays the same. */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Language } from '../../base/languages.ts';
import { lex } from '../delimiters/lexer.ts';
import { placeEdits } from '../preflight.ts';
import { Lines, replaceAll } from '../view.ts';

export function keepsCode(text: string, edits: readonly TextEdit[], language: Language): boolean {
  const { replacements, problems } = placeEdits(new Lines(text), edits);
  if (problems.length > 0) return false;
  return skeleton(text, language) === skeleton(replaceAll(text, replacements), language);
}

/** The code with a mark for each run of comments and for each string; blank lines and indentation count. */
function skeleton(text: string, language: Language): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, comment } of lex(text, language).skipped) {
    parts.push(text.slice(at, start), comment ? '\u0001' : '\u0002');
    at = Math.max(at, end);
  }
  parts.push(text.slice(at));
  // A translated comment may need more lines or fewer.
  return parts.join('').replace(/\u0001(?:\s*\u0001)+/g, '\u0001');
}
