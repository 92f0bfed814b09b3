/** What the scripted model says in the scenarios. The newest rule that fits answers, so the general ones come first. */
import type { ScriptedReply } from '../../support/modelServer.ts';

const block = (path: string, search: readonly string[], replace: readonly string[]): string =>
  [path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE'].join('\n');

/** The rest of a line that begins with `addM`; the order of the arguments is one that no other engine would choose. */
const rest = 'oney(tax, net);';

/** The rest of a block that begins with `if (basket.isEm`. */
export const branch: readonly string[] = ['pty()) {', '    return formatMoney(net);', '  }'];

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
    when: 'put the greeting into a file of its own',
    text: [
      block(
        'src/receipt.ts',
        ['// AI! put the greeting into a file of its own, src/greeting.ts'],
        ["import { greeting } from './greeting.ts';"],
      ),
      block('src/greeting.ts', [], ["export const greeting = 'Thank you for your visit';"]),
    ].join('\n\n'),
  },
];
