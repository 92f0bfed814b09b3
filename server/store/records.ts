/**
 * Small records on disk, one file each, so that two servers never write over each other's entries and damage costs
 * one entry. Every file carries a version and a checksum. It must not know what the values mean.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Files, Log } from '../base/ports.ts';

const version = 1;
const defaultMostBytes = 1024 * 1024;
/** A write that was killed leaves its temporary file; older ones than this are nobody's any more. */
const abandonedMs = 60 * 60 * 1000;

export interface StoredRecord {
  readonly key: string;
  readonly value: unknown;
  readonly mtimeMs: number;
  /** Bytes on disk. */
  readonly size: number;
}

export interface Records {
  /** Undefined if there is none, or if it was damaged (then said once and kept aside). */
  get(key: string): Promise<StoredRecord | undefined>;
  /** `value` must survive JSON. False if it could not be written; the reason is said once. */
  set(key: string, value: unknown): Promise<boolean>;
  remove(key: string): Promise<void>;
  all(): Promise<readonly StoredRecord[]>;
  /** Removes every file of the directory, also damaged and temporary ones. */
  purge(): Promise<void>;
}

export interface RecordsOptions {
  readonly directory: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** For messages: "consents", "cache". */
  readonly what: string;
  /** Keep damaged entries under another name, for a person to look at; else they are removed. */
  readonly keepDamaged: boolean;
  /** Bytes of one entry's file; a larger one is not read. Default 1 MiB. */
  readonly mostBytes?: number;
}

interface Envelope {
  readonly version: number;
  readonly checksum: string;
  readonly key: string;
  readonly value: unknown;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isEnvelope(parsed: unknown): parsed is Envelope {
  return (
    typeof parsed === 'object' &&
    parsed !== null &&
    'version' in parsed &&
    typeof parsed.version === 'number' &&
    'checksum' in parsed &&
    typeof parsed.checksum === 'string' &&
    'key' in parsed &&
    typeof parsed.key === 'string' &&
    'value' in parsed
  );
}

function checksumOf(key: string, value: unknown): string {
  return sha256(JSON.stringify([version, key, value]));
}

export function createRecords(options: RecordsOptions): Records {
  const { directory, files, clock, log, what, mostBytes = defaultMostBytes } = options;
  const said = new Set<string>();

  function sayOnce(message: string): void {
    if (said.has(message)) return;
    said.add(message);
    log.write('warn', message);
  }

  function fileOf(key: string): string {
    return join(directory, `${sha256(key).slice(0, 32)}.json`);
  }

  async function read(path: string): Promise<StoredRecord | undefined> {
    const stat = await files.stat(path);
    if (stat === undefined) return undefined;
    const file = await files.readText(path, mostBytes);
    if (!file.ok) {
      if (file.why === 'missing') return undefined;
      await setAside(
        path,
        file.why === 'not-a-file' ? 'is not a plain file' : `cannot be read (${file.why})`,
      );
      return undefined;
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(file.text);
    } catch {
      await setAside(path, 'is no JSON');
      return undefined;
    }
    if (isEnvelope(parsed) && parsed.version > version) {
      sayOnce(`An entry of the ${what} in ${directory} is from a newer Codriver and is not used.`);
      return undefined;
    }
    if (!isEnvelope(parsed) || parsed.checksum !== checksumOf(parsed.key, parsed.value)) {
      await setAside(path, 'does not match its checksum');
      return undefined;
    }
    if (fileOf(parsed.key) !== path) {
      await setAside(path, 'is stored under the name of another entry');
      return undefined;
    }
    return { key: parsed.key, value: parsed.value, mtimeMs: file.mtimeMs, size: stat.size };
  }

  /** A damaged entry is never used, and never in the way of a new one. */
  async function setAside(path: string, fault: string): Promise<void> {
    const bytes = options.keepDamaged ? await files.readBytes(path, mostBytes) : undefined;
    try {
      if (bytes !== undefined) await files.writePrivate(`${path}.damaged`, bytes);
      await files.remove(path);
    } catch {
      // It stays where it is and is refused again next time.
    }
    sayOnce(
      `An entry of the ${what} ${fault}: ${path}. It is not used${bytes === undefined ? '' : ` and kept as ${path}.damaged`}; Codriver will ask or compute again.`,
    );
  }

  return {
    async get(key) {
      const record = await read(fileOf(key));
      return record?.key === key ? record : undefined;
    },
    async set(key, value) {
      const envelope: Envelope = { version, checksum: checksumOf(key, value), key, value };
      try {
        await files.writePrivate(fileOf(key), `${JSON.stringify(envelope)}\n`);
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        sayOnce(`The ${what} cannot be written, so nothing is remembered beyond this session: ${reason}`);
        return false;
      }
    },
    async remove(key) {
      await files.remove(fileOf(key)).catch(() => {});
    },
    async all() {
      const records: StoredRecord[] = [];
      for (const { name } of await files.list(directory)) {
        const path = join(directory, name);
        if (name.endsWith('.json')) {
          const record = await read(path);
          if (record !== undefined) records.push(record);
        } else if (name.endsWith('.tmp')) {
          const stat = await files.stat(path);
          if (stat && clock.now() - stat.mtimeMs > abandonedMs) await files.remove(path).catch(() => {});
        }
      }
      return records;
    },
    async purge() {
      for (const { name, kind } of await files.list(directory)) {
        if (kind !== 'directory') await files.remove(join(directory, name));
      }
    },
  };
}
