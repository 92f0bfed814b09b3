/** The history of changes in the protocol's words: shown as a document, and code actions on its lines. */
import { basename, dirname } from 'node:path';
import type { CodeAction, Command } from 'vscode-languageserver';
import type { Range } from 'vscode-languageserver-textdocument';
import { ActionError } from '../features/actions/action.ts';
import { changeText, HISTORY_NAME, historyText, readHistoryLine } from '../features/changes/historyText.ts';
import type { Session } from './session.ts';

/** A selection of more lines than these is no choice. */
const MOST_LINES = 20;

export async function showHistory({ services, host }: Session): Promise<void> {
  await host.showText(HISTORY_NAME, historyText(await services.changes.chains(), services.places));
}

export async function showChange({ services, host }: Session, [argument]: readonly unknown[]): Promise<void> {
  const id = (argument as { readonly id?: unknown } | null | undefined)?.id;
  const found = typeof id === 'string' ? await services.changes.find(id) : [];
  const [chain] = found;
  if (!chain || found.length > 1)
    throw new ActionError('There is no such change. Run codriver.history to see what there is.');
  await host.showText(`change-${chain.root}.md`, changeText(chain, services.places));
}

/** Undo, redo and show for the lines of the history; undefined in any other document. */
export async function historyActions(
  session: Session,
  uri: string,
  { start, end }: Range,
): Promise<(CodeAction | Command)[] | undefined> {
  const path = session.places.pathOf(uri);
  if (path === undefined || basename(path) !== HISTORY_NAME) return undefined;
  if (dirname(path) !== (await session.workspace.answersFolder())) return undefined;
  const document = session.documents.get(uri);
  const last = Math.min(end.line, start.line + MOST_LINES);
  const actions: (CodeAction | Command)[] = [];
  for (let line = start.line; document && line <= last; line++) {
    const about = readHistoryLine(document.lineAt(line));
    if (!about) continue;
    const { id, directions } = about;
    const offers = directions.map(direction => [
      direction === 'undo' ? 'Undo' : 'Redo',
      `codriver.${direction}`,
    ]);
    for (const [verb = '', command = ''] of [...offers, ['Show', 'codriver.showChange']]) {
      const title = `${verb} ${id}`;
      const run: Command = { title, command, arguments: [{ id }] };
      actions.push(session.client.codeActionLiterals ? { title, kind: 'source', command: run } : run);
    }
  }
  return actions;
}
