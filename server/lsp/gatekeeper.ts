/**
 * Stands between the frames and the library: lets through only messages of the right shape at the right time, and
 * sees to it that every request is answered exactly once. Requests travel inward under ids of its own, so that no
 * id a client invents can confuse the library. Knows the lifecycle, no feature; does no input or output.
 */
import type { Clock, Log, Timer } from '../base/ports.ts';
import { documentOf, idOf, keyOf, printable, type RequestId } from './messages.ts';
import { checkParams, isObject, type JsonObject, MAX_DEPTH, tooDeep } from './shapes.ts';

export const ErrorCode = {
  parseError: -32700,
  invalidRequest: -32600,
  invalidParams: -32602,
  internalError: -32603,
  serverNotInitialized: -32002,
  requestFailed: -32803,
  contentModified: -32801,
  requestCancelled: -32800,
} as const;

/** Requests running at once beyond which a new one is refused. */
export const MAX_RUNNING = 1000;
/** Requests of one method for one document running at once; beyond it the oldest is answered as outdated. */
export const MAX_RUNNING_ALIKE = 4;
/** Messages kept while `initialize` is being answered. */
const MAX_HELD = 1000;

/** Only the newest answer of these is of use to anybody. */
const NEWEST_WINS = new Set(
  ['completion', 'inlineCompletion', 'hover', 'signatureHelp', 'documentHighlight'].map(
    name => `textDocument/${name}`,
  ),
);
/** The answer to shutdown may take this long when exit is there already, in ms. */
const EXIT_MS = 500;
/** These take no parameters: what a client sends along is left out instead of refused. */
const BARE = new Set(['shutdown', 'initialized']);
/** A cancel does not end these: they have an effect, which the client must hear of. */
const NOT_CANCELLED = new Set(['initialize', 'shutdown', 'workspace/executeCommand']);

/** How long the client may take to answer a request of ours, in ms; a person may be behind the first ones. */
const PATIENT_MS = 10 * 60 * 1000;
const ANSWER_MS = 30 * 1000;
const PATIENT = new Set(['window/showMessageRequest', 'workspace/applyEdit', 'window/showDocument']);

export interface GatekeeperPorts {
  /** To the library. */
  deliver(message: JsonObject): void;
  /** To the client. */
  send(message: JsonObject): void;
  /** The client said exit; `shutdownReceived` tells whether in order. */
  exit(): void;
  /** A notification was not delivered because of its shape. */
  refused?(method: string, params: unknown): void;
  /** May refuse the client at `initialize` by returning why; may change the parameters. */
  admit?(params: Record<string, unknown>): string | undefined;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

interface Running {
  readonly clientId: RequestId;
  readonly method: string;
  /** Method and document where only the newest counts. */
  readonly alike: string | undefined;
}

type Stage = 'new' | 'initializing' | 'running' | 'shutdown' | 'over';

export class Gatekeeper {
  readonly #ports: GatekeeperPorts;
  #stage: Stage = 'new';
  #nextId = 1;
  readonly #running = new Map<number, Running>();
  readonly #byClientId = new Map<string, number>();
  readonly #alike = new Map<string, number[]>();
  /** Delivered and not yet answered by the library, also where the client has its answer already. */
  readonly #unfinished = new Set<number>();
  readonly #asked = new Map<RequestId, Timer>();
  #held: unknown[] = [];
  /** The client said exit; runs out when what comes before takes too long. */
  #leaving: Timer | undefined;
  #initializedSeen = false;
  #shutdownSeen = false;

  constructor(ports: GatekeeperPorts) {
    this.#ports = ports;
  }

  get shutdownReceived(): boolean {
    return this.#shutdownSeen;
  }

  /** Requests that wait for an answer to the client. */
  get running(): number {
    return this.#running.size;
  }

  /** Everything that came in is answered. */
  get idle(): boolean {
    return this.#running.size === 0 && this.#held.length === 0;
  }

  /** Takes one body from the client. */
  receiveBody(body: string): void {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return this.refuse('the message is not valid JSON');
    }
    this.receive(value);
  }

  /** Answers a message that cannot even be read. */
  refuse(reason: string): void {
    this.#ports.log.write('warn', `refused a message: ${reason}`);
    this.#answer(null, ErrorCode.parseError, reason);
  }

