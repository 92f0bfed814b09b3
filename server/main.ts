/** The composition root of the process: argv decides which front door opens, and only that one is loaded. */
import { createNodeMachine } from './base/node.ts';
import type { Transport } from './cli/command.ts';
import { parseCommandLine } from './cli/commandLine.ts';
import type { TransportKind } from './lsp/transport.ts';

/** `listen` by host and port on the command line, by an address of the machine in the transport. */
function transportOf(transport: Transport): TransportKind {
  return transport.kind === 'listen' ? { kind: 'listen', at: transport.port } : transport;
}

const command = parseCommandLine(process.argv.slice(2));
if (command.mode === 'lsp') {
  for (const warning of command.warnings) process.stderr.write(`codriver: ${warning}\n`);
  const log = { level: 'info', ...command.log } as const;
  const { clientProcessId } = command;
  const options = {
    transport: transportOf(command.transport),
    ...(clientProcessId === undefined ? {} : { clientProcessId }),
  };
  const machine = createNodeMachine(log);
  void import('./lsp/main.ts').then(({ runLanguageServer }) => runLanguageServer(options, machine, log));
} else if (command.mode === 'acp') {
  const log = { level: 'warn', ...command.log } as const;
  const machine = createNodeMachine(log);
  void import('./agentShell.ts').then(async ({ runAgentShell }) => {
    await runAgentShell(machine, log);
    process.exit(0);
  });
} else {
  void import('./commandLine.ts').then(async ({ runCommand }) => {
    process.exitCode = await runCommand(command);
  });
}
