/**
 * Ends descendants that left their process group (daemons that forked twice, new sessions), by a mark that each of
 * them inherits in its environment. Linux alone shows it to us; elsewhere nothing is found. It must not know what ran.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Holds the mark of a family in the environment of its members. */
export const FAMILY_VARIABLE = 'CODRIVER_RUN';

/** A member may fork while we look; the next round finds its child. */
const MOST_ROUNDS = 20;

/** Kills every process with this mark, round by round until none is found; returns how many were found. */
export function endFamily(mark: string): number {
  if (process.platform !== 'linux') return 0;
  const needle = Buffer.from(`${FAMILY_VARIABLE}=${mark}\0`);
  let total = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = members(needle);
    if (found.length === 0) break;
    total += found.length;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
  }
  return total;
}

function members(needle: Buffer): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names.flatMap(name => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // Another person's process cannot be read; one that is dying has an empty environment.
      return readFileSync(`/proc/${name}/environ`).includes(needle) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
