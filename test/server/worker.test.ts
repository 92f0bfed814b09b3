/** The worker thread dies: the server answers on, and the next worker knows all open documents. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ghost, hoverText, menu, offered, Place } from './support/place.ts';

/** Loaded into every thread of the server: a worker that is given a document with the word ends as a crash does. */
const saboteur = `
const { isMainThread, parentPort } = require('node:worker_threads');
const { existsSync, writeFileSync } = require('node:fs');
if (!isMainThread && parentPort) {
  const { FOOTPRINT, ALWAYS } = process.env;
  parentPort.on('message', message => {
    if (!JSON.stringify(message).includes('POISON')) return;
    if (ALWAYS || !existsSync(FOOTPRINT)) {
      writeFileSync(FOOTPRINT, '');
      throw new Error('poisoned');
    }
  });
}
`;

describe('the whole server, when its worker dies', () => {
  let place: Place;
  before(() => {
    place = new Place();
    place.write('saboteur.cjs', saboteur);
  });
  after(() => place.dispose());

  const options = (always: boolean) => ({
    env: {
      NODE_OPTIONS: `--require ${join(place.project, 'saboteur.cjs')}`,
      FOOTPRINT: join(place.folder, `footprint-${always}`),
      ...(always ? { ALWAYS: '1' } : {}),
    },
  });

  it('once: everything works again, with the documents as they are now', async () => {
    const editor = await place.start(options(false));
    const uri = place.open(editor, 'src/cart.ts');
    await hoverText(editor, uri, { line: 2, character: 20 });
    editor.type(uri, { line: 0, character: 0 }, '// first\n');
    editor.open(place.uri('src/poison.ts'), 'typescript', 'export const POISON = 1;\n');
    editor.type(uri, { line: 0, character: 0 }, '// second\n');
    assert.match(await hoverText(editor, uri, { line: 4, character: 20 }), /totalPrice/);
    await editor.choose(await offered(editor, uri, { line: 9, character: 20 }, 'Fix: '));
    await editor.nextEdit();
    assert.match(editor.textOf(uri), /= totalPrice\(items\)/);
    const settings = place.open(editor, 'src/settings.ts');
    editor.type(settings, { line: 13, character: 0 }, '  const settings = readSet');
    await menu(editor, settings, { line: 13, character: 26 }, /^readSettings\(path\);/);
    const { stderr } = await editor.shutdown();
    assert.match(stderr, /worker failed and will be started again: poisoned/);
  });

  it('again and again: every request is still answered, and the end is orderly', async () => {
    const editor = await place.start(options(true));
    const uri = place.uri('src/poison2.ts');
    editor.open(uri, 'typescript', 'export const POISON = 1;\nPOISN;\n');
    for (let i = 0; i < 8; i++) {
      await editor.hover(uri, { line: 0, character: 14 });
      await editor.complete(uri, { line: 1, character: 3 });
      await ghost(editor, uri, { line: 1, character: 3 });
      const all = { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } };
      await editor.codeActions(uri, all);
    }
    editor.type(uri, { line: 0, character: 0 }, '// still in step\n');
    await editor.shutdown();
  });
});
