import assert from 'node:assert/strict';
import fc from 'fast-check';
import { distance } from '../../server/base/distance.ts';
import { Symbols } from '../../server/index/symbols.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';

function indexOf(files: Readonly<Record<string, string>>): Symbols {
  const store = new TokenStore();
  const symbols = new Symbols(store, async path => files[path]?.split('\n'));
  for (const [path, text] of Object.entries(files)) {
    const names = symbols.collector(path);
    for (const _ of store.addInSlices(path, text, '', names.line)) continue;
    names.done(text);
  }
  store.seal();
  return symbols;
}

/** `path`, a line of code, and what it defines: kind, name, `+` exported, `*` default. */
const definitions: readonly (readonly [path: string, code: string, expected: string])[] = [
  ['/a.ts', 'export async function load<T>(x: T) {', 'function load +'],
  ['/a.ts', 'export default class App extends Base {', 'class App +*'],
  ['/a.ts', 'interface Point { x: number }', 'type Point'],
  ['/a.ts', 'export type Id = string;', 'type Id +'],
  ['/a.ts', 'export const add = (a: number, b: number): number => a + b;', 'function add +'],
  ['/a.ts', 'export const limit = 10;', 'variable limit +'],
  ['/a.ts', '  private async fetchAll(url: string): Promise<void> {', 'method fetchAll'],
  ['/a.py', 'async def fetch(x):', 'function fetch +'],
  ['/a.py', '    def _own(self):', 'method _own'],
  ['/a.py', 'class Shape(Base):', 'class Shape +'],
  ['/a.py', 'MAX_SIZE: int = 3', 'constant MAX_SIZE +'],
  ['/a.py', '_hidden = 1', ''],
  ['/a.rs', 'pub(crate) async fn run(x: &str) -> Result<()> {', 'function run +'],
  ['/a.rs', 'struct Inner;', 'type Inner'],
  ['/a.rs', 'pub const LIMIT: usize = 3;', 'constant LIMIT +'],
  ['/a.go', 'func (s *Server) Serve(c net.Conn) error {', 'method Serve +'],
  ['/a.go', 'func helper() {', 'function helper'],
  ['/a.go', 'type Config struct {', 'type Config +'],
  ['/a.java', '  public static <T> List<T> listOf(T... items) {', ''],
  ['/a.java', '    public String getName() {', 'method getName +'],
  ['/a.java', 'public final class Main {', 'class Main +'],
  ['/a.c', 'static int parse_line(const char *s, int n)', 'function parse_line +'],
  ['/a.c', '#define MAX(a, b) ((a) > (b) ? (a) : (b))', 'constant MAX +'],
  ['/a.cpp', 'class Widget final : public Base {', 'class Widget +'],
  ['/a.cs', '    public async Task<int> CountAsync(string name)', 'method CountAsync +'],
  ['/a.rb', '  def valid?', 'method valid? +'],
  ['/a.php', '    public static function make(array $x): self', 'function make +'],
  ['/a.lua', 'function M.setup(opts)', 'function setup +'],
  ['/a.el', '(defun my-mode-setup ()', 'function my-mode-setup +'],
  ['/a.ex', '  def handle_call(msg, from, state) do', 'function handle_call +'],
  ['/a.swift', 'public func render(view: View) {', 'function render +'],
  ['/a.ts', '// export function ghost() {', ''],
  ['/a.ts', '  return compute(x) {', ''],
];

