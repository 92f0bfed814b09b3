/** What the scripted model does: a feature over five files of a small shop, and how it finds its way by what it sees. */
import type { Said, Script } from './world.ts';

export const shop = {
  'src/price.ts': 'export function price(net: number): number {\n  return net;\n}\n',
  'src/cart.ts':
    "import { price } from './price';\n\nexport function total(nets: number[]): number {\n  return nets.reduce((sum, net) => sum + price(net), 0);\n}\n",
  'src/receipt.ts':
    "import { total } from './cart';\n\nexport const receipt = (nets: number[]) => `Total: ${total(nets)}`;\n",
  'README.md': '# Shop\n',
  'test/price.test.ts': "import { price } from '../src/price';\n",
};

/** A model that works off a list for each step, and knows where it is only from what it is shown. */
export function byStep(plan: readonly string[], work: Readonly<Record<string, readonly Said[]>>): Script {
  const at = new Map<string, number>();
  return ({ prompt, tools }) => {
    if (tools.includes('plan')) return { calls: [['plan', { steps: plan }]] };
    const step = /Do step (s\d+):/.exec(prompt)?.[1] ?? '';
    const i = at.get(step) ?? 0;
    at.set(step, i + 1);
    return work[step]?.[i] ?? { calls: [['finish_step', { summary: `${step} done` }]] };
  };
}

export const feature = (): Script =>
  byStep(['Add tax to src/price.ts', 'Show the tax on the receipt', 'Test and document it'], {
    s1: [
      {
        calls: [
          ['list', {}],
          ['read', { path: 'src/price.ts' }],
        ],
      },
      { calls: [['create', { path: 'src/tax.ts', text: 'export const TAX = 0.2;\n' }]] },
      {
        calls: [
          ['edit', { path: 'src/price.ts', old: '  return net;', new: '  return net * (1 + TAX);' }],
          [
            'edit',
            {
              path: 'src/price.ts',
              old: 'export function price',
              new: "import { TAX } from './tax';\n\nexport function price",
            },
          ],
          ['note_decision', { decision: 'The tax is 20 %', because: 'the goal names no other' }],
        ],
      },
    ],
    s2: [
      { calls: [['references', { name: 'total' }]] },
      {
        calls: [
          [
            'edit',
            { path: 'src/receipt.ts', old: 'Total: ${total(nets)}', new: 'Total with tax: ${total(nets)}' },
          ],
        ],
      },
    ],
    s3: [
      { calls: [['edit', { path: 'README.md', old: '# Shop', new: '# Shop\n\nPrices have taxes.' }]] },
      {
        calls: [
          [
            'edit',
            {
              path: 'test/price.test.ts',
              old: "import { price } from '../src/price';",
              new: "import { price } from '../src/price';\n\nif (price(10) !== 12) throw new Error('no tax');",
            },
          ],
        ],
      },
      { calls: [['run_check', { name: 'tests' }]] },
    ],
  });
