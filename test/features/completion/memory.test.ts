import assert from 'node:assert/strict';
import { Document } from '../../../server/base/document.ts';
import { SuggestionMemory } from '../../../server/features/completion/memory.ts';
import { siteAt } from '../../../server/features/completion/site.ts';

const uri = 'file:///a.ts';
const far = `${'// a line that stands far away\n'.repeat(30)}`;

function siteOf(marked: string, of = uri) {
  const offset = marked.indexOf('$0');
  const document = new Document(of, 'typescript', 1, marked.replace('$0', ''));
  const position = document.positionAt(offset);
  return siteAt(document, { uri: of, position, trigger: 'automatic', patience: 'until-done' });
}

const remembered = { engine: 'model', confidence: 1, replaces: 0, local: false, checked: true };

describe('what was suggested is remembered', () => {
  const cases: readonly (readonly [
    name: string,
    asked: string,
    said: string,
    now: string,
    rest: string | undefined,
  ])[] = [
    ['at the same place', 'a = $0\nz', 'one(two);', 'a = $0\nz', 'one(two);'],
    ['while it is typed', 'a = $0\nz', 'one(two);', 'a = one($0\nz', 'two);'],
    ['up to its last character', 'a = $0\nz', 'one;', 'a = one$0\nz', ';'],
    ['not when it is all there', 'a = $0\nz', 'one;', 'a = one;$0\nz', undefined],
    ['not when something else is typed', 'a = $0\nz', 'one;', 'a = ox$0\nz', undefined],
    ['not when its line is another', 'a = $0\nz', 'one;', 'b = on$0\nz', undefined],
    ['not before its place', 'a = $0\nz', 'one;', 'a =$0\nz', undefined],
    ['not with another line behind the cursor', 'a = $0\nz', 'one;', 'a = on$0\ny', undefined],
    ['not with something right of the cursor', 'a = $0\nz', 'one;', 'a = on$0)\nz', undefined],
    ['over lines', 'f {$0\n}', '\n  one();\n  two();', 'f {\n  one();\n  t$0\n}', 'wo();'],
    [
      'over lines that the editor ends in its own way',
      'f {$0\r\n}',
      '\n  one();\n  two();',
      'f {\r\n  one();\r\n  t$0\r\n}',
      'wo();',
    ],
    ['with a bracket that the editor closed', 'a = f$0\nz', '(one);', 'a = f($0)\nz', 'one);'],
    ['with two', 'a = f$0\nz', '([one]);', 'a = f([$0])\nz', 'one]);'],
    ['not with a bracket that it does not close', 'a = f$0\nz', '(one', 'a = f($0)\nz', undefined],
    ['after an edit far above', `${far}a = $0\nz`, 'one;', `// new\n${far}a = o$0\nz`, 'ne;'],
    ['after an edit far below', `a = $0\n${far}z`, 'one;', `a = o$0\n${far}y`, 'ne;'],
    [
      'not after an edit near above',
      `b\n${far.slice(0, 200)}a = $0\nz`,
      'one;',
      `c\n${far.slice(0, 200)}a = o$0\nz`,
      undefined,
    ],
    ['at the start of the document', '$0', 'one', 'o$0', 'ne'],
    ['not at the start of a longer document', '$0\nz', 'one', 'x\no$0\nz', undefined],
    ['on a long line', `${far}${'x'.repeat(4_500)}$0`, 'one', `${far}${'x'.repeat(4_500)}o$0`, 'ne'],
    [
      'not after an edit just above a long line',
      `b\n${'x'.repeat(4_500)}$0`,
      'one',
      `c\n${'x'.repeat(4_500)}o$0`,
      undefined,
    ],
    ['not where a line is endless', `${'x'.repeat(30_000)}$0`, 'one', `${'x'.repeat(30_000)}o$0`, undefined],
  ];
  for (const [name, asked, said, now, rest] of cases) {
    it(name, () => {
      const memory = new SuggestionMemory();
      memory.remember(siteOf(asked), { ...remembered, text: said });
      assert.equal(memory.recall(siteOf(now))?.text, rest);
    });
  }

  it('replaces the bracket that the editor closed', () => {
    const memory = new SuggestionMemory();
    memory.remember(siteOf('a = f$0\nz'), { ...remembered, text: '(one);' });
    assert.equal(memory.recall(siteOf('a = f($0)\nz'))?.replaces, 1);
  });

  it('keeps suggestions of neighbouring places beside each other', () => {
    const memory = new SuggestionMemory();
    memory.remember(siteOf('a = $0\n'), { ...remembered, text: 'one;' });
    memory.remember(siteOf('a = t$0\n'), { ...remembered, text: 'wo;' });
    assert.equal(memory.recall(siteOf('a = o$0\n'))?.text, 'ne;');
    assert.equal(memory.recall(siteOf('a = tw$0\n'))?.text, 'o;');
    assert.equal(memory.recall(siteOf('a = $0\n'))?.text, 'one;');
  });

  it('takes the newer of two at one place', () => {
    const memory = new SuggestionMemory();
    memory.remember(siteOf('a = $0\n'), { ...remembered, text: 'one;' });
    memory.remember(siteOf('a = $0\n'), { ...remembered, text: 'two;' });
    assert.equal(memory.recall(siteOf('a = $0\n'))?.text, 'two;');
    assert.equal(memory.recall(siteOf('a = o$0\n')), undefined);
  });

  it('asks this process again at the same place, and not while its suggestion is typed', () => {
    const memory = new SuggestionMemory();
    memory.remember(siteOf('a = $0\n'), { ...remembered, text: 'one;', local: true });
    assert.equal(memory.recall(siteOf('a = $0\n')), undefined);
    assert.equal(memory.recall(siteOf('a = o$0\n'))?.text, 'ne;');
  });

  it("keeps a model's silence for exactly its place", () => {
    const memory = new SuggestionMemory();
    memory.remember(siteOf('a = $0\n'), { ...remembered, text: '' });
    assert.equal(memory.recall(siteOf('a = $0\n'))?.text, '');
    assert.equal(memory.recall(siteOf('a = o$0\n')), undefined);
  });

  it('forgets one document, or all', () => {
    const memory = new SuggestionMemory();
    const other = 'file:///a.tsx';
    for (const of of [uri, other]) memory.remember(siteOf('a = $0\n', of), { ...remembered, text: 'one;' });
    memory.forget(uri);
    assert.equal(memory.recall(siteOf('a = $0\n')), undefined);
    assert.equal(memory.recall(siteOf('a = $0\n', other))?.text, 'one;');
    memory.forget();
    assert.equal(memory.recall(siteOf('a = $0\n', other)), undefined);
  });

  it('does not grow without end', () => {
    const memory = new SuggestionMemory();
    for (let i = 0; i < 1_000; i++)
      memory.remember(siteOf(`${i}\na = $0\n`), { ...remembered, text: 'one;' });
    assert.equal(memory.recall(siteOf('0\na = $0\n')), undefined);
    assert.equal(memory.recall(siteOf('999\na = $0\n'))?.text, 'one;');
  });
});
