/**
 * What Codriver does as the language server of its own documents: one row for each kind. Everybody else's documents
 * have no row, and every question about them ends here at once.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import { documentKind, type DocumentKind } from './documentKinds.ts';
import type { HoverText } from './hover.ts';
import type { Services } from './services.ts';

export interface OwnProblem {
  readonly range: Range;
  readonly message: string;
  /** Nothing is wrong; it is only said. */
  readonly hint?: boolean;
}

export interface OwnItem {
  readonly label: string;
  readonly detail: string;
  readonly range: Range;
  readonly newText: string;
  /** There is more to choose behind it, as in a folder. */
  readonly opens: boolean;
}

export interface OwnLens {
  readonly range: Range;
  readonly title: string;
  readonly command: string;
}

export interface OwnLink {
  readonly range: Range;
  readonly target: { readonly uri: string; readonly range: Range };
}

export interface OwnLanguage {
  hover(
    document: Document,
    position: Position,
    services: Services,
    signal: AbortSignal,
  ): Promise<HoverText | undefined>;
  definition(
    document: Document,
    position: Position,
    services: Services,
    signal: AbortSignal,
  ): Promise<OwnLink | undefined>;
  links(document: Document, services: Services, signal: AbortSignal): Promise<readonly OwnLink[]>;
  lenses(document: Document, services: Services): readonly OwnLens[];
  problems(document: Document, services: Services, signal: AbortSignal): Promise<readonly OwnProblem[]>;
  /** Undefined where nothing of ours is being written: then completion is as everywhere. */
  complete(
    document: Document,
    position: Position,
    services: Services,
  ): Promise<readonly OwnItem[]> | undefined;
}

/** Read when the first document of the kind is looked at. */
const LANGUAGES: Readonly<Record<DocumentKind, () => Promise<OwnLanguage>>> = {
  chat: async () => (await import('./chat/language.ts')).chatLanguage,
  changeSet: async () => (await import('./changeSet/language.ts')).changeSetLanguage,
  task: async () => (await import('./task/language.ts')).taskLanguage,
};

/** The document and what serves it, if it is one of ours, open and in step, and the level allows it. */
export async function ownDocument(
  { documents, settings }: Services,
  uri: string,
): Promise<{ readonly document: Document; readonly language: OwnLanguage } | undefined> {
  const kind = documentKind(uri);
  if (!kind || settings().autonomy < 1 || documents.isDesynchronised(uri)) return undefined;
  const language = await LANGUAGES[kind]();
  const document = documents.get(uri);
  return document && { document, language };
}
