/** textDocument/hover: what stands at the cursor and why, within the time an editor waits gladly. */
import type { Hover, HoverParams } from 'vscode-languageserver';
import { hoverAt } from '../../features/hover.ts';
import { ownDocument } from '../../features/ownDocuments.ts';
import { asPlaintext, markdown } from '../../guard/sanitise.ts';
import type { Session } from '../session.ts';

export async function hover(
  session: Session,
  { textDocument, position }: HoverParams,
  signal: AbortSignal,
): Promise<Hover | null> {
  const { services, explanations } = session;
  const { uri } = textDocument;
  const own = await ownDocument(services, uri);
  const found = own
    ? await own.language.hover(own.document, position, services, signal)
    : await hoverAt(services, explanations, uri, position, signal);
  if (!found) return null;
  const safe = markdown(found.markdown);
  const contents = session.client.hoverMarkdown
    ? { kind: 'markdown' as const, value: safe }
    : { kind: 'plaintext' as const, value: asPlaintext(safe) };
  return { contents, range: found.range };
}
