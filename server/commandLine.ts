/**
 * Composition root of the command line: gives the front door what only this process knows, the terminal, the
 * user's files, and a session without an editor. Must not know what the commands print.
 */
import { constants, lstatSync } from 'node:fs';
import { access, chmod, mkdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { dirname, join, resolve } from 'node:path';
import { Answers } from './answers.ts';
import { createNodeMachine } from './base/node.ts';
import type { Machine } from './base/ports.ts';
import { VERSION } from './base/version.ts';
import type { StateDirectory } from './cli/context.ts';
import { type CliCommand, type CliContext, runCli } from './cli/main.ts';
import { openDesk } from './desk.ts';
import { changeFiles, finishUnfinished } from './diskJournal.ts';
import { ApiKeys } from './config/apiKey.ts';
import { configuredEndpoint } from './endpoint.ts';
import { discoverLoopback } from './engines/openai/discover.ts';
import { probeEndpoint } from './engines/openai/probe.ts';
import { createMemory } from './engines/openai/settings.ts';
import { HeadlessWorkspace } from './headless.ts';
import { storeDirectories } from './store/directories.ts';
import { GRAMMARS, grammarFile } from './syntax/grammars.ts';
import { GrammarLoader } from './syntax/runtime.ts';
import { wasmLoader } from './wasm.ts';

/** Runs a sub-command; resolves with the exit code. */
export async function runCommand(command: CliCommand): Promise<number> {
  const log = { level: 'warn', ...('log' in command ? command.log : {}) } as const;
  const machine = createNodeMachine(log);
  const { clock, processes, environment } = machine;
  const answers = new Answers(machine);
  const enginePorts = { clock, log: machine.log, memory: createMemory() };
  const context: CliContext = {
    machine,
    output: { out: text => void process.stdout.write(text), err: text => void process.stderr.write(text) },
    cwd: process.cwd(),
    version: VERSION,
    nodeVersion: process.version,
    program: [process.execPath, resolve(process.argv[1] ?? 'codriver')],
    trust: {
      isTrusted: path => answers.trust.folderTrusted(path),
      grant: path => answers.trust.trustFolder(path),
      revoke: async path => {
        const was = await answers.trust.folderTrusted(path);
        await answers.trust.distrustFolder(path);
        return was;
      },
    },
    probes: {
      endpoint: (resolved, _key, signal) => {
        const endpoint = configuredEndpoint(resolved, new ApiKeys(processes, environment), environment);
        if (!endpoint) return Promise.reject(new Error('No endpoint is configured.'));
        return probeEndpoint(endpoint.settings, signal, enginePorts);
      },
      localServers: signal => discoverLoopback(enginePorts, signal),
      grammars: () => checkGrammars(machine),
      stateDirectory: () => stateDirectory(storeDirectories(environment).state),
    },
    openSession: () => Promise.resolve(new HeadlessWorkspace(machine, log)),
    writeUserFile,
    openDesk: (root, door) => openDesk(machine, log, root, door),
    terminal: process.stdin.isTTY && process.stderr.isTTY ? { ask } : undefined,
    onInterrupt,
    changeFiles: changes => changeFiles(machine, changes),
  };
  await finishUnfinished(machine);
  return runCli(command, context);
}

/** Questions go to standard error, since standard output carries results. */
async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | undefined>(resolve => {
      // While it reads, the terminal hands Ctrl-C to it.
      lines.on('SIGINT', () => process.emit('SIGINT'));
      lines.on('close', () => resolve(undefined));
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

/** A second Ctrl-C ends the process as it would without us: the journal is whole at any time. */
function onInterrupt(interrupted: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const each of signals) process.once(each, interrupted);
  return () => {
    for (const each of signals) process.off(each, interrupted);
  };
}

async function checkGrammars(machine: Machine) {
  const problems: string[] = [];
  const log = { write: (_level: string, message: string) => void problems.push(message) };
  const loader = new GrammarLoader(wasmLoader(machine.files, createRequire(import.meta.url)), log);
  const found: { language: string; message?: string }[] = [];
  for (const language of GRAMMARS) {
    const loaded = await loader.load(language);
    found.push(
      loaded
        ? { language }
        : { language, message: problems.at(-1) ?? `${grammarFile(language)} did not load` },
    );
  }
  return found;
}

async function stateDirectory(path: string): Promise<StateDirectory> {
  try {
    const found = lstatSync(path);
    const writable = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
    const owned = process.getuid === undefined || found.uid === process.getuid();
    return { path, exists: true, writable, mode: found.mode & 0o777, ownedByUser: owned };
  } catch {
    return { path, exists: false, writable: true, ownedByUser: true };
  }
}

async function writeUserFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const mode = await stat(target).then(
    found => found.mode & 0o777,
    () => 0o644,
  );
  const temporary = join(dirname(target), `.codriver-${process.pid}-${Date.now()}`);
  await writeFile(temporary, text, { mode, flag: 'wx' });
  await chmod(temporary, mode);
  await rename(temporary, target);
}
