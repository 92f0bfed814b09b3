/**
 * Finds a way to confine programs on this machine by trying each: a way counts only if a program that it runs could
 * write where it may, and nowhere else, and saw no network. It must not know who asks.
 */
import { posix } from 'node:path';
import type { Environment, Files, Processes, RunResult } from '../base/ports.ts';
import { bubblewrapArgv } from './bubblewrap.ts';
import type { Command, Confinement, Isolation } from './command.ts';
import { environmentFor } from './environment.ts';
import { type LayoutPorts, layoutOf, type Step } from './layout.ts';
import { CONFINE_FAILED, CONFINE_MARK, countsOf, namespacesArgv } from './namespaces.ts';
import type { Confiner } from './runner.ts';
import { SANDBOX_EXEC, seatbeltArgv } from './seatbelt.ts';

export interface ConfinerPorts {
  readonly processes: Processes;
  readonly files: Files;
  readonly environment: Environment;
  /** Absolute; where the trial writes, and on macOS the confined program's temporary files. Ours alone. */
  readonly cacheFolder: string;
  /** Where to look for the confining programs; default: where systems keep theirs. */
  readonly programFolders?: readonly string[];
  /** Codriver's folders that no program sees. */
  readonly ownFolders: readonly string[];
  /** Whether a file or folder holds secrets, by its name. */
  readonly isSecret: LayoutPorts['isSecret'];
}

/** Where systems keep their own programs; PATH is not asked, since a project may stand in it. */
const SYSTEM_FOLDERS = [
  '/usr/bin',
  '/bin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/bin',
  '/run/current-system/sw/bin',
];

/** Caches that programs cannot be without, in the private folder for temporary files. */
const privateFolders = (temporary: string): Readonly<Record<string, string>> => ({
  TMPDIR: temporary,
  TEMP: temporary,
  TMP: temporary,
  XDG_CACHE_HOME: `${temporary}/.cache`,
  GOCACHE: `${temporary}/.cache/go-build`,
  npm_config_cache: `${temporary}/.cache/npm`,
});

/** What one way needs to make a command line: the same for each, so that they are tried alike. */
interface Laid {
  readonly command: Command;
  readonly steps: readonly Step[];
  readonly cwd: string;
  readonly network: boolean;
}

interface Way {
  readonly isolation: Confiner['isolation'];
  readonly temporary: string;
  argv(laid: Laid): readonly string[];
}

/** The first way that holds; undefined where none does. */
export async function findConfiner(ports: ConfinerPorts): Promise<Confiner | undefined> {
  for (const way of await waysOf(ports)) {
    const confiner = confinerBy(way, ports);
    if (await holds(confiner, ports)) return confiner;
  }
  return undefined;
}

async function waysOf({
  files,
  environment,
  cacheFolder,
  programFolders,
}: ConfinerPorts): Promise<readonly Way[]> {
  async function program(name: string): Promise<string | undefined> {
    for (const folder of programFolders ?? SYSTEM_FOLDERS) {
      const path = posix.join(folder, name);
      if ((await files.stat(path)) !== undefined) return path;
    }
    return undefined;
  }
  if (environment.platform === 'darwin') {
    if ((await files.stat(SANDBOX_EXEC)) === undefined) return [];
    const temporary = posix.join(cacheFolder, 'confined');
    return [
      {
        isolation: 'seatbelt',
        temporary,
        argv: ({ command, steps, network }) => seatbeltArgv(command.argv, { steps, network, temporary }),
      },
    ];
  }
  if (environment.platform !== 'linux') return [];
  const [bubblewrap, unshare, setpriv, prlimit, shell] = await Promise.all(
    ['bwrap', 'unshare', 'setpriv', 'prlimit', 'sh'].map(program),
  );
  const release = await files.readText('/proc/sys/kernel/osrelease', 1024);
  const counts = countsOf(release.ok ? release.text : '');
  const ways: Way[] = [];
  if (bubblewrap !== undefined) {
    const tools = { bubblewrap, prlimit };
    for (const noNamespaces of [true, false]) {
      ways.push({
        isolation: 'bubblewrap',
        temporary: '/tmp',
        argv: ({ command, ...laid }) =>
          bubblewrapArgv(command.argv, {
            ...laid,
            limits: command.limits,
            tools,
            countsProcesses: counts.processesOfUser,
            noNamespaces,
          }),
      });
    }
  }
  if (unshare && setpriv && prlimit && shell) {
    const tools = { unshare, setpriv, prlimit, shell };
    ways.push({
      isolation: 'namespaces',
      temporary: '/tmp',
      argv: ({ command, ...laid }) =>
        namespacesArgv(command.argv, { ...laid, limits: command.limits, tools, counts }),
    });
  }
  return ways;
}

