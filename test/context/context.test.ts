import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document } from '../../server/base/document.ts';
import { snapToCodePoint } from '../../server/base/text.ts';
import { actionContext } from '../../server/context/actionContext.ts';
import { CompletionContexts, windowAlone } from '../../server/context/completionContext.ts';
import { importsBefore } from '../../server/context/imports.ts';
import { namesIn, wordAt } from '../../server/context/names.ts';
import type { ActionPorts } from '../../server/context/ports.ts';
import { windowAround } from '../../server/context/window.ts';
import { createRedactor } from '../../server/guard/redaction.ts';
import type { CodeSearch } from '../../server/index/codeSearch.ts';
import type { IndexedSymbol } from '../../server/index/symbolIndex.ts';
import { fixPrompt } from '../../server/prompts/fix.ts';

const never = new AbortController().signal;
/** Obviously synthetic, put together so that no scanner takes it for a real one. */
const secret = ['ghp', '_', 'Zx81kQ0aVb72LmN4', 'cRt9WyHs5PdE3uGf6JoK'].join('');
const pem = [
  ['-----BEGIN RSA ', 'PRIVATE KEY-----'].join(''),
  ...Array.from(
    { length: 24 },
    (_, i) => 'MIIEowIBAAKCAQEA7Zq3kP0synthetic0Y2hhbmdlbWUw'.padEnd(60, 'Ab3') + String(1000 + i),
  ),
  ['-----END RSA ', 'PRIVATE KEY-----'].join(''),
];

interface World {
  readonly documents?: readonly Document[];
  readonly files?: Readonly<Record<string, string>>;
  readonly symbols?: readonly IndexedSymbol[];
  readonly refused?: readonly string[];
  readonly declaration?: [start: number, end: number];
  readonly codeSearch?: CodeSearch;
}

function ports(world: World = {}): ActionPorts {
  const verdict = (path: string) =>
    world.refused?.includes(path)
      ? ({ allowed: false, why: 'it is on the list of what is never sent' } as const)
      : ({ allowed: true, place: 'workspace' } as const);
  const range = world.declaration;
  return {
    gate: {
      check: async path => verdict(path),
      checkDocument: async uri => verdict(uri.slice('file://'.length)),
    },
    redactor: createRedactor(),
    places: {
      pathOf: uri => uri.slice('file://'.length),
      uriOf: path => `file://${path}`,
      displayPath: uri => uri.slice('file:///w/'.length),
    },
    ...(world.codeSearch ? { codeSearch: world.codeSearch } : {}),
    symbols: { definitions: async name => world.symbols?.filter(symbol => symbol.name === name) ?? [] },
    analysis: {
      declarationAt: async () =>
        range && {
          range: { start: { line: range[0], character: 0 }, end: { line: range[1], character: 1 } },
        },
    },
    files: {
      readText: async path => {
        const text = world.files?.[path];
        return text === undefined ? { ok: false, why: 'missing' } : { ok: true, text, mtimeMs: 0 };
      },
    },
  };
}

/** A document from a fixture with `$0` at the cursor. */
function fixture(text: string, path = '/w/src/main.ts', languageId = 'typescript') {
  const offset = text.indexOf('$0');
  const document = new Document(`file://${path}`, languageId, 1, text.replace('$0', ''));
  return { document, position: document.positionAt(Math.max(0, offset)) };
}

async function complete(text: string, budgetTokens = 2000, world: World = {}) {
  const { document, position } = fixture(text);
  const context = await new CompletionContexts().contextFor(
    { document, position, budgetTokens, openDocuments: world.documents ?? [] },
    { ...ports(world), clock: { after: () => ({ cancel() {} }) } },
    never,
  );
  if ('refused' in context) return context;
  return {
    prefix: context.prefix.text,
    suffix: context.suffix.text,
    context: context.context.map(piece => piece.text),
    path: context.path.text,
  };
}

