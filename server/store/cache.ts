/**
 * A small key-value cache on disk with a size cap, for what can be computed again (endpoint probes, hovers). A
 * failing disk makes it forgetful, never an error. It must not know what the values mean.
 */
import { join } from 'node:path';
import type { Machine } from '../base/ports.ts';
import { storeDirectories } from './directories.ts';
import { createRecords, type StoredRecord } from './records.ts';

export interface Cache {
  /** The stored JSON value, unknown in shape to the reader; undefined if absent, too old or damaged. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /** Removes everything, on disk and in memory. */
  purge(): Promise<void>;
}

export interface CacheOptions {
  /** Becomes the directory's name: letters, digits and dashes. */
  readonly name: string;
  /** On disk, all entries together. Default 4 MiB. */
  readonly maxBytes?: number;
  /** Older entries are not returned. Default 30 days. */
  readonly maxAgeMs?: number;
}

const day = 24 * 60 * 60 * 1000;
/** Eviction frees more than it must, so that it does not run at every write. */
const keptShare = 0.8;

export function createCache(
  machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>,
  options: CacheOptions,
): Cache {
  const { maxBytes = 4 * 1024 * 1024, maxAgeMs = 30 * day } = options;
  if (!/^[\w-]+$/.test(options.name)) throw new Error(`"${options.name}" cannot name a cache`);
  const directory = join(storeDirectories(machine.environment).cache, options.name);
  const records = createRecords({
    ...machine,
    directory,
    what: `cache "${options.name}"`,
    keepDamaged: false,
  });
  let usable: Promise<boolean> | undefined;
  /** Bytes on disk as far as known here; undefined before the first look. Others write too, so it is looked up again. */
  let bytes: number | undefined;
  let writesSinceLook = 0;

  function mayUse(): Promise<boolean> {
    usable ??= machine.files.writePrivate(join(directory, '.owner'), '').then(
      () => true,
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        machine.log.write('warn', `The cache "${options.name}" is off for this session: ${reason}`);
        return false;
      },
    );
    return usable;
  }

  async function keepCap(added: number): Promise<void> {
    bytes = (bytes ?? 0) + added;
    if (bytes <= maxBytes && writesSinceLook++ < 100 && writesSinceLook > 1) return;
    writesSinceLook = 1;
    const all: readonly StoredRecord[] = [...(await records.all())].sort((a, b) => a.mtimeMs - b.mtimeMs);
    bytes = all.reduce((sum, record) => sum + record.size, 0);
    if (bytes <= maxBytes) return;
    for (const record of all) {
      if (bytes <= maxBytes * keptShare) break;
      await records.remove(record.key);
      bytes -= record.size;
    }
  }

  return {
    async get(key) {
      if (!(await mayUse())) return undefined;
      const record = await records.get(key);
      if (record === undefined || machine.clock.now() - record.mtimeMs > maxAgeMs) return undefined;
      return record.value;
    },
    async set(key, value) {
      const size = JSON.stringify(value)?.length ?? 0;
      if (size === 0 || size > maxBytes / 4 || !(await mayUse())) return;
      if (await records.set(key, value)) await keepCap(size + key.length + 120);
    },
    async remove(key) {
      if (await mayUse()) await records.remove(key);
    },
    async purge() {
      if (await mayUse()) await records.purge();
      usable = undefined;
      bytes = undefined;
    },
  };
}
