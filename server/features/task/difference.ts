/**
 * What a task has changed, as texts for a change-set and as one hash for an approval. What no text can carry is
 * named. Pure; it must not know where the trees lie.
 */
import type { ChangedFile } from '../../edits/changeSet/write.ts';
import type { TreeFile } from '../../sandbox/baseline.ts';
import type { ChangedFile as TreeChange, TreeDiff } from '../../sandbox/taskTree.ts';

export { hashOfDiff } from '../../agent/approval.ts';

export interface Difference {
  readonly files: readonly ChangedFile[];
  /** What cannot come into the project by an edit, each as words for the person. */
  readonly unfit: readonly string[];
}

export function differenceOf({ files }: TreeDiff): Difference {
  const changed: ChangedFile[] = [];
  const unfit: string[] = [];
  for (const file of files) {
    const read = textsOf(file);
    if (typeof read === 'string') unfit.push(`${file.path} ${read}`);
    else changed.push(read);
    if (
      typeof file.after === 'object' &&
      kindOf(file.before) !== file.after.kind &&
      file.after.kind === 'executable'
    )
      unfit.push(`${file.path} is made executable`);
  }
  return { files: changed, unfit };
}

/** For the head of the document in which a result is shown: what of it no edit can carry. */
export function unfitNote({ unfit }: Difference): Readonly<Record<string, string>> {
  return unfit.length === 0 ? {} : { 'left out, since no edit can carry it': unfit.join('; ') };
}

const kindOf = (side: TreeFile | undefined): TreeFile['kind'] => side?.kind ?? 'file';

function textsOf({ path, before, after }: TreeChange): ChangedFile | string {
  if (after === 'too-large') return 'is larger than 16 MB';
  if (after === 'special') return 'is no file';
  if (kindOf(before) === 'symlink' || kindOf(after) === 'symlink') return 'is a link';
  const [old, fresh] = [before, after].map(side => (side === undefined ? null : textOf(side.bytes)));
  if (old === undefined || fresh === undefined) return 'is not text';
  return { path, before: old, after: fresh };
}

/** Editors keep a byte order mark to themselves. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
