/**
 * What an edit did to single lines, as replaced tokens: the raw material of every predictor. Pure; it must not know
 * what comes of it.
 */
import type { RecentEdit } from '../../base/history.ts';
import { type Language, languageOf } from '../../base/languages.ts';
import { diffLines } from '../../edits/diff.ts';
import { type Token, tokensOf } from './source.ts';

/** Tokens `oldStart…oldEnd` of the line before became tokens `newStart…newEnd` of the line after. */
export interface TokenChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** One line that an edit changed into one other line. */
export interface LineChange {
  readonly uri: string;
  /** In the text just after the edit. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly old: readonly Token[];
  readonly now: readonly Token[];
  readonly changes: readonly TokenChange[];
  /** 0 for the newest edit, 1 for the one before it. */
  readonly age: number;
}

const MAX_LINES = 60;

/** The lines that an edit changed one to one; none where lines were only added or removed. */
export function lineChanges(edit: RecentEdit, age: number): readonly LineChange[] {
  if (edit.beforeLines !== edit.afterLines || edit.beforeLines > MAX_LINES) return [];
  const language = languageOf(edit.languageId, edit.uri);
  const before = edit.before.split('\n');
  const after = edit.after.split('\n');
  return before.flatMap((line, index) => {
    const changed = lineChange(language, line, after[index] as string);
    return changed ? [{ uri: edit.uri, line: edit.line + index, age, ...changed }] : [];
  });
}

/** The difference of two lines; undefined where they are the same, or too little of one is left in the other. */
export function lineChange(
  language: Language,
  before: string,
  after: string,
): Omit<LineChange, 'uri' | 'line' | 'age'> | undefined {
  if (before === after || indentText(before) !== indentText(after)) return undefined;
  const old = tokensOf(language, before);
  const now = tokensOf(language, after);
  if (old.length === 0 || now.length === 0) return undefined;
  const hunks = diffLines(texts(old), texts(now), 200);
  if (!hunks || hunks.length === 0) return undefined;
  const changed = hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart, 0);
  if (changed > old.length * 0.7 && old.length > 2) return undefined;
  const changes = hunks.map(hunk => ({
    oldStart: hunk.aStart,
    oldEnd: hunk.aEnd,
    newStart: hunk.bStart,
    newEnd: hunk.bEnd,
  }));
  return { before, after, old, now, changes };
}

export function texts(tokens: readonly Token[]): string[] {
  return tokens.map(({ text }) => text);
}

function indentText(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}
