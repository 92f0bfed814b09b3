/**
 * Large things that can be made again, one file each in the user's cache folder: numbers as they lie in memory behind
 * a small head, under a checksum. A file that is damaged, cut or foreign is never used. It must not know what the
 * numbers mean.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Machine } from '../base/ports.ts';
import { storeDirectories } from './directories.ts';

export type SnapshotArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export interface Snapshot {
  /** Survives JSON. */
  readonly meta: unknown;
  readonly arrays: readonly SnapshotArray[];
}

export interface Snapshots {
  /** Undefined if there is none that can be used; why is said in the log. */
  load(key: string): Promise<Snapshot | undefined>;
  /** False if it was not written: too large, or the reason is in the log. */
  save(key: string, snapshot: Snapshot): Promise<boolean>;
}

export interface SnapshotOptions {
  /** Becomes the directory's name: letters, digits and dashes. */
  readonly name: string;
  /** Of what the numbers mean: another one is not read. */
  readonly version: string;
  /** Bytes of one file. */
  readonly maxBytes: number;
  /** Bytes of all files; those written longest ago go first. */
  readonly maxTotalBytes: number;
  /** Gives the thread to others. */
  readonly breathe: () => Promise<void>;
}

const magic = 'codriver';
const format = 1;
const headStart = 48;
const alignment = 8;
/** Bytes that are hashed before the thread is given away. */
const hashSlice = 1 << 20;
/** A write that was killed leaves its temporary file; older ones than this are nobody's any more. */
const abandonedMs = 60 * 60 * 1000;
const suffix = '.snapshot';

const types = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const;
type TypeName = keyof typeof types;

interface Head {
  readonly version: string;
  readonly key: string;
  readonly meta: unknown;
  /** Type and length in bytes. */
  readonly arrays: readonly (readonly [TypeName, number])[];
}

type Parsed =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly why: string };

