import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLimitedLog } from '../../server/base/limitedLog.ts';
import { createNodeLog, createNodeMachine } from '../../server/base/node.ts';
import { withDirectReads } from '../../server/base/node/directReads.ts';
import { createFakeClock } from '../support/memoryMachine.ts';

const { files: pooled, processes, clock } = createNodeMachine({ level: 'error' });
const env = { PATH: process.env['PATH'] ?? '' };

const implementations = { 'by the thread pool': pooled, directly: withDirectReads(pooled) };
for (const [how, files] of Object.entries(implementations)) {
  describe(`files of the real machine, read ${how}`, () => {
    let directory = '';
    beforeEach(() => {
      directory = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'codriver-node-')));
    });
    afterEach(() => fs.rmSync(directory, { recursive: true }));
    const at = (name: string): string => join(directory, name);

    it('reads text and says why it does not', async function () {
      if (process.platform === 'win32') this.skip();
      fs.writeFileSync(at('plain.txt'), 'grüße\n');
      fs.writeFileSync(at('nul.bin'), 'a\0b');
      fs.writeFileSync(at('latin1.txt'), Buffer.from([0x67, 0xfc, 0x0a]));
      fs.writeFileSync(at('big.txt'), 'x'.repeat(101));
      fs.mkdirSync(at('folder'));
      fs.symlinkSync(at('plain.txt'), at('link.txt'));
      execFileSync('mkfifo', [at('fifo')]);
      const server = createServer().listen(at('socket'));
      await new Promise(resolve => server.once('listening', resolve));
      const expected: Record<string, string> = {
        'plain.txt': 'grüße\n',
        'nul.bin': 'binary',
        'latin1.txt': 'binary',
        'big.txt': 'too-large',
        folder: 'not-a-file',
        'link.txt': 'not-a-file',
        fifo: 'not-a-file',
        socket: 'not-a-file',
        'missing.txt': 'missing',
        'plain.txt/below': 'missing',
        '../../../../dev/zero': 'not-a-file',
        '../../../../dev/tty': 'not-a-file',
      };
      for (const [name, outcome] of Object.entries(expected)) {
        const read = await files.readText(at(name), 100);
        if (name.includes('dev/')) assert.equal(read.ok, false, name);
        else assert.equal(read.ok ? read.text : read.why, outcome, name);
        if (!read.ok) assert.equal(await files.readBytes(at(name), 1), undefined);
      }
      await new Promise(resolve => server.close(resolve));
    });

    it('keeps a byte order mark and reads files whose size says 0', async function () {
      fs.writeFileSync(at('bom.txt'), '\ufeffx');
      const bom = await files.readText(at('bom.txt'));
      assert.ok(bom.ok && bom.text === '\ufeffx');
      if (process.platform !== 'linux') this.skip();
      const status = await files.readText('/proc/self/status');
      assert.ok(status.ok && status.text.includes('Pid:'));
      assert.deepEqual(await files.readText('/proc/self/status', 10), { ok: false, why: 'too-large' });
    });

    it('refuses a sparse file of 100 GB at once', async () => {
      fs.closeSync(fs.openSync(at('sparse'), 'w'));
      fs.truncateSync(at('sparse'), 100 * 2 ** 30);
      assert.deepEqual(await files.readText(at('sparse')), { ok: false, why: 'too-large' });
    });

    it('resolves links, also dangling ones and those below missing directories', async () => {
      fs.mkdirSync(at('real'));
      fs.symlinkSync(at('real'), at('alias'));
      fs.symlinkSync('/nowhere/target.txt', at('dangling'));
      fs.symlinkSync(at('loop-b'), at('loop-a'));
      fs.symlinkSync(at('loop-a'), at('loop-b'));
      assert.equal(await files.realPath(at('alias/new/file.ts')), at('real/new/file.ts'));
      assert.equal(await files.realPath(at('dangling')), '/nowhere/target.txt');
      assert.equal(await files.realPath(at('dangling/x')), '/nowhere/target.txt/x');
      await assert.rejects(files.realPath(at('loop-a')));
    });

    it('reads by the text of the path, so that a link before `..` cannot lead elsewhere', async () => {
      fs.mkdirSync(at('outside/inner'), { recursive: true });
      fs.mkdirSync(at('repo'));
      fs.writeFileSync(at('outside/a.txt'), 'outside');
      fs.writeFileSync(at('repo/a.txt'), 'inside');
      fs.symlinkSync(at('outside/inner'), at('repo/link'));
      const read = await files.readText(`${directory}/repo/link/../a.txt`);
      assert.ok(read.ok && read.text === 'inside');
    });

    it('writes state for its own user alone, whatever the umask', async function () {
      if (process.platform === 'win32') this.skip();
      const umask = process.umask(0);
      try {
        await files.writePrivate(at('state/deep/consents.json'), '{}');
        fs.chmodSync(at('state/deep'), 0o755);
        await files.writePrivate(at('state/deep/consents.json'), '{"a":1}');
      } finally {
        process.umask(umask);
      }
      assert.equal(fs.statSync(at('state/deep/consents.json')).mode & 0o777, 0o600);
      assert.equal(fs.statSync(at('state/deep')).mode & 0o777, 0o700);
      assert.deepEqual(fs.readdirSync(at('state/deep')), ['consents.json'], 'no temporary file stays');
      assert.equal(fs.readFileSync(at('state/deep/consents.json'), 'utf8'), '{"a":1}');
    });

    it('refuses a state directory that is a link, and replaces a planted link instead of writing through it', async () => {
      fs.mkdirSync(at('elsewhere'));
      fs.symlinkSync(at('elsewhere'), at('linked'));
      await assert.rejects(
        files.writePrivate(at('linked/x.json'), 'x'),
        /is a directory of its own|not a directory/,
      );
      fs.mkdirSync(at('state'));
      fs.writeFileSync(at('victim'), 'precious');
      fs.symlinkSync(at('victim'), at('state/x.json'));
      await files.writePrivate(at('state/x.json'), 'ours');
      assert.equal(fs.readFileSync(at('victim'), 'utf8'), 'precious');
      assert.equal(fs.readFileSync(at('state/x.json'), 'utf8'), 'ours');
    });

    it('lists kinds and stats without following', async () => {
      fs.writeFileSync(at('a.txt'), 'abc');
      fs.symlinkSync(at('a.txt'), at('b'));
      const kinds = Object.fromEntries((await files.list(directory)).map(entry => [entry.name, entry.kind]));
      assert.deepEqual(kinds, { 'a.txt': 'file', b: 'symlink' });
      assert.equal((await files.stat(at('b')))?.kind, 'symlink');
      assert.equal((await files.stat(at('a.txt')))?.size, 3);
      assert.equal(await files.stat(at('none')), undefined);
      assert.deepEqual(await files.list(at('none')), []);
    });
  });
}