  /** Takes one parsed message from the client. */
  receive(message: unknown): void {
    if (this.#stage === 'over') return;
    if (!isObject(message)) {
      const what = Array.isArray(message)
        ? 'LSP has no batches; send one message per frame'
        : 'a message must be an object';
      return this.#invalid(null, what);
    }
    const id = idOf(message);
    if (tooDeep(message)) return this.#invalidShape(message, id, `nested deeper than ${MAX_DEPTH} levels`);
    if (message['jsonrpc'] !== undefined && message['jsonrpc'] !== '2.0') {
      return this.#invalid(id ?? null, 'jsonrpc must be "2.0"');
    }
    if (!('method' in message)) return this.#response(message, id);
    const { method } = message;
    if (typeof method !== 'string' || method === '')
      return this.#invalid(id ?? null, 'method must be a string');
    const given = message['params'] ?? undefined;
    const params = BARE.has(method) && !isObject(given) ? undefined : given;
    if (!('id' in message)) return this.#notification(method, params);
    if (id === undefined) return this.#invalid(null, 'id must be a string or a whole number');
    this.#request(id, method, params, message);
  }

  /** Takes one message from the library; it goes to the client unless nobody waits for it. */
  dispatch(message: JsonObject): void {
    if ('method' in message) {
      const id = idOf(message);
      if (id !== undefined) this.#ask(id, String(message['method']));
      return this.#ports.send(message);
    }
    const internal = message['id'];
    if (typeof internal !== 'number') return this.#ports.send(message);
    this.#unfinished.delete(internal);
    const running = this.#forget(internal);
    if (running === undefined) return;
    const answer = { ...message, id: running.clientId };
    this.#ports.send(this.#withoutInternals(answer, running.method));
    if (running.method === 'initialize') this.#initialized('error' in message);
    if (this.#leaving !== undefined) this.#exit();
  }

  /** Takes back what waits: nothing is sent or delivered any more. */
  close(): void {
    this.#stage = 'over';
    for (const timer of this.#asked.values()) timer.cancel();
    this.#asked.clear();
    this.#running.clear();
    this.#held = [];
  }

  #request(id: RequestId, method: string, params: unknown, message: JsonObject): void {
    const key = keyOf(id);
    if (this.#byClientId.has(key)) return this.#invalid(id, 'a request with this id is still running');
    if (this.#stage === 'new' && method !== 'initialize') {
      return this.#answer(id, ErrorCode.serverNotInitialized, 'the first request must be initialize');
    }
    if (this.#stage === 'shutdown') return this.#invalid(id, 'shutdown was requested; only exit may follow');
    if (this.#stage !== 'new' && method === 'initialize')
      return this.#invalid(id, 'initialize may be sent once');
    if (this.#stage === 'initializing') return this.#hold(message, id);
    const wrong = checkParams(method, params);
    if (wrong !== undefined) return this.#answer(id, ErrorCode.invalidParams, `${method}: ${wrong}`);
    if (this.#unfinished.size >= MAX_RUNNING && method !== 'shutdown') {
      return this.#answer(
        id,
        ErrorCode.requestFailed,
        `${MAX_RUNNING} requests are running; ask again later`,
      );
    }
    if (method === 'initialize') {
      if (!this.#admit(id, params)) return;
      this.#stage = 'initializing';
    }
    if (method === 'shutdown') {
      this.#stage = 'shutdown';
      this.#shutdownSeen = true;
      for (const other of this.#running.keys()) {
        this.#end(other, ErrorCode.requestCancelled, 'the server is shutting down');
      }
    }
    const internal = this.#nextId++;
    const alike = NEWEST_WINS.has(method) ? `${method} ${documentOf(params)}` : undefined;
    this.#running.set(internal, { clientId: id, method, alike });
    this.#byClientId.set(key, internal);
    this.#unfinished.add(internal);
    if (alike !== undefined) this.#supersede(alike, internal);
    this.#deliver({ jsonrpc: '2.0', id: internal, method }, params);
  }

  #notification(method: string, params: unknown): void {
    if (method === 'exit') return this.#exit();
    if (this.#stage === 'new' || this.#stage === 'shutdown') return;
    if (method === '$/cancelRequest') return this.#cancel(params);
    if (this.#stage === 'initializing') return this.#hold({ jsonrpc: '2.0', method, params }, undefined);
    if (method === 'initialized') {
      if (this.#initializedSeen) return;
      this.#initializedSeen = true;
    }
    const wrong = checkParams(method, params);
    if (wrong !== undefined) {
      this.#ports.log.write('warn', `dropped a notification ${printable(method)}: ${wrong}`);
      return this.#ports.refused?.(method, params);
    }
    this.#deliver({ jsonrpc: '2.0', method }, params);
  }

  /** Some clients write shutdown and exit in one go: the first is still answered, if that does not take long. */
  #exit(): void {
    this.#leaving ??= this.#ports.clock.after(EXIT_MS, () => this.#leave());
    const comes = this.#held.some(message => isObject(message) && message['method'] === 'shutdown');
    const answering = [...this.#running.values()].some(({ method }) => method === 'shutdown');
    if (!answering && !(comes && this.#stage === 'initializing')) this.#leave();
  }

  #leave(): void {
    this.#leaving?.cancel();
    this.close();
    this.#ports.exit();
  }

  #response(message: JsonObject, id: RequestId | undefined): void {
    if (!('result' in message) && !isObject(message['error']))
      return this.#invalid(id ?? null, 'method is missing');
    const timer = id === undefined ? undefined : this.#asked.get(id);
    if (id === undefined || timer === undefined) {
      return this.#ports.log.write(
        'warn',
        'dropped an answer to a request that was not asked or is answered already',
      );
    }
    timer.cancel();
    this.#asked.delete(id);
    const error = message['error'];
    if (!isObject(error))
      return this.#ports.deliver({ jsonrpc: '2.0', id, result: message['result'] ?? null });
    const code = typeof error['code'] === 'number' ? error['code'] : ErrorCode.internalError;
    const text = typeof error['message'] === 'string' ? error['message'] : 'the client gave no message';
    this.#ports.deliver({ jsonrpc: '2.0', id, error: { ...error, code, message: text } });
  }

  /** Remembers a request to the client; if it is never answered, the library gets an error in its place. */
  #ask(id: RequestId, method: string): void {
    const expire = () => {
      this.#asked.delete(id);
      const error = { code: ErrorCode.requestFailed, message: `the client did not answer ${method} in time` };
      this.#ports.deliver({ jsonrpc: '2.0', id, error });
    };
    this.#asked.set(id, this.#ports.clock.after(PATIENT.has(method) ? PATIENT_MS : ANSWER_MS, expire));
  }

  #admit(id: RequestId, params: unknown): boolean {
    if (!isObject(params)) {
      this.#answer(id, ErrorCode.invalidParams, 'initialize: params are missing');
      return false;
    }
    const changeable = params as Record<string, unknown>;
    if (!isObject(changeable['capabilities'])) changeable['capabilities'] = {};
    const reason = this.#ports.admit?.(changeable);
    if (reason === undefined) return true;
    this.#invalid(id, reason);
    return false;
  }

  #initialized(failed: boolean): void {
    this.#stage = failed ? 'new' : 'running';
    const held = this.#held;
    this.#held = [];
    for (const message of held) this.receive(message);
  }

  /** What comes between initialize and its answer waits for the answer. */
  #hold(message: JsonObject, id: RequestId | undefined): void {
    if (this.#held.length < MAX_HELD) this.#held.push(message);
    else if (id !== undefined)
      this.#answer(id, ErrorCode.serverNotInitialized, 'initialize is not answered yet');
  }

  #cancel(params: unknown): void {
    const id = isObject(params) ? idOf(params) : undefined;
    if (id === undefined) return;
    const internal = this.#byClientId.get(keyOf(id));
    const running = internal === undefined ? undefined : this.#running.get(internal);
    if (internal === undefined || running === undefined) return this.#cancelHeld(id);
    if (NOT_CANCELLED.has(running.method)) return this.#deliverCancel(internal);
    this.#end(internal, ErrorCode.requestCancelled, 'cancelled');
  }

  #cancelHeld(id: RequestId): void {
    const index = this.#held.findIndex(
      message => isObject(message) && 'id' in message && idOf(message) === id,
    );
    if (index === -1) return;
    this.#held.splice(index, 1);
    this.#answer(id, ErrorCode.requestCancelled, 'cancelled');
  }

  #supersede(alike: string, internal: number): void {
    const ids = this.#alike.get(alike);
    if (ids === undefined) {
      this.#alike.set(alike, [internal]);
      return;
    }
    ids.push(internal);
    if (ids.length > MAX_RUNNING_ALIKE)
      this.#end(ids[0] as number, ErrorCode.contentModified, 'a newer request came');
  }

