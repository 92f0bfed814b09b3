/**
 * A scripted OpenAI-compatible server on loopback, for tests, the demo and benches. What it says is data
 * (`reply`), what it was asked is recorded (`requests`). Also a program of its own:
 * `tsx test/support/modelServer.ts --script file.json` prints {"port","baseURL"} and ends with its stdin.
 * It must not know the engine's code.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Fault, type FaultName, faultOf, wire } from './hostileModel.ts';
import { type ModelProfile, type ModelRoute, type ProfileName, profiles } from './modelProfiles.ts';
import { modelList, normalReply, type ReplyContent, tagList } from './modelReplies.ts';

export type { FaultName } from './hostileModel.ts';
export type { ModelRoute, ProfileName } from './modelProfiles.ts';

/** One rule. The newest rule that fits answers; rules of a script file count as added from top to bottom. */
export interface ScriptedReply extends ReplyContent {
  readonly route?: ModelRoute;
  /** Text that the request's body must contain, as sent (JSON escapes decoded in strings). */
  readonly when?: string;
  /** Used up after so many requests. Default: never. */
  readonly times?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A whole body of one's own, instead of text and tool calls. */
  readonly body?: unknown;
  readonly fault?: FaultName;
  /** Before the headers, and between frames. `until`: nothing is sent before this is settled. */
  readonly delayMs?: number;
  readonly chunkDelayMs?: number;
  readonly until?: Promise<unknown>;
  /** Makes the answer from what was asked; what it gives replaces the parts of this rule. */
  readonly say?: (request: RecordedRequest) => Partial<ScriptedReply>;
}

export interface RecordedRequest {
  readonly route: ModelRoute | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds by performance.now(). */
  readonly at: number;
  /** When the client closed the connection before the answer was complete. */
  abortedAt?: number;
  finishedAt?: number;
}

