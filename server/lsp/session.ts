/**
 * One client's session: what lives from `initialize` to `exit`. Holds the parts together and nothing else; the work
 * is in features, the wiring of engines and guard in workspace.ts.
 */
import type { Connection, Position } from 'vscode-languageserver';
import { errorText } from '../base/errors.ts';
import type { Machine, Timer } from '../base/ports.ts';
import { userFilePath } from '../config/load.ts';
import { CompletionPipeline } from '../features/completion/pipeline.ts';
import { CommitMessages } from '../features/commitMessage/completions.ts';
import type { Explanations } from '../features/explanations.ts';
import { NextEdits } from '../features/nextEdit/nextEdits.ts';
import { ReviewOnSave } from '../features/review/onSave.ts';
import { OWN_DOCUMENTS } from '../features/documentKinds.ts';
import { WorkspacePlaces } from '../features/places.ts';
import type { Services } from '../features/services.ts';
import { RecordedHistory } from '../edits/editHistory.ts';
import { Workbench, type WorkerThread } from '../workbench.ts';
import { Workspace } from '../workspace.ts';
import { type ClientFeatures, readClientFeatures, withoutClientFeatures } from './clientFeatures.ts';
import { Diagnostics } from './diagnostics.ts';
import { Documents, isTooLarge } from './documents.ts';
import { LspHost } from './host.ts';
import { Jobs } from './jobs.ts';
import { toHint } from './nextEdit.ts';
import { toReviewDiagnostic } from './review.ts';
import { statusOf } from './status.ts';
import { StatusNotices } from './statusNotice.ts';
import { ShownSuggestions } from './shown.ts';
import { Notebooks } from './notebooks.ts';
import { trustFolders } from './trustFolders.ts';

/** A client that never says `initialized`, or does not tell its settings, is served with what is known by then, in ms. */
const SETTINGS_MS = 1_500;
/** Files whose change matters to the index, for clients that watch. */
const WATCHED = '**/*';

/** What is sent this long after a reply is in another read of lsp-mode, in ms. */
const LOST_AFTER_REPLY_MS = 100;
/** For clients that ask at every key, in ms. */
const EVERY_KEY_DEBOUNCE_MS = 75;

export interface SessionOptions {
  readonly connection: Connection;
  readonly machine: Machine;
  readonly startWorker: () => WorkerThread;
}

export class Session {
  readonly machine: Machine;
  readonly connection: Connection;
  readonly places = new WorkspacePlaces();
  readonly documents: Documents;
  readonly history: RecordedHistory;
  readonly notebooks: Notebooks;
  readonly diagnostics: Diagnostics;
  readonly jobs: Jobs;
  readonly host: LspHost;
  readonly workspace: Workspace;
  readonly completion: CompletionPipeline;
  readonly nextEdits: NextEdits;
  readonly reviewOnSave: ReviewOnSave;
  readonly status: StatusNotices;
  readonly shown = new ShownSuggestions();
  client: ClientFeatures = readClientFeatures({ processId: null, rootUri: null, capabilities: {} });
  #initializationOptions: unknown;
  /** Settings that the client sent without being asked; clients send them once. */
  #pushed: unknown;
  #configuring: Promise<void> = Promise.resolve();
  /** What requests wait for; ends by itself. */
  #unsettled: Promise<void> | undefined;
  #initialized: () => void = () => {};
  #loopback: { readonly baseURL: string; readonly model: string } | undefined;
  readonly #asked = new Set<string>();

