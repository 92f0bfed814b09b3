/**
 * The running account of a task: what was used, how near the end is, what checks said. Every change of it is a new
 * value, written to the journal after each answer of the model. It must not know prompts.
 */
import type { Usage } from '../engines/engine.ts';
import { afterAnswer, type Price } from './budget.ts';
import type { ToolResult } from './tools/tool.ts';
import type { Attempt, CheckRecord, Findings, Progress, Spent, TaskState } from './types.ts';
import { afterAct, afterAnswering, afterNewPlan } from './variant.ts';

/** Failed attempts of one step that are remembered: those that came last. */
const MOST_ATTEMPTS = 12;

export interface Ledger {
  readonly spent: Spent;
  readonly progress: Progress;
  readonly findings: Findings;
  answered(usage: Usage, ms: number, price: Price | undefined): void;
  acted(mark: string): void;
  /** One answer was worked through; `open` obligations are left. */
  worked(open: number): void;
  replanned(open: number): void;
  /** What a check or command said of this tree. */
  found(result: ToolResult, tree: string): void;
  /** What was written into a section of ours, as it stands there. */
  wrote(section: 'handoff' | 'evidence', text: string): void;
}

export function openLedger(state: TaskState): Ledger {
  let { findings, progress, spent } = state;
  return {
    get spent() {
      return spent;
    },
    get progress() {
      return progress;
    },
    get findings() {
      return findings;
    },
    answered(usage, ms, price) {
      spent = afterAnswer(spent, usage, ms, price);
    },
    acted(mark) {
      progress = afterAct(progress, mark);
    },
    worked(open) {
      progress = afterAnswering(progress, open);
    },
    replanned(open) {
      progress = afterNewPlan(progress, open);
    },
    wrote(section, text) {
      findings = { ...findings, wrote: { ...findings.wrote, [section]: text } };
    },
    found({ checked, failure }, tree) {
      if (checked) findings = { ...findings, checks: withCheck(findings.checks, { ...checked, tree }) };
      if (failure) findings = { ...findings, attempts: withAttempt(findings.attempts, failure) };
    },
  };
}

function withCheck(checks: readonly CheckRecord[], check: CheckRecord): readonly CheckRecord[] {
  return [...checks.filter(({ name }) => name !== check.name), check];
}

function withAttempt(
  attempts: readonly Attempt[],
  failure: { what: string; why: string },
): readonly Attempt[] {
  if (attempts.some(({ what, why }) => what === failure.what && why === failure.why)) return attempts;
  const last = Number(attempts.at(-1)?.id.slice(1) ?? 0);
  return [...attempts, { ...failure, id: `a${last + 1}` }].slice(-MOST_ATTEMPTS);
}