export interface ModelServerOptions {
  readonly port?: number;
  readonly profile?: ProfileName;
  readonly models?: readonly string[];
  /** When set, any other bearer token or api-key is answered with 401. */
  readonly apiKey?: string;
  readonly replies?: readonly ScriptedReply[];
  /** Certificate and key in PEM: speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface ModelServer {
  readonly port: number;
  readonly origin: string;
  /** Ends in /v1. */
  readonly baseURL: string;
  readonly requests: readonly RecordedRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
  reply(rule: ScriptedReply): void;
  clear(): void;
  use(profile: ProfileName): void;
  /** Resolves when `fits` holds for some request, now or later; looked at whenever something happens. */
  waitFor(fits: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  close(): Promise<void>;
}

const routes: readonly (readonly [RegExp, ModelRoute])[] = [
  [/\/chat\/completions$/, 'chat'],
  [/\/fim\/completions$/, 'fim'],
  [/\/completions$/, 'completions'],
  [/\/infill$/, 'infill'],
  [/\/models$/, 'models'],
  [/\/api\/tags$/, 'tags'],
];

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const state = new ModelServerState(options);
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    state.serve(request, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createServer(handler) : createSecureServer(options.tls, handler);
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => state.accept(socket));
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return {
    port,
    origin,
    baseURL: `${origin}/v1`,
    requests: state.requests,
    get connections() {
      return state.connections;
    },
    reply: rule => state.rules.unshift({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }),
    clear: () => state.rules.splice(0),
    use: name => {
      state.profile = profiles[name];
    },
    waitFor: fits => state.waitFor(fits),
    close: async () => {
      state.dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}

class ModelServerState {
  readonly requests: RecordedRequest[] = [];
  readonly rules: { rule: ScriptedReply; left: number }[] = [];
  profile: ModelProfile;
  connections = 0;
  readonly #options: ModelServerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Set<() => unknown>();
  readonly #faultCounts = new Map<FaultName, number>();

  constructor(options: ModelServerOptions) {
    this.#options = options;
    this.profile = profiles[options.profile ?? 'generic'];
    for (const rule of options.replies ?? [])
      this.rules.unshift({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  dropAll(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  waitFor(fits: (request: RecordedRequest) => boolean): Promise<RecordedRequest> {
    return new Promise(resolve => {
      const look = (): boolean => {
        const found = this.requests.find(fits);
        if (found === undefined) return false;
        this.#waiting.delete(look);
        resolve(found);
        return true;
      };
      if (!look()) this.#waiting.add(look);
    });
  }

  #changed(): void {
    this.#waiting.forEach(look => look());
  }

  #pause(ms: number | undefined): Promise<void> | undefined {
    if (ms === undefined || ms <= 0) return undefined;
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    const route = routes.find(([pattern]) => pattern.test(path))?.[1];
    const record: RecordedRequest = {
      route,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers,
      text,
      body: parse(text),
      at: performance.now(),
    };
    this.requests.push(record);
    response.on('close', () => {
      if (response.writableFinished) record.finishedAt = performance.now();
      else record.abortedAt = performance.now();
      this.#changed();
    });
    this.#changed();
    if (path === '/__requests') return sendJson(response, 200, this.requests);
    if (path === '/__script') {
      for (const rule of JSON.parse(text) as ScriptedReply[])
        this.rules.unshift({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
      return sendJson(response, 200, { ok: true });
    }
    await this.#answer(record, response);
  }

  #take(record: RecordedRequest): ScriptedReply | undefined {
    const heard = `${record.text}\n${strings(record.body).join('\n')}`;
    const entry = this.rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.route === undefined
          ? record.route !== 'models' && record.route !== 'tags'
          : rule.route === record.route) &&
        (rule.when === undefined || heard.includes(rule.when)),
    );
    if (entry !== undefined) entry.left--;
    return entry?.rule;
  }

  async #answer(record: RecordedRequest, response: ServerResponse): Promise<void> {
    const { profile } = this;
    const refuse = (status: number, code: string, message: string): void =>
      sendJson(response, status, profile.error(status, code, message));
    const taken = this.#take(record);
    const rule = taken?.say ? { ...taken, ...taken.say(record) } : taken;
    await Promise.all([this.#pause(rule?.delayMs), rule?.until]);
    const key = this.#options.apiKey;
    const given = record.headers.authorization?.replace(/^Bearer /, '') ?? record.headers['api-key'];
    if (key !== undefined && given !== key)
      return refuse(401, 'invalid_api_key', 'Incorrect API key provided');
    const fault = rule?.fault === undefined ? undefined : this.#faultOnce(rule.fault);
    const { route } = record;
    if (fault === undefined && rule?.status === undefined) {
      if (route === undefined || !profile.routes.includes(route))
        return refuse(404, 'not_found', profile.missing ?? 'Not Found');
      for (const [name, words] of Object.entries<string>(profile.rejects))
        if (name in record.body) return refuse(400, 'unsupported_parameter', words);
    }
    const models = this.#options.models ?? ['scripted-model'];
    if (fault === undefined && rule?.body === undefined) {
      if (route === 'models') return sendText(response, 200, modelList(models, profile));
      if (route === 'tags') return sendText(response, 200, tagList(models));
    }
    if (rule?.body !== undefined || (rule?.status !== undefined && fault === undefined)) {
      const body = rule.body ?? profile.error(rule.status ?? 500, 'scripted', 'scripted failure');
      return sendText(
        response,
        rule.status ?? 200,
        typeof body === 'string' ? body : JSON.stringify(body),
        rule.headers,
      );
    }
    const shape = {
      route: route ?? 'chat',
      model: typeof record.body['model'] === 'string' ? record.body['model'] : 'scripted-model',
      profile,
      wantsUsage: 'stream_options' in record.body || !profile.usageFrame,
    };
    const normal = normalReply(rule ?? defaultContent(route), shape);
    const stream = record.body['stream'] === true;
    const body =
      fault?.body?.(normal) ?? (stream ? normal.frames.map(frame => wire([frame])) : [normal.json]);
    await this.#send(response, { stream, body, fault, rule });
  }

  #faultOnce(name: FaultName): Fault | undefined {
    const fault = faultOf(name);
    const count = (this.#faultCounts.get(name) ?? 0) + 1;
    this.#faultCounts.set(name, count);
    return count > (fault.times ?? Number.POSITIVE_INFINITY) ? undefined : fault;
  }

  async #send(
    response: ServerResponse,
    {
      stream,
      body,
      fault,
      rule,
    }: {
      stream: boolean;
      body: readonly (string | Buffer)[];
      fault: Fault | undefined;
      rule: ScriptedReply | undefined;
    },
  ): Promise<void> {
    const socket = response.socket;
    if (fault?.connection !== undefined) {
      if (fault.connection === 'reset') socket?.resetAndDestroy();
      else if (fault.connection === 'close') socket?.destroy();
      else if (fault.connection !== 'hang') socket?.end(fault.connection.raw);
      return;
    }
    response.writeHead(fault?.status ?? 200, {
      'content-type': stream ? 'text/event-stream' : 'application/json',
      'x-request-id': 'req_scripted',
      ...rule?.headers,
      ...fault?.headers,
    });
    response.flushHeaders();
    for (const piece of body) {
      if (response.destroyed) return;
      if (!response.write(piece)) await once(response, 'drain').catch(() => undefined);
      await this.#pause(rule?.chunkDelayMs);
    }
    const end = fault?.end ?? 'end';
    if (end === 'end') response.end();
    else if (end === 'reset') response.write('', () => setImmediate(() => socket?.resetAndDestroy()));
    else if (end === 'flood') flood(response, body[body.length - 1] ?? 'x');
  }
}

/** Repeats `piece` as fast as it is taken, at most 64 MB. */
function flood(response: ServerResponse, piece: string | Buffer): void {
  let sent = 0;
  const more = (): void => {
    while (!response.destroyed && sent < 64_000_000) {
      sent += piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
  };
  more();
}

function defaultContent(route: ModelRoute | undefined): ReplyContent {
  return { text: route === 'chat' ? 'A scripted answer.' : 'scripted()' };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-request-id': 'req_scripted',
    ...headers,
  });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, JSON.stringify(value));
}

/** The program: options from a JSON file, address on stdout, ends when stdin closes. */
async function main(argv: readonly string[]): Promise<void> {
  const at = argv.indexOf('--script');
  const file = at < 0 ? undefined : argv[at + 1];
  const script =
    file === undefined
      ? {}
      : (JSON.parse(readFileSync(file, 'utf8')) as ModelServerOptions | ScriptedReply[]);
  const server = await startModelServer(
    Array.isArray(script) ? { replies: script } : (script as ModelServerOptions),
  );
  process.stdout.write(`${JSON.stringify({ port: server.port, baseURL: server.baseURL })}\n`);
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.stdin.on('end', stop).on('close', stop).resume();
  process.on('SIGTERM', stop);
}

if (process.argv[1]?.endsWith('modelServer.ts') === true) await main(process.argv.slice(2));
