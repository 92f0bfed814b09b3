/**
 * The evidence of a result as Markdown: sentences of ours and code spans, so that nothing a model, a test or a file says
 * can forge a line of it. The same for the same report. It must not decide anything.
 */
import { protectedReason } from '../guard/protectedPaths.ts';
import { type FileRole, roleOf } from './integrity/files.ts';
import { type Finding, span } from './integrity/types.ts';
import type { NewName } from './newDependencies.ts';
import type { Result, Spent } from './types.ts';
import type { CheckRun } from './verify/runCheck.ts';

/** What a run is worth. */
export type Standing =
  /** Sound: it passed, runs the changed code, and can fail. */
  | 'evidence'
  /** It passed, and says nothing of the change by itself, such as a linter. */
  | 'passed'
  | 'failed'
  /** It failed on the base in the same way. */
  | 'red before'
  | 'flaky'
  /** It passed, and cannot be believed. */
  | 'doubtful'
  | 'not run';

export interface EvidenceRow {
  readonly run: CheckRun;
  readonly standing: Standing;
  /** What it covers, in words of ours. */
  readonly covers: string;
}

export interface EvidenceReport {
  readonly ok: boolean;
  readonly result: Result;
  readonly treeHash: string;
  readonly rows: readonly EvidenceRow[];
  readonly findings: readonly Finding[];
  /** Changed paths. */
  readonly changed: readonly string[];
  readonly names: readonly NewName[];
  /** Sentences of ours about what could not be done, or was left out. */
  readonly notes: readonly string[];
  readonly spent?: Spent;
}

const DIGITS = 12;
const MOST_LISTED = 50;

/** What of a change may decide about its own judgement, or about what runs later. */
export interface TouchedFile {
  readonly path: string;
  /** What it is, ends the sentence "it is …". */
  readonly what: string;
}

export function touchedFiles(changed: readonly string[]): readonly TouchedFile[] {
  const words: Partial<Record<FileRole, string>> = {
    test: 'test',
    snapshot: 'snapshot',
    ci: 'CI',
    config: 'configuration of checks',
  };
  return changed.flatMap(path => {
    const what = protectedReason(path) ?? words[roleOf(path)];
    return what === undefined ? [] : [{ path, what }];
  });
}

export function evidenceText(report: EvidenceReport): string {
  const { findings, names, notes, ok, result, rows, spent, treeHash } = report;
  const blocking = findings.filter(({ blocks }) => blocks);
  const told = findings.filter(({ blocks }) => !blocks);
  const sections = [
    [
      `**${ok ? 'Verified' : 'Not verified'}** at tree ${hash(treeHash)}: base ${hash(result.base)}, difference ${hash(result.diff)}.`,
    ],
    rows.length === 0 ? ['No check ran.'] : table(rows),
    list('What keeps it from being verified:', blocking.map(lineOf)),
    list('What else was noticed:', told.map(lineOf)),
    list(
      'Edits to tests, CI, configuration and protected files:',
      touchedFiles(report.changed).map(({ path, what }) => `${span(path)}: ${what}`),
    ),
    list(
      'New packages and names, which nobody has verified:',
      names.map(
        ({ ecosystem, from, line, locked, name, path }) =>
          `${span(name)} (${ecosystem}), ${from === 'manifest' ? 'asked for' : 'imported'} in ${span(`${path}:${line}`)}, ${locked ? 'known to a lock file before' : 'in no lock file'}`,
      ),
    ),
    list('Notes:', notes),
    spent === undefined ? [] : [costOf(spent)],
  ];
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n');
}

function hash(text: string): string {
  return `\`${text.replace(/[^0-9a-f]/g, '').slice(0, DIGITS)}\``;
}

function table(rows: readonly EvidenceRow[]): readonly string[] {
  return [
    '| Check | Command | Result | Worth | Tree | Time | Covers |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ covers, run, standing }) =>
      [
        '',
        span(run.id),
        span(run.argv.join(' '), 120),
        `${span(run.how)}${run.tests ? `, ${run.tests.ran} ${run.tests.ran === 1 ? 'test' : 'tests'}${run.tests.skipped > 0 ? `, ${run.tests.skipped} skipped` : ''}` : ''}`,
        standing,
        hash(run.tree),
        `${(run.durationMs / 1000).toFixed(1)} s`,
        covers,
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ];
}

function list(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const more = items.length > MOST_LISTED ? [`- and ${items.length - MOST_LISTED} more`] : [];
  return [title, '', ...items.slice(0, MOST_LISTED).map(item => `- ${item}`), ...more];
}

/** A finding as it is told in the evidence. */
export function lineOf({ gone, line, message, path }: Finding): string {
  const place =
    path === ''
      ? ''
      : `${span(line === undefined ? path : `${path}:${line}`)}${gone ? ' of the base' : ''}: `;
  return `${place}${message}`;
}

function costOf({ cost, ms, steps, tokens }: Spent): string {
  const price = cost > 0 ? `, cost ${cost.toFixed(4)}` : '';
  return `Cost: ${steps} answers, ${tokens} tokens, ${(ms / 60_000).toFixed(1)} minutes of work${price}.`;
}

/** What an experiment leaves: each command with how it ended and the end of what it said, and how to do it again. */
export function experimentText(
  report: Pick<EvidenceReport, 'result' | 'treeHash' | 'rows' | 'notes' | 'spent'>,
): string {
  const { notes, result, rows, spent, treeHash } = report;
  const parts = [
    `Findings at tree ${hash(treeHash)}: base ${hash(result.base)}, difference ${hash(result.diff)}. The code is archived and not applied.`,
    ...rows.map(
      ({ run }) =>
        `${span(run.id)}: ${span(run.how)} after ${(run.durationMs / 1000).toFixed(1)} s.\n\n${block(run.output)}\n\nAgain: take the archived difference over the base, then run ${span(run.argv.join(' '), 200)} there.`,
    ),
    list('Notes:', notes).join('\n'),
    spent === undefined ? '' : costOf(spent),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

const SHOWN_LINES = 40;

/** The end of an output as code that nothing in it can leave. */
function block(output: string): string {
  const lines = output
    .replace(/[^\P{C}\n\t]/gu, '')
    .trimEnd()
    .split('\n')
    .slice(-SHOWN_LINES);
  return lines.map(line => `    ${line.slice(0, 200)}`).join('\n') || '    (no output)';
}