export function createSnapshots(
  machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>,
  options: SnapshotOptions,
): Snapshots {
  const { files, clock, log } = machine;
  const { name, version, maxBytes, maxTotalBytes, breathe } = options;
  const directory = join(storeDirectories(machine.environment).cache, name);
  let usable: Promise<boolean> | undefined;

  const fileOf = (key: string): string =>
    join(directory, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}${suffix}`);

  /** Only from a folder that this user alone could have written. */
  function mayUse(): Promise<boolean> {
    usable ??= files.writePrivate(join(directory, '.owner'), '').then(
      () => true,
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.write('warn', `Nothing is kept in ${directory} in this session: ${reason}`);
        return false;
      },
    );
    return usable;
  }

  async function digest(parts: readonly Uint8Array[]): Promise<Buffer> {
    const hash = createHash('sha256');
    for (const part of parts) {
      for (let at = 0; at < part.length; at += hashSlice) {
        hash.update(part.subarray(at, at + hashSlice));
        await breathe();
      }
    }
    return hash.digest();
  }

  async function parse(key: string, read: Uint8Array): Promise<Parsed> {
    // A Buffer's slices would not be copies.
    const bytes = new Uint8Array(read.buffer, read.byteOffset, read.byteLength);
    const refuse = (why: string): Parsed => ({ ok: false, why });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < headStart) return refuse('is cut off');
    if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic) return refuse('is no index of ours');
    if (view.getUint32(8, true) !== format) return refuse('has the format of another version');
    const headEnd = headStart + view.getUint32(12, true);
    if (headEnd > bytes.length) return refuse('is cut off');
    const sum = await digest([bytes.subarray(headStart)]);
    if (!sum.equals(bytes.subarray(16, headStart))) return refuse('does not match its checksum');
    const head = headOf(Buffer.from(bytes.subarray(headStart, headEnd)).toString('utf8'));
    if (!head) return refuse('has a head that cannot be read');
    if (head.version !== version) return refuse('is from another version');
    if (head.key !== key) return refuse('is stored under the name of another one');
    const arrays: SnapshotArray[] = [];
    let at = aligned(headEnd);
    for (const [type, length] of head.arrays) {
      if (at + length > bytes.length) return refuse('is cut off');
      // A copy of its own, so that each can be given back by itself, and lies as its type must.
      arrays.push(new types[type](bytes.slice(at, at + length).buffer));
      at = aligned(at + length);
      await breathe();
    }
    return { ok: true, snapshot: { meta: head.meta, arrays } };
  }

  /** Makes room for `needed` bytes beside `path`. */
  async function evict(path: string, needed: number): Promise<void> {
    const kept: { path: string; size: number; mtimeMs: number }[] = [];
    for (const entry of await files.list(directory)) {
      const other = join(directory, entry.name);
      const stat = await files.stat(other);
      if (stat?.kind !== 'file' || other === path) continue;
      if (entry.name.endsWith('.tmp') && clock.now() - stat.mtimeMs > abandonedMs) await remove(other);
      if (entry.name.endsWith(suffix)) kept.push({ path: other, size: stat.size, mtimeMs: stat.mtimeMs });
    }
    let total = kept.reduce((sum, each) => sum + each.size, needed);
    for (const each of kept.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= maxTotalBytes) break;
      await remove(each.path);
      total -= each.size;
    }
  }

  const remove = (path: string): Promise<void> => files.remove(path).catch(() => {});

  return {
    async load(key) {
      const path = fileOf(key);
      if ((await files.stat(path)) === undefined || !(await mayUse())) return undefined;
      const bytes = await files.readBytes(path, maxBytes);
      const parsed = bytes
        ? await parse(key, bytes)
        : { ok: false as const, why: 'cannot be read or is too large' };
      if (parsed.ok) return parsed.snapshot;
      log.write('info', `${path} ${parsed.why}. It is not used; what it held is made anew.`);
      return undefined;
    },
    async save(key, snapshot) {
      const { meta, arrays } = snapshot;
      const head: Head = { version, key, meta, arrays: arrays.map(each => [typeOf(each), each.byteLength]) };
      const headBytes = Buffer.from(JSON.stringify(head), 'utf8');
      const parts: Uint8Array[] = [headBytes];
      let at = headStart + headBytes.length;
      for (const each of arrays) {
        parts.push(new Uint8Array(aligned(at) - at));
        parts.push(new Uint8Array(each.buffer, each.byteOffset, each.byteLength));
        at = aligned(at) + each.byteLength;
      }
      if (at > maxBytes || !(await mayUse())) return false;
      const start = Buffer.alloc(headStart);
      start.write(magic, 'latin1');
      start.writeUInt32LE(format, 8);
      start.writeUInt32LE(headBytes.length, 12);
      (await digest(parts)).copy(start, 16);
      const path = fileOf(key);
      try {
        await evict(path, at);
        await files.writePrivate(path, [start, ...parts]);
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.write('warn', `${path} cannot be written, so it is made anew next time: ${reason}`);
        return false;
      }
    },
  };
}

function aligned(at: number): number {
  return Math.ceil(at / alignment) * alignment;
}

function typeOf(array: SnapshotArray): TypeName {
  if (array instanceof Uint8Array) return 'u8';
  if (array instanceof Uint16Array) return 'u16';
  return array instanceof Uint32Array ? 'u32' : 'f64';
}

function headOf(text: string): Head | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { version, key, meta, arrays } = parsed as Partial<Record<keyof Head, unknown>>;
  if (typeof version !== 'string' || typeof key !== 'string' || !Array.isArray(arrays)) return undefined;
  const list = arrays.filter((each): each is [TypeName, number] => {
    const [type, length] = Array.isArray(each) ? (each as unknown[]) : [];
    return (
      typeof type === 'string' &&
      Object.hasOwn(types, type) &&
      typeof length === 'number' &&
      Number.isSafeInteger(length) &&
      length >= 0 &&
      length % types[type as TypeName].BYTES_PER_ELEMENT === 0
    );
  });
  return list.length === arrays.length ? { version, key, meta, arrays: list } : undefined;
}
