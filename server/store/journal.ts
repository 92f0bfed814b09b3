/**
 * Several files changed on disk as one: all of them or none, by the next start at the latest, wherever the process
 * is killed. Intent and old contents are flushed first; each file is then replaced by rename; removing the intent is
 * what commits. (Write-ahead undo logging, as Gray and Reuter describe it.) It must not know why files are changed.
 */
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Clock, Disk, Log } from '../base/ports.ts';
import { sweepLocks, takeLock } from './lock.ts';

/** One file as it must be before, and as it is to be. `path` has every link resolved. */
export interface DiskChange {
  readonly path: string;
  /** Undefined: the file must not exist. */
  readonly before: Uint8Array | undefined;
  /** Undefined: the file is deleted. */
  readonly after: Uint8Array | undefined;
}

/** `message` is for the person. `pending`: what could not be put back now will be at the next start. */
export type DiskOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly why: 'stale' | 'busy' | 'failed';
      readonly message: string;
      readonly pending: boolean;
    };

export interface Recovery {
  /** Unfinished changes that were taken back. */
  readonly takenBack: number;
  /** Words for the person about what could not be. */
  readonly problems: readonly string[];
}

export interface Journal {
  apply(changes: readonly DiskChange[]): Promise<DiskOutcome>;
  /** Takes back what an earlier process left unfinished. Never throws. */
  recover(): Promise<Recovery>;
}

/** A larger file is not changed. In bytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_JOURNAL_BYTES = 512 * 1024 * 1024;
/** Of a file that is made, and of a folder for it; less what the person's mask takes. */
const NEW_FILE = 0o644;
const NEW_FOLDER = 0o755;

