/**
 * The edits that take records back from the files as they are now: of all files, or of none and why. It must not
 * know how the edits are applied.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { DocumentChange } from '../../base/host.ts';
import { sameToLastLine } from '../../base/text.ts';
import type { Services } from '../services.ts';
import { changesAfter, currentText, type Followed, textOnDisk } from './images.ts';
import { type Conflict, invert, takeBack } from './inverse.ts';
import { afterOf, type ChangeRecord, type FileRecord } from './record.ts';

export interface FileConflict {
  readonly uri: string;
  /** Words for the person, after the file's name. */
  readonly why: string;
  readonly places: readonly Conflict[];
}

export type Prepared =
  | {
      readonly kind: 'ready';
      readonly documents: readonly DocumentChange[];
      /** Files that are as they should be already. */
      readonly unchanged: readonly FileRecord[];
    }
  /** The editor has applied a change and not told of it yet. */
  | { readonly kind: 'untold' }
  | { readonly kind: 'refused'; readonly message: string; readonly conflicts: readonly FileConflict[] };

type Ports = Pick<Services, 'documents' | 'places' | 'files' | 'clock'>;
/** An editor that opens a file for a change of ours tells of the change at most so much later. In ms. */
const TOLD_WITHIN_MS = 10_000;
type One = DocumentChange | FileRecord | FileConflict | 'untold';

export async function prepare(
  wanted: readonly { readonly uri: string; readonly record: ChangeRecord }[],
  ports: Ports,
  followed: (id: string, uri: string) => Followed | undefined,
): Promise<Prepared> {
  const documents: DocumentChange[] = [];
  const unchanged: FileRecord[] = [];
  const conflicts: FileConflict[] = [];
  for (const { uri, record } of wanted) {
    const file = record.files.find(each => each.uri === uri) as FileRecord;
    const isFresh = ports.clock.now() - record.at < TOLD_WITHIN_MS;
    const one = await prepareFile(file, ports, followed(record.id, uri), isFresh);
    if (one === 'untold') return { kind: 'untold' };
    if ('why' in one) conflicts.push(one);
    else if ('before' in one) unchanged.push(one);
    else documents.push(one);
  }
  if (conflicts.length === 0) return { kind: 'ready', documents, unchanged };
  const named = conflicts.map(({ uri, why }) => `${ports.places.displayPath(uri)}: ${why}`);
  return { kind: 'refused', message: `${named.join('; ')}. Nothing was changed.`, conflicts };
}

async function prepareFile(
  file: FileRecord,
  ports: Ports,
  followed: Followed | undefined,
  isFresh: boolean,
): Promise<One> {
  const { uri, before } = file;
  const current = await currentText(uri, ports);
  const refuse = (why: string): FileConflict => ({ uri, why, places: [] });
  if (typeof current === 'string') return refuse(current);
  const after = afterOf(file);
  if (after === null) {
    // Deleted by the change; what somebody has put there since is theirs.
    if (current === null) return restored(uri, before ?? '');
    if (current.text !== before) return refuse('there is a file with another text now');
    return { uri, before: null, edits: [atStart(before)] };
  }
  if (before === null) {
    if (current === null) return { uri, before: after, edits: null };
    // Editors open a new file empty, or with one empty line, and tell of its text a while later.
    if (/^\r?\n?$/.test(current.text) && current.version !== null && !sameToLastLine('', after))
      return 'untold';
    if (!sameToLastLine(current.text, after))
      return refuse('the file was changed since it was made, so it is not deleted');
    const disk = await textOnDisk(uri, ports);
    // An editor that has the text but has not saved it leaves an empty file.
    const isOurs =
      disk === null || (typeof disk === 'object' && (sameToLastLine(disk.text, after) || disk.text === ''));
    if (!isOurs) return refuse('the file on disk is another than the editor shows, so it is not deleted');
    return { uri, version: current.version, edits: [], delete: true };
  }
  if (current === null) return refuse('the file is gone');
  const changes = changesAfter(file, ports.documents.get(uri), followed);
  if (changes === 'untold') return 'untold';
  // Opened for our change, which is still to be told of: nobody has taken anything back.
  const isSilent = followed === undefined && ports.documents.get(uri)?.isAsOpened !== false;
  if (isFresh && isSilent && current.text === before && before !== after) return 'untold';
  // Taken back by hand, or by the editor's own undo: what is recorded is that, so that a redo puts it in again.
  if (current.text === before) return { uri, before: after, edits: invert(before, file.edits ?? []).inverse };
  const taken = takeBack(before, file.edits ?? [], current.text, changes);
  if (taken.ok) return { uri, version: current.version, edits: taken.edits };
  const lines = taken.conflicts.map(({ line }) => line + 1).join(', ');
  const plural = taken.conflicts.length > 1 ? 'lines' : 'line';
  return { uri, why: `the same lines were changed since then (${plural} ${lines})`, places: taken.conflicts };
}

function restored(uri: string, text: string): DocumentChange {
  return { uri, version: null, create: true, edits: [atStart(text)] };
}

function atStart(newText: string): TextEdit {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, newText };
}
