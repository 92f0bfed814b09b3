/**
 * What an OpenAI-compatible engine needs to be told, and the small ports it needs. Plain data: it must not know
 * where settings come from.
 */
import type { Clock, Log } from '../../base/ports.ts';
import type { EngineError } from '../engine.ts';

/** How the middle is asked for; `auto` finds out once per endpoint and model and remembers. */
export type FimStrategy = 'suffix' | 'template' | 'infill' | 'mistral' | 'chat';

/** Four separate time limits of one request, in milliseconds. */
export interface TimeLimits {
  /** Name lookup, TCP, proxy tunnel and TLS together. */
  readonly connectMs: number;
  /** From the connection to the first byte of the body. */
  readonly firstByteMs: number;
  /** Between two pieces of the body. */
  readonly stallMs: number;
  readonly totalMs: number;
}

export interface OpenAISettings {
  /** For example `https://api.openai.com/v1`. A query (Azure's `?api-version=`) goes with every request. */
  readonly baseURL: string;
  /** Empty: the first model that the endpoint lists and that can write. */
  readonly model: string;
  /** Default: `model`. */
  readonly completionModel?: string;
  /** Asked for each request; undefined for servers without keys. May run `apiKeyCommand`, so it may fail. */
  readonly apiKey: () => Promise<string | undefined>;
  /** The origin that key and headers were entered for. When it is set and `baseURL` has another one, neither is sent. */
  readonly apiKeyOrigin?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** URL of a proxy, with user and password if it wants them. See `proxyFromEnvironment`. */
  readonly proxy?: string;
  /** Hosts that are reached directly, in the form of NO_PROXY. Loopback always is. */
  readonly noProxy?: string;
  /** PEM file with further certificate authorities. */
  readonly caFile?: string;
  readonly fim: 'auto' | FimStrategy;
  /** Name of a format of `fim/formats.ts`, or a text with `{prefix}` and `{suffix}`, each once. */
  readonly fimTemplate?: string;
  readonly contextTokens: number;
  readonly timeouts: TimeLimits;
  /** At most 2 are made, whatever stands here; none for automatic completions. */
  readonly maxRetries: number;
}

/** What was found out about an endpoint and model, kept between sessions. Values are short words, never text of the person. */
export interface EngineMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

export interface OpenAIPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: EngineMemory;
  /** In 0…1, for the jitter of retries. */
  readonly random?: () => number;
  /** Something the person should hear once, for example that the server cuts prompts. */
  readonly notice?: (message: string) => void;
}

/** A memory that forgets with the process. */
export function createMemory(): EngineMemory {
  const values = new Map<string, string>();
  return { get: key => values.get(key), set: (key, value) => void values.set(key, value) };
}

/** `https://host:port`, lower case, default ports left out; undefined when it is no http(s) URL. */
export function originOf(baseURL: string): string | undefined {
  if (!URL.canParse(baseURL)) return undefined;
  const url = new URL(baseURL);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : undefined;
}

/** Whether the host of a URL is this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    /^::ffff:(127\.|7f[0-9a-f]{2}:)/.test(host)
  );
}

/** What is wrong with the settings themselves, before anything is sent; undefined when nothing is. */
export function settingsError(settings: OpenAISettings): EngineError | undefined {
  const wrong = (message: string): EngineError => ({ kind: 'configuration', message });
  if (originOf(settings.baseURL) === undefined)
    return wrong(
      'The endpoint is not an http(s) URL. Set the base URL, for example https://api.openai.com/v1.',
    );
  const url = new URL(settings.baseURL);
  if (url.username !== '' || url.password !== '')
    return wrong('The endpoint URL holds a user name or password. Take them out and use the key setting.');
  return undefined;
}

/** A key must not travel in clear text over a network; undefined when it would not. */
export function keyError(settings: OpenAISettings): EngineError | undefined {
  const url = new URL(settings.baseURL);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return {
      kind: 'configuration',
      message: `The key was not sent to ${url.origin}, because http:// would show it to the network. Use https://, or an endpoint on this machine.`,
    };
  return undefined;
}

/** What may be remembered about an endpoint: how it fills in the middle, and which parameters it refuses. */
export type RememberedFact = 'fim' | 'parameters';

/** Keys of all that may be remembered about the configured models. */
export function memoryKeys(settings: OpenAISettings): readonly string[] {
  const models = [...new Set([settings.model, settings.completionModel ?? settings.model])];
  return models.flatMap(model => [
    memoryKey('fim', settings, model),
    memoryKey('parameters', settings, model),
  ]);
}

/** Key of the memory for one fact about an endpoint and model. */
export function memoryKey(fact: RememberedFact, settings: OpenAISettings, model: string): string {
  return `${fact} ${settings.baseURL.replace(/\/+$/, '')} ${model}`;
}
