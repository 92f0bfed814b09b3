/** What was sent is counted once, by all servers of a person together, for as many days as are shown. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { total } from '../../../server/features/usage/days.ts';
import { usageText } from '../../../server/features/usage/table.ts';
import { type Budget, Usage } from '../../../server/features/usage/usage.ts';
import { createMemoryMachine, type MemoryMachine } from '../../support/memoryMachine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const noon = new Date(2026, 0, 10, 12).getTime();
const none: Budget = { tokensPerDay: 0, requestsPerDay: 0 };
const spender = { feature: 'action', model: 'm' };
const folder = '/home/dev/.local/state/codriver/usage';

function start(machine: MemoryMachine, limits: Budget = none) {
  const told: string[] = [];
  return {
    usage: new Usage({ machine, limits: () => limits, tell: message => told.push(message) }),
    told,
  };
}
function use(
  usage: Usage,
  promptTokens: number,
  more: Partial<typeof spender> = {},
  estimated = false,
): void {
  usage.requested({ ...spender, ...more });
  usage.spent({ ...spender, ...more }, { promptTokens, completionTokens: 1, estimated });
}
const machineAt = (startAt = noon) => createMemoryMachine({ startAt, home: '/home/dev' });
const requests = (usage: Usage) => usage.week().map(({ amounts }) => total(amounts).requests);

describe('usage', () => {
  it('outlives the server, by day, and is forgotten after a week', async () => {
    const machine = machineAt();
    const { usage } = start(machine);
    use(usage, 10);
    await machine.advance(DAY_MS);
    use(usage, 20);
    use(usage, 20);
    await usage.settled();
    const later = start(machine).usage;
    await later.load();
    assert.deepEqual(requests(later), [2, 1, 0, 0, 0, 0, 0]);
    await machine.advance(6 * DAY_MS);
    use(later, 1);
    await later.settled();
    assert.deepEqual(requests(later), [1, 0, 0, 0, 0, 0, 2]);
    assert.equal(machine.pathsUnder(folder).length, 2, 'the record of the day before is still there');
  });

  it('holds a damaged record for none, and what is no count for nothing', async () => {
    const machine = machineAt();
    const { usage } = start(machine);
    use(usage, 10);
    await usage.settled();
    const [path = ''] = machine.pathsUnder(folder);
    machine.plant(path, (machine.textOf(path) ?? '').replace('"requests":1', '"requests":9'));
    const later = start(machine).usage;
    await later.load();
    assert.deepEqual(requests(later), [0, 0, 0, 0, 0, 0, 0]);
  });

  it('of two servers is lost nowhere, in whatever order they count, write and read', async () => {
    const step = fc.record({ by: fc.integer({ min: 0, max: 1 }), tokens: fc.nat(50), wait: fc.nat(3_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
        const machine = machineAt();
        const servers = [start(machine).usage, start(machine).usage] as const;
        for (const { by, tokens, wait } of steps) {
          use(servers[by] as Usage, tokens);
          await machine.advance(wait);
        }
        for (const server of servers) await server.settled();
        const wanted = steps.reduce((sum, { tokens }) => sum + tokens, 0);
        for (const usage of [...servers, start(machine).usage]) {
          await usage.load();
          const all = total(usage.week()[0]?.amounts ?? []);
          assert.deepEqual([all.requests, all.promptTokens], [steps.length, wanted]);
        }
      }),
      { numRuns: 40 },
    );
  });

  const budgets: readonly { name: string; limits: Budget; uses: number; refused: RegExp | undefined }[] = [
    { name: 'none', limits: none, uses: 50, refused: undefined },
    {
      name: 'tokens below',
      limits: { tokensPerDay: 23, requestsPerDay: 0 },
      uses: 2,
      refused: undefined,
    },
    {
      name: 'tokens reached',
      limits: { tokensPerDay: 22, requestsPerDay: 0 },
      uses: 2,
      refused: /budget of 22 tokens is used up \(22 so far\).*raise budget\.tokensPerDay/,
    },
    {
      name: 'requests reached',
      limits: { tokensPerDay: 0, requestsPerDay: 2 },
      uses: 3,
      refused: /budget of 2 requests is used up \(3 so far\).*raise budget\.requestsPerDay/,
    },
  ];
  for (const { name, limits, uses, refused } of budgets) {
    it(`budget, ${name}`, async () => {
      const machine = machineAt();
      const { usage, told } = start(machine, limits);
      for (let i = 0; i < uses; i++) use(usage, 10);
      if (refused) assert.match(usage.refusal() ?? '', refused);
      else assert.equal(usage.refusal(), undefined);
      await usage.settled();
      assert.equal(told.length, refused ? 1 : 0, 'said once');
      assert.equal(machine.logged.filter(({ message }) => message.includes('budget')).length, told.length);
      await machine.advance(DAY_MS);
      assert.equal(usage.refusal(), undefined, 'a new day');
    });
  }

  it('budget: what one server used up is used up for the other', async () => {
    const machine = machineAt();
    const limits = { tokensPerDay: 100, requestsPerDay: 0 };
    const [first, second] = [start(machine, limits), start(machine, limits)];
    use(first.usage, 99);
    await first.usage.settled();
    assert.equal(second.usage.refusal(), undefined);
    await second.usage.load();
    second.usage.check();
    assert.match(second.usage.refusal() ?? '', /used up/);
    assert.equal(second.told.length, 1);
  });

  it('is shown by feature and model, with estimates marked and names that cannot break the table', () => {
    const { usage } = start(machineAt());
    use(usage, 10);
    use(usage, 10);
    use(usage, 500, { feature: 'completion', model: 'a|b\n`c`' }, true);
    const text = usageText(usage.week(), { tokensPerDay: 1000, requestsPerDay: 0 });
    assert.deepEqual(
      text
        .split('\n')
        .filter(line => line.startsWith('|'))
        .slice(0, 5),
      [
        '| Feature | Model | Requests | Prompt tokens | Answer tokens |',
        '|---|---|---:|---:|---:|',
        '| completion | a\\|b \\`c\\` | 1 | ~500 | ~1 |',
        '| action | m | 2 | 20 | 2 |',
        '| **all** |  | 3 | ~520 | ~3 |',
      ],
    );
    assert.match(text, /Used of today's budget: ~523 of 1000 tokens/);
    assert.match(text, /~ holds estimates/);
  });
});
