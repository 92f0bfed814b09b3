import assert from 'node:assert/strict';
import { proposedNames } from '../../../server/features/actions/clearerName.ts';
import { type MenuRow, shortMenu } from '../../../server/features/actions/menu.ts';
import { ACTIONS } from '../../../server/features/actions/table.ts';
import { serverCapabilities } from '../../../server/lsp/capabilities.ts';
import { readClientFeatures } from '../../../server/lsp/clientFeatures.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
function row(title: string, relevance: number, more: Partial<MenuRow['offer']> = {}): MenuRow {
  return {
    action: { kind: 'quickfix', relevance },
    offer: { title, arguments: { uri: 'file:///a', range }, ...more },
  };
}
const titles = (rows: readonly MenuRow[]) => rows.map(({ offer }) => offer.title).join(' ');

describe('actions/menu', () => {
  const many = Array.from({ length: 12 }, (_, i) => row(`r${i}`, i / 12));

  const cases: readonly [name: string, rows: readonly MenuRow[], taken: number, expected: string][] = [
    ['a short menu stays as it is', many.slice(0, 8), 0, 'r0 r1 r2 r3 r4 r5 r6 r7'],
    ['the most relevant stay, in their order', many, 0, 'r4 r5 r6 r7 r8 r9 r10 r11'],
    ['rows of others take room', many, 3, 'r7 r8 r9 r10 r11'],
    ['but not all of it', many, 30, 'r8 r9 r10 r11'],
    [
      'what is preferred stays, what is disabled goes first',
      [row('sure', 0, { preferred: true }), ...many.slice(4), row('off', 0.5, { disabled: 'no model' })],
      0,
      'sure r5 r6 r7 r8 r9 r10 r11',
    ],
    [
      "an offer's own relevance counts",
      [row('own', 0, { relevance: 1 }), ...many.slice(4)],
      0,
      'own r5 r6 r7 r8 r9 r10 r11',
    ],
  ];
  for (const [name, rows, taken, expected] of cases) {
    it(name, () => assert.equal(titles(shortMenu(rows, taken)), expected));
  }
});

describe('actions/table', () => {
  it('has each command once, and announces every kind', () => {
    const commands = ACTIONS.map(({ command }) => command);
    assert.deepEqual(commands, [...new Set(commands)]);
    const { codeActionProvider } = serverCapabilities(
      readClientFeatures({ processId: null, rootUri: null, capabilities: {} }),
    );
    assert.ok(typeof codeActionProvider === 'object');
    for (const { kind } of ACTIONS) assert.ok(codeActionProvider.codeActionKinds?.includes(kind), kind);
  });
});

describe('actions/clearerName: names of an answer', () => {
  const cases: readonly [answer: string, expected: readonly string[]][] = [
    ['count\ntotal', ['count', 'total']],
    ['1. `count`\n2) **total** - of all\n- "sum": short', ['count', 'total', 'sum']],
    ['old\ncount\ncount', ['count']],
    ['I would call it count.', []],
    ['rm -rf /\n$(evil)\na.b', []],
    [
      Array.from({ length: 40 }, (_, i) => `n${i}`).join('\n'),
      ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'],
    ],
    ['x'.repeat(81), []],
  ];
  for (const [answer, expected] of cases) {
    it(JSON.stringify(answer).slice(0, 50), () => assert.deepEqual(proposedNames(answer, 'old'), expected));
  }
});