const imports: readonly (readonly [path: string, code: string, expected: readonly string[]])[] = [
  [
    '/w/a.ts',
    "import fs, { readFile as read, type Stats } from 'node:fs';",
    ['default fs node:fs', 'named readFile node:fs', 'named Stats node:fs'],
  ],
  ['/w/a.ts', "import * as path from 'node:path';", ['namespace path node:path']],
  [
    '/w/a.ts',
    "import {\n  one,\n  two,\n} from './util.ts';",
    ['named one ./util.ts > /w/util.ts', 'named two ./util.ts > /w/util.ts'],
  ],
  ['/w/a.js', "const { join } = require('path');", ['named join path']],
  [
    '/w/a.py',
    'from collections import (\n    OrderedDict,\n    deque as dq,\n)',
    ['named OrderedDict collections', 'named deque collections'],
  ],
  ['/w/a.py', 'import numpy as np, os.path', ['namespace np numpy', 'module os os.path']],
  ['/w/p/a.py', 'from ..mod import thing', ['named thing ..mod > /w/mod.py']],
  [
    '/w/a.rs',
    'use std::{collections::HashMap, io::{self, Read}};',
    ['named HashMap std::collections', 'named io std', 'named Read std::io'],
  ],
  [
    '/w/a.go',
    'import (\n\t"net/http"\n\tlog "github.com/x/zlog/v2"\n)',
    ['module http net/http', 'module log github.com/x/zlog/v2'],
  ],
  ['/w/A.java', 'import java.util.List;', ['named List java.util']],
  ['/w/a.php', 'use App\\Models\\User;', ['named User App\\Models']],
  ['/w/a.c', '#include "net/socket.h"', ['module socket net/socket.h']],
];

describe('symbol index: definitions', () => {
  for (const [path, code, expected] of definitions) {
    it(`${path.slice(1)}: ${code.trim()}`, () => {
      const [kind = '', name = '', flags = ''] = expected.split(' ');
      const names = expected ? [name] : (code.match(/[\w$-]+\??/g) ?? []);
      const found = names.flatMap(each => indexOf({ [path]: `\n${code}` }).definitions(each));
      const expectation = expected
        ? [{ name, kind, path, line: 1, exported: flags.includes('+'), isDefault: flags.includes('*') }]
        : [];
      assert.deepEqual(
        found.filter(each => expected !== '' || each.exported),
        expectation,
      );
    });
  }

  it('finds names by how they begin: the same case, exported and short ones first', () => {
    const index = indexOf({
      '/w/a.ts':
        'export function totalPrice() {}\nfunction total() {}\nclass Total {}\nexport const other = 1;',
      '/w/b.ts': 'export function total() {}\nexport function totals() {}',
    });
    const named = (prefix: string, limit = 10) =>
      index.named(prefix, limit).map(({ name, path, line }) => `${name} ${path}:${line}`);
    assert.deepEqual(named('total'), [
      'total /w/b.ts:0',
      'totals /w/b.ts:1',
      'totalPrice /w/a.ts:0',
      'Total /w/a.ts:2',
    ]);
    assert.deepEqual(named('total', 1), ['total /w/b.ts:0']);
    assert.deepEqual(named('nothing'), []);
    assert.equal(named('').length, 5);
  });

  it('sees nothing in comments and strings that span lines', () => {
    const index = indexOf({ '/a.py': '"""\ndef ghost():\n"""\ndef real():' });
    assert.deepEqual(index.definitions('ghost'), []);
    assert.equal(index.definitions('real').length, 1);
  });
});

describe('symbol index: imports', () => {
  for (const [path, code, expected] of imports) {
    it(`${path}: ${JSON.stringify(code)}`, () => {
      const index = indexOf({ '/w/util.ts': 'x', '/w/mod.py': 'x', [path]: code });
      const names = new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
      const found = [...names].flatMap(name => index.imports(name));
      const text = found.map(
        each => `${each.kind} ${each.name} ${each.module}${each.target ? ` > ${each.target}` : ''}`,
      );
      assert.deepEqual(text.sort(), [...expected].sort());
    });
  }

  it('counts files, most used first', () => {
    const index = indexOf({
      '/w/a.ts': "import { join } from 'node:path';",
      '/w/b.ts': "import { join } from 'node:path';",
      '/w/c.ts': "import { join } from 'lodash';",
    });
    assert.deepEqual(
      index.imports('join').map(each => [each.module, each.count]),
      [
        ['node:path', 2],
        ['lodash', 1],
      ],
    );
  });
});

