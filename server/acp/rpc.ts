/**
 * JSON-RPC 2.0 with one other side: every request is answered once, bad messages have one defined answer each, and
 * nothing that comes in can end it. It must not know a method by name, except how a request is cancelled.
 */
import { errorText } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';

export const RpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  cancelled: -32800,
  notFound: -32002,
} as const;

/** An answer that is an error; `message` goes to the other side. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** An answer, and what is to be said right behind it. */
export class Followed {
  readonly result: JsonObject;
  readonly after: () => void;

  constructor(result: JsonObject, after: () => void) {
    this.result = result;
    this.after = after;
  }
}

type Id = string | number | null;
export type JsonObject = Readonly<Record<string, unknown>>;

export interface RpcTable {
  readonly requests: ReadonlyMap<string, (params: unknown, signal: AbortSignal) => Promise<unknown>>;
  readonly notifications: ReadonlyMap<string, (params: unknown) => void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly controller: AbortController;
  readonly work: Promise<void>;
}

/** Requests of the other side running at once. */
const MAX_RUNNING = 200;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class Rpc {
  readonly #send: (message: JsonObject) => void;
  readonly #table: RpcTable;
  readonly #log: Log;
  readonly #running = new Map<Id, Running>();
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended = false;
  #closed = false;

  constructor(send: (message: JsonObject) => void, table: RpcTable, log: Log) {
    this.#send = send;
    this.#table = table;
    this.#log = log;
  }

  /** Takes one message as it came. Never throws. */
  receive(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.#fail(
        null,
        RpcCode.parseError,
        'This line is not JSON. Every message is one JSON text on one line.',
      );
      return;
    }
    if (!isObject(message) || message['jsonrpc'] !== '2.0') {
      const what = Array.isArray(message)
        ? 'Batches are not a part of this protocol.'
        : 'jsonrpc must be "2.0".';
      this.#fail(null, RpcCode.invalidRequest, `This is not a JSON-RPC 2.0 message. ${what}`);
      return;
    }
    const { id, method } = message;
    if (typeof method === 'string') {
      if (id === undefined) this.#notified(method, message['params']);
      else if (typeof id === 'string' || typeof id === 'number' || id === null)
        this.#asked(id, method, message['params']);
      else this.#fail(null, RpcCode.invalidRequest, 'An id must be a text, a number or null.');
      return;
    }
    if (method === undefined && ('result' in message || 'error' in message)) this.#answered(message);
    else this.#fail(null, RpcCode.invalidRequest, 'A message needs a method, or a result or an error.');
  }

  /** Says that what came is no message at all. */
  refuse(reason: string): void {
    this.#fail(null, RpcCode.invalidRequest, `A message was not taken: ${reason}.`);
  }

  /** Rejects with what the other side says, or when it is gone, or the signal aborts. */
  request(method: string, params: JsonObject, signal?: AbortSignal): Promise<unknown> {
    if (this.#ended) return Promise.reject(new Error('the client is gone'));
    if (signal?.aborted === true) return Promise.reject(new Error('no longer wanted'));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        if (!this.#waiting.delete(id)) return;
        this.notify('$/cancel_request', { requestId: id });
        reject(new Error('no longer wanted'));
      };
      const done = (): void => signal?.removeEventListener('abort', cancel);
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, {
        resolve: result => (done(), resolve(result)),
        reject: error => (done(), reject(error)),
      });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: JsonObject): void {
    if (!this.#closed) this.#send({ jsonrpc: '2.0', method, params });
  }

  /** Nothing more will come in: what waits for an answer is rejected. */
  inputEnded(): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(new Error('the client is gone'));
    this.#waiting.clear();
  }

  /** Resolves when everything that was asked is answered. */
  async answered(): Promise<void> {
    while (this.#running.size > 0)
      await Promise.allSettled([...this.#running.values()].map(({ work }) => work));
  }

  /** The other side is gone: what waits for it is rejected, what works for it is aborted, nothing more is said. */
  close(): void {
    if (this.#closed) return;
    this.inputEnded();
    this.#closed = true;
    for (const { controller } of this.#running.values()) controller.abort();
  }

  #asked(id: Id, method: string, params: unknown): void {
    const handler = this.#table.requests.get(method);
    if (handler === undefined) {
      this.#fail(id, RpcCode.methodNotFound, 'There is no such method here.');
      return;
    }
    if (this.#running.has(id)) {
      this.#fail(id, RpcCode.invalidRequest, 'A request with this id is running already.');
      return;
    }
    if (this.#running.size >= MAX_RUNNING) {
      this.#fail(id, RpcCode.internalError, `More than ${MAX_RUNNING} requests are running. Wait for some.`);
      return;
    }
    const controller = new AbortController();
    const work = this.#work(id, method, () => handler(params, controller.signal));
    this.#running.set(id, { controller, work });
    void work.finally(() => this.#running.delete(id));
  }

  async #work(id: Id, method: string, handle: () => Promise<unknown>): Promise<void> {
    try {
      const answered = await handle();
      const result = answered instanceof Followed ? answered.result : (answered ?? {});
      if (!this.#closed) this.#send({ jsonrpc: '2.0', id, result });
      if (answered instanceof Followed) answered.after();
    } catch (error) {
      if (error instanceof RpcError) this.#fail(id, error.code, error.message);
      else {
        this.#log.write('error', `acp: ${method}: ${errorText(error)}`);
        this.#fail(id, RpcCode.internalError, 'Codriver failed at this; its log says more.');
      }
    }
  }

  #notified(method: string, params: unknown): void {
    if (method === '$/cancel_request') {
      const id = isObject(params) ? params['requestId'] : undefined;
      if (typeof id === 'string' || typeof id === 'number') this.#running.get(id)?.controller.abort();
      return;
    }
    try {
      this.#table.notifications.get(method)?.(params);
    } catch (error) {
      // A notification has no answer, so what is wrong with it can only be logged.
      this.#log.write('warn', `acp: ${method} was not taken: ${errorText(error)}`);
    }
  }

  #answered({ error, id, result }: JsonObject): void {
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (waiting === undefined || typeof id !== 'number') {
      this.#log.write('debug', 'acp: an answer came to what was not asked, or is no longer wanted');
      return;
    }
    this.#waiting.delete(id);
    if (error === undefined || error === null) waiting.resolve(result);
    else {
      const { code, message } = isObject(error) ? error : {};
      const words = typeof message === 'string' ? message : 'an error without words';
      waiting.reject(new RpcError(typeof code === 'number' ? code : RpcCode.internalError, words));
    }
  }

  #fail(id: Id, code: number, message: string): void {
    if (!this.#closed) this.#send({ jsonrpc: '2.0', id, error: { code, message } });
  }
}
