/**
 * Tries a completion on an overlay: cheap enough for every suggestion, since a person sees it before it is in. It
 * must not know engines. The thorough check, for edits, is preflight.ts.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Language } from '../base/languages.ts';
import { isWorse } from '../syntax/errors.ts';
import type { GrammarName } from '../syntax/grammars.ts';
import type { TreeView } from '../syntax/trees.ts';
import { isKnownGlobal } from './names/globals.ts';
import { hasWord, usedNames } from './newNames.ts';
import { placeEdits } from './preflight.ts';
import { familyOf } from './scopes.ts';
import { Lines, replaceAll } from './view.ts';

/** Whether the document parses no worse with the edit. */
export function parsesWith(trees: TreeView, edit: TextEdit): boolean {
  const { replacements, problems } = placeEdits(new Lines(trees.text), [edit]);
  return problems.length === 0 && parsesNoWorse(trees, replaceAll(trees.text, replacements));
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

/**
 * Names in new text that nobody has used so far; only where the names are known that need no declaration. `isWord`
 * tells whether the workspace knows a word.
 */
export function unknownNames(
  added: string,
  text: string,
  grammar: GrammarName,
  language: Language,
  isWord: (word: string) => boolean,
): readonly string[] {
  if (!familyOf(grammar)) return [];
  return usedNames(added, language).filter(
    name => !isKnownGlobal(name, grammar) && !hasWord(text, name) && !isWord(name),
  );
}
