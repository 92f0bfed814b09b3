/** Checks of the machine itself: Node, grammars, git, the state folder, trust. They must not know the endpoint. */
import type { Examination, Finding } from './doctor.ts';
import { findProgram, plainVariables } from '../places.ts';

const neededNode = [20, 19] as const;
const testedGit = [2, 30] as const;

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const match = /(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const found = [Number(match[1]), Number(match[2])] as const;
  return found[0] > major || (found[0] === major && found[1] >= minor);
}

export function checkNode({ context }: Examination): Promise<readonly Finding[]> {
  const { nodeVersion, machine } = context;
  const what = `Node ${nodeVersion} on ${machine.environment.platform}`;
  if (atLeast(nodeVersion, neededNode)) return Promise.resolve([{ status: 'ok', message: what }]);
  const advice = `Codriver needs Node ${neededNode.join('.')} or later: install a current one.`;
  return Promise.resolve([{ status: 'fail', message: `${what} is too old`, advice }]);
}

export async function checkGrammars({ context }: Examination): Promise<readonly Finding[]> {
  const grammars = await context.probes.grammars();
  const good = grammars.filter(({ message }) => message === undefined);
  const findings: Finding[] = grammars
    .filter(({ message }) => message !== undefined)
    .map(({ language, message }) => ({
      status: 'fail',
      message: `${language} does not load: ${message}`,
      advice: 'The installation is damaged: install Codriver again.',
    }));
  if (grammars.length === 0) {
    const advice = 'Install Codriver again.';
    return [{ status: 'fail', message: 'No grammar is there: nothing would be checked for syntax.', advice }];
  }
  const names = good.map(({ language }) => language).join(', ');
  return [{ status: 'ok', message: `${good.length} of ${grammars.length} load: ${names}` }, ...findings];
}

export async function checkGit({ context }: Examination): Promise<readonly Finding[]> {
  const { processes, environment, files } = context.machine;
  const advice =
    'Without git the ignore files still count, but renamed and unchanged files are not told apart.';
  const git = await findProgram('git', environment, files);
  if (git === undefined) return [{ status: 'warn', message: 'git is not on PATH.', advice }];
  const result = await processes.run([git, '--version'], {
    // Never the current folder: what lies there must not decide what runs.
    cwd: environment.home,
    timeoutMs: 5_000,
    env: plainVariables(environment),
  });
  const version = /git version (\S+)/.exec(result.stdout)?.[1];
  if (result.code !== 0 || version === undefined) {
    return [{ status: 'warn', message: `${git} does not tell its version.`, advice }];
  }
  if (atLeast(version, testedGit)) return [{ status: 'ok', message: `git ${version}` }];
  return [
    {
      status: 'warn',
      message: `git ${version} is older than any that Codriver is tested with.`,
      advice: 'Install a current git.',
    },
  ];
}

export async function checkState({ context }: Examination): Promise<readonly Finding[]> {
  const state = await context.probes.stateDirectory();
  if (!state.exists) {
    return [
      {
        status: 'note',
        message: `${state.path} does not exist yet; it is made when something is to be kept.`,
      },
    ];
  }
  const findings: Finding[] = [];
  if (!state.ownedByUser) {
    const advice = `Make it yours: sudo chown -R "$USER" ${state.path}`;
    findings.push({ status: 'fail', message: `${state.path} belongs to another user.`, advice });
  }
  if (!state.writable) {
    const advice = `Allow writing: chmod u+rwx ${state.path}`;
    findings.push({
      status: 'fail',
      message: `${state.path} cannot be written: grants and caches are lost.`,
      advice,
    });
  }
  if (state.mode !== undefined && (state.mode & 0o077) !== 0) {
    const mode = (state.mode & 0o777).toString(8);
    const advice = `Close it: chmod -R go-rwx ${state.path}`;
    findings.push({ status: 'fail', message: `${state.path} is open to others (mode ${mode}).`, advice });
  }
  return findings.length > 0 ? findings : [{ status: 'ok', message: `${state.path} is yours alone.` }];
}

export function checkTrust({ context, trusted }: Examination): Promise<readonly Finding[]> {
  if (trusted)
    return Promise.resolve([
      { status: 'ok', message: `${context.cwd} is trusted: its .codriver/config.jsonc counts.` },
    ]);
  return Promise.resolve([
    {
      status: 'note',
      message: `${context.cwd} is not trusted: its .codriver/config.jsonc does not count.`,
      advice: 'If you trust what is in it: codriver trust',
    },
  ]);
}
