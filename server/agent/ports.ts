/**
 * Through what a task touches the world, in words. Composition roots fill these in; tests bring their own. Nothing
 * here may know how a tree is kept, how a program is confined, or which front door a person sits at.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Clock } from '../base/ports.ts';
import type { Engine } from '../engines/engine.ts';
import type { Redactor } from '../guard/redaction.ts';
import type { Price } from './budget.ts';
import type { Approval, Block, Limits, Result, TaskEvent, TaskState } from './types.ts';

/** An answer to a model's wish. `why` is written for the model, and names no place outside of the tree. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string };

/** The document `*.task.md`, as the person sees it now, saved or not. */
export interface TaskDocument {
  text(): string;
  /**
   * Edits computed from the text that `text()` gave last, without waiting in between. False: the person typed
   * meanwhile or the editor refused, nothing was changed, and the caller computes them anew.
   */
  edit(edits: readonly TextEdit[]): Promise<boolean>;
}

export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/**
 * The files that a task may read and change: a tree of its own, never the person's. Paths are relative, `/`-separated,
 * and a model's: each call checks containment, the read gate, links, protected files and sizes anew, and answers a
 * refusal with words. Texts are the files' own, secrets included: who shows them to a model redacts them.
 */
export interface Tree {
  /** Entries that may be seen, sorted; '' is the root. */
  entries(folder: string): Promise<Answer<readonly TreeEntry[]>>;
  read(path: string): Promise<Answer<string>>;
  /**
   * Writes a whole file. `before` is the text that it must have now, undefined that it must not exist: what changed
   * meanwhile is never overwritten. Mode bits stay.
   */
  write(path: string, text: string, before: string | undefined): Promise<Answer<undefined>>;
  /** The new name must be free. */
  move(from: string, to: string): Promise<Answer<undefined>>;
  remove(path: string): Promise<Answer<undefined>>;
  /** Files that may be read, sorted by folder; at most `limit`. */
  paths(limit: number, signal: AbortSignal): Promise<readonly string[]>;
  /** Files that differ from the task's base. */
  changed(): Promise<readonly string[]>;
  /** Stands for the contents of the tree: equal for equal contents. */
  hash(): Promise<string>;
}

/** What a check or a command said. `output` is as it was written, bounded by its runner. */
export interface Outcome {
  readonly ok: boolean;
  /** For example `passed`, `exit code 1`, `ended after 60 s`. */
  readonly how: string;
  readonly output: string;
  readonly durationMs: number;
}

/** The project's checks that this task may run by name. */
export interface Checks {
  names(): readonly string[];
  /** Never throws. */
  run(name: string, signal: AbortSignal): Promise<Outcome>;
}

/** Programs in the task's tree: confined, or asked for one by one. */
export interface Commands {
  /** Refusals (the person said no, nothing confines here) are answers; never throws. */
  run(argv: readonly string[], signal: AbortSignal): Promise<Answer<Outcome>>;
}

export interface CodePlace {
  readonly path: string;
  /** From 1, as people count. */
  readonly line: number;
  readonly text: string;
}

/** What is known of the code in the tree. Absent parts of it are answered by text alone. */
export interface Code {
  definitions(name: string, signal: AbortSignal): Promise<readonly CodePlace[]>;
  references(name: string, signal: AbortSignal): Promise<readonly CodePlace[]>;
  /** Why an edited file is worse than before: broken syntax, names that nobody declares; empty if it is not. */
  problems?(path: string, before: string, after: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Whole outputs of which a prompt shows a part, in the task's own folder. Texts are as they were written. */
export interface Outputs {
  /** The id under which it is found again. */
  keep(text: string): Promise<string>;
  read(id: string): Promise<string | undefined>;
}

/** One line of the task's journal. */
export interface JournalRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `begun`: a process took the task up. */
  readonly event: TaskEvent | { readonly type: 'begun' };
  /** After the event. */
  readonly state: TaskState;
}

/** Append-only. What `append` has resolved for is there after any kill; the last record is where a task goes on. */
export interface Journal {
  append(record: JournalRecord): Promise<void>;
  last(): Promise<JournalRecord | undefined>;
}

/** What a verification found. `evidence` is Markdown for the document, made of trusted parts and code spans. */
export type Verdict =
  | { readonly ok: true; readonly result: Result; readonly evidence: string }
  /** `work` becomes steps of the plan, one each; `why` is for the person. */
  | { readonly ok: false; readonly why: string; readonly work: readonly string[]; readonly evidence: string };

/** Runs the checks in a clean tree and looks whether they could have failed. */
export interface Verifier {
  verify(signal: AbortSignal): Promise<Verdict>;
}

/** What becomes of the result. Each is all or nothing and may be asked for again after a kill. */
export interface Delivery {
  /** Applies exactly the approved difference, or answers why not. */
  apply(approval: Approval): Promise<Answer<undefined>>;
  archive(approval: Approval): Promise<Answer<undefined>>;
  /** Keeps the difference aside before the tree ends. */
  discard(): Promise<void>;
}

/** The person, by whatever front door. Each call shows and returns; what they decide comes back as an event. */
export interface Person {
  showPlan(plan: string): Promise<void>;
  showResult(result: Result): Promise<void>;
  showBlock(block: Block): Promise<void>;
}

/** One standing instruction for the model: from `AGENTS.md`, a skill, the user's own. Only from trusted places. */
export interface Instruction {
  readonly title: string;
  readonly text: string;
}

/** How a call of a tool ended. `text` is what the model is told, neither redacted nor cut. */
export interface CallEnd {
  readonly ok: boolean;
  readonly text: string;
}

/** Told of what a task does as it happens, in order. Returns at once and does not throw. */
export interface Watcher {
  /** A model's call is carried out; the function is called once, when that has ended. */
  call(name: string, args: Readonly<Record<string, unknown>>): (end: CallEnd) => void;
  /** A file of the task's tree is another now. Undefined: there is none. */
  changed(path: string, before: string | undefined, after: string | undefined): void;
  /** Is in the journal. */
  recorded(record: JournalRecord): void;
}

export interface TaskPorts {
  /** Names the task in approvals. */
  readonly id: string;
  readonly document: TaskDocument;
  readonly tree: Tree;
  readonly checks: Checks;
  readonly commands: Commands;
  readonly code: Code;
  readonly outputs: Outputs;
  readonly journal: Journal;
  readonly verifier: Verifier;
  readonly delivery: Delivery;
  readonly person: Person;
  /** Already in the name of the feature, so that what it uses is counted. */
  readonly engine: Engine;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly instructions: readonly Instruction[];
  /** The user's bounds; the document can only lower them. */
  readonly limits: Limits;
  readonly price?: Price;
  /** Sees what is done, where somebody wants to watch. */
  readonly watcher?: Pick<Watcher, 'call'>;
}
