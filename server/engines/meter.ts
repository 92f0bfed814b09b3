/**
 * What the guard in front of the endpoint tells of every request, and asks before each. It must not know how the
 * counts are kept or shown.
 */
import type { ChatRequest, CompleteRequest, EngineEvent } from './engine.ts';

/** Who asked, and who answers. */
export interface Spender {
  readonly feature: string;
  readonly model: string;
}

export interface Spent {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** The endpoint did not report them. */
  readonly estimated: boolean;
}

/** Keeps count, and says when it is enough. */
export interface Meter {
  /** Why nothing more may be sent today, in words for the person; undefined while there is room. */
  refusal(): string | undefined;
  /** A request leaves. */
  requested(spender: Spender): void;
  /** It has ended, in whatever way. */
  spent(spender: Spender, spent: Spent): void;
}

/** Characters of code and prose that a token stands for, where nobody counts. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens in so many UTF-16 units, roughly. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** Text of a request in UTF-16 units, as the feature composed it. */
export function sizeOfRequest(request: CompleteRequest | ChatRequest): number {
  if ('messages' in request) {
    const tools = request.tools === undefined ? 0 : JSON.stringify(request.tools).length;
    return request.messages.reduce((sum, { content }) => sum + content.text.length, tools);
  }
  const { path, prefix, suffix, context } = request;
  return [path, prefix, suffix, ...context].reduce((sum, { text }) => sum + text.length, 0);
}

/** Adds up one answer as it passes by. */
export class Tally {
  readonly #sent: number;
  #heard = 0;
  #reported: Omit<Spent, 'estimated'> | undefined;
  #refused = false;

  constructor(sent: number) {
    this.#sent = sent;
  }

  saw(event: EngineEvent): void {
    if (event.type === 'text') this.#heard += event.text.length;
    else if (event.type === 'tool-call') this.#heard += event.name.length + event.arguments.length;
    else if (event.type === 'usage') this.#reported = event.usage;
    else if (event.type === 'error') this.#refused = this.#heard === 0;
  }

  /** A request that was left, or whose endpoint keeps no count, is estimated; a refused one costs nothing. */
  get spent(): Spent {
    if (this.#reported) return { ...this.#reported, estimated: false };
    const promptTokens = this.#refused ? 0 : estimateTokens(this.#sent);
    return { promptTokens, completionTokens: estimateTokens(this.#heard), estimated: !this.#refused };
  }
}
