import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addedHiddenCharacters,
  asPlaintext,
  codeFence,
  hiddenCharacters,
  markdown,
  markHidden,
  plain,
  plainLine,
} from '../../server/guard/sanitise.ts';
import { controlSequences, legitimateTexts, markdownPayloads, trojans } from '../fixtures/guard/payloads.ts';

/** What may not be in a text once its fences and one-line code spans are taken out, in any Markdown dialect. */
const forbidden: readonly (readonly [string, RegExp])[] = [
  ['a tag, comment, declaration or autolink', /<[A-Za-z/!?]/],
  ['an inline link or image', /\]\(/],
  ['a reference link', /\]\[/],
  ['a definition', /\]:/],
  ['an image', /!\[/],
  ['an open code span', /(?<!\\)`/],
  ['an address', /(?:https?|ftp):\/\/|www\.\S|\b(?:javascript|data|file|command|vbscript|vscode):[^\s`|*_]/i],
];

function withoutCode(safe: string): string {
  let fence: string | undefined;
  const text: string[] = [];
  for (const line of safe.split('\n')) {
    if (fence !== undefined) {
      if (line === fence) fence = undefined;
      continue;
    }
    fence = /^(`{3,})[\w+#.-]*$/.exec(line)?.[1];
    if (fence === undefined) text.push(line.replace(/\\[\\`]|(`+)(?!`).*?(?<!`)\1(?!`)/g, ' '));
  }
  assert.equal(fence, undefined, 'every fence is closed');
  return text.join('\n');
}

function assertSafe(source: string): void {
  const safe = markdown(source);
  const text = withoutCode(safe);
  for (const [what, pattern] of forbidden) {
    assert.ok(!pattern.test(text), `${what} in ${JSON.stringify(safe)} from ${JSON.stringify(source)}`);
  }
}

