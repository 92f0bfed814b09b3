/**
 * One change as one `workspace/applyEdit`: versioned where the client takes versions, new files by createFile or
 * without (eglot makes the file from a plain edit), and taken back when the client did only a part of it.
 * It must not know why the change is made.
 */
import type {
  ApplyWorkspaceEditResult,
  Connection,
  CreateFile,
  TextDocumentEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ApplyOutcome, Change, DocumentChange } from '../base/host.ts';
import type { ClientFeatures } from './clientFeatures.ts';
import type { Documents } from './documents.ts';

interface Context {
  readonly connection: Connection;
  readonly client: ClientFeatures;
  readonly documents: Documents;
}

const STALE = 'The buffer changed while Codriver was working, so nothing was applied. Run the action again.';

export async function applyChange(change: Change, context: Context): Promise<ApplyOutcome> {
  const { client, connection, documents } = context;
  if (!client.applyEdit) {
    const message = `${client.name} does not accept edits from servers (workspace/applyEdit), so nothing was changed.`;
    return { applied: false, why: 'unsupported', message };
  }
  for (const { uri, version } of change.documents) {
    if (version !== null && documents.get(uri)?.version !== version) {
      return { applied: false, why: 'stale', message: STALE };
    }
    if (documents.isDesynchronised(uri)) {
      const message = 'Codriver lost track of this buffer; close and reopen it, then run the action again.';
      return { applied: false, why: 'stale', message };
    }
  }
  const before = new Map(change.documents.map(({ uri }) => [uri, documents.get(uri)?.getText()]));
  const result = await send(connection, client, change);
  if (result.applied) return { applied: true };
  const undone = await takeBack(change, before, context);
  // The person typed while the edit was on its way; the client's own changes come before its refusal.
  const typed = change.documents.some(
    ({ uri, version }) => version !== null && documents.get(uri)?.version !== version,
  );
  if (typed && undone === '') return { applied: false, why: 'stale', message: STALE };
  const reason = result.failureReason ? `: ${result.failureReason}` : '.';
  const made = change.documents.find(({ create }) => create);
  // Whether a refused change has made its file, nobody says; deleting it unasked could delete the person's own.
  const left = made ? ` Look whether ${made.uri} was made all the same.` : '';
  const message = `${client.name} did not apply the edit${reason}${undone}${left} Is the buffer read-only?`;
  return { applied: false, why: 'refused', message };
}

async function send(
  connection: Connection,
  client: ClientFeatures,
  change: Change,
): Promise<ApplyWorkspaceEditResult> {
  try {
    const edit = workspaceEdit(client, change.documents);
    // `null` has been seen from clients that mean "applied nothing".
    const result = await connection.sendRequest<ApplyWorkspaceEditResult | null>('workspace/applyEdit', {
      label: change.label,
      edit,
    });
    return result ?? { applied: false };
  } catch (error) {
    return { applied: false, failureReason: error instanceof Error ? error.message : String(error) };
  }
}

function workspaceEdit(client: ClientFeatures, documents: readonly DocumentChange[]): WorkspaceEdit {
  if (!client.documentChanges) {
    return { changes: Object.fromEntries(documents.map(({ uri, edits }) => [uri, [...edits]])) };
  }
  const documentChanges = documents.flatMap(({ uri, version, edits, create }) => {
    const edit: TextDocumentEdit = { textDocument: { uri, version }, edits: [...edits] };
    const creation: CreateFile = {
      kind: 'create',
      uri,
      options: { overwrite: false, ignoreIfExists: false },
    };
    return create && client.createFiles ? [creation, edit] : [edit];
  });
  return { documentChanges };
}

/**
 * Takes back the documents that carry the edit although the client reports a failure. Only a text that is exactly
 * what our edit made is touched: what the person typed meanwhile is never lost.
 */
async function takeBack(
  change: Change,
  before: ReadonlyMap<string, string | undefined>,
  { client, connection, documents }: Context,
): Promise<string> {
  const inverse: DocumentChange[] = [];
  for (const { uri, version, edits } of change.documents) {
    const old = before.get(uri);
    const document = documents.get(uri);
    if (old === undefined || version === null || !document || document.getText() === old) continue;
    const ours = TextDocument.applyEdits(TextDocument.create(uri, '', 0, old), [...edits]);
    if (document.getText() !== ours) continue;
    const range = { start: { line: 0, character: 0 }, end: document.positionAt(document.length) };
    inverse.push({ uri, version: document.version, edits: [{ range, newText: old }] });
  }
  if (inverse.length === 0) return '';
  const result = await send(connection, client, { label: `Undo ${change.label}`, documents: inverse });
  return result.applied ? ' What it had applied was taken back.' : ' A part of it may be applied: use undo.';
}
