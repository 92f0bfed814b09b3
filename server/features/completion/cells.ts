/** A notebook's cells as one file: the code above and below a cell, joined, with the place in it. */
import type { Position } from 'vscode-languageserver-textdocument';
import { Document } from '../../base/document.ts';
import type { OpenDocuments } from '../services.ts';

/** More code than this on one side is not joined, in UTF-16 units. */
const MOST = 60_000;

export interface OneFile {
  readonly document: Document;
  readonly position: Position;
  /** The other documents, without the notebook's own cells. */
  readonly others: readonly Document[];
}

export function asOneFile(documents: OpenDocuments, document: Document, position: Position): OneFile {
  const { above = [], below = [] } = documents.around?.(document.uri) ?? {};
  const alike = (cell: Document) => cell.languageId === document.languageId;
  const before = joined(above.filter(alike).toReversed()).toReversed();
  const after = joined(below.filter(alike));
  if (before.length + after.length === 0) return { document, position, others: documents.all() };
  const head = before.map(withEnd).join('');
  const text = head + [document.getText(), ...after].map(withEnd).join('');
  const cells = new Set([...above, ...below]);
  return {
    document: new Document(document.uri, document.languageId, document.version, text),
    position: { line: position.line + lines(head), character: position.character },
    others: documents.all().filter(each => !cells.has(each)),
  };
}

/** The texts of the nearest cells, as many as there is room for. */
function joined(cells: readonly Document[]): string[] {
  const texts: string[] = [];
  let room = MOST;
  for (const cell of cells) {
    room -= cell.length;
    if (room < 0) break;
    texts.push(cell.getText());
  }
  return texts;
}

function withEnd(text: string): string {
  return /[\r\n]$/.test(text) ? text : `${text}\n`;
}

function lines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
