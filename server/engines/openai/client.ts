/**
 * Opens one request at the endpoint through the `openai` package: key, headers, retries, and the parameters that
 * this endpoint does not take. Returns an open reply or a refusal, never throws. It must not know what is asked.
 */
import type { OpenAI } from 'openai';
import { type Adaptation, adapt, readAdaptations, writeAdaptations } from './adapt.ts';
import { type Refusal, Refused, refusalOf } from './errors.ts';
import { maxRetriesEver, nextWait } from './retry.ts';
import { loadSDK } from './sdk.ts';
import {
  keyError,
  memoryKey,
  type OpenAIPorts,
  type OpenAISettings,
  originOf,
  settingsError,
} from './settings.ts';
import { createTransport, type Transport } from './transport.ts';
import { TransportError } from './transportError.ts';

export interface Call {
  /** Below the base URL, or an absolute URL of the same origin. */
  readonly path: string;
  /** POST with this as JSON; GET without. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** Whether further attempts are made. Automatic completions come too late after a first failure. */
  readonly retry: boolean;
}

export type Opened =
  | { readonly type: 'open'; readonly response: Response }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'aborted' };

export interface Client {
  readonly origin: string;
  open(call: Call, signal: AbortSignal): Promise<Opened>;
  close(): void;
}

export function createClient(settings: OpenAISettings, ports: OpenAIPorts): Client {
  const origin = originOf(settings.baseURL) ?? settings.baseURL.slice(0, 200);
  const wrong = settingsError(settings);
  if (wrong !== undefined) {
    const refused: Opened = { type: 'refused', refusal: { error: wrong, words: '' } };
    return { origin, open: () => Promise.resolve(refused), close: () => undefined };
  }
  return new OpenAIClient(origin, settings, ports);
}

const azureHost = /\.(?:openai\.azure|cognitiveservices\.azure|services\.ai\.azure)\.(?:com|us|cn)$/;
const ownHeaders = new Set(['accept', 'content-type', 'user-agent', 'authorization', 'api-key']);
const keyHeader = /^(?:authorization|api-key|x-api-key)$/i;

class OpenAIClient implements Client {
  readonly origin: string;
  readonly #settings: OpenAISettings;
  readonly #ports: OpenAIPorts;
  readonly #transport: Transport;
  #sdk: Promise<OpenAI> | undefined;

  constructor(origin: string, settings: OpenAISettings, ports: OpenAIPorts) {
    this.origin = origin;
    this.#settings = settings;
    this.#ports = ports;
    this.#transport = createTransport(settings, ports.clock);
  }

