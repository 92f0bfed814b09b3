/** Private folders for a while on Node: programs run in them that may plant links, so no step of ours follows one. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import * as fsp from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import type { Scratch, ScratchFolder } from '../ports.ts';
import { nodeTreeFiles } from './treeFiles.ts';

async function folderAt(path: string): Promise<ScratchFolder> {
  /** Makes the parents of a path and makes sure that they lie in the folder, wherever links lead. */
  async function parentOf(name: string): Promise<string> {
    const target = join(path, name);
    if (!target.startsWith(path + sep)) throw new Error(`${name} does not lie in the folder`);
    await fsp.mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const parent = await fsp.realpath(dirname(target));
    if (parent !== path && !parent.startsWith(path + sep))
      throw new Error(`a link leads out of the folder at ${name}`);
    return target;
  }

  return {
    path,
    async copy(from, name) {
      const flags = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
      await fsp.copyFile(from, await parentOf(name), flags);
    },
    async link(from, name) {
      await fsp.symlink(from, await parentOf(name), 'junction');
    },
    async write(name, text) {
      const target = await parentOf(name);
      const temporary = `${target}.${randomBytes(6).toString('hex')}`;
      await fsp.writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
      // In place of whatever has the name; a link is replaced and not followed.
      await fsp.rename(temporary, target);
    },
    async dispose() {
      // Also folders that programs have locked; what still cannot go is the system's to clear, and no reason to fail.
      await nodeTreeFiles.removeTree(path).catch(() => undefined);
    },
  };
}

export const nodeScratch: Scratch = {
  async create(purpose) {
    const made = await fsp.mkdtemp(join(tmpdir(), `codriver-${purpose}-`));
    return folderAt(await fsp.realpath(made));
  },
};
