/**
 * The next edit in the protocol's words: a quiet hint, quick fixes at its place, an item of inline completion, and a
 * jump. It must not know how it is predicted.
 */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  type InlineCompletionItem,
  type Position,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Range } from 'vscode-languageserver-textdocument';
import type { DocumentChange } from '../base/host.ts';
import { toEdit } from '../features/nextEdit/nextEdits.ts';
import type { Prediction } from '../features/nextEdit/types.ts';
import { plain } from '../guard/sanitise.ts';
import { SOURCE } from './convert.ts';
import type { Session } from './session.ts';

const CODE = 'next-edit';
/** A model that was asked for may take so long, in ms. */
const ASK_MS = 20_000;

export function toHint({ range, reason }: Prediction): Diagnostic {
  return {
    range,
    message: plain(`next edit: ${reason}`),
    severity: DiagnosticSeverity.Hint,
    source: SOURCE,
    code: CODE,
  };
}

/** "Apply next edit", and with others like it "Apply all"; the edits are in the actions, so nothing has to be asked. */
export function nextEditActions(
  session: Session,
  uri: string,
  range: Range,
  diagnostics: readonly Diagnostic[],
  only: readonly string[] | undefined,
): CodeAction[] {
  const wanted = !only || only.some(kind => kind === '' || kind === CodeActionKind.QuickFix);
  if (!wanted || !session.client.codeActionLiterals) return [];
  const here = session.nextEdits.all.filter(
    each =>
      each.uri === uri && each.range.start.line <= range.end.line && each.range.end.line >= range.start.line,
  );
  const seen = new Set<string>();
  return here.flatMap(prediction => {
    const { reason, group, version, verified } = prediction;
    const answers = diagnostics.filter(
      ({ code, source, range: at }) =>
        code === CODE && source === SOURCE && at.start.line === prediction.range.start.line,
    );
    const base = { kind: CodeActionKind.QuickFix, ...(answers.length > 0 ? { diagnostics: answers } : {}) };
    const one: CodeAction = {
      ...base,
      title: plain(`Apply next edit: ${reason}`),
      ...(verified ? { isPreferred: true } : {}),
      edit: workspaceEdit(session, [{ uri, version, edits: [toEdit(prediction)] }]),
    };
    const all = seen.has(group) ? [] : session.nextEdits.changesOf(group);
    seen.add(group);
    const count = all.reduce((sum, { edits }) => sum + edits.length, 0);
    if (count < 2) return [one];
    return [
      one,
      { ...base, title: plain(`Apply all ${count} remaining: ${reason}`), edit: workspaceEdit(session, all) },
    ];
  });
}

function workspaceEdit({ client }: Session, changes: readonly DocumentChange[]): WorkspaceEdit {
  if (!client.documentChanges)
    return { changes: Object.fromEntries(changes.map(({ uri, edits }) => [uri, [...edits]])) };
  return {
    documentChanges: changes.map(({ uri, version, edits }) => ({
      textDocument: { uri, version },
      edits: [...edits],
    })),
  };
}

/** An item that rewrites the cursor's line up to its end as the next edit would; undefined where none is on the line. */
export function nextEditItem(
  session: Session,
  uri: string,
  position: Position,
): InlineCompletionItem | undefined {
  const document = session.documents.get(uri);
  const prediction = session.nextEdits
    .at(uri, position.line)
    .find(each => isOnLine(each.range, position.line));
  if (!document || !prediction || /[\r\n]/.test(prediction.newText)) return undefined;
  const { range, newText }: TextEdit = prediction;
  // The range must cover the cursor: what is between the two stays as it is.
  const start = Math.min(range.start.character, position.character);
  const end = Math.max(range.end.character, position.character);
  const line = document.lineAt(position.line);
  return {
    insertText: line.slice(start, range.start.character) + newText + line.slice(range.end.character, end),
    range: { start: { line: position.line, character: start }, end: { line: position.line, character: end } },
  };
}

function isOnLine({ start, end }: Range, line: number): boolean {
  return start.line === line && end.line === line;
}

/** Goes to the next predicted edit; says where it is in clients that cannot be sent anywhere. */
export async function jumpToNextEdit(session: Session): Promise<void> {
  if (session.nextEdits.all.length === 0) await session.nextEdits.ask(AbortSignal.timeout(ASK_MS));
  const prediction = session.nextEdits.visit();
  if (!prediction)
    return session.host.reply(
      'info',
      'Codriver knows no next edit: nothing follows from the last ones for sure.',
    );
  const { uri, range, reason } = prediction;
  if (session.client.showDocument) {
    const selection = { start: range.start, end: range.end };
    const { success } = await session.connection.window.showDocument({ uri, takeFocus: true, selection });
    if (success) return;
  }
  session.host.reply(
    'info',
    `Next edit at ${session.places.displayPath(uri)}:${range.start.line + 1}: ${reason}.`,
  );
}

export function dismissNextEdit(session: Session): void {
  const refused = session.nextEdits.dismiss();
  if (!refused) session.host.reply('info', 'Codriver: there is no next edit to dismiss.');
}
