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
import { findProgram } from '../checks/findProgram.ts';
import type { VerifierParts } from './run.ts';

/** `onReport` is told with every verdict: findings for diagnostics, rows for reports that programs read. */
export function soundVerifier(
  { id, services, store, task, tree }: VerifierParts,
  onReport?: (report: EvidenceReport) => void,
): Verifier {
  const { analysis, clock, files, programs } = services;
  const folder = join(store.folder, 'verify', id);
  const ports = { files, environment: store.environment };
  return {
    async verify(signal) {
      const isolation = await programs.runner.isolation();
      const { goal, settings } = task();
      const verifier = createVerifier(
        { tree, kind: settings.kind, checks: settings.checks, isFix: isRepair(goal) },
        {
          runner: programs.runner,
          trees: store.trees,
          files,
          clock,
          mutations: analysis,
          results: folderResults(files, join(folder, 'results')),
          findProgram: async (program, where) =>
            (await findProgram(program, tree.root, where, ports)) ??
            (await findProgram(program, tree.project, where, ports)),
          // Without a way to confine them nothing runs, and the verdict says so.
          confined: true,
          copies: {
            files,
            trees: store.trees,
            folder: join(folder, 'copies'),
            linked: isolation !== 'bubblewrap' && isolation !== 'namespaces',
          },
          ...(onReport ? { onReport } : {}),
        },
      );
      return verifier.verify(signal);
    },
  };
}
