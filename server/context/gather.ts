/**
 * Asks all sources at once and waits a moment for them, since a person is typing. What comes later is kept for the
 * next question. It must not know what is done with the findings.
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from '../base/ports.ts';
import type { Found } from './choose.ts';
import type { SourceRow } from './sources/index.ts';
import type { Site, SourcePorts } from './sources/source.ts';

/** A source that takes longer is left out of this answer, in ms. */
const PATIENCE_MS = 10;

export interface Gathering {
  /** Resolves when everything is there or the patience is over, whichever comes first. Never rejects. */
  readonly soon: Promise<void>;
  /** Whether `soon` has come. */
  readonly ready: boolean;
  /** What has come, in the order of the rows. */
  found(): readonly Found[];
  /** How many sources have answered. */
  readonly answered: number;
  /** Nobody needs the rest. */
  end(): void;
}

export function gather(
  rows: readonly SourceRow[],
  site: Site,
  ports: SourcePorts & { readonly clock: Pick<Clock, 'after'> },
): Gathering {
  const ended = new AbortController();
  // Every question of every source listens: many, and all go with the signal.
  setMaxListeners(0, ended.signal);
  const answers = new Map<SourceRow, Found>();
  const asked = rows.map(async row => {
    try {
      const findings = await row.find(site, ports, ended.signal);
      answers.set(row, { row, findings });
    } catch {
      // The worker may be restarting, or nobody waits any more: this source has nothing then.
      answers.set(row, { row, findings: [] });
    }
  });
  let ready = false;
  const soon = new Promise<void>(resolve => {
    const enough = () => {
      ready = true;
      resolve();
    };
    const timer = ports.clock.after(PATIENCE_MS, enough);
    void Promise.all(asked).then(() => {
      timer.cancel();
      enough();
    });
  });
  return {
    soon,
    get ready() {
      return ready;
    },
    found: () => rows.flatMap(row => answers.get(row) ?? []),
    get answered() {
      return answers.size;
    },
    end: () => ended.abort(),
  };
}
