/**
 * A small project with a task's tree over it: real files, real copies, real faults. Programs run in this process by a
 * runner that knows `test(name, body)` in CommonJS, so that hundreds of runs take no time; or really, where asked for.
 */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createContext, runInContext, Script } from 'node:vm';
import type { EvidenceReport } from '../../../server/agent/evidence.ts';
import type { Verdict } from '../../../server/agent/ports.ts';
import { folderResults } from '../../../server/agent/verify/results.ts';
import {
  createVerifier,
  type VerifyOptions,
  type VerifyPorts,
} from '../../../server/agent/verify/verifier.ts';
import { createNodeMachine } from '../../../server/base/node.ts';
import { nodeTreeFiles } from '../../../server/base/node/treeFiles.ts';
import type { Command, Ran, Runner } from '../../../server/sandbox/command.ts';
import { findConfiner } from '../../../server/sandbox/confiners.ts';
import { createRunner } from '../../../server/sandbox/runner.ts';
import type { TaskTree } from '../../../server/sandbox/taskTree.ts';
import { createWorkspaceCopy } from '../../../server/sandbox/workspaceCopy.ts';
import { bench } from '../../analysis/bench.ts';

export type Files = Readonly<Record<string, string>>;

export const never = new AbortController().signal;
export const machine = createNodeMachine({ level: 'error' });
const made: string[] = [];

export interface World {
  readonly tree: TaskTree;
  /** All commands that ran. */
  readonly commands: Command[];
  /** Writes into the task's tree; null removes. */
  change(files: Readonly<Record<string, string | null>>): void;
  verify(
    options?: Partial<VerifyOptions>,
    ports?: Partial<VerifyPorts>,
  ): Promise<Verdict & { report: EvidenceReport }>;
  readonly runner: Runner;
}

/** `real`: programs are run. `confined`: and confined, where this machine can, in a folder that is not the temporary one. */
export async function createWorld(
  files: Files,
  how: 'in this process' | 'real' | 'confined' = 'in this process',
): Promise<World> {
  const build = join(import.meta.dirname, '../../../dist');
  if (how === 'confined') mkdirSync(build, { recursive: true });
  const folder = realpathSync(mkdtempSync(join(how === 'confined' ? build : tmpdir(), 'codriver-verify-')));
  made.push(folder);
  const root = join(folder, 'project');
  write(root, files);
  const copied = await createWorkspaceCopy(
    { root, listing: undefined, unsaved: new Map() },
    {
      ...machine,
      trees: nodeTreeFiles,
      folder: join(folder, 'tasks'),
      counts: (_, entries) => Promise.resolve(entries.filter(({ name }) => name !== 'node_modules')),
      isSecret: () => false,
      randomId: () => 'task',
    },
    never,
  );
  assert.ok(copied.ok);
  const { tree } = copied;
  const { analysis } = bench({});
  const commands: Command[] = [];
  const confiners = { ...machine, cacheFolder: join(folder, 'cache'), ownFolders: [], isSecret: () => false };
  const inner =
    how === 'in this process'
      ? inProcess()
      : createRunner({
          ...machine,
          ...(how === 'real' ? {} : { findConfiner: () => findConfiner(confiners) }),
        });
  const runner: Runner = {
    isolation: () => inner.isolation(),
    run: (command, signal) => {
      commands.push(command);
      return inner.run(command, signal);
    },
  };
  return {
    tree,
    commands,
    runner,
    change: changes => write(tree.root, changes),
    async verify(options = {}, ports = {}) {
      let report: EvidenceReport | undefined;
      const verifier = createVerifier(
        { tree, kind: 'change', checks: undefined, isFix: false, ...options },
        {
          ...machine,
          trees: nodeTreeFiles,
          runner,
          mutations: analysis,
          results: folderResults(machine.files, join(folder, 'results')),
          findProgram: program => Promise.resolve([program.name]),
          confined: how === 'confined',
          copies: {
            files: machine.files,
            trees: nodeTreeFiles,
            folder: join(folder, 'copies'),
            linked: how !== 'confined',
          },
          ...ports,
          onReport: given => {
            report = given;
          },
        },
      );
      const verdict = await verifier.verify(never);
      assert.ok(report);
      return { ...verdict, report };
    },
  };
}

