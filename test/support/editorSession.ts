/**
 * The connection of the strict editor: asks and answers, keeps account of what must be claimed, and fails on whatever
 * the protocol does not allow. Waiting is by promise; every wait ends with a message that says what came instead.
 */
import assert from 'node:assert/strict';
import { EditorDocuments, ProtocolFault } from './editorDocuments.ts';
import { at, checkAnswer, checkRanges, checkStrings, type Json, serverMessageFault } from './editorRules.ts';
import {
  type Answerer,
  type Asked,
  type Diagnostic,
  type EditorOptions,
  ErrorAnswer,
  type Notification,
  type TakenEdit,
  type Waiter,
} from './editorTypes.ts';
import { startWire, type Wire, type WireEnd } from './wire.ts';

const PATIENCE_MS = 5000;

export abstract class EditorSession {
  /** Result of `initialize`. */
  initializeResult: Json = {};
  /** Lines of window/logMessage so far. */
  readonly log: string[] = [];
  readonly documents = new EditorDocuments();
  readonly #options: EditorOptions;
  protected readonly capabilities: Record<string, unknown>;
  readonly #wire: Wire;
  readonly #asked = new Map<number, Asked>();
  #nextId = 1;
  /** Came from the server and must be claimed by the test. */
  readonly #unclaimed: Notification[] = [];
  protected readonly edits: TakenEdit[] = [];
  readonly #shown: Json[] = [];
  protected readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly #progress = new Map<string | number, 'created' | 'begun' | 'ended'>();
  readonly #progressSeen: Json[] = [];
  readonly #registered = new Map<string, string>();
  readonly #answerers: Answerer[] = [];
  readonly #faults: string[] = [];
  readonly #waiters = new Set<Waiter>();
  #over: WireEnd | undefined;
  /** No message can be read any more. */
  #garbled = false;

