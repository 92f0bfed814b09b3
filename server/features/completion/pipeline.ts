/**
 * The one pipeline behind ghost text and menu items: reuse → join → context → engine → filters → placement →
 * pre-flight. It must not know which protocol surface asks, and it never throws: "nothing" has a reason.
 */
import type { Position } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Clock } from '../../base/ports.ts';
import type { CompleteRequest, Engine } from '../../engines/engine.ts';
import { hiddenCharacters } from '../../guard/sanitise.ts';
import type { Services } from '../services.ts';
import { consume } from './consume.ts';
import { filterCompletion } from './filters/index.ts';
import { Flights, type Landed, type Start } from './flights.ts';
import { type Place, type Remembered, SuggestionMemory, surroundings } from './memory.ts';
import { placeSuggestion } from './place.ts';
import type { CompletionQuery, CompletionResult, NothingReason, Suggestion } from './types.ts';
import { windowFor } from './window.ts';

/** Below this an embedded suggestion is not shown unasked. */
const AUTOMATIC_CONFIDENCE = 0.3;
/** Documents above this length get no completion at all, in UTF-16 units. */
const MAX_LENGTH = 50 * 1024 * 1024;
const MAX_TOKENS_PER_LINE = 40;
/** A block that cannot be tried out in this time is shown as it is, in ms. */
const PREFLIGHT_MS = 25;
/** Text on both sides of the cursor that the filters see, in UTF-16 units. */
const FILTERED_BEFORE = 4_000;
const FILTERED_AFTER = 2_000;

const nothing = (reason: NothingReason, detail?: string, final = true): CompletionResult => ({
  suggestions: [],
  final,
  nothing: reason,
  ...(detail ? { detail } : {}),
});