describe('markdown for the editor', () => {
  it('has 200 payloads', () => assert.ok(markdownPayloads.length >= 200, `${markdownPayloads.length}`));

  it('takes the teeth out of every payload, alone and in company', () => {
    for (const payload of markdownPayloads) {
      assertSafe(payload);
      assertSafe(`Text before.\n\n- ${payload}\n> ${payload}\n\n| a | b |\n|---|---|\n| ${payload} | x |\n`);
      assertSafe(`\`code\` ${payload} \`more\``);
    }
  });

  it('is safe for any pieces put together (property)', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...markdownPayloads,
        '`',
        '``',
        '```',
        '~~~',
        '\n',
        '\n\n',
        '|',
        '\\',
        '\\`',
        '<',
        '[',
        '](',
        ']:',
        ' ',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), pieces => {
        assertSafe(pieces.join(''));
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  const kept: readonly (readonly [string, string])[] = [
    ['# Title\n\nSome **bold** and *soft* text.', '# Title\n\nSome **bold** and *soft* text.'],
    ['Use `Map<string, number>` here.', 'Use `Map<string, number>` here.'],
    ['Returns Promise<void> when a < b.', 'Returns Promise&lt;void> when a < b.'],
    ['```ts\nconst a: Array<T> = [b](c);\n```', '```ts\nconst a: Array<T> = [b](c);\n```'],
    ['~~~\ncode\n~~~', '```\ncode\n```'],
    ['````md\n```\ninner\n```\n````', '````md\n```\ninner\n```\n````'],
    ['See [the docs](https://a.example/x).', 'See the docs (`https://a.example/x`).'],
    ['[run](command:evil.run)', 'run'],
    ['![alt](https://e.vil/p.png)', 'alt (`https://e.vil/p.png`)'],
    ['See https://a.example/x.', 'See `https://a.example/x`.'],
    ['| a | b |\n|---|---|\n| 1 | `x` |', '| a | b |\n|---|---|\n| 1 | `x` |'],
    ['| `a | <img src=x>` |\n|---|---|', '| a | &lt;img src=x> |\n|---|---|'],
    ['- one\n- two\n  1. three', '- one\n- two\n  1. three'],
    ['```js\nunclosed', '```js\nunclosed\n```'],
    ['- ```js\n  a();\n  ```', '-\n```js\na();\n```'],
    ['> ```js\n> a();\n> ```', '```js\na();\n```'],
    ['arr[0] and f(x)[1]', 'arr[0] and f(x)[1]'],
  ];
  for (const [source, expected] of kept) {
    it(`shows ${JSON.stringify(source)} readably`, () => assert.equal(markdown(source), expected));
  }

  it('gives clients without Markdown the text alone', () => {
    const source =
      '## Title\n\nA **bold** `word`, see [docs](https://a.example).\n\n```ts\nconst a = `*x*`;\n```\n';
    assert.equal(
      asPlaintext(source),
      'Title\n\nA bold word, see docs (https://a.example).\n\nconst a = `*x*`;',
    );
    assert.equal(asPlaintext('snake_case_name and a*b*c'), 'snake_case_name and a*b*c');
    assert.equal(asPlaintext(markdown('Promise<void>')), 'Promise<void>');
  });

  it('fences code that its content cannot leave (property)', () => {
    assert.equal(codeFence('a', 'ts'), '```ts\na\n```');
    assert.equal(codeFence('a\n```\nb\n', 'x y`'), '````\na\n```\nb\n````');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('`', '``', '~~~', '\n', 'a', ' ', '<b>')), pieces => {
        const block = codeFence(pieces.join(''), 'js');
        const [first = ''] = block.split('\n');
        const fence = first.replace('js', '');
        return block.split('\n').filter(line => line.trim() === fence).length === 1;
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});

describe('plain text for the editor', () => {
  it('has 150 control sequences', () =>
    assert.ok(controlSequences.length >= 150, `${controlSequences.length}`));

  const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

  it('lets none through and keeps the words around it', () => {
    for (const sequence of controlSequences) {
      for (const [before, after] of [
        ['left ', ' right'],
        ['', ''],
        ['a', '\nb'],
      ] as const) {
        const safe = plain(before + sequence + after);
        assert.ok(!harmful.test(safe), JSON.stringify(sequence));
        assert.ok(safe.startsWith(before), JSON.stringify([sequence, safe]));
      }
      assert.ok(plain(`left ${sequence}\u001b\\ right`).endsWith(' right'), JSON.stringify(sequence));
      assert.ok(!harmful.test(markdown(sequence)) && !harmful.test(asPlaintext(sequence)));
    }
  });

  it('is clean and settled after one pass (property)', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(...controlSequences, '\u001b', '\u009b', '\r', '\r\n', '\b', '\ud800', '\udc00'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const safe = plain(pieces.join(''));
        return !harmful.test(safe) && plain(safe) === safe && Buffer.from(safe).toString() === safe;
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('shows what would overwrite, on lines of its own', () => {
    assert.equal(plain('safe\rEVIL'), 'safe\nEVIL');
    assert.equal(plain('a\r\nb'), 'a\nb');
    assert.equal(plain('\u001b]8;;http://e.vil\u0007text\u001b]8;;\u0007'), 'text');
    assert.equal(plain('tab\tstays'), 'tab\tstays');
    assert.equal(plain('grüße 日本語 👩‍👩‍👧 שלום'), 'grüße 日本語 👩‍👩‍👧 שלום');
  });

  it('makes labels of one line', () => {
    assert.equal(plainLine(' a\n\tb  c '), 'a b c');
    assert.equal(plainLine('abcdef', 4), 'abc…');
    assert.equal(plainLine('ab👩cd', 4), 'ab…');
  });
});

describe('hidden characters', () => {
  for (const [name, text] of trojans) {
    it(`finds ${name}`, () => assert.notDeepEqual(hiddenCharacters(text), []));
  }

  it('finds 80 code points, each between letters of code', () => {
    const codePoints = [
      ...range(0x202a, 0x202e),
      ...range(0x2066, 0x2069),
      ...range(0x2060, 0x2064),
      ...range(0x206a, 0x206f),
      ...range(0xe0001, 0xe0001),
      ...range(0xe0020, 0xe004f),
      0x200b,
      0x200c,
      0x200d,
      0x200e,
      0x200f,
      0xfeff,
      0x00ad,
      0x034f,
      0x061c,
      0x115f,
      0x1160,
      0x3164,
      0xffa0,
      0x180e,
      0x2028,
      0x2029,
      0xfe00,
      0xfe0f,
      0xe0100,
      0xfff9,
      0xfffa,
      0xfffb,
      0x00,
      0x08,
      0x1b,
      0x7f,
      0x9b,
      0x17b4,
      0x1d173,
    ];
    assert.ok(codePoints.length >= 80, `${codePoints.length}`);
    for (const codePoint of codePoints) {
      const found = hiddenCharacters(`if (isAdmin${String.fromCodePoint(codePoint)}) {`);
      assert.equal(found.length, 1, `U+${codePoint.toString(16)}`);
      assert.equal(found[0]?.offset, 11);
      assert.equal(found[0]?.codePoint, codePoint);
    }
  });

  it('reports none in legitimate text', () => {
    for (const text of legitimateTexts) {
      assert.deepEqual(hiddenCharacters(text), [], JSON.stringify(text));
      assert.equal(plain(text), text.replace(/\r\n/g, '\n').replace('\f', ''));
    }
  });

  it('says what an edit adds, not what was there', () => {
    assert.deepEqual(addedHiddenCharacters('a\u200bb', 'c a\u200bb'), []);
    assert.equal(addedHiddenCharacters('a\u200bb', 'a\u200bb\u200b').length, 1);
    assert.match(addedHiddenCharacters('', 'x\u202ey')[0]?.name ?? '', /right-to-left override \(U\+202E\)/);
  });

  it('writes them out for prompts', () => {
    assert.equal(markHidden('a\u202eb\u{e0041}c'), 'a‹U+202E›b‹U+E0041›c');
    assert.equal(markHidden('nothing'), 'nothing');
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
