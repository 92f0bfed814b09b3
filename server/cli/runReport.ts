/** The report of a run as data, and the exit code that belongs to it. Pure; it must not know how a task is run. */
import type { DeskTask, ResultFile } from '../agent/desk.ts';
import { readTask, unanswered } from '../agent/document/task.ts';
import type { Phase, TaskState } from '../agent/types.ts';

export const EXIT = {
  fine: 0,
  failed: 1,
  asks: 3,
  budget: 4,
  notAllowed: 5,
  paused: 130,
} as const;

/** As `schemas/run-report.schema.json` describes it. */
export interface RunReport {
  readonly version: 1;
  /** As it was given. */
  readonly task: string;
  readonly exitCode: number;
  readonly phase: Phase | 'paused' | 'refused';
  /** One or two sentences for a person. */
  readonly message: string;
  readonly waitsFor: 'plan' | 'answer' | 'approval' | null;
  readonly questions: readonly {
    readonly id: string;
    readonly text: string;
    readonly options: readonly string[];
  }[];
  readonly steps: readonly { readonly id: string; readonly text: string; readonly done: boolean }[];
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly tree: string }[];
  readonly result: {
    readonly base: string;
    /** What `--apply` takes. */
    readonly diff: string;
    readonly changeSet: string | null;
  } | null;
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'modified' | 'deleted' }[];
  /** Markdown. */
  readonly evidence: string;
  readonly spent: {
    readonly steps: number;
    readonly tokens: number;
    readonly ms: number;
    readonly cost: number;
  };
  readonly sessions: number;
}

export interface ReportParts {
  readonly file: string;
  readonly state: TaskState;
  readonly task: Pick<DeskTask, 'document'>;
  readonly files: readonly ResultFile[];
  readonly changeSet: string | undefined;
}

export function exitOf({ block, paused, phase }: Pick<TaskState, 'block' | 'paused' | 'phase'>): number {
  if (phase === 'applied' || phase === 'archived') return EXIT.fine;
  if (phase === 'discarded') return EXIT.failed;
  if (paused) return EXIT.paused;
  if (phase === 'awaiting-approval') return EXIT.fine;
  if (phase === 'awaiting-plan') return EXIT.asks;
  if (phase !== 'blocked') return EXIT.failed;
  if (block?.kind === 'budget') return EXIT.budget;
  return block?.kind === 'failure' ? EXIT.failed : EXIT.asks;
}

export function reportOf({ changeSet, file, files, state, task }: ReportParts): RunReport {
  const { block, findings, paused, phase, result, session, spent } = state;
  const read = readTask(task.document.text()).task;
  const questions = phase === 'blocked' ? unanswered(read, block?.questions ?? []) : [];
  return {
    version: 1,
    task: file,
    exitCode: exitOf(state),
    phase: paused ? 'paused' : phase,
    message: messageOf(state),
    waitsFor: waitsFor(state, questions.length),
    questions: questions.map(({ id, options, text }) => ({ id: id ?? '', text, options })),
    steps: read.steps.map(({ id, text, ticked }) => ({ id: id ?? '', text, done: ticked })),
    checks: findings.checks.map(({ name, ok, tree }) => ({ name, ok, tree })),
    result: result === undefined ? null : { ...result, changeSet: changeSet ?? null },
    files: files.map(({ after, before, path }) => ({
      path,
      change: before === null ? 'added' : after === null ? 'deleted' : 'modified',
    })),
    evidence: read.evidence,
    spent,
    sessions: session,
  };
}

/** Of a task that was not taken up. */
export function refusedReport(file: string, exitCode: number, message: string): RunReport {
  return {
    version: 1,
    task: file,
    exitCode,
    phase: 'refused',
    message,
    waitsFor: null,
    questions: [],
    steps: [],
    checks: [],
    result: null,
    files: [],
    evidence: '',
    spent: { steps: 0, tokens: 0, ms: 0, cost: 0 },
    sessions: 0,
  };
}

function waitsFor({ paused, phase }: TaskState, questions: number): RunReport['waitsFor'] {
  if (paused) return null;
  if (phase === 'awaiting-plan') return 'plan';
  if (phase === 'awaiting-approval') return 'approval';
  return questions > 0 ? 'answer' : null;
}

function messageOf({ block, paused, phase }: TaskState): string {
  if (paused) return 'The task is paused. Run it again to go on.';
  switch (phase) {
    case 'applied':
      return 'The result is applied.';
    case 'archived':
      return 'The experiment has ended; what it found stands in the document.';
    case 'discarded':
      return 'The task is discarded; its difference is kept aside.';
    case 'awaiting-plan':
      return 'The plan waits for your approval. Look at it in the document, then run the task with --yes-to-plan.';
    case 'awaiting-approval':
      return 'The result is verified and waits for your approval; nothing is applied.';
    case 'blocked':
      return block?.message ?? 'The task waits for you.';
    case 'planning':
    case 'working':
    case 'verifying':
    case 'applying':
    case 'discarding':
      return 'The task stopped in its work; the log says why. Run it again to go on.';
  }
}
