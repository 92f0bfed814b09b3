/** A task on a real project with real files, a scripted model, and a person who edits files on disk. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { JournalRecord, Verifier } from '../../../server/agent/ports.ts';
import type { TaskState } from '../../../server/agent/types.ts';
import { appendFlushed } from '../../../server/base/node/append.ts';
import { createNodeMachine } from '../../../server/base/node.ts';
import { nodeDisk } from '../../../server/base/node/disk.ts';
import { nodeTreeFiles } from '../../../server/base/node/treeFiles.ts';
import type { ApplyOutcome, Change } from '../../../server/base/host.ts';
import type { Machine } from '../../../server/base/ports.ts';
import { defaultSettings } from '../../../server/config/settings.ts';
import type { Engine, EngineEvent } from '../../../server/engines/engine.ts';
import { RecordedChanges } from '../../../server/features/changes/changes.ts';
import { createChangeStore } from '../../../server/features/changes/store.ts';
import { ChangeSetMemory } from '../../../server/features/changeSet/memory.ts';
import { WorkspacePlaces } from '../../../server/features/places.ts';
import type { Services } from '../../../server/features/services.ts';
import { TaskMemory } from '../../../server/features/task/memory.ts';
import { openTaskRun, type OpenedRun, type TaskRun } from '../../../server/features/task/run.ts';
import type { TaskStore } from '../../../server/features/task/store.ts';
import { createReadGate } from '../../../server/guard/readGate.ts';
import { createRedactor } from '../../../server/guard/redaction.ts';
import { createRunner } from '../../../server/sandbox/runner.ts';
import { createApprovals } from '../../../server/store/approvals.ts';
import type { Script } from '../../agent/world.ts';

export interface TaskWorldOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly task?: string;
  readonly script: Script;
  /** False: nothing confines programs, so each is asked for. */
  readonly confined?: boolean;
  readonly trusted?: boolean;
  readonly onAppend?: (record: JournalRecord) => void;
  readonly verifier?: Verifier;
}

export const TASK = '---\nkind: change\n---\n\n# Tax\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';

const folders: string[] = [];

