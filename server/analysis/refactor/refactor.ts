/**
 * What may be done with code at a place without changing what it does, as far as the syntax shows. This contract is
 * what the action menu asks; the implementation lives in the worker. It must not know models or menus.
 */
import type { Position, Range, TextEdit } from 'vscode-languageserver-textdocument';

/** Ways to write the same thing otherwise; each is offered only where the syntax shows that it applies. */
export type ConversionId =
  | 'loop-to-array-methods'
  | 'loop-to-comprehension'
  | 'loop-to-iterator'
  | 'loop-to-stream'
  | 'loop-to-linq'
  | 'calls-to-loop'
  | 'promise-to-async'
  | 'async-to-promise'
  | 'callback-to-promise'
  | 'function-to-arrow'
  | 'arrow-to-function'
  | 'concat-to-template'
  | 'template-to-concat'
  | 'concat-to-format'
  | 'if-to-switch'
  | 'add-types'
  | 'add-doc-types';

export interface Conversion {
  readonly id: ConversionId;
  /** What would be converted. */
  readonly range: Range;
}

/** What the syntax at a place allows; everything is empty where nothing is certain. */
export interface Opportunities {
  /** What names mean is known here, so that some changes need no model. */
  readonly scopes: boolean;
  /** What the selection can become. */
  readonly extract: readonly ('variable' | 'function')[];
  readonly conversions: readonly Conversion[];
  /** The comment or string under the cursor, if it holds words. */
  readonly prose: { readonly kind: 'comment' | 'string'; readonly range: Range } | undefined;
  /** The name under the cursor, where renaming it can be checked. */
  readonly name: { readonly name: string; readonly range: Range } | undefined;
}

/** Edits that were checked, or why there are none: a whole sentence for the person. */
export type Checked = { readonly edits: readonly TextEdit[] } | { readonly refused: string };

/** Part of the analysis. */
export interface Refactorings {
  opportunities(uri: string, range: Range, signal: AbortSignal): Promise<Opportunities>;
  /** Renames what the name at a place means, everywhere in its file; refused where that is not certain. */
  rename(uri: string, position: Position, to: string, signal: AbortSignal): Promise<Checked>;
  /** Names the selected expression before its statement; refused where the order of things could change. */
  extractVariable(uri: string, range: Range, signal: AbortSignal): Promise<Checked>;
  /** Makes a function of the selected statements; refused where control or values could go another way. */
  extractFunction(uri: string, range: Range, signal: AbortSignal): Promise<Checked>;
  /** Whether the edits leave everything but comments and strings as it is. */
  changesOnlyProse(uri: string, edits: readonly TextEdit[], signal: AbortSignal): Promise<boolean>;
}

export const NO_OPPORTUNITIES: Opportunities = {
  scopes: false,
  extract: [],
  conversions: [],
  prose: undefined,
  name: undefined,
};