export class CompletionPipeline {
  readonly #services: Services;
  readonly #memory = new SuggestionMemory();
  readonly #flights = new Flights();
  /** Why the last completion showed nothing, for `codriver.status`. */
  lastNothing: { readonly reason: NothingReason; readonly detail?: string } | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  async complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> {
    const result = await this.#complete(query, signal);
    if (result.nothing) {
      this.lastNothing = { reason: result.nothing, ...(result.detail ? { detail: result.detail } : {}) };
      this.#services.log.write(
        'debug',
        `no completion: ${result.nothing}${result.detail ? `, ${result.detail}` : ''}`,
      );
    } else this.lastNothing = undefined;
    return result;
  }

  /** Keystrokes that contradict a running request end it at the endpoint at once. */
  documentChanged(document: Document): void {
    this.#flights.documentChanged(document);
  }

  /** Who may answer has changed: what others said does not count any more. */
  forget(): void {
    this.#flights.end();
    this.#memory.forget();
  }

  documentClosed(uri: string): void {
    this.#flights.end(uri);
    this.#memory.forget(uri);
  }

  async #complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> {
    const { documents, settings, router } = this.#services;
    const document = documents.get(query.uri);
    const refusal = document ? this.#refusal(document, query) : nothing('document not open');
    if (refusal || !document) return refusal ?? nothing('document not open');
    const site = siteAt(document, query);

    const reused = this.#memory.recall(document, site.offset);
    if (reused) return this.#present(site, reused, true, signal);

    const sends = query.mayBeTyping ? 'automatic' : query.trigger;
    const choice = router.choose('completion', sends);
    if (!choice.engine) return nothing('engine gave nothing', choice.why);
    let { engine } = choice;
    let window = await windowFor(this.#services, document, query, engine, sends, signal);
    if ('refused' in window && engine !== router.embedded) {
      // What may not be sent may still be completed here.
      engine = router.embedded;
      window = await windowFor(this.#services, document, query, engine, sends, signal);
    }
    if (signal.aborted) return nothing('aborted');
    if ('refused' in window) return nothing('file is excluded', window.refused);
    const { maxLines } = settings().completion;
    const request: CompleteRequest = {
      ...window,
      languageId: document.languageId,
      maxLines,
      maxTokens: MAX_TOKENS_PER_LINE * maxLines,
      trigger: query.trigger,
      place: { uri: query.uri, line: site.position.line },
    };
    const meanwhile = this.#memory.recall(document, site.offset);
    if (meanwhile) return this.#present(site, meanwhile, true, signal);
    if (engine.origin === 'process') {
      const landed = await consume(engine, request, signal);
      if (signal.aborted) return nothing('aborted');
      return this.#landed(site, landed, engine, true, signal);
    }
    const wait = sends === 'automatic' ? (query.debounceMs ?? 0) : 0;
    const ask: Start = async (flight, said) => {
      if (wait > 0) await pause(this.#services.clock, wait, flight);
      return consume(engine, { ...request, trigger: sends }, flight, said);
    };
    return this.#withModel(document, site, request, { engine, ask }, signal);
  }

  /** A model beyond this process, with the embedded engine's answer for those who do not wait. */
  async #withModel(
    document: Document,
    site: Site,
    request: CompleteRequest,
    model: { readonly engine: Engine; readonly ask: Start },
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { router, clock } = this.#services;
    const { patience } = site.query;
    const flight = this.#flights.board(document, site, model.ask);
    const { typed } = flight;
    const waits = patience === 'until-done';
    const own = waits ? undefined : consume(router.embedded, request, signal);
    own?.catch(() => {});
    const late = Symbol('late');
    const arrival = flight.wait(signal, !waits);
    const rememberLate = () =>
      flight.landed.then(result => this.#rememberLate(site, rest(result, typed), model.engine));
    const tooLate = new Promise<typeof late>(resolve => {
      if (!waits) clock.after(patience, () => resolve(late));
    });
    let answer: Landed | typeof late;
    try {
      answer = await (waits ? arrival : Promise.race([arrival, tooLate]));
    } catch {
      answer = { text: '', confidence: 0, failure: 'aborted' };
    }
    // Whoever asks next finds what comes too late for this question.
    if (answer === late || signal.aborted) rememberLate().catch(() => {});
    if (signal.aborted) return nothing('aborted');
    if (answer === late) {
      arrival.catch(() => {});
    } else if (!answer.failure && answer.text.startsWith(typed)) {
      const result = await this.#landed(site, rest(answer, typed), model.engine, true, signal);
      if (!result.nothing) return result;
    } else if (!answer.failure && typed !== '') {
      // The flight we joined disagrees with what was typed since: ask for this place.
      return this.#withModel(document, site, request, model, signal);
    }
    const embedded = await (own ?? consume(router.embedded, request, signal));
    if (signal.aborted) return nothing('aborted');
    const final = answer !== late;
    const result = await this.#landed(site, embedded, router.embedded, final, signal);
    return result.nothing && !final ? { ...result, nothing: 'still waiting' } : result;
  }

  #rememberLate(site: Site, landed: Landed, engine: Engine): void {
    const judged = this.#judge(site, landed, engine);
    if ('text' in judged && this.#services.documents.get(site.query.uri))
      this.#memory.remember(site.query.uri, site, judged);
  }

  async #landed(
    site: Site,
    landed: Landed,
    engine: Engine,
    final: boolean,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const judged = this.#judge(site, landed, engine);
    if (!('text' in judged)) return { ...judged, final };
    // What stands in for a model that is still thinking must not keep its answer away.
    if (final) this.#memory.remember(site.query.uri, site, judged);
    return this.#present(site, judged, final, signal);
  }

  /** What may be shown of an engine's text at a place, or why nothing may. */
  #judge(site: Site, landed: Landed, engine: Engine): Remembered | CompletionResult {
    const { redactor, settings } = this.#services;
    const { confidence, failure } = landed;
    if (failure) return nothing('engine failed', failure);
    if (landed.text === '') return nothing('engine gave nothing');
    if (site.query.trigger === 'automatic' && confidence < AUTOMATIC_CONFIDENCE)
      return nothing('not confident', `${Math.round(confidence * 100)} %`);
    const restored = redactor.restore(landed.text);
    if (!restored.ok) return nothing('secret placeholder', restored.why);
    if (hiddenCharacters(restored.text).length > 0) return nothing('hidden characters');
    const { replaces } = placeSuggestion(restored.text.trimEnd(), site.restOfLine);
    const text = filterCompletion(restored.text, {
      prefix: site.textBefore,
      suffix: site.textAfter.slice(replaces),
      languageId: site.languageId,
      maxLines: settings().completion.maxLines,
    });
    if (text === '') return nothing('filtered');
    return { text, replaces, confidence, engine: engine.name, local: engine.origin === 'process' };
  }

  /** The text before the place is another now, so that the place is not where it was. */
  #hasMoved({ query, offset, before }: Site): boolean {
    const document = this.#services.documents.get(query.uri);
    return !document || surroundings(document, offset).before !== before;
  }

  async #present(
    site: Site,
    { text, replaces, engine, confidence }: Remembered,
    final: boolean,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { position, query } = site;
    const { line, character } = position;
    const range = { start: position, end: { line, character: character + replaces } };
    const torn = text.includes('\n') && !(await this.#parses(query.uri, range, text, signal));
    const kept = torn ? (text.split('\n')[0] as string).trimEnd() : text;
    if (signal.aborted || this.#hasMoved(site)) return nothing('aborted');
    if (kept.trim() === '') return nothing('filtered', 'it would not parse', final);
    return { suggestions: [{ text: kept, range, engine, confidence }], final };
  }

  /** A block is shown whole only if the document parses no worse with it; too slow an answer is no objection. */
  async #parses(
    uri: string,
    range: Suggestion['range'],
    newText: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { analysis, clock } = this.#services;
    const limit = new AbortController();
    const timer = clock.after(PREFLIGHT_MS, () => limit.abort());
    try {
      const both = AbortSignal.any([signal, limit.signal]);
      return (await analysis.preflight(uri, [{ range, newText }], both)).ok;
    } catch {
      return true;
    } finally {
      timer.cancel();
    }
  }

  #refusal(document: Document, query: CompletionQuery): CompletionResult | undefined {
    const { autonomy, completion } = this.#services.settings();
    if (autonomy < 1) return nothing('autonomy is 0');
    if (!completion.enabled) return nothing('completion is off');
    if (query.trigger === 'automatic' && completion.disabledLanguages.includes(document.languageId)) {
      return nothing('off for this language', document.languageId);
    }
    if (document.length > MAX_LENGTH) return nothing('document too large');
    const { line, character } = query.position;
    const right = document.lineAt(line)?.[character] ?? '';
    if (query.trigger === 'automatic' && /[\p{L}\p{N}_$]/u.test(right)) return nothing('inside a word');
    return undefined;
  }
}

