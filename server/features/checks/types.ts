/** What checkers and formatters of a project are to the rest of the server. It must not know how they are run. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Problem } from '../../analysis/analysis.ts';
import type { Severity } from '../../analysis/checks/check.ts';
import type { DocumentChange, Progress } from '../../base/host.ts';

/** What a checker of the project said of a place. */
export interface CheckProblem extends Problem {
  readonly severity: Severity;
  /** The tool. */
  readonly source: string;
  /** Where the rule is explained; shown as text. */
  readonly url?: string;
}

/** How one checker did. `why` is a sentence for the person where it could not be run or read. */
export interface CheckResult {
  readonly tool: string;
  readonly errors: number;
  readonly others: number;
  readonly why?: string;
}

/** Nobody checks anything. */
export const noChecks: Checks = {
  overlapping: () => [],
  problems: () => [],
  toolsFor: () => [],
  run: () => Promise.resolve([]),
  untrusted: () => Promise.resolve(undefined),
  objections: () => Promise.resolve([]),
  format: change => Promise.resolve(change),
};

/** Checkers, formatters and what they said; everything here needs a folder that the person trusts. */
export interface Checks {
  /** Problems that overlap a range, as far as their lines are what they were. */
  overlapping(uri: string, range: Range): readonly CheckProblem[];
  problems(uri: string): readonly CheckProblem[];
  /** Names of the checkers of a document, as far as known; looks for them in the background. */
  toolsFor(uri: string): readonly string[];
  /** Runs the checkers of a document, or of its whole project, in place of an earlier run that is still going. */
  run(uri: string, scope: 'file' | 'project', progress: Progress): Promise<readonly CheckResult[]>;
  /** The folder that would have to be trusted before a document can be checked; undefined where it is, or where there is none. */
  untrusted(uri: string): Promise<string | undefined>;
  /** What quick checkers say of changes that they do not say of the text as it is, in words for a model. */
  objections(change: readonly DocumentChange[], signal: AbortSignal): Promise<readonly string[]>;
  /** The changes with what they write formatted as the project formats; unchanged where that cannot be told in time. */
  format(change: readonly DocumentChange[], signal: AbortSignal): Promise<readonly DocumentChange[]>;
}
