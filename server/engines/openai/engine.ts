/**
 * The engine for any OpenAI-compatible endpoint. Failures are events; nothing is thrown. It must not know
 * features, consents or where settings come from.
 */
import { redacted } from '../../guard/redacted.ts';
import type {
  ChatRequest,
  CompleteRequest,
  Engine,
  EngineCapabilities,
  EngineError,
  EngineEvent,
} from '../engine.ts';
import { following, orAborted } from '../abort.ts';
import { type Client, createClient } from './client.ts';
import { completeMiddle, shapeOfMiddle, strategiesFor, takesDraft } from './complete.ts';
import { isFiltered, safeName } from './errors.ts';
import { fitted, isTruncated, sizeOf } from './fit.ts';
import { chooseModel, listModels } from './models.ts';
import { memoryKey, type OpenAIPorts, type OpenAISettings } from './settings.ts';
import { readReply } from './stream.ts';
import { bounded, chain, wellFormed, withoutThoughts } from './text.ts';

export interface OpenAIEngine extends Engine {
  /**
   * Whether the endpoint would serve: asks for its models, and where that does not tell, for one token. Undefined
   * when nothing speaks against it. Also loads the package and opens a connection for the first real request.
   */
  check(signal: AbortSignal): Promise<EngineError | undefined>;
}

export function createOpenAIEngine(settings: OpenAISettings, ports: OpenAIPorts): OpenAIEngine {
  return new EndpointEngine(settings, ports);
}

type Work = (signal: AbortSignal, hangUp: AbortController) => AsyncGenerator<EngineEvent, void>;

class EndpointEngine implements OpenAIEngine {
  readonly name: string;
  readonly origin: string;
  #settings: OpenAISettings;
  readonly #ports: OpenAIPorts;
  readonly #client: Client;
  readonly #running = new Set<AbortController>();
  /** While the first completion looks for a strategy, the others wait for what it finds. */
  #searching: Promise<unknown> | undefined;
  #contextTokens: number;
  /** The most text of a completion that this endpoint takes, once it has refused or cut more. In UTF-16 units. */
  #mostText = Number.POSITIVE_INFINITY;

  constructor(settings: OpenAISettings, ports: OpenAIPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#client = createClient(settings, ports);
    this.#contextTokens = settings.contextTokens;
    this.name = `openai ${safeName(settings.model) || 'first model'}`;
    this.origin = this.#client.origin;
  }