  protected constructor(options: EditorOptions, capabilities: Record<string, unknown>) {
    this.#options = options;
    this.capabilities = capabilities;
    const server = options.server ?? [process.execPath, 'dist/codriver.cjs', '--stdio'];
    this.#wire = startWire(
      server,
      {
        message: message => this.#receive(message),
        stray: text => {
          this.#garbled = true;
          this.#fault(`stray bytes: ${text}`);
        },
      },
      { ...(options.env && { env: options.env }), ...(options.cwd && { cwd: options.cwd }) },
    );
    void this.#wire.ended.then(end => {
      this.#over = end;
      this.#settle();
    });
  }

  /** Takes an edit of the server, or refuses it. */
  protected abstract take(label: string | undefined, edit: Json): TakenEdit;

  get serverCapabilities(): Json {
    return this.initializeResult['capabilities'] as Json;
  }

  /** Process id of a server that runs as a child. */
  get pid(): number | undefined {
    return this.#wire.pid;
  }

  /** Resolves when the server is gone. */
  get ended(): Promise<WireEnd> {
    return this.#wire.ended;
  }

  // ------------------------------------------------------------------ messages

  request(method: string, params?: unknown): Promise<unknown> {
    return this.startRequest(method, params).result;
  }

  /** A request that can be cancelled. */
  startRequest(method: string, params?: unknown): { id: number; result: Promise<unknown>; cancel(): void } {
    const id = this.#nextId++;
    const uri = at(params, 'textDocument.uri');
    const buffer = typeof uri === 'string' ? this.documents.get(uri) : undefined;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#asked.set(id, { method, uri: buffer?.uri, version: buffer?.version, resolve, reject });
    });
    this.#wire.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
    const result = this.#patiently(`an answer to ${method}`, answer, error =>
      this.#asked.get(id)?.reject(error),
    );
    this.#settle();
    return { id, result, cancel: () => this.notify('$/cancelRequest', { id }) };
  }

  notify(method: string, params?: unknown): void {
    this.#wire.send({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) });
  }

  /** The next notification of a method that the test has not seen yet; claims it. */
  nextNotification(method: string, matches: (params: Json) => boolean = () => true): Promise<Json> {
    return this.until(`notification ${method}`, () => {
      const index = this.#unclaimed.findIndex(one => one.method === method && matches(one.params));
      return index === -1 ? undefined : this.#unclaimed.splice(index, 1)[0]?.params;
    });
  }

  /** Claims all notifications of a method that have come so far; how many depends on timing. */
  claimAll(method: string): readonly Json[] {
    const claimed = this.#unclaimed.filter(one => one.method === method);
    for (const one of claimed) this.#unclaimed.splice(this.#unclaimed.indexOf(one), 1);
    return claimed.map(({ params }) => params);
  }

  /** The next window/showMessage; claims it. */
  async nextMessage(matches: (message: string) => boolean = () => true): Promise<string> {
    const params = await this.nextNotification('window/showMessage', one => matches(String(one['message'])));
    return String(params['message']);
  }

  /** The next workspace/applyEdit, applied or refused; claims it. */
  nextEdit(): Promise<TakenEdit> {
    return this.until('workspace/applyEdit', () => this.edits.shift());
  }

  /** Claims all edits that came by now, for work of which only the outcome matters. */
  claimEdits(): readonly TakenEdit[] {
    return this.edits.splice(0);
  }

  /** The next window/showDocument; claims it. */
  nextShownDocument(): Promise<Json> {
    return this.until('window/showDocument', () => this.#shown.shift());
  }

  /** Resolves when all that the server had to do before this moment is done: a request that it does not know is answered. */
  async settled(): Promise<void> {
    await this.request('$/fakeEditor/settled').catch((error: unknown) => {
      if (!(error instanceof ErrorAnswer)) throw error;
    });
  }

  /** Adds a rule for window/showMessageRequest; the first that does not answer `undefined` counts. */
  answerMessages(answer: Answerer): void {
    this.#answerers.push(answer);
  }

  // ------------------------------------------------------------------ the end

  /** Shuts the server down in order, and fails on everything that was not in order before. */
  async shutdown(): Promise<WireEnd> {
    await this.request('shutdown').catch((error: unknown) => {
      this.kill();
      throw error;
    });
    this.notify('exit');
    if (this.#wire.pid === undefined) this.#wire.end();
    const end = await this.#patiently('the end of the server', this.#wire.ended, () => this.kill());
    this.check();
    if (this.#wire.pid !== undefined)
      assert.equal(end.code, 0, `exit code after shutdown; stderr: ${end.stderr}`);
    return end;
  }

  /** Fails on broken rules, on what the test has not claimed, and on unanswered requests. */
  check(): void {
    const left = [
      ...this.#faults,
      ...this.#unclaimed.map(one => `unclaimed: ${one.method} ${JSON.stringify(one.params).slice(0, 300)}`),
      ...this.edits.map(one => `unclaimed: workspace/applyEdit ${one.label ?? ''} applied=${one.applied}`),
      ...this.#shown.map(one => `unclaimed: window/showDocument ${String(one['uri'])}`),
      ...[...this.#asked.values()].map(one => `never answered: ${one.method}`),
      ...[...this.#progress]
        .filter(([, state]) => state === 'begun')
        .map(([token]) => `progress ${token} never ended`),
    ];
    assert.deepEqual(left, [], 'the server broke the protocol or said what nobody expected');
  }

  /** Values of all $/progress of the server so far, oldest first. */
  get progressSeen(): readonly Json[] {
    return this.#progressSeen;
  }

  /** Presses cancel on all progress that is running. */
  cancelProgress(): void {
    for (const [token, state] of this.#progress)
      if (state === 'begun') this.notify('window/workDoneProgress/cancel', { token });
  }

  /** Resolves when no progress is running. */
  progressEnded(): Promise<true> {
    return this.until('the end of all progress', () =>
      [...this.#progress.values()].every(state => state === 'ended') ? true : undefined,
    );
  }

  /** Dies as an editor dies: without a word. */
  die(): void {
    this.#wire.end();
  }

  kill(signal?: NodeJS.Signals): void {
    this.#wire.kill(signal);
  }

  // ------------------------------------------------------------------ inside

  #receive(message: Record<string, unknown>): void {
    try {
      checkStrings(message, typeof message['method'] === 'string' ? message['method'] : 'an answer');
      if (typeof message['method'] === 'string') this.#fromServer(message['method'], message);
      else this.#answer(message);
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error;
      this.#fault(error.message);
    }
    this.#settle();
  }

  #answer(message: Record<string, unknown>): void {
    const id = message['id'];
    const asked = typeof id === 'number' ? this.#asked.get(id) : undefined;
    if (asked === undefined)
      return this.#fault(`an answer to nothing, or a second one: ${JSON.stringify(message).slice(0, 200)}`);
    this.#asked.delete(id as number);
    const error = message['error'] as { code: number; message: string } | undefined;
    if (error !== undefined) return asked.reject(new ErrorAnswer(error));
    if (!('result' in message)) this.#fault(`an answer to ${asked.method} without a result`);
    asked.resolve(message['result']);
    checkAnswer(this.capabilities, asked.method, message['result']);
    const buffer = asked.uri === undefined ? undefined : this.documents.get(asked.uri);
    if (buffer !== undefined && buffer.version === asked.version) {
      checkRanges(message['result'], buffer.text, `an answer to ${asked.method}`);
    }
  }

  #fromServer(method: string, message: Record<string, unknown>): void {
    const params = (message['params'] ?? {}) as Json;
    const isRequest = 'id' in message;
    const fault = serverMessageFault(this.capabilities, this.#options.optIn ?? [], method, params, isRequest);
    if (fault !== undefined) this.#fault(fault);
    if (!isRequest) return this.#notified(method, params);
    const id = message['id'];
    const answer = fault === undefined ? this.#serve(method, params) : undefined;
    if (answer !== undefined) this.#wire.send({ jsonrpc: '2.0', id, result: answer.result });
    else this.#wire.send({ jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method} here` } });
  }

  #notified(method: string, params: Json): void {
    if (method === 'window/logMessage') this.log.push(String(params['message']));
    else if (method === '$/progress') this.#progressed(params);
    else if (method === 'textDocument/publishDiagnostics') this.#published(params);
    else if (method !== '$/logTrace' && method !== '$/cancelRequest')
      this.#unclaimed.push({ method, params });
  }

  #published(params: Json): void {
    const uri = String(params['uri']);
    const diagnostics = params['diagnostics'] as readonly Diagnostic[];
    const buffer = this.documents.get(uri);
    this.diagnostics.set(uri, diagnostics);
    if (buffer?.open && params['version'] === buffer.version)
      checkRanges(diagnostics, buffer.text, `diagnostics of ${uri}`);
  }

  #progressed(params: Json): void {
    const token = params['token'] as string | number;
    const kind = at(params, 'value.kind');
    const state = this.#progress.get(token);
    this.#progressSeen.push(params['value'] as Json);
    const fits =
      (kind === 'begin' && state === 'created') ||
      ((kind === 'report' || kind === 'end') && state === 'begun');
    if (!fits)
      this.#fault(`progress ${String(token)} says ${String(kind)} when it is ${state ?? 'not created'}`);
    if (kind === 'begin') this.#progress.set(token, 'begun');
    if (kind === 'end') this.#progress.set(token, 'ended');
  }

  /** Answers a request of the server. */
  #serve(method: string, params: Json): { result: unknown } | undefined {
    switch (method) {
      case 'workspace/configuration': {
        const items = params['items'] as { section?: string }[];
        return { result: items.map(({ section }) => this.#options.configuration?.(section) ?? null) };
      }
      case 'workspace/workspaceFolders':
        return { result: null };
      case 'window/workDoneProgress/create':
        this.#progress.set(params['token'] as string | number, 'created');
        return { result: null };
      case 'client/registerCapability':
        for (const { id, method: registered } of params['registrations'] as {
          id: string;
          method: string;
        }[]) {
          if (this.#registered.has(id)) this.#fault(`registration ${id} twice`);
          this.#registered.set(id, registered);
        }
        return { result: null };
      case 'client/unregisterCapability':
        for (const { id } of params['unregisterations'] as { id: string }[]) {
          if (!this.#registered.delete(id)) this.#fault(`${id} was not registered`);
        }
        return { result: null };
      case 'workspace/applyEdit': {
        const taken = this.take(params['label'] as string | undefined, params['edit'] as Json);
        const { applied, failureReason } = taken;
        return { result: failureReason === undefined ? { applied } : { applied, failureReason } };
      }
      case 'window/showDocument':
        this.#shown.push(params);
        return { result: { success: true } };
      case 'window/showMessageRequest':
        return { result: this.#askPerson(params) };
      default:
        return method.endsWith('/refresh') ? { result: null } : undefined;
    }
  }

  #askPerson(params: Json): unknown {
    const message = String(params['message']);
    const actions = (params['actions'] ?? []) as { title: string }[];
    const titles = actions.map(action => action.title);
    for (const answer of this.#answerers) {
      const choice = answer(message, titles);
      if (choice === null) return null;
      if (choice === undefined) continue;
      const action = actions.find(one => one.title === choice);
      if (action === undefined)
        this.#fault(`"${choice}" is no answer to "${message}"; there are ${titles.join(', ')}`);
      return action ?? null;
    }
    this.#fault(`nobody answers "${message}" (${titles.join(', ')})`);
    return null;
  }

  #fault(what: string): void {
    this.#faults.push(what);
    this.#settle();
  }

  /** Waits until a condition about what the server has sent holds; it is looked at after every message. */
  async until<T>(what: string, look: () => T | undefined): Promise<T> {
    let waiter: Waiter | undefined;
    const found = new Promise<T>((resolve, reject) => {
      waiter = {
        what,
        check: () => {
          const value = look();
          if (value !== undefined) resolve(value);
          return value !== undefined;
        },
        reject,
      };
      this.#waiters.add(waiter);
      this.#settle();
    });
    return this.#patiently(what, found, error => waiter?.reject(error));
  }

  /** Looks whether anybody's wait is over; a broken rule or the server's end is over for all. */
  #settle(): void {
    for (const waiter of this.#waiters) if (waiter.check()) this.#waiters.delete(waiter);
    if (this.#faults.length === 0 && this.#over === undefined) return;
    const reason =
      this.#faults[0] ?? `the server has ended with ${this.#over?.code}; stderr: ${this.#over?.stderr}`;
    for (const waiter of this.#waiters) waiter.reject(new Error(`waited for ${waiter.what}, but ${reason}`));
    this.#waiters.clear();
    for (const [id, asked] of this.#asked) {
      if (this.#over === undefined && !this.#garbled) break;
      this.#asked.delete(id);
      asked.reject(new Error(`waited for an answer to ${asked.method}, but ${reason}`));
    }
  }

  async #patiently<T>(what: string, work: Promise<T>, giveUp: (error: Error) => void): Promise<T> {
    const ms = this.#options.patienceMs ?? PATIENCE_MS;
    const timer = setTimeout(() => {
      const seen = this.#unclaimed.map(one => one.method).join(', ');
      giveUp(
        new Error(
          `waited ${ms} ms for ${what}; unclaimed: ${seen || 'nothing'}; log: ${this.log.slice(-3).join(' | ')}`,
        ),
      );
    }, ms);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }
}
