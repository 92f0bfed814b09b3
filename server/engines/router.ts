/**
 * Which engine serves a feature, or why none does. The rules of consent live here: what stays in the process
 * needs nobody's word, the person's own endpoint serves what the person asks for, and sending by itself needs a
 * yes for that origin. It must not know features' insides or how consents are stored.
 */
import type { Clock } from '../base/ports.ts';
import { Breaker } from './breaker.ts';
import type { Engine, EngineError } from './engine.ts';
import { type CheckedEngine, type GuardedEngine, guardEngine } from './guarded.ts';
import type { Meter } from './meter.ts';
import type { LoopbackServer } from './openai/discover.ts';

/** In whose name something is sent; also what usage is counted by. */
export type RoutedFeature =
  | 'completion'
  | 'hover'
  | 'action'
  | 'chat'
  | 'nextEdit'
  | 'commitMessage'
  | 'review'
  | 'task';
export type Trigger = 'automatic' | 'explicit';

/** The stored answers of the person, by origin. `undefined`: never asked. */
export interface RouterConsents {
  /** May text be sent to this origin without being asked each time? */
  automaticAllowed(origin: string): boolean | undefined;
  /** May this origin, which the person did not configure at user level, be used at all? */
  endpointAccepted(origin: string): boolean | undefined;
}

/** Who named the endpoint: the user level, an editor's settings (which a repository can set), or a search on loopback. */
export type EndpointSource = 'user' | 'editor' | 'loopback';

export interface RoutedEndpoint {
  readonly engine: CheckedEngine;
  readonly source: EndpointSource;
}

export interface RouterSettings {
  /** Origins that user file or environment name. */
  readonly userOrigins: readonly string[];
  /** For completion. `auto`: the endpoint where it may, else embedded. */
  readonly completionEngine: 'auto' | 'embedded' | 'openai';
  /** The person's general word about sending by itself. */
  readonly automatic: 'ask' | 'allow' | 'deny';
}

export type NoEngineReason =
  | 'no-endpoint'
  | 'endpoint-not-accepted'
  | 'automatic-not-allowed'
  | 'paused'
  | 'budget';

/** A question that, answered with yes and stored, would make it possible. */
export interface ConsentQuestion {
  readonly kind: 'endpoint' | 'automatic';
  readonly origin: string;
  readonly message: string;
}

export type Choice =
  /** `question`: a better engine would serve after a yes. */
  | { readonly engine: Engine; readonly question?: ConsentQuestion }
  | {
      readonly engine?: undefined;
      readonly reason: NoEngineReason;
      /** For the person. */
      readonly why: string;
      readonly question?: ConsentQuestion;
    };

export interface RouterPorts {
  readonly consents: RouterConsents;
  readonly clock: Clock;
  /** Says one thing to the person; called once per outage. */
  readonly tell: (error: EngineError) => void;
  /** Counts what is sent to endpoints, and says when it is enough. */
  readonly meter?: Meter;
  /** Bound to its ports by the composition root. */
  readonly discover?: (signal: AbortSignal) => Promise<readonly LoopbackServer[]>;
}

const none =
  'No model endpoint is configured. Set OPENAI_API_KEY or OPENAI_BASE_URL, or openai.baseURL in the user file; completion works without one.';

export class Router {
  readonly embedded: Engine;
  readonly #ports: RouterPorts;
  #settings: RouterSettings = { userOrigins: [], completionEngine: 'auto', automatic: 'ask' };
  #endpoint: (RoutedEndpoint & { readonly guarded: GuardedEngine; readonly breaker: Breaker }) | undefined;

  constructor(embedded: Engine, ports: RouterPorts) {
    this.embedded = embedded;
    this.#ports = ports;
  }

