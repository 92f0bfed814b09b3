/** What the actions have in common that write the same thing otherwise. It must not know any of them. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Services } from '../services.ts';
import type { Offer, Place } from './action.ts';

/** The range in whole lines, which is how prompts show a selection. */
export function wholeLines(document: Document, { start, end }: Range): Range {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return {
    start: { line: start.line, character: 0 },
    end: { line: last, character: document.lineAt(last).length },
  };
}

export function isEmpty({ start, end }: Range): boolean {
  return start.line === end.line && start.character === end.character;
}

/** An offer whose work a model does. */
export function modelOffer(
  { document, noModel }: Place,
  title: string,
  range: Range,
  choice?: string,
): Offer {
  return {
    title,
    arguments: { uri: document.uri, range, ...(choice === undefined ? {} : { choice }) },
    generated: true,
    ...(noModel ? { disabled: noModel } : {}),
  };
}

/** Said after an edit by a model that should leave the behaviour as it is: nobody has looked whether it does. */
export function sayUnchecked({ host }: Services): void {
  host.tell(
    'info',
    'Codriver: the code was checked for its syntax and names, but nobody has checked that it still behaves the same. Run your tests.',
  );
}
