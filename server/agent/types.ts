/**
 * The words of a task: what it is in, what may happen to it, what is to be done next. Plain data that survives being
 * written as JSON. It must not know documents, models, trees or front doors.
 */

/** `change`: its result is applied. `experiment`: its result is what was found; the code is archived, never applied. */
export type TaskKind = 'change' | 'experiment';

/** Upper bounds of one task, all sessions together; absent: not bounded by this. */
export interface Limits {
  /** Answers of a model. */
  readonly steps?: number;
  readonly tokens?: number;
  readonly minutes?: number;
  /** In the unit in which the prices of the endpoint are given. */
  readonly cost?: number;
}

/** What a task has used so far, all sessions together. */
export interface Spent {
  readonly steps: number;
  readonly tokens: number;
  /** Time worked, without waiting for the person. In milliseconds. */
  readonly ms: number;
  readonly cost: number;
}

/** What a person may approve: exactly this difference from exactly this base. Both are hashes. */
export interface Result {
  readonly base: string;
  readonly diff: string;
}

/** A person's yes to one result of one task. Made by a front door from a person's answer, kept in user state. */
export interface Approval extends Result {
  readonly task: string;
}

/** How far the work is from its end, to tell a task that goes on from one that goes round (`variant.ts`). */
export interface Progress {
  /** The fewest open obligations so far. */
  readonly fewest: number;
  /** Answers of the model since then. */
  readonly since: number;
  /** What was done lately and to which tree, newest last. */
  readonly done: readonly string[];
}

export type Phase =
  | 'planning'
  | 'awaiting-plan'
  | 'working'
  | 'verifying'
  | 'awaiting-approval'
  | 'applying'
  | 'discarding'
  | 'blocked'
  | 'applied'
  | 'archived'
  | 'discarded';

/** A check that ran, and the hash of the tree that it ran on. */
export interface CheckRecord {
  readonly name: string;
  readonly ok: boolean;
  readonly tree: string;
}

/** A step as a model planned it, to tell its own words from the person's. */
export interface PlannedStep {
  readonly id: string;
  readonly text: string;
}

/** Something that was tried for the step in work and failed. */
export interface Attempt {
  /** `a1`, `a2` … */
  readonly id: string;
  readonly what: string;
  readonly why: string;
}

/** What came out of the work so far and the files do not show. */
export interface Findings {
  /** The last run of each check. */
  readonly checks: readonly CheckRecord[];
  readonly attempts: readonly Attempt[];
  /** What Codriver wrote last into its own sections, to tell it from what the person wrote there. */
  readonly wrote: { readonly handoff: string; readonly evidence: string };
}

/** Why nothing goes on without the person. `message` says what, why, and what to do. */
export interface Block {
  readonly kind: 'question' | 'budget' | 'stuck' | 'failure';
  readonly message: string;
  /** Questions of the document that wait for an answer. */
  readonly questions: readonly string[];
  /** Where it goes on. */
  readonly back: 'planning' | 'working' | 'verifying';
}

/** All that must survive a kill, beside the task's document and its tree. */
export interface TaskState {
  readonly task: string;
  readonly kind: TaskKind;
  readonly phase: Phase;
  /** The person holds it; what they decide meanwhile counts once it goes on. */
  readonly paused: boolean;
  /** From 1; each begins from the documents alone. */
  readonly session: number;
  /** The step in work. */
  readonly step?: string;
  /** Hash of the plan that waits for approval or has it. */
  readonly plan?: string;
  /** What models have planned so far, also what was rejected. */
  readonly planned?: readonly PlannedStep[];
  readonly result?: Result;
  readonly approval?: Approval;
  readonly block?: Block;
  /** What the person said in rejecting a plan or a result. */
  readonly objection?: string;
  /** Verifications that failed since the person last decided. */
  readonly failures: number;
  readonly spent: Spent;
  readonly progress: Progress;
  readonly findings: Findings;
}

/** What may happen. Those marked * come from a person's act alone. */
export type TaskEvent =
  /** `steps`: those that the model has added. */
  | { readonly type: 'planned'; readonly plan: string; readonly steps?: readonly PlannedStep[] }
  /** * */
  | { readonly type: 'plan-approved'; readonly plan: string }
  /** * */
  | { readonly type: 'plan-rejected'; readonly why: string }
  /** * The person edited a plan that waits. */
  | { readonly type: 'plan-edited'; readonly plan: string }
  | { readonly type: 'step-chosen'; readonly step: string }
  | { readonly type: 'no-step-left' }
  | { readonly type: 'step-done'; readonly step: string }
  /** The step is no longer in the plan. */
  | { readonly type: 'step-gone'; readonly step: string }
  /** The session ended with a handoff; the step goes on in a fresh one. */
  | { readonly type: 'handed-over'; readonly session: number }
  | { readonly type: 'verified'; readonly result: Result }
  | { readonly type: 'not-verified'; readonly why: string }
  /** What waits for approval is no longer what was verified. */
  | { readonly type: 'result-changed' }
  | { readonly type: 'asked'; readonly questions: readonly string[]; readonly message: string }
  | { readonly type: 'stuck'; readonly questions: readonly string[]; readonly message: string }
  | { readonly type: 'out-of-budget'; readonly message: string }
  | { readonly type: 'failed'; readonly message: string }
  /** * Every question that it waits for has an answer. */
  | { readonly type: 'answered' }
  /** * */
  | { readonly type: 'approved'; readonly approval: Approval }
  /** * */
  | { readonly type: 'rejected'; readonly why: string }
  /** * */
  | { readonly type: 'discard' }
  /** * */
  | { readonly type: 'pause' }
  /** * Also after a block. */
  | { readonly type: 'resume' }
  /** * A fresh session from the documents. */
  | { readonly type: 'start-fresh' }
  | { readonly type: 'delivered' }
  | { readonly type: 'not-delivered'; readonly message: string }
  | { readonly type: 'was-discarded' }
  /** One answer of the model was worked through. */
  | {
      readonly type: 'turn';
      readonly spent: Spent;
      readonly progress: Progress;
      readonly findings: Findings;
    };

/** What is to be done now. A state has at most one; done again after a kill it does no harm. */
export type Effect =
  | { readonly type: 'plan'; readonly session: number }
  | { readonly type: 'show-plan'; readonly plan: string }
  | { readonly type: 'choose-step' }
  | { readonly type: 'work'; readonly step: string; readonly session: number }
  | { readonly type: 'verify' }
  | { readonly type: 'show-result'; readonly result: Result }
  | { readonly type: 'apply'; readonly approval: Approval }
  /** Of an experiment: keep the code aside, and leave the findings. */
  | { readonly type: 'archive'; readonly approval: Approval }
  /** Keep the difference aside, then end the tree. */
  | { readonly type: 'discard' }
  | { readonly type: 'show-block'; readonly block: Block };
