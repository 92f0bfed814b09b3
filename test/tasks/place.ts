/**
 * A project on disk, a person at a terminal and a scripted model, with everything between them real: the workspace as
 * the front doors put it together, its tasks, confinement, git and the journal of changes.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TaskState } from '../../server/agent/types.ts';
import type { Change, Host } from '../../server/base/host.ts';
import { createNodeMachine } from '../../server/base/node.ts';
import type { Machine } from '../../server/base/ports.ts';
import { finishUnfinished, openJournal } from '../../server/diskJournal.ts';
import type { Engine, EngineEvent } from '../../server/engines/engine.ts';
import { WorkspacePlaces } from '../../server/features/places.ts';
import type { Services } from '../../server/features/services.ts';
import { TaskMemory } from '../../server/features/task/memory.ts';
import { openTaskRun, type TaskRun } from '../../server/features/task/run.ts';
import type { TaskStore } from '../../server/features/task/store.ts';
import { createRunner } from '../../server/sandbox/runner.ts';
import { Workbench } from '../../server/workbench.ts';
import { Workspace } from '../../server/workspace.ts';
import type { Script } from '../agent/world.ts';
import { filesOf } from './trees.ts';

const folders: string[] = [];

export function removeTaskPlaces(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** An empty folder that ends with the tests. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-tasks-')));
  folders.push(folder);
  return folder;
}

export interface TaskPlaceOptions {
  readonly script: Script;
  /** One that a place before it has worked in; else a new one. */
  readonly folder?: string;
  /** Copied into a new project. */
  readonly from?: string;
  readonly task?: string;
  readonly git?: boolean;
  /** Tokens that the model takes. */
  readonly window?: number;
  /** Around all that touches the machine. */
  readonly wrapped?: <T extends object>(port: T) => T;
  /** False: nothing confines programs, so each is asked for. */
  readonly confined?: boolean;
  /** Tells this process from an earlier one. */
  readonly session?: string;
  readonly changed?: (state: TaskState) => void;
}

export const DOCUMENT = '.codriver/tasks/work.task.md';
/** As the sources have it: nothing needs to be built. */
const [WORKER, TSX] = [
  new URL('../../server/worker.ts', import.meta.url).href,
  import.meta.resolve('tsx/esm/api'),
];
const ENTRY = `import('${TSX}').then(({ register }) => { register(); return import('${WORKER}'); });`;
const MOST_BYTES = 16 * 1024 * 1024;

export class TaskPlace {
  readonly folder: string;
  readonly project: string;
  readonly machine: Machine;
  readonly services: Services;
  readonly prompts: string[] = [];
  readonly asked: string[] = [];
  readonly told: string[] = [];
  /** What the person picks when asked; by default nothing is allowed. */
  answer: (message: string, choices: readonly string[]) => string | undefined = () => undefined;
  readonly #options: TaskPlaceOptions;
  readonly #workspace: Workspace;

  constructor(options: TaskPlaceOptions) {
    this.#options = options;
    this.folder = options.folder ?? newFolder();
    this.project = join(this.folder, 'project');
    if (options.folder === undefined) {
      mkdirSync(this.project);
      if (options.from !== undefined) cpSync(options.from, this.project, { recursive: true });
      if (options.task !== undefined) this.write(DOCUMENT, options.task);
      if (options.git === true) {
        this.git('init', '-q', '-b', 'main');
        this.git('add', '-A');
        this.git('commit', '-q', '-m', 'begin');
      }
    }
    this.machine = this.#machine();
    this.#workspace = this.#open();
    const engine = this.#engine();
    const { services } = this.#workspace;
    const plain = { ...services.programs, runner: createRunner(this.machine) };
    this.services = {
      ...services,
      programs: options.confined === false ? plain : services.programs,
      settings: () => ({ ...this.#workspace.settings, autonomy: 3 }),
      router: { choose: () => ({ engine }) } as unknown as Services['router'],
      tasks: new TaskMemory(this.#store(services.tasks.store)),
    };
  }

  #machine(): Machine {
    const made = createNodeMachine({ level: 'error' });
    const { environment, files, processes } = made;
    const below = (name: string): string => join(this.folder, name);
    const variables = {
      ...Object.fromEntries(
        Object.entries(environment.variables).filter(([name]) => !/^(?:OPENAI|CODRIVER|XDG)_/.test(name)),
      ),
      XDG_STATE_HOME: below('state'),
      XDG_CACHE_HOME: below('cache'),
      XDG_CONFIG_HOME: below('config'),
    };
    const wrapped = this.#options.wrapped ?? (port => port);
    return {
      ...made,
      files: wrapped(files),
      processes: wrapped(processes),
      log: { write: () => undefined },
      environment: { ...environment, variables },
    };
  }

  #store(store: TaskStore): TaskStore {
    const { session, wrapped } = this.#options;
    if (wrapped === undefined && session === undefined) return store;
    const each = wrapped ?? (port => port);
    const { append } = each({ append: (path: string, bytes: Uint8Array) => store.append(path, bytes) });
    const disk = each(store.disk);
    return { ...store, append, disk, trees: each(store.trees), ...(session ? { session } : {}) };
  }

  #open(): Workspace {
    const { machine } = this;
    const places = new WorkspacePlaces();
    places.changeFolders([pathToFileURL(this.project).href], []);
    const host: Host = {
      apply: change => this.#apply(change),
      showText: async () => undefined,
      open: async () => true,
      tell: (_level, message) => void this.told.push(message),
      ask: async (message, choices) => {
        this.asked.push(message);
        return this.answer(message, choices);
      },
      progress: () => ({ signal: new AbortController().signal, report: () => {}, done: () => {} }),
    };
    const workbench = new Workbench({
      start: () => new Worker(ENTRY, { eval: true, workerData: { log: { level: 'error' } }, stdout: true }),
      clock: machine.clock,
      log: machine.log,
      openDocuments: () => [],
    });
    return new Workspace({
      machine,
      host,
      documents: { get: () => undefined, all: () => [], isDesynchronised: () => false },
      places,
      otherDiagnostics: { overlapping: () => [] },
      history: { edits: () => [], viewed: () => [] },
      workbench,
    });
  }

