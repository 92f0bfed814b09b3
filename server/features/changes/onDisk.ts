/**
 * A change as whole files on disk, for front doors without open documents. It must not know who writes them.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Change } from '../../base/host.ts';

/** Undefined: there is no such file before, or after. Paths are absolute. */
export interface FileChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface DiskTexts {
  readonly pathOf: (uri: string) => string | undefined;
  /** Undefined: there is no such file. Rejects where it is no text, or may not be read. */
  readonly read: (path: string) => Promise<string | undefined>;
}

export type FileChanges =
  | { readonly ok: true; readonly changes: readonly FileChange[] }
  /** `why` is for the person. */
  | { readonly ok: false; readonly why: string };

/** What a change makes of the files as they are now; refused where they are not as the change expects them. */
export async function fileChanges({ documents }: Change, { pathOf, read }: DiskTexts): Promise<FileChanges> {
  const changes: FileChange[] = [];
  for (const each of documents) {
    const path = pathOf(each.uri);
    if (path === undefined) return { ok: false, why: `${each.uri} is no file on this machine.` };
    let before: string | undefined;
    try {
      before = await read(path);
    } catch {
      return { ok: false, why: `${path} cannot be read as text, so nothing was changed.` };
    }
    if (each.create === true && before !== undefined)
      return { ok: false, why: `There is a file ${path} already, so nothing was changed.` };
    if (each.create !== true && before === undefined)
      return { ok: false, why: `${path} is gone, so nothing was changed.` };
    const document = TextDocument.create(each.uri, '', 0, before ?? '');
    const after = each.delete === true ? undefined : TextDocument.applyEdits(document, [...each.edits]);
    changes.push({ path, before, after });
  }
  return { ok: true, changes };
}
