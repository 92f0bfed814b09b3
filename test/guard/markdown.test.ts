/** What a real CommonMark parser makes of sanitised Markdown: fences are where we think they are, and nothing in it is alive. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { asPlaintext, markdown } from '../../server/guard/sanitise.ts';
import { aliveIn } from '../support/alive.ts';
import { markdownPayloads } from '../fixtures/guard/payloads.ts';

function assertDead(source: string): void {
  const safe = markdown(source);
  for (const dialect of ['CommonMark', 'GFM'] as const) {
    const found = aliveIn(safe, dialect);
    assert.deepEqual(found, [], `${dialect}: ${JSON.stringify(safe)} from ${JSON.stringify(source)}`);
  }
}

const image = '![x](http://evil.example/i.png)';

/** `I` is the image that must not come alive. Fences that are and that are not, by the rules of CommonMark. */
const fences: readonly string[] = [
  '~~~ a`b\n```\n~~~\nI\n```',
  '~~~`\nI\n~~~\nI',
  '``` a`b\nI\n```\nI',
  '```a``` b\nI\n```\nI',
  '~~~ a ~~~\n```\n~~~\nI\n```',
  '    ~~~\nI\n    ~~~\nI',
  '   ```\n   a\n    ```\nI\n   ```\nI',
  '```\na\n    ```\nI\n```\nI',
  '\t```\nI\n\t```\nI',
  '````\n```\nI\n````\nI\n```\nI',
  '~~~\n```\n~~~~\nI\n```',
  '```\n~~~\nI\n```\nI\n~~~\nI',
  '```\na\n``` b\nI\n```\nI',
  '- ```\n  a\nI\n```\nI',
  '- - ```\n    a\n    ```\n\nI\n```',
  '1. ~~~ `\n   ```\n   ~~~\n   I\n   ```',
  '> ```\nI\n```\nI\n> ```\nI',
  '> ~~~ `\n> ```\n> ~~~\n> I\n> ```',
  '> - ```\n>   a\n> I\n> ```\nI',
  '- > ```\n  > a\n  I\n  ```\n  I',
  '>\t```\n>\ta\n>\t```\n> I',
  '-\t```\n\ta\n\t```\n\nI',
  '* + ~~~ `\nI\n```\nI',
  '10) ~~~ `\nI\n```\nI',
  '# ~~~ `\nI\n```\nI',
  'a\n~~~ `\nI\n```\nI\n~~~',
  '\\~~~ `\nI\n```\nI',
  '`\n~~~\n`\nI\n~~~\n',
  '``\n```\n``\nI\n```',
  '<!-- ~~~\n```\n-->\nI\n```',
  '| a |\n|---|\n| ~~~ ` |\n```\nI\n~~~\nI',
  '```\u00a0`\nI\n```\nI',
  '\u00a0```\nI\n```\nI',
  '```\r~~~ `\rI\r```\rI',
];

describe('sanitised Markdown in a CommonMark parser', () => {
  it('has an oracle that sees what is alive', () => {
    for (const [source, type] of [
      [image, 'image'],
      ['[a](b)', 'link'],
      ['[a]\n\n[a]: b', 'definition'],
      ['<http://a.example>', 'autolink'],
      ['x <b> y', 'htmlText'],
      ['<div>', 'htmlFlow'],
      ['www.a.example', 'literalAutolink'],
    ] as const) {
      assert.ok(aliveIn(source, 'GFM').includes(type), source);
    }
    assert.match(micromark(image), /<img/);
  });

  for (const fence of fences) {
    const source = fence.replaceAll('I', image);
    it(`keeps ${JSON.stringify(fence)} dead`, () => {
      assertDead(source);
      assertDead(source.replaceAll(image, '<img src=x>'));
      assertDead(source.replaceAll(image, 'https://e.vil/x'));
      assertDead(`text\n${source}\n\n${source}`);
      assert.doesNotMatch(micromark(markdown(source), { allowDangerousProtocol: true }), /<(?:img|a)\b/);
    });
  }

  it('keeps every payload dead', () => {
    for (const payload of markdownPayloads) {
      assertDead(payload);
      assertDead(`Text.\n\n- ${payload}\n> ${payload}\n\n~~~ \`\n${payload}\n\`\`\`\n`);
      assertDead(`\`code\` ${payload} \`more\``);
    }
  });

  it('keeps addresses dead, whatever stands around them', () => {
    for (const source of [
      'www.\\e.com`x`',
      'www. x',
      '_www.\\e.com`x`_',
      'http:\\//e.vil `x`',
      `${'a'.repeat(70)}@${'b'.repeat(70)}.example`,
      `a@b.${'c'.repeat(63)}http://e.vil\`x\``,
      'http://a.example/`b`',
      '`a`http://a.example`b`',
      '<http://a.example/`>`',
      '`<http://a.example>`',
      '`http://a.example`',
      '\\`http://a.example`',
      'xmpp:a@b.example/c mailto:a@b.example',
    ]) {
      assertDead(source);
    }
  });

  /** Separated by `¦`; `⏎`, `⇥` and `_` stand for what cannot be seen. */
  const pieces =
    '`¦``¦```¦````¦~¦~~~¦~~~~¦```_a¦~~~_a`b¦```js¦⏎¦⏎¦⏎¦⏎⏎¦_¦__¦___¦____¦⇥¦>_¦>¦-_¦-⇥¦*_¦1._¦10)_¦a¦\\¦#¦|¦|---|¦---¦===¦<¦>¦[¦]¦](¦]:¦![¦<b>¦<!--¦-->¦http://e.vil¦www.¦a@b.example¦[a]:_b¦&#96;'
      .replaceAll('_', ' ')
      .replaceAll('⏎', '\n')
      .replaceAll('⇥', '\t')
      .split('¦');
  const piece = fc.constantFrom(...pieces, '\u00a0', '\r', image, '<img src=x>');

  it('is dead for any pieces of fences put together (property)', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 16 }), some => assertDead(some.join(''))),
      { numRuns: 6000, seed: 1 },
    );
  });

  it('has the fences that the foreign text has', () => {
    for (const [source, code] of [
      ['~~~ a`b\n```\n~~~\nafter', '```'],
      ['```\na\n    ```\nb\n```\nafter', 'a\n    ```\nb'],
      ['````\n```\n````\nafter', '```'],
      ['~~~\n```\n~~~~\nafter', '```'],
      ['```\na\n``` b\n```\nafter', 'a\n``` b'],
      ['> ```\n> a\n\nafter', 'a'],
      ['- ```js\n  a\n  ```\n\nafter', 'a'],
      ['1. x\n\n    ```\n    a\n    ```\n\nafter', 'a'],
      ['1. x\n   - ~~~ `\n     a\n     ~~~\n\nafter', 'a'],
      ['-\t```\n\ta\n\t```\n\nafter', 'a'],
    ] as const) {
      const html = micromark(markdown(source));
      const blocks = [...html.matchAll(/<pre><code[^>]*>([^]*?)\n?<\/code><\/pre>/g)].map(each => each[1]);
      assert.deepEqual(blocks, [code], `${JSON.stringify(source)} is ${html}`);
      assert.match(html, /<p>after<\/p>$/);
    }
  });

  it('gives plaintext clients the same code', () => {
    assert.equal(asPlaintext('~~~ a`b\n**c**\n~~~\n**d**'), '**c**\nd');
    assert.match(asPlaintext('``` a`b\n**c**'), /\nc$/);
  });
});