  constructor({ connection, machine, startWorker }: SessionOptions) {
    this.machine = machine;
    this.connection = connection;
    const { clock, files, log } = machine;
    const client = () => this.client;
    const workbench = new Workbench({
      start: startWorker,
      clock,
      log,
      openDocuments: () => this.documents.all().filter(document => !isTooLarge(document)),
    });
    this.history = new RecordedHistory(clock);
    this.documents = new Documents(workbench, log, this.history);
    this.notebooks = new Notebooks((notebook, cells) => this.documents.arrange(notebook, cells));
    this.host = new LspHost({
      connection,
      client,
      documents: this.documents,
      files,
      clock,
      log,
      answersFolder: () => this.workspace.answersFolder(),
    });
    this.nextEdits = new NextEdits({
      services: () => this.services,
      changed: uris => this.diagnostics.hintsChanged(uris),
      failed: (what, error) => this.failed(what, error),
    });
    this.diagnostics = new Diagnostics({
      connection,
      client,
      documents: this.documents,
      services: () => this.services,
      hints: uri => [
        ...this.nextEdits.shown(uri).map(toHint),
        ...this.workspace.reviews.shown(uri).map(toReviewDiagnostic),
      ],
      failed: (what, error) => this.failed(what, error),
    });
    this.workspace = new Workspace({
      machine,
      host: this.host,
      documents: this.documents,
      history: this.history,
      places: this.places,
      otherDiagnostics: this.diagnostics,
      workbench,
      askTrust: folder => this.#askTrust(folder),
      checked: uris => this.diagnostics.checked(uris),
    });
    this.workspace.services.tasks.changed = uri => this.diagnostics.hintsChanged([uri]);
    this.workspace.reviews.changed = uris => this.diagnostics.hintsChanged(uris);
    this.reviewOnSave = new ReviewOnSave(this.services);
    this.completion = new CompletionPipeline(this.services, [new CommitMessages(this.services)]);
    this.jobs = new Jobs(this.host, clock, log);
    this.status = new StatusNotices({
      clock,
      look: () => statusOf(this),
      send: status => void connection.sendNotification('codriver/status', status).catch(() => {}),
    });
  }

  get services(): Services {
    return this.workspace.services;
  }

  get explanations(): Explanations {
    return this.workspace.explanations;
  }

  /** What `initialize` told. */
  begin(client: ClientFeatures, folders: readonly string[], initializationOptions: unknown): void {
    this.client = client;
    if (client.losesMessagesAfterReplies) this.jobs.settleMs = LOST_AFTER_REPLY_MS;
    if (client.status) {
      const changed = () => this.status.changed();
      this.jobs.changed = changed;
      this.workspace.usage.changed = changed;
    }
    this.#initializationOptions = withoutClientFeatures(initializationOptions);
    this.places.changeFolders(folders, []);
    this.#hold(new Promise(resolve => (this.#initialized = resolve)));
  }

  /** Resolves when the settings are in force: no request may be served by other rules than the person's. */
  async ready(): Promise<void> {
    while (this.#unsettled) await this.#unsettled;
  }

  /** Reads all settings again and applies them, one time after the other; `pushed` is what a client sent without being asked. */
  configure(pushed?: unknown): Promise<void> {
    if (pushed !== undefined) this.#pushed = pushed;
    const next = this.#configuring.then(() => this.#configure());
    this.#configuring = next.catch(() => {});
    this.#hold(this.#configuring);
    this.#initialized();
    return next;
  }

  async #configure(): Promise<void> {
    const asked = this.client.configuration ? await this.#askConfiguration() : undefined;
    const { problems, rerouted } = await this.workspace.configure({
      initializationOptions: this.#initializationOptions,
      workspaceConfiguration: asked ?? this.#pushed,
      watched: this.client.watchesFiles,
      ...(this.#loopback ? { loopback: this.#loopback } : {}),
    });
    for (const { source, key, message, hint } of problems) {
      const place = key ? `${source}, ${key}` : source;
      this.host.tell('warning', `Codriver settings (${place}): ${message}${hint ? ` ${hint}` : ''}`);
    }
    if (rerouted) this.completion.forget();
    this.diagnostics.reconfigured();
    if (this.client.status) this.status.changed();
  }

  /** Lets requests wait for work on the settings, but not for ever: the client may owe us an answer. */
  #hold(work: Promise<void>): void {
    let timer: Timer | undefined;
    const limit = new Promise<void>(resolve => {
      timer = this.machine.clock.after(SETTINGS_MS, resolve);
    });
    const held = Promise.race([work, limit]).then(() => {
      timer?.cancel();
      if (this.#unsettled === held) this.#unsettled = undefined;
    });
    this.#unsettled = held;
  }

  /** Uses a model server on this machine that the person chose, from now on in this session. */
  async useLoopback(baseURL: string, model: string): Promise<void> {
    const { origin } = new URL(baseURL);
    await this.workspace.answers.answer('endpoint', origin, true);
    await this.workspace.answers.answer('automatic', origin, true);
    this.#loopback = { baseURL, model };
    await this.configure();
    this.host.tell(
      'info',
      `Codriver uses ${model} at ${origin} until the editor ends. To keep it, put {"openai": {"baseURL": "${baseURL}", "model": "${model}"}} into ${userFilePath(this.machine.environment)}.`,
    );
  }

  /** Milliseconds to wait for a pause in typing before a model is asked, for clients that do not wait themselves. */
  get debounceMs(): number {
    const { debounce } = this.workspace.settings.completion;
    if (debounce !== 'auto') return debounce;
    return this.client.sendsEveryKey ? EVERY_KEY_DEBOUNCE_MS : 0;
  }

  async #askTrust(folder: string): Promise<boolean> {
    const { files, environment } = this.machine;
    const { trust } = this.workspace.answers;
    const granted = await trustFolders({ folders: [folder], trust, host: this.host, files, environment });
    if (granted) await this.configure();
    return granted;
  }

