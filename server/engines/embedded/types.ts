/** What goes to the embedded completer in the worker and what comes back. Plain data, so that it can cross threads. */

export interface EmbeddedRequest {
  readonly uri: string;
  readonly languageId: string;
  /** The document up to the cursor, or the nearest part of it; and from the cursor on. */
  readonly prefix: string;
  readonly suffix: string;
  /** The cursor's line in the document, zero-based, where it is known: then the mirrored document is learned from. */
  readonly line?: number;
  /** 1: the rest of the line only. */
  readonly maxLines: number;
  readonly trigger: 'explicit' | 'automatic';
}

export interface EmbeddedCandidate {
  readonly text: string;
  /** The probability, 0…1, that exactly this is what comes next. */
  readonly confidence: number;
}

/**
 * Why there is nothing: `unsure` is below the bar for what comes unasked, `line-finished` means that nothing is
 * missing on the line, `comment` that no word of the comment begins so.
 */
export type EmbeddedSilence =
  | 'nothing-likely'
  | 'unsure'
  | 'inside-word'
  | 'line-finished'
  | 'comment'
  | 'too-large';

export interface EmbeddedAnswer {
  /** Best first, at most five, distinct. */
  readonly candidates: readonly EmbeddedCandidate[];
  readonly silence?: EmbeddedSilence;
}

/** A possible next token, for measurements and for ranking words. */
export interface RankedToken {
  readonly text: string;
  readonly probability: number;
}

export interface EmbeddedStatus {
  /** Tokens of the workspace that can be asked about now, and bytes held for them. */
  readonly tokens: number;
  readonly bytes: number;
  /** Everything the corpus holds is sorted. */
  readonly current: boolean;
}
