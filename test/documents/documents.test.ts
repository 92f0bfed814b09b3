/** Markdown documents: read without loss, edited in their own region alone, whatever a person has written around. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';
import { append, replaceBody, tick } from '../../server/documents/edit.ts';
import {
  matterValue,
  type MatterValue,
  readFrontMatter,
  setMatter,
} from '../../server/documents/frontMatter.ts';
import {
  blockOf,
  codeOf,
  parseMarkdown,
  printLines,
  rangeOf,
  sectionAt,
  sectionsOf,
} from '../../server/documents/markdown.ts';

const applied = (text: string, edit: TextEdit) =>
  TextDocument.applyEdits(TextDocument.create('a:b', '', 0, text), [edit]);

const line = fc.oneof(
  fc.constantFrom(
    '---',
    'key: value',
    '# One',
    '## Two ##',
    '### Three',
    '```',
    '```ts',
    '````',
    '~~~ x',
    '- [ ] do',
  ),
  fc.constantFrom(
    '- [x] done',
    '2. [X] done',
    '',
    '  ',
    '    ## code',
    '#hash',
    'text',
    '> quote',
    'a: [b, "c"]',
  ),
  fc.string({ maxLength: 12 }).map(text => text.replace(/[\r\n]/g, ' ')),
);
const written = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
  .map(([lines, end, ended]) => lines.join(end) + (ended ? end : ''));

describe('Markdown documents', () => {
  it('print what was read, with blocks that leave nothing out', () => {
    fc.assert(
      fc.property(written, text => {
        const document = parseMarkdown(text);
        assert.equal(document.blocks.map(block => printLines(document, block)).join(''), text);
        assert.equal(document.blocks[0]?.first, 0);
        for (const [i, block] of document.blocks.entries())
          assert.equal(block.end, document.blocks[i + 1]?.first ?? document.lines.length);
        const oracle = TextDocument.create('a:b', '', 0, text);
        for (const block of document.blocks)
          assert.equal(oracle.getText(rangeOf(document, block)), printLines(document, block));
      }),
    );
  });

  const shapes: readonly [name: string, text: string, blocks: readonly string[]][] = [
    ['front matter only at the top', '---\na: 1\n---\n---\nb', ['frontMatter 0-3', 'text 3-5']],
    ['front matter without an end is text', '---\na: 1\n', ['text 0-3']],
    ['a heading in a fence is code', '```md\n## You\n```\n## You', ['fence 0-3', 'heading 3-4']],
    ['a shorter fence does not close', '````\n```\n````\n', ['fence 0-3', 'text 3-4']],
    ['another mark does not close', '~~~\n```\n# a\n~~~', ['fence 0-4']],
    ['an open fence goes to the end', 'a\n```\n# b\n', ['text 0-1', 'fence 1-4']],
    ['backticks in the info make no fence', '``` a`b\n# c', ['text 0-1', 'heading 1-2']],
    ['no heading without a blank', '#tag\n    # code\n', ['text 0-3']],
    [
      'boxes in all lists',
      '- [ ] a\n  * [x] b\n3) [X] c\n- [y] d',
      ['task 0-1', 'task 1-2', 'task 2-3', 'text 3-4'],
    ],
  ];
  for (const [name, text, blocks] of shapes) {
    it(name, () =>
      assert.deepEqual(
        parseMarkdown(text).blocks.map(({ kind, first, end }) => `${kind} ${first}-${end}`),
        blocks,
      ),
    );
  }

  it('know sections within sections, and which one a line is in', () => {
    const document = parseMarkdown('x\n# A\na\n## B ##\nb\n# C\n');
    const seen = sectionsOf(document).map(({ title, level, first, end, body }) => [
      title,
      level,
      first,
      end,
      body.end,
    ]);
    assert.deepEqual(seen, [
      ['A', 1, 1, 5, 3],
      ['B', 2, 3, 5, 5],
      ['C', 1, 5, 7, 7],
    ]);
    assert.deepEqual(
      [0, 1, 4, 6].map(at => sectionAt(document, at)?.title),
      [undefined, 'A', 'B', 'C'],
    );
    assert.equal(blockOf(document, 99), undefined);
  });

  it('give the code of a fence', () => {
    const document = parseMarkdown('```ts a.ts\nx\ny\n```\n~~~\nz');
    const [first, second] = document.blocks;
    assert.ok(first?.kind === 'fence' && second?.kind === 'fence');
    assert.deepEqual([codeOf(document, first), first.info, first.closed], ['x\ny\n', 'ts a.ts', true]);
    assert.deepEqual([codeOf(document, second), second.closed], ['z', false]);
  });

  it('append behind a section and touch nothing else', () => {
    fc.assert(
      fc.property(written, fc.nat(), (text, which) => {
        const document = parseMarkdown(text);
        const sections = sectionsOf(document);
        const section = sections[which % (sections.length + 1)];
        const after = applied(text, append(document, 'ADDED line', section));
        const [before = '', behind = ''] = after.split('ADDED line');
        assert.equal(after.split('ADDED line').length, 2);
        // Only blanks, and the end of an open fence, come and go around what was added.
        const bare = (part: string) => part.replace(/\s/g, '');
        const stop = section?.end ?? document.lines.length;
        assert.equal(bare(behind), bare(printLines(document, { first: stop, end: document.lines.length })));
        assert.ok(bare(before).startsWith(bare(printLines(document, { first: 0, end: stop }))));
        const now = parseMarkdown(after);
        const at = now.lines.findIndex(each => each.includes('ADDED line'));
        assert.equal(blockOf(now, at)?.kind, 'text');
        assert.equal(sectionsOf(now).length, sections.length);
        if (section) assert.ok((sectionAt(now, at)?.first ?? -1) >= section.first);
      }),
    );
  });

  it('append exactly so', () => {
    const cases: readonly [before: string, section: number | undefined, after: string][] = [
      ['', undefined, 'new\n'],
      ['# A', undefined, '# A\n\nnew\n'],
      ['# A\r\na\r\n\r\n\r\n# B\r\n', 0, '# A\r\na\r\n\r\nnew\r\n\r\n# B\r\n'],
      ['```\ncode', undefined, '```\ncode\n```\n\nnew\n'],
    ];
    for (const [before, index, after] of cases) {
      const document = parseMarkdown(before);
      const section = index === undefined ? undefined : sectionsOf(document)[index];
      assert.equal(applied(before, append(document, 'new', section)), after);
    }
  });

  it('replace the text below a heading and touch nothing else', () => {
    fc.assert(
      fc.property(written, fc.nat(), (text, which) => {
        const document = parseMarkdown(text);
        const sections = sectionsOf(document);
        fc.pre(sections.length > 0);
        const section = sections[which % sections.length];
        assert.ok(section);
        const after = parseMarkdown(applied(text, replaceBody(document, section, 'NEW')));
        const now = sectionsOf(after)[which % sections.length];
        assert.ok(now);
        assert.equal(printLines(after, now.body).trim(), 'NEW');
        const head = { first: 0, end: section.body.first };
        assert.equal(printLines(after, head).trimEnd(), printLines(document, head).trimEnd());
        const rest = { first: section.body.end, end: document.lines.length };
        const restNow = { first: now.body.end, end: after.lines.length };
        assert.equal(printLines(after, restNow), printLines(document, rest));
      }),
    );
  });

  it('tick one box by one character', () => {
    const text = 'a\n- [ ] one\n  1. [x] two\n';
    const boxes = parseMarkdown(text).blocks.filter(block => block.kind === 'task');
    const [one, two] = boxes;
    assert.ok(one && two);
    assert.equal(applied(text, tick(one, true)), text.replace('[ ]', '[x]'));
    assert.equal(applied(text, tick(two, false)), text.replace('[x]', '[ ]'));
  });
});

describe('front matter', () => {
  const read = (lines: string) => readFrontMatter(parseMarkdown(`---\n${lines}\n---\n`));

  const values: readonly [line: string, value: MatterValue][] = [
    ['a: word', 'word'],
    ['a: two words # why', 'two words'],
    ['a: x#y', 'x#y'],
    ['a: 12', 12],
    ['a: -1.5', -1.5],
    ['a: 007', '007'],
    ['a: true', true],
    ['a: "say \\"no\\""', 'say "no"'],
    ["a: 'it''s'", "it's"],
    ['a: "true" # text', 'true'],
    ['a: [b, "c, d", \'e\']', ['b', 'c, d', 'e']],
    ['a: []', []],
    ['a:', ''],
    ['a: http://x/y: z', 'http://x/y: z'],
  ];
  for (const [text, value] of values) {
    it(`reads ${text}`, () => {
      assert.deepEqual(read(text).errors, []);
      assert.deepEqual(matterValue(read(text), 'a'), value);
    });
  }

  const wrong: readonly [lines: string, line: number, message: RegExp][] = [
    ['a: 1\n  b: 2', 2, /key: value/],
    ['a:\n- b', 2, /key: value/],
    ['a: "open', 1, /"a" cannot be read/],
    ['a: {b: 1}', 1, /cannot be read/],
    ['a: [b', 1, /cannot be read/],
    ['a: [b, [c]]', 1, /cannot be read/],
    ['a: 1\na: 2', 2, /twice/],
  ];
  for (const [lines, line, message] of wrong) {
    it(`says what is wrong with ${JSON.stringify(lines)}`, () => {
      const { errors } = read(lines);
      assert.deepEqual(
        errors.map(error => error.line),
        [line],
      );
      assert.match(errors[0]?.message ?? '', message);
    });
  }

  it('sets a key, and changes its line alone', () => {
    const value = fc.oneof<fc.Arbitrary<MatterValue>[]>(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('true', '1', '[a]', '# x', "it's", ' x ', 'a, b', '-', '{a', 'x # y', ''),
      fc.boolean(),
      fc.integer({ min: -9_999, max: 9_999 }),
      fc.array(fc.string({ maxLength: 6 }), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(written, fc.constantFrom('key', 'other'), value, (text, key, wanted) => {
        const after = applied(text, setMatter(parseMarkdown(text), key, wanted));
        const document = parseMarkdown(after);
        assert.deepEqual(matterValue(readFrontMatter(document), key), wanted);
        const rest = (of: string) => {
          const parsed = parseMarkdown(of);
          const [matter] = parsed.blocks;
          return printLines(parsed, {
            first: matter?.kind === 'frontMatter' ? matter.end : 0,
            end: parsed.lines.length,
          });
        };
        assert.equal(rest(after), rest(text));
      }),
    );
  });
});
