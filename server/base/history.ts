/**
 * The contract of what a person did lately in the open documents: edits, coalesced as a person would tell them, and
 * places looked at. Kept in memory only. It must not know what it is used for.
 */
import type { Range } from 'vscode-languageserver-textdocument';

/** One coalesced edit: consecutive keystrokes at one place are one edit. */
export interface RecentEdit {
  readonly uri: string;
  readonly languageId: string;
  /** First line that the edit touched, in the text as it was just after the edit. */
  readonly line: number;
  /** Whole lines before the edit and after it, joined with \n; one of them may be empty. */
  readonly before: string;
  readonly after: string;
  /** How many lines `before` and `after` are: that tells no line from one empty line. */
  readonly beforeLines: number;
  readonly afterLines: number;
  /** Document version after the edit. */
  readonly version: number;
  /** When its last keystroke came, on the clock of the machine port, in ms. */
  readonly at: number;
}

/** Where a person was: the place of a request or an edit. */
export interface ViewedRange {
  readonly uri: string;
  readonly range: Range;
  readonly at: number;
}

export interface EditHistory {
  /** The newest first. */
  edits(limit: number): readonly RecentEdit[];
  /** The newest first, at most one per document region. */
  viewed(limit: number): readonly ViewedRange[];
}
