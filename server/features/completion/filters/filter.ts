/** The contract of a completion filter: text in, better text or nothing out. One small file each, tested by tables. */

export interface FilterInput {
  /** The document before the cursor; at least the current line and some before it. */
  readonly prefix: string;
  /** The document after the cursor; at least the rest of the line and some after it. */
  readonly suffix: string;
  readonly languageId: string;
  /** 1: the rest of the line only. */
  readonly maxLines: number;
}

/** Returns the text to go on with; an empty text means nothing is left to suggest. */
export type Filter = (text: string, input: FilterInput) => string;
