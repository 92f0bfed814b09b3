/** A project on disk in a folder of its own, and everything that judging tests needs, for real. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Document } from '../../../server/base/document.ts';
import { createNodeMachine } from '../../../server/base/node.ts';
import { nodeScratch } from '../../../server/base/node/scratch.ts';
import { copyPackage, type Project, survey } from '../../../server/features/generateTests/project.ts';
import { createRunTests, type RunTests } from '../../../server/features/generateTests/run.ts';
import { validate, type Verdict } from '../../../server/features/generateTests/validate.ts';
import type { Command, Ran, Runner } from '../../../server/sandbox/command.ts';
import { createRunner } from '../../../server/sandbox/runner.ts';
import { bench, never } from '../../analysis/bench.ts';

export const machine = createNodeMachine({ level: 'error' });
const { analysis } = bench({});

export class World {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-generate-')));
  readonly commands: Command[] = [];
  /** A copy outlived its use. */
  leftOver = false;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  /** The packages of this repository, as a project has its own. */
  linkPackages(): void {
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(this.folder, 'node_modules'));
  }

  async survey(path: string): Promise<Project> {
    const project = await survey(machine.files, join(this.folder, path), this.folder, never);
    if ('refused' in project) throw new Error(project.refused);
    return project;
  }

  /** Judges tests of all of a file; whatever runs is noted. */
  async judge(
    path: string,
    code: string,
    limits: { readonly runs?: number; readonly timeMs?: number } = {},
  ): Promise<Verdict> {
    const project = await this.survey(path);
    const copy = await copyPackage(machine.files, nodeScratch, project.root, new Map(), never);
    if ('refused' in copy) throw new Error(copy.refused);
    try {
      const real = createRunner(machine);
      const runner: Runner = {
        isolation: () => real.isolation(),
        run: (command, signal): Promise<Ran> => {
          this.commands.push(command);
          const { timeMs } = command.limits;
          return real.run(
            { ...command, limits: { ...command.limits, timeMs: Math.min(timeMs, limits.timeMs ?? timeMs) } },
            signal,
          );
        },
      };
      const run: RunTests = createRunTests({
        runner,
        files: machine.files,
        project,
        copy,
        confined: false,
        signal: never,
      });
      const text = await this.#text(join(this.folder, path));
      const existing = project.home.exists
        ? await this.#text(join(project.root, project.home.path))
        : undefined;
      const document = new Document('file:///x', '', 1, text);
      return await validate(
        {
          analysis,
          clock: machine.clock,
          run,
          project,
          source: {
            text,
            languageId: '',
            range: { start: document.positionAt(0), end: document.positionAt(text.length) },
          },
          existing,
          budget: { until: Number.POSITIVE_INFINITY, runs: limits.runs ?? 60 },
          report: () => {},
          signal: never,
        },
        code,
      );
    } finally {
      await copy.folder.dispose();
      this.leftOver ||= existsSync(copy.folder.path);
    }
  }

  async #text(path: string): Promise<string> {
    const read = await machine.files.readText(path);
    if (!read.ok) throw new Error(`${path}: ${read.why}`);
    return read.text;
  }

  /** Everything that lies in the project now. */
  files(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
      .filter(name => !name.startsWith('node_modules'))
      .sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ends the test as skipped, with a line that says why, where a program is absent. */
export function needs(test: Mocha.Context, ...argv: readonly [string, ...string[]]): void {
  const [program, ...rest] = argv;
  if (spawnSync(program, rest, { timeout: 20_000 }).status === 0) return;
  console.log(`    skipped: ${argv.join(' ')} does not work here`);
  test.skip();
}

/** What became of each test. */
export function outcome({ tests }: Verdict): Readonly<Record<string, string>> {
  return Object.fromEntries(tests.map(({ name, dropped }) => [name, dropped ?? 'kept']));
}
