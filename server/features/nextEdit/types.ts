/** What a next edit is, and what those who predict one get to see. Nothing here may know the protocol or threads. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { RecentEdit } from '../../base/history.ts';
import type { Names } from '../../analysis/occurrences.ts';
import type { Source } from './source.ts';

/** A change that probably comes next. */
export interface Prediction {
  readonly uri: string;
  /** Version of the document it was made for. */
  readonly version: number;
  readonly range: Range;
  readonly newText: string;
  /** 0…1; below `MIN_CONFIDENCE` it is not shown. */
  readonly confidence: number;
  /** For the person: begins in lower case, for example "rename `foo` to `bar` here". */
  readonly reason: string;
  /** Predictions of one group go on with the same thing: they are applied or dismissed together. */
  readonly group: string;
  /** Which row of the table made it. */
  readonly by: string;
  /** It was tried on a copy that parses no worse. */
  readonly verified: boolean;
  /** It and the others of its group were tried out together too. */
  readonly together: boolean;
}

/** Before it was tried out. */
export type Guess = Omit<Prediction, 'verified' | 'version' | 'together'>;

/** A false prediction costs more than silence. */
export const MIN_CONFIDENCE = 0.6;

export interface Predicting {
  /** The newest first. */
  readonly edits: readonly RecentEdit[];
  /** The open documents, that of the newest edit first. */
  readonly sources: readonly Source[];
  /** Undefined for languages without a binder. */
  readonly names: (uri: string) => Promise<Names | undefined>;
}

/** One heuristic. Its guesses are judged by whoever asked: order, number and pre-flight are not its business. */
export interface Predictor {
  readonly name: string;
  guess(input: Predicting): Promise<readonly Guess[]> | readonly Guess[];
}

export type { Names };
