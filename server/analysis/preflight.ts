/**
 * Tries edits on a copy of the document: do they fit, does the result still parse, does it name only what exists.
 * It must not know who made the edits.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { isCell, isNotebookFile } from '../base/cells.ts';
import type { Language } from '../base/languages.ts';
import { describeProblem, isWorse } from '../syntax/errors.ts';
import type { Overlay, TreeView } from '../syntax/trees.ts';
import type { Preflight } from './analysis.ts';
import { bracketBalance } from './delimiters/lexer.ts';
import { isKnownGlobal } from './names/globals.ts';
import type { ScopeFacts } from './scopes/model.ts';
import { scopeFacts } from './scopes.ts';
import { Lines, linesOf, type Replacement, replaceAll } from './view.ts';

const MAX_TOLD = 5;

/** Edits as offsets, or why they cannot be made. */
export function placeEdits(
  lines: Lines,
  edits: readonly TextEdit[],
): { readonly replacements: readonly Replacement[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const replacements: Replacement[] = [];
  for (const { range, newText } of edits) {
    const start = lines.offsetAt(range.start);
    const end = lines.offsetAt(range.end);
    if (!isSane(lines, range.start) || !isSane(lines, range.end)) {
      problems.push(`An edit points to line ${range.start.line + 1}, which the document does not have.`);
      continue;
    }
    if (end < start) problems.push(`The edit at line ${range.start.line + 1} ends before it starts.`);
    else replacements.push({ start, end, text: newText });
    if (hasLoneSurrogate(newText))
      problems.push(
        `The new text at line ${range.start.line + 1} contains half a character (a lone surrogate).`,
      );
  }
  const sorted = [...replacements].sort((a, b) => a.start - b.start || a.end - b.end);
  for (let at = 1; at < sorted.length; at++) {
    const before = sorted[at - 1] as Replacement;
    const next = sorted[at] as Replacement;
    if (next.start < before.end)
      problems.push(`Two edits overlap at line ${lines.positionAt(next.start).line + 1}.`);
  }
  return { replacements, problems };
}

/** The verdict for a document with a tree. */
export function preflightTree(trees: TreeView, edits: readonly TextEdit[], path: string): Preflight {
  const { text } = trees;
  const lines = linesOf(text);
  const { replacements, problems } = placeEdits(lines, edits);
  if (problems.length > 0) return { ok: false, problems, syntaxChecked: true };
  const after = replaceAll(text, replacements);
  if (after === text) return { ok: true, problems: [], syntaxChecked: true };
  const overlay = trees.overlay(after);
  if (!overlay) return { ok: true, problems: [], syntaxChecked: false };
  try {
    const found = [
      ...splitCharacters(text, after),
      ...syntaxProblems(trees, overlay, after),
      ...newUnknownNames(trees, overlay, path),
    ];
    return { ok: found.length === 0, problems: found.slice(0, MAX_TOLD), syntaxChecked: true };
  } finally {
    overlay.release();
  }
}

/** The verdict where no grammar is known. */
export function preflightText(text: string, edits: readonly TextEdit[], language: Language): Preflight {
  const { replacements, problems } = placeEdits(new Lines(text), edits);
  if (problems.length > 0) return { ok: false, problems, syntaxChecked: false };
  const after = replaceAll(text, replacements);
  const found = [...splitCharacters(text, after)];
  const before = bracketBalance(text, language);
  const now = bracketBalance(after, language);
  if (!language.prose && now.wrong > before.wrong)
    found.push(
      `Line ${new Lines(after).positionAt(now.firstWrong ?? 0).line + 1}: brackets do not match after the edit.`,
    );
  return { ok: found.length === 0, problems: found.slice(0, MAX_TOLD), syntaxChecked: false };
}

function isSane(lines: Lines, position: { readonly line: number; readonly character: number }): boolean {
  return (
    Number.isInteger(position.line) &&
    Number.isInteger(position.character) &&
    position.line >= 0 &&
    position.character >= 0 &&
    position.line <= lines.count
  );
}

function hasLoneSurrogate(text: string): boolean {
  return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

function splitCharacters(before: string, after: string): readonly string[] {
  return !hasLoneSurrogate(before) && hasLoneSurrogate(after)
    ? ['The edit cuts a character in two (a lone surrogate is left).']
    : [];
}

function syntaxProblems(trees: TreeView, overlay: Overlay, after: string): readonly string[] {
  if (!isWorse(trees.damage, overlay.damage)) return [];
  const told = overlay.damage.problems.slice(0, MAX_TOLD).map(problem => describeProblem(problem, after));
  return told.length > 0 ? told : ['The result cannot be read as code.'];
}

/** Names that were fine or absent before and are unknown after. */
function newUnknownNames(trees: TreeView, overlay: Overlay, path: string): readonly string[] {
  // Names are only known where the text parses.
  if (overlay.tree.hasError || trees.tree.hasError || isCell(path) || isNotebookFile(path)) return [];
  const before = scopeFacts(trees.tree, trees.grammar);
  const after = scopeFacts(overlay.tree, trees.grammar);
  if (!before || !after || after.open) return [];
  const known = unknownNames(before, trees);
  const fresh = [...unknownNames(after, trees)].filter(([name]) => !known.has(name));
  if (fresh.length === 0) return [];
  const lines = new Lines(overlay.tree.text);
  return fresh.map(([name, start]) => `Line ${lines.positionAt(start).line + 1}: '${name}' is not defined.`);
}

/** Each name without a declaration, with its first place. */
export function unknownNames(facts: ScopeFacts, trees: TreeView): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const use of facts.unresolved) {
    if (use.guarded || isKnownGlobal(use.name, trees.grammar) || facts.mentioned.has(use.name)) continue;
    if (!found.has(use.name)) found.set(use.name, use.start);
  }
  return found;
}
