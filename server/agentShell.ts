/**
 * Composition root of `acp`: the Agent Client Protocol over this process's own streams. Standard output belongs to
 * messages alone. It must not know what they say.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { serveAgentClient } from './acp/main.ts';
import type { LogOptions } from './base/node.ts';
import type { Machine } from './base/ports.ts';
import { VERSION } from './base/version.ts';
import { openDesk } from './desk.ts';
import { changeFiles, finishUnfinished } from './diskJournal.ts';

/** Serves the client behind this process; resolves when it is gone. */
export async function runAgentShell(machine: Machine, log: LogOptions): Promise<void> {
  const { clock, files } = machine;
  const { stdin, stdout } = process;
  // A stray word on standard output would spoil a message.
  for (const method of ['log', 'info', 'debug', 'dir'] as const) console[method] = console.error;
  if (stdin.isTTY) process.stderr.write('codriver acp waits for an agent shell; see: codriver help acp\n');
  await finishUnfinished(machine);
  await serveAgentClient(
    { input: stdin, output: stdout },
    {
      openDesk: (root, door) => openDesk(machine, log, root, door),
      async folderAt(path) {
        const real = await files.realPath(path);
        return (await files.stat(real))?.kind === 'directory' ? real : undefined;
      },
      pathOf(uri) {
        try {
          return fileURLToPath(uri);
        } catch {
          return undefined;
        }
      },
      changeFiles: changes => changeFiles(machine, changes),
      newName: () => `${new Date(clock.now()).toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`,
      clock,
      log: machine.log,
      version: VERSION,
    },
  );
}
