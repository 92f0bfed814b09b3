/**
 * What tests of the OpenAI-compatible engine share: settings with short limits, ports with a log that is kept, and
 * the gathering of events. The clock is the real one unless a test brings another.
 */
import type { Clock, Timer } from '../../server/base/ports.ts';
import type {
  ChatRequest,
  CompleteRequest,
  EngineError,
  EngineEvent,
  FinishReason,
} from '../../server/engines/engine.ts';
import {
  createMemory,
  type EngineMemory,
  type OpenAIPorts,
  type OpenAISettings,
} from '../../server/engines/openai/settings.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run): Timer => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Built from parts, so that no scanner takes it for a real one. */
export const canaryKey = ['sk', 'canary', '0123456789abcdef'].join('-');

export interface Endpoint {
  readonly settings: OpenAISettings;
  readonly ports: OpenAIPorts & { readonly memory: EngineMemory };
  readonly logged: string[];
  readonly noticed: string[];
}

/** Generous connect and total limits, short first-byte and stall limits: faults that hang end soon. */
export function endpoint(
  baseURL: string,
  more: Partial<OpenAISettings> = {},
  ports: Partial<OpenAIPorts> = {},
): Endpoint {
  const logged: string[] = [];
  const noticed: string[] = [];
  return {
    logged,
    noticed,
    settings: {
      baseURL,
      model: 'scripted-model',
      apiKey: () => Promise.resolve(canaryKey),
      headers: {},
      fim: 'suffix',
      contextTokens: 8192,
      timeouts: { connectMs: 2000, firstByteMs: 120, stallMs: 120, totalMs: 4000 },
      maxRetries: 0,
      ...more,
    },
    ports: {
      clock: realClock,
      log: { write: (level, message) => void logged.push(`${level} ${message}`) },
      memory: createMemory(),
      random: () => 0.5,
      notice: message => void noticed.push(message),
      ...ports,
    },
  };
}

export function completeRequest(
  more: Partial<CompleteRequest> & { before?: string; after?: string } = {},
): CompleteRequest {
  const { before = 'const answer = ', after = ';\n', ...rest } = more;
  return {
    languageId: 'typescript',
    path: declareRedacted('src/answer.ts'),
    prefix: declareRedacted(before),
    suffix: declareRedacted(after),
    context: [],
    maxTokens: 64,
    maxLines: 8,
    trigger: 'explicit',
    ...rest,
  };
}

export function chatRequest(text = 'Explain this.', more: Partial<ChatRequest> = {}): ChatRequest {
  return { messages: [{ role: 'user', content: declareRedacted(text) }], maxTokens: 256, ...more };
}

export interface Gathered {
  readonly text: string;
  readonly events: readonly EngineEvent[];
  readonly calls: readonly { name: string; arguments: string }[];
  /** The one last event, in a word: a finish reason, an error kind, or `aborted`. */
  readonly end: string;
  readonly reason?: FinishReason;
  readonly error?: EngineError;
}

const terminal = (event: EngineEvent): boolean => ['done', 'error', 'aborted'].includes(event.type);

/** Reads a stream to its end and checks the contract: exactly one end, and it comes last. */
export async function gather(events: AsyncIterable<EngineEvent>): Promise<Gathered> {
  const all: EngineEvent[] = [];
  for await (const event of events) all.push(event);
  const last = all.at(-1);
  if (last === undefined || all.filter(terminal).length !== 1 || !terminal(last))
    throw new Error(`contract broken: ${all.map(event => event.type).join(' ')}`);
  return {
    events: all,
    text: all.map(event => (event.type === 'text' ? event.text : '')).join(''),
    calls: all.flatMap(event =>
      event.type === 'tool-call' ? [{ name: event.name, arguments: event.arguments }] : [],
    ),
    end: last.type === 'done' ? last.reason : last.type === 'error' ? last.error.kind : 'aborted',
    ...(last.type === 'done' ? { reason: last.reason } : {}),
    ...(last.type === 'error' ? { error: last.error } : {}),
  };
}

export const never = new AbortController().signal;
