/**
 * What is looked at in the text of an edit before it is offered: leftovers, hidden characters, secrets, size. Each
 * check compares with what was there before, so that a file's own oddities are never held against an edit. It must
 * not know replies, grammars or how secrets are found.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { diffLines, type LineHunk } from './diff.ts';
import { addedHiddenCharacters, mayHide } from '../guard/hidden.ts';
import { findPlaceholder } from './lazy.ts';
import { applyEdits } from './lines.ts';
import { addedRemoteReferences } from './remote.ts';

export type CheckFailure =
  | 'placeholder'
  | 'marker'
  | 'hidden-character'
  | 'lone-surrogate'
  | 'secret'
  | 'too-large'
  | 'shrunk';

/** Something secret-like in a text, as the caller's scanner found it. Offsets in UTF-16 units. */
export interface SecretFinding {
  /** For a person, for example `GitHub token`. */
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** `retry` is for the model, `reason` for the person. `warnings` of a good edit are for the person too. */
export type Checked =
  | { readonly ok: true; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly code: CheckFailure; readonly retry: string; readonly reason: string };

export interface CheckInput {
  /** How messages call the document; also tells the language. */
  readonly path: string;
  /** The document before the edits; '' for a new one. */
  readonly before: string;
  readonly edits: readonly TextEdit[];
  /** Finds secrets; without it none are looked for. */
  readonly findSecrets?: ((text: string) => readonly SecretFinding[]) | undefined;
  /** The edit replaces a given range by rewritten text, so that much less text means that some was lost. */
  readonly rewrite?:
    | { readonly before: string; readonly after: string; readonly wholeFile?: boolean }
    | undefined;
}

/** Most text one edit may add to one document, in UTF-16 units. */
const MAX_ADDED = 512 * 1024;

const MARKER = /^(?:<{7}|>{7}|\|{7})(?:$|[ \t])|^ {0,3}(?:<{5,9} ?SEARCH|>{5,9} ?REPLACE)\b/m;
const MARKERS = new RegExp(MARKER.source, 'gm');

export function check(input: CheckInput): Checked {
  const { before, edits, path } = input;
  const added = edits.map(edit => edit.newText).join('\n');
  if (added.length > MAX_ADDED) {
    return fail(
      'too-large',
      'The edit adds far too much text. Send a smaller one.',
      'The edit was unreasonably large.',
    );
  }
  if (/\p{Surrogate}/u.test(added)) {
    return fail(
      'lone-surrogate',
      'The edit holds broken Unicode. Send it again.',
      'The edit held broken Unicode.',
    );
  }
  const placeholder = findPlaceholder(added.replace(/\r\n?/g, '\n'), before, path);
  if (placeholder !== undefined) {
    return fail(
      'placeholder',
      `The edit leaves code out ("${placeholder}"). Write every line; do not abbreviate.`,
      'The model left code out of its edit.',
    );
  }
  const after = applyEdits(before, edits);
  if (countOf(after, MARKERS) > countOf(before, MARKERS)) {
    return fail(
      'marker',
      'The edit would leave conflict markers in the file. Use each marker once per block.',
      'The edit would have left conflict markers in the file.',
    );
  }
  return checkCharacters(input, added, after);
}

function checkCharacters(input: CheckInput, added: string, after: string): Checked {
  const hidden = mayHide(added) ? addedHiddenCharacters(input.before, after) : [];
  if (hidden.length > 0) {
    const names = [...new Set(hidden.map(({ name }) => name))].slice(0, 5).join(', ');
    return fail(
      'hidden-character',
      `The edit adds invisible or direction-changing characters (${names}). Write them as escapes or leave them out.`,
      `The edit would have added characters that cannot be seen (${names}).`,
    );
  }
  for (const finding of input.findSecrets?.(added) ?? []) {
    if (input.before.includes(added.slice(finding.start, finding.end))) continue;
    return fail(
      'secret',
      `The edit writes what looks like a secret (${finding.what}) into the code. Read it from the environment or the configuration instead.`,
      `The edit would have written what looks like a secret (${finding.what}) into the file.`,
    );
  }
  const { rewrite } = input;
  if (rewrite?.wholeFile === true && hasLostAnEnd(rewrite.before, rewrite.after)) {
    return fail(
      'shrunk',
      'The beginning or the end of the file is missing. Write the whole file, from its first line to its last.',
      'The rewritten file lacked its beginning or its end.',
    );
  }
  if (rewrite !== undefined && hasShrunk(rewrite.before, rewrite.after)) {
    return fail(
      'shrunk',
      'Most of the lines are missing from the rewritten code. Write all of it.',
      'The rewritten code lacked most of the original lines.',
    );
  }
  const warnings = addedRemoteReferences(input.before, after).map(
    address => `${input.path} now refers to ${address.slice(0, 200)}, which tools may fetch by themselves.`,
  );
  return { ok: true, warnings };
}

/** Long code that came back as less than a quarter of its lines. */
function hasShrunk(before: string, after: string): boolean {
  const lines = (text: string): number => text.split('\n').filter(line => line.trim() !== '').length;
  const was = lines(before);
  return was >= 24 && lines(after) * 4 < was;
}

/**
 * A file that came back without what its first or last lines were, and with next to nothing in their place. A tenth
 * of the file counts, but eight lines of a short one and a third of a very short one.
 */
function hasLostAnEnd(before: string, after: string): boolean {
  // Lines without words, such as closing brackets, are found again anywhere.
  const lines = (text: string) =>
    text
      .split(/\r\n|\n|\r/)
      .map(line => line.trim())
      .filter(line => /\w{2}/.test(line));
  const was = lines(before);
  const now = lines(after);
  const least = Math.max(3, Math.min(Math.max(8, Math.ceil(was.length / 10)), Math.ceil(was.length / 3)));
  const hunks = diffLines(was, now) ?? [];
  const mirrored = hunks.map(hunk => ({
    aStart: was.length - hunk.aEnd,
    aEnd: was.length - hunk.aStart,
    bStart: now.length - hunk.bEnd,
    bEnd: now.length - hunk.bStart,
  }));
  return losesFromTheStart(hunks, least) || losesFromTheStart(mirrored.reverse(), least);
}

/** Whether the first lines are gone; single ones among them may be found again. */
function losesFromTheStart(hunks: readonly LineHunk[], least: number): boolean {
  let lost = 0;
  let added = 0;
  let kept = 0;
  let before = 0;
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    kept += aStart - before;
    before = aEnd;
    lost += aEnd - aStart;
    added += bEnd - bStart;
    if (kept > 2 + lost / 8) return false;
    if (lost - added >= least) return true;
  }
  return false;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function fail(code: CheckFailure, retry: string, reason: string): Checked {
  return { ok: false, code, retry, reason };
}
