/**
 * Runs programs that are not ours: within limits, with an environment from the allow-list, and confined where the
 * command asks for it, or not at all. It must not know how a system confines, nor what the output means.
 */
import { constants } from 'node:os';
import { stripControls } from '../base/controls.ts';
import type { Clock, Environment, Processes, RunResult } from '../base/ports.ts';
import type { Command, Confinement, Ending, Isolation, Ran, Runner } from './command.ts';
import { environmentFor } from './environment.ts';

/** A program that writes this many times what is kept is not going to say anything new. */
const FLOOD_FACTOR = 32;

/** One way to confine a program on this machine, found to work. */
export interface Confiner {
  readonly isolation: Exclude<Isolation, 'none'>;
  /** The command line that runs `command` confined, and variables that must be other than the person's. */
  wrap(
    command: Command,
    confinement: Confinement,
  ): Promise<{
    readonly argv: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  }>;
  /** Why the program was not started after all, by what the confining one said; undefined if it was. */
  failure?(result: RunResult): string | undefined;
}

export interface RunnerPorts {
  readonly processes: Processes;
  readonly clock: Clock;
  readonly environment: Environment;
  /** Finds out how programs can be confined here, by trying; asked once. Absent: not at all. */
  readonly findConfiner?: () => Promise<Confiner | undefined>;
}

/** A runner on this machine. Its answers never throw; what could not be run says so in `ending`. */
export function createRunner(ports: RunnerPorts): Runner {
  const { processes, clock, environment } = ports;
  let found: Promise<Confiner | undefined> | undefined;
  const confiner = () => {
    found ??= ports.findConfiner?.().catch(() => undefined) ?? Promise.resolve(undefined);
    return found;
  };

  async function run(command: Command, signal: AbortSignal): Promise<Ran> {
    const begin = clock.now();
    const ended = (isolation: Isolation, ending: Ending, stderr: string): Ran => ({
      code: null,
      ending,
      stdout: '',
      stderr,
      truncated: false,
      durationMs: clock.now() - begin,
      isolation,
    });
    if (signal.aborted) return ended('none', 'aborted', '');
    if (command.argv[0] === undefined || command.argv[0] === '')
      return ended('none', 'cannot-start', 'There is no program to run.');

    let { argv } = command;
    let isolation: Isolation = 'none';
    let additions = command.environment;
    let failure: Confiner['failure'];
    if (command.confinement !== undefined) {
      const with_ = await confiner();
      if (with_ === undefined)
        return ended(
          'none',
          'not-confined',
          `${command.argv[0]} was not run: it may only run confined, and nothing on this system confines programs.`,
        );
      ({ isolation } = with_);
      const wrapped = await with_.wrap(command, command.confinement).catch(String);
      if (typeof wrapped === 'string') return ended(isolation, 'not-confined', stripControls(wrapped));
      ({ argv } = wrapped);
      additions = { ...wrapped.environment, ...additions };
      failure = result => with_.failure?.(result);
    }
    const { limits } = command;
    const result = await processes
      .run(argv, {
        cwd: command.cwd,
        env: environmentFor(environment, additions),
        timeoutMs: limits.timeMs,
        maxOutputBytes: limits.outputBytes,
        floodBytes: limits.outputBytes * FLOOD_FACTOR,
        wholeFamily: true,
        signal,
        ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
      })
      .catch(
        (error: unknown): RunResult => ({
          code: null,
          stdout: '',
          stderr: String(error),
          timedOut: false,
          notStarted: true,
        }),
      );
    const unconfined = failure?.(result);
    if (unconfined !== undefined)
      return ended(
        isolation,
        'not-confined',
        `${command.argv[0]} was not run: it could not be confined (${stripControls(unconfined)}).`,
      );
    const ending = endingOf(result, signal);
    return {
      code: ending === 'exit' ? codeOf(result) : null,
      ending,
      stdout: stripControls(result.stdout),
      stderr: stripControls(result.stderr),
      truncated: result.truncated === true || result.stderrTruncated === true,
      durationMs: clock.now() - begin,
      isolation,
    };
  }

  return { isolation: async () => (await confiner())?.isolation ?? 'none', run };
}

function endingOf(result: RunResult, signal: AbortSignal): Ending {
  if (result.notStarted) return 'cannot-start';
  if (result.timedOut) return 'time';
  if (result.flooded) return 'output';
  // A program that was done before it was told to stop has its own code.
  return signal.aborted && result.code === null && result.signal === undefined ? 'aborted' : 'exit';
}

/** As shells tell it: 128 and the signal's number for a program that a signal ended. */
function codeOf({ code, signal }: RunResult): number {
  if (code !== null) return code;
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return 128 + (number ?? 0);
}
