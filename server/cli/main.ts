/**
 * The front door for terminals: one line per command. Cheap to import; what a command needs comes in with it. It
 * must not serve an editor: the composition root handles `mode: 'lsp'` before it gets here.
 */
import type { Command } from './command.ts';
import type { CliContext } from './context.ts';

export { parseCommandLine } from './commandLine.ts';
export type { Command, LogChoice, Transport } from './command.ts';
export type { CliContext } from './context.ts';

/** Everything but serving a client. */
export type CliCommand = Exclude<Command, { mode: 'lsp' | 'acp' }>;

/** Runs a command and returns the exit code: 0 fine, 1 failed, 2 wrongly called; `run` has more. Unexpected errors become one line on stderr. */
export async function runCli(command: CliCommand, context: CliContext): Promise<number> {
  try {
    return await run(command, context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.machine.log.write('error', `${command.mode}: ${message}`);
    context.output.err(`codriver ${command.mode}: ${message}\n`);
    return 1;
  }
}

async function run(command: CliCommand, context: CliContext): Promise<number> {
  const { output, version } = context;
  switch (command.mode) {
    case 'version':
      output.out(`${version}\n`);
      return 0;
    case 'help': {
      const { helpText, topicText } = await import('./help.ts');
      output.out(command.topic === undefined ? helpText(version) : topicText(command.topic));
      return 0;
    }
    case 'usage-error':
      output.err(`codriver: ${command.message}\nTry: codriver --help\n`);
      return 2;
    case 'schema': {
      const { jsonSchema } = await import('../config/docs.ts');
      output.out(jsonSchema());
      return 0;
    }
    case 'doctor':
      return (await import('./doctor/doctor.ts')).runDoctor(command, context);
    case 'setup':
      return (await import('./setup/setup.ts')).runSetup(command, context);
    case 'trust':
    case 'untrust':
      return (await import('./trust.ts')).runTrust(command, context);
    case 'complete':
    case 'explain':
    case 'fix':
      return (await import('./headless.ts')).runHeadless(command, context);
    case 'run':
      return (await import('./run.ts')).runTask(command, context);
  }
}