describe('processes of the real machine', () => {
  const node = (script: string): string[] => [process.execPath, '-e', script];
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('returns output and code, with exactly the environment given', async () => {
    const script = 'console.log(JSON.stringify(Object.keys(process.env)));console.error("e");process.exit(3)';
    const result = await processes.run(node(script), { timeoutMs: 20_000, env: { ONLY: '1' } });
    assert.deepEqual(
      { ...result, stdout: JSON.parse(result.stdout) },
      {
        code: 3,
        stdout: ['ONLY'],
        stderr: 'e\n',
        timedOut: false,
      },
    );
  });

  it('never goes through a shell', async () => {
    const result = await processes.run(
      [process.execPath, '-e', 'console.log(process.argv[1])', '$(id); `id` && id'],
      { timeoutMs: 20_000, env },
    );
    assert.equal(result.stdout, '$(id); `id` && id\n');
  });

  it('caps output while the program runs on, and says so', async () => {
    const script = 'for (let i = 0; i < 300; i++) process.stdout.write("x".repeat(10000))';
    const result = await processes.run(node(script), { timeoutMs: 20_000, env, maxOutputBytes: 1000 });
    assert.equal(result.stdout.length, 1000);
    assert.equal(result.truncated, true);
    assert.equal(result.code, 0);
  });

  it('kills the whole group at the limit, also a grandchild that holds the pipe and ignores SIGTERM', async () => {
    const grandchild = 'process.on("SIGTERM",()=>{});console.log(process.pid);setInterval(()=>{},1000)';
    const script = `process.on("SIGTERM",()=>{});require("child_process").spawn(process.execPath,["-e",${JSON.stringify(
      grandchild,
    )}],{stdio:"inherit"});setInterval(()=>{},1000)`;
    const result = await processes.run(node(script), { timeoutMs: 1000, env });
    assert.equal(result.timedOut, true);
    assert.equal(result.code, null);
    const pid = Number(result.stdout);
    if (pid > 0) assert.ok(await isGone(pid), 'the grandchild is gone');
  });

  it('ends the whole group when its signal aborts, and starts nothing after it', async () => {
    const controller = new AbortController();
    const script = 'process.stdout.write("up");setInterval(()=>{},1000)';
    const running = processes.run([process.execPath, '-e', script], {
      timeoutMs: 60_000,
      env,
      signal: controller.signal,
    });
    setImmediate(() => controller.abort());
    const result = await running;
    assert.equal(result.code, null);
    assert.equal(result.timedOut, false);
    const again = await processes.run(['no-such-program'], {
      timeoutMs: 1_000,
      env,
      signal: controller.signal,
    });
    assert.match(again.stderr, /aborted/);
  });

  it('ends what a finished program left behind', async () => {
    const script =
      'const c=require("child_process").spawn(process.execPath,["-e","setInterval(()=>{},1000)"],{stdio:"inherit"});console.log(c.pid);process.exit(0)';
    const result = await processes.run(node(script), { timeoutMs: 20_000, env });
    assert.equal(result.code, 0);
    assert.ok(await isGone(Number(result.stdout)));
  });

  for (const argv of [['/no/such/program'], [], ['a\0b'], ['']]) {
    it(`says that ${JSON.stringify(argv)} cannot start`, async () => {
      const result = await processes.run(argv, { timeoutMs: 1000, env });
      assert.equal(result.code, null);
      assert.match(result.stderr, /^Cannot start/);
    });
  }
});

