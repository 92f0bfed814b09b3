/**
 * Commands of a model in the task's tree: an argv, never a shell's line, confined to the tree. Where nothing confines,
 * or for a program that is not confined on purpose, the person is asked for each one. It must not know tools.
 */
import type { Confinement, Limits, Ran, Runner } from '../sandbox/command.ts';
import type { Answer, Commands, Outcome } from './ports.ts';

export interface CommandOptions {
  readonly runner: Runner;
  /** Absolute: where commands run, and the only place that they may write to. */
  readonly root: string;
  readonly limits: Limits;
  /** The project's dependency folders, read-only. */
  readonly bound?: Confinement['bound'];
  /** What commands find empty, such as the person's own copy of the project. */
  readonly hidden?: Confinement['hidden'];
  /**
   * Asks the person whether exactly this command may run without being confined; asked anew each time. Without it,
   * nothing runs unconfined.
   */
  readonly permit?: (argv: readonly string[], signal: AbortSignal) => Promise<boolean>;
}

export function confinedCommands(options: CommandOptions): Commands {
  const { bound, hidden, limits, permit, root, runner } = options;
  const confinement: Confinement = {
    writable: [root],
    network: false,
    ...(bound ? { bound } : {}),
    ...(hidden ? { hidden } : {}),
  };
  return {
    async run(argv, signal): Promise<Answer<Outcome>> {
      const command = { argv, cwd: root, limits };
      const ran = await runner.run({ ...command, confinement }, signal);
      if (ran.ending !== 'not-confined') return answerOf(ran, limits);
      const allowed = !signal.aborted && (await permit?.(argv, signal)) === true;
      if (allowed) return answerOf(await runner.run(command, signal), limits);
      return {
        ok: false,
        why: 'Nothing on this machine confines programs, and the person did not allow this command. Do without it, or ask.',
      };
    },
  };
}

function answerOf(ran: Ran, { timeMs }: Limits): Answer<Outcome> {
  const { code, durationMs, ending, stderr, stdout, truncated } = ran;
  if (ending === 'cannot-start')
    return { ok: false, why: 'There is no such program here, or it cannot be started.' };
  const hows: Readonly<Record<Ran['ending'], string>> = {
    exit: `exit code ${code}`,
    time: `ended after ${Math.round(timeMs / 1000)} s, its limit`,
    output: 'ended, since it wrote too much',
    aborted: 'ended by the person',
    'cannot-start': '',
    'not-confined': 'not run',
  };
  const both = [stdout.trimEnd(), stderr.trimEnd()].filter(text => text !== '').join('\n');
  const output = truncated ? `${both}\n[cut: it wrote more than is kept]` : both;
  return { ok: true, value: { ok: ending === 'exit' && code === 0, how: hows[ending], output, durationMs } };
}
