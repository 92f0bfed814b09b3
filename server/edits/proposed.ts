/**
 * What a reply proposes, in whatever form it was written: search/replace blocks, unified diffs, patches, whole files
 * or tool calls. The words between the readers of those forms and `locate.ts`; it must not know either.
 */

/** How a block can be read, in lines without line ends. No lines in `search`: a new file; in `replace`: a deletion. */
export interface Reading {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/** `path` is '' where the reply names none. `readings`: the likeliest first, usually one. */
export interface ProposedEdit {
  readonly path: string;
  readonly readings: readonly [Reading, ...Reading[]];
  /** `replace` of the first reading is the whole text of the file, old or new; `search` is empty. */
  readonly whole?: true;
  /** The file must not exist. Set by forms that have a word of their own for new files. */
  readonly creates?: true;
  /** The readings differ in indentation, so one that stands in the file as written goes before all looser ones. */
  readonly exactFirst?: true;
  /** Lines below which it must be, outermost first, for places that would be several otherwise: a diff's headings. */
  readonly within?: readonly string[];
  /** The old text need not be whole lines. */
  readonly fragment?: { readonly old: string; readonly new: string };
}

export type ParseFailure = 'empty' | 'no-edit' | 'truncated' | 'malformed' | 'ambiguous' | 'unsupported';

/** A reply that cannot be used. `retry` is written for the model. */
export interface ParseRefusal {
  readonly ok: false;
  readonly code: ParseFailure;
  readonly retry: string;
}

export type ParsedReply =
  | { readonly ok: true; readonly kind: 'blocks'; readonly edits: readonly ProposedEdit[] }
  | { readonly ok: true; readonly kind: 'range'; readonly replacement: readonly string[] }
  | ParseRefusal;

export function refuse(code: ParseFailure, retry: string): ParseRefusal {
  return { ok: false, code, retry };
}
