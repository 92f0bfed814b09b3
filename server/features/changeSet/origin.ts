/**
 * Which action made a change-set, as its header tells: written so that it can be run again, read as what it is, a line
 * that anybody may have written. It must not know the actions.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Problem } from '../../analysis/analysis.ts';
import { diffLines } from '../../edits/diff.ts';
import { splitLines } from '../../edits/lines.ts';
import { blobHash } from '../../edits/changeSet/write.ts';
import type { ActionArguments } from '../actions/action.ts';

/** Longer ones are left out, and the change cannot be tried again. In UTF-16 units. */
const MAX_LENGTH = 1_900;
const MAX_PROBLEMS = 5;

export interface Origin {
  readonly command: string;
  /** Relative to the workspace folder. */
  readonly path: string;
  readonly range: Range;
  /** Git's hash of the text that the range is of. */
  readonly base: string;
  readonly choice?: string;
  readonly problems?: readonly Problem[];
}

/** The line for a document; undefined where the action is not known or too long to tell. */
export function writeOrigin(target: ActionArguments, path: string, text: string): string | undefined {
  const { command, range, choice, problems } = target;
  if (command === undefined) return undefined;
  const told = (problems ?? [])
    .slice(0, MAX_PROBLEMS)
    .map(each => ({ range: each.range, message: each.message }));
  const line = JSON.stringify({
    command,
    path,
    range,
    base: blobHash(text),
    ...(choice === undefined ? {} : { choice }),
    ...(told.length > 0 ? { problems: told } : {}),
  });
  return line.length > MAX_LENGTH || /\s{2}|[^\P{C}]/u.test(line) ? undefined : line;
}

export function readOrigin(line: string | undefined): Origin | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { command, path, range, base, choice, problems } = value as Record<string, unknown>;
  if (typeof command !== 'string' || typeof path !== 'string' || typeof base !== 'string') return undefined;
  if (!isRange(range) || (choice !== undefined && typeof choice !== 'string')) return undefined;
  const told = Array.isArray(problems) ? problems.slice(0, MAX_PROBLEMS).flatMap(readProblem) : [];
  return {
    command,
    path,
    range,
    base,
    ...(choice === undefined ? {} : { choice }),
    ...(told.length > 0 ? { problems: told } : {}),
  };
}

/** A range of one text where it is in another one; lines that are gone become the place where they were. */
export function moved(range: Range, before: string, now: string): Range {
  const hunks = diffLines(splitLines(before).lines, splitLines(now).lines) ?? [];
  const to = ({ line, character }: Position): Position => {
    let delta = 0;
    for (const { aStart, aEnd, bStart, bEnd } of hunks) {
      if (line < aStart) break;
      if (line < aEnd)
        return { line: Math.min(bStart + line - aStart, Math.max(bStart, bEnd - 1)), character };
      delta = bEnd - aEnd;
    }
    return { line: line + delta, character };
  };
  return { start: to(range.start), end: to(range.end) };
}

function isRange(value: unknown): value is Range {
  const { start, end } = (value ?? {}) as { start?: unknown; end?: unknown };
  return isPosition(start) && isPosition(end);
}

function isPosition(value: unknown): value is Position {
  const { line, character } = (value ?? {}) as { line?: unknown; character?: unknown };
  return [line, character].every(each => Number.isSafeInteger(each) && (each as number) >= 0);
}

function readProblem(value: unknown): Problem[] {
  const { range, message } = (value ?? {}) as { range?: unknown; message?: unknown };
  return isRange(range) && typeof message === 'string' ? [{ range, message: message.slice(0, 1_000) }] : [];
}
