import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';
import { check } from '../../server/edits/check.ts';
import { applyEdits, countedLines, splitLines } from '../../server/edits/lines.ts';

const insert = (newText: string): TextEdit[] => [
  { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText },
];

describe('edits: check', () => {
  const bad: [name: string, text: string, code: string][] = [
    ...[
      0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x200b, 0x2060, 0x2063, 0x00ad, 0x034f, 0x115f,
      0x3164, 0xfeff, 0xe0041, 0x2028, 0x1b, 0x07, 0x90, 0x200d, 0x200c, 0x200f, 0xfe01,
    ].map((code): [string, string, string] => [
      `U+${code.toString(16)}`,
      `const a = 'x${String.fromCodePoint(code)}y';\n`,
      'hidden-character',
    ]),
    ['a tag text behind a flag', `// ${'\u{1f3f4}'}${'\u{e0061}'.repeat(30)}\n`, 'hidden-character'],
    ['a lone surrogate', "const a = '\ud800';\n", 'lone-surrogate'],
    ['far too much', `${'x'.repeat(100)}\n`.repeat(6000), 'too-large'],
    ['conflict markers', '<<<<<<< HEAD\na\n', 'marker'],
    ['an edit marker', '>>>>>>> REPLACE\n', 'marker'],
  ];
  for (const [name, text, code] of bad) {
    it(`refuses ${name}`, () => {
      const checked = check({ path: 'a.ts', before: 'const b = 1;\n', edits: insert(text) });
      assert.equal(checked.ok ? 'accepted' : checked.code, code);
    });
    if (code === 'hidden-character') {
      it(`does not blame an edit for ${name} that was there`, () => {
        const before = `${text}const b = 1;\n`;
        const edits = [
          { range: { start: { line: 1, character: 10 }, end: { line: 1, character: 11 } }, newText: '2' },
        ];
        assert.equal(check({ path: 'a.ts', before, edits }).ok, true);
      });
    }
  }

  const good = [
    'שלום',
    'مرحبا بالعالم',
    '\u200fעברית\u200e (x)',
    'می\u200cخواهم',
    'क्\u200dष',
    '👩\u200d👩\u200d👧\u200d👦',
    '🏳\ufe0f\u200d🌈',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '❤\ufe0f 1\ufe0f\u20e3',
    '漢\u{e0100}字',
    'naïve café Ünïcödé',
    '日本語 한국어 ไทย',
    '\t\f',
    '⠋⠙⠹⠀⠸',
  ];
  for (const text of good) {
    it(`accepts ${text}`, () => {
      assert.equal(check({ path: 'a.ts', before: '', edits: insert(`const a = '${text}';\n`) }).ok, true);
    });
  }

  const remote = [
    '{ "$schema": "https://evil.example/s.json" }',
    '{ "$ref": "http://evil.example/s.json#/a" }',
    '{ "@context": "https://evil.example/c" }',
    '{ "extends": ["https://evil.example/base.json"] }',
    '# yaml-language-server: $schema=https://evil.example/s.json',
    '#:schema https://evil.example/s.json',
    '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">',
    '<!ENTITY % x SYSTEM "http://evil.example/x">',
    '<a xsi:schemaLocation="urn:a http://evil.example/a.xsd">',
    '<?xml-stylesheet type="text/xsl" href="http://evil.example/a.xsl"?>',
    '<?xml-model href="https://evil.example/a.rnc"?>',
    '<xi:include href="http://evil.example/a.xml"/>',
    '<xs:import namespace="a" schemaLocation="//evil.example/a.xsd"/>',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://evil.example/x.dtd">',
  ];
  for (const text of remote) {
    it(`points out ${text}`, () => {
      const checked = check({ path: 'a', before: '', edits: insert(`${text}\n`) });
      assert(checked.ok);
      assert.match(checked.warnings.join(), /evil\.example/);
    });
  }
  for (const text of [
    '<!DOCTYPE html>',
    'see https://example.org',
    '<a href="https://example.org">x</a>',
    'extends Base',
  ]) {
    it(`says nothing about ${text}`, () => {
      const checked = check({ path: 'a', before: '', edits: insert(`${text}\n`) });
      assert(checked.ok);
      assert.deepEqual(checked.warnings, []);
    });
  }

  it('is quick with hostile text', () => {
    for (const text of [
      '<!DOCTYPE '.repeat(2000),
      '"$schema":'.repeat(5000),
      '<xs:import '.repeat(2000),
      '<?xml-model '.repeat(2000),
    ]) {
      assert.equal(check({ path: 'a', before: '', edits: insert(text) }).ok, true);
    }
  });

  it('applies edits as the library does', () => {
    const document = 'a\r\nb\rc\n\nd😀e';
    const position = fc.record({ line: fc.nat(6), character: fc.nat(5) });
    fc.assert(
      fc.property(position, position, fc.string(), (one, two, newText) => {
        const [start, end] =
          one.line < two.line || (one.line === two.line && one.character <= two.character)
            ? [one, two]
            : [two, one];
        const edits = [{ range: { start, end }, newText }];
        const library = TextDocument.applyEdits(TextDocument.create('a:b', 'x', 1, document), edits);
        assert.equal(applyEdits(document, edits), library);
      }),
      { numRuns: 300, seed: 6 },
    );
    assert.equal(countedLines(splitLines('a\nb\n')), 2);
  });
});
