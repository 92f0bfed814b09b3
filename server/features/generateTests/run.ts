/**
 * Runs one test file in the private copy of its package and reads what is said of each test. It must not know why it
 * is run, nor how a system confines programs.
 */
import { join } from 'node:path';
import type { Files } from '../../base/ports.ts';
import type { Confinement, Ending, Isolation, Runner } from '../../sandbox/command.ts';
import type { PackageCopy, Project } from './project.ts';
import { type Report, readReport } from './reports.ts';

/** One run. The first of a compiled language may have to build everything. */
const RUN_MS = 120_000;
const OUTPUT_BYTES = 4 * 1024 * 1024;
const PROCESSES = 512;
/** Of the output, what is shown: its end says why. UTF-16 units. */
const SHOWN_OUTPUT = 4_000;
const MOST_REPORTS = 50;

export interface Outcome {
  readonly report: Report;
  readonly ending: Ending;
  /** The end of what was printed. */
  readonly output: string;
  readonly durationMs: number;
}

export interface RunTests {
  /** Writes these files (relative to the package) into the copy and runs the test file. */
  run(files: Readonly<Record<string, string>>, timeMs?: number): Promise<Outcome>;
  /** Runs so far. */
  count(): number;
  /** What ran, for the report: the command, and how it was confined. */
  told(): { readonly argv: readonly string[]; readonly isolation: Isolation; readonly totalMs: number };
}

export interface RunParts {
  readonly runner: Runner;
  readonly files: Files;
  readonly project: Project;
  readonly copy: PackageCopy;
  /** False only where nothing confines programs here and the person said that they may run all the same. */
  readonly confined: boolean;
  readonly signal: AbortSignal;
}

export function createRunTests({ runner, files, project, copy, confined, signal }: RunParts): RunTests {
  const { framework, facts, hidden, home } = project;
  const { root, cache, folder } = copy;
  const { argv, environment } = framework.invocation({ testPath: home.path, facts, root, cache });
  const confinement: Confinement = { writable: [folder.path], hidden, network: false };
  let count = 0;
  let totalMs = 0;
  let isolation: Isolation = 'none';

  /** A report of an earlier run must not be read as one of this. */
  async function reports(): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const each of framework.reportFolders ?? [])
      for (const { name, kind } of await files.list(join(root, each)))
        if (kind === 'file' && name.endsWith('.xml')) paths.push(join(root, each, name));
    return paths.slice(0, MOST_REPORTS);
  }

  return {
    async run(changed, timeMs = RUN_MS) {
      count++;
      for (const path of await reports()) await files.remove(path);
      // Each time anew, also what did not change: whatever ran before may have written to it.
      for (const [path, text] of Object.entries(changed))
        await folder.write(copy.name(join(project.root, path)), text);
      const ran = await runner.run(
        {
          argv,
          cwd: root,
          environment: { ...environment, CI: '1', NO_COLOR: '1', FORCE_COLOR: '0' },
          limits: {
            timeMs: Math.min(timeMs, RUN_MS),
            outputBytes: OUTPUT_BYTES,
            processes: PROCESSES,
          },
          ...(confined ? { confinement } : {}),
        },
        signal,
      );
      totalMs += ran.durationMs;
      ({ isolation } = ran);
      signal.throwIfAborted();
      let said = framework.report === 'unittest' ? ran.stderr : ran.stdout;
      if (framework.report === 'junit') {
        said = '';
        for (const path of await reports()) {
          const read = await files.readText(path);
          if (read.ok) said += `${read.text}\n`;
        }
      }
      const printed = `${ran.stdout}\n${ran.stderr}`.trim().replaceAll(`${folder.path}/`, '');
      return {
        report: readReport(framework.report, said),
        ending: ran.ending,
        output: printed.length > SHOWN_OUTPUT ? `…${printed.slice(-SHOWN_OUTPUT)}` : printed,
        durationMs: ran.durationMs,
      };
    },
    count: () => count,
    told: () => ({ argv, isolation, totalMs }),
  };
}
