/**
 * The records of changes across sessions, in the user's state folder, compressed, under a checksum and within limits
 * of number and size. What cannot be kept or read is left out and said in the log, never guessed. It must not know
 * how a change is taken back.
 */
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, type ZlibOptions } from 'node:zlib';
import { errorText } from '../../base/errors.ts';
import type { Machine } from '../../base/ports.ts';
import { storeDirectories } from '../../store/directories.ts';
import { createRecords, type StoredRecord } from '../../store/records.ts';
import { type ChangeRecord, inOrder, readRecord, sizeOf } from './record.ts';

export interface ChangeStore {
  /** All records that can be read, in any order. */
  all(): Promise<readonly ChangeRecord[]>;
  /** False if the record holds for this session only. */
  add(record: ChangeRecord): Promise<boolean>;
}

export interface ChangeStoreLimits {
  readonly mostRecords: number;
  /** Characters of one record, before it is compressed; a larger one is kept for its session only. */
  readonly mostCharacters: number;
  /** Bytes on disk of all records. */
  readonly mostBytes: number;
}

const DEFAULTS: ChangeStoreLimits = {
  mostRecords: 300,
  mostCharacters: 16 * 1024 * 1024,
  mostBytes: 64 * 1024 * 1024,
};
/** One file on disk; compressed text in base64. */
const MOST_FILE_BYTES = 24 * 1024 * 1024;
/** What a small file may unfold to; more is no record of ours. */
const MOST_UNFOLDED_BYTES = 96 * 1024 * 1024;

/** Not before they are used: a session that changes nothing does without zlib and streams. */
const deflate = (bytes: Buffer) => promisify(deflateRaw)(bytes);
const inflate = (bytes: Buffer, options: ZlibOptions) => promisify(inflateRaw)(bytes, options);

/** The oldest records go first when there are too many. */
export function createChangeStore(
  machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>,
  limits: Partial<ChangeStoreLimits> = {},
): ChangeStore {
  const { mostRecords, mostCharacters, mostBytes } = { ...DEFAULTS, ...limits };
  const directory = join(storeDirectories(machine.environment).state, 'changes');
  const records = createRecords({
    ...machine,
    directory,
    what: 'history of changes',
    keepDamaged: false,
    mostBytes: MOST_FILE_BYTES,
  });
  let usable: Promise<boolean> | undefined;

  /** Records are read only from a folder that this user alone could have written. */
  function mayUse(): Promise<boolean> {
    usable ??= machine.files.writePrivate(join(directory, '.owner'), '').then(
      () => true,
      (error: unknown) => {
        machine.log.write('warn', `Changes can be undone in this session only: ${errorText(error)}`);
        return false;
      },
    );
    return usable;
  }

  async function unfold(stored: StoredRecord): Promise<ChangeRecord | undefined> {
    if (typeof stored.value !== 'string') return undefined;
    try {
      const bytes = await inflate(Buffer.from(stored.value, 'base64'), {
        maxOutputLength: MOST_UNFOLDED_BYTES,
      });
      const record = readRecord(JSON.parse(bytes.toString('utf8')));
      return record?.id === stored.key ? record : undefined;
    } catch {
      return undefined;
    }
  }

  async function read(): Promise<{ stored: StoredRecord; record: ChangeRecord | undefined }[]> {
    const all = await records.all();
    return Promise.all(all.map(async stored => ({ stored, record: await unfold(stored) })));
  }

  async function isFull(): Promise<boolean> {
    const entries = await machine.files.list(directory);
    const sizes = await Promise.all(
      entries.map(async ({ name }) => (await machine.files.stat(join(directory, name)))?.size ?? 0),
    );
    // The folder holds its mark of ownership too.
    return entries.length - 1 > mostRecords || sizes.reduce((sum, size) => sum + size, 0) > mostBytes;
  }

  /** Looks into the records only when there are too many: that costs as much as reading them all. */
  async function makeRoom(): Promise<void> {
    if (!(await isFull())) return;
    const all = await read();
    const unreadable = all.filter(({ record }) => record === undefined);
    const kept = all.flatMap(({ stored, record }) => (record ? [{ record, size: stored.size }] : []));
    kept.sort((a, b) => inOrder(b.record, a.record));
    let bytes = 0;
    // A tenth more than needed, so that the next records find room.
    const surplus = kept.filter(({ size }, i) => {
      bytes += size;
      return i >= mostRecords * 0.9 || bytes > mostBytes * 0.9;
    });
    for (const { stored } of unreadable) await records.remove(stored.key);
    for (const { record } of surplus) await records.remove(record.id);
  }

  return {
    async all() {
      if ((await machine.files.stat(directory)) === undefined || !(await mayUse())) return [];
      return (await read()).flatMap(({ record }) => record ?? []);
    },
    async add(record) {
      if (sizeOf(record) > mostCharacters || !(await mayUse())) return false;
      const bytes = await deflate(Buffer.from(JSON.stringify(record), 'utf8'));
      if (!(await records.set(record.id, bytes.toString('base64')))) return false;
      await makeRoom();
      return true;
    },
  };
}
