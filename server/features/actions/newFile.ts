/**
 * Files that a model wants to have made: where they would lie, and whether they may. The guard decides about paths;
 * what is open is known here. It must not know how the file is made.
 */
import { isAbsolute, posix, relative, sep } from 'node:path';
import type { Services } from '../services.ts';
import { ActionError } from './action.ts';

/**
 * The URI that a model's path means in the workspace folder of the document; undefined for what is no plain path
 * below it, so that the model is asked again. Whether the file may be made is said by `checkNewFile`.
 */
export function newFileUri(
  { places }: Pick<Services, 'places'>,
  uri: string,
  path: string,
): string | undefined {
  const folder = places.folderOf(uri);
  const isPlain = !isAbsolute(path) && !posix.isAbsolute(path) && !path.split(/[\\/]/).includes('..');
  return folder !== undefined && isPlain ? places.uriOf(`${folder}/${path}`) : undefined;
}

/**
 * A new file must be allowed by the gate, wherever links lead, must not grant authority, must not exist, and must not
 * be open, saved or not. Throws an `ActionError` for the person otherwise.
 */
export async function checkNewFile(
  services: Pick<Services, 'documents' | 'files' | 'gate' | 'places'>,
  uri: string,
): Promise<void> {
  const { documents, files, gate, places } = services;
  const name = places.displayPath(uri);
  const path = places.pathOf(uri);
  const folder = places.folderOf(uri);
  const verdict =
    path === undefined || folder === undefined
      ? undefined
      : await gate().mayCreate(folder, relative(folder, path).split(sep).join('/'));
  if (path === undefined || !verdict?.allowed) {
    const why = verdict && !verdict.allowed ? verdict.why : 'it is not a file of this workspace';
    throw new ActionError(
      `The model wanted to make ${name}, a file that Codriver may not make: ${why}. Nothing was changed; if you want it, make it yourself.`,
    );
  }
  if (documents.get(uri) || (await isOpen(services, path))) {
    throw new ActionError(`The model wanted to make ${name}, which is open already; nothing was changed.`);
  }
  if (await files.stat(path)) {
    throw new ActionError(`The model wanted to make ${name}, which exists; nothing was changed.`);
  }
}

/** Whether an open document is that file under any name: through a link, or in another spelling. */
async function isOpen(
  { documents, files, places }: Pick<Services, 'documents' | 'files' | 'places'>,
  path: string,
): Promise<boolean> {
  const realName = async (of: string) => (await files.realPath(of)).normalize('NFC').toLowerCase();
  const wanted = await realName(path);
  for (const document of documents.all()) {
    const other = places.pathOf(document.uri);
    if (other !== undefined && (await realName(other).catch(() => undefined)) === wanted) return true;
  }
  return false;
}
