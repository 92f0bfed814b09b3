/**
 * A task's journal as a file that only grows: each record is flushed before anything follows from it, and only by
 * who holds the task. It must not know what the records say.
 */
import type { Journal, JournalRecord } from '../../agent/ports.ts';
import type { Hold } from './hold.ts';
import type { TaskStore } from './store.ts';

/** Of the end of a journal, in which its last whole record lies. In bytes. */
const TAIL_BYTES = 4 * 1024 * 1024;

export function fileJournal(
  store: Pick<TaskStore, 'append' | 'trees'>,
  path: string,
  hold: Pick<Hold, 'valid'>,
): Journal {
  return {
    async append(record) {
      if (!(await hold.valid())) throw new Error('another server has taken the task over');
      // Begins a line of its own: one that a kill has torn spoils no other.
      await store.append(path, new TextEncoder().encode(`\n${JSON.stringify(record)}\n`));
    },
    last: () => lastRecord(store, path),
  };
}

/** The last whole record; undefined where nothing was ever written. */
export async function lastRecord(
  { trees }: Pick<TaskStore, 'trees'>,
  path: string,
): Promise<JournalRecord | undefined> {
  const size = (await trees.look(path))?.size ?? 0;
  if (size === 0) return undefined;
  const from = Math.max(0, size - TAIL_BYTES);
  const text = new TextDecoder().decode(await trees.readPart(path, from, size - from));
  for (const line of text.split('\n').reverse()) {
    const record = line.startsWith('{') ? parsed(line) : undefined;
    if (record !== undefined) return record;
  }
  return undefined;
}

function parsed(line: string): JournalRecord | undefined {
  try {
    const value = JSON.parse(line) as Partial<JournalRecord>;
    return value.state !== undefined && value.event !== undefined ? (value as JournalRecord) : undefined;
  } catch {
    return undefined;
  }
}
