import assert from 'node:assert/strict';
import { CompletionContexts } from '../../server/context/completionContext.ts';
import { sources } from '../../server/context/sources/index.ts';
import { opened, type Parts, testWorld } from '../support/contextWorld.ts';

const never = new AbortController().signal;
/** Obviously synthetic. */
const secret = ['ghp', '_', 'Zx81kQ0aVb72LmN4', 'cRt9WyHs5PdE3uGf6JoK'].join('');

/** Fillers that are alike in no word, so that no source takes one for the other. */
const filler = (count: number, word = 'row') =>
  Array.from({ length: count }, (_, i) => `  ${word}${i}();`).join('\n');
const edge = filler(700, 'mid');

interface Case {
  readonly parts: Parts;
  /** With the cursor. */
  readonly text?: string;
  /** Other open documents. */
  readonly open?: Readonly<Record<string, string>>;
  /** The pieces that come of it. */
  readonly pieces: readonly string[];
}

const util = `import { x } from 'x';

/** Adds. */
export function sum(
  values: number[],
): number {
  return values.reduce((a, b) => a + b);
}

export class Basket<T> extends Base {
  // many
  items: T[] = [];
  private readonly size: number;

  add(item: T): void {
    this.items.push(item);
  }
}
`;

const cases: Record<string, Case> = {
  problems: {
    parts: { problems: ['Cannot find\n  name "foo".', 'y'.repeat(300)] },
    pieces: [`// src/a.ts\n// Cannot find name "foo".\n// ${'y'.repeat(200)} [cut]`],
  },
  imports: {
    parts: {},
    text: `import { a } from './a';\n${edge}\n$0`,
    pieces: ["// src/a.ts\nimport { a } from './a';"],
  },
  imported: {
    parts: {
      files: { 'src/util.ts': util },
      symbols: ['sum function src/util.ts 3', 'Basket class src/util.ts 9'],
    },
    text: `import { sum, Basket } from './util';\n$0`,
    pieces: [
      '// src/util.ts\nexport function sum(\n  values: number[],\n): number {\nexport class Basket<T> extends Base {\n  items: T[] = [];\n  private readonly size: number;\n  add(item: T): void {',
    ],
  },
  named: {
    parts: {
      files: {
        'pkg/store.go':
          'type Store struct {\n\tpath string\n}\n\nfunc (s *Store) Load(key string) error {\n}\n',
      },
      symbols: ['Store type pkg/store.go 0'],
    },
    text: 'x := Store$0',
    pieces: ['// pkg/store.go\ntype Store struct {\n\tpath string\nfunc (s *Store) Load(key string) error {'],
  },
  edited: {
    parts: { edited: [['src/b.ts', 2]] },
    open: { 'src/b.ts': `one\ntwo\nthree\nfour\n${filler(20)}` },
    pieces: ['// src/b.ts\none\ntwo\nthree\nfour\n  row0();\n  row1();\n  row2();'],
  },
  similar: {
    parts: { files: { 'src/c.js': 'a = 1\nb = 2\nc = 3\n' }, similar: [['src/c.js', 0, 1]] },
    pieces: ['// src/c.js\na = 1\nb = 2'],
  },
  below: {
    parts: {},
    text: `$0\n${filler(30, 'near')}\n${filler(300, 'far')}`,
    pieces: [],
  },
  neighbours: {
    parts: {},
    text: 'const invoiceText = currencyCode; $0',
    open: { 'src/d.ts': 'parse(invoiceText, currencyCode);' },
    pieces: ['// src/d.ts\nparse(invoiceText, currencyCode);'],
  },
  'in scope': {
    parts: {},
    text: `export function early(a: number): void {\n${edge}\n}\n$0`,
    pieces: ['// src/a.ts\nexport function early(a: number): void {'],
  },
  viewed: {
    parts: { viewed: [['src/e.ts', 0]] },
    open: { 'src/e.ts': 'looked at' },
    pieces: ['// src/e.ts\nlooked at'],
  },
};

