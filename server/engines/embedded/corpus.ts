/**
 * What the embedded engine needs to know of the world: tokens of files that passed the read gate, and the open
 * document. It must not know how files are found, read or cut into tokens.
 */
import type { Language } from '../../base/languages.ts';
import type { LexedLine, TokenSegment, Vocabulary } from '../../base/tokens.ts';

/** An open document around the cursor: whole lines, without terminators. */
export interface OpenLines {
  readonly path: string;
  readonly above: readonly string[];
  readonly below: readonly string[];
}

export interface Corpus {
  readonly words: Vocabulary;
  /** Sealed segments of the workspace; a new object each time a segment changes its tokens. */
  segments(): readonly TokenSegment[];
  /** Lexes one line that starts in `state` (0: code). `cut`: it ends at the cursor, a string may be open. */
  lex(language: Language, text: string, state: number, cut?: boolean): LexedLine;
  /** The open document around a line, secrets replaced; undefined if it is not mirrored here. */
  openLines?(uri: string, line: number): OpenLines | undefined;
}
