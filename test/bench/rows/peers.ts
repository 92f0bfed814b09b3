/**
 * Peers on this machine, if their packages lie in the folder that `--peers` names: spawn → `initialize` and memory,
 * interleaved with ours. They are started without an account and are told nothing.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendants } from '../../editors/support/processes.ts';
import { interleaved, median, ms, type Row } from '../measure.ts';
import { MeasuredServer, pause, privateHome } from '../server.ts';

const ROUNDS = 10;
/** A peer that has not answered by then is left out. */
const PATIENCE_MS = 20_000;
/** Memory is read this long after the answer. */
const SETTLED_MS = 1_000;

interface Peer {
  readonly name: string;
  /** Below the folder's node_modules. */
  readonly entry: string;
  readonly arguments: readonly string[];
}

const PEERS: readonly Peer[] = [
  {
    name: 'copilot-language-server',
    entry: '@github/copilot-language-server/dist/language-server.js',
    arguments: ['--stdio'],
  },
  { name: 'tabby-agent', entry: 'tabby-agent/dist/cli.js', arguments: ['--lsp'] },
];

export async function peers(folder: string | undefined): Promise<Row[]> {
  if (folder === undefined) {
    console.error('peers are left out: name a folder with their packages by --peers DIR.');
    return [];
  }
  const rows: Row[] = [];
  for (const peer of PEERS) {
    const path = join(folder, 'node_modules', peer.entry);
    if (existsSync(path)) rows.push(...(await beside(peer, path)));
    else console.error(`peers: ${peer.name} is left out: ${path} is not there.`);
  }
  return rows;
}

async function beside({ name, arguments: args }: Peer, path: string): Promise<Row[]> {
  const home = privateHome();
  const memory = { ours: [] as number[], theirs: [] as number[] };
  const ours = async (): Promise<number> => {
    const server = new MeasuredServer(home.env);
    await server.initialize(null);
    const took = performance.now() - server.spawnedAt;
    await pause(SETTLED_MS);
    memory.ours.push(server.residentMb());
    await server.end();
    return took;
  };
  const theirs = async (): Promise<number> => {
    const began = performance.now();
    const child = spawn(process.execPath, [path, ...args], {
      env: { ...process.env, ...home.env, HOME: home.folder },
      // A group of its own, to be ended with all that it started.
      detached: true,
    });
    try {
      await initialized(child);
      const took = performance.now() - began;
      await pause(SETTLED_MS);
      // Some begin with a small process that starts the real one.
      const family = [child.pid ?? 0, ...descendants(child.pid ?? 0).map(({ pid }) => pid)];
      memory.theirs.push(family.reduce((sum, pid) => sum + residentMb(pid), 0));
      return took;
    } finally {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    }
  };
  try {
    const { a, b } = await interleaved(ROUNDS, ours, theirs);
    const faster = median(b) / median(a);
    const smaller = median(memory.theirs) / median(memory.ours);
    return [
      {
        name: `spawn → initialize, beside ${name}`,
        ours: ms(median(a)),
        baseline: `${ms(median(b))} (${name}, measured)`,
        value: faster,
        target: name.startsWith('copilot') ? '≥ 10 ×' : '≥ 2 ×',
        met: faster >= (name.startsWith('copilot') ? 10 : 2),
        detail: { n: ROUNDS },
      },
      {
        name: `resident memory after initialize, beside ${name}`,
        ours: `${median(memory.ours).toFixed(0)} MB`,
        baseline: `${median(memory.theirs).toFixed(0)} MB (${name}, measured)`,
        value: smaller,
        target: name.startsWith('copilot') ? '≥ 4.5 ×' : '≥ 1 ×',
        met: smaller >= (name.startsWith('copilot') ? 4.5 : 1),
        detail: { n: ROUNDS },
      },
    ];
  } catch (error) {
    console.error(`peers: ${name} is left out: ${error instanceof Error ? error.message : String(error)}.`);
    return [];
  } finally {
    home.remove();
  }
}

function initialized(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer to initialize')), PATIENCE_MS);
    const done = (error?: Error): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    let seen = '';
    child.stderr.resume();
    child.stdin.on('error', () => {});
    child.once('exit', code => done(new Error(`it ended with ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString('latin1');
      if (/"id":\s*1\b/.test(seen) && seen.includes('"capabilities"')) done();
    });
    const params = { processId: process.pid, rootUri: null, capabilities: { textDocument: {} } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
