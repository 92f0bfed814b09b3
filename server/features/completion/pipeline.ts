/**
 * The one pipeline behind ghost text and menu items: reuse → join → context → engine → filters → placement →
 * pre-flight. It must not know which protocol surface asks, and it never throws: "nothing" has a reason.
 */
import { completionContext } from '../../context/completionContext.ts';
import type { Document } from '../../base/document.ts';
import type { CompleteRequest, Engine } from '../../engines/engine.ts';
import { hiddenCharacters } from '../../guard/sanitise.ts';
import type { Services } from '../services.ts';
import { filterCompletion } from './filters/index.ts';
import { Flights, type Landed } from './flights.ts';
import { type Remembered, SuggestionMemory } from './memory.ts';
import { placeSuggestion } from './place.ts';
import type { CompletionQuery, CompletionResult, NothingReason, Suggestion } from './types.ts';

/** Below this an embedded suggestion is not shown unasked. */
const AUTOMATIC_CONFIDENCE = 0.3;
/** Documents above this length get no completion at all, in UTF-16 units. */
const MAX_LENGTH = 50 * 1024 * 1024;
const MAX_TOKENS_PER_LINE = 40;
/** A model's suggestion is dropped when it does not land in this time after nobody asks any more, in ms. */
const PREFLIGHT_MS = 60;

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

  documentClosed(uri: string): void {
    this.#flights.end(uri);
    this.#memory.forget(uri);
  }

  async #complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> {
    const { documents, settings, router } = this.#services;
    const document = documents.get(query.uri);
    const refusal = document ? this.#refusal(document, query) : nothing('document not open');
    if (refusal || !document) return refusal ?? nothing('document not open');
    const offset = document.offsetAt(query.position);

    const reused = this.#memory.recall(document, offset);
    if (reused) return this.#present(document, offset, query, [reused], true, signal);

    const window = await this.#window(document, query, signal);
    if (signal.aborted) return nothing('aborted');
    if ('refused' in window) return nothing('file is excluded', window.refused);
    const { maxLines } = settings().completion;
    const request: CompleteRequest = {
      ...window,
      languageId: document.languageId,
      maxLines,
      maxTokens: MAX_TOKENS_PER_LINE * maxLines,
      trigger: query.trigger,
      place: { uri: query.uri, line: query.position.line },
    };
    const choice = router.choose('completion', query.trigger);
    if (!choice.engine) return nothing('engine gave nothing', choice.why);
    if (choice.engine.origin === 'process') {
      const landed = await consume(choice.engine, request, signal);
      if (signal.aborted) return nothing('aborted');
      return this.#landed(document, offset, query, [[landed, choice.engine]], true, signal);
    }
    return this.#withModel(document, offset, query, request, choice.engine, signal);
  }

  /** A model beyond this process, with the embedded engine's answer for those who do not wait. */
  async #withModel(
    document: Document,
    offset: number,
    query: CompletionQuery,
    request: CompleteRequest,
    engine: Engine,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { router, clock } = this.#services;
    const { typed, landed } = this.#flights.board(document, offset, flight =>
      consume(engine, request, flight),
    );
    const waits = query.patience === 'until-done';
    const own = waits ? undefined : consume(router.embedded, request, signal);
    own?.catch(() => {});
    const late = Symbol('late');
    const arrival = landed(signal, !waits);
    const patience = new Promise<typeof late>(resolve => {
      if (!waits) clock.after(query.patience as number, () => resolve(late));
    });
    let answer: Landed | typeof late;
    try {
      answer = await (waits ? arrival : Promise.race([arrival, patience]));
    } catch {
      answer = { text: '', confidence: 0, failure: 'aborted' };
    }
    if (signal.aborted) return nothing('aborted');
    if (answer === late) {
      arrival.then(
        result => this.#rememberLate(document.uri, offset - typed.length, result, engine),
        () => {},
      );
    } else if (!answer.failure && answer.text.startsWith(typed)) {
      const rest = { ...answer, text: answer.text.slice(typed.length) };
      const result = await this.#landed(document, offset, query, [[rest, engine]], true, signal);
      if (!result.nothing) return result;
    } else if (!answer.failure && typed !== '') {
      // The flight we joined disagrees with what was typed since: ask for this place.
      return this.#withModel(document, offset, query, request, engine, signal);
    }
    const embedded = await (own ?? consume(router.embedded, request, signal));
    if (signal.aborted) return nothing('aborted');
    const final = answer !== late;
    const result = await this.#landed(document, offset, query, [[embedded, router.embedded]], final, signal);
    return result.nothing && !final ? { ...result, nothing: 'still waiting' } : result;
  }

  #rememberLate(uri: string, offset: number, landed: Landed, engine: Engine): void {
    const document = this.#services.documents.get(uri);
    if (!document || landed.failure) return;
    const text = this.#filtered(document, offset, landed.text);
    if (text) {
      const placed = placeSuggestion(text, restOfLine(document, offset));
      this.#memory.remember(document, offset, { ...landed, ...placed, engine: engine.name });
    }
  }

  async #landed(
    document: Document,
    offset: number,
    query: CompletionQuery,
    answers: readonly (readonly [Landed, Engine])[],
    final: boolean,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const usable: Remembered[] = [];
    let reason = nothing('engine gave nothing', undefined, final);
    for (const [landed, engine] of answers) {
      if (landed.failure) {
        reason = nothing('engine failed', landed.failure, final);
        continue;
      }
      if (landed.text === '') continue;
      if (query.trigger === 'automatic' && landed.confidence < AUTOMATIC_CONFIDENCE) {
        reason = nothing('not confident', `${Math.round(landed.confidence * 100)} %`, final);
        continue;
      }
      const restored = this.#services.redactor.restore(landed.text);
      if (!restored.ok) {
        reason = nothing('secret placeholder', restored.why, final);
        continue;
      }
      if (hiddenCharacters(restored.text).length > 0) {
        reason = nothing('hidden characters', undefined, final);
        continue;
      }
      const rest = restOfLine(document, offset);
      const placed = placeSuggestion(restored.text.trimEnd(), rest);
      const text = this.#filtered(document, offset, restored.text, placed.replaces);
      if (text === '') {
        reason = nothing('filtered', undefined, final);
        continue;
      }
      const suggestion = { ...placed, text, engine: engine.name, confidence: landed.confidence };
      this.#memory.remember(document, offset, suggestion);
      usable.push(suggestion);
    }
    if (usable.length === 0) return reason;
    return this.#present(document, offset, query, usable, final, signal);
  }

  async #present(
    document: Document,
    offset: number,
    query: CompletionQuery,
    found: readonly Remembered[],
    final: boolean,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { line } = query.position;
    const { character } = document.positionAt(offset);
    const suggestions: Suggestion[] = [];
    for (const { text, replaces, engine, confidence } of found) {
      const range = { start: { line, character }, end: { line, character: character + replaces } };
      const whole = text.includes('\n') && !(await this.#parses(query.uri, range, text, signal));
      const kept = whole ? (text.split('\n')[0] as string).trimEnd() : text;
      if (kept.trim() !== '') suggestions.push({ text: kept, range, engine, confidence });
    }
    if (signal.aborted) return nothing('aborted');
    return suggestions.length > 0 ? { suggestions, final } : nothing('filtered', 'it would not parse', final);
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

  #filtered(document: Document, offset: number, text: string, replaces = 0): string {
    const at = document.positionAt(offset);
    const start = document.positionAt(Math.max(0, offset - 4_000));
    const suffix = document.getText({
      start: document.positionAt(offset + replaces),
      end: document.positionAt(offset + replaces + 2_000),
    });
    return filterCompletion(text, {
      prefix: document.getText({ start, end: at }),
      suffix,
      languageId: document.languageId,
      maxLines: this.#services.settings().completion.maxLines,
    });
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

  #window(document: Document, query: CompletionQuery, signal: AbortSignal) {
    const { documents, gate, places, redactor, settings } = this.#services;
    return completionContext(
      {
        document,
        position: query.position,
        budgetTokens: Math.min(settings().openai.contextTokens, 8_000),
        openDocuments: documents.all(),
      },
      { gate: gate(), redactor, places },
      signal,
    );
  }
}

function restOfLine(document: Document, offset: number): string {
  const { line, character } = document.positionAt(offset);
  return (document.lineAt(line) ?? '').slice(character);
}

/** Reads an engine's stream to its end. A cut or failed stream gives a failure and never a text. */
async function consume(engine: Engine, request: CompleteRequest, signal: AbortSignal): Promise<Landed> {
  let text = '';
  for await (const event of engine.complete(request, signal)) {
    if (event.type === 'text') text += event.text;
    else if (event.type === 'error') return { text: '', confidence: 0, failure: event.error.message };
    else if (event.type === 'aborted') return { text: '', confidence: 0, failure: 'aborted' };
    else if (event.type === 'done') {
      // Cut by the token limit: whole lines are still good as a suggestion, a torn last line is not.
      const whole = event.reason === 'length' ? text.slice(0, Math.max(0, text.lastIndexOf('\n'))) : text;
      const blocked = event.reason === 'content-filter' || event.reason === 'refusal';
      return { text: blocked ? '' : whole, confidence: event.confidence ?? 1 };
    }
  }
  return { text: '', confidence: 0, failure: 'the engine ended without a result' };
}
