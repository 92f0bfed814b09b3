/**
 * The contract of a source of context: given a place, it names line ranges of documents that may help there. It must
 * not know budgets, other sources or prompts.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { EditHistory } from '../../base/history.ts';
import type { Files } from '../../base/ports.ts';
import type { CodeSearch } from '../../index/codeSearch.ts';
import type { IndexedSymbol } from '../../index/symbolIndex.ts';
import type { ContextPorts } from '../ports.ts';

/** The place that is asked about. Lines from 0. */
export interface Site {
  readonly document: Document;
  readonly position: Position;
  /** The lines that the prompt shows anyway: first and one past the last. */
  readonly shown: Lines;
  /** Names around the place, the nearest first, without the language's own words. */
  readonly names: readonly string[];
  /** Most recently used first. */
  readonly openDocuments: readonly Document[];
}

export interface Lines {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

export interface Finding extends Lines {
  readonly document: Document;
  /** Only these lines of the range are shown, ascending; all of them where absent. */
  readonly only?: readonly number[];
  /** Shown instead of lines, for what is said about them. */
  readonly note?: string;
  /** 0…1, comparable within one source. */
  readonly score: number;
}

export interface SourcePorts extends ContextPorts {
  readonly symbols?: {
    definitions(name: string, signal: AbortSignal): Promise<readonly IndexedSymbol[]>;
  };
  readonly files?: Pick<Files, 'readText'>;
  readonly codeSearch?: CodeSearch;
  readonly history?: EditHistory;
  readonly problems?: {
    overlapping(uri: string, range: Range): readonly { readonly range: Range; readonly message: string }[];
  };
}

/** Best first is not needed: the score decides. A source that fails counts as empty. */
export type Source = (
  site: Site,
  ports: SourcePorts,
  signal: AbortSignal,
) => Promise<readonly Finding[]> | readonly Finding[];
