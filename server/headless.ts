/**
 * A session without an editor: the same features over files on disk. The terminal is the host; nothing is applied,
 * results are returned. Must not know what the command line prints.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Document } from './base/document.ts';
import type { ApplyOutcome, Change, Host, Progress } from './base/host.ts';
import { languageOf } from './base/languages.ts';
import type { LogOptions } from './base/node.ts';
import type { Machine, ReadFailure } from './base/ports.ts';
import type {
  HeadlessCompletion,
  HeadlessExplanation,
  HeadlessFix,
  HeadlessPosition,
  HeadlessResult,
  HeadlessSession,
} from './cli/headless.ts';
import { ActionError } from './features/actions/action.ts';
import { explain } from './features/actions/explain.ts';
import { fixAll } from './features/actions/fixAll.ts';
import { CompletionPipeline } from './features/completion/pipeline.ts';
import { WorkspacePlaces } from './features/places.ts';
import { startWorker, Workbench } from './workbench.ts';
import { Workspace } from './workspace.ts';

/** The index gets this long to read the folder before an answer is given from what is there, in ms. */
const INDEX_PATIENCE_MS = 20_000;
const INDEX_POLL_MS = 20;

const FAILURES: Record<ReadFailure, string> = {
  missing: 'there is no such file',
  'not-a-file': 'it is not a plain file',
  'too-large': 'it is larger than 2 MiB',
  binary: 'it is not UTF-8 text',
  denied: 'reading it is not permitted',
};

const noProgress: Progress = { signal: new AbortController().signal, report: () => {}, done: () => {} };

export class HeadlessWorkspace implements HeadlessSession {
  readonly #machine: Machine;
  readonly #documents = new Map<string, Document>();
  readonly #places = new WorkspacePlaces();
  readonly #workbench: Workbench;
  readonly #workspace: Workspace;
  readonly #shown: string[] = [];
  readonly #told: string[] = [];
  #change: Change | undefined;

