/**
 * The program behind a checker: the project's own, else one on PATH. Nothing is run here, and the person's trust in
 * the folder is settled before.
 */
import { posix, win32 } from 'node:path';
import type { Program } from '../../analysis/checks/checks.ts';
import type { Environment, Files } from '../../base/ports.ts';
import { isInside } from '../../guard/containment.ts';
import { upwards } from './project.ts';

export interface ProgramPorts {
  readonly files: Pick<Files, 'stat' | 'realPath'>;
  readonly environment: Environment;
}

/** The beginning of an argv: the absolute path of the program, and arguments that come before its own. */
export async function findProgram(
  program: Program,
  root: string,
  folder: string,
  ports: ProgramPorts,
): Promise<readonly string[] | undefined> {
  const rules = ports.environment.platform === 'win32' ? win32 : posix;
  for (const above of upwards(root, folder)) {
    for (const name of program.local) {
      const path = rules.join(above, name);
      if (await isProgram(path, ports)) return [path];
    }
  }
  if (program.localOnly) return undefined;
  const found = await onPath(program.name, root, ports);
  if (found !== undefined) return [found];
  const { otherwise } = program;
  const runner = otherwise && (await onPath(otherwise.name, root, ports));
  return runner === undefined ? undefined : [runner, ...(otherwise?.arguments ?? [])];
}

/** Only absolute folders outside of the project count: what it brings is named by the table, and nothing else. */
async function onPath(name: string, root: string, ports: ProgramPorts): Promise<string | undefined> {
  const { environment, files } = ports;
  const windows = environment.platform === 'win32';
  const rules = windows ? win32 : posix;
  const given = environment.variables['PATH'] ?? environment.variables['Path'] ?? '';
  for (const folder of given.split(rules.delimiter)) {
    if (!rules.isAbsolute(folder)) continue;
    // Batch files need a shell, which nothing here is given to.
    const path = rules.join(folder, windows ? `${name}.exe` : name);
    if (!(await isProgram(path, ports))) continue;
    const real = await files.realPath(folder).catch(() => folder);
    if (!isInside(root, real, environment.platform)) return path;
  }
  return undefined;
}

async function isProgram(path: string, { files }: ProgramPorts): Promise<boolean> {
  const kind = (await files.stat(path).catch(() => undefined))?.kind;
  return kind === 'file' || kind === 'symlink';
}
