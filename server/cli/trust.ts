/** `trust` and `untrust`: a person's word about a folder. It must not decide what trust allows. */
import * as path from 'node:path';
import { mayBeTrusted } from '../guard/trust.ts';
import type { Command } from './command.ts';
import type { CliContext } from './context.ts';

/** Grants or takes back by real path, so that no link can lend its trust to another folder. */
export async function runTrust(
  command: Extract<Command, { mode: 'trust' | 'untrust' }>,
  { machine, output, cwd, trust }: CliContext,
): Promise<number> {
  const real = await machine.files.realPath(path.resolve(cwd, command.path));
  if (command.mode === 'untrust') {
    // A folder that is gone can lose its trust too.
    const was = await trust.revoke(real);
    output.out(was ? `${real} is no longer trusted.\n` : `${real} was not trusted; nothing changed.\n`);
    return 0;
  }
  const stat = await machine.files.stat(real);
  if (stat?.kind !== 'directory') {
    output.err(
      `${real} is ${stat === undefined ? 'missing' : 'not a folder'}; only an existing folder can be trusted.\n`,
    );
    return 1;
  }
  const { home, platform } = machine.environment;
  if (!mayBeTrusted(real, await machine.files.realPath(home).catch(() => home), platform)) {
    output.err(`${real} holds everything you have. Trust single projects instead.\n`);
    return 1;
  }
  if (await trust.isTrusted(real)) {
    output.out(`${real} is trusted already.\n`);
    return 0;
  }
  await trust.grant(real);
  output.out(
    `${real} is trusted: its .codriver/config.jsonc counts, and the checkers and formatters that it is set up with are run; for generated tests and tasks its builds and tests too, and a task reads its AGENTS.md. Undo: codriver untrust\n`,
  );
  return 0;
}