describe('context: completion', () => {
  it('gives the text on both sides of the cursor', async () => {
    const context = await complete('const a = 1;\nconst b = a $0;\n');
    assert.deepEqual(context, {
      prefix: 'const a = 1;\nconst b = a ',
      suffix: ';\n',
      context: [],
      path: 'src/main.ts',
    });
  });

  it('cuts a long document at whole lines and shows the imports above', async () => {
    const lines = Array.from({ length: 900 }, (_, i) => `const line${i} = ${i};`);
    const context = await complete(
      `import { a } from './a';\n${lines.join('\n')}\nlet x = $0\n${lines.join('\n')}`,
      600,
    );
    assert('prefix' in context);
    assert.match(context.prefix, /^const line\d+ = \d+;\n/);
    assert.match(context.suffix, /\n$/);
    assert(context.prefix.length + context.suffix.length <= 600 * 4);
    assert.equal(context.context[0], "// src/main.ts\nimport { a } from './a';");
  });

  it('gives the room that one side leaves to the other', async () => {
    const text = 'x = 1;\n'.repeat(1000);
    const alone = (marked: string) => windowAlone({ ...fixture(marked), budgetTokens: 800 }, ports());
    const [top, bottom] = [await alone(`$0${text}`), await alone(`${text}$0`)];
    assert('suffix' in top && 'prefix' in bottom);
    assert(top.suffix.length > 2200 && bottom.prefix.length > 2200);
    assert.deepEqual(top.context, []);
  });

  it('adds related snippets of other open documents, in a fixed order', async () => {
    const other = (name: string, body: string) =>
      new Document(`file:///w/src/${name}`, 'typescript', 1, body);
    const related = 'export function parseInvoice(invoiceText: string, currencyCode: string) {}\n';
    const documents = [
      other('z.ts', related),
      other('b.ts', `${related}// b\n`),
      other('c.ts', 'unrelated words only here\n'),
    ];
    const text = 'const invoiceText = "";\nconst currencyCode = "EUR";\nparseInvoice(invoiceText, $0\n';
    const first = await complete(text, 2000, { documents });
    const second = await complete(text, 2000, { documents: documents.toReversed() });
    assert('context' in first);
    assert.deepEqual(first, second);
    assert.deepEqual(
      first.context.map(piece => piece.split('\n')[0]),
      ['// src/b.ts', '// src/z.ts'],
    );
  });

  it('leaves out what the gate refuses', async () => {
    const documents = [
      new Document('file:///w/secret.ts', 'typescript', 1, 'export const invoiceText = currencyCode;\n'),
    ];
    const text = 'const invoiceText = currencyCode; $0';
    const open = await complete(text, 2000, { documents });
    const shut = await complete(text, 2000, { documents, refused: ['/w/secret.ts'] });
    assert('context' in open && 'context' in shut);
    assert.equal(open.context.length, 1);
    assert.deepEqual(shut.context, []);
    const own = await complete(text, 2000, { refused: ['/w/src/main.ts'] });
    assert('refused' in own);
    assert.match(own.refused, /src\/main\.ts is left out because it is on the list/);
  });

  it('refuses more than 50 MB with a message', async () => {
    const line = `${'x'.repeat(1023)}\n`;
    const document = new Document('file:///w/big.ts', 'typescript', 1, line.repeat(50 * 1024 + 1));
    const context = await windowAlone(
      { document, position: { line: 0, character: 0 }, budgetTokens: 100 },
      ports(),
    );
    assert('refused' in context);
    assert.match(context.refused, /larger than 50 MB/);
  });

  it('shows a part of a line that is too long', async () => {
    const context = await complete(`${'ab '.repeat(500_000)}$0${'cd '.repeat(500_000)}`, 500);
    assert('prefix' in context);
    assert(context.prefix.length > 500 && context.prefix.length <= 2000);
    assert(context.prefix.endsWith('ab ') && context.suffix.startsWith('cd '));
  });
});

describe('context: secrets', () => {
  it('never lets a part of a secret through, wherever cursor and window end', async () => {
    const lines = Array.from({ length: 120 }, (_, i) => `const value${i} = ${i};`);
    const text = [...lines, `const token = '${secret}';`, ...lines].join('\n');
    const start = text.indexOf(secret);
    for (let offset = start - 60; offset < start + secret.length + 60; offset += 3) {
      for (const budget of [60, 150, 2000]) {
        const context = await complete(`${text.slice(0, offset)}$0${text.slice(offset)}`, budget);
        assert('prefix' in context);
        const shown = `${context.prefix}|${context.suffix}`;
        for (let i = 0; i + 12 <= secret.length; i += 4) {
          assert(!shown.includes(secret.slice(i, i + 12)), `offset ${offset - start}, budget ${budget}`);
        }
      }
    }
  });

  it('never lets lines of a private key through when the window starts inside it', async () => {
    const rest = Array.from({ length: 80 }, (_, i) => `let after${i} = ${i};`);
    for (let line = 0; line < rest.length; line += 7) {
      const text = [...pem, ...rest.slice(0, line), '$0', ...rest.slice(line)].join('\n');
      for (const budget of [100, 300, 800]) {
        const context = await complete(text, budget);
        assert('prefix' in context);
        assert.doesNotMatch(context.prefix, /MIIEowIBAAK/);
      }
    }
  });

  it('redacts a diagnostic on a line of a private key', async () => {
    const document = new Document('file:///w/a.ts', 'typescript', 1, pem.join('\n'));
    const range = { start: { line: 9, character: 0 }, end: { line: 9, character: 5 } };
    const context = await actionContext(
      {
        document,
        range,
        problems: [{ range, message: `bad token ${secret}` }],
        budgetTokens: 2000,
        openDocuments: [],
      },
      ports(),
      never,
    );
    assert('problems' in context);
    const shown = [context.text, context.selection, ...context.problems].map(each => each.text).join('\n');
    assert.doesNotMatch(shown, /MIIEowIBAAK/);
    assert(!shown.includes(secret));
  });
});

