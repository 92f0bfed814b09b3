/**
 * The contract of everything that writes text: embedded, OpenAI-compatible, llama. Failures are data: a stream
 * always ends in exactly one of `done | error | aborted`, and nothing is thrown. An engine accepts `Redacted`
 * text only, and must not know the index, the context or any feature.
 */
import type { Redacted } from '../guard/redacted.ts';

export interface EngineCapabilities {
  readonly completes: boolean;
  readonly chats: boolean;
  readonly tools: boolean;
  /** Tokens the engine can take in one request, prompt and answer together. */
  readonly contextTokens: number;
  /** How a completion's prompt is laid out; absent where nothing is known. */
  readonly middle?: MiddleShape;
  /** The endpoint takes a guess at the answer (`draft`) and is faster where that is right. */
  readonly predicts?: boolean;
}

/** What a context needs to know of the prompt to keep its beginning the same from key to key. */
export interface MiddleShape {
  /** The text behind the cursor stands before that in front of it. */
  readonly suffixFirst: boolean;
  /** Tokens in front of the cursor that are read; the endpoint cuts what is more, at the beginning. */
  readonly prefixTokens?: number;
}

/** Fill in the middle at one place. Limits are upper bounds; an engine may stop earlier. */
export interface CompleteRequest {
  readonly languageId: string;
  /** Path as the model sees it: relative to the workspace folder, `/`-separated. */
  readonly path: Redacted;
  readonly prefix: Redacted;
  readonly suffix: Redacted;
  /** Pieces of other files, most stable first, already within the budget. */
  readonly context: readonly Redacted[];
  readonly maxTokens: number;
  /** 1: the rest of the line only. */
  readonly maxLines: number;
  /** Whether the person asked, or it comes by itself; an engine may be surer before it speaks unasked. */
  readonly trigger: 'explicit' | 'automatic';
  /** `prefix` is a whole prompt that a model is trained on: sent as it is and alone, and answered up to one of these. */
  readonly stops?: readonly string[];
  /** What the answer may well be; only for engines that say they take it. */
  readonly draft?: Redacted;
  /** Where the text stands, for an engine in this process that mirrors the documents; never sent anywhere. */
  readonly place?: { readonly uri: string; readonly line: number };
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: Redacted;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolSpec[];
  readonly maxTokens: number;
  readonly temperature?: number;
}

/** `length`: cut by the token limit, never to be used as an edit. `stopped-early`: we had enough. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'stopped-early';

export type EngineErrorKind =
  | 'authentication'
  | 'payment'
  | 'not-found'
  | 'rate-limit'
  | 'context-length'
  | 'timeout'
  | 'network'
  | 'tls'
  | 'not-a-model-endpoint'
  | 'server'
  | 'incomplete'
  | 'unsupported'
  | 'too-large'
  | 'budget'
  | 'configuration';

/** `message` is written for the person: what happened, why, what to do. It holds no key, no prompt and no document text. */
export interface EngineError {
  readonly kind: EngineErrorKind;
  readonly message: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type EngineEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** `confidence` in 0…1 where the engine can tell (the embedded one). */
  | { readonly type: 'done'; readonly reason: FinishReason; readonly confidence?: number }
  | { readonly type: 'error'; readonly error: EngineError }
  | { readonly type: 'aborted' };

export interface Engine {
  /** Name for logs and messages, for example `embedded` or `openai qwen2.5-coder`. */
  readonly name: string;
  /** Where text goes: `process` never leaves this process, else the origin of the endpoint's URL. */
  readonly origin: string;
  readonly capabilities: EngineCapabilities;
  complete(request: CompleteRequest, signal: AbortSignal): AsyncIterable<EngineEvent>;
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<EngineEvent>;
  /** Closes sockets. Idempotent. */
  close(): void;
}
