/**
 * The one pipeline behind ghost text and menu items: reuse → join → context and shape → engine → filters → try →
 * gate. It must not know which protocol surface asks, and it never throws: "nothing" has a reason.
 */
import type { Document } from '../../base/document.ts';
import type { Timer } from '../../base/ports.ts';
import type { Engine } from '../../engines/engine.ts';
import type { Services } from '../services.ts';
import { SURE } from './confidence.ts';
import { consume } from './consume.ts';
import { Flights, type Landed, type Start } from './flights.ts';
import { pause } from './inTime.ts';
import { type Recalled, type Remembered, SuggestionMemory } from './memory.ts';
import { whatFollows } from './prefetch.ts';
import { isAsked, type Prepared, prepare } from './prepare.ts';
import { isToBeTried, judge, lookAhead, present, tried } from './present.ts';
import { Outcomes } from './reasons.ts';
import { anchorOf, type Site, siteAt, wasOvertaken } from './site.ts';
import { type CompletionQuery, type CompletionResult, type CompletionSource, nothing } from './types.ts';

/** Documents above this length get no completion at all, in UTF-16 units. */
const MAX_LENGTH = 50 * 1024 * 1024;
/** A model that takes longer than this loses unasked ghost text to an embedded engine that is sure, in ms. */
const GHOST_PATIENCE_MS = 250;
/** A suggestion must have been there for this long before what follows it is asked for, in ms. */
const PREFETCH_AFTER_MS = 150;

export class CompletionPipeline {
  readonly #services: Services;
  readonly #sources: readonly CompletionSource[];
  readonly #memory = new SuggestionMemory();
  readonly #flights = new Flights();
  readonly #outcomes = new Outcomes();
  /** When what follows the suggestion that is shown will be asked for. */
  #ahead: Timer | undefined;
  /** The place that was asked about ahead last: once is enough, whatever came of it. */
  #askedAhead: string | undefined;

  constructor(services: Services, sources: readonly CompletionSource[] = []) {
    this.#services = services;
    this.#sources = sources;
  }

  async complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> {
    const result = await (this.#fromSources(query, signal) ?? this.#complete(query, signal));
    this.#outcomes.add(query.uri, query.position.line, result);
    if (result.nothing) {
      const detail = result.detail ? `, ${result.detail}` : '';
      this.#services.log.write('debug', `no completion: ${result.nothing}${detail}`);
    }
    return result;
  }

  /** Why the last completion showed nothing, for `codriver.status`. */
  get lastNothing(): Outcomes['last'] {
    return this.#outcomes.last;
  }

  /** What became of the last completions in a document, for `codriver.why`; by default in the one asked about last. */
  why(uri?: string): string {
    return this.#outcomes.explain(of => this.#services.places.displayPath(of), uri);
  }

  #fromSources(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> | undefined {
    for (const source of this.#sources) {
      const result = source.complete(query, signal);
      if (result) return result;
    }
    return undefined;
  }

  /** Keystrokes that contradict a running request end it at the endpoint at once. */
  documentChanged(document: Document): void {
    this.#flights.documentChanged(document);
  }

  /** Who may answer has changed: what others said does not count any more. */
  forget(): void {
    this.#ahead?.cancel();
    this.#askedAhead = undefined;
    this.#flights.end();
    this.#memory.forget();
  }

  documentClosed(uri: string): void {
    this.#flights.end(uri);
    this.#memory.forget(uri);
    this.#outcomes.forget(uri);
  }

  async #complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> {
    const document = this.#services.documents.get(query.uri);
    if (!document) return nothing('document not open');
    const refusal = this.#refusal(document, query);
    if (refusal) return refusal;
    const site = siteAt(document, query);
    if (query.trigger === 'automatic' && /^[\p{L}\p{N}_$]/u.test(site.restOfLine))
      return nothing('inside a word');

    const before = this.#recall(site);
    if (before) return this.#again(site, before, signal);
    const prepared = await prepare(this.#services, site, signal);
    if (!('engine' in prepared)) return prepared;
    if (wasOvertaken(site, document)) return nothing('aborted');
    // An answer may have come while the context was put together.
    const meanwhile = this.#recall(site);
    if (meanwhile) return this.#again(site, meanwhile, signal);
    const isSilent = !isAsked(query) && this.#memory.recall(site)?.text === '';
    if (prepared.engine.origin !== 'process' && !isSilent)
      return this.#askModel(document, site, prepared, signal);
    const { embedded } = this.#services.router;
    const answer = consume(embedded, prepared.request, signal);
    lookAhead(site, prepared.request.maxLines);
    const landed = await answer;
    // Not final, or it would be remembered in place of the silence.
    return this.#show(site, prepared, embedded, landed, !isSilent, signal);
  }