export function removeWorlds(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

function write(root: string, files: Readonly<Record<string, string | null>>): void {
  for (const [path, text] of Object.entries(files)) {
    const to = join(root, path);
    if (text === null) {
      rmSync(to);
      continue;
    }
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
  }
}

/** `npm run test` with the script `node --test`; the script `lint` fails where a file says "lint error". */
function inProcess(): Runner {
  return {
    isolation: () => Promise.resolve('none'),
    run(command): Promise<Ran> {
      const [, , , name = ''] = command.argv;
      const { scripts } = JSON.parse(readFileSync(join(command.cwd, 'package.json'), 'utf8')) as {
        scripts: Files;
      };
      const script = scripts[name] ?? '';
      const done = (code: number, stdout: string): Ran => ({
        code,
        ending: 'exit',
        stdout,
        stderr: '',
        truncated: false,
        durationMs: 1,
        isolation: 'none',
      });
      if (script.includes('node --test')) {
        const { code, output } = runTests(command.cwd);
        return Promise.resolve(done(/\|\| true/.test(script) ? 0 : code, output));
      }
      if (script.startsWith('lint')) {
        const wrong = sources(join(command.cwd, 'src')).filter(path =>
          readFileSync(path, 'utf8').includes('lint error'),
        );
        return Promise.resolve(
          done(wrong.length > 0 ? 1 : 0, wrong.map(path => `${path}: error: lint error`).join('\n')),
        );
      }
      return Promise.resolve(done(0, 'ok'));
    },
  };
}

function sources(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.js'))
    .map(name => join(folder, name));
}

/** Counts runs over all, so that a test can be flaky: `runs()` in a test. */
const state = { runs: 0 };

function runTests(root: string): { readonly code: number; readonly output: string } {
  const counts = { pass: 0, fail: 0, skipped: 0 };
  const lines: string[] = [];
  state.runs++;
  for (const file of sources(join(root, 'test')).filter(path => path.endsWith('.test.js'))) {
    const bodies: (readonly [string, () => void, boolean])[] = [];
    const test = Object.assign((name: string, body: () => void) => bodies.push([name, body, false]), {
      skip: (name: string, body: () => void) => bodies.push([name, body, true]),
    });
    const context = createContext({
      test,
      assert,
      runs: () => state.runs,
      Math,
      JSON,
      Object,
      Array,
      Number,
      String,
    });
    const load = (path: string): unknown => {
      const source = readFileSync(path.endsWith('.js') ? path : `${path}.js`, 'utf8');
      const module = { exports: {} };
      const wrapped = new Script(`(function (module, exports, require) {${source}\n})`);
      const run = wrapped.runInContext(context) as (...args: readonly unknown[]) => void;
      run(module, module.exports, (name: string) => load(join(dirname(path), name)));
      return module.exports;
    };
    try {
      load(file);
    } catch (error) {
      counts.fail++;
      lines.push(`not ok ${file}: ${String(error)}`);
    }
    for (const [name, body, skip] of bodies) {
      if (skip) {
        counts.skipped++;
        continue;
      }
      try {
        Object.assign(context, { body });
        runInContext('body()', context, { timeout: 500 });
        counts.pass++;
      } catch (error) {
        counts.fail++;
        lines.push(`not ok ${name}: ${String(error).split('\n')[0]}`);
      }
    }
  }
  const { fail, pass, skipped } = counts;
  const tail = `# tests ${pass + fail + skipped}\n# suites 0\n# pass ${pass}\n# fail ${fail}\n# cancelled 0\n# skipped ${skipped}\n`;
  return { code: fail > 0 ? 1 : 0, output: `${lines.join('\n')}\n${tail}` };
}

export const PACKAGE = `{
  "name": "cart",
  "scripts": {
    "test": "node --test"
  }
}
`;
