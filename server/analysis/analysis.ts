/**
 * What can be known about code without a model. This contract is what features ask first; the implementation
 * lives in the worker beside the syntax trees, so every answer is a promise and every call can be aborted.
 * It must not know engines, prompts or the protocol.
 */
import type { Position, Range, TextEdit } from 'vscode-languageserver-textdocument';
import type { Mutations } from './mutants/types.ts';
import type { Refactorings } from './refactor/refactor.ts';

/** A diagnostic of any server, reduced to what repairs need. */
export interface Problem {
  readonly range: Range;
  readonly message: string;
  readonly source?: string;
  readonly code?: string | number;
}

/** One way to mend a problem, found by search and already pre-flighted. */
export interface Repair {
  /** For example `Change 'lenght' to 'length'`. */
  readonly title: string;
  readonly kind: 'misspelt-name' | 'missing-import' | 'unbalanced-delimiter' | 'unused-import';
  readonly edits: readonly TextEdit[];
  /** 0…1; from 0.8 on it may be called preferred. */
  readonly confidence: number;
  /** Where the problem is. */
  readonly range: Range;
}

/** A problem that the analysis found by itself and can repair. */
export interface Finding {
  readonly range: Range;
  readonly message: string;
  readonly code: Repair['kind'];
  readonly repairs: readonly Repair[];
}

export type ReviewCategory = 'bug' | 'security' | 'performance' | 'simplicity' | 'tests' | 'requirement';
export type ReviewSeverity = 'high' | 'medium' | 'low';

/** Something that looks wrong by its shape alone; a row of analysis/review. */
export interface Suspicion {
  /** Name of the pattern, for example `self-comparison`. */
  readonly rule: string;
  /** On one line. */
  readonly range: Range;
  /** What is odd and why it matters; code in backticks. */
  readonly message: string;
  readonly category: ReviewCategory;
  readonly severity: ReviewSeverity;
  /** 0…1. */
  readonly confidence: number;
}

/** A structural explanation in plain words. `markdown` is built from trusted parts and code fences only. */
export interface Explanation {
  readonly range: Range;
  readonly name?: string;
  readonly markdown: string;
}

/** The declaration or statement around a place, for prompts and edits. */
export interface Declaration {
  readonly kind: 'function' | 'method' | 'class' | 'type' | 'variable' | 'statement' | 'file';
  readonly name?: string;
  readonly range: Range;
  /** From the start to the body, one line. */
  readonly signature: string;
  /** Range of the body; empty-bodied, `pass`, `throw not implemented` and TODO bodies set `unimplemented`. */
  readonly body?: Range;
  readonly unimplemented: boolean;
  readonly parameters: readonly string[];
  /** Range of the doc comment that belongs to it, if there is one. */
  readonly doc?: Range;
}

/** A comment that addresses Codriver: `AI!` do it, `AI?` answer, `AI!!` make a task of it. */
export interface Marker {
  readonly kind: 'do' | 'answer' | 'task';
  /** The whole comment, all lines of it. */
  readonly range: Range;
  /** What it asks, without comment syntax and marker. */
  readonly instruction: string;
}

/** The verdict on edits tried on an overlay; never on the document itself. */
export interface Preflight {
  readonly ok: boolean;
  /** Written for the person or the model that must act on it. */
  readonly problems: readonly string[];
  /** False where no grammar is known: then only text-level checks were made. */
  readonly syntaxChecked: boolean;
}

/** How much may be completed at a place: the rest of the line, a block, or nothing unasked: the line is finished. */
export type CompletionShape = 'line' | 'block' | 'nothing';

/** What is said of a completion that was tried on an overlay. */
export interface CompletionCheck {
  /** The document parses no worse with it. True where that cannot be told, and for a single line. */
  readonly parses: boolean;
  /** Names it uses that nobody has written or declared so far, as far as words can tell. */
  readonly unknownNames: readonly string[];
}

export interface Analysis extends Refactorings, Mutations {
  /** From syntax where there is a grammar, else from the words and signs around the place. */
  completionShape(uri: string, position: Position, signal: AbortSignal): Promise<CompletionShape>;
  /** A cheap pre-flight for text that a person sees before it is in: syntax, and new names by their looks. */
  checkCompletion(uri: string, edit: TextEdit, signal: AbortSignal): Promise<CompletionCheck>;
  explain(uri: string, position: Position, signal: AbortSignal): Promise<Explanation | undefined>;
  /** What the commonest messages of compilers and checkers mean and what to do, one for each problem; '' for others. */
  explainProblems(problems: readonly Problem[], signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Repairs for problems that overlap `range`; `problems` are other servers' and may be empty. What is not found
   * `withinMs` is left out, and what was looked for is gone on with by the next who asks.
   */
  repairs(
    uri: string,
    range: Range,
    problems: readonly Problem[],
    withinMs: number,
    signal: AbortSignal,
  ): Promise<readonly Repair[]>;
  /** Everything the analysis itself can repair in this document. */
  findings(uri: string, signal: AbortSignal): Promise<readonly Finding[]>;
  /** Suspicious patterns; `text` is read instead of a document that is not open. Never rejects. */
  suspicions(uri: string, text: string | undefined, signal: AbortSignal): Promise<readonly Suspicion[]>;
  declarationAt(uri: string, range: Range, signal: AbortSignal): Promise<Declaration | undefined>;
  markers(uri: string, signal: AbortSignal): Promise<readonly Marker[]>;
  /** A documentation comment skeleton in the language's convention from the signature alone. */
  documentDeclaration(uri: string, range: Range, signal: AbortSignal): Promise<Repair['edits'] | undefined>;
  preflight(uri: string, edits: readonly TextEdit[], signal: AbortSignal): Promise<Preflight>;
}
