/**
 * What the analysis offers to those who ask whether tests notice anything: mutants of code, and where each test of a
 * file begins and ends. Contracts only; the implementation lives in the worker.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { MutationOperator } from './operators.ts';

/** A text that need not be open anywhere. */
export interface SourceText {
  /** Tells the grammar by its ending; need not exist. */
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

/** The same text with one small fault in it. */
export interface Mutant {
  readonly range: Range;
  readonly newText: string;
  readonly operator: MutationOperator;
}

/** One test of a test file. */
export interface TestCase {
  /** Names of the groups or classes around it and its own, joined by blanks: as reports tell it. */
  readonly name: string;
  /** All of it, with what belongs to it above. */
  readonly range: Range;
  /** The groups or classes around it, outermost first. */
  readonly within: readonly Range[];
}

/** Part of the analysis; each answer is empty where there is no grammar for the text. */
export interface Mutations {
  /** At most `limit` mutants inside the ranges, of everything where there are none; the same for the same text. */
  mutants(
    source: SourceText,
    ranges: readonly Range[],
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly Mutant[]>;
  /** Tests whose name is written out, in order. */
  testCases(source: SourceText, signal: AbortSignal): Promise<readonly TestCase[]>;
}
