/** An agent shell in memory: the strict client, the real protocol side, and tasks with a scripted model behind a desk. */
import { PassThrough } from 'node:stream';
import { createNodeMachine } from '../../server/base/node.ts';
import { serveAgentClient } from '../../server/acp/main.ts';
import type { FileChange } from '../../server/features/changes/onDisk.ts';
import { AgentClient, type AgentClientOptions } from '../support/acpClient.ts';
import { deskOver } from '../agent/worldDesk.ts';
import { createWorld, type World, type WorldOptions } from '../agent/world.ts';

export interface ShellOptions extends WorldOptions, AgentClientOptions {
  readonly trusted?: boolean;
  readonly level?: number;
  /** An earlier shell, whose tasks and files these are. */
  readonly again?: Shell;
}

export interface Shell {
  readonly client: AgentClient;
  readonly world: World;
  /** Documents of tasks by name. */
  readonly documents: Map<string, string>;
  readonly unsaved: Map<string, string>;
  readonly log: string[];
  readonly trusted: () => boolean;
  readonly served: Promise<void>;
  readonly written: FileChange[][];
}

let names = 0;

export function startShell(options: ShellOptions = {}): Shell {
  const world = options.again?.world ?? createWorld(options);
  const documents = options.again?.documents ?? new Map<string, string>();
  const unsaved = new Map<string, string>();
  const log: string[] = [];
  const written: FileChange[][] = [];
  let trusted = options.trusted ?? true;

  const openDesk = deskOver({
    world,
    documents,
    unsaved,
    before: options.files ?? {},
    level: options.level ?? 3,
    trust: { get: () => trusted, set: () => (trusted = true) },
  });

  const input = new PassThrough();
  const output = new PassThrough();
  const served = serveAgentClient(
    { input, output },
    {
      openDesk,
      folderAt: async path => (path.startsWith('/nowhere') ? undefined : path),
      pathOf: uri => (uri.startsWith('file://') ? uri.slice('file://'.length) : undefined),
      changeFiles: async changes => void written.push([...changes]),
      log: { write: (level, message) => void log.push(`${level}: ${message}`) },
      clock: createNodeMachine({ level: 'error' }).clock,
      version: '1.2.3',
      newName: () => `session-${++names}`,
    },
  );
  void served.then(() => output.end());
  const client = new AgentClient(input, output, options);
  return { client, world, documents, unsaved, log, trusted: () => trusted, served, written };
}
