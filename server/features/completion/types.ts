/** What a completion is asked and answered with, whichever protocol surface shows it. */
import type { Position, Range } from 'vscode-languageserver-textdocument';

export interface CompletionQuery {
  readonly uri: string;
  readonly position: Position;
  /** `explicit`: the person pressed a key for it; shows what a confidence gate would hold back. */
  readonly trigger: 'explicit' | 'automatic';
  /** Typing cannot be told from asking: text leaves this process only where it may do so unasked. */
  readonly mayBeTyping?: boolean;
  /** Milliseconds to wait for a pause in typing before a model beyond this process is asked; default 0. */
  readonly debounceMs?: number;
  /** Milliseconds to wait for a model beyond this process; `until-done` holds until there is something or it is aborted. */
  readonly patience: number | 'until-done';
  /** The item that the client's menu has selected: a suggestion must go on from it. */
  readonly selected?: { readonly range: Range; readonly text: string };
}

export interface Suggestion {
  readonly text: string;
  /** On one line; from the cursor, or the start of what the client's menu would replace, to what is replaced right of it. */
  readonly range: Range;
  /** Which engine wrote it. */
  readonly engine: string;
  /** 0…1; what the engine says, or where it cannot tell what the text's looks say. */
  readonly confidence: number;
}

/** Serves documents of its own kind before any engine is asked; `undefined`: not one of them. */
export interface CompletionSource {
  /** Undefined, and at once, where the document is not its own. */
  complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> | undefined;
}

/** Why nothing is shown; every "nothing" has one. */
export type NothingReason =
  | 'autonomy is 0'
  | 'completion is off'
  | 'off for this language'
  | 'document not open'
  | 'document too large'
  | 'file is excluded'
  | 'inside a word'
  | 'line is finished'
  | 'no engine'
  | 'not confident'
  | 'filtered'
  | 'hidden characters'
  | 'secret placeholder'
  | 'engine gave nothing'
  | 'engine failed'
  | 'still waiting'
  | 'aborted';

export interface CompletionResult {
  readonly suggestions: readonly Suggestion[];
  /** False: a better answer may come, so the client should ask again while the person types. */
  readonly final: boolean;
  readonly nothing?: NothingReason;
  /** More words on `nothing`, for the log and `codriver.why`. Never holds text of a document. */
  readonly detail?: string;
}

/** An answer that shows nothing. */
export function nothing(reason: NothingReason, detail?: string, final = true): CompletionResult {
  return { suggestions: [], final, nothing: reason, ...(detail ? { detail } : {}) };
}