const source = `import { sum } from './sum';

export function mean(values: number[]): number {
  return sum(values) / values.lenght;
}

export const other = 1;
`;
const definition: IndexedSymbol = {
  name: 'sum',
  kind: 'function',
  path: '/w/src/sum.ts',
  line: 1,
  exported: true,
  isDefault: false,
};
const sumFile =
  '/** Adds all. */\nexport function sum(values: number[]): number {\n  return 0;\n}\n\nexport const no = 1;\n';

async function act(world: World, budgetTokens = 4000, text = source, line = 3) {
  const document = new Document('file:///w/src/mean.ts', 'typescript', 1, text);
  const range = { start: { line, character: 10 }, end: { line, character: 10 } };
  return actionContext(
    {
      document,
      range,
      problems: [{ range, message: 'Property lenght does not exist.', source: 'ts', code: 2551 }],
      budgetTokens,
      openDocuments: world.documents ?? [],
    },
    ports(world),
    never,
  );
}

describe('context: actions', () => {
  it('shows the file, the declaration, the problem and the definition of a name', async () => {
    const context = await act({
      declaration: [2, 4],
      symbols: [definition],
      files: { '/w/src/sum.ts': sumFile },
    });
    assert('text' in context);
    assert.equal(context.text.text, source);
    assert.equal(context.selection.text, source.split('\n').slice(2, 5).join('\n'));
    assert.equal(context.text.text.slice(context.focus, context.focus + 20), 'export function mean');
    assert.equal(context.symbol?.text, 'sum');
    assert.deepEqual(
      context.problems.map(each => each.text),
      ['line 4 (`return sum(values) / values.lenght;`): Property lenght does not exist. [ts 2551]'],
    );
    assert.deepEqual(
      context.context.map(each => [each.path.text, each.text.text]),
      [['src/sum.ts', '/** Adds all. */\nexport function sum(values: number[]): number {\n  return 0;\n}\n']],
    );
    const messages = fixPrompt(context);
    assert.match(messages[1]?.content.text ?? '', /Adds all/);
  });

  it("prefers the editor's text over the file, and asks the gate for both", async () => {
    const documents = [
      new Document('file:///w/src/sum.ts', 'typescript', 2, sumFile.replace('Adds all', 'Unsaved')),
    ];
    const world = { symbols: [definition], files: { '/w/src/sum.ts': sumFile }, documents };
    const opened = await act(world);
    assert('context' in opened);
    assert.match(opened.context[0]?.text.text ?? '', /Unsaved/);
    for (const each of [world, { ...world, documents: [] }]) {
      const shut = await act({ ...each, refused: ['/w/src/sum.ts'] });
      assert('context' in shut);
      assert.deepEqual(shut.context, []);
    }
  });

  it('shows similar code of other files, through the gate', async () => {
    const files = { '/w/src/median.ts': 'export function median(values: number[]) {\n  return 1;\n}\n' };
    const codeSearch: CodeSearch = {
      search: async () => [
        { path: '/w/src/median.ts', startLine: 0, endLine: 2, text: files['/w/src/median.ts'], score: 3 },
      ],
    };
    const shown = await act({ files, codeSearch });
    assert('context' in shown);
    assert.deepEqual(
      shown.context.map(each => each.path.text),
      ['src/median.ts'],
    );
    const shut = await act({ files, codeSearch, refused: ['/w/src/median.ts'] });
    assert('context' in shut);
    assert.deepEqual(shut.context, []);
  });

  it('does not trust an index that is older than the file', async () => {
    const context = await act({ symbols: [{ ...definition, line: 3 }], files: { '/w/src/sum.ts': sumFile } });
    assert('context' in context);
    assert.deepEqual(context.context, []);
  });

  it('says how many lines it left out, and keeps its share of the budget', async () => {
    const filler = Array.from({ length: 3000 }, (_, i) => `const filler${i} = ${i};`).join('\n');
    const context = await act({ declaration: [3002, 3004] }, 1000, `${filler}\n${source}${filler}`, 3003);
    assert('text' in context);
    assert.match(context.text.text, /^\[cut: \d+ lines left out\]\n/);
    assert.match(context.text.text, /\n\[cut: \d+ lines left out\]$/);
    assert(context.text.length <= 1000 * 4 * 0.6);
    assert.match(context.text.text, /values\.lenght/);
  });

  it('clips a selection that is too long and says so', async () => {
    const document = new Document('file:///w/a.ts', 'typescript', 1, 'const a = 1;\n'.repeat(20_000));
    const range = { start: { line: 0, character: 0 }, end: { line: 20_000, character: 0 } };
    const context = await actionContext(
      { document, range, budgetTokens: 4000, openDocuments: [] },
      ports(),
      never,
    );
    assert('selection' in context);
    assert.match(context.selection.text, /\[cut: \d+ lines of the selection left out\]$/);
    assert(context.selection.length < 61_000);
  });
});

