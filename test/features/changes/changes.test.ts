/** Every change of ours can be taken back exactly, whatever was typed since, or nothing is done and it is said why. */
import assert from 'node:assert/strict';
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { DocumentChange } from '../../../server/base/host.ts';
import type { RecordedChanges } from '../../../server/features/changes/changes.ts';
import { World } from './world.ts';

const replaceLine = (line: number, newText: string): TextEdit => ({
  range: { start: { line, character: 0 }, end: { line: line + 1, character: 0 } },
  newText,
});
const text = 'one\ntwo\nthree\nfour\n';

async function apply(
  world: World,
  changes: RecordedChanges,
  label: string,
  ...documents: (Omit<DocumentChange, 'uri' | 'version'> & { path: string })[]
): Promise<void> {
  const outcome = await changes.apply({
    label,
    documents: documents.map(({ path, ...rest }) => {
      const uri = world.uri(path);
      return { uri, version: world.documents.get(uri)?.version ?? null, ...rest };
    }),
  });
  assert.ok(outcome.applied);
}

const FIRST = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

describe('undo and redo', () => {
  let world: World;
  let changes: RecordedChanges;
  beforeEach(() => {
    world = new World({ '/w/disk.txt': text });
    changes = world.session('a');
    world.open('/w/open.txt', text);
  });
  const edit = (label = 'Codriver: edit', line = 1, newText = 'TWO\n') =>
    apply(world, changes, label, { path: '/w/open.txt', edits: [replaceLine(line, newText)] });
  const now = () => world.textOf('/w/open.txt');

  it('tells which change was made, also where another one is made at the same time', async () => {
    const make = (label: string, path: string) =>
      changes.apply({
        label,
        documents: [
          {
            uri: world.uri(path),
            version: null,
            create: true,
            edits: [{ range: FIRST, newText: `${label}\n` }],
          },
        ],
      });
    const made = await Promise.all([
      make('one', '/w/1.txt'),
      make('two', '/w/2.txt'),
      make('three', '/w/3.txt'),
    ]);
    for (const [i, label] of ['one', 'two', 'three'].entries()) {
      const outcome = made[i];
      const [chain] = await changes.find((outcome?.applied && outcome.change) || 'none');
      assert.equal(chain?.label, label);
    }
  });

  it('puts no line in twice that another change has brought back', async () => {
    const insert = {
      range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } },
      newText: 'X\n',
    };
    await apply(world, changes, 'adds', { path: '/w/open.txt', edits: [insert] });
    const [adds] = await changes.chains();
    await apply(world, changes, 'deletes', { path: '/w/open.txt', edits: [replaceLine(2, '')] });
    const deletes = (await changes.chains()).at(-1);
    // The deletion has taken it back already; undone, it brings the line back.
    assert.ok((await changes.revert('undo', { id: adds?.root ?? '' })).ok);
    assert.equal(now(), text);
    assert.ok((await changes.revert('undo', { id: deletes?.root ?? '' })).ok);
    const with1 = 'one\ntwo\nX\nthree\nfour\n';
    assert.equal(now(), with1);
    world.type('/w/open.txt', `zero\n${with1}`);
    const again = await changes.revert('redo', { id: adds?.root ?? '' });
    assert.ok(!again.ok);
    assert.match(again.message, /the same lines were changed since then \(line 4\)/);
    assert.equal(now(), `zero\n${with1}`);
  });

  it('takes the last change back, and puts it in again, as often as wanted', async () => {
    await edit();
    const changed = now();
    for (let i = 0; i < 4; i++) {
      const undone = await changes.revert('undo');
      assert.ok(undone.ok, undone.message);
      assert.match(undone.message, /^Undid “Codriver: edit” in 1 file \(c/);
      assert.equal(now(), text);
      assert.ok(!(await changes.revert('undo')).ok);
      assert.ok((await changes.revert('redo')).ok);
      assert.equal(now(), changed);
      assert.ok(!(await changes.revert('redo')).ok);
    }
    assert.equal(world.applied.at(-1)?.label, 'Redo Codriver: edit');
  });

  it('goes back one change after the other, and forward in reverse', async () => {
    await edit('first', 0, 'ONE\n');
    await edit('second', 1, 'TWO\n');
    await edit('third', 2, 'THREE\n');
    for (const left of ['ONE\nTWO\nthree\nfour\n', 'ONE\ntwo\nthree\nfour\n', text]) {
      assert.ok((await changes.revert('undo')).ok);
      assert.equal(now(), left);
    }
    for (const left of ['ONE\ntwo\nthree\nfour\n', 'ONE\nTWO\nthree\nfour\n', 'ONE\nTWO\nTHREE\nfour\n']) {
      assert.ok((await changes.revert('redo')).ok);
      assert.equal(now(), left);
    }
  });

  it('takes back one in the middle, by the beginning of its id', async () => {
    await edit('first', 0, 'ONE\n');
    await world.machine.advance(5);
    await edit('second', 1, 'TWO\n');
    const [first] = await changes.chains();
    assert.ok((await changes.revert('undo', { id: first?.root.slice(0, -1) ?? '' })).ok);
    assert.equal(now(), 'one\nTWO\nthree\nfour\n');
    const unknown = await changes.revert('undo', { id: 'nothing' });
    assert.match(unknown.message, /no change nothing/);
    const twice = await changes.revert('undo', { id: first?.root ?? '' });
    assert.match(twice.message, /undone already/);
    const many = await changes.revert('undo', { id: 'c' });
    assert.match(many.message, /2 changes begin with c/);
  });

  it('keeps what was typed since, also among equal lines', async () => {
    const brackets = '}\n}\n}\n';
    world.type('/w/open.txt', brackets);
    await edit('edit', 1, 'x\n');
    world.type('/w/open.txt', '}\n}\nx\n}\n}\n');
    assert.ok((await changes.revert('undo')).ok);
    assert.equal(now(), '}\n}\n}\n}\n}\n');
  });

  it('shows both texts where the person changed the same lines, and changes nothing at all', async () => {
    await apply(
      world,
      changes,
      'two files',
      { path: '/w/open.txt', edits: [replaceLine(1, 'TWO\n')] },
      { path: '/w/disk.txt', edits: [replaceLine(0, 'ONE\n')] },
    );
    world.type('/w/open.txt', 'one\nTWO and more\nthree\nfour\n');
    const refused = await changes.revert('undo');
    assert.ok(!refused.ok);
    assert.match(
      refused.message,
      /not undone: open\.txt: the same lines were changed since then \(line 2\)\. Nothing was changed/,
    );
    assert.deepEqual(refused.conflicts[0]?.places, [
      { line: 1, left: 'TWO\n', now: 'TWO and more\n', wanted: 'two\n' },
    ]);
    assert.equal(world.textOf('/w/disk.txt'), text.replace('one', 'ONE'));
    // The other file alone can be taken back.
    assert.ok((await changes.revert('undo', { uri: world.uri('/w/disk.txt') })).ok);
    assert.equal(world.textOf('/w/disk.txt'), text);
    world.type('/w/open.txt', 'one\nTWO\nthree\nfour\n');
    assert.ok((await changes.revert('undo')).ok);
    assert.equal(now(), text);
  });

  it('knows a change that was taken back by hand', async () => {
    await edit();
    world.type('/w/open.txt', text);
    const version = world.documents.get(world.uri('/w/open.txt'))?.version;
    assert.ok((await changes.revert('undo')).ok);
    assert.equal(world.documents.get(world.uri('/w/open.txt'))?.version, version, 'nothing is sent');
    assert.ok((await changes.revert('redo')).ok);
    assert.equal(now(), text.replace('two', 'TWO'));
  });

  describe('files that are made and deleted', () => {
    const made = { path: '/w/new.txt', create: true, edits: [replaceLine(0, 'made\n')] };
    it('a made file goes, and comes back', async () => {
      await apply(world, changes, 'make', made);
      assert.ok((await changes.revert('undo')).ok);
      assert.equal(world.textOf('/w/new.txt'), undefined);
      assert.ok((await changes.revert('redo')).ok);
      assert.equal(world.textOf('/w/new.txt'), 'made\n');
    });
    it('a made file goes also where the editor gave it one line end more', async () => {
      await apply(world, changes, 'make', made);
      world.type('/w/new.txt', 'made\n\n');
      assert.ok((await changes.revert('undo')).ok);
      assert.equal(world.textOf('/w/new.txt'), undefined);
    });
    it('waits for an editor that has opened a made file and not told of its text', async () => {
      await apply(world, changes, 'make', made);
      world.open('/w/new.txt', '');
      const undo = changes.revert('undo');
      for (let i = 0; i < 4; i++) await world.machine.advance(50);
      world.type('/w/new.txt', 'made\n');
      const { message, ok } = await world.passing(undo);
      assert.ok(ok, message);
      assert.equal(world.textOf('/w/new.txt'), undefined);
    });
    it('a made file that the person changed stays, in the editor and on disk', async () => {
      await apply(world, changes, 'make', made);
      world.type('/w/new.txt', 'made\nand mine\n');
      assert.match((await changes.revert('undo')).message, /changed since it was made, so it is not deleted/);
      world.open('/w/new.txt', 'made\n');
      assert.match((await changes.revert('undo')).message, /on disk is another/);
      assert.equal(world.machine.textOf('/w/new.txt'), 'made\nand mine\n');
    });
    it('a made file that is gone already can still be made again', async () => {
      await apply(world, changes, 'make', made);
      world.machine.uproot('/w/new.txt');
      assert.ok((await changes.revert('undo')).ok);
      assert.ok((await changes.revert('redo')).ok);
      assert.equal(world.textOf('/w/new.txt'), 'made\n');
    });
    it('a deleted file comes back, unless there is another now', async () => {
      await apply(world, changes, 'delete', { path: '/w/disk.txt', edits: [], delete: true });
      assert.equal(world.textOf('/w/disk.txt'), undefined);
      world.type('/w/disk.txt', 'mine\n');
      assert.match((await changes.revert('undo')).message, /another text now/);
      assert.equal(world.textOf('/w/disk.txt'), 'mine\n');
      world.machine.uproot('/w/disk.txt');
      assert.ok((await changes.revert('undo')).ok);
      assert.equal(world.textOf('/w/disk.txt'), text);
      assert.ok((await changes.revert('redo')).ok);
      assert.equal(world.textOf('/w/disk.txt'), undefined);
    });
  });

  it('works in a later session, for files of this workspace only', async () => {
    await edit();
    await changes.settled();
    const later = world.session('b');
    world.documents.clear();
    world.machine.plant('/w/open.txt', `typed since\n${text.replace('two', 'TWO')}`);
    assert.ok((await later.revert('undo')).ok);
    assert.equal(world.textOf('/w/open.txt'), `typed since\n${text}`);
    await later.settled();
    world.places.changeFolders(['file:///elsewhere'], ['file:///w']);
    const foreign = await world.session('c').revert('redo');
    assert.match(foreign.message, /no change by Codriver to redo here/);
  });

  it('takes back what this session did before what another did', async () => {
    const other = world.session('b');
    await edit('mine', 0, 'ONE\n');
    await world.machine.advance(10);
    await apply(world, other, 'theirs', { path: '/w/open.txt', edits: [replaceLine(3, 'FOUR\n')] });
    await Promise.all([changes.settled(), other.settled()]);
    assert.match((await changes.revert('undo')).message, /Undid “mine”/);
    assert.equal(now(), 'one\ntwo\nthree\nFOUR\n');
    assert.match((await other.revert('undo')).message, /Undid “theirs”/);
    assert.equal(now(), text);
  });

  it('computes again when somebody types while the undo is on its way', async () => {
    await edit();
    let typed = 0;
    world.meanwhile = () => {
      if (typed++ === 0) world.type('/w/open.txt', `typed\n${now() ?? ''}`);
    };
    assert.ok((await changes.revert('undo')).ok);
    assert.equal(now(), `typed\n${text}`);
  });

  it('records nothing that was refused, and says why', async () => {
    world.answers = [{ applied: false, why: 'refused', message: 'read-only' }];
    const outcome = await changes.apply({
      label: 'no',
      documents: [{ uri: world.uri('/w/open.txt'), version: 1, edits: [replaceLine(0, 'x\n')] }],
    });
    assert.equal(outcome.applied, false);
    assert.deepEqual(await changes.chains(), []);
    await edit();
    world.answers = [{ applied: false, why: 'refused', message: 'read-only' }];
    assert.equal((await changes.revert('undo')).message, 'read-only');
    assert.equal(now(), text.replace('two', 'TWO'));
    assert.ok((await changes.revert('undo')).ok);
  });

  it('waits for an editor that tells of its changes late, and never takes an old text for an undone one', async () => {
    world.tellsLate = true;
    await edit();
    const undo = changes.revert('undo');
    while (world.machine.pendingTimers() === 0) await world.machine.advance(0);
    assert.equal(world.applied.length, 1);
    for (const tell of world.untold.splice(0)) tell();
    assert.ok((await world.passing(undo)).ok);
    for (const tell of world.untold.splice(0)) tell();
    assert.equal(now(), text);
  });

  it('waits for an editor that opened a file for the change and tells of that later', async () => {
    world.machine.plant('/w/closed.ts', text);
    const uri = world.uri('/w/closed.ts');
    const edits = [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: 'new\n' },
    ];
    await changes.apply({ label: 'edit', documents: [{ uri, version: null, edits }] });
    // Neovim changes a buffer, has it opened here as it was, and tells of the change after a pause.
    world.machine.plant('/w/closed.ts', text);
    const document = world.open('/w/closed.ts', text);
    const undo = changes.revert('undo');
    while (world.machine.pendingTimers() === 0) await world.machine.advance(0);
    document.update([{ text: `new\n${text}` }], document.version + 1);
    assert.ok((await world.passing(undo)).ok);
    assert.equal(world.textOf('/w/closed.ts'), text);
  });

  for (const empty of ['', '\n', '\r\n']) {
    it(`waits for the text of a new file that was opened as ${JSON.stringify(empty)}`, async () => {
      const uri = world.uri('/w/made.txt');
      const start = { line: 0, character: 0 };
      const edits = [{ range: { start, end: start }, newText: 'made\n' }];
      await changes.apply({ label: 'make', documents: [{ uri, version: null, create: true, edits }] });
      world.machine.plant('/w/made.txt', '');
      const document = world.open('/w/made.txt', empty);
      const undo = changes.revert('undo');
      while (world.machine.pendingTimers() === 0) await world.machine.advance(0);
      document.update([{ text: 'made\n' }], document.version + 1);
      const { ok, message } = await world.passing(undo);
      assert.ok(ok, message);
      assert.equal(world.textOf('/w/made.txt'), undefined);
    });
  }

  it('gives up on an editor that never tells', async () => {
    world.tellsLate = true;
    await edit();
    const undo = changes.revert('undo');
    assert.match((await world.passing(undo)).message, /has not told yet/);
    assert.equal(world.applied.length, 1);
  });
});
