/** The command line that confines a program by bubblewrap. Pure; it must not know which program that is. */
import type { Limits } from './command.ts';
import type { Step } from './layout.ts';
import { limitsArgv } from './namespaces.ts';

/** Absolute paths of what this needs; without prlimit only time and output are bounded. */
export interface BubblewrapTools {
  readonly bubblewrap: string;
  readonly prlimit: string | undefined;
}

/** `cwd` is a real path. */
export function bubblewrapArgv(
  argv: readonly string[],
  {
    cwd,
    steps,
    network,
    limits,
    tools,
    countsProcesses,
    noNamespaces,
  }: {
    readonly cwd: string;
    readonly steps: readonly Step[];
    readonly network: boolean;
    readonly limits: Limits;
    readonly tools: BubblewrapTools;
    readonly countsProcesses: boolean;
    /** Known since bubblewrap 0.8: the program makes no user namespaces of its own. */
    readonly noNamespaces: boolean;
  },
): readonly string[] {
  return [
    tools.bubblewrap,
    '--unshare-all',
    noNamespaces ? ['--unshare-user', '--disable-userns'] : [],
    network ? ['--share-net'] : [],
    ['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    // Its own cover of these is left out for root, whom the kernel lets write there by ownership alone.
    ['--ro-bind', '/proc/sys', '/proc/sys', '--ro-bind-try', '/proc/sysrq-trigger', '/proc/sysrq-trigger'],
    steps.flatMap(wordsOf),
    ['--chdir', cwd, '--'],
    tools.prlimit === undefined ? argv : limitsArgv(argv, tools.prlimit, limits, countsProcesses),
  ].flat();
}

function wordsOf(step: Step): readonly string[] {
  switch (step.do) {
    case 'empty':
      return ['--tmpfs', step.at];
    case 'blank':
      return ['--ro-bind', '/dev/null', step.at];
    case 'write':
      return ['--bind', step.at, step.at];
    case 'show':
      return ['--ro-bind', step.from, step.at];
  }
}
