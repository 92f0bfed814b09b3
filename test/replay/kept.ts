/** Puts what a client said into a fixture, without the folders of this machine. */
import { pathToFileURL } from 'node:url';
import type { Workspace } from '../editors/support/workspace.ts';
import { type ClientMessage, replaced, type Sent, writeTrace } from './trace.ts';

/** Said often, long, and without a bearing on what is completed. */
const LEFT_OUT = new Set([
  'completionItem/resolve',
  'textDocument/hover',
  'textDocument/codeAction',
  'shutdown',
  'exit',
]);

/** `target`: the text that the person meant to write. */
export function kept(
  workspace: Workspace,
  client: string,
  version: string,
  how: string,
  target: string,
): void {
  const uri = pathToFileURL(workspace.project).href;
  const clean = (message: ClientMessage): ClientMessage =>
    replaced(replaced(message, uri, 'file://PROJECT'), workspace.project, 'PROJECT');
  const entries = workspace.trace.entries().flatMap(({ at, direction, message }) => {
    const { method } = message ?? {};
    return direction === 'toServer' && method !== undefined && !LEFT_OUT.has(method)
      ? [{ at, message: clean(message as ClientMessage) }]
      : [];
  });
  const first = entries[0]?.at ?? 0;
  const sent: Sent[] = entries.map(({ at, message }) => ({ at: at - first, message }));
  const path = writeTrace(`${client}-${version}`, { client, version, how, target }, sent);
  console.log(`${path}: ${sent.length} messages`);
}
