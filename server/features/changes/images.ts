/**
 * What the files of a change are before it: the editor's text of open documents, else the text on disk. It must not
 * know what the images are kept for.
 */
import type { AppliedChange } from '../../base/document.ts';
import { Document } from '../../base/document.ts';
import type { Change } from '../../base/host.ts';
import type { Services } from '../services.ts';
import { afterOf, type FileRecord } from './record.ts';

/** An open document as it was just before a change of ours. */
export interface Followed {
  readonly document: Document;
  readonly version: number;
}

export interface Images {
  readonly files: readonly FileRecord[];
  /** By URI; documents that are open. */
  readonly followed: ReadonlyMap<string, Followed>;
}

/** A larger file is not remembered. In bytes. */
const MOST_BYTES = 16 * 1024 * 1024;

type Ports = Pick<Services, 'documents' | 'places' | 'files'>;

/** A text with the version it has in the editor; null where it is not open. Null: there is no such file. */
export interface Current {
  readonly text: string;
  readonly version: number | null;
}

/** What is at a place now; a string says why that cannot be told. */
export async function currentText(uri: string, ports: Ports): Promise<Current | null | string> {
  const { documents } = ports;
  if (documents.isDesynchronised(uri)) return 'its text here may not be the editor’s; close and reopen it';
  const document = documents.get(uri);
  if (document) return { text: document.getText(), version: document.version };
  const disk = await textOnDisk(uri, ports);
  if (typeof disk !== 'object' || disk === null) return disk;
  // Opened while it was read: the editor's text counts.
  const opened = documents.get(uri);
  return opened ? { text: opened.getText(), version: opened.version } : disk;
}

/** The file behind a document, whatever the editor shows. */
export async function textOnDisk(uri: string, { places, files }: Ports): Promise<Current | null | string> {
  const path = places.pathOf(uri);
  if (path === undefined) return null;
  const read = await files.readText(await files.realPath(path).catch(() => path), MOST_BYTES);
  if (read.ok) return { text: read.text, version: null };
  return read.why === 'missing' ? null : `the file cannot be read (${read.why})`;
}

/**
 * The images of a change that is about to be applied; undefined if one of its files cannot be read. Texts of open
 * documents are taken last and at once, so that they are those that the host is going to check the versions of.
 */
export async function images({ documents }: Change, ports: Ports): Promise<Images | undefined> {
  const onDisk = new Map<string, string>();
  for (const { uri, create } of documents) {
    if (create || ports.documents.get(uri)) continue;
    const text = await textOnDisk(uri, ports);
    if (typeof text !== 'object' || text === null) return undefined;
    onDisk.set(uri, text.text);
  }
  const followed = new Map<string, Followed>();
  const files: FileRecord[] = [];
  for (const { uri, edits, create, delete: deleted } of documents) {
    const document = create ? undefined : ports.documents.get(uri);
    const before = create ? null : (document?.getText() ?? onDisk.get(uri));
    if (before === undefined) return undefined;
    files.push({ uri, before, edits: deleted ? null : edits });
    if (document) followed.set(uri, { document, version: document.version });
  }
  return { files, followed };
}

/**
 * What happened to a document after a change of ours; `untold` while the editor has not told of that change itself,
 * undefined where it is not known step by step.
 */
export function changesAfter(
  file: FileRecord,
  open: Document | undefined,
  followed: Followed | undefined,
): readonly AppliedChange[] | 'untold' | undefined {
  const after = afterOf(file);
  if (!open || followed?.document !== open || file.before === null || after === null) return undefined;
  if (after === file.before) return open.changesSince(followed.version);
  if (open.version === followed.version) return 'untold';
  const all = open.changesSince(followed.version);
  if (!all) return undefined;
  const replayed = new Document('', '', 0, file.before);
  for (const [i, change] of all.entries()) {
    replayed.update([change], i + 1);
    if (replayed.length === after.length && replayed.getText() === after) return all.slice(i + 1);
  }
  return undefined;
}
