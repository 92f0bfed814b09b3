/**
 * One holder at a time among the servers of a user: a file that names its process. One that is dead, or that has
 * held the lock for far longer than any work takes, holds it no more. It must not know what is protected.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Disk } from '../base/ports.ts';

const WAIT_MS = 10_000;
const POLL_MS = 25;
/** Process ids are used again; so long no holder works. */
const STALE_MS = 600_000;
const MOST_BYTES = 1024;

interface Holder {
  readonly pid: number;
  readonly at: number;
  readonly token: string;
}

/** Resolves with what gives the lock back, or undefined if nobody gave it up in time. */
export async function takeLock(
  disk: Disk,
  clock: Clock,
  directory: string,
): Promise<(() => Promise<void>) | undefined> {
  const path = join(directory, 'lock');
  const token = randomBytes(8).toString('hex');
  const own = join(directory, `lock.${token}`);
  const until = clock.now() + WAIT_MS;
  const holder: Holder = { pid: disk.pid, at: clock.now(), token };
  await disk.create(own, Buffer.from(JSON.stringify(holder)), 0o600);
  try {
    for (;;) {
      try {
        // Made whole elsewhere first: a lock is never seen half-written.
        await disk.link(own, path);
        return () => disk.remove(path);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const held = await holderOf(disk, path);
      if (held && isOver(held, disk, clock)) await breakLock(disk, directory, held, token);
      else if (clock.now() >= until) return undefined;
      else await new Promise<void>(resolve => clock.after(POLL_MS, resolve));
    }
  } finally {
    await disk.remove(own);
  }
}

function isOver({ pid, at }: Holder, disk: Disk, clock: Clock): boolean {
  return !disk.isAlive(pid) || clock.now() - at > STALE_MS;
}

async function holderOf(disk: Disk, path: string): Promise<Holder | undefined> {
  const read = await disk.read(path, MOST_BYTES);
  if (!read) return undefined;
  try {
    return JSON.parse(Buffer.from(read.bytes).toString('utf8')) as Holder;
  } catch {
    // Damaged: nobody can be asked whether it is held.
    return { pid: 0, at: 0, token: '' };
  }
}

/** Takes a dead holder's lock away; what turns out to be another's is given back. */
async function breakLock(disk: Disk, directory: string, dead: Holder, token: string): Promise<void> {
  const path = join(directory, 'lock');
  const aside = join(directory, `lock.${token}.old`);
  try {
    await disk.rename(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const taken = await holderOf(disk, aside);
  if (taken && taken.token !== dead.token) await disk.link(aside, path);
  await disk.remove(aside);
}

/** Removes what processes that were killed while they waited have left. */
export async function sweepLocks(disk: Disk, clock: Clock, directory: string): Promise<void> {
  for (const name of await disk.list(directory)) {
    if (!name.startsWith('lock.')) continue;
    const held = await holderOf(disk, join(directory, name));
    if (held && isOver(held, disk, clock)) await disk.remove(join(directory, name));
  }
}
