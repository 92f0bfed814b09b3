/** The tree of processes below an editor, read from /proc (Linux). It must not know any editor. */
import { readdirSync, readFileSync } from 'node:fs';
import { until } from './wait.ts';

interface Status {
  readonly parent: number;
  readonly state: string;
  /** Ticks since boot: tells a process from a later one with the same number. */
  readonly started: string;
}

/** A process that can be recognised again. */
export interface Identity {
  readonly pid: number;
  readonly started: string;
  readonly command: string;
}

function status(pid: number): Status | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function command(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}

/** Every living process below `root`, without itself. */
export function descendants(root: number): readonly Identity[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? status(pid)?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: Identity[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const pid of children.get(next) ?? []) {
      const seen = status(pid);
      if (seen !== undefined) found.push({ pid, started: seen.started, command: command(pid) });
      open.push(pid);
    }
  }
  return found;
}

/** Alive and not merely waiting to be reaped. */
export function alive(identity: Identity): boolean {
  const now = status(identity.pid);
  return now !== undefined && now.started === identity.started && now.state !== 'Z';
}

/** Waits until all of them have ended. */
export async function allGone(identities: readonly Identity[], limit = 10_000): Promise<void> {
  await until('every process below the editor has ended', () => !identities.some(alive), {
    limit,
    state: () =>
      identities
        .filter(alive)
        .map(identity => `still running: ${identity.pid} ${identity.command}`)
        .join('\n'),
  });
}
