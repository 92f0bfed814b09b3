/**
 * A change is shown instead of being applied: as a new change-set document in the workspace, made by the editor
 * itself, where it can be read, edited and decided about in peace. It must not know who asks for it.
 */
import { join } from 'node:path';
import type { DocumentChange } from '../../base/host.ts';
import { diffLines } from '../../edits/diff.ts';
import { applyEdits, splitLines } from '../../edits/lines.ts';
import { type ChangedFile, type NewChangeSet, writeChangeSet } from '../../edits/changeSet/write.ts';
import type { Settings } from '../../config/settings.ts';
import { freePath } from '../freePath.ts';
import type { Services } from '../services.ts';

/** Where change-sets lie below a workspace folder. There the same server serves them, in every editor. */
const FOLDER = '.codriver/changes';
const ENDING = '.changes.diff';
const ORIGIN = { line: 0, character: 0 };

export type Shown =
  | { readonly ok: true; readonly uri: string }
  /** `why` is for the person. `unfit`: it can be no such document, now or later; otherwise the editor did not take it. */
  | { readonly ok: false; readonly why: string; readonly unfit: boolean };

/** `near`: a document, for the workspace folder and for sessions without one; paths are relative to that folder. */
export async function showChangeSet(
  services: Services,
  set: NewChangeSet & { readonly near: string },
): Promise<Shown> {
  const { changeSets, host, places } = services;
  const written = writeChangeSet(set);
  if (!written.ok) return { ...written, unfit: true };
  const folder = places.folderOf(set.near);
  const parent = folder === undefined ? undefined : join(folder, FOLDER);
  if (parent === undefined) return { ok: false, why: 'no folder is open that it could lie in', unfit: true };
  const path = await freePath(services, parent, set.title, ENDING);
  if (path === undefined)
    return {
      ok: false,
      why: `${FOLDER} has 100 of this day and name already; delete some of them`,
      unfit: false,
    };
  const uri = places.uriOf(path);
  const edits = [{ range: { start: ORIGIN, end: ORIGIN }, newText: written.text }];
  const change = { uri, version: null, edits, create: true };
  const outcome = await host.apply({ label: 'Codriver: new change-set', documents: [change] });
  if (!outcome.applied) return { ok: false, why: outcome.message, unfit: false };
  for (const { before } of set.files) if (before !== null) changeSets.remember(before);
  if (!(await host.open(uri)))
    host.tell(
      'info',
      `Codriver: the change is in ${places.displayPath(uri)}. Open it to accept or reject its parts.`,
    );
  return { ok: true, uri };
}

/** The files of a change as they are and as it makes them; undefined where a text of it is not known, or is newer. */
export function changedFiles(
  { documents, places }: Pick<Services, 'documents' | 'places'>,
  change: readonly DocumentChange[],
  near: string,
): readonly ChangedFile[] | undefined {
  const files: ChangedFile[] = [];
  for (const { uri, version, edits, create, delete: deleted } of change) {
    const document = documents.get(uri);
    const before = create ? null : document?.getText();
    if (before === undefined || (document && version !== null && document.version !== version))
      return undefined;
    if (places.folderOf(uri) !== places.folderOf(near) || places.pathOf(uri) === undefined) return undefined;
    const after = deleted ? null : applyEdits(before ?? '', edits);
    files.push({ path: places.displayPath(uri), before, after });
  }
  return files;
}

/** Whether the settings want a change to be shown first. */
export function isShownFirst({ edits }: Pick<Settings, 'edits'>, files: readonly ChangedFile[]): boolean {
  if (edits.changeSets !== 'auto') return edits.changeSets === 'always';
  return files.length > 1 || files.some(file => changedLines(file) > edits.changeSetLines);
}

/** Added and removed lines. */
function changedLines({ before, after }: ChangedFile): number {
  const linesOf = (text: string | null) => (text === null || text === '' ? [] : splitLines(text).lines);
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const hunks = diffLines(old, fresh);
  if (!hunks) return old.length + fresh.length;
  return hunks.reduce((sum, { aStart, aEnd, bStart, bEnd }) => sum + aEnd - aStart + bEnd - bStart, 0);
}