async function piecesOf(name: string, { parts, text = '$0', open = {} }: Case): Promise<readonly string[]> {
  const { ports } = testWorld(parts);
  const { document, position } = opened('src/a.ts', text);
  const openDocuments = [
    document,
    ...Object.entries(open).map(([path, body]) => opened(path, body).document),
  ];
  const context = await new CompletionContexts(sources.filter(row => row.name === name)).contextFor(
    { document, position, budgetTokens: 8_000, openDocuments },
    ports,
    never,
  );
  assert('context' in context);
  return context.context.map(piece => piece.text);
}

describe('context: sources', () => {
  it('has a case for each', () => {
    assert.deepEqual(Object.keys(cases).toSorted(), sources.map(row => row.name).toSorted());
  });

  for (const [name, each] of Object.entries(cases)) {
    if (name === 'below') continue;
    it(`shows ${name}`, async () => {
      assert.deepEqual(await piecesOf(name, each), each.pieces);
    });
  }

  it('shows what follows the window, once', async () => {
    const [piece = '', ...more] = await piecesOf('below', cases['below'] as Case);
    assert.deepEqual(more, []);
    assert.match(piece, /^\/\/ src\/a\.ts\n {2}\w+\d+\(\);\n/);
    assert(piece.split('\n').length <= 61);
  });

  it('redacts every source before it is cut to its room', async () => {
    for (const row of sources) {
      const { parts, text = '$0', open = {} } = cases[row.name] as Case;
      const mark = (body: string) => body.replace(/^(?=[^\n]*\S)/gm, `token = "${secret}"; `);
      const marked: Case = {
        parts: {
          ...parts,
          files: Object.fromEntries(
            Object.entries(parts.files ?? {}).map(([path, body]) => [path, mark(body)]),
          ),
          ...(parts.problems ? { problems: parts.problems.map(() => `bad ${secret}`) } : {}),
        },
        text: mark(text.replace('$0', '')).concat('$0'),
        open: Object.fromEntries(Object.entries(open).map(([path, body]) => [path, mark(body)])),
        pieces: [],
      };
      for (const piece of await piecesOf(row.name, marked))
        assert(!piece.includes(secret.slice(4, 16)), row.name);
    }
  });

  it('marks what was cut', async () => {
    const [piece = ''] = await piecesOf('similar', {
      parts: { files: { 'src/c.ts': filler(400) }, similar: [['src/c.ts', 0, 399]] },
      pieces: [],
    });
    assert.match(piece, /\n\[cut: \d+ lines left out\]$/);
    assert(piece.length < 2_100);
  });
});

