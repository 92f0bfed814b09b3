/**
 * The port to other programs on Node: started by argv in a process group of their own, bounded in time and output,
 * ended with everything that they started. It must not know what is run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Processes, RunOptions, RunResult } from '../ports.ts';
import { endFamily, FAMILY_VARIABLE } from './family.ts';

const defaultOutputLimit = 1024 * 1024;
const windows = process.platform === 'win32';

/** A process that left the group may hold the pipes open; its output is not waited for beyond this. */
const pipeGraceMs = 200;

/** Leaders of process groups still running, with their family's mark if they have one. */
const running = new Map<number, string | undefined>();

function killGroup(pid: number): void {
  try {
    if (windows)
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => {});
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

// When this process exits, none of them is orphaned.
process.once('exit', () => {
  for (const [pid, family] of running) {
    killGroup(pid);
    if (family !== undefined) endFamily(family);
  }
});

/** Keeps the first `limit` bytes and swallows the rest, so that the child never blocks on a full pipe. */
class CappedOutput {
  #chunks: Buffer[] = [];
  #left: number;
  #total = 0;
  readonly #flood: number;
  /** More came than is kept. */
  truncated = false;

  constructor(limit: number, flood: number) {
    this.#left = limit;
    this.#flood = flood;
  }

  /** Whether more came than may come at all. */
  add(chunk: Buffer): boolean {
    this.#total += chunk.length;
    if (chunk.length > this.#left) this.truncated = true;
    if (this.#left > 0) {
      this.#chunks.push(chunk.subarray(0, this.#left));
      this.#left -= chunk.length;
    }
    return this.#total > this.#flood;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

const failed = (stderr: string, notStarted: boolean): RunResult => ({
  code: null,
  stdout: '',
  stderr,
  timedOut: false,
  ...(notStarted ? { notStarted } : {}),
});

/** Starts a program; rejects, or settles with the reason, if there is none to start. */
function start(argv: readonly string[], options: RunOptions, family: string | undefined): ChildProcess {
  const [program, ...rest] = argv;
  return spawn(program ?? '', rest, {
    cwd: options.cwd,
    env: { ...options.env, ...(family === undefined ? {} : { [FAMILY_VARIABLE]: family }) },
    shell: false,
    detached: !windows,
    windowsHide: true,
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
}

function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted) return Promise.resolve(failed('aborted before it began', false));
  const family = options.wholeFamily ? randomBytes(16).toString('hex') : undefined;
  const limit = options.maxOutputBytes ?? defaultOutputLimit;
  const flood = options.floodBytes ?? Number.POSITIVE_INFINITY;
  const cannotStart = (error: unknown): string => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return `Cannot start ${argv[0]}: ${code || (error instanceof Error ? error.message : String(error))}`;
  };
  let child: ChildProcess;
  try {
    child = start(argv, options, family);
  } catch (error) {
    return Promise.resolve(failed(cannotStart(error), true));
  }
  return new Promise(settle => {
    const stdout = new CappedOutput(limit, flood);
    const stderr = new CappedOutput(limit, flood);
    const { pid } = child;
    let ended: 'timedOut' | 'flooded' | 'aborted' | undefined;
    let grace: NodeJS.Timeout | undefined;
    if (pid !== undefined) running.set(pid, family);

    function end(why: NonNullable<typeof ended>): void {
      ended ??= why;
      if (pid !== undefined) killGroup(pid);
    }
    const limitTimer = setTimeout(() => end('timedOut'), options.timeoutMs);
    const abort = () => end('aborted');
    options.signal?.addEventListener('abort', abort, { once: true });
    for (const [stream, output] of [
      [child.stdout, stdout],
      [child.stderr, stderr],
    ] as const) {
      stream?.on('data', (chunk: Buffer) => {
        if (output.add(chunk)) end('flooded');
      });
    }
    // A program that does not read what it is given closes the pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.stdin);

    let finished = false;
    function finish(code: number | null, signal: string | null, failure?: string): void {
      if (finished) return;
      finished = true;
      clearTimeout(limitTimer);
      clearTimeout(grace);
      options.signal?.removeEventListener('abort', abort);
      if (pid !== undefined) running.delete(pid);
      child.stdin?.destroy();
      child.stdout?.destroy();
      child.stderr?.destroy();
      settle({
        code: ended === undefined ? code : null,
        stdout: stdout.text(),
        stderr: stderr.text() + (failure ?? ''),
        timedOut: ended === 'timedOut',
        ...(stdout.truncated ? { truncated: true } : {}),
        ...(stderr.truncated ? { stderrTruncated: true } : {}),
        ...(ended === 'flooded' ? { flooded: true } : {}),
        ...(failure === undefined ? {} : { notStarted: true }),
        ...(ended === undefined && signal !== null ? { signal } : {}),
      });
    }
    child.once('error', error => finish(null, null, cannotStart(error)));
    child.once('exit', (code, signal) => {
      // Whatever the program left behind in its group ends with it.
      if (pid !== undefined) killGroup(pid);
      if (family !== undefined) endFamily(family);
      grace = setTimeout(() => finish(code, signal), pipeGraceMs);
      child.once('close', () => finish(code, signal));
    });
  });
}

export const nodeProcesses: Processes = { run };