/** SIGKILL is asynchronous: asks the kernel again, a bounded number of times, giving way in between. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 20_000; i++) {
    try {
      process.kill(pid, 0);
      // A zombie that nobody reaps (no init in a container) counts as gone.
      if (/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
    } catch {
      return true;
    }
    await new Promise(resolve => setImmediate(resolve));
  }
  return false;
}

describe('clock of the real machine', () => {
  it('runs a timer, and not one that was taken back', async () => {
    const ran: string[] = [];
    clock.after(0, () => ran.push('cancelled')).cancel();
    await new Promise<void>(resolve => clock.after(0, resolve));
    assert.deepEqual(ran, []);
    assert.ok(clock.now() > Date.UTC(2024, 0));
  });
});

describe('log', () => {
  it('lets 20 messages a second through and counts the others', async () => {
    const { clock: fake, advance } = createFakeClock();
    const lines: string[] = [];
    const log = createLimitedLog(fake, 'info', line => lines.push(line));
    for (let i = 0; i < 1000; i++) log.write('warn', `message ${i}`);
    assert.equal(lines.length, 20);
    await advance(1000);
    log.write('warn', 'later');
    assert.match(lines[20] ?? '', /980 messages left out/);
    assert.match(lines[21] ?? '', /warn later$/);
  });

  it('collapses a million equal messages into few lines that give the number', async () => {
    const { clock: fake, advance } = createFakeClock();
    const lines: string[] = [];
    const log = createLimitedLog(fake, 'info', line => lines.push(line));
    for (let second = 0; second < 100; second++) {
      for (let i = 0; i < 10_000; i++) log.write('error', 'the same');
      await advance(1000);
    }
    log.write('error', 'another');
    assert.ok(lines.length <= 200, `${lines.length} lines`);
    const counted = lines.map(line => Number(/came (\d+) more/.exec(line)?.[1] ?? 0));
    assert.equal(
      counted.reduce((a, b) => a + b, 1),
      1_000_000,
    );
  });

  it('keeps the level, strips control characters, and shows one message as one record', () => {
    const lines: string[] = [];
    const log = createLimitedLog(createFakeClock().clock, 'info', line => lines.push(line));
    log.write('debug', 'unseen');
    log.write('error', 'red \u001b[31mtext\u0007\n2026-01-01T00:00:00.000Z error forged\u009b2J');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^\S+ error red text\n {4}2026\S+ error forged$/);
  });

  it('rotates its file and never follows a planted link', () => {
    const directory = fs.mkdtempSync(join(tmpdir(), 'codriver-log-'));
    const file = join(directory, 'codriver.log');
    const log = createNodeLog({ level: 'info', file, maxFileBytes: 300 });
    for (let i = 0; i < 12; i++) log.write('info', `line ${i} ${'x'.repeat(80)}`);
    assert.deepEqual(
      fs.readdirSync(directory).sort(),
      ['codriver.log.1'].concat(fs.existsSync(file) ? ['codriver.log'] : []).sort(),
    );
    assert.ok(fs.statSync(`${file}.1`).size < 500);
    if (process.platform !== 'win32') assert.equal(fs.statSync(`${file}.1`).mode & 0o777, 0o600);
    fs.rmSync(file, { force: true });
    fs.writeFileSync(join(directory, 'victim'), 'precious');
    fs.symlinkSync(join(directory, 'victim'), file);
    log.write('info', 'must not arrive');
    assert.equal(fs.readFileSync(join(directory, 'victim'), 'utf8'), 'precious');
    fs.rmSync(directory, { recursive: true });
  });
});
