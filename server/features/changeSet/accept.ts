/**
 * Accepting: the chosen hunks become one undoable change of the files as they are now, all of them or none and why;
 * then the document says so. It must not know the menu.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { DocumentChange } from '../../base/host.ts';
import { hunkKey, markAccepted, type Target } from '../../edits/changeSet/marks.ts';
import { meet } from '../../edits/changeSet/place.ts';
import type { ChangeSet, DiffFile, DiffHunk } from '../../edits/changeSet/read.ts';
import { TITLE } from '../../edits/changeSet/write.ts';
import { ActionError, documentFor } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { changeSetOf, outlook } from './files.ts';

/** Who types this often faster than a change is computed wants something else. */
const MAX_TRIES = 6;
/** How often, and how long, a change of the document that is on its way is waited for. In ms. */
const MARK_TRIES = 40;
const MARK_WAIT_MS = 50;

/** `choose` is asked again when the document has changed meanwhile. */
export async function accept(
  services: Services,
  uri: string,
  choose: (set: ChangeSet) => readonly Target[],
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const set = changeSetOf(documentFor(services, uri));
    const targets = choose(set);
    if (targets.length === 0)
      throw new ActionError('There is nothing here to accept: all of it is decided already.');
    const documents = await together(services, uri, targets);
    const title = set.header.get(TITLE.toLowerCase()) ?? 'change-set';
    let change: string | undefined;
    if (documents.length > 0) {
      const outcome = await services.changes.apply({ label: `Codriver: accept ${title}`, documents });
      if (!outcome.applied && outcome.why === 'stale') continue;
      if (!outcome.applied) throw new ActionError(outcome.message);
      ({ change } = outcome);
    }
    const keys = new Set(targets.map(({ file, hunk }) => hunkKey(file, hunk)));
    await rewrite(services, uri, 'accepted', text => {
      const left = allTargets(changeSetOf(documentFor(services, uri))).filter(({ file, hunk }) =>
        keys.has(hunkKey(file, hunk)),
      );
      return left.length === 0 ? [] : markAccepted(text, left, change ?? '');
    });
    return;
  }
  throw new ActionError('The text kept changing meanwhile, so nothing was accepted. Try again.');
}

/** Every hunk, and every file that is decided about as a whole. */
export function allTargets({ files }: ChangeSet): readonly Target[] {
  return files.flatMap((file): Target[] =>
    isWhole(file) ? [{ file, hunk: undefined }] : file.hunks.map(hunk => ({ file, hunk })),
  );
}

/** Files that are made, deleted or renamed are accepted as a whole, and so is what has no hunk. */
export function isWhole({ kind, hunks }: DiffFile): boolean {
  return kind !== 'change' || hunks.length === 0;
}

/** One change out of all targets. Throws an `ActionError` that names what does not fit. */
async function together(
  services: Services,
  uri: string,
  targets: readonly Target[],
): Promise<readonly DocumentChange[]> {
  const chosen = new Map<DiffFile, DiffHunk[]>();
  for (const { file, hunk } of targets) {
    const hunks = hunk ? [hunk] : file.hunks.filter(each => each.rejected === undefined);
    chosen.set(file, [...(chosen.get(file) ?? []), ...hunks]);
  }
  const byUri = new Map<string, DocumentChange>();
  for (const [file, hunks] of chosen) {
    const found = await outlook(services, uri, file, hunks);
    if (!found.ok && found.present) continue;
    if (!found.ok)
      throw new ActionError(
        `${nameOf(file, found.hunk)} was not accepted: ${found.why}. Nothing was changed.`,
      );
    for (const each of found.documents) {
      const other = byUri.get(each.uri);
      byUri.set(each.uri, other ? joined(file, other, each) : each);
    }
  }
  return [...byUri.values()];
}

/** Two sections of one file. */
function joined(file: DiffFile, a: DocumentChange, b: DocumentChange): DocumentChange {
  const isPlain = [a, b].every(each => !each.create && !each.delete);
  const clash = a.edits.some(one => b.edits.some(other => meet(one, other)));
  if (!isPlain || clash || a.version !== b.version)
    throw new ActionError(
      `${nameOf(file)} was not accepted: two parts of the change-set get into each other's way there. Accept them one after the other. Nothing was changed.`,
    );
  return { ...a, edits: [...a.edits, ...b.edits] };
}

/** How messages call a hunk: its file, and the line of the document where it can be looked at. */
export function nameOf({ path }: DiffFile, hunk?: DiffHunk): string {
  return hunk ? `The hunk at line ${hunk.first + 1} (${path})` : path;
}

/**
 * Changes the change-set document itself, from what it holds at that moment. Not recorded: what undo takes back are
 * the files.
 */
export async function rewrite(
  services: Services,
  uri: string,
  what: string,
  edits: (text: string) => readonly TextEdit[],
): Promise<void> {
  for (let tries = 0; tries < MARK_TRIES; tries++) {
    const document = documentFor(services, uri);
    const { version } = document;
    const wanted = edits(document.getText());
    if (wanted.length === 0) return;
    const change = { uri, version, edits: wanted };
    const outcome = await services.host.apply({ label: `Codriver: ${what}`, documents: [change] });
    if (outcome.applied) return;
    if (outcome.why !== 'stale') throw new ActionError(outcome.message);
    await new Promise<void>(resolve => void services.clock.after(MARK_WAIT_MS, resolve));
  }
  throw new ActionError('The change-set kept changing, so this could not be written into it. Try again.');
}
