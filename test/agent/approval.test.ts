import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { approve, checkApproval, resultOf } from '../../server/agent/approval.ts';
import { createNodeMachine } from '../../server/base/node.ts';
import { storeDirectories } from '../../server/store/directories.ts';
import { createApprovals } from '../../server/store/approvals.ts';

const result = { base: 'b', diff: 'd' };

describe('approval', () => {
  let folder: string;
  const machine = () => {
    const node = createNodeMachine({ level: 'error' });
    const environment = {
      ...node.environment,
      home: folder,
      variables: { XDG_STATE_HOME: join(folder, 'state') },
    };
    return { ...node, environment, log: { write: () => {} } };
  };
  const open = () => createApprovals(machine());
  const stored = () => join(storeDirectories(machine().environment).state, 'approvals');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codriver-approvals-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is of the task, the base and the difference that the person saw, also after a restart', async () => {
    const made = await approve('t1', result, result, open());
    assert.deepEqual(made, { ok: true, value: { task: 't1', ...result } });
    assert.ok(made.ok);
    assert.equal((await checkApproval('t1', made.value, result, open())).ok, true);
  });

  it('counts until its task is told to forget it', async () => {
    const made = await approve('t1', result, result, open());
    assert.ok(made.ok);
    assert.equal((await checkApproval('t1', made.value, result, open())).ok, true);
    await open().forget('t2');
    assert.equal((await checkApproval('t1', made.value, result, open())).ok, true);
    await open().forget('t1');
    assert.equal((await checkApproval('t1', made.value, result, open())).ok, false);
  });

  it('is not given to what was not shown', async () => {
    for (const now of [
      { ...result, diff: 'other' },
      { ...result, base: 'other' },
    ]) {
      const made = await approve('t1', result, now, open());
      assert.equal(made.ok, false);
    }
    assert.equal(await open().has({ task: 't1', ...result }), false);
  });

  it('does not hold for another result, task, or one that nobody gave', async () => {
    await approve('t1', result, result, open());
    const approval = { task: 't1', ...result };
    assert.equal((await checkApproval('t1', approval, { ...result, diff: 'x' }, open())).ok, false);
    assert.equal((await checkApproval('t2', approval, result, open())).ok, false);
    assert.equal((await checkApproval('t1', approval, result, open())).ok, true);
  });

  it('is only readable for its owner, and forgotten with its task', async () => {
    await approve('t1', result, result, open());
    const [file] = readdirSync(stored());
    assert.equal(statSync(join(stored(), file ?? '')).mode & 0o777, 0o600);
    await open().forget('t1');
    assert.equal(await open().has({ task: 't1', ...result }), false);
  });

  it('does not come from a damaged or forged file', async () => {
    await approve('t1', result, result, open());
    const [file] = readdirSync(stored());
    writeFileSync(join(stored(), file ?? ''), JSON.stringify({ task: 't1', ...result }));
    assert.equal((await checkApproval('t1', { task: 't1', ...result }, result, open())).ok, false);
  });

  it('is not there where the state cannot be written', async () => {
    writeFileSync(join(folder, 'state'), 'no folder');
    const made = await approve('t1', result, result, open());
    assert.equal(made.ok, false);
  });
});

describe('a result', () => {
  const bytes = (text: string) => ({ kind: 'file' as const, bytes: new TextEncoder().encode(text) });
  const of = (files: readonly (readonly [string, string, string])[], treeHash = 'h') =>
    resultOf(
      { base: { treeHash } },
      { files: files.map(([path, before, after]) => ({ path, before: bytes(before), after: bytes(after) })) },
    );

  it('is another for every other difference, and the same for the same', () => {
    const file = fc.tuple(fc.string(), fc.string(), fc.string());
    fc.assert(
      fc.property(fc.array(file, { maxLength: 3 }), fc.array(file, { maxLength: 3 }), (a, b) => {
        assert.deepEqual(of(a), of(a));
        const same = JSON.stringify(a) === JSON.stringify(b);
        assert.equal(of(a).diff === of(b).diff, same);
      }),
    );
  });

  it('is another on another base', () => assert.notEqual(of([], 'h').base, of([], 'i').base));
});
