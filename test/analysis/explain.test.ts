import assert from 'node:assert/strict';
import { plain } from '../../server/analysis/explain/markdown.ts';
import { readNumber } from '../../server/analysis/explain/numbers.ts';
import { readRegex } from '../../server/analysis/explain/regex.ts';
import { bench, cursor, never } from './bench.ts';

async function explain(
  file: string,
  marked: string,
  others: Record<string, string> = {},
): Promise<string | undefined> {
  const { text, position } = cursor(marked);
  const set = bench({ ...others, [file]: text });
  return (await set.analysis.explain(set.uri(file), position, never))?.markdown;
}

const source = `import { readFile as read } from 'node:fs/promises';

/**
 * Reads all rows.
 * @param file where they are
 */
export async function readRows(file: string, limit = 10): Promise<string[]> {
  if (!file) return [];
  const text = await read(file, 'utf8');
  const rows = [];
  for (const line of text.split('\\n')) {
    if (rows.length > limit) throw new RangeError('too many');
    rows.push(line);
  }
  return rows;
}
`;

describe('analysis/explain', () => {
  it('tells signature, doc, parameters, flow, calls and uses of a function', async () => {
    const text = await explain('a.ts', source.replace('readRows(', '$0readRows('), {
      'b.ts': "import { readRows } from './a';\nreadRows('x');\n",
    });
    assert.equal(
      text,
      [
        '```typescript\nexport async function readRows(file: string, limit = 10): Promise<string[]>\n```',
        'Reads all rows.',
        "An asynchronous function. Takes `file` (where they are) and `limit`. It returns early if `!file`, goes through `text.split('\\n')` and makes one decision. Waits for `read`. Throws `RangeError`. Calls `read`, `text.split` and `rows.push`.",
        'Used two times: `b.ts:1`.',
      ].join('\n\n'),
    );
  });

  it('tells of an imported name what stands where it is defined', async () => {
    const text = await explain('b.ts', "import { readRows } from './a';\n$0readRows('x');\n", {
      'a.ts': source,
    });
    assert.match(text ?? '', /^```typescript\nexport async function readRows\(/);
    assert.match(text ?? '', /Reads all rows\./);
    assert.match(text ?? '', /Comes from `\.\/a`/);
    assert.match(text ?? '', /Defined as a function in `a\.ts:/);
  });

  const cases: readonly (readonly [
    what: string,
    file: string,
    marked: string,
    includes: RegExp | undefined,
  ])[] = [
    [
      'an import',
      'a.ts',
      source.replace('await read(', 'await re$0ad('),
      /Comes from `node:fs\/promises`, where it is called `readFile`/,
    ],
    [
      'a parameter with its words',
      'a.ts',
      source.replace('read(file', 'read(fi$0le'),
      /A parameter of `readRows`\. where they are/,
    ],
    [
      'a local',
      'a.ts',
      source.replace('rows.push', 'ro$0ws.push'),
      /const rows = \[\];[\s\S]*declared on line 10/,
    ],
    [
      'a loop variable',
      'a.ts',
      source.replace('push(line', 'push(li$0ne'),
      /A variable, declared on line 11/,
    ],
    [
      'a recursive arrow',
      'a.ts',
      'const wa$0lk = (n: number): number => (n > 3 ? n : walk(n + 1));\n',
      /A function\. Takes `n`\. [\s\S]*Calls itself/,
    ],
    [
      'a class',
      'a.py',
      'class Sh$0op:\n    """Sells."""\n    def open(self): pass\n    def close(self): pass\n',
      /Sells\.[\s\S]*A class\. Has two methods: `open` and `close`/,
    ],
    [
      'a Python function',
      'a.py',
      'def fi$0nd(a, b=1):\n    """Finds it.\n\n    Args:\n        a: what to find\n    """\n    for x in a:\n        yield x\n',
      /Finds it\.[\s\S]*`a` \(what to find\) and `b`\. It goes through `a`\. Yields/,
    ],
    [
      'a Rust function',
      'a.rs',
      '/// Adds one.\nfn a$0dd(x: i32) -> i32 {\n    match x { 0 => 1, _ => x + 1 }\n}\n',
      /Adds one\.[\s\S]*chooses by `x` between two cases/,
    ],
    [
      'a Go method',
      'a.go',
      'package p\n\n// Run runs.\nfunc (s *S) Ru$0n(n int) error {\n\treturn s.do(n)\n}\n',
      /Run runs\.[\s\S]*A method\. Takes `n`\. Calls `s\.do`/,
    ],
    ['a name defined elsewhere', 'a.ts', 'oth$0er();\n', /Defined as a function in `lib\.ts:1`/],
    [
      'a word in a language without a grammar',
      'a.lua',
      'ot$0her()\n',
      /`other` is a function, defined in `w\/lib\.ts:1`/,
    ],
    ['a built-in', 'a.py', 'enume$0rate([])\n', /`enumerate` is built into Python/],
    ['a number', 'a.ts', 'const a = 0x$0ff00;\n', /`0xff00` is 65,280/],
    [
      'a regular expression',
      'a.ts',
      'const a = /^\\d$0+-x$/i;\n',
      /the start, then one or more digits, then `-x`, then the end \(ignoring case\)/,
    ],
    ['nothing for keywords', 'a.ts', 'ret$0urn;\n', undefined],
    ['nothing for white space', 'a.ts', 'a;  $0  \n', undefined],
    ['nothing for comments', 'a.py', '# so$0me words\n', undefined],
    ['nothing past the end', 'a.py', 'x = 1\n$0', undefined],
  ];
  for (const [what, file, marked, includes] of cases)
    it(`explains ${what}`, async () => {
      const text = await explain(file, marked, { 'lib.ts': 'export function other() {}\n' });
      if (includes) assert.match(text ?? '(nothing)', includes);
      else assert.equal(text, undefined);
    });

  it('never lets a comment become Markdown', async () => {
    const text = await explain(
      'a.ts',
      '/** ![x](http://evil/i.png) <img src=x> [a](command:b) `c` \u202E */\nfunction f$0() {}\n',
    );
    assert.ok(text);
    const words = text.split('\n\n')[1] ?? '';
    assert.doesNotMatch(words, /(?<!\\)!\[|(?<!\\)\[a|(?<!\\)<img|\u202E/);
  });

  it('keeps plain words plain', () => {
    assert.equal(plain('a *b* _c_ [d](e)', 99), 'a \\*b\\* \\_c\\_ \\[d\\](e)');
    assert.equal(plain('# no heading', 99), '\\# no heading');
    assert.match(plain('word '.repeat(40), 20), /…$/);
  });

  it('reads numbers only where that helps', () => {
    assert.equal(readNumber('42'), undefined);
    assert.equal(readNumber('86400000'), '`86400000` is 86,400,000; 1 day if it counts milliseconds.');
    assert.equal(readNumber('0b1010'), '`0b1010` is 10; bits 1 and 3 set.');
    assert.equal(readNumber('4096'), '`4096` is 2 to the power of 12; 4 KiB if it counts bytes.');
  });

  it('gives up on regular expressions that are too much', () => {
    assert.equal(readRegex('a'.repeat(3000), ''), undefined);
    assert.equal(readRegex('(', ''), undefined);
    assert.equal(
      readRegex('(?<year>\\d{4})|none', 'g'),
      'Matches (4 × digits) as `year`, or `none` (every match).',
    );
  });
});
