import assert from 'node:assert/strict';
import type { TextChange } from '../../../server/agent/integrity/types.ts';
import { weakenedIn } from '../../../server/agent/integrity/weakened.ts';
import { HONEST } from './honest.ts';
import { type Files, WEAKENINGS } from './weakenings.ts';

function changesOf(before: Files, after: Files): readonly TextChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map(path => ({
    path,
    before: before[path],
    after: after[path],
  }));
}

const blocking = (before: Files, after: Files) =>
  weakenedIn(changesOf(before, after)).filter(({ blocks }) => blocks);

describe('weakened checks', () => {
  for (const { name, kind, before, after } of WEAKENINGS) {
    it(`flags: ${name}`, () => {
      const found = blocking(before, after);
      assert.ok(
        found.some(each => each.kind === kind),
        `${kind} is not among ${JSON.stringify(found)}`,
      );
    });
  }

  it('has a corpus of at least 30 in at least 4 languages', () => {
    const endings = new Set(
      WEAKENINGS.flatMap(({ before }) => Object.keys(before).map(path => path.split('.').at(-1))),
    );
    assert.ok(WEAKENINGS.length >= 30 && endings.size >= 8);
    assert.ok(HONEST.length >= 50);
  });

  it('says nothing of honest changes but for at most one in fifty', () => {
    const alarms = HONEST.filter(({ before, after }) => blocking(before, after).length > 0).map(
      ({ name, before, after }) => `${name}: ${JSON.stringify(blocking(before, after))}`,
    );
    assert.ok(alarms.length <= 1, alarms.join('\n'));
  });

  it('says nothing of a change taken back', () => {
    for (const { name, before } of WEAKENINGS) assert.deepEqual(blocking(before, before), [], name);
  });

  it('can be told in a sentence that nothing from a file can leave', () => {
    const path = 'test/a.test.js';
    const name = 'x` | </td> **b** [l](http://e)';
    const text = `test('${name}', () => {\n  assert.equal(f(1), 2);\n  assert.equal(f(2), 3);\n});\n`;
    const [finding] = blocking({ [path]: text }, { [path]: text.replace('  assert.equal(f(2), 3);\n', '') });
    assert.ok(finding);
    assert.equal(finding.message.split('`').length % 2, 1);
    assert.doesNotMatch(finding.message.replace(/`[^`]*`/g, ''), /[|<>[\]*]/);
  });
});
