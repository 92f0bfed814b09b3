/**
 * `codriver doctor`: a table of checks, each a file or a function; one that fails does not hide the others. It
 * reports and advises and must not change anything.
 */
import { loadSettings } from '../../config/load.ts';
import { ApiKeys } from '../../config/apiKey.ts';
import type { ApiKey } from '../../config/apiKey.ts';
import type { ResolvedSettings } from '../../config/settings.ts';
import type { Command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { checkConfiguration, checkKey } from './configuration.ts';
import { checkCheckers } from './checkers.ts';
import { checkConfinement } from './confinement.ts';
import { checkEditors } from './editors.ts';
import { checkEndpoint, checkLocalServers } from './endpoint.ts';
import { checkUsage } from './usage.ts';
import { checkGit, checkGrammars, checkNode, checkState, checkTrust } from './machine.ts';

/** `fail` makes the exit code 1; `warn` is worth a look; `note` is a fact. */
export type Status = 'ok' | 'note' | 'warn' | 'fail';

export interface Finding {
  readonly status: Status;
  /** What was found, one line. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** What checks share; made once. */
export interface Examination {
  readonly context: CliContext;
  readonly resolved: ResolvedSettings;
  readonly key: ApiKey;
  readonly trusted: boolean;
  readonly signal: AbortSignal;
}

interface Check {
  readonly id: string;
  readonly title: string;
  readonly run: (examination: Examination) => Promise<readonly Finding[]>;
}

const checks: readonly Check[] = [
  { id: 'node', title: 'Node', run: checkNode },
  { id: 'configuration', title: 'Configuration', run: checkConfiguration },
  { id: 'key', title: 'Key', run: checkKey },
  { id: 'endpoint', title: 'Endpoint', run: checkEndpoint },
  { id: 'localServers', title: 'Local model servers', run: checkLocalServers },
  { id: 'grammars', title: 'Grammars', run: checkGrammars },
  { id: 'git', title: 'Git', run: checkGit },
  { id: 'state', title: 'State folder', run: checkState },
  { id: 'usage', title: 'Usage', run: checkUsage },
  { id: 'trust', title: 'Trust', run: checkTrust },
  { id: 'confinement', title: 'Confinement of programs', run: checkConfinement },
  { id: 'checkers', title: 'Checkers of this folder', run: checkCheckers },
  { id: 'editors', title: 'Editors', run: checkEditors },
];

/** For all network checks together. */
const limitMs = 90_000;

const marks: Readonly<Record<Status, string>> = { ok: '✓', note: '·', warn: '!', fail: '✗' };

/** Exit code 1 when something is broken. */
export async function runDoctor(
  command: Extract<Command, { mode: 'doctor' }>,
  context: CliContext,
): Promise<number> {
  const { machine, output, version } = context;
  const abort = new AbortController();
  const timer = machine.clock.after(limitMs, () => abort.abort());
  try {
    const examination = await examine(context, abort.signal);
    const results = [];
    for (const { id, title, run } of checks)
      results.push({ id, title, findings: await safely(run, examination) });
    const broken = results.some(({ findings }) => findings.some(({ status }) => status === 'fail'));
    if (command.json) {
      const report = { version, ok: !broken, checks: results };
      output.out(`${JSON.stringify(report, null, 2)}\n`);
    } else {
      output.out(`Codriver ${version}\n`);
      for (const { title, findings } of results) output.out(section(title, findings));
      output.out(broken ? '\nSomething is broken: see the lines with ✗.\n' : '\nNothing is broken.\n');
    }
    return broken ? 1 : 0;
  } finally {
    timer.cancel();
  }
}

async function examine(context: CliContext, signal: AbortSignal): Promise<Examination> {
  const { machine, cwd, trust } = context;
  const { files, environment, processes } = machine;
  const trusted = await trust.isTrusted(await files.realPath(cwd)).catch(() => false);
  const resolved = await loadSettings({ files, environment, trustedFolders: trusted ? [cwd] : [] });
  const key = await new ApiKeys(processes, environment).get(resolved.settings.openai.apiKeyCommand);
  return { context, resolved, key, trusted, signal };
}

async function safely(run: Check['run'], examination: Examination): Promise<readonly Finding[]> {
  try {
    return await run(examination);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ status: 'fail', message: `This could not be checked: ${message}` }];
  }
}

function section(title: string, findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ status, message, advice }) => [
    `  ${marks[status]} ${message}`,
    ...(advice === undefined ? [] : [`      → ${advice}`]),
  ]);
  return `\n${title}\n${lines.join('\n')}\n`;
}
