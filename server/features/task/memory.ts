/**
 * The tasks that this session has taken up, by their document's URI, and where tasks are kept. What a task is in
 * survives without it. It must not know how a task is run.
 */
import type { TaskRun } from './run.ts';
import type { TaskStore } from './store.ts';

/** A task that this session holds; `stop` is there while it is at work. */
export interface HeldTask {
  readonly run: TaskRun;
  stop: AbortController | undefined;
  /** Resolves when the work that runs has stopped. */
  working: Promise<void>;
  /** Told when an event is in the journal, while it is at work. */
  look: (() => void) | undefined;
}

export class TaskMemory {
  readonly store: TaskStore;
  readonly held = new Map<string, HeldTask>();
  /** Told when a task has gone on, so that what is shown of its document can be renewed. */
  changed: (uri: string) => void = () => {};

  constructor(store: TaskStore) {
    this.store = store;
  }

  /** Tasks that are at work now. */
  get busy(): number {
    return [...this.held.values()].filter(({ stop }) => stop !== undefined).length;
  }

  /** Stops what is at work, where it can go on later, and lets other servers have it. */
  async end(): Promise<void> {
    const all = [...this.held.values()];
    this.held.clear();
    for (const { stop } of all) stop?.abort();
    await Promise.all(all.map(({ working }) => working));
    await Promise.all(all.map(({ run }) => run.close().catch(() => undefined)));
  }
}