describe('context: parts', () => {
  it('windows join to what is in the document', () => {
    const redactor = createRedactor();
    const piece = fc.constantFrom('a', 'bc', '\n', '\r\n', '\r', '😀', '漢', ' ', 'x'.repeat(50));
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 200 }),
        fc.nat(),
        fc.nat(),
        fc.nat(3000),
        fc.nat(3000),
        (parts, a, b, before, after) => {
          const text = parts.join('');
          const document = new Document('file:///w/a', 'plaintext', 1, text);
          const [from, to] = [a, b]
            .map(each => snapToCodePoint(text, each % (text.length + 1)))
            .sort((x, y) => x - y);
          const range = { start: document.positionAt(from ?? 0), end: document.positionAt(to ?? 0) };
          const window = windowAround(document, range, { before, after }, redactor);
          const shown = window.before.text + window.inside.text + window.after.text;
          assert(text.includes(shown));
          assert(window.before.length <= before + after && window.after.length <= before + after + 1);
          assert.equal(window.inside.text, document.getText(range));
          assert.doesNotMatch(shown, /\p{Surrogate}/u);
        },
      ),
      { numRuns: 400, seed: 5 },
    );
  });

  const imports: [language: string, text: string, kept: string][] = [
    [
      'typescript',
      "// c\nimport {\n  a,\n  b,\n} from './a';\nconst x = 1;\n",
      "import {\n  a,\n  b,\n} from './a';",
    ],
    ['javascript', "const fs = require('fs');\nconst a = 2;\n", "const fs = require('fs');"],
    ['python', 'import os\nfrom a import (\n  b,\n)\nx = 1\n', 'import os\nfrom a import (\n  b,\n)'],
    ['rust', 'use std::{\n  fs,\n};\nfn main() {}\n', 'use std::{\n  fs,\n};'],
    ['go', 'package main\n\nimport (\n\t"fmt"\n)\n\nfunc main() {}\n', 'package main\nimport (\n\t"fmt"\n)'],
    ['c', '#include <stdio.h>\nint main(void);\n', '#include <stdio.h>'],
    ['java', 'package a.b;\nimport java.util.List;\nclass A {}\n', 'package a.b;\nimport java.util.List;'],
    ['csharp', 'using System.Text;\nclass A {}\n', 'using System.Text;'],
  ];
  for (const [language, text, kept] of imports) {
    it(`finds the imports of ${language}`, () => {
      const document = new Document('file:///w/a', language, 1, text);
      assert.equal(importsBefore(document, document.lineCount), kept);
    });
  }

  it('finds names and the word at a place', () => {
    assert.deepEqual(namesIn('const alpha = beta(alpha, gämma);', 'typescript', 'a.ts'), [
      'gämma',
      'alpha',
      'beta',
    ]);
    assert.equal(wordAt('a.lenght;', 3), 'lenght');
    assert.equal(wordAt('a.lenght;', 8), 'lenght');
    assert.equal(wordAt('  + 12', 5), undefined);
    assert.equal(wordAt('', 0), undefined);
  });
});