/** A file in the journal: old content in base64, new content by its hash. */
interface Entry {
  readonly path: string;
  readonly before: string | null;
  readonly mode: number;
  readonly after: string | null;
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createJournal(ports: {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** A private folder of the user's state. */
  readonly directory: string;
}): Journal {
  const { disk, clock, log, directory } = ports;
  const journalOf = (id: string): string => join(directory, `${id}.journal`);
  const temporary = (path: string, id: string, i: number): string =>
    join(dirname(path), `.codriver-${id}-${i}.tmp`);

  /** Can be killed and begun again anywhere: the journal goes last. */
  async function takeBack(id: string, entries: readonly Entry[], problems: string[]): Promise<void> {
    for (const [i, entry] of entries.entries()) {
      const { path, before, mode, after } = entry;
      await disk.remove(temporary(path, id, i));
      const now = await disk.read(path, MOST_BYTES);
      const isOurs = now === undefined ? after === null : sha256(now.bytes) === after;
      const old = before === null ? undefined : Buffer.from(before, 'base64');
      const isOld = old === undefined ? now === undefined : now !== undefined && old.equals(now.bytes);
      if (isOld) continue;
      if (!isOurs) {
        problems.push(`${path} was changed by somebody else since, so it was left as it is`);
        continue;
      }
      if (old === undefined) await disk.remove(path);
      else {
        await disk.create(temporary(path, id, i), old, mode);
        await place(temporary(path, id, i), path, now === undefined);
      }
      await disk.syncFolder(dirname(path));
    }
    await disk.remove(journalOf(id));
    await disk.syncFolder(directory);
  }

  /** Puts a temporary file in its place; over nothing but the file that was looked at. */
  async function place(from: string, to: string, isNew: boolean): Promise<void> {
    if (!isNew) return disk.rename(from, to);
    try {
      await disk.link(from, to);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // File systems without links; there a look beforehand must do.
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
      if (await disk.read(to, MOST_BYTES)) throw error;
      return disk.rename(from, to);
    }
    await disk.remove(from);
  }

  async function readJournal(name: string): Promise<readonly Entry[] | undefined> {
    const read = await disk.read(join(directory, name), MOST_JOURNAL_BYTES);
    const text = Buffer.from(read?.bytes ?? []).toString('utf8');
    const end = text.indexOf('\n');
    if (end < 0 || sha256(text.slice(end + 1)) !== text.slice(0, end)) return undefined;
    return JSON.parse(text.slice(end + 1)) as readonly Entry[];
  }

  /** Only with the lock: then no journal belongs to a process that is at work. */
  async function recoverLocked(problems: string[]): Promise<number> {
    let takenBack = 0;
    await sweepLocks(disk, clock, directory);
    for (const name of await disk.list(directory)) {
      if (name.endsWith('.new')) await disk.remove(join(directory, name));
      if (!name.endsWith('.journal')) continue;
      const entries = await readJournal(name);
      if (entries === undefined) {
        // Written whole before anything is changed, so this one was damaged later.
        const aside = join(directory, `${name}.damaged`);
        await disk.rename(join(directory, name), aside);
        problems.push(
          `the record of an unfinished change is damaged and was put aside as ${aside}; look whether its files are as you want them`,
        );
        continue;
      }
      try {
        await takeBack(name.slice(0, -'.journal'.length), entries, problems);
        takenBack++;
      } catch (error) {
        problems.push(`an unfinished change could not be taken back yet: ${reasonOf(error)}`);
      }
    }
    return takenBack;
  }

  async function entriesOf(changes: readonly DiskChange[]): Promise<readonly Entry[] | string> {
    const entries: Entry[] = [];
    for (const { path, before, after } of changes) {
      const now = await disk.read(path, MOST_BYTES);
      const same = before === undefined ? now === undefined : now && Buffer.from(before).equals(now.bytes);
      if (!same) return `${path} changed meanwhile, so nothing was written. Try again.`;
      entries.push({
        path,
        before: before === undefined ? null : Buffer.from(before).toString('base64'),
        mode: now?.mode ?? NEW_FILE,
        after: after === undefined ? null : sha256(after),
      });
    }
    return entries;
  }

  async function write(id: string, entries: readonly Entry[], changes: readonly DiskChange[]): Promise<void> {
    const text = JSON.stringify(entries);
    const fresh = join(directory, `${id}.new`);
    await disk.create(fresh, Buffer.from(`${sha256(text)}\n${text}`, 'utf8'), 0o600);
    await disk.rename(fresh, journalOf(id));
    await disk.syncFolder(directory);
    for (const [i, { path, before, after }] of changes.entries()) {
      if (after === undefined) continue;
      if (before === undefined) await disk.makeFolder(dirname(path), NEW_FOLDER);
      await disk.create(temporary(path, id, i), after, entries[i]?.mode ?? NEW_FILE);
    }
    for (const [i, { path, before, after }] of changes.entries()) {
      if (after === undefined) await disk.remove(path);
      else await place(temporary(path, id, i), path, before === undefined);
    }
    for (const folder of new Set(changes.map(({ path }) => dirname(path)))) await disk.syncFolder(folder);
    await disk.remove(journalOf(id));
    // It is done. Should the power fail before the folder is flushed, the next start takes it back as a whole.
    await disk.syncFolder(directory).catch((error: unknown) => log.write('info', reasonOf(error)));
  }

  async function applyLocked(changes: readonly DiskChange[]): Promise<DiskOutcome> {
    const id = `${clock.now().toString(36)}-${randomBytes(4).toString('hex')}`;
    const entries = await entriesOf(changes);
    if (typeof entries === 'string') return { ok: false, why: 'stale', message: entries, pending: false };
    try {
      await write(id, entries, changes);
      return { ok: true };
    } catch (error) {
      const problems: string[] = [];
      const failed = `Writing failed (${reasonOf(error)})`;
      try {
        await disk.remove(join(directory, `${id}.new`));
        await takeBack(id, entries, problems);
      } catch (again) {
        const message = `${failed}, and putting everything back did too (${reasonOf(again)}). It is done at the next start.`;
        return { ok: false, why: 'failed', message, pending: true };
      }
      const left = problems.length > 0 ? ` But ${problems.join('; ')}.` : '';
      return {
        ok: false,
        why: 'failed',
        message: `${failed}, so nothing was changed.${left}`,
        pending: false,
      };
    }
  }

  return {
    async apply(changes) {
      if (new Set(changes.map(({ path }) => path)).size < changes.length)
        throw new TypeError('A file may be in a change only once.');
      try {
        await disk.makeFolder(directory, 0o700);
        const release = await takeLock(disk, clock, directory);
        if (!release) {
          const message =
            'Another Codriver is writing files and does not come to an end. Nothing was changed.';
          return { ok: false, why: 'busy', message, pending: false };
        }
        try {
          for (const problem of await settle()) log.write('warn', problem);
          return await applyLocked(changes);
        } finally {
          await release().catch((error: unknown) => log.write('warn', reasonOf(error)));
        }
      } catch (error) {
        const message = `Nothing was changed: ${reasonOf(error)}`;
        return { ok: false, why: 'failed', message, pending: false };
      }
    },
    async recover() {
      const problems: string[] = [];
      try {
        const isClean = !(await disk.list(directory)).some(name => /\.(?:journal|new)$/.test(name));
        if (isClean) return { takenBack: 0, problems };
        const release = await takeLock(disk, clock, directory);
        if (!release) return { takenBack: 0, problems };
        try {
          return { takenBack: await recoverLocked(problems), problems };
        } finally {
          await release().catch((error: unknown) => log.write('warn', reasonOf(error)));
        }
      } catch (error) {
        return {
          takenBack: 0,
          problems: [...problems, `an unfinished change could not be taken back: ${reasonOf(error)}`],
        };
      }
    },
  };

  async function settle(): Promise<readonly string[]> {
    const problems: string[] = [];
    await recoverLocked(problems);
    return problems;
  }
}
