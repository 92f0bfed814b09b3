/** codeLens, documentLink and definition: answered for Codriver's own documents, and null at once for all others. */
import type {
  CodeLens,
  CodeLensParams,
  DefinitionParams,
  DocumentLink,
  DocumentLinkParams,
  Location,
} from 'vscode-languageserver';
import { ownDocument } from '../../features/ownDocuments.ts';
import { plain } from '../../guard/sanitise.ts';
import type { Session } from '../session.ts';

export async function codeLens(
  session: Session,
  { textDocument: { uri } }: CodeLensParams,
): Promise<CodeLens[] | null> {
  const own = await ownDocument(session.services, uri);
  if (!own || !session.services.settings().actions.enabled) return null;
  return own.language.lenses(own.document, session.services).map(({ range, title, command }) => ({
    range,
    command: { title: plain(title), command, arguments: [{ uri, range }] },
  }));
}

export async function documentLink(
  session: Session,
  { textDocument: { uri } }: DocumentLinkParams,
  signal: AbortSignal,
): Promise<DocumentLink[] | null> {
  const own = await ownDocument(session.services, uri);
  if (!own) return null;
  const links = await own.language.links(own.document, session.services, signal);
  return links.map(({ range, target }) => {
    const { line } = target.range.start;
    return { range, target: line > 0 ? `${target.uri}#L${line + 1}` : target.uri };
  });
}

export async function definition(
  session: Session,
  { textDocument: { uri }, position }: DefinitionParams,
  signal: AbortSignal,
): Promise<Location | null> {
  const own = await ownDocument(session.services, uri);
  const found = await own?.language.definition(own.document, position, session.services, signal);
  return found ? { uri: found.target.uri, range: found.target.range } : null;
}
