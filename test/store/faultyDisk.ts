/**
 * A disk in memory that fails or dies at one chosen operation, before it, in the middle of it, or after it. What a
 * dead process has left stays for the next one, which is another view of the same files.
 */
import { posix } from 'node:path';
import type { Disk } from '../../server/base/ports.ts';

export interface Fault {
  /** Index of the operation. */
  readonly at: number;
  /** Killed: no operation works any more. `half`: a file is made and holds only a part of its text. */
  readonly kind: 'killed before' | 'killed half' | 'killed after' | 'once' | 'for ever';
  readonly code?: string;
}

interface Inode {
  bytes: Uint8Array;
  mode: number;
}

export class Killed extends Error {}

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

export class FaultyDisk implements Disk {
  readonly files: Map<string, Inode>;
  readonly alive: Set<number>;
  readonly pid: number;
  readonly folders: Set<string>;
  fault: Fault | undefined;
  /** Operations so far; those that only look do not count unless they may fail. */
  operations = 0;
  readonly names: string[] = [];
  #killed = false;

  constructor(pid = 1, shared?: FaultyDisk) {
    this.pid = pid;
    this.files = shared?.files ?? new Map();
    this.folders = shared?.folders ?? new Set();
    this.alive = shared?.alive ?? new Set();
    this.alive.add(pid);
  }

  put(path: string, text: string, mode = 0o644): void {
    this.files.set(path, { bytes: Buffer.from(text), mode });
  }

  /** Text and mode of every file that is not Codriver's own, to be compared. */
  snapshot(except: string): Record<string, string> {
    return Object.fromEntries(
      [...this.files]
        .filter(([path]) => !path.startsWith(except))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, { bytes, mode }]) => [
          path,
          `${mode.toString(8)} ${Buffer.from(bytes).toString('latin1')}`,
        ]),
    );
  }

  isAlive(pid: number): boolean {
    return this.alive.has(pid);
  }

  read(path: string): Promise<{ bytes: Uint8Array; mode: number } | undefined> {
    return this.#step('read', path, () => {
      const found = this.files.get(path);
      return found && { ...found };
    });
  }

  create(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    const half = () => void this.files.set(path, { bytes: bytes.slice(0, bytes.length >> 1), mode: 0o600 });
    return this.#step(
      'create',
      path,
      () => {
        if (this.files.has(path)) throw failure('EEXIST', path);
        this.files.set(path, { bytes: bytes.slice(), mode });
      },
      half,
    );
  }

  link(from: string, to: string): Promise<void> {
    return this.#step('link', to, () => {
      if (this.files.has(to)) throw failure('EEXIST', to);
      this.files.set(to, this.#get(from));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step('rename', to, () => {
      this.files.set(to, this.#get(from));
      this.files.delete(from);
    });
  }

  remove(path: string): Promise<void> {
    return this.#step('remove', path, () => void this.files.delete(path));
  }

  makeFolder(path: string): Promise<void> {
    return this.#step('makeFolder', path, () => void this.folders.add(path));
  }

  syncFolder(path: string): Promise<void> {
    return this.#step('syncFolder', path, () => {});
  }

  list(path: string): Promise<readonly string[]> {
    return this.#step('list', path, () =>
      [...this.files.keys()].filter(file => posix.dirname(file) === path).map(file => posix.basename(file)),
    );
  }

  #get(path: string): Inode {
    const found = this.files.get(path);
    if (!found) throw failure('ENOENT', path);
    return found;
  }

  async #step<T>(name: string, path: string, work: () => T, half: () => void = () => {}): Promise<T> {
    const at = this.operations++;
    this.names.push(name);
    if (this.#killed) throw new Killed();
    const { fault } = this;
    if (fault && (fault.at === at || (fault.kind === 'for ever' && at > fault.at))) {
      const { kind, code } = fault;
      if (kind === 'once' || kind === 'for ever') throw failure(code ?? 'EIO', path);
      this.#killed = true;
      this.alive.delete(this.pid);
      if (kind === 'killed half') half();
      if (kind === 'killed after') work();
      throw new Killed();
    }
    return work();
  }
}
