/** A task on a temporary tree with a scripted model: everything real but the model, the checks and the person. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeByText } from '../../server/agent/code.ts';
import { readTask, type Task } from '../../server/agent/document/task.ts';
import { type RunningTask, openTask } from '../../server/agent/loop.ts';
import { folderOutputs } from '../../server/agent/outputs.ts';
import type { JournalRecord, Outcome, TaskPorts, Verdict } from '../../server/agent/ports.ts';
import { createFolderTree } from '../../server/agent/tree.ts';
import type { Limits } from '../../server/agent/types.ts';
import { createNodeMachine } from '../../server/base/node.ts';
import { nodeDisk } from '../../server/base/node/disk.ts';
import type { ChatRequest, Engine, EngineEvent, FinishReason } from '../../server/engines/engine.ts';
import { createReadGate } from '../../server/guard/readGate.ts';
import { createRedactor } from '../../server/guard/redaction.ts';

/** One answer of the scripted model. */
export interface Said {
  readonly calls?: readonly (readonly [name: string, args: unknown])[];
  /** Calls as they come over the wire, for broken ones. */
  readonly raw?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly text?: string;
  readonly reason?: FinishReason;
  readonly error?: Extract<EngineEvent, { type: 'error' }>['error'];
}

export interface Question {
  /** All messages of the request. */
  readonly prompt: string;
  readonly system: string;
  /** Names of the tools that it may call. */
  readonly tools: readonly string[];
  readonly number: number;
}

export type Script = (question: Question) => Said;

export interface WorldOptions {
  readonly files?: Readonly<Record<string, string | { readonly link: string }>>;
  readonly task?: string;
  readonly script?: Script;
  readonly limits?: Limits;
  readonly window?: number;
  readonly tools?: boolean;
  readonly checks?: Readonly<Record<string, (world: World) => Partial<Outcome>>>;
  readonly verify?: (world: World) => Verdict;
  readonly instructions?: TaskPorts['instructions'];
  /** False: the edit of the document is refused. */
  readonly mayEdit?: (world: World) => boolean;
  readonly onAppend?: (record: JournalRecord) => void;
}

export interface World {
  readonly ports: TaskPorts;
  readonly root: string;
  /** Beside the tree: must stay as it is. */
  readonly outside: string;
  readonly task: () => Task;
  readonly text: () => string;
  /** As the person edits the document. */
  write(text: string): void;
  readonly records: JournalRecord[];
  readonly questions: Question[];
  readonly shown: string[];
  readonly applied: unknown[];
  readonly commands: (readonly string[])[];
  file(path: string): string | undefined;
  /** Path → content of all files below a folder, links as their targets. */
  snapshot(folder: string): Readonly<Record<string, string>>;
  open(): Promise<RunningTask>;
  /** Runs until the person is needed. */
  run(task?: RunningTask): Promise<RunningTask>;
}

const folders: string[] = [];

