/**
 * Who works on a task: one server at a time, for as long as it lives. A file names its process; one that is dead, or
 * has given no sign for ten minutes, holds nothing more. It must not know what the task is.
 */
import { join } from 'node:path';
import type { Clock, Disk, Timer } from '../../base/ports.ts';

export interface Hold {
  /** False once somebody else has taken it over: then nothing may be written any more. */
  valid(): Promise<boolean>;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly session: string;
  readonly token: string;
  /** The last sign of life. In milliseconds since the epoch. */
  readonly at: number;
}

const BEAT_MS = 60_000;
/** Process ids are used again, and a machine may have been restarted. */
const SILENT_MS = 600_000;
const MOST_BYTES = 1024;
const TRIES = 5;

interface HoldPorts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly session: string;
  randomId(): string;
}

/** Undefined while another server of this user has it. */
export async function takeHold(folder: string, ports: HoldPorts): Promise<Hold | undefined> {
  const { clock, disk, session } = ports;
  const path = join(folder, 'lock');
  const token = ports.randomId();
  await disk.makeFolder(folder, 0o700);
  for (let i = 0; i < TRIES; i++) {
    if (await put(path, { pid: disk.pid, session, token, at: clock.now() }, disk))
      return held(path, token, ports);
    const holder = await read(path, disk);
    if (holder === undefined) continue;
    if (!isOver(holder, ports)) return undefined;
    const aside = `${path}.${token}.old`;
    await disk.rename(path, aside).catch(() => undefined);
    const taken = await read(aside, disk);
    // Somebody was quicker: what was taken away is theirs.
    if (taken !== undefined && taken.token !== holder.token)
      await disk.link(aside, path).catch(() => undefined);
    await disk.remove(aside);
  }
  return undefined;
}

/** Made whole elsewhere first: a lock is never seen half-written. */
async function put(path: string, holder: Holder, disk: Disk): Promise<boolean> {
  const own = `${path}.${holder.token}`;
  await disk.create(own, Buffer.from(JSON.stringify(holder)), 0o600);
  try {
    await disk.link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await disk.remove(own);
  }
}

async function read(path: string, disk: Disk): Promise<Holder | undefined> {
  const found = await disk.read(path, MOST_BYTES);
  if (found === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(found.bytes).toString('utf8')) as Holder;
  } catch {
    // Damaged: nobody can be asked whether it is held.
    return { pid: 0, session: '', token: '', at: 0 };
  }
}

function isOver({ at, pid, session }: Holder, ports: HoldPorts): boolean {
  const { clock, disk } = ports;
  const mine = pid === disk.pid;
  if (mine ? session !== ports.session : !disk.isAlive(pid)) return true;
  return clock.now() - at > SILENT_MS;
}

function held(path: string, token: string, { clock, disk, session }: HoldPorts): Hold {
  let timer: Timer | undefined;
  let over = false;
  const valid = async (): Promise<boolean> => !over && (await read(path, disk))?.token === token;

  async function beat(): Promise<void> {
    if (!(await valid())) return;
    const next = `${path}.${token}`;
    const sign: Holder = { pid: disk.pid, session, token, at: clock.now() };
    await disk.create(next, Buffer.from(JSON.stringify(sign)), 0o600);
    if (await valid()) await disk.rename(next, path);
    else await disk.remove(next);
  }
  function wait(): void {
    timer = clock.after(BEAT_MS, () => {
      beat()
        .catch(() => undefined)
        .finally(() => {
          if (!over) wait();
        });
    });
  }
  wait();
  return {
    valid,
    async release() {
      if (over) return;
      const mine = await valid();
      over = true;
      timer?.cancel();
      if (mine) await disk.remove(path);
    },
  };
}