describe('context: what belongs to no code in this language', () => {
  const body = 'parse(invoiceText, currencyCode)\n';
  const text = 'const invoiceText = currencyCode; $0';
  const rows: readonly (readonly [path: string, languageId: string, shown: readonly string[]])[] = [
    ['src/c.ts', 'typescript', ['edited', 'similar', 'neighbours', 'viewed']],
    ['src/c.vue', 'vue', ['edited', 'similar', 'neighbours', 'viewed']],
    ['src/c.jsx', 'javascriptreact', ['edited', 'similar', 'neighbours', 'viewed']],
    ['src/c.py', 'python', ['edited', 'viewed']],
    ['notes.md', 'markdown', ['edited', 'viewed']],
    ['.gitignore', 'ignore', []],
    ['sub/.dockerignore', '', []],
    ['.aiexclude', 'plaintext', []],
    ['.codriverignore', 'typescript', []],
    ['.git/info/exclude', 'typescript', []],
  ];
  for (const [path, languageId, shown] of rows) {
    for (const name of ['edited', 'similar', 'neighbours', 'viewed']) {
      const isShown = shown.includes(name);
      it(`${name}: ${isShown ? 'shows' : 'leaves out'} ${path}`, async () => {
        for (const isOpen of name === 'similar' ? [true, false] : [true]) {
          const { ports } = testWorld({
            files: { [path]: body },
            similar: [[path, 0, 0]],
            edited: [[path, 0]],
            viewed: [[path, 0]],
          });
          const { document, position } = opened('src/a.ts', text);
          const other = opened(path, body, languageId).document;
          const context = await new CompletionContexts(sources.filter(row => row.name === name)).contextFor(
            {
              document,
              position,
              budgetTokens: 8_000,
              openDocuments: isOpen ? [document, other] : [document],
            },
            ports,
            never,
          );
          assert('context' in context);
          assert.equal(
            context.context.some(piece => piece.text.includes('parse(invoiceText')),
            isShown,
          );
        }
      });
    }
  }

  it('similar: what is left out takes no place of what is not', async () => {
    const { ports } = testWorld({
      files: { 'c.ts': body },
      similar: [...Array.from({ length: 8 }, (_, i) => [`d${i}.py`, 0, 0] as const), ['c.ts', 0, 0]],
    });
    const { document, position } = opened('src/a.ts', text);
    const input = { document, position, budgetTokens: 8_000, openDocuments: [document] };
    const only = sources.filter(row => row.name === 'similar');
    const context = await new CompletionContexts(only).contextFor(input, ports, never);
    assert('context' in context && context.context.length === 1);
  });
});

describe('context: the gate', () => {
  /** One file behind every source that reads other files. */
  const hidden = 'export function canaryName() {}\nparse(invoiceText, currencyCode, sum, Basket);\n';
  const text = "import { canaryName } from './hidden';\nconst invoiceText = currencyCode + sum + Basket; $0";
  const parts: Parts = {
    files: { 'src/hidden.ts': hidden },
    symbols: ['canaryName function src/hidden.ts 0', 'sum function src/hidden.ts 1'],
    similar: [['src/hidden.ts', 0, 1]],
    edited: [['src/hidden.ts', 1]],
    viewed: [['src/hidden.ts', 0]],
  };
  const shown = async (name: string, isOpen: boolean, refused: boolean) => {
    const { ports } = testWorld({ ...parts, refused: new Set(refused ? ['src/hidden.ts'] : []) });
    const { document, position } = opened('src/a.ts', text);
    const openDocuments = [document, ...(isOpen ? [opened('src/hidden.ts', hidden).document] : [])];
    const context = await new CompletionContexts(sources.filter(row => row.name === name)).contextFor(
      { document, position, budgetTokens: 8_000, openDocuments },
      ports,
      never,
    );
    assert('context' in context);
    return context.context.some(piece => piece.text.startsWith('// src/hidden.ts\n'));
  };
  for (const { name } of sources) {
    it(`keeps an excluded file out of ${name}`, async () => {
      for (const isOpen of [true, false]) assert.equal(await shown(name, isOpen, true), false);
      const reads = ['imported', 'named', 'edited', 'similar', 'neighbours', 'viewed'].includes(name);
      assert.equal(await shown(name, true, false), reads);
    });
  }

  it('is asked again for what was shown before', async () => {
    const refused = new Set<string>();
    const { ports } = testWorld({ ...parts, refused });
    const { document, position } = opened('src/a.ts', text);
    const contexts = new CompletionContexts();
    const input = {
      document,
      position,
      budgetTokens: 8_000,
      openDocuments: [document, opened('src/hidden.ts', hidden).document],
    };
    const before = await contexts.contextFor(input, ports, never);
    assert('context' in before && before.context.some(piece => piece.text.includes('// src/hidden.ts')));
    refused.add('src/hidden.ts');
    const after = await contexts.contextFor(input, ports, never);
    assert('context' in after);
    assert.equal(after.context.filter(piece => piece.text.includes('// src/hidden.ts')).length, 0);
  });
});
