/**
 * The one way out to an endpoint: a `fetch` over node:http(s) with a keep-alive agent, proxy, CA file, no
 * redirects, four time limits and size caps. Bound to one origin. It must not know what is asked or answered.
 */
import { readFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import * as tls from 'node:tls';
import type { Clock, Timer } from '../../base/ports.ts';
import { proxyAuthorization, proxyFor } from './proxy.ts';
import type { OpenAISettings } from './settings.ts';
import { fromSystemError, type Limit, limitError, TransportError } from './transportError.ts';
import { plainAgent, proxyRefusal, tunnelAgent } from './transportTunnel.ts';

/** Largest body of a good reply and of an error reply, in bytes. The rest of an error reply is not read. */
const replyCap = 8 * 1024 * 1024;
const errorBodyCap = 64 * 1024;

export interface Transport {
  /** Follows the fetch contract, except that it fails with `TransportError` and takes text bodies only. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Closes every connection. Idempotent. */
  close(): void;
}

type Needs = Pick<OpenAISettings, 'baseURL' | 'proxy' | 'noProxy' | 'caFile' | 'timeouts'>;

interface Route {
  readonly options: RequestOptions;
  readonly secure: boolean;
  readonly proxy: URL | undefined;
  readonly tunnelled: boolean;
}

/** `settings.baseURL` must be a valid http(s) URL. */
export function createTransport(settings: Needs, clock: Clock): Transport {
  const base = new URL(settings.baseURL);
  let route: Promise<Route> | undefined;
  let agent: ReturnType<typeof plainAgent> | undefined;
  const findRoute = async (): Promise<Route> => {
    const proxy = chooseProxy(base, settings);
    const ca = base.protocol === 'https:' ? await authorities(settings.caFile) : undefined;
    const tunnelled = proxy !== undefined && base.protocol === 'https:';
    const hop = tunnelled ? base : (proxy ?? base);
    const secure = hop.protocol === 'https:';
    agent = tunnelled ? tunnelAgent(proxy) : plainAgent(secure);
    const options: RequestOptions = {
      host: hop.hostname.replace(/^\[|\]$/g, ''),
      port: hop.port === '' ? (secure ? 443 : 80) : Number(hop.port),
      agent,
      ...(secure ? { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) } : {}),
    };
    return { options, secure, proxy, tunnelled };
  };
  return {
    fetch: async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin !== base.origin)
        throw new TransportError({
          kind: 'configuration',
          told: `A request to ${url.origin} was stopped: only ${base.origin} is configured.`,
        });
      // A failure (unreadable CA file) is not kept: the person may repair it while we run.
      route ??= findRoute().catch((error: unknown) => {
        route = undefined;
        throw error;
      });
      return new Exchange(await route, url, init, settings.timeouts, clock).result;
    },
    close: () => {
      agent?.destroy();
      route = undefined;
    },
  };
}

function chooseProxy(base: URL, settings: Needs): URL | undefined {
  try {
    return proxyFor(base, settings);
  } catch {
    throw new TransportError({
      kind: 'configuration',
      told: 'The proxy setting is not a usable URL. Write it as http://host:port.',
    });
  }
}

async function authorities(file: string | undefined): Promise<string[] | undefined> {
  if (file === undefined) return undefined;
  const unusable = (why: string): TransportError =>
    new TransportError({ kind: 'configuration', told: `The CA file setting cannot be used: ${why}.` });
  const pem = await readFile(file, 'utf8').catch(() => {
    throw unusable('the file cannot be read');
  });
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw unusable('it holds no certificate in PEM form');
  // Giving `ca` replaces the default list, so that list is named too; newer Node also tells NODE_EXTRA_CA_CERTS.
  const known: unknown = 'getCACertificates' in tls ? tls.getCACertificates : undefined;
  const defaults =
    typeof known === 'function' ? (known('default') as readonly string[]) : tls.rootCertificates;
  return [...defaults, pem];
}

/** One request and its reply, with its timers. Everything ends in `#fail` or `#finish`, once. */
class Exchange {
  readonly result: Promise<Response>;
  readonly #url: URL;
  readonly #limits: Needs['timeouts'];
  readonly #clock: Clock;
  readonly #signal: AbortSignal | null | undefined;
  readonly #timers = new Map<Limit, Timer>();
  readonly #request: ClientRequest;
  #settle: { resolve: (response: Response) => void; reject: (error: unknown) => void } | undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #over = false;
  #answered = false;
  #lastByte = 0;

