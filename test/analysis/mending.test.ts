/** Long searches of the analysis give way to others, are bounded, and are gone on with instead of begun again. */
import assert from 'node:assert/strict';
import { createAnalysis } from '../../server/analysis/create.ts';
import { Document } from '../../server/base/document.ts';
import { loadWasm } from './bench.ts';
import { memoryIndex } from './memoryIndex.ts';

const never = new AbortController().signal;
const URI = 'file:///w/a.ts';
const HERE = { start: { line: 1, character: 4 }, end: { line: 1, character: 4 } };
/** Two brackets are missing, so that many places are tried. */
const BROKEN = `function a(rows: number[] {\n  if (rows.length > (1) {\n    return [rows;\n  }\n}\n${Array.from(
  { length: 12 },
  (_, i) => `export function f${i}(x: number) { return [x, (x)]; }\n`,
).join('')}`;

/** An analysis whose clock moves on by `costs` whenever it gives way, and that counts how often that is. */
function slowly(text: string, costs = 0) {
  const document = new Document(URI, 'typescript', 1, text);
  let clock = 0;
  const turns = { taken: 0, during: () => {} };
  const analysis = createAnalysis({
    documents: { get: () => document },
    index: memoryIndex({ '/w/a.ts': text }),
    loadWasm,
    log: { write: () => {} },
    now: () => clock,
    async breathe() {
      turns.taken++;
      clock += costs;
      turns.during();
    },
  });
  return { analysis, document, turns };
}

describe('analysis/mending', () => {
  it('searches brackets one try a turn', async () => {
    const { analysis, turns } = slowly(BROKEN);
    await analysis.repairs(URI, HERE, [], Infinity, never);
    assert.ok(turns.taken > 10, `${turns.taken} turns`);
    analysis.release();
  });

  it('ends a search when its time is over, and goes on with it when asked again', async () => {
    const whole = slowly(BROKEN);
    const all = await whole.analysis.repairs(URI, HERE, [], Infinity, never);
    assert.ok(all.length > 0);
    const { analysis, turns } = slowly(BROKEN, 10);
    assert.deepEqual(await analysis.repairs(URI, HERE, [], 35, never), []);
    assert.equal(turns.taken, 4);
    assert.deepEqual(await analysis.repairs(URI, HERE, [], Infinity, never), all);
    assert.ok(turns.taken <= whole.turns.taken, `${turns.taken} of ${whole.turns.taken} turns`);
    // What is known already is there whatever the time.
    assert.deepEqual(await analysis.repairs(URI, HERE, [], 1, never), all);
    analysis.release();
    whole.analysis.release();
  });

  it('takes for repairs what was searched for findings', async () => {
    const { analysis, turns } = slowly(BROKEN);
    await analysis.findings(URI, never);
    const before = turns.taken;
    assert.ok(before > 10);
    await analysis.repairs(URI, HERE, [], 0, never);
    assert.equal(turns.taken, before);
    analysis.release();
  });

  it('begins anew with another text, and gives nothing where the text changes meanwhile', async () => {
    const { analysis, document, turns } = slowly(BROKEN);
    turns.during = () => {
      if (turns.taken === 3) document.update([{ text: 'export const a = 1;\n' }], 2);
    };
    assert.deepEqual(await analysis.findings(URI, never), []);
    assert.equal(turns.taken, 3);
    assert.deepEqual(await analysis.repairs(URI, HERE, [], Infinity, never), []);
    analysis.release();
  });

  it('looks at some names a turn', async () => {
    const uses = Array.from({ length: 100 }, () => 'console.log(value.length);\n').join('');
    const { analysis, turns } = slowly(`import { never } from './b';\nconst value = [];\n${uses}`);
    const found = await analysis.findings(URI, never);
    // A hundred times a global name, and two members.
    assert.equal(turns.taken, Math.ceil(300 / 40) - 1);
    assert.deepEqual(
      found.map(({ message }) => message),
      ["'never' is imported but not used."],
    );
    analysis.release();
  });
});