  async open(call: Call, signal: AbortSignal): Promise<Opened> {
    const memory = memoryKey('parameters', this.#settings, call.model);
    let adaptations = readAdaptations(this.#ports.memory.get(memory));
    let failures = 0;
    for (;;) {
      const opened = await this.#once(call, adaptations, signal);
      if (opened.type !== 'refused') return opened;
      const { refusal } = opened;
      const more: readonly Adaptation[] | undefined =
        call.body === undefined ? undefined : adapt(refusal, call.body, adaptations);
      if (more !== undefined) {
        adaptations = more;
        this.#ports.memory.set(memory, writeAdaptations(more));
        continue;
      }
      failures++;
      const wait = this.#waitBefore(refusal, call, failures);
      if (wait === undefined) return opened;
      if (!(await this.#sleep(wait, signal))) return { type: 'aborted' };
    }
  }

  close(): void {
    this.#transport.close();
  }

  #waitBefore(refusal: Refusal, call: Call, failures: number): number | undefined {
    // A kept-alive connection that the server had closed says nothing about the endpoint.
    if (refusal.again === 'at-once' && failures === 1) return 0;
    const retries = call.retry ? Math.min(maxRetriesEver, this.#settings.maxRetries) : 0;
    if (refusal.again === undefined || failures > retries) return undefined;
    return nextWait(refusal.error.retryAfterMs, failures, this.#ports.random?.() ?? Math.random());
  }

  #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (ms <= 0) return Promise.resolve(true);
    return new Promise(resolve => {
      const over = (goOn: boolean): void => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        resolve(goOn);
      };
      const onAbort = (): void => over(false);
      const timer = this.#ports.clock.after(ms, () => over(true));
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  async #once(call: Call, adaptations: readonly Adaptation[], signal: AbortSignal): Promise<Opened> {
    try {
      if (signal.aborted) return { type: 'aborted' };
      const headers = await this.#authorization();
      const sdk = await (this.#sdk ??= this.#createSDK());
      if (signal.aborted) return { type: 'aborted' };
      const options = { headers, signal };
      const body = call.body === undefined ? undefined : applyAll(call.body, adaptations);
      const response = await (body === undefined
        ? sdk.get(call.path, options)
        : sdk.post(call.path, { ...options, body })
      ).asResponse();
      return { type: 'open', response };
    } catch (error) {
      if (signal.aborted) return { type: 'aborted' };
      return { type: 'refused', refusal: this.#explain(error, call.model) };
    }
  }

  #explain(thrown: unknown, model: string): Refusal {
    const error = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
    if (error instanceof Refused) return error.refusal;
    if (error instanceof StatusError) return refusalOf(error, this.origin, model, this.#ports.clock.now());
    if (error instanceof TransportError) {
      const { kind, told, limit, untouched, stale } = error.facts;
      const mayRepeat = untouched === true && (limit === undefined || limit === 'connect');
      return {
        words: '',
        error: { kind, message: told },
        ...(stale === true ? { again: 'at-once' } : mayRepeat ? { again: 'later' } : {}),
      };
    }
    this.#ports.log.write('warn', `openai: unexpected ${error instanceof Error ? error.name : typeof error}`);
    return {
      words: '',
      error: {
        kind: 'configuration',
        message: `The request to ${this.origin} could not be made. Check headers and key in the configuration for characters that HTTP does not allow.`,
      },
    };
  }

  /** The key as headers, or a refusal when it must not travel. */
  async #authorization(): Promise<Record<string, string | null>> {
    const settings = this.#settings;
    const key = await this.#key();
    const trouble = keyError(settings);
    const secretHeader = Object.keys(this.#headers).some(name => keyHeader.test(name));
    if (trouble !== undefined && (secretHeader || key !== undefined))
      throw new Refused({ error: trouble, words: '' });
    if (key === undefined) return secretHeader ? {} : { Authorization: null };
    return azureHost.test(new URL(settings.baseURL).hostname)
      ? { Authorization: null, 'api-key': key }
      : { Authorization: `Bearer ${key}` };
  }

  /** Key and headers were given for one origin and go to no other. */
  get #isOwnOrigin(): boolean {
    const { apiKeyOrigin } = this.#settings;
    return apiKeyOrigin === undefined || apiKeyOrigin === this.origin;
  }

  get #headers(): Readonly<Record<string, string>> {
    return this.#isOwnOrigin ? this.#settings.headers : {};
  }

  async #key(): Promise<string | undefined> {
    const { apiKey } = this.#settings;
    if (!this.#isOwnOrigin) return undefined;
    try {
      const key = (await apiKey())?.trim();
      return key === '' ? undefined : key;
    } catch {
      const message = `The key for ${this.origin} could not be read. Run the key command by hand to see why.`;
      throw new Refused({ words: '', error: { kind: 'configuration', message } });
    }
  }

  async #createSDK(): Promise<OpenAI> {
    const SDK = await loadSDK();
    const base = new URL(this.#settings.baseURL);
    const query = Object.fromEntries(base.searchParams);
    base.search = '';
    base.hash = '';
    const given = this.#headers;
    const allowed = new Set([...ownHeaders, ...Object.keys(given).map(name => name.toLowerCase())]);
    return new SDK({
      // Everything that the package would otherwise read from the environment is given.
      apiKey: 'unused',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      baseURL: base.href.replace(/\/+$/, ''),
      maxRetries: 0,
      timeout: 2 ** 31 - 1,
      logLevel: 'off',
      logger: silent,
      defaultQuery: query,
      defaultHeaders: { 'User-Agent': 'codriver', ...given },
      fetch: async (url, init) => {
        const headers: Record<string, string> = {};
        for (const [name, value] of new Headers(init?.headers)) if (allowed.has(name)) headers[name] = value;
        const response = await this.#transport.fetch(url, { ...init, headers });
        if (response.ok) return response;
        // The package would read some dialects' error bodies only in part.
        const withKey = 'authorization' in headers || 'api-key' in headers;
        throw new StatusError(
          response.status,
          response.headers,
          await response.text().catch(() => ''),
          withKey,
        );
      },
    });
  }
}

const silent = { error: quiet, warn: quiet, info: quiet, debug: quiet };

function quiet(): void {
  // The package logs requests and replies; nothing of these may reach a log.
}

/** A reply with a status other than 2xx. The message stays clear of words that the SDK interprets. */
class StatusError extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly withKey: boolean;

  constructor(status: number, headers: Headers, body: string, withKey: boolean) {
    super(`status ${status}`);
    this.name = 'StatusError';
    this.withKey = withKey;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

function applyAll(
  body: Readonly<Record<string, unknown>>,
  adaptations: readonly Adaptation[],
): Readonly<Record<string, unknown>> {
  return adaptations.reduce((changed, { from, to }) => {
    if (!(from in changed)) return changed;
    const { [from]: value, ...rest } = changed;
    return to === undefined ? rest : { ...rest, [to]: value };
  }, body);
}
