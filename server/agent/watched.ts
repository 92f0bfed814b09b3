/**
 * Shows what a task does while it does it, for front doors that have no document in view: which tool works on what,
 * which file of the task's tree became what, what was written into the journal. It must not change what happens.
 */
import type { TaskPorts, Watcher } from './ports.ts';

/** The same ports, watched. */
export function watched(ports: TaskPorts, watcher: Watcher): TaskPorts {
  const { journal, tree } = ports;
  return {
    ...ports,
    watcher,
    journal: {
      last: () => journal.last(),
      async append(record) {
        await journal.append(record);
        watcher.recorded(record);
      },
    },
    tree: {
      entries: folder => tree.entries(folder),
      read: path => tree.read(path),
      paths: (limit, signal) => tree.paths(limit, signal),
      changed: () => tree.changed(),
      hash: () => tree.hash(),
      async write(path, text, before) {
        const answer = await tree.write(path, text, before);
        if (answer.ok) watcher.changed(path, before, text);
        return answer;
      },
      async move(from, to) {
        const before = await tree.read(from);
        const answer = await tree.move(from, to);
        if (answer.ok && before.ok) {
          watcher.changed(from, before.value, undefined);
          watcher.changed(to, undefined, before.value);
        }
        return answer;
      },
      async remove(path) {
        const before = await tree.read(path);
        const answer = await tree.remove(path);
        if (answer.ok && before.ok) watcher.changed(path, before.value, undefined);
        return answer;
      },
    },
  };
}
