/** The port to the person's files on Node: each step as the system does it, none of them following a final link. */
import { constants } from 'node:fs';
import * as fsp from 'node:fs/promises';
import type { Disk } from '../ports.ts';

const windows = process.platform === 'win32';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function notAFile(path: string): Error {
  return Object.assign(new Error(`${path} is not a plain file`), { code: 'EINVAL' });
}

export const nodeDisk: Disk = {
  pid: process.pid,
  isAlive(pid) {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // Somebody else's process lives all the same.
      return codeOf(error) === 'EPERM';
    }
  },
  async read(path, maxBytes) {
    let handle: fsp.FileHandle | undefined;
    try {
      if (windows && (await fsp.lstat(path)).isSymbolicLink()) throw notAFile(path);
      // A FIFO must not block, and a link planted since must not be followed.
      const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
      handle = await fsp.open(path, flags);
      const stat = await handle.stat();
      if (!stat.isFile()) throw notAFile(path);
      if (stat.size > maxBytes)
        throw Object.assign(new Error(`${path} is larger than ${maxBytes} bytes`), { code: 'EFBIG' });
      return { bytes: await handle.readFile(), mode: stat.mode & 0o7777 };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    } finally {
      await handle?.close();
    }
  },
  async create(path, bytes, mode) {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    const handle = await fsp.open(path, flags, 0o600);
    try {
      await handle.writeFile(bytes);
      // The process's mask must not take bits away that the file had.
      if (!windows) await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  link: (from, to) => fsp.link(from, to),
  rename: (from, to) => fsp.rename(from, to),
  async remove(path) {
    await fsp.unlink(path).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  },
  async makeFolder(path, mode) {
    await fsp.mkdir(path, { recursive: true, mode });
  },
  async syncFolder(path) {
    // Windows opens no folders; there the rename itself is as far as one gets.
    if (windows) return;
    const handle = await fsp.open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } catch (error) {
      // Some network file systems have no such thing.
      if (!['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF'].includes(codeOf(error))) throw error;
    } finally {
      await handle.close();
    }
  },
  async list(path) {
    try {
      return await fsp.readdir(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  },
};
