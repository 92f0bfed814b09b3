import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = join(import.meta.dirname, '..', 'dist', 'codriver.cjs');

describe('the launcher and its code cache', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'codriver-launch-'));
    folder = join(home, 'codriver', 'code');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const run = (cache = home) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_CACHE_HOME: cache };
    const { status, stdout, stderr } = spawnSync(process.execPath, [binary, '--version'], {
      env,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /\d+\.\d+\.\d+/);
  };
  const cached = () => readdirSync(folder).sort();

  it('keeps the code in a folder and files of this user alone', () => {
    run();
    if (process.platform === 'win32') return;
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.ok(cached().some(name => name.endsWith('-main.cjs.bin')));
    for (const name of cached()) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  });

  it('writes nothing the second time', function () {
    run();
    const before = cached().map(name => statSync(join(folder, name)).ino);
    run();
    assert.deepEqual(
      cached().map(name => statSync(join(folder, name)).ino),
      before,
    );
  });

  it('survives a broken cache, and mends it', function () {
    run();
    const intact = () => cached().every(name => statSync(join(folder, name)).size > 1_000);
    const damages: ((bytes: Buffer) => Buffer)[] = [
      () => Buffer.from('not code'),
      () => Buffer.alloc(0),
      bytes => bytes.subarray(0, bytes.length >> 1),
      // A flipped bit in the middle: V8 does not check for it, and crashes.
      bytes => {
        for (let at = 200; at < bytes.length / 2; at += 97) bytes[at] = (bytes[at] as number) ^ 0x55;
        return bytes;
      },
      // What a file system leaves behind after a power failure.
      bytes => bytes.fill(0, 4096),
      bytes => bytes.fill(0),
    ];
    for (const damage of damages) {
      for (const name of cached()) {
        const path = join(folder, name);
        writeFileSync(path, damage(readFileSync(path)));
      }
      run();
      assert.ok(intact());
    }
  });

  it('does not follow a link in place of a cached file', function () {
    if (process.platform === 'win32') this.skip();
    run();
    const [name = ''] = cached();
    const elsewhere = join(home, 'elsewhere.bin');
    writeFileSync(elsewhere, 'untouched');
    rmSync(join(folder, name));
    symlinkSync(elsewhere, join(folder, name));
    run();
    assert.equal(readFileSync(elsewhere, 'utf8'), 'untouched');
    assert.ok(statSync(join(folder, name)).size > 100);
  });

  for (const mode of [0o777, 0o770, 0o755]) {
    it(`leaves a folder alone that others may look into (${mode.toString(8)})`, function () {
      if (process.platform === 'win32') this.skip();
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, mode);
      run();
      assert.deepEqual(cached(), []);
    });
  }

  it('leaves a folder alone that is a link', function () {
    if (process.platform === 'win32') this.skip();
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    mkdirSync(join(home, 'codriver'));
    symlinkSync(elsewhere, folder);
    run();
    assert.deepEqual(readdirSync(elsewhere), []);
  });

  it('runs without a place for a cache', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    run(file);
  });

  it('removes what other builds left', function () {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(join(home, 'codriver'), 0o700);
    writeFileSync(join(folder, '0000-v1-main.cjs.bin'), '');
    run();
    assert.ok(!cached().includes('0000-v1-main.cjs.bin'));
  });
});