  /** Answers a running request now and tells the library to stop; what the library still says is dropped. */
  #end(internal: number, code: number, reason: string): void {
    const running = this.#forget(internal);
    if (running === undefined) return;
    this.#deliverCancel(internal);
    this.#answer(running.clientId, code, reason);
  }

  #deliverCancel(internal: number): void {
    this.#ports.deliver({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: internal } });
  }

  #forget(internal: number): Running | undefined {
    const running = this.#running.get(internal);
    if (running === undefined) return undefined;
    this.#running.delete(internal);
    this.#byClientId.delete(keyOf(running.clientId));
    if (running.alike !== undefined) {
      const rest = (this.#alike.get(running.alike) ?? []).filter(id => id !== internal);
      if (rest.length > 0) this.#alike.set(running.alike, rest);
      else this.#alike.delete(running.alike);
    }
    return running;
  }

  #deliver(message: JsonObject, params: unknown): void {
    this.#ports.deliver(params === undefined ? message : { ...message, params });
  }

  #invalidShape(message: JsonObject, id: RequestId | undefined, reason: string): void {
    if ('method' in message && !('id' in message)) {
      return this.#ports.log.write('warn', `dropped a notification: ${reason}`);
    }
    this.#invalid(id ?? null, reason);
  }

  #invalid(id: RequestId | null, reason: string): void {
    this.#answer(id, ErrorCode.invalidRequest, reason);
  }

  #answer(id: RequestId | null, code: number, message: string): void {
    this.#ports.send({ jsonrpc: '2.0', id, error: { code, message } });
  }

  /** An exception's own words may hold paths or keys: they go to the log, the client learns that it happened. */
  #withoutInternals(answer: JsonObject, method: string): JsonObject {
    const { error } = answer;
    if (!isObject(error) || error['code'] !== ErrorCode.internalError) return answer;
    this.#ports.log.write('error', String(error['message']));
    const message = `Codriver failed inside while answering ${method}. Its log says more.`;
    return { ...answer, error: { code: ErrorCode.internalError, message } };
  }
}