describe('symbol index: words', () => {
  const files = {
    '/w/a.ts': 'const length = 1;\nuse(length, length);\nfunction lengthen() {}',
    '/w/near/b.ts': 'print(length); // length',
    '/w/far/c.ts': 'const lenght2 = length;',
  };

  it('counts words outside comments', () => {
    assert.equal(indexOf(files).frequency('length'), 5);
    assert.equal(indexOf(files).frequency('absent'), 0);
  });

  it('finds misspelt words, most frequent first', () => {
    assert.deepEqual(indexOf(files).similar('lenght', 1, 5), ['length', 'lenght2']);
    assert.deepEqual(indexOf(files).similar('lengtn', 2, 1), ['length']);
    assert.deepEqual(indexOf(files).similar('zzzzzz', 2, 5), []);
  });

  it('finds uses, nearest folder first, without the definition', async () => {
    const found = await indexOf(files).references('length', '/w/near/x.ts', 2);
    assert.deepEqual(found, [
      { path: '/w/near/b.ts', line: 0, text: 'print(length); // length' },
      { path: '/w/a.ts', line: 1, text: 'use(length, length);' },
    ]);
  });

  describe('uses in files that hold no code or another language do not count', () => {
    const mixed = Object.fromEntries(
      'README.md a.json b.yaml c.py d.ts e.tsx f.js g.vue h.c i.hpp j.rs notes.txt k.html'
        .split(' ')
        .map(name => [`/w/${name}`, 'sell = { stock }']),
    );
    for (const [near, expected] of [
      ['/w/x.ts', 'd.ts e.tsx f.js g.vue'],
      ['/w/x.jsx', 'd.ts e.tsx f.js g.vue'],
      ['/w/x.h', 'h.c i.hpp'],
      ['/w/x.py', 'c.py'],
      ['/w/x.md', 'README.md'],
      ['/w/x.unknown', 'c.py d.ts e.tsx f.js g.vue h.c i.hpp j.rs'],
    ] as const) {
      it(near, async () => {
        const found = await indexOf(mixed).references('stock', near, 20);
        assert.deepEqual(found.map(each => each.path.slice(3)).sort(), expected.split(' '));
      });
    }
  });

  it('finds uses in code first, in strings last, in comments never', async () => {
    const code = [
      "log('the stock is low');",
      '// the stock',
      'sell(stock);',
      'const t = `stock',
      '  of ${stock.name} and ${ { a: stock } } stock',
      '  stock`;',
      '/* stock',
      'stock */ return stock;',
      'restock();',
    ];
    const index = indexOf({ '/w/a.ts': code.join('\n'), '/w/b.ts': 'take(stock);' });
    const lines = async (limit: number): Promise<string[]> =>
      (await index.references('stock', '/w/x.ts', limit)).map(each => `${each.path.slice(3)} ${each.line}`);
    const inCode = ['a.ts 2', 'a.ts 4', 'a.ts 7', 'b.ts 0'];
    assert.deepEqual(await lines(4), inCode);
    assert.deepEqual(await lines(20), [...inCode, 'a.ts 0', 'a.ts 3', 'a.ts 5']);
  });

  it('forgets a removed file', () => {
    const index = indexOf(files);
    index.remove('/w/a.ts');
    assert.deepEqual(index.definitions('lengthen'), []);
  });

  it('measures the distance of words as the textbook recursion does', () => {
    const slow = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length;
      const same = a.at(-1) === b.at(-1) ? 0 : 1;
      const options = [
        slow(a.slice(0, -1), b) + 1,
        slow(a, b.slice(0, -1)) + 1,
        slow(a.slice(0, -1), b.slice(0, -1)) + same,
      ];
      if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
        options.push(slow(a.slice(0, -2), b.slice(0, -2)) + 1);
      }
      return Math.min(...options);
    };
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, most) => {
        assert.equal(distance(a, b, most) <= most, slow(a, b) <= most);
      }),
      { seed: 1 },
    );
  });
});