  #engine(): Engine {
    const { prompts } = this;
    const { script, window = 32_000 } = this.#options;
    return {
      name: 'scripted',
      origin: 'process',
      capabilities: { completes: false, chats: true, tools: true, contextTokens: window },
      async *complete() {
        yield { type: 'aborted' };
      },
      async *chat(request): AsyncGenerator<EngineEvent> {
        const prompt = request.messages.map(({ content }) => content.text).join('\n');
        prompts.push(prompt);
        const tools = (request.tools ?? []).map(({ name }) => name);
        const said = script({ prompt, system: '', tools, number: prompts.length - 1 });
        if (said.text !== undefined) yield { type: 'text', text: said.text };
        for (const [i, [name, args]] of (said.calls ?? []).entries())
          yield { type: 'tool-call', id: `c${i}`, name, arguments: JSON.stringify(args) };
        for (const call of said.raw ?? []) yield { type: 'tool-call', ...call };
        yield { type: 'done', reason: said.calls || said.raw ? 'tool-calls' : 'stop' };
      },
      close: () => undefined,
    };
  }

  /** All of it or nothing, as a terminal writes files. */
  async #apply({ documents }: Change): ReturnType<Host['apply']> {
    const { files } = this.machine;
    const changes = await Promise.all(
      documents.map(async ({ delete: deleted, edits, uri }) => {
        const path = await files.realPath(fileURLToPath(uri));
        const read = await files.readText(path, MOST_BYTES);
        const before = read.ok ? read.text : undefined;
        const text = TextDocument.create(uri, '', 0, before ?? '');
        const after = deleted === true ? undefined : TextDocument.applyEdits(text, [...edits]);
        const bytes = (each: string | undefined) => (each === undefined ? undefined : Buffer.from(each));
        return { path, before: bytes(before), after: bytes(after) };
      }),
    );
    const outcome = await openJournal(this.machine).apply(changes);
    if (outcome.ok) return { applied: true };
    return { applied: false, why: 'refused', message: outcome.message };
  }

  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=A Person', '-c', 'user.email=person@example.test'];
    return execFileSync('git', [...identity, '-c', 'commit.gpgsign=false', ...args], {
      cwd: this.project,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  write(path: string, text: string): void {
    const at = join(this.project, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  }

  executable(path: string): void {
    chmodSync(join(this.project, path), 0o755);
  }

  /** Every file of the project as the person sees it, the task's document left out. */
  files(): ReadonlyMap<string, string> {
    return filesOf(this.project, path => path !== DOCUMENT && !/^(?:\.git|node_modules)$/.test(path));
  }

  get document(): string {
    return filesOf(join(this.project, dirname(DOCUMENT))).get('work.task.md') ?? '';
  }

  set document(text: string) {
    this.write(DOCUMENT, text);
  }

  /** The person trusts the folder and takes the task up. */
  async open(again = false): Promise<TaskRun> {
    await finishUnfinished(this.machine);
    await this.#workspace.answers.load();
    await this.#workspace.answers.trust.trustFolder(this.project);
    await this.#workspace.configure({});
    const { changed } = this.#options;
    const opened = await openTaskRun(
      {
        services: this.services,
        store: this.services.tasks.store,
        uri: pathToFileURL(join(this.project, DOCUMENT)).href,
        person: { showPlan: nothing, showResult: nothing, showBlock: nothing },
        ...(changed ? { changed } : {}),
      },
      new AbortController().signal,
      again,
    );
    if (!opened.ok) throw new Error(opened.why);
    return opened.run;
  }

  close(): Promise<void> {
    return this.#workspace.end();
  }
}

const nothing = async (): Promise<void> => undefined;

/** What the person decides where the task waits for them; undefined: they walk away. */
export type Decide = (run: TaskRun) => Promise<boolean>;

/** Works, lets the person decide, works on, until it has ended or they walk away. */
export async function drive(run: TaskRun, decide: Decide): Promise<TaskState> {
  for (;;) {
    await run.run(new AbortController().signal);
    if (/^(?:applied|archived|discarded)$/.test(run.state.phase) || !(await decide(run))) return run.state;
  }
}

/** Says yes to every plan and result, and walks away from anything else. */
export const yes: Decide = async run => {
  const { phase, plan, result } = run.state;
  if (phase === 'awaiting-plan' && plan !== undefined) await run.post({ type: 'plan-approved', plan });
  else if (phase === 'awaiting-approval' && result !== undefined) await run.post(await run.approve(result));
  else return false;
  return true;
};
