/** What the scripted model says in the scenarios. The newest rule that fits answers, so the general ones come first. */
import type { ScriptedReply } from '../../support/modelServer.ts';

const block = (path: string, search: readonly string[], replace: readonly string[]): string =>
  [path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE'].join('\n');

/** The rest of a line that begins with `addM`; the order of the arguments is one that no other engine would choose. */
const rest = 'oney(tax, net);';

export const modelReplies: readonly ScriptedReply[] = [
  { route: 'completions', text: rest },
  { route: 'infill', text: rest },
  { route: 'fim', text: rest },
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
