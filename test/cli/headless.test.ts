import { strict as assert } from 'node:assert';
import type { HeadlessFix } from '../../server/cli/headless.ts';
import { createCli, cwd } from './context.ts';

const file = `${cwd}/src/a.ts`;
const before = 'const lenght = 1;\nconsole.log(length);\n';
const fixed: HeadlessFix = {
  before,
  after: before.replace('lenght', 'length'),
  repaired: [{ title: "Change 'lenght' to 'length'", line: 0 }],
  remaining: [{ message: 'x is not used', line: 4 }],
};

function cliWithFix(value: HeadlessFix, onDisk = value.before) {
  return createCli({
    files: { [file]: onDisk, [`${cwd}/.git/HEAD`]: '' },
    session: { fix: () => Promise.resolve({ ok: true, value }) },
  });
}

describe('complete and explain in a terminal', () => {
  it('hand over absolute path and zero-based place, print the answer and close the session', async () => {
    const asked: unknown[] = [];
    const cli = createCli({
      session: {
        complete: (path, position) => {
          asked.push([path, position]);
          return Promise.resolve({ ok: true, value: { text: 'ength;', engine: 'embedded' } });
        },
        explain: path => {
          asked.push(path);
          return Promise.resolve({ ok: true, value: { markdown: '**x** is a number', engine: 'analysis' } });
        },
      },
    });
    assert.deepEqual(await cli.run('complete', 'src/a.ts:1:8'), { code: 0, out: 'ength;\n', err: '' });
    assert.deepEqual(await cli.run('explain', '/b.py:2:1'), { code: 0, out: '**x** is a number\n', err: '' });
    assert.deepEqual(asked, [[file, { line: 0, character: 7 }], '/b.py']);
    const { out } = await cli.run('complete', 'src/a.ts:1:8', '--json');
    assert.deepEqual(JSON.parse(out), { ok: true, found: true, text: 'ength;', engine: 'embedded' });
    assert.equal(cli.closed(), 3);
    assert.equal(cli.machine.pendingTimers(), 0);
  });

  it('say when there is nothing, and why something failed, with exit code 1', async () => {
    const nothing = createCli({
      session: { complete: () => Promise.resolve({ ok: true, value: undefined }) },
    });
    assert.deepEqual(await nothing.run('complete', 'a:1:1'), {
      code: 1,
      out: '',
      err: 'Nothing to suggest here.\n',
    });
    assert.deepEqual(JSON.parse((await nothing.run('complete', 'a:1:1', '--json')).out), {
      ok: true,
      found: false,
    });
    const message = 'a is larger than 50 MB.';
    const failing = createCli({ session: { explain: () => Promise.resolve({ ok: false, message }) } });
    assert.deepEqual(await failing.run('explain', 'a:1:1'), { code: 1, out: '', err: `${message}\n` });
    assert.deepEqual(JSON.parse((await failing.run('explain', 'a:1:1', '--json')).out), {
      ok: false,
      message,
    });
  });

  it('turn an unexpected error into one line and still close', async () => {
    const cli = createCli({ session: { complete: () => Promise.reject(new Error('worker ended')) } });
    assert.deepEqual(await cli.run('complete', 'a:1:1'), {
      code: 1,
      out: '',
      err: 'codriver complete: worker ended\n',
    });
    assert.equal(cli.closed(), 1);
  });

  it('give up after five minutes', async () => {
    let begun = (): void => {};
    const asked = new Promise<void>(resolve => (begun = resolve));
    const cli = createCli({
      session: {
        explain: (_file, _position, signal) =>
          new Promise(resolve => {
            signal.addEventListener('abort', () => resolve({ ok: false, message: 'It took too long.' }));
            begun();
          }),
      },
    });
    const running = cli.run('explain', 'a:1:1');
    await asked;
    await cli.machine.advance(300_000);
    assert.deepEqual(await running, { code: 1, out: '', err: 'It took too long.\n' });
  });
});

describe('fix in a terminal', () => {
  it('prints a diff and writes nothing by itself', async () => {
    const cli = cliWithFix(fixed);
    const { code, out, err } = await cli.run('fix', 'src/a.ts');
    assert.equal(code, 1);
    assert.equal(
      out,
      '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,2 +1,2 @@\n-const lenght = 1;\n+const length = 1;\n console.log(length);\n',
    );
    assert.equal(
      err,
      "src/a.ts:1: Change 'lenght' to 'length'\nsrc/a.ts:5: not repaired: x is not used\nNot written; use --write to apply it.\n",
    );
    assert.equal(cli.machine.textOf(file), before);
  });

  it('writes with --write, and once only', async () => {
    const cli = cliWithFix(fixed);
    const { code, err } = await cli.run('fix', 'src/a.ts', '--write');
    assert.equal(code, 0);
    assert.match(err, /Written to src\/a\.ts/);
    assert.equal(cli.machine.textOf(file), fixed.after);
    const again = await cli.run('fix', 'src/a.ts', '--write');
    assert.deepEqual(
      [again.code, again.err],
      [1, '/srv/project/src/a.ts changed meanwhile, so nothing was written. Try again.\n'],
    );
    assert.equal(cli.machine.textOf(file), fixed.after);
  });

  it('says so when nothing is to repair', async () => {
    const cli = cliWithFix({ before, after: before, repaired: [], remaining: [] });
    assert.deepEqual(await cli.run('fix', 'src/a.ts'), { code: 0, out: '', err: 'Nothing to repair.\n' });
  });

  it('tells programs everything', async () => {
    const { code, out } = await cliWithFix(fixed).run('fix', 'src/a.ts', '--json');
    const { diff, ...rest } = JSON.parse(out) as Record<string, unknown>;
    assert.equal(code, 1);
    assert.match(String(diff), /^--- a\/src\/a\.ts/);
    const { repaired, remaining } = fixed;
    assert.deepEqual(rest, { ok: true, changed: true, written: false, repaired, remaining });
  });
});

describe('trust', () => {
  it('is granted and taken back by real path', async () => {
    const cli = createCli({ files: { [`${cwd}/a`]: '', '/link': { link: cwd } } });
    assert.match((await cli.run('trust', '/link')).out, /^\/srv\/project is trusted:/);
    assert.deepEqual([...cli.trusted], [cwd]);
    assert.match((await cli.run('trust')).out, /trusted already/);
    assert.match((await cli.run('untrust')).out, /no longer trusted/);
    assert.match((await cli.run('untrust')).out, /was not trusted/);
    assert.deepEqual([...cli.trusted], []);
  });

  it('is not granted to a file, to nothing, to home or to what is around it', async () => {
    const files = { '/srv/file': '', '/home/dev/x': '', '/athome': { link: '/home/dev' } };
    const cli = createCli({ files });
    for (const place of ['/srv/file', '/srv/missing', '/home/dev', '/athome', '/home', '/']) {
      const { code, err } = await cli.run('trust', place);
      assert.equal(code, 1, place);
      assert.notEqual(err, '');
    }
    assert.deepEqual([...cli.trusted], []);
  });
});
