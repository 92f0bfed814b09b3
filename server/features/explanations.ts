/**
 * The model's words about a place, remembered by content: the same code is explained once. A late answer is kept
 * for the next hover. It must not know how it is shown.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Explanation } from '../analysis/analysis.ts';
import type { Document } from '../base/document.ts';
import type { Engine } from '../engines/engine.ts';
import { hoverPrompt } from '../prompts/hover.ts';
import { chat } from './actions/askModel.ts';
import { promptFor } from './actions/promptFor.ts';
import type { Services } from './services.ts';

const MAX_ENTRIES = 300;
const MAX_TOKENS = 400;
/** An answer that takes longer than this is given up, in ms. */
const GIVE_UP_MS = 20_000;

export class Explanations {
  readonly #services: Services;
  readonly #texts = new LRUCache<string, string>({ max: MAX_ENTRIES });
  readonly #running = new Map<string, Promise<string>>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Rejects when `signal` aborts first; the work goes on, so that the next hover finds the words. */
  async of(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string> {
    const key = this.#key(document, place, engine);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const running = this.#running.get(key) ?? this.#start(key, document, place, engine);
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason as Error);
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      running.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #start(key: string, document: Document, place: Explanation, engine: Engine): Promise<string> {
    const limit = AbortSignal.timeout(GIVE_UP_MS);
    const running = this.#ask(document, place, engine, limit);
    this.#running.set(key, running);
    running
      .then(
        text => this.#texts.set(key, text),
        (error: unknown) => this.#services.log.write('info', `no explanation: ${String(error)}`),
      )
      .finally(() => this.#running.delete(key));
    return running;
  }

  async #ask(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string> {
    const target = { uri: document.uri, range: place.range };
    const context = await promptFor(this.#services, document, target, engine, signal);
    const messages = hoverPrompt({
      ...context,
      ...(place.name ? { symbol: this.#services.redactor.redact(place.name) } : {}),
    });
    const progress = { signal, report: () => {}, done: () => {} };
    return (await chat(engine, messages, MAX_TOKENS, progress)).text;
  }

  /** The place's own text and what is around it, not where it stands. */
  #key(document: Document, place: Explanation, engine: Engine): string {
    const { start, end } = place.range;
    const around = document.getText({
      start: { line: Math.max(0, start.line - 40), character: 0 },
      end: { line: end.line + 40, character: 0 },
    });
    const hash = createHash('sha256');
    for (const part of [engine.name, document.uri, document.getText(place.range), around]) {
      hash.update(part).update('\0');
    }
    return hash.digest('base64url');
  }
}