function confinerBy(way: Way, ports: ConfinerPorts): Confiner {
  const { files, environment } = ports;
  const layout: LayoutPorts = { ...ports, home: environment.home, variables: environment.variables };
  return {
    isolation: way.isolation,
    async wrap(command: Command, confinement: Confinement) {
      const steps = await layoutOf(confinement, layout);
      const cwd = await files.realPath(command.cwd);
      return {
        argv: way.argv({ command, steps, cwd, network: confinement.network }),
        environment: privateFolders(way.temporary),
      };
    },
    failure: failureOf,
  };
}

/** Why the program was not even started, by what the confining program says. */
function failureOf({ code, stderr }: RunResult): string | undefined {
  const lines = stderr.split('\n');
  const mark = code === CONFINE_FAILED ? lines.find(line => line.startsWith(CONFINE_MARK)) : undefined;
  if (mark !== undefined) return mark.slice(CONFINE_MARK.length);
  const said = code !== 0 && /^(?:bwrap|unshare|sandbox-exec): (.+)/.exec(lines[0] ?? '');
  return said ? said[1] : undefined;
}

/**
 * Writes inside and outside, looks at what is hidden, and names the network's devices; each line of the answer is
 * one of the words below. Whether it wrote outside is seen from here: there may be a private folder of that name.
 */
const PROBE = `
(echo in > "$1/made") 2>/dev/null && echo inside
(echo out > "$2/made") 2>/dev/null
[ -e "$2/hidden/canary" ] && echo seen
kill -0 "$3" 2>/dev/null && echo reaches
while read -r name _; do case $name in lo:*|Inter-*|face) ;; *) echo "network $name" ;; esac; done < /proc/net/dev
echo done
`;

/** A trial with a real program: it must have run, written inside, and nothing else. */
async function holds(
  confiner: Confiner,
  { processes, files, environment, cacheFolder }: ConfinerPorts,
): Promise<boolean> {
  const folder = posix.join(cacheFolder, 'confinement-trial');
  const [inside, outside, hidden] = ['inside', 'outside', 'outside/hidden'].map(name =>
    posix.join(folder, name),
  ) as [string, string, string];
  try {
    await files.writePrivate(posix.join(inside, 'here'), '');
    await files.writePrivate(posix.join(hidden, 'canary'), '');
    await files.remove(posix.join(inside, 'made'));
    await files.remove(posix.join(outside, 'made'));
    const limits = { timeMs: 10_000, outputBytes: 4096 };
    const wrapped = await confiner.wrap(
      {
        argv: ['/bin/sh', '-c', PROBE, 'probe', inside, outside, String(process.pid)],
        cwd: inside,
        limits,
      },
      { writable: [inside], hidden: [hidden], network: false },
    );
    const { code, stdout } = await processes.run(wrapped.argv, {
      cwd: inside,
      env: { ...environmentFor(environment), ...wrapped.environment },
      timeoutMs: limits.timeMs,
      maxOutputBytes: limits.outputBytes,
      wholeFamily: true,
    });
    const wrote = (place: string) => files.stat(posix.join(place, 'made'));
    return (
      code === 0 &&
      stdout === 'inside\ndone\n' &&
      (await wrote(inside)) !== undefined &&
      (await wrote(outside)) === undefined
    );
  } catch {
    return false;
  }
}

/** What a program does not get by each way, and what is not prevented. Data, shown by `doctor`. */
export const KEPT_FROM: Readonly<Record<Isolation, { readonly hides: string; readonly leaves: string }>> = {
  bubblewrap: {
    hides:
      'writes outside the task, secrets of the home folder, other processes, sockets in /tmp and /run, network, or further rights',
    leaves: 'reading what else you may read; attacks on the kernel itself, as no system call is filtered',
  },
  namespaces: {
    hides:
      'writes outside the task, secrets of the home folder, other processes, sockets in /tmp and /run, devices, network, or further rights',
    leaves: 'reading what else you may read; attacks on the kernel itself, as no system call is filtered',
  },
  seatbelt: {
    hides: 'writes outside the task, secrets of the home folder, signals to other processes, or network',
    leaves: 'reading what else you may read; services of macOS; any number of processes',
  },
  none: { hides: 'nothing', leaves: 'everything that you may do' },
};
