/** A desk over a task's world in memory, for front doors. It must not know which one it serves. */
import type { Desk, OpenDesk } from '../../server/agent/desk.ts';
import { openTask } from '../../server/agent/loop.ts';
import { isTerminal } from '../../server/agent/machine.ts';
import { watched } from '../../server/agent/watched.ts';
import type { World, WorldOptions } from './world.ts';

export interface DeskOptions {
  readonly world: World;
  /** Documents of tasks by name. */
  readonly documents?: Map<string, string>;
  /** What editors showed. */
  readonly unsaved?: Map<string, string>;
  /** Files as they were. */
  readonly before: NonNullable<WorldOptions['files']>;
  readonly level?: number;
  readonly trust?: { get(): boolean; set(): void };
}

export function deskOver(options: DeskOptions): OpenDesk {
  const { before, documents = new Map(), level = 3, trust, unsaved = new Map(), world } = options;
  return async (root, door) => {
    const desk: Desk = {
      root,
      level: () => level,
      trusted: async () => trust?.get() ?? true,
      trust: async () => trust?.set(),
      async create(name, text) {
        documents.set(name, text);
        world.write(text);
        const last = world.records.at(-1);
        if (last !== undefined && isTerminal(last.state)) world.records.length = 0;
        return { ok: true, value: `${root}/.codriver/tasks/${name}.task.md` };
      },
      find: async name =>
        documents.has(name) ? { file: `${root}/${name}.task.md`, text: world.text() } : undefined,
      shown(texts) {
        for (const [path, text] of texts) unsaved.set(path, text);
      },
      async open() {
        if (trust?.get() === false)
          return { ok: false, why: 'untrusted', message: 'The folder is not trusted.' };
        const running = await openTask(watched(world.ports, door.watcher), { write: () => undefined });
        return {
          ok: true,
          running,
          document: world.ports.document,
          approve: async result => ({
            type: 'approved',
            approval: { task: running.state.task, ...result },
          }),
          async files() {
            const changed = await world.ports.tree.changed();
            return changed.map(path => {
              const old = before[path];
              return { path, before: typeof old === 'string' ? old : null, after: world.file(path) ?? null };
            });
          },
          changeSet: async ({ diff }) => ({ ok: true, value: `# result: ${diff}\n` }),
          close: async () => undefined,
        };
      },
      close: async () => undefined,
    };
    return desk;
  };
}
