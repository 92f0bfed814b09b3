/** What a person is shown of a command before it runs with their own rights. */
import assert from 'node:assert/strict';
import { treeCommands } from '../../../server/features/task/commands.ts';
import type { Command, Ran } from '../../../server/sandbox/command.ts';
import type { TaskTree } from '../../../server/sandbox/taskTree.ts';

const { signal } = new AbortController();

/** Commands where nothing confines programs and the person says yes to whatever they are asked. */
function agreeing() {
  const asked: string[] = [];
  const ran: (readonly string[])[] = [];
  const commands = treeCommands({
    runner: {
      isolation: async () => 'none',
      async run({ argv }: Command): Promise<Ran> {
        ran.push(argv);
        const said = { stdout: '', stderr: '', truncated: false, durationMs: 1, isolation: 'none' } as const;
        return { code: 0, ending: 'exit', ...said };
      },
    },
    host: {
      async ask(message, choices) {
        asked.push(message);
        return choices[0];
      },
    },
    files: {
      readText: async () => ({ ok: false, why: 'missing' }),
      writePrivate: async () => undefined,
    },
    tree: { root: '/tasks/one/tree', project: '/project', bound: [] } as unknown as TaskTree,
    title: () => 'a task',
    list: '/state/commands.json',
  });
  return { asked, commands, ran };
}

describe('features/task: what a person allows a task to run', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['plain words', ['npm', 'run', 'test:unit'], 'npm run test:unit'],
    ['words with spaces', ['sh', '-c', 'a  b'], 'sh -c "a \\u0020b"'],
    ['several lines', ['sh', '-c', 'a\nb'], 'sh -c "a\\nb"'],
    ['what is not seen', ['echo', 'a\u200bb\u3164'], 'echo "a\\u200bb\\u3164"'],
    ['what looks like something else', ['n\u0440m'], '"n\\u0440m"'],
    ['a long one', ['echo', 'x'.repeat(900)], `echo ${'x'.repeat(900)}`],
  ];
  for (const [name, argv, shown] of cases)
    it(`is shown whole, and as it is: ${name}`, async () => {
      const { asked, commands, ran } = agreeing();
      assert.equal((await commands.run(argv, signal)).ok, true);
      assert.ok(asked[0]?.includes(`wants to run: ${shown} — `), asked[0]);
      assert.deepEqual(ran, [argv]);
    });

  it('is not asked for where it cannot be shown whole, and does not run', async () => {
    const { asked, commands, ran } = agreeing();
    const answer = await commands.run(['sh', '-c', `${'true; '.repeat(200)}touch hidden`], signal);
    assert.match(answer.ok ? '' : answer.why, /too long to be shown to the person whole/);
    assert.deepEqual([asked, ran], [[], []]);
  });
});