/** To be called after the tests of a file. */
export function removeWorlds(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export const GOAL = '---\nkind: change\n---\n\n# Shop\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';

export function createWorld(options: WorldOptions = {}): World {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-task-')));
  folders.push(base);
  const root = join(base, 'tree');
  const outside = join(base, 'outside');
  for (const [path, content] of Object.entries({ ...options.files })) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (typeof content === 'string') writeFileSync(at, content);
    else symlinkSync(content.link, at);
  }
  mkdirSync(root, { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'mine.txt'), 'mine\n');

  const machine = createNodeMachine({ level: 'error' });
  let now = Date.UTC(2026, 0, 1, 10);
  const clock = { ...machine.clock, now: () => (now += 1_000) };
  let text = options.task ?? GOAL;
  const records: JournalRecord[] = [];
  const questions: Question[] = [];
  const shown: string[] = [];
  const applied: unknown[] = [];
  const commands: (readonly string[])[] = [];

  const engine: Engine = {
    name: 'scripted',
    origin: 'process',
    capabilities: {
      completes: false,
      chats: true,
      tools: options.tools ?? true,
      contextTokens: options.window ?? 32_000,
    },
    async *complete() {
      yield { type: 'aborted' };
    },
    async *chat(request: ChatRequest): AsyncGenerator<EngineEvent> {
      const prompt = request.messages.map(({ content }) => content.text).join('\n');
      const question: Question = {
        prompt,
        system: request.messages[0]?.content.text ?? '',
        tools: (request.tools ?? []).map(({ name }) => name),
        number: questions.length,
      };
      questions.push(question);
      const { calls = [], error, raw, reason, text: words } = options.script?.(question) ?? {};
      if (words !== undefined) yield { type: 'text', text: words };
      for (const [i, [name, args]] of calls.entries())
        yield { type: 'tool-call', id: `c${i}`, name, arguments: JSON.stringify(args) };
      for (const call of raw ?? []) yield { type: 'tool-call', ...call };
      if (error) yield { type: 'error', error };
      else yield { type: 'done', reason: reason ?? (calls.length > 0 ? 'tool-calls' : 'stop') };
    },
    close: () => undefined,
  };

  const { environment, files } = machine;
  const gate = createReadGate({ files, clock, environment, roots: [root] });
  const scratch = join(base, 'scratch');
  const tree = createFolderTree({
    root,
    scratch,
    files,
    disk: nodeDisk,
    gate,
    platform: environment.platform,
  });
  const checks = options.checks ?? {};
  const ports: TaskPorts = {
    id: 'task-1',
    document: {
      text: () => text,
      async edit(edits) {
        if (options.mayEdit?.(world) === false) return false;
        text = TextDocument.applyEdits(TextDocument.create('a:b', '', 0, text), [...edits]);
        return true;
      },
    },
    tree,
    checks: {
      names: () => Object.keys(checks),
      async run(name) {
        return { ok: true, how: 'passed', output: '', durationMs: 5, ...checks[name]?.(world) };
      },
    },
    commands: {
      async run(argv) {
        commands.push(argv);
        return { ok: false, why: 'Nothing confines programs here, and the person was not asked.' };
      },
    },
    code: codeByText(tree),
    outputs: folderOutputs(files, join(base, 'outputs')),
    journal: {
      async append(record) {
        options.onAppend?.(record);
        records.push(structuredClone(record));
      },
      async last() {
        return records.at(-1);
      },
    },
    verifier: {
      async verify() {
        const fine = {
          ok: true,
          result: { base: 'base', diff: await tree.hash() },
          evidence: 'all passed',
        } as const;
        return options.verify?.(world) ?? fine;
      },
    },
    delivery: {
      async apply(approval) {
        applied.push(approval);
        return { ok: true, value: undefined };
      },
      async archive(approval) {
        applied.push({ archived: approval });
        return { ok: true, value: undefined };
      },
      async discard() {
        applied.push('discarded');
      },
    },
    person: {
      async showPlan() {
        shown.push('plan');
      },
      async showResult() {
        shown.push('result');
      },
      async showBlock({ kind }) {
        shown.push(kind);
      },
    },
    engine,
    redactor: createRedactor(),
    clock,
    instructions: options.instructions ?? [],
    limits: options.limits ?? {},
  };

  const world: World = {
    ports,
    root,
    outside,
    records,
    questions,
    shown,
    applied,
    commands,
    text: () => text,
    write: next => {
      text = next;
    },
    task: () => readTask(text).task,
    file(path) {
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        return undefined;
      }
    },
    snapshot(folder) {
      const found: Record<string, string> = {};
      const walk = (at: string): void => {
        for (const entry of readdirSync(at, { withFileTypes: true })) {
          const path = join(at, entry.name);
          if (entry.isDirectory()) walk(path);
          else found[relative(folder, path)] = entry.isSymbolicLink() ? '(link)' : readFileSync(path, 'utf8');
        }
      };
      walk(folder);
      return found;
    },
    open: () => openTask(ports, { write: () => undefined }),
    async run(task) {
      const running = task ?? (await world.open());
      await running.run(new AbortController().signal);
      return running;
    },
  };
  return world;
}

/** Approves the plan or the result that waits. */
export async function approve(task: RunningTask): Promise<void> {
  const { plan, result, task: id } = task.state;
  if (task.state.phase === 'awaiting-plan' && plan !== undefined)
    await task.post({ type: 'plan-approved', plan });
  if (result !== undefined) await task.post({ type: 'approved', approval: { task: id, ...result } });
}
