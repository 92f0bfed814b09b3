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
import { gateForUnasked, type Services } from './services.ts';

const MAX_ENTRIES = 300;
const MAX_TOKENS = 400;
/** An answer that takes longer than this is given up, in ms. */
const GIVE_UP_MS = 20_000;
/** A cursor that only passes by asks nothing: some clients hover at every rest of it. In ms. */
const SETTLE_MS = 250;

interface Running {
  readonly key: string;
  readonly controller: AbortController;
  readonly words: Promise<string>;
}

export class Explanations {
  readonly #services: Services;
  readonly #texts = new LRUCache<string, string>({ max: MAX_ENTRIES });
  /** One at a time: the newest place ends the older one at the endpoint. */
  #running: Running | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Rejects when `signal` aborts first; the work goes on until another place is asked for. */
  async of(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string> {
    const key = this.#key(document, place, engine);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const { words } = this.#running?.key === key ? this.#running : this.#start(key, document, place, engine);
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason as Error);
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      words.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Ends what is under way. */
  end(): void {
    this.#running?.controller.abort();
    this.#running = undefined;
  }

  #start(key: string, document: Document, place: Explanation, engine: Engine): Running {
    this.end();
    const controller = new AbortController();
    const limit = this.#services.clock.after(GIVE_UP_MS, () => controller.abort());
    const words = this.#settled(controller.signal).then(() =>
      this.#ask(document, place, engine, controller.signal),
    );
    const running = { key, controller, words };
    this.#running = running;
    words
      .then(
        text => this.#texts.set(key, text),
        (error: unknown) => {
          if (!controller.signal.aborted)
            this.#services.log.write('info', `no explanation: ${String(error)}`);
        },
      )
      .finally(() => {
        limit.cancel();
        if (this.#running === running) this.#running = undefined;
      });
    return running;
  }

  #settled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#services.clock.after(SETTLE_MS, resolve);
      const leave = () => {
        timer.cancel();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  async #ask(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string> {
    const target = { uri: document.uri, range: place.range };
    const gate = gateForUnasked(this.#services);
    const context = await promptFor(this.#services, document, target, engine, signal, gate);
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