  constructor(route: Route, url: URL, init: RequestInit, limits: Needs['timeouts'], clock: Clock) {
    this.#url = url;
    this.#limits = limits;
    this.#clock = clock;
    this.#signal = init.signal;
    // Who waits for a tunnel is told when nobody needs it any more.
    const given = route.tunnelled ? new AbortController() : undefined;
    this.#request = (route.secure ? httpsRequest : httpRequest)({
      ...route.options,
      method: init.method ?? 'GET',
      path: route.proxy !== undefined && !route.tunnelled ? url.href : `${url.pathname}${url.search}`,
      headers: headersFor(init, url, route),
      ...(given ? { needed: given.signal } : {}),
    });
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    if (given) this.#request.once('close', () => given.abort());
    this.#watch(route);
    if (init.signal?.aborted === true) this.#onAbort();
    else {
      init.signal?.addEventListener('abort', this.#onAbort, { once: true });
      this.#request.end(typeof init.body === 'string' ? init.body : undefined);
    }
  }

  #watch(route: Route): void {
    const request = this.#request;
    this.#arm('connect', this.#limits.connectMs);
    this.#arm('total', this.#limits.totalMs);
    const connected = (): void => {
      this.#disarm('connect');
      if (!this.#over && !this.#answered) this.#arm('first-byte', this.#limits.firstByteMs);
    };
    request.once('socket', socket => {
      if (request.reusedSocket || route.tunnelled) connected();
      else socket.once(route.secure ? 'secureConnect' : 'connect', connected);
    });
    request.on('error', error => {
      const stale = request.reusedSocket && !this.#answered;
      this.#fail(fromSystemError(error, this.#url.origin, { answered: this.#answered, stale }));
    });
    request.once('response', response => this.#respond(response, route));
  }

  #respond(response: IncomingMessage, route: Route): void {
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400)
      return this.#fail(redirectError(this.#url, status, response.headers.location));
    if (status === 407 && route.proxy !== undefined) return this.#fail(proxyRefusal(route.proxy, status));
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    const bare = status === 204 || status === 205;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#body = controller;
        },
        pull: () => {
          this.#lastByte = this.#clock.now();
          response.resume();
        },
        cancel: () => this.#finish(true),
      },
      { highWaterMark: 64 * 1024, size: chunk => chunk?.byteLength ?? 1 },
    );
    this.#read(response, status);
    this.#settle?.resolve(new Response(bare ? null : stream, { status, headers }));
  }

  #read(response: IncomingMessage, status: number): void {
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      if (this.#over) return;
      this.#lastByte = this.#clock.now();
      if (!this.#answered) {
        this.#answered = true;
        this.#disarm('first-byte');
        this.#armStall(this.#limits.stallMs, response);
      }
      size += chunk.byteLength;
      if (status >= 400 && size > errorBodyCap) {
        this.#body?.close();
        this.#finish(true);
      } else if (size > replyCap) this.#fail(tooLarge(this.#url.origin));
      else {
        this.#body?.enqueue(chunk);
        if ((this.#body?.desiredSize ?? 0) <= 0) response.pause();
      }
    });
    response.once('end', () => {
      if (this.#over || !response.complete) return;
      this.#body?.close();
      this.#finish(false);
    });
    const broken = (): void => {
      // Every response closes in the end, most of them after all is said.
      if (this.#over) return;
      this.#fail(fromSystemError(undefined, this.#url.origin, { answered: true, stale: false }));
    };
    response.once('error', broken);
    response.once('close', broken);
  }

  /** The timer looks at the last byte instead of being renewed for each; a reader that is behind is no stall. */
  #armStall(ms: number, response: IncomingMessage): void {
    const timer = this.#clock.after(ms, () => {
      const idle = response.isPaused() ? 0 : this.#clock.now() - this.#lastByte;
      if (idle < this.#limits.stallMs) this.#armStall(Math.max(1, this.#limits.stallMs - idle), response);
      else this.#fail(limitError('stall', this.#limits.stallMs, this.#url.origin, false));
    });
    this.#timers.set('stall', timer);
  }

  #arm(limit: Limit, ms: number): void {
    const timer = this.#clock.after(ms, () =>
      this.#fail(limitError(limit, ms, this.#url.origin, !this.#answered)),
    );
    this.#timers.set(limit, timer);
  }

  #disarm(limit: Limit): void {
    this.#timers.get(limit)?.cancel();
    this.#timers.delete(limit);
  }

  readonly #onAbort = (): void => this.#fail(new DOMException('aborted', 'AbortError'));

  #fail(error: Error): void {
    if (this.#over) return;
    this.#finish(true);
    this.#settle?.reject(error);
    try {
      this.#body?.error(error);
    } catch {
      // The reader closed the stream already: it has all it wanted.
    }
  }

  #finish(destroy: boolean): void {
    if (this.#over) return;
    this.#over = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (destroy) this.#request.destroy();
  }
}

/** Header names of the SDK that tell about this machine and serve nobody here are left out. */
function headersFor(init: RequestInit, url: URL, route: Route): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of entriesOf(init.headers))
    if (!name.toLowerCase().startsWith('x-stainless-')) headers[name] = value;
  headers['host'] = url.host;
  headers['accept-encoding'] = 'identity';
  if (typeof init.body === 'string') headers['content-length'] = String(Buffer.byteLength(init.body));
  if (route.proxy !== undefined && !route.tunnelled) {
    const authorization = proxyAuthorization(route.proxy);
    if (authorization !== undefined) headers['proxy-authorization'] = authorization;
  }
  return headers;
}

/** A plain record is taken as it is: copying it through `Headers` costs more than sending it. */
function entriesOf(headers: RequestInit['headers']): Iterable<readonly [string, string]> {
  if (headers instanceof Headers) return headers;
  const isPlain = headers !== undefined && !Array.isArray(headers);
  return isPlain ? Object.entries(headers as Record<string, string>) : new Headers(headers);
}

function redirectError(from: URL, status: number, location: string | undefined): TransportError {
  const target =
    location !== undefined && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const where =
    target === undefined ? 'elsewhere' : `to ${target.origin === 'null' ? target.protocol : target.origin}`;
  return new TransportError({
    kind: 'configuration',
    told: `${from.origin} redirects ${where} (status ${status}). Redirects are not followed, so that key and text go nowhere else. If you trust that address, set it as the endpoint.`,
  });
}

function tooLarge(origin: string): TransportError {
  return new TransportError({
    kind: 'too-large',
    told: `The answer of ${origin} was larger than ${replyCap / 1024 / 1024} MB and was stopped. Nothing of it was used.`,
  });
}
