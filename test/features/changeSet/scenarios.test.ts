/**
 * Folders of what a person does with a change-set: `before/` are the files, `to/` what a model wants them to be (or
 * `set.changes.diff`, a document from elsewhere), `steps.txt` what is done, `after/` the whole tree then, the document
 * included, and `said.txt` what the person was told; both are renewed with UPDATE=1.
 *
 * A step is a command without `codriver.` and the line of the document that it is run on, told by what it holds:
 * `acceptHunk +new`. Others: `open PATH`, `type PATH /old/new/`, `edit /old/new/` (the document), `undo`, `redo`,
 * `restart`, `problems`.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChangeSetWorld } from './world.ts';

const root = join(import.meta.dirname, '../../fixtures/changeSets');
const update = process.env['UPDATE'] === '1';

function readTree(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), readFileSync(path, 'utf8'));
  }
  return files;
}

async function run(folder: string): Promise<{ tree: Map<string, string>; said: string }> {
  const before = readTree(join(folder, 'before'));
  const world = new ChangeSetWorld(Object.fromEntries(before));
  const given = join(folder, 'set.changes.diff');
  const path = '/w/.codriver/changes/set.changes.diff';
  if (existsSync(given)) {
    world.machine.plant(path, readFileSync(given, 'utf8'));
    world.use(path);
  } else {
    const to = readTree(join(folder, 'to'));
    const names = [...new Set([...before.keys(), ...to.keys()])].sort();
    await world.show(
      names.map(name => ({ path: name, before: before.get(name) ?? null, after: to.get(name) ?? null })),
    );
  }
  for (const step of readFileSync(join(folder, 'steps.txt'), 'utf8').trim().split('\n')) {
    const [, what = '', rest = ''] = /^(\S+) ?(.*)$/.exec(step) ?? [];
    await take(world, what, rest);
  }
  const tree = new Map<string, string>();
  for (const file of world.machine.pathsUnder('/w')) tree.set(file.slice(3), world.textOf(file) ?? '');
  for (const uri of world.documents.keys()) {
    const file = new URL(uri).pathname;
    tree.set(decodeURIComponent(file).slice(3), world.textOf(decodeURIComponent(file)) ?? '');
  }
  const said = world.said.map(each => `${each.replace(/c[0-9a-z]{12,}/g, 'ID')}\n`).join('');
  return {
    tree: new Map([...tree].map(([name, text]) => [name, text.replace(/\(c[0-9a-z]{12,}\)/g, '(ID)')])),
    said,
  };
}

async function take(world: ChangeSetWorld, what: string, rest: string): Promise<void> {
  const replaced = (text: string, pattern: string) => {
    const [, old = '', fresh = ''] = pattern.split('/').map(each => each.replaceAll('\\n', '\n'));
    assert.ok(text.includes(old), `nothing to replace: ${old}`);
    return text.replace(old, () => fresh);
  };
  if (what === 'open') world.open(`/w/${rest}`, world.machine.textOf(`/w/${rest}`) ?? '');
  else if (what === 'type') {
    const [, path = '', pattern = ''] = /^(\S+) (.*)$/.exec(rest) ?? [];
    world.type(`/w/${path}`, replaced(world.textOf(`/w/${path}`) ?? '', pattern));
  } else if (what === 'edit') world.type(new URL(world.set).pathname, replaced(world.setText, rest));
  else if (what === 'restart') await world.restart();
  else if (what === 'problems') world.said.push(...(await world.problems()));
  else if (what === 'undo' || what === 'redo') world.said.push((await world.changes.revert(what)).message);
  else {
    const line = world.setText.split('\n').findIndex(each => rest === '' || each.includes(rest));
    assert.ok(line >= 0, `no line holds ${rest}`);
    if (!world.offers(line).has(what)) world.said.push(`(not offered: ${what})`);
    await world.act(what, line);
  }
}

describe('change-sets, by scenario', () => {
  for (const name of readdirSync(root)) {
    it(name, async () => {
      const folder = join(root, name);
      const { tree, said } = await run(folder);
      if (update) {
        rmSync(join(folder, 'after'), { recursive: true, force: true });
        for (const [path, text] of tree) {
          const file = join(folder, 'after', path.replace(/^\.codriver\/changes\/.*$/, 'set.changes.diff'));
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, text);
        }
        writeFileSync(join(folder, 'said.txt'), said);
      }
      const now = new Map(
        [...tree].map(([path, text]) => [
          path.replace(/^\.codriver\/changes\/.*$/, 'set.changes.diff'),
          text,
        ]),
      );
      assert.deepEqual(Object.fromEntries(now), Object.fromEntries(readTree(join(folder, 'after'))));
      assert.equal(said, readFileSync(join(folder, 'said.txt'), 'utf8'));
    });
  }
});
