/**
 * The verification of a task with everything that this machine has: clean copies beside the tasks' trees, programs
 * confined, results kept for as long as the task. It must not know how a verdict is reached.
 */
import { join } from 'node:path';
import type { Verifier } from '../../agent/ports.ts';
import type { EvidenceReport } from '../../agent/evidence.ts';
import { isRepair } from '../../agent/verify/isFix.ts';
import { folderResults } from '../../agent/verify/results.ts';
import { createVerifier } from '../../agent/verify/verifier.ts';
import type { Host } from '../../base/host.ts';
import { plainLine } from '../../guard/sanitise.ts';
import type { Runner } from '../../sandbox/command.ts';
import { findProgram } from '../checks/findProgram.ts';
import { keptFindings, reasonFor } from './findings.ts';
import type { VerifierParts } from './run.ts';

export function soundVerifier({
  accepted,
  found,
  id,
  services,
  spent,
  store,
  task,
  tree,
}: VerifierParts): Verifier {
  const { analysis, clock, files, host, programs } = services;
  const folder = join(store.folder, 'verify', id);
  const ports = { files, environment: store.environment };
  let allowed: Promise<boolean> | undefined;
  return {
    async verify(signal) {
      const isolation = await programs.runner.isolation();
      const { goal, settings, title } = task();
      const used = spent();
      const known = await accepted();
      const diff = await tree.diff();
      let report: EvidenceReport | undefined;
      const ask = () => (allowed ??= mayRun(title || 'task', host));
      const verifier = createVerifier(
        {
          tree,
          kind: settings.kind,
          checks: settings.checks,
          isFix: isRepair(goal),
          accepted: finding => reasonFor(finding, diff, known),
          ...(used ? { spent: () => used } : {}),
        },
        {
          runner: isolation === 'none' ? whereAllowed(programs.runner, ask) : programs.runner,
          trees: store.trees,
          files,
          clock,
          mutations: analysis,
          results: folderResults(files, join(folder, 'results')),
          findProgram: async (program, where) =>
            (await findProgram(program, tree.root, where, ports)) ??
            (await findProgram(program, tree.project, where, ports)),
          // Without a way to confine them and the person's word nothing runs, and the verdict says so.
          confined: true,
          copies: {
            files,
            trees: store.trees,
            folder: join(folder, 'copies'),
            linked: isolation !== 'bubblewrap' && isolation !== 'namespaces',
          },
          onReport: each => {
            report = each;
          },
        },
      );
      const verdict = await verifier.verify(signal);
      if (report !== undefined) await found(keptFindings(report, diff));
      return verdict;
    },
  };
}

const RUN = 'Run them';

/** Runs unconfined what the person allowed to; refuses the rest as the runner does. */
function whereAllowed(runner: Runner, ask: () => Promise<boolean>): Runner {
  return {
    isolation: () => runner.isolation(),
    async run(command, signal) {
      const { confinement: _asked, ...plain } = command;
      return runner.run((await ask()) ? plain : command, signal);
    },
  };
}

/** Asked once, when there is something to run: a question for each of so many runs would be none. */
async function mayRun(title: string, host: Pick<Host, 'ask'>): Promise<boolean> {
  const answer = await host.ask(
    `To verify the task "${plainLine(title, 80)}" the project's checks have to be run, several times and with faults in the code. Nothing on this machine confines programs, so they would run with your own rights, in copies of the project.`,
    [RUN, 'Do not'],
  );
  return answer === RUN;
}