export function removeTaskWorlds(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export class TaskWorld {
  readonly folder: string;
  readonly project: string;
  readonly uri: string;
  readonly machine: Machine;
  readonly services: Services;
  readonly shown: string[] = [];
  readonly told: string[] = [];
  readonly asked: string[] = [];
  readonly states: TaskState[] = [];
  readonly prompts: string[] = [];
  /** What the person picks when asked; by default the first. */
  answer: (message: string, choices: readonly string[]) => string | undefined = (_, choices) => choices[0];
  readonly #options: TaskWorldOptions;

  constructor(options: TaskWorldOptions) {
    this.#options = options;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-taskdoc-')));
    folders.push(this.folder);
    this.project = join(this.folder, 'project');
    for (const [path, text] of Object.entries(options.files ?? {})) this.write(path, text);
    this.write('.codriver/tasks/tax.task.md', options.task ?? TASK);
    this.uri = pathToFileURL(join(this.project, '.codriver/tasks/tax.task.md')).href;
    const made = createNodeMachine({ level: 'error' });
    const variables = { ...made.environment.variables, XDG_STATE_HOME: join(this.folder, 'state') };
    this.machine = {
      ...made,
      log: { write: () => undefined },
      environment: { ...made.environment, variables },
    };
    this.services = this.#services();
  }

  store(): TaskStore {
    const { onAppend } = this.#options;
    return {
      folder: join(this.folder, 'state', 'tasks'),
      skills: join(this.folder, 'skills'),
      approvals: createApprovals(this.machine),
      disk: nodeDisk,
      trees: nodeTreeFiles,
      environment: this.machine.environment,
      session: 'one',
      async append(path, bytes) {
        onAppend?.(JSON.parse(new TextDecoder().decode(bytes)) as JournalRecord);
        await appendFlushed(path, bytes);
      },
      randomId: () => Math.random().toString(16).slice(2),
    };
  }

  #services(): Services {
    const { clock, environment, files, log } = this.machine;
    const places = new WorkspacePlaces();
    places.changeFolders([pathToFileURL(this.project).href], []);
    const documents = { get: () => undefined, all: () => [], isDesynchronised: () => false };
    const host = {
      apply: (change: Change) => Promise.resolve(this.#apply(change)),
      tell: (_level: string, message: string) => void this.told.push(message),
      open: () => Promise.resolve(true),
      ask: (message: string, choices: readonly string[]) => {
        this.asked.push(message);
        return Promise.resolve(this.answer(message, choices));
      },
    };
    const gateFor = (root: string) => createReadGate({ roots: [root], files, clock, environment });
    const changes = new RecordedChanges({
      host: host as unknown as Services['host'],
      documents,
      places,
      files,
      clock,
      log,
      store: createChangeStore(this.machine),
    });
    const confiner = {
      isolation: 'namespaces',
      wrap: async ({ argv }: { argv: readonly string[] }) => ({ argv }),
    } as const;
    const confined = this.#options.confined ?? true;
    const engine = this.#engine();
    return {
      settings: () => ({ ...defaultSettings, autonomy: 3 }),
      documents,
      places,
      host,
      files,
      clock,
      log,
      changes,
      changeSets: new ChangeSetMemory(),
      gate: () => gateFor(this.project),
      gateFor,
      git: {
        repositoryOf: async () => ({ ok: false, why: 'no-repository', message: 'none' }),
        askTrust: async () => false,
      },
      programs: {
        trusted: async () => this.#options.trusted ?? true,
        runner: createRunner({
          ...this.machine,
          ...(confined ? { findConfiner: async () => confiner } : {}),
        }),
      },
      redactor: createRedactor(),
      router: { choose: () => ({ engine }) },
      tasks: new TaskMemory(this.store()),
    } as unknown as Services;
  }

  #engine(): Engine {
    const { prompts } = this;
    const { script } = this.#options;
    return {
      name: 'scripted',
      origin: 'process',
      capabilities: { completes: false, chats: true, tools: true, contextTokens: 32_000 },
      async *complete() {
        yield { type: 'aborted' };
      },
      async *chat(request): AsyncGenerator<EngineEvent> {
        const prompt = request.messages.map(({ content }) => content.text).join('\n');
        prompts.push(prompt);
        const tools = (request.tools ?? []).map(({ name }) => name);
        const { calls = [], text } = script({ prompt, system: '', tools, number: prompts.length - 1 });
        if (text !== undefined) yield { type: 'text', text };
        for (const [i, [name, args]] of calls.entries())
          yield { type: 'tool-call', id: `c${i}`, name, arguments: JSON.stringify(args) };
        yield { type: 'done', reason: calls.length > 0 ? 'tool-calls' : 'stop' };
      },
      close: () => undefined,
    };
  }

  /** As an editor that saves at once. */
  #apply({ documents }: Change): ApplyOutcome {
    for (const { uri, edits, delete: deleted } of documents) {
      const path = fileURLToPath(uri);
      if (deleted) rmSync(path);
      else {
        const before = this.#read(path) ?? '';
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, TextDocument.applyEdits(TextDocument.create(uri, '', 0, before), [...edits]));
      }
    }
    return { applied: true };
  }

  #read(path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  }

  file(path: string): string | undefined {
    return this.#read(join(this.project, path));
  }

  write(path: string, text: string): void {
    const at = join(this.project, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  }

  get document(): string {
    return this.file('.codriver/tasks/tax.task.md') ?? '';
  }

  set document(text: string) {
    this.write('.codriver/tasks/tax.task.md', text);
  }

  opened(store = this.services.tasks.store, again = false): Promise<OpenedRun> {
    const { verifier } = this.#options;
    return openTaskRun(
      {
        services: this.services,
        store,
        uri: this.uri,
        person: {
          showPlan: async () => void this.shown.push('plan'),
          showResult: async () => void this.shown.push('result'),
          showBlock: async ({ kind }) => void this.shown.push(kind),
        },
        changed: state => void this.states.push(state),
        ...(verifier ? { verifier: () => verifier } : {}),
      },
      new AbortController().signal,
      again,
    );
  }

  async open(again = false): Promise<TaskRun> {
    const opened = await this.opened(this.services.tasks.store, again);
    if (!opened.ok) throw new Error(opened.why);
    return opened.run;
  }

  /** Takes the task up and works until the person is needed. */
  async run(run?: TaskRun): Promise<TaskRun> {
    const task = run ?? (await this.open());
    await task.run(new AbortController().signal);
    return task;
  }
}

/** The person's yes to the plan or result that waits. */
export async function approve(run: TaskRun): Promise<void> {
  const { phase, plan, result } = run.state;
  if (phase === 'awaiting-plan' && plan !== undefined) await run.post({ type: 'plan-approved', plan });
  if (result !== undefined) await run.post(await run.approve(result));
}