  /** New settings end every pause. The former endpoint's engine is closed. */
  configure(settings: RouterSettings, endpoint: RoutedEndpoint | undefined): void {
    this.#endpoint?.guarded.close();
    this.#settings = settings;
    this.#endpoint = undefined;
    if (endpoint === undefined) return;
    const breaker = new Breaker(this.#ports.clock, this.#ports.tell);
    const guarded = guardEngine(endpoint.engine, breaker, this.#ports.clock, this.#ports.meter);
    this.#endpoint = { ...endpoint, guarded, breaker };
  }

  /** Cheap and without effects, so that menus may ask. The chosen engine keeps to the breaker by itself. */
  choose(feature: RoutedFeature, trigger: Trigger): Choice {
    const remote = this.#remote(feature, trigger);
    if (feature !== 'completion') return remote;
    const { completionEngine } = this.#settings;
    if (completionEngine === 'embedded') return { engine: this.embedded };
    if (remote.engine !== undefined || completionEngine === 'openai') return remote;
    return remote.question === undefined
      ? { engine: this.embedded }
      : { engine: this.embedded, question: remote.question };
  }

  #remote(feature: RoutedFeature, trigger: Trigger): Choice {
    if (this.#endpoint === undefined) return { reason: 'no-endpoint', why: none };
    const { guarded, breaker, source } = this.#endpoint;
    const { origin } = guarded;
    if (!this.#accepted(origin, source)) return this.#notAccepted(origin, source);
    if (trigger === 'automatic' && !this.#automatic(origin)) return this.#notAutomatic(origin);
    const verdict = breaker.look(trigger);
    if (!verdict.allowed) return { reason: 'paused', why: verdict.error.message };
    const spent = this.#ports.meter?.refusal();
    if (spent !== undefined) return { reason: 'budget', why: spent };
    return { engine: guarded.as(feature) };
  }

  #accepted(origin: string, source: EndpointSource): boolean {
    if (source === 'user') return true;
    // A repository can set editor settings, and anyone on this machine can listen on a port.
    if (source === 'editor' && this.#settings.userOrigins.includes(origin)) return true;
    return this.#ports.consents.endpointAccepted(origin) === true;
  }

  #automatic(origin: string): boolean {
    const { automatic } = this.#settings;
    if (automatic !== 'ask') return automatic === 'allow';
    return this.#ports.consents.automaticAllowed(origin) === true;
  }

  #notAccepted(origin: string, source: EndpointSource): Choice {
    const where = source === 'editor' ? 'The editor settings name' : 'A model server was found at';
    const why = `${where} ${origin}, which you have not agreed to. Nothing is sent there until you do, or until the user file names it.`;
    if (this.#ports.consents.endpointAccepted(origin) === false)
      return { reason: 'endpoint-not-accepted', why };
    const message = `${where} ${origin}. May Codriver send it text when you ask for something?`;
    return { reason: 'endpoint-not-accepted', why, question: { kind: 'endpoint', origin, message } };
  }

  #notAutomatic(origin: string): Choice {
    const why = `Text is sent to ${origin} only when you ask for it. Allow automatic sending in the user file (privacy.automatic), or answer the question for that endpoint.`;
    const asked =
      this.#settings.automatic === 'deny' || this.#ports.consents.automaticAllowed(origin) === false;
    if (asked) return { reason: 'automatic-not-allowed', why };
    const message = `May Codriver send the code around the cursor and what relates to it to ${origin} by itself: while you type, for completion, and when you hover, for explanations? It goes nowhere else.`;
    return { reason: 'automatic-not-allowed', why, question: { kind: 'automatic', origin, message } };
  }

  /** Looks for model servers on this machine; only ever called because the person asked. They are offered, not used. */
  discoverLoopback(signal: AbortSignal): Promise<readonly LoopbackServer[]> {
    return this.#ports.discover?.(signal) ?? Promise.resolve([]);
  }

  /**
   * Opens the connection before the first request needs it, where text may be sent by itself anyway. Sends the
   * question for the list of models and nothing else.
   */
  async warm(signal: AbortSignal): Promise<void> {
    if (this.#endpoint === undefined || this.#remote('completion', 'automatic').engine === undefined) return;
    const error = await this.#endpoint.engine.check(signal);
    if (error !== undefined) this.#endpoint?.breaker.failed(error);
  }

  close(): void {
    this.#endpoint?.guarded.close();
    this.embedded.close();
  }
}
