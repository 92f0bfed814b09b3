/**
 * Tries a completion on an overlay: cheap enough for every suggestion, since a person sees it before it is in. It
 * must not know engines. The thorough check, for edits, is preflight.ts.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Language } from '../base/languages.ts';
import { isWorse } from '../syntax/errors.ts';
import type { TreeView } from '../syntax/trees.ts';
import type { CompletionCheck } from './analysis.ts';
import { lex } from './delimiters/lexer.ts';
import { isKnownGlobal } from './names/globals.ts';
import { placeEdits } from './preflight.ts';
import { familyOf } from './scopes.ts';
import { Lines, replaceAll } from './view.ts';

/** Shorter names are loop variables and the like. */
const MIN_NAME = 3;
/** A name behind one of these is being declared. */
const DECLARING =
  /(?:\b(?:const|let|var|function|class|interface|type|enum|namespace|import|from|as|for|def|lambda|global|nonlocal|infer|except)\s+|[.#@]\s*)$/;

/** `isWord` tells whether the workspace knows a word. */
export function checkCompletion(
  trees: TreeView,
  edit: TextEdit,
  language: Language,
  isWord: (word: string) => boolean,
): CompletionCheck {
  const { text } = trees;
  const { replacements, problems } = placeEdits(new Lines(text), [edit]);
  if (problems.length > 0) return { parses: false, unknownNames: [] };
  const after = replaceAll(text, replacements);
  return {
    parses: parsesNoWorse(trees, after),
    unknownNames: unknownNames(trees, edit.newText, text, language, isWord),
  };
}

/** Most documents have an error where somebody is typing; only a text that looks worse is parsed afresh. */
function parsesNoWorse(trees: TreeView, after: string): boolean {
  for (const quick of [true, false]) {
    const overlay = trees.overlay(after, quick);
    if (!overlay) return true;
    const worse = isWorse(trees.damage, overlay.damage);
    overlay.release();
    if (!worse) return true;
  }
  return false;
}

/** Names in new text that are neither declared in it nor a member of something, and that nobody has used so far. */
function unknownNames(
  trees: TreeView,
  added: string,
  text: string,
  language: Language,
  isWord: (word: string) => boolean,
): readonly string[] {
  if (!familyOf(trees.grammar)) return [];
  const code = withoutLiterals(added, language);
  const unknown = new Set<string>();
  const declared = new Set<string>(language.keywords);
  for (const match of code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const [name] = match;
    const end = match.index + name.length;
    // The first word may go on from what stands before the cursor.
    if (match.index === 0 || name.length < MIN_NAME || declared.has(name)) continue;
    const declares =
      DECLARING.test(code.slice(0, match.index)) || /^\s*(?::(?!:)|=(?!=)|\)?\s*=>)/.test(code.slice(end));
    if (declares) declared.add(name);
    else if (!isKnownGlobal(name, trees.grammar) && !hasWord(text, name) && !isWord(name)) unknown.add(name);
  }
  return [...unknown].filter(name => !declared.has(name));
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

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordPart(text[at - 1]) && !isWordPart(text[at + word.length])) return true;
  }
  return false;
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
}
