/** Adding to the end of a private file so that it is there after any kill. It must not know what is written. */
import { constants } from 'node:fs';
import * as fsp from 'node:fs/promises';
import { dirname } from 'node:path';
import { nodeDisk } from './disk.ts';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** Flushed to the device; so is the name of a file that this made. Rejects with Node's error codes. */
export async function appendFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await fsp.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await fsp.open(path, FLAGS, 0o600);
  try {
    const { size } = await handle.stat();
    await handle.appendFile(bytes);
    await handle.sync();
    if (size === 0) await nodeDisk.syncFolder(dirname(path));
  } finally {
    await handle.close();
  }
}
