/**
 * The index as the embedded engine sees it: tokens, never files. Shaped for the engine's Corpus port without knowing
 * the engine.
 */
import type { Language } from '../base/languages.ts';
import type { LexedLine, TokenSegment, Vocabulary } from '../base/tokens.ts';
import type { TokenStore } from './tokenStore.ts';

/** Gives the lines above and below a line of an open document; undefined if it is not open here. */
export type OpenLinesReader = (
  uri: string,
  line: number,
) => { path: string; above: readonly string[]; below: readonly string[] } | undefined;

export interface IndexCorpus {
  readonly words: Vocabulary;
  segments(): readonly TokenSegment[];
  lex(language: Language, text: string, state: number, cut?: boolean): LexedLine;
  openLines: OpenLinesReader;
}

/** A corpus over a store; `openLines` reads the mirrored documents, secrets replaced. */
export function createCorpus(store: TokenStore, openLines: OpenLinesReader = () => undefined): IndexCorpus {
  return {
    words: store.words,
    segments: () => store.segments(),
    lex: (language, text, state, cut) => store.lexer(language).line(text, state, cut),
    openLines,
  };
}
