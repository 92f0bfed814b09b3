/**
 * Rogue commands against the runner, confined and not: how long after their limit each is gone, what survives, and
 * what they cost this process meanwhile. `npx tsx test/bench/rogues.ts`; Linux only. It needs /proc to count who is left.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeMachine } from '../../server/base/node.ts';
import { findConfiner } from '../../server/sandbox/confiners.ts';
import { createRunner } from '../../server/sandbox/runner.ts';

const LIMIT_MS = 2000;
const node = (script: string): readonly string[] => [process.execPath, '-e', script];
const shell = (script: string): readonly string[] => ['/bin/sh', '-c', script];
const idle = 'setInterval(()=>{},1000)';
const daemon = (stdio: string) =>
  `require("child_process").spawn(process.execPath,["-e",${JSON.stringify(idle)}],{detached:true,stdio:"${stdio}"}).unref();`;

interface Rogue {
  readonly argv: readonly string[];
  /** Only where processes are counted: it would take this machine down otherwise. */
  readonly onlyConfined?: boolean;
}

const ROGUES: Readonly<Record<string, Rogue>> = {
  'waits for ever': { argv: shell('sleep 1000') },
  'is deaf to SIGTERM': { argv: shell('trap "" TERM INT HUP; while :; do sleep 1; done') },
  'spins on every core': { argv: shell('for i in 1 2 3 4; do (while :; do :; done) & done; wait') },
  yes: { argv: ['yes'] },
  'writes 10 GB': { argv: shell('head -c 10000000000 /dev/zero') },
  'writes 10 GB to stderr': { argv: shell('head -c 10000000000 /dev/zero >&2') },
  'forks without end': { argv: shell('bomb() { bomb | bomb & }; bomb; sleep 1000'), onlyConfined: true },
  'forks twice and becomes a daemon': { argv: shell('(setsid sleep 1000 >/dev/null 2>&1 &) ; exit 0') },
  'leaves a daemon that holds its output': { argv: node(`${daemon('inherit')}process.exit(0)`) },
  'has sixty daemons in sessions of their own': {
    argv: shell('i=0; while [ $i -lt 60 ]; do setsid sleep 1000 >/dev/null 2>&1 & i=$((i+1)); done; wait'),
  },
  'starts a new session again and again': {
    argv: shell('while :; do (setsid sleep 500 &); sleep 0.02; done'),
  },
  'takes all memory': { argv: node('const a=[];for(;;)a.push(Buffer.alloc(5e7,1))') },
  'opens files without end': {
    argv: node('const fs=require("fs");for(;;)try{fs.openSync("/dev/null")}catch{}'),
  },
  'stops itself': { argv: shell('kill -STOP $$; sleep 1000') },
  'fills its disk': {
    argv: shell('head -c 20000000000 /dev/zero > /tmp/big; sleep 1000'),
    onlyConfined: true,
  },
};

function survivors(mark: string): readonly string[] {
  return readdirSync('/proc').filter(name => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`).includes(`ROGUE=${mark}\0`);
    } catch {
      return false;
    }
  });
}

async function gone(mark: string): Promise<number> {
  for (let i = 0; i < 500; i++) {
    if (survivors(mark).length === 0) return 0;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return survivors(mark).length;
}

/** A process like the server, with a confined program that made daemons; it waits to be killed. */
async function victim(root: string, mark: string): Promise<void> {
  const runner = runnerIn(root);
  const tree = join(root, 'tree');
  const ran = await runner.run(
    {
      argv: shell(
        '(setsid sleep 1000 &); setsid sleep 1000 & echo up > up; trap "" TERM; while :; do sleep 1; done',
      ),
      cwd: tree,
      environment: { ROGUE: mark },
      limits: { timeMs: 60_000, outputBytes: 1000, processes: 64 },
      confinement: { writable: [tree], network: false },
    },
    new AbortController().signal,
  );
  console.log(`it was not to end: ${ran.ending} ${ran.stderr}`);
}

/** Kills such processes the hard way; how many of their programs are left. */
async function killServers(root: string, times: number): Promise<number> {
  const up = join(root, 'tree', 'up');
  let left = 0;
  for (let i = 0; i < times; i++) {
    const mark = `${process.pid}-killed-${i}`;
    rmSync(up, { force: true });
    const child = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, '--victim', root, mark], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    for (let j = 0; j < 1000 && !existsSync(up); j++) await new Promise(resolve => setTimeout(resolve, 20));
    if (survivors(mark).length === 0)
      throw new Error('The program of the process to be killed did not start.');
    child.kill('SIGKILL');
    left += await gone(mark);
  }
  return left;
}

function runnerIn(root: string) {
  const machine = createNodeMachine({ level: 'error' });
  return createRunner({
    ...machine,
    findConfiner: () =>
      findConfiner({ ...machine, cacheFolder: join(root, 'cache'), ownFolders: [], isSecret: () => false }),
  });
}

async function main(): Promise<void> {
  const build = join(import.meta.dirname, '../../dist');
  mkdirSync(build, { recursive: true });
  const root = mkdtempSync(join(build, 'rogues-'));
  const runner = runnerIn(root);
  const isolation = await runner.isolation();
  console.log(`isolation ${isolation}; time limit ${LIMIT_MS} ms, output 1 MiB, 64 processes, 512 MiB`);
  const tree = join(root, 'tree');
  mkdirSync(tree);
  let worst = 0;
  let left = 0;
  for (const confined of isolation === 'none' ? [false] : [true, false]) {
    for (const [name, { argv, onlyConfined }] of Object.entries(ROGUES)) {
      if (onlyConfined && !confined) continue;
      const mark = `${process.pid}-${confined}-${name.replaceAll(' ', '_')}`;
      let lag = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        const now = performance.now();
        lag = Math.max(lag, now - last - 10);
        last = now;
      }, 10);
      const before = process.memoryUsage.rss();
      const begin = performance.now();
      const ran = await runner.run(
        {
          argv,
          cwd: tree,
          environment: { ROGUE: mark },
          limits: {
            timeMs: LIMIT_MS,
            outputBytes: 1024 * 1024,
            processes: 64,
            memoryBytes: 512 * 1024 * 1024,
          },
          ...(confined ? { confinement: { writable: [tree], network: false } } : {}),
        },
        new AbortController().signal,
      );
      const alive = await gone(mark);
      const over = Math.max(0, performance.now() - begin - LIMIT_MS);
      clearInterval(timer);
      const grown = (process.memoryUsage.rss() - before) / 1024 / 1024;
      worst = Math.max(worst, over);
      left += alive;
      console.log(
        `${confined ? 'confined' : 'bounded '} ${name.padEnd(44)} ${ran.ending.padEnd(8)} gone ${over.toFixed(0).padStart(5)} ms after the limit, survivors ${alive}, lag ${lag.toFixed(0).padStart(4)} ms, memory ${grown.toFixed(0).padStart(4)} MB`,
      );
    }
  }
  if (isolation !== 'none') {
    const survived = await killServers(root, 5);
    left += survived;
    console.log(`server killed 5 times while its confined program ran: survivors ${survived}`);
  }
  console.log(`worst ${worst.toFixed(0)} ms after the limit, survivors ${left}`);
  rmSync(root, { recursive: true, force: true });
  process.exitCode = worst > 5000 || left > 0 ? 1 : 0;
}

const [, , flag, root, mark] = process.argv;
if (flag === '--victim' && root !== undefined && mark !== undefined) await victim(root, mark);
else await main();
