/**
 * What the context is built from, as narrow ports; the composition root's services fit them. Nothing here may know
 * engines, prompts or features.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import type { Files } from '../base/ports.ts';
import type { ReadGate } from '../guard/readGate.ts';
import type { Redactor } from '../guard/redaction.ts';
import type { CodeSearch } from '../index/codeSearch.ts';
import type { IndexedSymbol } from '../index/symbolIndex.ts';

/** Documents above this length are never looked at, and above the second only a window is. In UTF-16 units. */
export const LARGEST_DOCUMENT = 50 * 1024 * 1024;
export const WHOLE_DOCUMENT = 2 * 1024 * 1024;

/** The house rule for counting without a tokenizer. */
export const CHARACTERS_PER_TOKEN = 4;

export interface ContextPorts {
  readonly gate: Pick<ReadGate, 'check' | 'checkDocument'>;
  readonly redactor: Pick<Redactor, 'redact' | 'redactParts'>;
  readonly places: {
    pathOf(uri: string): string | undefined;
    uriOf(path: string): string;
    /** What a model sees: relative to the workspace folder, `/`-separated. */
    displayPath(uri: string): string;
  };
}

export interface ActionPorts extends ContextPorts {
  readonly symbols: {
    definitions(name: string, signal: AbortSignal): Promise<readonly IndexedSymbol[]>;
  };
  readonly analysis: {
    declarationAt(
      uri: string,
      range: Range,
      signal: AbortSignal,
    ): Promise<{ readonly range: Range } | undefined>;
  };
  readonly files: Pick<Files, 'readText'>;
  readonly codeSearch?: CodeSearch;
}

/** Why nothing may be sent: a sentence for the person. */
export interface Refused {
  readonly refused: string;
}

/** Whether this document may be looked at, by size and by the read gate. */
export async function refusalFor(document: Document, ports: ContextPorts): Promise<Refused | undefined> {
  if (document.length > LARGEST_DOCUMENT) {
    return { refused: 'This document is larger than 50 MB, so Codriver leaves it alone.' };
  }
  const verdict = await ports.gate.checkDocument(document.uri);
  return verdict.allowed
    ? undefined
    : { refused: `${ports.places.displayPath(document.uri)} is left out because ${verdict.why}.` };
}

export function at(line: number, character: number): Position {
  return { line, character };
}
