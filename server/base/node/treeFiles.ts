/** The port to whole trees of files on Node, none of whose final links is followed. It must not know what they hold. */
import { constants, type Stats } from 'node:fs';
import * as fsp from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStat, TreeFiles } from '../ports.ts';

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function kindOf(stat: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): FileStat['kind'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'symlink' : 'other';
}

async function openReadable(path: string): Promise<fsp.FileHandle> {
  try {
    return await fsp.open(path, READ);
  } catch (error) {
    // A program may have taken its owner's right to read; never through a link.
    if (codeOf(error) !== 'EACCES' || !(await fsp.lstat(path)).isFile()) throw error;
    await fsp.chmod(path, 0o600);
    return fsp.open(path, READ);
  }
}

async function removeTree(path: string): Promise<void> {
  const stat = await fsp.lstat(path).catch(() => undefined);
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    // Programs leave folders that cannot be emptied by who does not make them so first.
    if ((stat.mode & 0o700) !== 0o700) await fsp.chmod(path, 0o700);
    for (const entry of await fsp.readdir(path, { withFileTypes: true })) {
      if (entry.isDirectory()) await removeTree(join(path, entry.name));
    }
  }
  await fsp.rm(path, { recursive: true, force: true });
}

export const nodeTreeFiles: TreeFiles = {
  async look(path) {
    try {
      const stat = await fsp.lstat(path);
      return { kind: kindOf(stat), size: stat.size, executable: (stat.mode & 0o100) !== 0 };
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  },
  async list(path) {
    const stat = await fsp.lstat(path);
    if (stat.isDirectory() && (stat.mode & 0o500) !== 0o500) await fsp.chmod(path, 0o700);
    const entries = await fsp.readdir(path, { withFileTypes: true });
    return entries.map(entry => ({ name: entry.name, kind: kindOf(entry) }));
  },
  async read(path, maxBytes) {
    const handle = await openReadable(path);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw failure('EINVAL', `${path} is not a plain file`);
      if (stat.size > maxBytes) throw failure('EFBIG', `${path} is larger than ${maxBytes} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  },
  async readPart(path, offset, length) {
    const handle = await fsp.open(path, READ);
    try {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, offset);
      if (bytesRead !== length) throw failure('EIO', `${path} is shorter than it was`);
      return buffer;
    } finally {
      await handle.close();
    }
  },
  readLink: path => fsp.readlink(path),
  write: (path, bytes, executable) =>
    fsp.writeFile(path, bytes, { flag: 'wx', mode: executable ? 0o700 : 0o600 }),
  append: (path, bytes) => fsp.appendFile(path, bytes, { mode: 0o600 }),
  makeLink: (target, path) => fsp.symlink(target, path),
  async makeFolder(path) {
    await fsp.mkdir(path, { recursive: true, mode: 0o700 });
  },
  removeTree,
};
