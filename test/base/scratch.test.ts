import assert from 'node:assert/strict';
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScratchFolder } from '../../server/base/ports.ts';
import { nodeScratch } from '../../server/base/node/scratch.ts';

describe('base/scratch', function () {
  let outside: string;
  let folder: ScratchFolder;
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    outside = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-outside-')));
    writeFileSync(join(outside, 'theirs'), 'theirs');
    folder = await nodeScratch.create('test');
  });
  afterEach(async () => {
    await folder.dispose();
    rmSync(outside, { recursive: true, force: true });
  });

  it('is for this user alone', () => assert.equal(statSync(folder.path).mode & 0o777, 0o700));

  it('copies with the permission bits, and makes parents', async () => {
    writeFileSync(join(outside, 'run'), '#!', { mode: 0o755 });
    await folder.copy(join(outside, 'run'), 'a/b/run');
    assert.equal(statSync(join(folder.path, 'a/b/run')).mode & 0o777, 0o755);
  });

  it('writes in place of a link that a program has planted, never through it', async () => {
    symlinkSync(join(outside, 'theirs'), join(folder.path, 'file'));
    await folder.write('file', 'ours');
    assert.equal(readFileSync(join(folder.path, 'file'), 'utf8'), 'ours');
    assert.equal(readFileSync(join(outside, 'theirs'), 'utf8'), 'theirs');
  });

  it('goes through no folder that leads outside, and takes no name that does', async () => {
    symlinkSync(outside, join(folder.path, 'folder'));
    await assert.rejects(folder.write('folder/new', 'ours'), /leads out/);
    await assert.rejects(folder.copy(join(outside, 'theirs'), 'folder/new'), /leads out/);
    await assert.rejects(folder.write('../new', 'ours'), /does not lie in/);
    assert.ok(!existsSync(join(outside, 'new')));
  });

  it('goes away without what its links lead to', async () => {
    mkdirSync(join(outside, 'packages'));
    writeFileSync(join(outside, 'packages', 'x'), '');
    await folder.link(join(outside, 'packages'), 'node_modules');
    await folder.dispose();
    assert.ok(!existsSync(folder.path));
    assert.ok(existsSync(join(outside, 'packages', 'x')));
  });

  it('goes away also where a program has locked a folder', async () => {
    mkdirSync(join(folder.path, 'locked'));
    writeFileSync(join(folder.path, 'locked', 'x'), '');
    chmodSync(join(folder.path, 'locked'), 0o000);
    await folder.dispose();
    assert.ok(!existsSync(folder.path));
  });

  it('never fails to be given back', async () => {
    const { rm } = fs.promises;
    fs.promises.rm = () => Promise.reject(new Error('busy'));
    syncBuiltinESMExports();
    try {
      await folder.dispose();
    } finally {
      fs.promises.rm = rm;
      syncBuiltinESMExports();
    }
    assert.ok(existsSync(folder.path));
  });
});
