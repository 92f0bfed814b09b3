/** Commands of a model: confined or asked for, each time, and told as they ended. */
import assert from 'node:assert/strict';
import { confinedCommands } from '../../server/agent/commands.ts';
import type { Command, Ran, Runner } from '../../server/sandbox/command.ts';

const limits = { timeMs: 60_000, outputBytes: 1_000 };
const { signal } = new AbortController();

function fakeRunner(confines: boolean, ran: Partial<Ran> = {}): Runner & { readonly commands: Command[] } {
  const commands: Command[] = [];
  return {
    commands,
    isolation: async () => (confines ? 'namespaces' : 'none'),
    async run(command) {
      const refused = command.confinement !== undefined && !confines;
      if (!refused) commands.push(command);
      const base: Ran = {
        code: 0,
        ending: 'exit',
        stdout: '',
        stderr: '',
        truncated: false,
        durationMs: 3,
        isolation: 'none',
      };
      return refused ? { ...base, code: null, ending: 'not-confined' } : { ...base, ...ran };
    },
  };
}

describe('commands of a task', () => {
  it('run confined to the tree, without network', async () => {
    const runner = fakeRunner(true);
    const bound = [{ from: '/p/node_modules', at: '/t/node_modules' }];
    await confinedCommands({ runner, root: '/t', limits, bound, hidden: ['/p'] }).run(['make', 'x'], signal);
    assert.deepEqual(runner.commands, [
      {
        argv: ['make', 'x'],
        cwd: '/t',
        limits,
        confinement: { writable: ['/t'], network: false, bound, hidden: ['/p'] },
      },
    ]);
  });

  it('are asked for one by one where nothing confines', async () => {
    const runner = fakeRunner(false);
    const asked: string[] = [];
    const permit = async (argv: readonly string[]) => {
      asked.push(argv.join(' '));
      return argv[0] === 'ls';
    };
    const commands = confinedCommands({ runner, root: '/t', limits, permit });
    assert.equal((await commands.run(['ls'], signal)).ok, true);
    assert.equal((await commands.run(['ls'], signal)).ok, true);
    const refused = await commands.run(['rm', 'x'], signal);
    assert.match(refused.ok ? '' : refused.why, /did not allow/);
    assert.deepEqual(asked, ['ls', 'ls', 'rm x']);
    assert.equal(runner.commands.length, 2);
  });

  it('do not run where nothing confines and nobody can be asked, or the task was stopped', async () => {
    const runner = fakeRunner(false);
    assert.equal((await confinedCommands({ runner, root: '/t', limits }).run(['ls'], signal)).ok, false);
    const stopped = confinedCommands({ runner, root: '/t', limits, permit: async () => true });
    assert.equal((await stopped.run(['ls'], AbortSignal.abort())).ok, false);
    assert.deepEqual(runner.commands, []);
  });

  const endings: readonly [name: string, ran: Partial<Ran>, ok: boolean, how: RegExp, output: string][] = [
    ['well', { stdout: 'a\n' }, true, /exit code 0/, 'a'],
    ['badly', { code: 2, stdout: 'a\n', stderr: 'b\n' }, false, /exit code 2/, 'a\nb'],
    ['by its time', { code: null, ending: 'time' }, false, /after 60 s/, ''],
    [
      'by its output',
      { code: null, ending: 'output', stdout: 'y', truncated: true },
      false,
      /too much/,
      'y\n[cut: it wrote more than is kept]',
    ],
    ['by the person', { code: null, ending: 'aborted' }, false, /by the person/, ''],
  ];
  for (const [name, ran, ok, how, output] of endings) {
    it(`tell how they ended: ${name}`, async () => {
      const answer = await confinedCommands({ runner: fakeRunner(true, ran), root: '/t', limits }).run(
        ['x'],
        signal,
      );
      assert.ok(answer.ok);
      assert.deepEqual([answer.value.ok, answer.value.output], [ok, output]);
      assert.match(answer.value.how, how);
    });
  }

  it('say so where there is no such program', async () => {
    const runner = fakeRunner(true, { ending: 'cannot-start', code: null });
    const answer = await confinedCommands({ runner, root: '/t', limits }).run(['x'], signal);
    assert.match(answer.ok ? '' : answer.why, /no such program/);
  });
});
