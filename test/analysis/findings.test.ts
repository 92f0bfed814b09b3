/** Looking for a missing bracket takes many parses; whoever asks for something else meanwhile must not wait. */
import assert from 'node:assert/strict';
import { bench, loadWasm, never } from './bench.ts';

const sound = 'function f(a) {\n  if (a) {\n    g([a, (1)]);\n  }\n}\n'.repeat(6);
const broken = `${sound}function last(a) {\n  if (a) {\n    g(a;\n  }\n}\n`;

describe('findings in a file that does not parse', () => {
  it('give way after each try, and are those that repairs are', async () => {
    let breaths = 0;
    const set = bench({ 'a.js': broken }, loadWasm, async () => void breaths++);
    const found = await set.analysis.findings(set.uri('a.js'), never);
    assert.ok(breaths >= 3, `${breaths} breaths`);
    assert.deepEqual(
      found.map(({ message }) => message),
      ["A ')' seems to be missing here."],
    );
  });

  it('end when nobody waits for them', async () => {
    let breaths = 0;
    const controller = new AbortController();
    const set = bench({ 'a.js': broken }, loadWasm, async () => {
      if (++breaths === 2) controller.abort();
    });
    assert.deepEqual(await set.analysis.findings(set.uri('a.js'), controller.signal), []);
    assert.equal(breaths, 2);
  });

  it('are none when the text has become another one', async () => {
    let breaths = 0;
    const set = bench({ 'a.js': broken }, loadWasm, async () => {
      breaths++;
      set.document('a.js').update([{ text: `// ${breaths}\n${broken}` }], 1 + breaths);
    });
    assert.deepEqual(await set.analysis.findings(set.uri('a.js'), never), []);
    assert.equal(breaths, 1);
  });
});
