/** Check: the project's own checkers look at the file or at all of the project; what they say becomes diagnostics. */
import type { CheckResult } from '../checks/types.ts';
import { type Action, ActionError } from './action.ts';

export const check: Action = {
  command: 'codriver.check',
  kind: 'source.codriver',
  level: 1,
  relevance: 0.25,
  progress: 'Checking',

  offers({ document, range }, { checks }) {
    const { uri } = document;
    const tools = checks.toolsFor(uri);
    if (tools.length === 0) return [];
    return [{ title: `Check with ${named(tools)}`, arguments: { uri, range, choice: 'file' } }];
  },

  withoutPlace({ documents }) {
    const [document] = documents.all();
    const start = { line: 0, character: 0 };
    return document && { uri: document.uri, range: { start, end: start }, choice: 'project' };
  },

  async apply({ uri, choice }, { checks, clock, git, host, places }, progress) {
    const folder = await checks.untrusted(uri);
    if (folder !== undefined && !(await git.askTrust(folder)))
      throw new ActionError(
        `Checkers are programs of the project, so they run only in folders that you trust, and ${folder} is none. Run the command codriver.trust to change that.`,
      );
    const started = clock.now();
    const scope = choice === 'project' ? 'project' : 'file';
    const results = await checks.run(uri, scope, progress);
    progress.signal.throwIfAborted();
    if (results.length === 0)
      throw new ActionError(
        `Codriver found no checker for ${scope === 'project' ? 'this project' : places.displayPath(uri)}: it looks for configurations such as tsconfig.json, pyproject.toml or Cargo.toml.`,
      );
    const seconds = ((clock.now() - started) / 1_000).toFixed(1);
    const level = results.every(({ why }) => why === undefined) ? 'info' : 'warning';
    host.tell(level, `Codriver: ${results.map(inWords).join('; ')} (${seconds} s).`);
  },
};

function named(tools: readonly string[]): string {
  return tools.length > 3 ? `${tools.slice(0, 3).join(', ')} …` : tools.join(', ');
}

function inWords({ tool, errors, others, why }: CheckResult): string {
  if (why !== undefined) return why.replace(/\.$/, '');
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const said = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(others > 0 ? [counted(others, 'warning')] : []),
  ];
  return `${tool}: ${said.join(', ') || 'nothing to say'}`;
}
