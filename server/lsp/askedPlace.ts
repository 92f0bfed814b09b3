/**
 * The place that a completion was asked for, and whether an answer still belongs there: editors that wait for a pause
 * before they ask again show whatever comes meanwhile. It must not know the protocol.
 */
import type { Position } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import type { Suggestion } from '../features/completion/types.ts';

/** How much text on each side must be the same, in UTF-16 units. */
const CONTEXT = 400;

export class AskedPlace {
  readonly #version: number;
  readonly #length: number;
  readonly #offset: number;
  readonly #before: string;
  readonly #after: string;

  constructor(document: Document, position: Position) {
    this.#version = document.version;
    this.#length = document.length;
    this.#offset = document.offsetAt(position);
    this.#before = textBetween(document, this.#offset - CONTEXT, this.#offset);
    this.#after = textBetween(document, this.#offset, this.#offset + CONTEXT);
  }

  /** Whether nothing but a beginning of the suggestion has been written there since. */
  fits(document: Document, { text, range }: Suggestion): boolean {
    if (document.version === this.#version) return true;
    const end = this.#offset + document.length - this.#length;
    if (end < this.#offset) return false;
    const start = document.offsetAt(range.start);
    return (
      textBetween(document, this.#offset - CONTEXT, this.#offset) === this.#before &&
      textBetween(document, end, end + CONTEXT) === this.#after &&
      text.startsWith(textBetween(document, start, end))
    );
  }
}

function textBetween(document: Document, start: number, end: number): string {
  return document.getText({ start: document.positionAt(Math.max(0, start)), end: document.positionAt(end) });
}
