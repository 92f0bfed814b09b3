/**
 * One change as one `workspace/applyEdit`: versioned where the client takes versions, new files by createFile or
 * without (eglot makes the file from a plain edit), and taken back when the client did only a part of it.
 * It must not know why the change is made.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ApplyWorkspaceEditResult,
  Connection,
  CreateFile,
  DeleteFile,
  TextDocumentEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ApplyOutcome, Change, DocumentChange } from '../base/host.ts';
import type { Files } from '../base/ports.ts';
import type { ClientFeatures } from './clientFeatures.ts';
import type { Documents } from './documents.ts';

interface Context {
  readonly connection: Pick<Connection, 'sendRequest'>;
  readonly client: Pick<
    ClientFeatures,
    'name' | 'applyEdit' | 'changeAnnotations' | 'documentChanges' | 'createFiles' | 'deleteFiles'
  >;
  readonly documents: Pick<Documents, 'get' | 'isDesynchronised'>;
  readonly files: Pick<Files, 'readText' | 'stat' | 'makeFolders' | 'removeEmptyFolder'>;
}

type Operation = TextDocumentEdit | CreateFile | DeleteFile;

/** What a place held: a text, null for no file, undefined where that cannot be told. */
type Held = string | null | undefined;

const STALE = 'The buffer changed while Codriver was working, so nothing was applied. Run the action again.';

export async function applyChange(change: Change, context: Context): Promise<ApplyOutcome> {
  const { client, connection, documents } = context;
  if (!client.applyEdit) {
    const message = `${client.name} does not accept edits from servers (workspace/applyEdit), so nothing was changed.`;
    return { applied: false, why: 'unsupported', message };
  }
  const deleted = change.documents.find(each => each.delete);
  if (deleted && !(client.documentChanges && client.deleteFiles)) {
    const message = `${client.name} deletes no files for a server, so nothing was changed. Delete ${deleted.uri} yourself.`;
    return { applied: false, why: 'unsupported', message };
  }
  const before = new Map<string, Held>();
  for (const { uri } of change.documents) before.set(uri, await held(uri, context));
  for (const { uri, version } of change.documents) {
    if (version !== null && documents.get(uri)?.version !== version) {
      return { applied: false, why: 'stale', message: STALE };
    }
    if (documents.isDesynchronised(uri)) {
      const message = 'Codriver lost track of this buffer; close and reopen it, then run the action again.';
      return { applied: false, why: 'stale', message };
    }
  }
  const folders = client.createFiles ? [] : await makeFolders(change, context);
  const result = await send(connection, client, change);
  if (result.applied) return { applied: true };
  const undone = await takeBack(change, before, context);
  for (const folder of folders.toReversed()) await context.files.removeEmptyFolder(folder);
  // The person typed while the edit was on its way; the client's own changes come before its refusal.
  const typed = change.documents.some(
    ({ uri, version }) => version !== null && documents.get(uri)?.version !== version,
  );
  if (typed && undone === '') return { applied: false, why: 'stale', message: STALE };
  if (change.confirm !== undefined && isAnnotated(client) && !result.failureReason && undone === '') {
    const message = 'The change was not confirmed in the editor, so nothing was applied.';
    return { applied: false, why: 'refused', message };
  }
  const reason = result.failureReason ? `: ${result.failureReason}` : '.';
  const message = `${client.name} did not apply the edit${reason}${undone} Is the buffer read-only?`;
  return { applied: false, why: 'refused', message };
}

/**
 * A client that makes new files by editing them needs their folders: Emacs opens such a buffer read-only. Gives those
 * that were made, outermost first; what cannot be made the client will tell.
 */
async function makeFolders({ documents }: Change, { files }: Context): Promise<readonly string[]> {
  const made: string[] = [];
  for (const { uri, create } of documents) {
    const path = create ? pathOf(uri) : undefined;
    if (path !== undefined) made.push(...(await files.makeFolders(dirname(path)).catch(() => [])));
  }
  return made;
}

