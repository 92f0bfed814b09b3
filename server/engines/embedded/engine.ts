/**
 * The embedded engine as an `Engine`: hands completion to the worker through a function it is given. It completes
 * and nothing else. It must not know the index, the worker's thread or any feature.
 */
import type { CompleteRequest, Engine, EngineEvent } from '../engine.ts';
import type { EmbeddedAnswer, EmbeddedRequest } from './types.ts';

export type AskWorker = (request: EmbeddedRequest, signal: AbortSignal) => Promise<EmbeddedAnswer>;

const notAChatModel =
  'The embedded engine only completes code: it has learned word sequences from your workspace, it is not a language model and cannot chat, explain or plan. ' +
  'For that, set OPENAI_BASE_URL (or openai.baseURL in the settings) to an OpenAI-compatible endpoint and try again.';

export class EmbeddedEngine implements Engine {
  readonly name = 'embedded';
  readonly origin = 'process';
  readonly capabilities = { completes: true, chats: false, tools: false, contextTokens: 100_000 } as const;
  readonly #ask: AskWorker;
  #closed = false;

  constructor(ask: AskWorker) {
    this.#ask = ask;
  }

  async *complete(request: CompleteRequest, signal: AbortSignal): AsyncIterable<EngineEvent> {
    if (signal.aborted || this.#closed) return yield { type: 'aborted' };
    let answer: EmbeddedAnswer;
    try {
      answer = await this.#ask(
        {
          uri: request.place?.uri ?? request.path.text,
          ...(request.place ? { line: request.place.line } : {}),
          languageId: request.languageId,
          prefix: request.prefix.text,
          suffix: request.suffix.text,
          maxLines: request.maxLines,
          trigger: request.trigger,
        },
        signal,
      );
    } catch {
      if (signal.aborted) return yield { type: 'aborted' };
      const message =
        'The embedded engine stopped unexpectedly; it is started again with the next completion.';
      return yield { type: 'error', error: { kind: 'server', message } };
    }
    if (signal.aborted) return yield { type: 'aborted' };
    const best = answer.candidates[0];
    if (best) yield { type: 'text', text: best.text };
    yield { type: 'done', reason: 'stop', confidence: best?.confidence ?? 0 };
  }

  async *chat(): AsyncIterable<EngineEvent> {
    yield { type: 'error', error: { kind: 'unsupported', message: notAChatModel } };
  }

  close(): void {
    this.#closed = true;
  }
}