  #refusal(document: Document, query: CompletionQuery): CompletionResult | undefined {
    const { autonomy, completion } = this.#services.settings();
    if (autonomy < 1) return nothing('autonomy is 0');
    if (!completion.enabled) return nothing('completion is off');
    if (!isAsked(query) && completion.disabledLanguages.includes(document.languageId))
      return nothing('off for this language', document.languageId);
    if (document.length > MAX_LENGTH) return nothing('document too large');
    return undefined;
  }

  /** A model's silence counts for what comes unasked, and where there is nothing else to show. */
  #recall(site: Site): Recalled | undefined {
    const { patience, trigger } = site.query;
    const recalled = this.#memory.recall(site);
    const counts = recalled?.text !== '' || (trigger === 'automatic' && patience === 'until-done');
    return counts ? recalled : undefined;
  }

  /** Shows what is remembered: no request, and no try after the first. */
  async #again(site: Site, recalled: Recalled, signal: AbortSignal): Promise<CompletionResult> {
    if (recalled.text === '') return nothing('engine gave nothing', 'the model was asked before');
    if (isToBeTried(site, recalled)) return this.#offer(site, recalled, true, signal);
    const result = present(this.#services, site, recalled, true);
    this.#prefetch(site, recalled, result);
    return result;
  }

  /** A model beyond this process, with the embedded engine's answer where the model would be too late. */
  async #askModel(
    document: Document,
    site: Site,
    prepared: Prepared,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { router } = this.#services;
    const { engine, request } = prepared;
    const holds = site.query.patience === 'until-done';
    const flight = this.#flights.board(document, site, this.#start(site.query, prepared));
    const { typed } = flight;
    const embedded = () => consume(router.embedded, request, signal);
    const own = holds ? undefined : embedded();
    own?.catch(() => {});
    const arrival = flight.wait(signal, !holds).catch((): Landed => aborted);
    // Whoever asks next finds what comes too late for this question.
    const rememberLate = () => {
      const remember = (landed: Landed) => {
        if (landed.text.startsWith(typed)) this.#rememberLate(site, rest(landed, typed), prepared);
      };
      flight.landed.then(remember, () => {});
    };
    const answer = await this.#hear(site, prepared, arrival, embedded, signal);
    const isStandIn = answer !== late && 'suggestions' in answer;
    if (answer === late || isStandIn || signal.aborted) rememberLate();
    if (signal.aborted) return nothing('aborted');
    if (isStandIn) return answer;
    if (answer !== late && !answer.failure && answer.text.startsWith(typed)) {
      const result = await this.#show(site, prepared, engine, rest(answer, typed), true, signal);
      if (!result.nothing || holds) return result;
    } else if (answer !== late && !answer.failure && typed !== '') {
      // The flight we joined disagrees with what was typed since: ask for this place.
      return this.#askModel(document, site, prepared, signal);
    }
    if (holds && answer !== late && answer.failure === aborted.failure) return nothing('aborted');
    const standIn = await (own ?? embedded());
    const final = answer !== late;
    const result = await this.#show(site, prepared, router.embedded, standIn, final, signal);
    if (result.nothing && result.nothing !== 'aborted' && answer !== late && answer.failure)
      return nothing('engine failed', answer.failure);
    return result.nothing && !final ? nothing('still waiting', undefined, false) : result;
  }

  /** The model's answer as long as the question may wait for it; for ghost text perhaps one that stands in. */
  async #hear(
    site: Site,
    prepared: Prepared,
    arrival: Promise<Landed>,
    embedded: () => Promise<Landed>,
    signal: AbortSignal,
  ): Promise<Landed | typeof late | CompletionResult> {
    const { clock } = this.#services;
    const { patience, trigger } = site.query;
    if (patience !== 'until-done') return orLate(clock, patience, arrival);
    if (trigger === 'explicit') return arrival;
    const answer = await orLate(clock, GHOST_PATIENCE_MS, arrival);
    if (answer !== late || signal.aborted) return answer;
    const sure = await this.#standIn(site, prepared, await embedded(), signal);
    return sure ?? arrival;
  }

  /** How a request to a model starts: after a pause in typing, where one is due. */
  #start({ debounceMs }: CompletionQuery, { engine, request, sends }: Prepared): Start {
    return async ({ signal, sent, said }) => {
      await pause(this.#services.clock, sends === 'automatic' ? (debounceMs ?? 0) : 0, signal);
      if (signal.aborted) return aborted;
      sent();
      return consume(engine, { ...request, trigger: sends }, signal, said);
    };
  }

  /** The embedded engine's answer for unasked ghost text that would come too late, if it is sure of it. */
  async #standIn(
    site: Site,
    { request }: Prepared,
    landed: Landed,
    signal: AbortSignal,
  ): Promise<CompletionResult | undefined> {
    const judged = judge(this.#services, site, landed, this.#services.router.embedded, request.maxLines);
    if (!('text' in judged) || judged.confidence < SURE) return undefined;
    const result = await this.#offer(site, judged, false, signal);
    return result.nothing ? undefined : result;
  }

  #rememberLate(site: Site, landed: Landed, { engine, request }: Prepared): void {
    const judged = judge(this.#services, site, landed, engine, request.maxLines);
    if (this.#services.documents.get(site.query.uri)) this.#remember(site, judged, engine);
  }

  async #show(
    site: Site,
    { request }: Prepared,
    engine: Engine,
    landed: Landed,
    final: boolean,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    if (signal.aborted) return nothing('aborted');
    const judged = judge(this.#services, site, landed, engine, request.maxLines);
    if ('text' in judged) return this.#offer(site, judged, final, signal);
    this.#remember(site, judged, engine);
    return { ...judged, final };
  }

  /** Tries a suggestion out, remembers and shows it. */
  async #offer(
    site: Site,
    suggestion: Remembered,
    final: boolean,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const kept = isToBeTried(site, suggestion)
      ? await tried(this.#services, site, suggestion, signal)
      : suggestion;
    const result = signal.aborted ? nothing('aborted') : present(this.#services, site, kept, final);
    // What stands in for a model that is still thinking must not keep its answer away.
    if (final && (!kept.local || !result.nothing)) this.#memory.remember(site, kept);
    if (final) this.#prefetch(site, kept, result);
    return result;
  }

  /** A model's answer, or that it had none of use: asking again at the same place would bring the same. */
  #remember(site: Site, judged: Remembered | CompletionResult, engine: Engine): void {
    if ('text' in judged) this.#memory.remember(site, judged);
    else if (engine.origin !== 'process' && judged.nothing !== 'engine failed')
      this.#memory.remember(site, { ...silence, engine: engine.name });
  }

  /** Asks for what follows a suggestion of a model while the person looks at it: one ahead, and only unasked. */
  #prefetch(site: Site, suggestion: Remembered, { nothing: hidden }: CompletionResult): void {
    const { clock, settings } = this.#services;
    const isGhost = site.query.patience === 'until-done';
    if (hidden || suggestion.local || !isGhost || !settings().completion.prefetch) return;
    this.#ahead?.cancel();
    this.#ahead = clock.after(PREFETCH_AFTER_MS, () => this.#askAhead(site, suggestion));
  }

  #askAhead(site: Site, suggestion: Remembered): void {
    const { documents, router } = this.#services;
    const document = documents.get(site.query.uri);
    // Typed on meanwhile: the next question brings the next chance.
    if (document?.version !== site.version) return;
    if (router.choose('completion', 'automatic').engine?.name !== suggestion.engine) return;
    const next = whatFollows(document, site, suggestion);
    const anchor = anchorOf(next);
    // What cannot be remembered need not be asked for.
    if (!anchor || this.#memory.recall(next)) return;
    const asked = `${anchor.key}\0${anchor.written}`;
    if (asked === this.#askedAhead) return;
    this.#flights.ahead(document, next, async ({ signal, sent, said }) => {
      const prepared = await prepare(this.#services, next, signal);
      if (!('engine' in prepared) || prepared.engine.origin === 'process') return aborted;
      this.#askedAhead = asked;
      sent();
      const landed = await consume(prepared.engine, prepared.request, signal, said);
      this.#rememberLate(next, landed, prepared);
      return landed;
    });
  }
}

const late = Symbol('late');
const aborted: Landed = { text: '', confidence: 0, failure: 'aborted' };
const silence = { text: '', confidence: 0, replaces: 0, local: false, checked: true };

/** What comes first: the landing or the limit. */
function orLate(
  clock: Services['clock'],
  ms: number,
  arrival: Promise<Landed>,
): Promise<Landed | typeof late> {
  return new Promise(resolve => {
    const timer = clock.after(ms, () => resolve(late));
    void arrival.then(landed => {
      timer.cancel();
      resolve(landed);
    });
  });
}

/** What is left of an answer when a part of it has been typed; nothing if something else was. */
function rest(landed: Landed, typed: string): Landed {
  return { ...landed, text: landed.text.startsWith(typed) ? landed.text.slice(typed.length) : '' };
}