/** What surrounded the cursor when the question came; the document changes while an engine thinks. */
interface Site extends Place {
  readonly query: CompletionQuery;
  /** As asked, but inside the document. */
  readonly position: Position;
  readonly languageId: string;
  readonly textBefore: string;
  readonly textAfter: string;
  readonly restOfLine: string;
}

function siteAt(document: Document, query: CompletionQuery): Site {
  const offset = document.offsetAt(query.position);
  const position = document.positionAt(offset);
  const place = (at: number) => document.positionAt(Math.max(0, at));
  return {
    query,
    offset,
    position,
    ...surroundings(document, offset),
    languageId: document.languageId,
    textBefore: document.getText({ start: place(offset - FILTERED_BEFORE), end: position }),
    textAfter: document.getText({ start: position, end: place(offset + FILTERED_AFTER) }),
    restOfLine: document.lineAt(position.line).slice(position.character),
  };
}

/** What is left of an answer when a part of it has been typed; nothing if something else was. */
function rest(landed: Landed, typed: string): Landed {
  return { ...landed, text: landed.text.startsWith(typed) ? landed.text.slice(typed.length) : '' };
}

/** Waits, or ends early when nobody needs it any more; whoever asks then sees that by the signal. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = clock.after(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        timer.cancel();
        resolve();
      },
      { once: true },
    );
  });
}
