/**
 * A strict client of the Agent Client Protocol: it judges every message of the agent, answers what it is asked by
 * the test's own rules, and remembers all of it. It must not know the agent's code.
 */
import { strict as assert } from 'node:assert';
import type { Readable, Writable } from 'node:stream';
import { faultOf } from './acpShapes.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Permission {
  readonly title: string;
  readonly options: readonly { readonly optionId: string; readonly name: string; readonly kind: string }[];
  readonly content: readonly Json[];
  readonly sessionId: string;
}

export interface AgentClientOptions {
  /** The id of an option; undefined: the person closes the question; a promise that never ends: they think. */
  readonly permit?: (permission: Permission) => string | undefined | Promise<string | undefined>;
  /** Files as the editor has them. */
  readonly buffers?: Map<string, string>;
  readonly fs?: { readonly readTextFile?: boolean; readonly writeTextFile?: boolean };
  /** False: the editor does not take the file. */
  readonly mayWrite?: (path: string) => boolean;
}

export class AgentRefusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class AgentClient {
  readonly updates: Json[] = [];
  readonly permissions: Permission[] = [];
  /** Answers that belong to nothing that was asked, such as those to messages that are none. */
  readonly stray: Json[] = [];
  readonly faults: string[] = [];
  readonly #options: AgentClientOptions;
  readonly #input: Writable;
  readonly #waiting = new Map<
    number,
    { method: string; resolve: (value: Json) => void; reject: (error: Error) => void }
  >();
  readonly #calls = new Set<string>();
  #watchers: (() => void)[] = [];
  #next = 1;
  #rest = '';

  constructor(input: Writable, output: Readable, options: AgentClientOptions = {}) {
    this.#input = input;
    this.#options = options;
    output.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
    output.on('end', () => {
      for (const { method, reject } of this.#waiting.values()) reject(new Error(`no answer to ${method}`));
    });
  }

  async initialize(): Promise<Json> {
    const { fs = {} } = this.#options;
    return this.request('initialize', {
      protocolVersion: 1,
      clientCapabilities: { fs, terminal: false },
      clientInfo: { name: 'strict', version: '1' },
    });
  }

  async newSession(cwd: string): Promise<string> {
    const { sessionId } = await this.request('session/new', { cwd, mcpServers: [] });
    return String(sessionId);
  }

  async prompt(sessionId: string, text: string, more: readonly Json[] = []): Promise<string> {
    const prompt = [{ type: 'text', text }, ...more];
    return String((await this.request('session/prompt', { sessionId, prompt }))['stopReason']);
  }

  request(method: string, params: Json): Promise<Json> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
      this.send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: Json): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  send(message: unknown): void {
    this.raw(`${JSON.stringify(message)}\n`);
  }

  raw(bytes: string | Uint8Array): void {
    this.#input.write(bytes);
  }

  end(): void {
    this.#input.end();
  }

  /** All that the agent said in words, one after the other. */
  get words(): string {
    return this.updates
      .filter(({ sessionUpdate }) => sessionUpdate === 'agent_message_chunk')
      .map(({ content }) => String((content as Json)['text']))
      .join('');
  }

  /** Updates of one kind, newest last. */
  of(kind: string): readonly Json[] {
    return this.updates.filter(({ sessionUpdate }) => sessionUpdate === kind);
  }

  /** Resolves when this holds, now or after a message. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>(resolve => this.#watchers.push(resolve));
  }

  /** To be called at the end of a test: nothing that came was wrong. */
  judge(): void {
    assert.deepEqual(this.faults, []);
  }

  #take(chunk: string): void {
    this.#rest += chunk;
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#receive(line);
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  #receive(line: string): void {
    let message: Json;
    try {
      message = JSON.parse(line) as Json;
    } catch {
      this.faults.push(`no JSON: ${line.slice(0, 100)}`);
      return;
    }
    if (message['jsonrpc'] !== '2.0') this.faults.push('jsonrpc is missing');
    const { id, method, params, result, error } = message;
    if (typeof method === 'string') {
      const fault = faultOf('sent', method, params);
      if (fault !== undefined) this.faults.push(fault);
      if (id === undefined) this.#notified(method, params as Json);
      else this.#asked(id, method, params as Json).catch(error => this.faults.push(String(error)));
      return;
    }
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (waiting === undefined) {
      this.stray.push(message);
      return;
    }
    this.#waiting.delete(id as number);
    if (error !== undefined) {
      const { code, message: words } = error as { code: number; message: string };
      waiting.reject(new AgentRefusal(code, words));
      return;
    }
    const fault = faultOf('answered', waiting.method, result);
    if (fault !== undefined) this.faults.push(fault);
    waiting.resolve(result as Json);
  }

  #notified(method: string, params: Json): void {
    if (method !== 'session/update') return;
    const update = params['update'] as Json;
    const call = update['toolCallId'];
    if (update['sessionUpdate'] === 'tool_call') {
      if (this.#calls.has(String(call))) this.faults.push(`the call ${String(call)} was begun twice`);
      this.#calls.add(String(call));
    }
    if (update['sessionUpdate'] === 'tool_call_update' && !this.#calls.has(String(call)))
      this.faults.push(`the call ${String(call)} was changed before it was begun`);
    this.updates.push(update);
  }

  async #asked(id: unknown, method: string, params: Json): Promise<void> {
    const answer = (body: Json) => this.send({ jsonrpc: '2.0', id, ...body });
    const { buffers = new Map<string, string>(), fs, mayWrite, permit } = this.#options;
    const path = String(params['path']);
    if (method === 'session/request_permission') {
      const call = params['toolCall'] as Json;
      const permission: Permission = {
        title: String(call['title']),
        options: params['options'] as Permission['options'],
        content: (call['content'] ?? []) as readonly Json[],
        sessionId: String(params['sessionId']),
      };
      this.permissions.push(permission);
      for (const watcher of this.#watchers.splice(0)) watcher();
      const optionId = await permit?.(permission);
      const outcome = optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId };
      answer({ result: { outcome } });
    } else if (method === 'fs/read_text_file' && fs?.readTextFile === true) {
      const content = buffers.get(path);
      answer(
        content === undefined
          ? { error: { code: -32002, message: 'no such file' } }
          : { result: { content } },
      );
    } else if (method === 'fs/write_text_file' && fs?.writeTextFile === true) {
      if (mayWrite?.(path) === false) return answer({ error: { code: -32603, message: 'read-only' } });
      buffers.set(path, String(params['content']));
      answer({ result: {} });
    } else if (method !== 'session/request_permission') {
      this.faults.push(`${method} was asked of a client that cannot do it`);
      answer({ error: { code: -32601, message: 'no such method' } });
    }
  }
}
