/**
 * Results of checks, kept by what was run on which tree with which environment, in the task's own folder. It must not
 * know what a result means.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Files } from '../../base/ports.ts';

export interface KeptResults {
  get(key: string): Promise<unknown>;
  /** `value` must survive JSON. One that cannot be kept is made again next time. */
  set(key: string, value: unknown): Promise<void>;
}

/** Larger results are not kept. In bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The same for the same program on the same contents, wherever the tree lies (`root` is taken out of the arguments). */
export function keyOf(
  argv: readonly string[],
  tree: string,
  variables: readonly string[],
  root: string,
): string {
  const plain = argv.map(each => each.replaceAll(root, ''));
  return createHash('sha256')
    .update(JSON.stringify([plain, tree, [...variables].sort()]))
    .digest('hex');
}

/** For the key of a result on a tree with one file replaced. */
export function variantOf(path: string, text: string): string {
  return createHash('sha256').update(`${path}\0${text}`).digest('hex');
}

export function folderResults(files: Pick<Files, 'readText' | 'writePrivate'>, folder: string): KeptResults {
  const pathOf = (key: string) => posix.join(folder, `${key}.json`);
  return {
    async get(key) {
      const read = await files.readText(pathOf(key), MOST_BYTES).catch(() => undefined);
      if (!read?.ok) return undefined;
      try {
        return JSON.parse(read.text);
      } catch {
        return undefined;
      }
    },
    async set(key, value) {
      const text = JSON.stringify(value);
      if (Buffer.byteLength(text) <= MOST_BYTES) await files.writePrivate(pathOf(key), text).catch(() => {});
    },
  };
}