async function send(
  connection: Context['connection'],
  client: Context['client'],
  change: Change,
): Promise<ApplyWorkspaceEditResult> {
  try {
    const edit = workspaceEdit(client, change);
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

/** Annotations are part of versioned edits alone. */
const isAnnotated = (client: Context['client']) => client.documentChanges && client.changeAnnotations;

/** The one annotation of a change. */
const ANNOTATION = 'codriver';

function workspaceEdit(client: Context['client'], { label, confirm, documents }: Change): WorkspaceEdit {
  if (!client.documentChanges) {
    return { changes: Object.fromEntries(documents.map(({ uri, edits }) => [uri, [...edits]])) };
  }
  const annotated = isAnnotated(client) ? { annotationId: ANNOTATION } : {};
  const documentChanges = documents.flatMap<Operation>(({ uri, version, edits, create, delete: deleted }) => {
    const edit: TextDocumentEdit = {
      textDocument: { uri, version },
      edits: edits.map(each => ({ ...each, ...annotated })),
    };
    const creation: CreateFile = {
      kind: 'create',
      uri,
      ...annotated,
      options: { overwrite: false, ignoreIfExists: false },
    };
    const deletion: DeleteFile = {
      kind: 'delete',
      uri,
      ...annotated,
      options: { recursive: false, ignoreIfNotExists: true },
    };
    if (deleted) return [deletion];
    return create && client.createFiles ? [creation, edit] : [edit];
  });
  if (!isAnnotated(client)) return { documentChanges };
  const description = confirm === undefined ? {} : { needsConfirmation: true, description: confirm };
  return { documentChanges, changeAnnotations: { [ANNOTATION]: { label, ...description } } };
}

/**
 * Takes back what the client has done of the change although it reports a failure. Only a text that is exactly what
 * our edit made is touched, and only a file that was not there before and holds nothing else is deleted: what the
 * person typed meanwhile is never lost. What is left of the change is said, by name.
 */
async function takeBack(
  change: Change,
  before: ReadonlyMap<string, Held>,
  context: Context,
): Promise<string> {
  const { client, connection, documents } = context;
  const inverse: DocumentChange[] = [];
  const left: string[] = [];
  for (const each of change.documents) {
    const { uri } = each;
    const old = before.get(uri);
    const now = await held(uri, context);
    if (old === undefined || now === old) continue;
    const ours = wanted(each, old);
    const version = documents.get(uri)?.version ?? null;
    if (old === null) {
      // An editor that has made the file and not yet the text leaves it empty.
      const isOurs = now === ours || now === '';
      if (isOurs && client.documentChanges && client.deleteFiles)
        inverse.push({ uri, version, edits: [], delete: true });
      else left.push(`${uri} was made; delete it if you do not want it`);
    } else if (now === null) {
      const start = { line: 0, character: 0 };
      if (ours !== null) left.push(`${uri} is gone`);
      else
        inverse.push({
          uri,
          version: null,
          create: true,
          edits: [{ range: { start, end: start }, newText: old }],
        });
    } else if (now !== undefined && now === ours) {
      const end = TextDocument.create(uri, '', 0, now).positionAt(now.length);
      inverse.push({
        uri,
        version,
        edits: [{ range: { start: { line: 0, character: 0 }, end }, newText: old }],
      });
    }
    // Any other text is somebody's typing into an unchanged document, or over our edit: theirs either way.
  }
  const said = left.length > 0 ? ` Look: ${left.join('; ')}.` : '';
  if (inverse.length === 0) return said;
  const result = await send(connection, client, { label: `Undo ${change.label}`, documents: inverse });
  if (result.applied) return ` What it had applied was taken back.${said}`;
  const still: string[] = [];
  for (const { uri } of inverse) if ((await held(uri, context)) !== before.get(uri)) still.push(uri);
  if (still.length === 0) return ` What it had applied was taken back.${said}`;
  return ` A part of it is applied still, in ${still.join(', ')}: use the editor's undo there.${said}`;
}

/** The text that a change wants a document to have; null: no file. */
function wanted({ uri, edits, delete: deleted }: DocumentChange, old: string | null): string | null {
  return deleted ? null : TextDocument.applyEdits(TextDocument.create(uri, '', 0, old ?? ''), [...edits]);
}

/** The editor's text of an open document, else the text on disk. */
async function held(uri: string, { documents, files }: Context): Promise<Held> {
  const document = documents.get(uri);
  if (document) return document.getText();
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  const read = await files.readText(path);
  if (read.ok) return read.text;
  return read.why === 'missing' ? null : undefined;
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
