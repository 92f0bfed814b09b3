/**
 * The model's words about a place, remembered by content, also on disk: the same code is explained once. A late answer
 * is kept for the next hover. It must not know how it is shown.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Explanation } from '../analysis/analysis.ts';
import type { Document } from '../base/document.ts';
import type { Engine } from '../engines/engine.ts';
import { hoverPrompt } from '../prompts/hover.ts';
import { chat } from './actions/askModel.ts';
import { promptFor } from './actions/promptFor.ts';
import type { Cache } from '../store/cache.ts';
import { gateForUnasked, type Services } from './services.ts';
import type { Range } from 'vscode-languageserver-textdocument';

const MAX_ENTRIES = 300;
const MAX_TOKENS = 400;
/** An answer that takes longer than this is given up, in ms. */
const GIVE_UP_MS = 20_000;
/** A cursor that only passes by asks nothing: some clients hover at every rest of it. In ms. */
const SETTLE_MS = 250;

/** Words that were shown, and the state of the document that they were about. */
export interface ShownWords {
  readonly place: Explanation;
  readonly words: string;
}

/** What actions may do with the words of hovers. */
export interface HoverWords {
  /** What was shown last in a document, if it is about these lines and the document is what it was. */
  shownAt(uri: string, range: Range): ShownWords | undefined;
  /** Forgets what is known about a place and asks anew; the person asked for it. */
  renew(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string>;
}

interface Running {
  readonly key: string;
  readonly controller: AbortController;
  readonly words: Promise<string>;
}

export class Explanations implements HoverWords {
  readonly #ports: () => Services;
  readonly #cache: Cache;
  readonly #shown = new LRUCache<string, ShownWords & { readonly version: number }>({ max: 50 });
  readonly #texts = new LRUCache<string, string>({ max: MAX_ENTRIES });
  /** One at a time: the newest place ends the older one at the endpoint. */
  #running: Running | undefined;

  constructor(services: () => Services, cache: Cache) {
    this.#ports = services;
    this.#cache = cache;
  }

  get #services(): Services {
    return this.#ports();
  }

  /** Rejects when `signal` aborts first; the work goes on until another place is asked for. */
  async of(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string> {
    const key = this.#key(document, place, engine);
    const known = this.#texts.get(key) ?? (await this.#stored(key));
    const show = (text: string) => {
      this.#shown.set(document.uri, { place, words: text, version: document.version });
      return text;
    };
    if (known !== undefined) return show(known);
    const { words } = this.#running?.key === key ? this.#running : this.#start(key, document, place, engine);
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason as Error);
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      words
        .then(text => resolve(show(text)), reject)
        .finally(() => signal.removeEventListener('abort', leave));
    });
  }

  shownAt(uri: string, { start, end }: Range): ShownWords | undefined {
    const shown = this.#shown.get(uri);
    if (!shown || this.#services.documents.get(uri)?.version !== shown.version) return undefined;
    const { range } = shown.place;
    return range.start.line <= end.line && start.line <= range.end.line ? shown : undefined;
  }

  async renew(document: Document, place: Explanation, engine: Engine, signal: AbortSignal): Promise<string> {
    const key = this.#key(document, place, engine);
    this.#texts.delete(key);
    await this.#cache.remove(key).catch(() => {});
    const text = await this.#ask(document, place, engine, signal, this.#services.gate());
    this.#keep(key, text);
    this.#shown.set(document.uri, { place, words: text, version: document.version });
    return text;
  }

  async #stored(key: string): Promise<string | undefined> {
    const stored = await this.#cache.get(key).catch(() => undefined);
    if (typeof stored !== 'string') return undefined;
    this.#texts.set(key, stored);
    return stored;
  }

  /** What a model writes may hold what it was never shown. */
  #keep(key: string, text: string): void {
    this.#texts.set(key, text);
    this.#cache.set(key, this.#services.redactor.redact(text).text).catch(() => {});
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
        text => this.#keep(key, text),
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

  async #ask(
    document: Document,
    place: Explanation,
    engine: Engine,
    signal: AbortSignal,
    gate = gateForUnasked(this.#services),
  ): Promise<string> {
    const target = { uri: document.uri, range: place.range };
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
