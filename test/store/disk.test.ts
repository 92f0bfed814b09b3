/** The port to the person's files on the real machine, and the journal on it. */
import assert from 'node:assert/strict';
import {
  chmodSync,
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
import { nodeDisk } from '../../server/base/node/disk.ts';
import { createJournal } from '../../server/store/journal.ts';
import { createFakeClock } from '../support/memoryMachine.ts';

describe('the journal on the real machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codriver-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const journal = () =>
    createJournal({
      disk: nodeDisk,
      clock: createFakeClock().clock,
      log: { write: () => {} },
      directory: join(folder, 'state'),
    });

  it('replaces, makes and deletes; keeps modes whatever the mask; leaves nothing behind', async () => {
    const at = (name: string) => join(folder, name);
    writeFileSync(at('a'), 'old');
    chmodSync(at('a'), 0o775);
    writeFileSync(at('b'), 'gone');
    const outcome = await journal().apply([
      { path: at('a'), before: Buffer.from('old'), after: Buffer.from('new') },
      { path: at('b'), before: Buffer.from('gone'), after: undefined },
      { path: at('sub/c'), before: undefined, after: Buffer.from('made') },
    ]);
    assert.deepEqual(outcome, { ok: true });
    assert.equal(readFileSync(at('a'), 'utf8'), 'new');
    assert.equal(statSync(at('a')).mode & 0o777, 0o775);
    assert.equal(readFileSync(at('sub/c'), 'utf8'), 'made');
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'state', 'sub']);
    assert.deepEqual(readdirSync(at('state')), []);
  });

  it('follows no link and touches no folder', async () => {
    writeFileSync(join(folder, 'target'), 'text');
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    for (const path of [join(folder, 'link'), folder]) {
      const outcome = await journal().apply([{ path, before: Buffer.from('text'), after: Buffer.from('x') }]);
      assert.ok(!outcome.ok, path);
    }
    assert.equal(readFileSync(join(folder, 'target'), 'utf8'), 'text');
  });
});
