/** What the scripted model says in the scenarios. The newest rule that fits answers, so the general ones come first. */
import type { ScriptedReply } from '../../support/modelServer.ts';

export const MODEL = 'scripted-model';
export const KEY = ['test', 'key', 'of', 'no', 'value'].join('-');

const block = (path: string, search: readonly string[], replace: readonly string[]): string =>
  [path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE'].join('\n');

/** The rest of a line that begins with `addM`; the order of the arguments is one that no other engine would choose. */
const rest = 'oney(tax, net);';

/** The rest of a block that begins with `if (basket.isEm`. */
export const branch: readonly string[] = ['pty()) {', '    return formatMoney(net);', '  }'];

/** What is said in a chat: long enough to come in several edits. */
export const answer =
  'The tax is a part of the net amount: `percentOf(net, taxPercent)` rounds it to whole cents, and `addMoney` adds both.';

/** A change-set of two files, as anybody may write one. */
export const bothFiles = [
  ['src/money.ts', '/** All amounts are exact. */', '/** An amount in the smallest unit of its currency. */'],
  [
    'src/basket.ts',
    '/** All prices are net. */',
    "import { addMoney, formatMoney, percentOf } from './money.ts';",
  ],
]
  .map(([file, added, first]) => `--- a/${file}\n+++ b/${file}\n@@ -1 +1,2 @@\n+${added}\n ${first}\n`)
  .join('');

/** Two tests of `clamp`, of which one can notice nothing. */
const tests = [
  '```js',
  "import test from 'node:test';",
  "import assert from 'node:assert/strict';",
  "import { clamp } from '../lib/clamp.js';",
  '',
  "test('raises to the low end', () => assert.equal(clamp(0, 1), 1));",
  "test('asserts nothing', () => clamp(0, 1));",
  '```',
  '',
].join('\n');

const infill = ['completions', 'infill', 'fim'] as const;

export const modelReplies: readonly ScriptedReply[] = [
  ...infill.map(route => ({ route, text: rest })),
  ...infill.map(route => ({ route, when: 'if (basket.isEm', text: branch.join('\n') })),
  {
    route: 'chat',
    when: 'declared but its value is never read',
    text: block(
      'src/receipt.ts',
      ['  const net = basket.net();', '  return formatMoney(net);'],
      ['  const net = basket.net();', '  return formatMoney(percentOf(net, 100 + tipPercent));'],
    ),
  },
  {
    route: 'chat',
    when: 'keep the sum of net and tax in',
    text: block(
      'src/receipt.ts',
      ['  // AI! keep the sum of net and tax in `sum`'],
      ['  const sum = addMoney(net, tax);'],
    ),
  },
  {
    route: 'chat',
    when: 'greet and thank, with the words in',
    text: [
      block(
        'src/receipt.ts',
        ['// AI! greet and thank, with the words in src/greeting.ts'],
        ["import { greeting } from './greeting.ts';"],
      ),
      block(
        'src/receipt.ts',
        ['  const net = basket.net();', '  return formatMoney(net);'],
        ['  const net = basket.net();', '  return `${greeting} ${formatMoney(net)}`;'],
      ),
      block('src/greeting.ts', [], ["export const greeting = 'Thank you for your visit';"]),
    ].join('\n\n'),
  },
  { route: 'chat', when: 'export function clamp', text: tests },
  { route: 'chat', when: 'How is the tax reckoned?', text: answer, chunkDelayMs: 60 },
];
