/**
 * The names that a piece of new code uses and does not declare itself, by their looks. Cheap enough for the thread
 * that talks to the editor. It must not know trees.
 */
import type { Language } from '../base/languages.ts';
import { lex } from './delimiters/lexer.ts';

/** Shorter names are loop variables and the like. */
const MIN_NAME = 3;
/** A name behind one of these is being declared, or is a member of something. */
const DECLARED_BY =
  /(?:\b(?:const|let|var|function|class|interface|type|enum|namespace|import|from|as|for|def|lambda|global|nonlocal|infer|except)\s+|[.#@]\s*)$/;
/** What follows a parameter, a key, or a name that is assigned to. */
const DECLARED_BEFORE = /^\s*(?::(?!:)|=(?!=)|\)?\s*=>)/;

export function usedNames(added: string, language: Language): readonly string[] {
  const code = withoutLiterals(added, language);
  const used = new Set<string>();
  const declared = new Set<string>(language.keywords);
  for (const match of code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const [name] = match;
    // The first word may go on from what stands before the cursor.
    if (match.index === 0 || name.length < MIN_NAME || declared.has(name)) continue;
    const declares =
      DECLARED_BY.test(code.slice(0, match.index)) ||
      DECLARED_BEFORE.test(code.slice(match.index + name.length));
    (declares ? declared : used).add(name);
  }
  return [...used].filter(name => !declared.has(name));
}

/** Whether a text has exactly this word. */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordPart(text[at - 1]) && !isWordPart(text[at + word.length])) return true;
  }
  return false;
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
}

function withoutLiterals(text: string, language: Language): string {
  let code = '';
  let at = 0;
  for (const { start, end } of lex(text, language).skipped) {
    code += `${text.slice(at, start)} `;
    at = Math.max(at, end);
  }
  return code + text.slice(at);
}