  /** Asks once in a session, and only after something could have been sent, whether text may go by itself. */
  askConsent(): void {
    const { question } = this.services.router.choose('completion', 'automatic');
    if (!question || this.#asked.has(`${question.kind} ${question.origin}`)) return;
    this.#asked.add(`${question.kind} ${question.origin}`);
    const [yes, no] = ['Yes', 'No'];
    this.host
      .ask(`Codriver: ${question.message}`, [yes, no])
      .then(async answer => {
        if (answer === undefined) return;
        await this.workspace.answers.answer(question.kind, question.origin, answer === yes);
        this.completion.forget();
      })
      .catch((error: unknown) => this.failed('consent', error));
  }

  /** Registers what only dynamic registration gives, where the client announced it. */
  async register(): Promise<void> {
    const registrations: object[] = [];
    if (this.client.watchesFiles) {
      registrations.push({
        id: 'codriver-files',
        method: 'workspace/didChangeWatchedFiles',
        registerOptions: { watchers: [{ globPattern: WATCHED }] },
      });
    }
    if (this.client.configurationChanges) {
      registrations.push({
        id: 'codriver-configuration',
        method: 'workspace/didChangeConfiguration',
        registerOptions: { section: 'codriver' },
      });
    }
    if (this.client.definition === 'ours') {
      registrations.push({
        id: 'codriver-definition',
        method: 'textDocument/definition',
        registerOptions: { documentSelector: OWN_DOCUMENTS.map(pattern => ({ pattern })) },
      });
    }
    if (registrations.length === 0) return;
    await this.connection.sendRequest('client/registerCapability', { registrations });
  }

  /** A failure that nobody must answer for: logged without texts of documents. */
  failed(what: string, error: unknown): void {
    this.machine.log.write('error', `${what}: ${errorText(error)}`);
  }

  /** Where a request was made, the person is. */
  looked(
    params: { readonly textDocument?: { readonly uri?: string }; readonly position?: Position } | null,
  ): void {
    const uri = params?.textDocument?.uri;
    const position = params?.position;
    if (uri && position && this.documents.get(uri))
      this.history.look(uri, { start: position, end: position });
  }

  /** A notification was refused for its shape: if it was a change, our text is not the editor's any more. */
  refused(method: string, params: unknown): void {
    if (method === 'notebookDocument/didChange') {
      const notebook = (params as { notebookDocument?: { uri?: unknown } } | null)?.notebookDocument?.uri;
      if (typeof notebook !== 'string') return;
      for (const cell of this.notebooks.cellsOf(notebook)) this.documents.desynchronise(cell);
    }
    if (method !== 'textDocument/didChange') return;
    const uri = (params as { textDocument?: { uri?: unknown } } | null)?.textDocument?.uri;
    if (typeof uri === 'string') this.documents.desynchronise(uri);
  }

  /** Ends the worker and the engines; called at shutdown and when the client is gone. Idempotent. */
  async end(): Promise<void> {
    this.status.end();
    this.nextEdits.end();
    this.reviewOnSave.end();
    this.diagnostics.end();
    this.completion.forget();
    this.explanations.end();
    await this.workspace.end();
  }

  async #askConfiguration(): Promise<unknown> {
    try {
      const [section] = await this.connection.sendRequest<unknown[]>('workspace/configuration', {
        items: [{ section: 'codriver' }],
      });
      return section ?? undefined;
    } catch (error) {
      this.machine.log.write('info', `the client gave no configuration: ${errorText(error)}`);
      return undefined;
    }
  }
}
