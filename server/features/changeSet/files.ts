/**
 * The files that a change-set is about: where they lie, whether they may be touched, what they hold, and what taking
 * hunks over would make of them. Paths of such a document are anybody's text. It must not know the actions.
 */
import { posix } from 'node:path';
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { DocumentChange } from '../../base/host.ts';
import { sameToLastLine } from '../../base/text.ts';
import { placeAll, textOf } from '../../edits/changeSet/place.ts';
import { type ChangeSet, type DiffFile, type DiffHunk, readChangeSet } from '../../edits/changeSet/read.ts';
import { blobHash } from '../../edits/changeSet/write.ts';
import { applyEdits } from '../../edits/lines.ts';
import { type Current, currentText } from '../changes/images.ts';
import type { Services } from '../services.ts';

/** Longer documents are served as plain ones. In UTF-16 units. */
export const MAX_LENGTH = 4_000_000;

type Ports = Pick<Services, 'changeSets' | 'documents' | 'files' | 'gate' | 'places'>;

/** What a hunk, or a file as a whole, would do now. `why` ends a sentence about it. */
export type Outlook =
  | { readonly ok: true; readonly documents: readonly DocumentChange[] }
  | {
      readonly ok: false;
      readonly why: string;
      readonly present: boolean;
      /** The hunk that stands in the way. */
      readonly hunk?: DiffHunk;
    };

const known = new WeakMap<Document, { readonly version: number; readonly set: ChangeSet }>();
const NOTHING = readChangeSet('');

/** A document read, once for each of its versions. */
export function changeSetOf(document: Document): ChangeSet {
  const before = known.get(document);
  if (before?.version === document.version) return before.set;
  const set = document.length > MAX_LENGTH ? NOTHING : readChangeSet(document.getText());
  known.set(document, { version: document.version, set });
  return set;
}

/** Where a path of the document is; undefined for what is no plain path below the workspace folder. */
export function uriOf(
  { places }: Pick<Services, 'places'>,
  document: string,
  path: string,
): string | undefined {
  const folder = places.folderOf(document);
  const parts = path.split(/[\\/]/);
  const isPlain = path !== '' && !posix.isAbsolute(path) && !/^[a-z]:/i.test(path) && !parts.includes('..');
  return folder !== undefined && isPlain ? places.uriOf(`${folder}/${path}`) : undefined;
}

/** Why a path may not be touched; undefined where it may. */
async function forbidden(ports: Ports, document: string, path: string): Promise<string | undefined> {
  const folder = ports.places.folderOf(document);
  if (folder === undefined || uriOf(ports, document, path) === undefined)
    return `${path} is no path below a folder of the workspace`;
  const verdict = await ports.gate().mayCreate(folder, path);
  return verdict.allowed ? undefined : `${path} may not be changed: ${verdict.why}`;
}

/** What accepting these hunks of a file does; of files that are made, deleted or renamed, all hunks. */
export async function outlook(
  ports: Ports,
  document: string,
  file: DiffFile,
  hunks: readonly DiffHunk[],
): Promise<Outlook> {
  if (file.unsupported !== undefined) return no(file.unsupported);
  for (const path of new Set([file.from, file.path])) {
    const why = await forbidden(ports, document, path);
    if (why !== undefined) return no(why);
  }
  const [from, to] = [uriOf(ports, document, file.from) ?? '', uriOf(ports, document, file.path) ?? ''];
  const current = await currentText(from, ports);
  if (typeof current === 'string') return no(current);
  if (file.kind === 'create') {
    const text = textOf({ ...file, hunks });
    if (current === null) return { ok: true, documents: [made(to, text)] };
    return sameToLastLine(current.text, text)
      ? present('the file is there already')
      : no('there is such a file already');
  }
  if (file.kind === 'delete') {
    if (current === null) return present('the file is gone already');
    const same = current.text === textOf(file, '-');
    return same
      ? { ok: true, documents: [{ uri: from, version: current.version, edits: [], delete: true }] }
      : no('the file holds something else by now, so it is not deleted');
  }
  if (current === null) return no(`there is no file ${file.from}`);
  const { edits, refused } = placeAll(hunks, current.text, baseOf(ports, file, current));
  const [first] = refused.filter(each => !each.present);
  if (first) return { ok: false, why: first.why, present: false, hunk: first.hunk };
  if (file.kind === 'rename') return renamed(ports, file, { from, to }, current, edits);
  if (edits.length === 0) return present('the file has these lines already');
  return { ok: true, documents: [{ uri: from, version: current.version, edits }] };
}

/** The text that a file's hunks were made against, where it is known. */
export function baseOf(
  { changeSets }: Pick<Services, 'changeSets'>,
  { base }: DiffFile,
  current: Current,
): string | undefined {
  const remembered = changeSets.textOf(base);
  if (remembered !== undefined || base === undefined) return remembered;
  // Git shortens names; fewer digits than these could be another text's.
  return base.length >= 7 && blobHash(current.text).startsWith(base) ? current.text : undefined;
}

async function renamed(
  ports: Ports,
  file: DiffFile,
  { from, to }: { readonly from: string; readonly to: string },
  current: Current,
  edits: readonly TextEdit[],
): Promise<Outlook> {
  const target = await currentText(to, ports);
  if (target !== null) return no(`there is a file ${file.path} already`);
  const deleted = { uri: from, version: current.version, edits: [], delete: true };
  return { ok: true, documents: [made(to, applyEdits(current.text, edits)), deleted] };
}

function made(uri: string, text: string): DocumentChange {
  const start = { line: 0, character: 0 };
  return { uri, version: null, create: true, edits: [{ range: { start, end: start }, newText: text }] };
}

function no(why: string): Outlook {
  return { ok: false, why, present: false };
}

function present(why: string): Outlook {
  return { ok: false, why, present: true };
}
