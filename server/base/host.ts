/**
 * The port to whoever steers: an editor over LSP or a terminal. Features speak to this and to nothing else,
 * so that the three front doors stay interchangeable. It must not know which front door is behind it.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';

/** Edits of one document, made against `version` of it. `version` null: a file that is not open. */
export interface DocumentChange {
  readonly uri: string;
  readonly version: number | null;
  readonly edits: readonly TextEdit[];
  /** The document does not exist yet and is made by this change. */
  readonly create?: boolean;
  /** The file is deleted by this change; then there are no edits. */
  readonly delete?: boolean;
}

/** One undoable step, all or nothing. */
export interface Change {
  /** What the person sees in the undo list, for example "Codriver: fix misspelt name". */
  readonly label: string;
  /** Why the person should look at it before it is done, where the client can show it so; else it is done at once. */
  readonly confirm?: string;
  readonly documents: readonly DocumentChange[];
}

/** What became of a change. `stale`: a document was edited meanwhile, nothing was applied. */
export type ApplyOutcome =
  | { readonly applied: true }
  | { readonly applied: false; readonly why: 'stale' | 'refused' | 'unsupported'; readonly message: string };

export type MessageLevel = 'error' | 'warning' | 'info';

/** A running piece of work as the person sees it. */
export interface Progress {
  /** Aborted when the person cancels the work. */
  readonly signal: AbortSignal;
  report(message: string): void;
  done(message?: string): void;
}

export interface Host {
  apply(change: Change): Promise<ApplyOutcome>;
  /** Shows a text the person asked for: as a document where the client can, else as a message. `name` is a file name. */
  showText(name: string, markdown: string): Promise<void>;
  /** Brings a document to the person, to write in; false where the client cannot. */
  open(uri: string): Promise<boolean>;
  /** Says something once; the same message within five minutes goes to the log only. */
  tell(level: MessageLevel, message: string): void;
  /** Asks; undefined when dismissed, unanswered or not possible in this client. */
  ask(message: string, choices: readonly string[]): Promise<string | undefined>;
  progress(title: string): Progress;
}
