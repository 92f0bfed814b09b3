/**
 * Features without an editor: `complete`, `explain` and `fix` in a terminal. It speaks to a small session and to
 * the output port; it must not know engines or analysis.
 */
import * as path from 'node:path';
import { projectFolderOf } from './places.ts';
import type { CliContext } from './context.ts';
import type { Command } from './command.ts';
import { unifiedDiff } from '../edits/unifiedDiff.ts';

/** Zero-based, UTF-16, as in the protocol. */
export interface HeadlessPosition {
  readonly line: number;
  readonly character: number;
}

/** An answer or why there is none; `message` is for the person. */
export type HeadlessResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

export interface HeadlessCompletion {
  /** What would be inserted at the place. */
  readonly text: string;
  /** Who wrote it, for example `embedded`. */
  readonly engine: string;
}

export interface HeadlessExplanation {
  readonly markdown: string;
  readonly engine: string;
}

export interface HeadlessFix {
  readonly before: string;
  /** Equal to `before` when nothing was to repair. */
  readonly after: string;
  /** Titles of what was repaired, in order of place; `line` from zero. */
  readonly repaired: readonly { readonly title: string; readonly line: number }[];
  /** What is wrong and could not be repaired with confidence. */
  readonly remaining: readonly { readonly message: string; readonly line: number }[];
}

/** The features as the terminal uses them, on files as they are on disk. Paths are absolute. */
export interface HeadlessSession {
  /** undefined: nothing to suggest. */
  complete(
    file: string,
    position: HeadlessPosition,
    signal: AbortSignal,
  ): Promise<HeadlessResult<HeadlessCompletion | undefined>>;
  explain(
    file: string,
    position: HeadlessPosition,
    signal: AbortSignal,
  ): Promise<HeadlessResult<HeadlessExplanation | undefined>>;
  fix(file: string, signal: AbortSignal): Promise<HeadlessResult<HeadlessFix>>;
  /** Ends the worker and closes sockets. */
  close(): Promise<void>;
}

type HeadlessCommand = Extract<Command, { mode: 'complete' | 'explain' | 'fix' }>;

/** Longer than any single answer should take; a terminal must not hang for ever. */
const limitMs = 300_000;

/** Runs one of the three; the exit code is the result. */
export async function runHeadless(command: HeadlessCommand, context: CliContext): Promise<number> {
  const abort = new AbortController();
  const timer = context.machine.clock.after(limitMs, () => abort.abort());
  const session = await context.openSession();
  try {
    if (command.mode === 'fix') return await runFix(command, session, abort.signal, context);
    return await runAtPlace(command, session, abort.signal, context);
  } finally {
    timer.cancel();
    await session.close();
  }
}

async function runAtPlace(
  command: Extract<HeadlessCommand, { mode: 'complete' | 'explain' }>,
  session: HeadlessSession,
  signal: AbortSignal,
  { output, cwd }: CliContext,
): Promise<number> {
  const { file, line, column } = command.place;
  const absolute = path.resolve(cwd, file);
  const position = { line: line - 1, character: column - 1 };
  const result =
    command.mode === 'complete'
      ? await session.complete(absolute, position, signal)
      : await session.explain(absolute, position, signal);
  if (!result.ok) return failed(command, result.message, output);
  const { value } = result;
  if (value === undefined) {
    const nothing = command.mode === 'complete' ? 'Nothing to suggest here.' : 'Nothing to explain here.';
    if (command.json) output.out(json({ ok: true, found: false }));
    else output.err(`${nothing}\n`);
    return 1;
  }
  if (command.json) output.out(json({ ok: true, found: true, ...value }));
  else output.out(withNewline('text' in value ? value.text : value.markdown));
  return 0;
}

async function runFix(
  command: Extract<HeadlessCommand, { mode: 'fix' }>,
  session: HeadlessSession,
  signal: AbortSignal,
  context: CliContext,
): Promise<number> {
  const { output } = context;
  const absolute = path.resolve(context.cwd, command.file);
  const result = await session.fix(absolute, signal);
  if (!result.ok) return failed(command, result.message, output);
  const { before, after, repaired, remaining } = result.value;
  const changed = before !== after;
  const name = path.relative(await projectFolderOf(absolute, context), absolute).replaceAll('\\', '/');
  const diff = changed ? unifiedDiff(name, before, after) : '';
  if (changed && command.write) {
    // Saved by an editor while the repair was being found, it is another file than the one that was repaired.
    const refused = await context.changeFiles([{ path: absolute, before, after }]);
    if (refused !== undefined) return failed(command, refused, output);
  }
  if (command.json)
    output.out(json({ ok: true, changed, written: changed && command.write, repaired, remaining, diff }));
  else {
    output.out(diff);
    for (const { title, line } of repaired) output.err(`${command.file}:${line + 1}: ${title}\n`);
    for (const { message, line } of remaining)
      output.err(`${command.file}:${line + 1}: not repaired: ${message}\n`);
    if (!changed) output.err('Nothing to repair.\n');
    else
      output.err(command.write ? `Written to ${command.file}.\n` : 'Not written; use --write to apply it.\n');
  }
  return changed && !command.write ? 1 : 0;
}

function failed(command: HeadlessCommand, message: string, output: CliContext['output']): number {
  if (command.json) output.out(json({ ok: false, message }));
  else output.err(`${message}\n`);
  return 1;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
