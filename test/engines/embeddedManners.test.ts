import assert from 'node:assert/strict';
import type { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import { Scope } from '../../server/engines/embedded/scope.ts';
import type { EmbeddedRequest } from '../../server/engines/embedded/types.ts';
import { at, completerOf } from '../support/embedded.ts';
import type { Files } from '../support/embedded.ts';

/** A file that gathers lines, written often enough to be sure of how it goes on. */
const report = (name: string): string => `/** The ${name} report, one line per product. */
export function ${name}Report(): string {
  const lines: string[] = [];
  for (const product of listProducts()) {
    lines.push(product.name);
  }
  return lines.join(', ');
}
`;
const reports: Files = Object.fromEntries(
  ['stock', 'value', 'price', 'order', 'weight', 'colour'].map(name => [`/w/src/${name}.ts`, report(name)]),
);

describe('embedded completer: comments and finished lines', () => {
  let completer: EmbeddedCompleter;
  before(async () => {
    completer = await completerOf(reports);
  });
  const offered = (text: string, options: Partial<EmbeddedRequest> = {}): readonly string[] =>
    completer.complete(at(text, options)).candidates.map(each => each.text);
  const body = 'export function report(): string {\n  const lines: string[] = [];\n';

  for (const text of [
    '/** The most valuable products first. */$0',
    '/** The most valuable products first. */ $0',
    '/* done */$0\nexport function next() {}',
    `${body}  /* all\n   of them */$0`,
    `${body}  lines.push(product.name); /* done */ $0`,
  ]) {
    for (const trigger of ['automatic', 'explicit'] as const) {
      it(`offers nothing ${trigger} right behind a closed comment: ${JSON.stringify(text.slice(-30))}`, () => {
        assert.deepEqual(offered(text, { trigger, maxLines: 8 }), []);
      });
    }
  }

  it('still completes behind a comment inside a call and after code that follows a comment', () => {
    assert.ok(offered(`${body}  for (const product of /* all */ $0`).length > 0);
    assert.ok(offered(`${body}  /* all */ for (const product of $0`).length > 0);
  });

  for (const [name, text] of [
    ['line comment', `${body}  // $0`],
    ['line comment behind code', `${body}  lines.push(product.name); // $0`],
    ['open block comment', `${body}  /* The $0`],
    ['documentation', `/**\n * The $0`],
  ] as const) {
    it(`offers no code in a comment: ${name}`, () => assert.deepEqual(offered(text, { maxLines: 8 }), []));
  }

  it('finishes words of prose in a comment', () => {
    const prose =
      '// Warehouses hold products; each warehouse has a keeper.\n// Two warehouses share one, three warehouses none.\n';
    assert.deepEqual(offered(`${prose}// Every wareh$0`), ['ouses', 'ouse']);
    assert.deepEqual(offered(`${prose}/* Every wareh$0`), ['ouses', 'ouse']);
    assert.deepEqual(offered(`${prose}// Every wareh$0`, { trigger: 'automatic' }), ['ouses']);
    assert.deepEqual(offered(`${prose}// Every wareh$0ouse`), []);
    assert.deepEqual(offered(`${prose}// Every zebra$0`), []);
  });

  const documented = ['first', 'second', 'third']
    .map(
      name =>
        `/**\n * Reads the ${name} table.\n * @param id the row that is asked for, from zero\n */\nf(${name});\n`,
    )
    .join('');

  it('goes on with a line of comment as others in the file do', () => {
    const text = `${documented}/**\n * Reads the last table.\n * @param id $0\n */`;
    for (const trigger of ['explicit', 'automatic'] as const) {
      assert.deepEqual(offered(text, { trigger }), ['the row that is asked for, from zero']);
    }
    assert.deepEqual(offered(`${documented}/**\n * Writes what $0\n */`), []);
    assert.deepEqual(offered(`${documented}/**\n * @param id $0 twice\n */`), []);
  });

  it('ranks words of other comments inside one, and no code', () => {
    const ranked = completer.rank(at(`${documented}/**\n * @param $0\n */`), 5).map(each => each.text);
    assert.equal(ranked[0], 'id');
    assert.ok(!ranked.includes('f'));
  });

  it('offers nothing when the line is finished', () => {
    for (const line of ['  const lines: string[] = [];$0', '  for (const product of listProducts()) {$0']) {
      const answer = completer.complete(
        at(`export function report(): string {\n${line}\n}`, { trigger: 'automatic', maxLines: 8 }),
      );
      assert.deepEqual(answer, { candidates: [], silence: 'line-finished' });
    }
  });
});

describe('embedded completer: what must not be offered', () => {
  it('a string that was emptied for secrecy', async () => {
    const completer = await completerOf({});
    const text =
      'f("admin", $0);\nconst key = "            ";\nf("x", "            ");\nf("y", "            ");\n';
    for (const trigger of ['automatic', 'explicit'] as const)
      for (const { text: offered } of completer.complete(at(text, { trigger })).candidates)
        assert.doesNotMatch(offered, /"\s*"/);
  });

  it('a part of a line with a bracket that it leaves open', async () => {
    const calls = ['one', 'two', 'three', 'four', 'five', 'six'].map(
      name => `  const ${name} = compute(${name}s);`,
    );
    const completer = await completerOf({ '/w/src/a.ts': `function f() {\n${calls.join('\n')}\n}\n` });
    const { candidates } = completer.complete(
      at('function g() {\n  const seven = $0\n}', { trigger: 'automatic' }),
    );
    assert.deepEqual(
      candidates.map(({ text }) => text),
      ['compute'],
    );
  });
});

describe('embedded completer: blocks', () => {
  it('repeat neither the lines above nor what is declared already', async () => {
    const completer = await completerOf(reports);
    const head = `export function report(): string {
  const lines: string[] = [];
  for (const product of listProducts()) {
`;
    for (const left of ['    $0', '    for $0', '    const $0']) {
      const { candidates } = completer.complete(at(`${head}${left}\n  }\n}`, { maxLines: 8 }));
      for (const { text } of candidates) {
        assert.doesNotMatch(text, /const lines|\n.*for \(const product of listProducts/);
      }
    }
  });

  const table: readonly (readonly [language: string, above: string, line: string, expected: boolean])[] = [
    ['typescript', '  const a = 1;', '  const a = 2;', true],
    ['typescript', '  const a = 1;', '    let a = 2;', true],
    ['typescript', '  const { a, b } = f();', '  const [a] = g();', true],
    ['typescript', '  const { a, b } = f();', '  const { a, c } = g();', false],
    ['typescript', '    const a = 1;\n  }', '  const a = 2;', false],
    ['typescript', '  for (const a of all) {', '    const a = 2;', true],
    ['typescript', '  a = 1;', '  a = 2;', false],
    ['typescript', 'const a = 1;\nfunction f() {', '  const a = 2;', false],
    ['go', '\ta, err := f()', '\ta, err := g()', true],
    ['go', '\ta, err := f()', '\tb, err := g()', false],
    ['rust', '    let a = 1;', '    let a = a + 1;', false],
    ['java', '    int count = 0;', '    long count = 1;', true],
    ['java', '    return count;', '    delete count;', false],
    ['python', '    a = 1', '    a = 2', false],
    ['plaintext', '  const a', '  const a', false],
  ];
  for (const [language, above, line, expected] of table) {
    it(`${language}: ${JSON.stringify(above)} then ${JSON.stringify(line)}`, () => {
      assert.equal(new Scope(language, above.split('\n'), line).redeclares(line), expected);
    });
  }

  it('repeat no head of a block they are in, nor themselves', () => {
    const above = ['for (const a of all) {', '  if (a) {', '    b();', '  }', '  while (c) {', '    d();'];
    const scope = new Scope('typescript', above, '    ');
    scope.add('    e();');
    const lines = ['while (c) {', 'for (const a of all) {', 'e();', 'if (a) {', 'b();', 'd();', '}'];
    assert.deepEqual(
      lines.filter(line => scope.repeats(`    ${line}`)),
      ['while (c) {', 'for (const a of all) {', 'e();'],
    );
  });
});