  constructor(machine: Machine, log: LogOptions) {
    this.#machine = machine;
    const { clock } = machine;
    this.#workbench = new Workbench({
      start: () => startWorker(log),
      clock,
      log: machine.log,
      openDocuments: () => this.#documents.values(),
    });
    const host: Host = {
      apply: async (change): Promise<ApplyOutcome> => {
        this.#change = change;
        return { applied: true };
      },
      open: async () => false,
      showText: async (_name, markdown) => void this.#shown.push(markdown),
      tell: (_level, message) => void this.#told.push(message),
      ask: async () => undefined,
      progress: () => noProgress,
    };
    const documents = this.#documents;
    this.#workspace = new Workspace({
      machine,
      host,
      documents: {
        get: uri => documents.get(uri),
        all: () => [...documents.values()],
        isDesynchronised: () => false,
      },
      places: this.#places,
      otherDiagnostics: { overlapping: () => [] },
      history: { edits: () => [], viewed: () => [] },
      workbench: this.#workbench,
    });
  }

  async complete(
    file: string,
    position: HeadlessPosition,
    signal: AbortSignal,
  ): Promise<HeadlessResult<HeadlessCompletion | undefined>> {
    const document = await this.#open(file, signal);
    if (typeof document === 'string') return { ok: false, message: document };
    const outside = place(document, position);
    if (outside) return { ok: false, message: `${file}: ${outside}` };
    const pipeline = new CompletionPipeline(this.#workspace.services);
    const { suggestions, nothing, detail } = await pipeline.complete(
      { uri: document.uri, position, trigger: 'explicit', patience: 'until-done' },
      signal,
    );
    const [best] = suggestions;
    if (best) return { ok: true, value: { text: best.text, engine: best.engine } };
    if (nothing === 'file is excluded' || nothing === 'engine failed') {
      return { ok: false, message: detail ?? nothing };
    }
    return { ok: true, value: undefined };
  }

  async explain(
    file: string,
    position: HeadlessPosition,
    signal: AbortSignal,
  ): Promise<HeadlessResult<HeadlessExplanation | undefined>> {
    const document = await this.#open(file, signal);
    if (typeof document === 'string') return { ok: false, message: document };
    const outside = place(document, position);
    if (outside) return { ok: false, message: `${file}: ${outside}` };
    const choice = this.#workspace.router.choose('action', 'explicit');
    const found = await this.#workspace.services.analysis.explain(document.uri, position, signal);
    if (!found && !choice.engine) return { ok: true, value: undefined };
    const range = { start: position, end: position };
    const message = await this.#run(() =>
      explain.apply({ uri: document.uri, range }, this.#workspace.services, { ...noProgress, signal }),
    );
    if (message) return { ok: false, message };
    const markdown = this.#shown.join('\n');
    return { ok: true, value: { markdown, engine: choice.engine?.name ?? 'analysis' } };
  }

  async fix(file: string, signal: AbortSignal): Promise<HeadlessResult<HeadlessFix>> {
    const document = await this.#open(file, signal);
    if (typeof document === 'string') return { ok: false, message: document };
    const { uri } = document;
    const before = document.getText();
    const findings = await this.#workspace.services.analysis.findings(uri, signal);
    const repairable = findings.filter(({ repairs }) => repairs.length > 0);
    let after = before;
    if (repairable.length > 0) {
      const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
      const message = await this.#run(() =>
        fixAll.apply({ uri, range }, this.#workspace.services, { ...noProgress, signal }),
      );
      if (message) return { ok: false, message };
      const edits = this.#change?.documents.find(changed => changed.uri === uri)?.edits ?? [];
      after = TextDocument.applyEdits(TextDocument.create(uri, '', 0, before), [...edits]);
    }
    const line = ({ range }: { range: { start: { line: number } } }) => range.start.line;
    return {
      ok: true,
      value: {
        before,
        after,
        repaired: repairable.map(each => ({
          title: each.repairs[0]?.title ?? each.message,
          line: line(each),
        })),
        remaining: findings
          .filter(({ repairs }) => repairs.length === 0)
          .map(each => ({ message: each.message, line: line(each) })),
      },
    };
  }

  async close(): Promise<void> {
    await this.#workspace.end();
  }

  /** Opens a file as an editor would, and waits for the index of its folder; a string says why not. */
  async #open(file: string, signal: AbortSignal): Promise<Document | string> {
    const { files, clock } = this.#machine;
    const read = await files.readText(await files.realPath(file));
    if (!read.ok) return `${file} cannot be read: ${FAILURES[read.why]}.`;
    const folder = await this.#projectFolder(file);
    this.#places.changeFolders([this.#places.uriOf(folder)], []);
    const uri = this.#places.uriOf(file);
    const document = new Document(uri, languageOf('', file).id, 1, read.text);
    this.#documents.set(uri, document);
    const { problems } = await this.#workspace.configure({});
    for (const { key, message } of problems) this.#machine.log.write('warn', `settings, ${key}: ${message}`);
    const verdict = await this.#workspace.services.gate().checkDocument(uri);
    if (!verdict.allowed) return `${file} is left out because ${verdict.why}.`;
    this.#workbench.open({ uri, languageId: document.languageId, version: 1, text: read.text });
    for (let waited = 0; waited < INDEX_PATIENCE_MS; waited += INDEX_POLL_MS) {
      if ((await this.#workspace.indexStatus(signal)).complete) break;
      await new Promise<void>(resolve => clock.after(INDEX_POLL_MS, resolve));
    }
    return document;
  }

  /** The nearest folder upwards with a `.git`, else the file's own. */
  async #projectFolder(file: string): Promise<string> {
    const own = file.slice(0, Math.max(1, file.lastIndexOf('/')));
    for (
      let folder = own;
      folder.length > 1;
      folder = folder.slice(0, Math.max(1, folder.lastIndexOf('/')))
    ) {
      if (await this.#machine.files.stat(`${folder}/.git`)) return folder;
    }
    return own;
  }

  /** Runs an action; returns its words for the person when it failed. */
  async #run(work: () => Promise<void>): Promise<string | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof ActionError) return error.message;
      throw error;
    }
  }
}

/** What is wrong with a place that a person typed; undefined when it is in the document. */
function place(document: Document, { line, character }: HeadlessPosition): string | undefined {
  if (line >= document.lineCount) return `there is no line ${line + 1}; the file has ${document.lineCount}.`;
  const { length } = document.lineAt(line);
  return character > length
    ? `line ${line + 1} has ${length} columns, there is no ${character + 1}.`
    : undefined;
}