  get capabilities(): EngineCapabilities {
    const known = { settings: this.#settings, ports: this.#ports };
    return {
      completes: true,
      chats: true,
      tools: true,
      contextTokens: this.#contextTokens,
      middle: shapeOfMiddle(known),
      predicts: takesDraft(known),
    };
  }

  model(of: 'complete' | 'chat'): string {
    const { model, completionModel } = this.#settings;
    return safeName((of === 'complete' && completionModel) || model) || 'first model';
  }

  complete(request: CompleteRequest, signal: AbortSignal): AsyncIterable<EngineEvent> {
    return this.#run(signal, (given, hangUp) => this.#complete(request, given, hangUp));
  }

  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<EngineEvent> {
    return this.#run(signal, (given, hangUp) => this.#chat(request, given, hangUp));
  }

  async check(signal: AbortSignal): Promise<EngineError | undefined> {
    const { model } = this.#settings;
    const listed = await listModels(this.#client, signal);
    if (listed.type === 'aborted') return undefined;
    if (listed.type === 'models') {
      if (model === '' || [model, `${model}:latest`].some(name => listed.models.includes(name)))
        return undefined;
    } else if (!['not-found', 'not-a-model-endpoint', 'unsupported'].includes(listed.error.kind))
      return listed.error;
    return model === '' ? undefined : this.#ping(signal);
  }

  /** Not every endpoint lists its models, nor all of them: the shortest possible question tells then. */
  async #ping(signal: AbortSignal): Promise<EngineError | undefined> {
    const messages = [{ role: 'user' as const, content: redacted`Hi` }];
    for await (const event of this.chat({ messages, maxTokens: 1 }, signal))
      if (event.type === 'error' && event.error.kind !== 'incomplete') return event.error;
    return undefined;
  }

  close(): void {
    for (const hangUp of this.#running) hangUp.abort();
    this.#client.close();
  }

  /** Ties a request's connection to the signal and to the reader: when either is done with it, it closes. */
  async *#run(signal: AbortSignal, work: Work): AsyncGenerator<EngineEvent, void> {
    const { controller: hangUp, release } = following(signal);
    this.#running.add(hangUp);
    try {
      const trouble = this.#settings.model === '' ? await this.#findModel(hangUp.signal) : undefined;
      if (signal.aborted) yield { type: 'aborted' };
      else if (trouble !== undefined) yield { type: 'error', error: trouble };
      else yield* work(signal, hangUp);
    } finally {
      this.#running.delete(hangUp);
      release();
    }
  }

  /** No model is set: takes one that the endpoint lists. */
  async #findModel(signal: AbortSignal): Promise<EngineError | undefined> {
    const listed = await listModels(this.#client, signal);
    if (listed.type === 'error') return listed.error;
    const model = listed.type === 'models' ? chooseModel(listed.models) : undefined;
    if (model === undefined)
      return {
        kind: 'configuration',
        message: `No model is chosen, and ${this.origin} lists none that can write. Set the model name.`,
      };
    this.#settings = { ...this.#settings, model };
    return undefined;
  }

  async *#complete(
    request: CompleteRequest,
    signal: AbortSignal,
    hangUp: AbortController,
  ): AsyncGenerator<EngineEvent, void> {
    const middle = { settings: this.#settings, ports: this.#ports, client: this.#client };
    while (this.#searching !== undefined) {
      await orAborted(this.#searching, signal);
      if (signal.aborted) return yield { type: 'aborted' };
    }
    let found = (): void => undefined;
    if (request.stops === undefined && strategiesFor(middle).length > 1 && !this.#remembersStrategy()) {
      this.#searching = new Promise<void>(resolve => {
        found = () => {
          this.#searching = undefined;
          resolve();
        };
      });
      // Known as soon as the endpoint has taken the request, long before the answer is there.
      hangUp.signal.addEventListener('abort', found, { once: true });
    }
    const memory = { get: (key: string) => this.#ports.memory.get(key), set: this.#remember(found) };
    const ports = { ...this.#ports, memory };
    const tooLong = (characters: number): void => {
      this.#mostText = Math.min(this.#mostText, characters);
      // What is put together for the next key fits from the start.
      this.#contextTokens = Math.min(this.#contextTokens, Math.ceil(characters / 4));
    };
    // What is cut of a whole prompt is another prompt.
    const asked = request.stops === undefined ? fitted(request, this.#mostText) : request;
    try {
      for await (const event of completeMiddle({ ...middle, ports, tooLong }, asked, signal, hangUp)) {
        if (event.type === 'usage') this.#watchTruncation(event.usage.promptTokens, sizeOf(asked));
        yield event;
      }
    } finally {
      found();
    }
  }

  #remember(found: () => void): (key: string, value: string) => void {
    return (key, value) => {
      this.#ports.memory.set(key, value);
      if (key.startsWith('fim ')) found();
    };
  }

  #remembersStrategy(): boolean {
    const model = this.#settings.completionModel ?? this.#settings.model;
    return this.#ports.memory.get(memoryKey('fim', this.#settings, model)) !== undefined;
  }

  async *#chat(
    request: ChatRequest,
    signal: AbortSignal,
    hangUp: AbortController,
  ): AsyncGenerator<EngineEvent, void> {
    const { model } = this.#settings;
    const tools = request.tools ?? [];
    const body = {
      model,
      messages: request.messages.map(({ role, content }) => ({ role, content: content.text })),
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: request.maxTokens,
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(tools.length === 0 ? {} : { tools: tools.map(tool => ({ type: 'function', function: tool })) }),
    };
    const opened = await this.#client.open(
      { path: '/chat/completions', model, retry: true, body },
      hangUp.signal,
    );
    if (opened.type === 'aborted') return yield { type: 'aborted' };
    if (opened.type === 'refused')
      return yield isFiltered(opened.refusal)
        ? { type: 'done', reason: 'content-filter' }
        : { type: 'error', error: opened.refusal.error };
    const filter = chain([wellFormed(), withoutThoughts(), bounded(Math.max(4096, request.maxTokens * 16))]);
    const reading = { origin: this.origin, model, clock: this.#ports.clock, signal, filter };
    const sent = request.messages.reduce((sum, message) => sum + message.content.length, 0);
    for await (const event of readReply(opened.response, { ...reading, hangUp: () => hangUp.abort() })) {
      if (event.type === 'usage') this.#watchTruncation(event.usage.promptTokens, sent);
      yield event;
    }
  }

  /**
   * Some servers cut a long prompt without a word (Ollama's default window). Far fewer tokens counted than were
   * sent is the sign; then the window is taken as that small for the rest of the session.
   */
  #watchTruncation(counted: number, characters: number): void {
    if (!isTruncated(counted, characters) || counted >= this.#contextTokens) return;
    const expected = characters / 4;
    this.#contextTokens = counted;
    this.#mostText = Math.min(this.#mostText, counted * 4);
    this.#ports.notice?.(
      `${this.origin} seems to cut long prompts: it counted ${counted} tokens of about ${Math.round(expected)}. Codriver sends less from now on; raise the server's context size to get more out of it.`,
    );
  }
}
