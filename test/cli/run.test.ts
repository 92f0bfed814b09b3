/** `codriver run` with a task in memory: what is asked, what is reported, which code it exits with. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../server/cli/runReport.ts';
import { deskOver } from '../agent/worldDesk.ts';
import { feature, shop } from '../agent/scripts.ts';
import { createWorld, removeWorlds, type Script, type World, type WorldOptions } from '../agent/world.ts';
import { against } from '../support/jsonSchema.ts';
import { type CliOptions, createCli, cwd } from './context.ts';

const TASK = '.codriver/tasks/tax.task.md';
const SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'schemas', 'run-report.schema.json'), 'utf8'),
) as Readonly<Record<string, unknown>>;

interface Case extends Pick<CliOptions, 'typed' | 'interrupts'> {
  readonly name: string;
  readonly argv?: readonly string[];
  readonly world?: WorldOptions;
  readonly again?: World;
  readonly untrusted?: true;
}

async function run({ again, argv = [], interrupts, typed, untrusted, world: given }: Omit<Case, 'name'>) {
  const world =
    again ?? createWorld({ files: shop, script: feature(), checks: { tests: () => ({}) }, ...given });
  const cli = createCli({
    files: { [`${cwd}/${TASK}`]: world.text() },
    openDesk: deskOver({
      world,
      before: shop,
      ...(untrusted ? { trust: { get: () => false, set: () => undefined } } : {}),
    }),
    ...(typed ? { typed } : {}),
    ...(interrupts ? { interrupts } : {}),
  });
  const ran = await cli.run('run', TASK, '--json', '-', ...argv);
  const report = JSON.parse(ran.out) as RunReport;
  assert.equal(against(SCHEMA, report, SCHEMA['$defs'] as never), undefined);
  assert.equal(report.exitCode, ran.code);
  return { ...ran, report, world, cli };
}

const asks: Script = ({ prompt, tools }) => {
  if (tools.includes('plan')) return { calls: [['plan', { steps: ['Add the tax'] }]] };
  if (!prompt.includes('nineteen'))
    return { calls: [['ask', { question: 'Which rate?', options: ['ten', 'nineteen percent'] }]] };
  return { calls: [['finish_step', { summary: 'done' }]] };
};

describe('run', () => {
  after(removeWorlds);

  const cases: readonly (Case & {
    readonly code: number;
    readonly phase: string;
    readonly waitsFor: string | null;
  })[] = [
    { name: 'nobody is there', code: 3, phase: 'awaiting-plan', waitsFor: 'plan' },
    {
      name: 'the plan is approved beforehand',
      argv: ['--yes-to-plan'],
      code: 0,
      phase: 'awaiting-approval',
      waitsFor: 'approval',
    },
    { name: 'a person says yes twice', typed: ['yes', 'y'], code: 0, phase: 'applied', waitsFor: null },
    { name: 'a person wants to think', typed: [''], code: 3, phase: 'awaiting-plan', waitsFor: 'plan' },
    { name: 'a person says a bare no', typed: ['no'], code: 3, phase: 'awaiting-plan', waitsFor: 'plan' },
    { name: 'a person discards', typed: ['yes', 'discard'], code: 1, phase: 'discarded', waitsFor: null },
    {
      name: 'nobody answers a question',
      argv: ['--yes-to-plan'],
      world: { script: asks },
      code: 3,
      phase: 'blocked',
      waitsFor: 'answer',
    },
    {
      name: 'a person answers it by number',
      typed: ['yes', '2', 'yes'],
      world: { script: asks },
      code: 0,
      phase: 'applied',
      waitsFor: null,
    },
    {
      name: 'the budget is used up',
      argv: ['--yes-to-plan'],
      world: { limits: { steps: 2 } },
      code: 4,
      phase: 'blocked',
      waitsFor: null,
    },
    {
      name: 'the endpoint fails',
      world: { script: () => ({ error: { kind: 'network', message: 'nobody answers' } }) },
      code: 1,
      phase: 'blocked',
      waitsFor: null,
    },
    { name: 'the folder is not trusted', untrusted: true, code: 5, phase: 'refused', waitsFor: null },
  ];
  for (const { code, name, phase, waitsFor, ...options } of cases) {
    it(`exits with ${code} when ${name}`, async () => {
      const ran = await run(options);
      assert.deepEqual([ran.code, ran.report.phase, ran.report.waitsFor], [code, phase, waitsFor], ran.err);
      assert.deepEqual(ran.world.applied.length > 0, phase === 'applied' || phase === 'discarded');
    });
  }

  it('writes the result beside the document and applies it only by its own hash', async () => {
    const first = await run({ argv: ['--yes-to-plan'] });
    const { changeSet = '', diff = '' } = first.report.result ?? {};
    assert.equal(changeSet, `${cwd}/.codriver/tasks/tax.diff`);
    assert.equal(first.cli.machine.textOf(changeSet ?? ''), `# result: ${diff}\n`);
    assert.match(first.err, new RegExp(`--apply ${diff}`));
    assert.deepEqual(
      first.report.files.map(({ change, path }) => `${change} ${path}`),
      [
        'modified README.md',
        'modified src/price.ts',
        'modified src/receipt.ts',
        'added src/tax.ts',
        'modified test/price.test.ts',
      ],
    );
    const { world } = first;
    const other = await run({ again: world, argv: ['--apply', 'f'.repeat(40)] });
    assert.deepEqual([other.code, world.applied], [1, []]);
    assert.match(other.err, /not the one that you approve/);
    const done = await run({ again: world, argv: ['--apply', diff.slice(0, 16)] });
    assert.deepEqual([done.code, done.report.phase, world.applied.length], [0, 'applied', 1]);
    // Once more: it is applied already, and nothing is done.
    const twice = await run({ again: world, argv: ['--apply', diff] });
    assert.deepEqual([twice.code, world.applied.length], [0, 1]);
  });

  it('takes no approval before there is a result', async () => {
    const ran = await run({ argv: ['--apply', 'a'.repeat(64)] });
    assert.deepEqual([ran.code, ran.world.applied, ran.world.questions.length], [1, [], 0]);
  });

  it('passes on what a person says instead of yes', async () => {
    const script = feature();
    const ran = await run({
      typed: ['only the price', 'yes', ''],
      world: {
        script: question =>
          question.tools.includes('plan') && question.prompt.includes('only the price')
            ? { calls: [['plan', { steps: ['Only the price'] }]] }
            : script(question),
      },
    });
    assert.equal(ran.report.waitsFor, 'approval', ran.err);
    assert.ok(
      ran.world.records.some(({ event }) => event.type === 'plan-rejected' && event.why === 'only the price'),
    );
  });

  it('pauses by Ctrl-C and goes on with the next run', async () => {
    let interrupt = (): void => undefined;
    let held = true;
    const stopped = await run({
      argv: ['--yes-to-plan'],
      interrupts: call => (interrupt = call),
      world: {
        onAppend: ({ event }) => {
          if (event.type === 'step-chosen' && held) {
            held = false;
            interrupt();
          }
        },
      },
    });
    assert.deepEqual([stopped.code, stopped.report.phase], [130, 'paused'], stopped.err);
    const on = await run({ again: stopped.world });
    assert.deepEqual([on.code, on.report.phase], [0, 'awaiting-approval'], on.err);
  });

  it('tells what happens line by line, without anything that a terminal obeys', async () => {
    const { err } = await run({
      argv: ['--yes-to-plan'],
      world: {
        script: ({ tools }) =>
          tools.includes('plan')
            ? { calls: [['plan', { steps: ['x'] }]] }
            : {
                calls: [
                  ['read', { path: 'a\u001b[2Jb' }],
                  ['finish_step', { summary: 'x' }],
                ],
              },
      },
    });
    assert.match(err, /^codriver: makes a plan$/m);
    assert.match(err, /^codriver: step s1$/m);
    assert.doesNotMatch(err, /\u001b/);
  });
});
