/** A command line in memory: what it prints and writes is kept, and everything outside is said by the test. */
import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseCommandLine } from '../../server/cli/commandLine.ts';
import type { OpenDesk } from '../../server/agent/desk.ts';
import type { CliContext, DoctorProbes, Terminal } from '../../server/cli/context.ts';
import type { HeadlessSession } from '../../server/cli/headless.ts';
import { runCli } from '../../server/cli/main.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';
import type { MemoryMachine, MemoryMachineOptions } from '../support/memoryMachine.ts';

export const home = '/home/dev';
export const cwd = '/srv/project';

export interface CliOptions extends MemoryMachineOptions {
  readonly probes?: Partial<DoctorProbes>;
  readonly session?: Partial<HeadlessSession>;
  readonly trusted?: readonly string[];
  readonly nodeVersion?: string;
  readonly openDesk?: OpenDesk;
  /** Lines that a person types, one after the other; absent: nobody is there. */
  readonly typed?: readonly string[];
  /** Is handed what an interrupt calls. */
  readonly interrupts?: (interrupted: () => void) => void;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestCli {
  readonly machine: MemoryMachine;
  readonly trusted: Set<string>;
  readonly closed: () => number;
  run(...argv: readonly string[]): Promise<Ran>;
}

const goodProbes: DoctorProbes = {
  endpoint: () => Promise.reject(new Error('the test did not expect a request')),
  localServers: () => Promise.resolve([]),
  grammars: () => Promise.resolve([{ language: 'python' }, { language: 'typescript' }]),
  stateDirectory: () =>
    Promise.resolve({
      path: `${home}/.local/state/codriver`,
      exists: true,
      writable: true,
      mode: 0o40700,
      ownedByUser: true,
    }),
};

export function createCli(options: CliOptions = {}): TestCli {
  const machine = createMemoryMachine({ ...options, home });
  const trusted = new Set(options.trusted);
  let closed = 0;
  const unexpected = () => Promise.reject(new Error('the test did not expect this'));
  const session: HeadlessSession = {
    complete: unexpected,
    explain: unexpected,
    fix: unexpected,
    close: () => Promise.resolve(void closed++),
    ...options.session,
  };
  return {
    machine,
    trusted,
    closed: () => closed,
    async run(...argv) {
      let out = '';
      let err = '';
      const context: CliContext = {
        machine,
        output: { out: text => void (out += text), err: text => void (err += text) },
        cwd,
        version: '1.2.3',
        nodeVersion: options.nodeVersion ?? 'v20.19.0',
        program: ['/usr/bin/node', '/opt/codriver/dist/codriver.cjs'],
        trust: {
          isTrusted: folder => Promise.resolve(trusted.has(folder)),
          grant: folder => Promise.resolve(void trusted.add(folder)),
          revoke: folder => Promise.resolve(trusted.delete(folder)),
        },
        probes: { ...goodProbes, ...options.probes },
        openSession: () => Promise.resolve(session),
        openDesk: options.openDesk ?? unexpected,
        terminal: options.typed && terminalOf([...options.typed]),
        onInterrupt(interrupted) {
          options.interrupts?.(interrupted);
          return () => undefined;
        },
        writeUserFile: (file, text) => Promise.resolve(machine.plant(file, text)),
        changeFiles: changes => {
          const other = changes.find(({ path: file, before }) => machine.textOf(file) !== before);
          if (other)
            return Promise.resolve(`${other.path} changed meanwhile, so nothing was written. Try again.`);
          for (const { path: file, after } of changes) {
            if (after === undefined) machine.uproot(file);
            else machine.plant(file, after);
          }
          return Promise.resolve(undefined);
        },
      };
      const command = parseCommandLine(argv);
      assert.ok(command.mode !== 'lsp' && command.mode !== 'acp', 'this would serve a client');
      const code = await runCli(command, context);
      return { code, out, err };
    },
  };
}

function terminalOf(lines: string[]): Terminal {
  return { ask: () => Promise.resolve(lines.shift()) };
}

/** Compares with test/cli/snapshots/NAME; UPDATE=1 renews it. */
export function assertSnapshot(name: string, text: string): void {
  const file = path.join(import.meta.dirname, 'snapshots', name);
  if (process.env['UPDATE'] === '1') fs.writeFileSync(file, text);
  assert.ok(fs.existsSync(file), `${name} is missing: run once with UPDATE=1 and look at it`);
  assert.equal(text, fs.readFileSync(file, 'utf8'));
}

/** All that a command said, as one text. */
export function transcript({ code, out, err }: Ran): string {
  return `${out}${err === '' ? '' : `--- stderr\n${err}`}--- exit code ${code}\n`;
}
