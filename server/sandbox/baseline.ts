/**
 * What a copied tree was at first: every entry by path, kind and hash, and all contents one behind the other in one
 * file, so that it can be told later what was changed. It must not know where the tree came from.
 */
import { createHash } from 'node:crypto';
import type { TreeFiles } from '../base/ports.ts';

/** A file's or link's content; a link's is its target. */
export interface TreeFile {
  readonly kind: 'file' | 'executable' | 'symlink';
  readonly bytes: Uint8Array;
}

export interface BaselineEntry {
  readonly path: string;
  readonly kind: TreeFile['kind'];
  /** SHA-256 of the content. */
  readonly hash: string;
  readonly offset: number;
  readonly length: number;
}

/** Contents are written in pieces of this size. */
const PIECE_BYTES = 8 * 1024 * 1024;

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One hash of a whole tree: of each path with its kind and content. */
export function treeHashOf(entries: Iterable<Pick<BaselineEntry, 'path' | 'kind' | 'hash'>>): string {
  const hash = createHash('sha256');
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, kind, hash: content } of sorted) hash.update(`${kind} ${content} ${path}\0`);
  return hash.digest('hex');
}

/** Gathers contents, each once, and writes them to `path`. */
export class BaselineWriter {
  readonly entries: BaselineEntry[] = [];
  /** Of all contents, each counted once. */
  bytes = 0;
  readonly #path: string;
  readonly #files: Pick<TreeFiles, 'append'>;
  readonly #offsets = new Map<string, number>();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(path: string, files: Pick<TreeFiles, 'append'>) {
    this.#path = path;
    this.#files = files;
  }

  /** Rejects if the contents so far could not be written. */
  async add(path: string, { kind, bytes }: TreeFile): Promise<void> {
    const hash = hashOf(bytes);
    let offset = this.#offsets.get(hash);
    if (offset === undefined) {
      offset = this.bytes;
      this.#offsets.set(hash, offset);
      this.bytes += bytes.length;
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
    }
    this.entries.push({ path, kind, hash, offset, length: bytes.length });
    if (this.#waitingBytes >= PIECE_BYTES) await this.flush();
  }

  /** Everything added is in the file afterwards. */
  flush(): Promise<void> {
    const piece = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#written = this.#written.then(() => this.#files.append(this.#path, piece));
    return this.#written;
  }
}
