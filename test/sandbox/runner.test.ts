import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createNodeMachine } from '../../server/base/node.ts';
import type { Processes, RunOptions, RunResult } from '../../server/base/ports.ts';
import type { Command } from '../../server/sandbox/command.ts';
import { type Confiner, createRunner } from '../../server/sandbox/runner.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

const machine = createNodeMachine({ level: 'error' });
const never = new AbortController().signal;

function node(script: string, more: Partial<Command> = {}): Command {
  return {
    argv: [process.execPath, '-e', script],
    cwd: '/',
    limits: { timeMs: 20_000, outputBytes: 10_000 },
    ...more,
  };
}

/** SIGKILL is asynchronous: asks the kernel again, a bounded number of times, giving way in between. */
async function isGone(pid: number): Promise<boolean> {
  assert.ok(pid > 1, 'a process was started');
  for (let i = 0; i < 20_000; i++) {
    try {
      // A zombie that nobody reaps (no init in a container) counts as gone.
      if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
    } catch {
      return true;
    }
    await new Promise(resolve => setImmediate(resolve));
  }
  return false;
}

describe('a runner', () => {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  const runner = createRunner(machine);

  it('gives output, code, and how it ended', async () => {
    const ran = await runner.run(node('console.log("o");console.error("e");process.exit(3)'), never);
    assert.deepEqual(
      { ...ran, durationMs: 0 },
      {
        code: 3,
        ending: 'exit',
        stdout: 'o\n',
        stderr: 'e\n',
        truncated: false,
        durationMs: 0,
        isolation: 'none',
      },
    );
  });

  it('writes standard input and closes it', async () => {
    const script = 'process.stdin.on("data",d=>process.stdout.write(String(d).toUpperCase()))';
    assert.equal((await runner.run(node(script, { stdin: 'täxt' }), never)).stdout, 'TÄXT');
    assert.equal((await runner.run(node(script), never)).stdout, '');
    const deaf = await runner.run(node('process.exit(0)', { stdin: 'x'.repeat(1_000_000) }), never);
    assert.deepEqual([deaf.ending, deaf.code], ['exit', 0]);
  });

  it('passes arguments as they are', async () => {
    const argument = '$(id); `id` && id > /tmp/x "\' *';
    const ran = await runner.run(
      node('', { argv: [process.execPath, '-e', 'console.log(process.argv[1])', argument] }),
      never,
    );
    assert.equal(ran.stdout, `${argument}\n`);
  });

  it('takes control sequences out of what is said', async () => {
    const script =
      'process.stdout.write("\\x1b[31mred\\x1b[0m\\r\\n\\x1b]0;title\\x07done\\x9b2J");process.stderr.write("a\\rb")';
    const ran = await runner.run(node(script), never);
    assert.deepEqual([ran.stdout, ran.stderr], ['red\ndone', 'a\nb']);
  });

  it('ends a program at its time, with the grandchild that left the group', async function () {
    if (process.platform !== 'linux') this.skip();
    const script = `process.on("SIGTERM",()=>{});
      const c=require("child_process").spawn(process.execPath,["-e","setInterval(()=>{},1000)"],{stdio:"ignore",detached:true});
      c.unref();require("fs").writeSync(1,c.pid+"\\n");setInterval(()=>{},1000)`;
    const ran = await runner.run(node(script, { limits: { timeMs: 700, outputBytes: 1000 } }), never);
    assert.deepEqual([ran.ending, ran.code], ['time', null]);
    assert.ok(await isGone(Number(ran.stdout)), 'the daemon is gone');
  });

  it('ends what a program leaves behind in a session of its own', async function () {
    if (process.platform !== 'linux') this.skip();
    const script = `const c=require("child_process").spawn(process.execPath,["-e","setInterval(()=>{},1000)"],{stdio:"inherit",detached:true});
      c.unref();require("fs").writeSync(1,c.pid+"\\n");process.exit(0)`;
    const ran = await runner.run(node(script), never);
    assert.deepEqual([ran.ending, ran.code], ['exit', 0]);
    assert.ok(await isGone(Number(ran.stdout)), 'the daemon is gone');
  });

  it('keeps the beginning of a long output, and ends one that does not stop', async () => {
    const long = await runner.run(node('process.stdout.write("x".repeat(20000))'), never);
    assert.deepEqual([long.ending, long.code, long.stdout.length, long.truncated], ['exit', 0, 10_000, true]);
    for (const stream of ['stdout', 'stderr'] as const) {
      const script = `(function more(){process.${stream}.write("y\\n".repeat(10000),more)})()`;
      const flood = await runner.run(node(script), never);
      assert.deepEqual([flood.ending, flood.code, flood.truncated], ['output', null, true]);
      assert.equal(flood[stream].length, 10_000);
    }
  });

  it('ends it when told to, and starts nothing after that', async () => {
    const controller = new AbortController();
    const running = runner.run(node('setInterval(()=>{},1000)'), controller.signal);
    setImmediate(() => controller.abort());
    assert.equal((await running).ending, 'aborted');
    assert.equal((await runner.run(node(''), controller.signal)).ending, 'aborted');
  });

  it('tells a crash by the number that shells use', async () => {
    const ran = await runner.run(node('process.kill(process.pid,"SIGKILL");setInterval(()=>{},9)'), never);
    assert.deepEqual([ran.ending, ran.code], ['exit', 137]);
  });

  for (const [what, more] of [
    ['a program that is not there', { argv: ['/no/such/program'] }],
    ['no program', { argv: [] }],
    ['an empty name', { argv: [''] }],
    ['a NUL character', { argv: ['a\0b'] }],
    ['a variable with a NUL character', { environment: { A: 'a\0b' } }],
    ['a folder that is not there', { cwd: '/no/such/folder' }],
  ] as const) {
    it(`says that ${what} cannot start`, async () => {
      const ran = await runner.run(node('', more), never);
      assert.deepEqual([ran.ending, ran.code], ['cannot-start', null]);
      assert.notEqual(ran.stderr, '');
    });
  }
});

