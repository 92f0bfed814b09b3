/** Files and folders of the workspace that changed. */
import type { DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams } from 'vscode-languageserver';
import type { Session } from '../session.ts';

export async function didChangeWatchedFiles(
  session: Session,
  { changes }: DidChangeWatchedFilesParams,
): Promise<void> {
  const paths = changes.flatMap(({ uri }) => session.places.pathOf(uri) ?? []);
  session.workspace.filesChanged(paths);
  if (paths.some(path => /[\\/]\.codriver[\\/]config\.jsonc$/.test(path))) await session.configure();
}

export async function didChangeWorkspaceFolders(
  session: Session,
  { event }: DidChangeWorkspaceFoldersParams,
): Promise<void> {
  session.places.changeFolders(
    event.added.map(({ uri }) => uri),
    event.removed.map(({ uri }) => uri),
  );
  await session.configure();
}