describe('a runner and confinement', () => {
  const confinement = { writable: ['/w'], network: false };
  function spied(findConfiner?: () => Promise<Confiner | undefined>) {
    const runs: { argv: readonly string[]; options: RunOptions }[] = [];
    const { clock, environment } = createMemoryMachine({ variables: { PATH: '/bin:.:x', HOME: '/home/me' } });
    const processes: Processes = {
      async run(argv, options): Promise<RunResult> {
        runs.push({ argv, options });
        return { code: 0, stdout: '', stderr: '', timedOut: false };
      },
    };
    const runner = createRunner({ processes, clock, environment, ...(findConfiner ? { findConfiner } : {}) });
    return { runs, runner };
  }
  const confiner: Confiner = {
    isolation: 'bubblewrap',
    wrap: async ({ argv }) => ({ argv: ['box', ...argv], environment: { TMPDIR: '/private' } }),
  };

  for (const [what, find] of [
    ['there is no way', undefined],
    ['none is found', async () => undefined],
    ['looking for one fails', () => Promise.reject(new Error('no'))],
    ['it cannot be prepared', async () => ({ ...confiner, wrap: () => Promise.reject(new Error('no')) })],
  ] as const) {
    it(`runs nothing that asks for it where ${what}`, async () => {
      const { runner, runs } = spied(find);
      const ran = await runner.run(node('', { confinement }), never);
      assert.deepEqual([ran.ending, ran.code, runs.length], ['not-confined', null, 0]);
      assert.notEqual(ran.stderr, '');
    });
  }

  it('runs what asks for it by the confiner, which is looked for once', async () => {
    let looked = 0;
    const { runner, runs } = spied(async () => {
      looked++;
      return confiner;
    });
    assert.equal(await runner.isolation(), 'bubblewrap');
    const ran = await runner.run(node('', { argv: ['make'], confinement }), never);
    assert.deepEqual([ran.ending, ran.isolation, looked], ['exit', 'bubblewrap', 1]);
    assert.deepEqual(runs[0]?.argv, ['box', 'make']);
    assert.equal(runs[0]?.options.env['TMPDIR'], '/private');
    assert.equal((await runner.run(node('', { argv: ['make'] }), never)).isolation, 'none');
    assert.deepEqual(runs[1]?.argv, ['make']);
  });

  it('has PATH without folders that depend on where the program runs', async () => {
    const { runner, runs } = spied();
    await runner.run(node(''), never);
    assert.equal(runs[0]?.options.env['PATH'], '/bin');
  });
});
