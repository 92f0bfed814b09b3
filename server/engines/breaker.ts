/**
 * Keeps an ailing endpoint from being asked again and again: pauses until the configuration changes where only
 * that helps, opens for a while where waiting helps, and says so once. It must not know engines' insides.
 */
import type { Clock } from '../base/ports.ts';
import type { EngineError, EngineErrorKind } from './engine.ts';

/** Waiting does not help with these; someone has to change something. */
const lasting: ReadonlySet<EngineErrorKind> = new Set([
  'authentication',
  'payment',
  'not-found',
  'configuration',
]);
/** The endpoint is down or not itself. */
const passing: ReadonlySet<EngineErrorKind> = new Set([
  'network',
  'timeout',
  'server',
  'tls',
  'not-a-model-endpoint',
  'incomplete',
]);

/** Failures in a row until it opens. */
const tolerated = 3;
/** First and longest time it stays open, in milliseconds: the longest bounds the recovery. */
const openMs = { first: 1000, longest: 8000 };
/** While paused, the person may still try by hand this often, in milliseconds. */
const byHandMs = 5000;

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly error: EngineError };

type State =
  | { readonly name: 'closed' }
  | { readonly name: 'paused'; readonly error: EngineError; triedAt: number }
  | { readonly name: 'open'; readonly error: EngineError; readonly until: number; trial: boolean };

export class Breaker {
  readonly #clock: Clock;
  /** Called once per outage, with words for the person. */
  readonly #tell: (error: EngineError) => void;
  #state: State = { name: 'closed' };
  #failures = 0;
  #openings = 0;
  #told = false;
  #limitedUntil = 0;
  #limit: EngineError | undefined;
  /** Something worked since the last change: the endpoint is what it should be. */
  #proven = false;

  constructor(clock: Clock, tell: (error: EngineError) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  get proven(): boolean {
    return this.#proven;
  }

  /** Whether a request would be let through now; changes nothing. */
  look(trigger: 'automatic' | 'explicit'): Verdict {
    const now = this.#clock.now();
    const state = this.#state;
    if (state.name === 'paused' && (trigger === 'automatic' || now - state.triedAt < byHandMs))
      return { allowed: false, error: state.error };
    if (trigger === 'explicit') return { allowed: true };
    if (state.name === 'open' && (now < state.until || state.trial))
      return { allowed: false, error: state.error };
    if (now < this.#limitedUntil && this.#limit !== undefined) return { allowed: false, error: this.#limit };
    return { allowed: true };
  }

  /** As `look`, and takes the one trial of a half-open breaker. */
  enter(trigger: 'automatic' | 'explicit'): Verdict {
    const verdict = this.look(trigger);
    if (!verdict.allowed) return verdict;
    if (this.#state.name === 'open') this.#state.trial = true;
    if (this.#state.name === 'paused') this.#state.triedAt = this.#clock.now();
    return verdict;
  }

  succeeded(): void {
    this.#state = { name: 'closed' };
    this.#failures = 0;
    this.#openings = 0;
    this.#told = false;
    this.#limitedUntil = 0;
    this.#proven = true;
  }

  failed(error: EngineError): void {
    if (lasting.has(error.kind)) return this.#pause(error);
    if (error.kind === 'rate-limit') return this.#limitRate(error);
    if (!passing.has(error.kind)) return this.#released();
    this.#failures++;
    if (this.#failures < tolerated && this.#state.name === 'closed') return;
    const wait = Math.min(openMs.longest, openMs.first * 2 ** this.#openings);
    this.#openings++;
    this.#state = { name: 'open', error, until: this.#clock.now() + wait, trial: false };
    this.#say(error);
  }

  /** The request ended without telling anything about the endpoint, for example because it was cancelled. */
  released(): void {
    this.#released();
  }

  #released(): void {
    if (this.#state.name === 'open') this.#state.trial = false;
  }

  #pause(error: EngineError): void {
    this.#state = { name: 'paused', error, triedAt: this.#clock.now() };
    this.#say(error);
  }

  #limitRate(error: EngineError): void {
    this.#released();
    this.#limit = error;
    this.#limitedUntil = this.#clock.now() + Math.max(1000, error.retryAfterMs ?? 2000);
    // A short limit is nobody's concern.
    if ((error.retryAfterMs ?? 0) > 10_000) this.#say(error);
  }

  #say(error: EngineError): void {
    if (this.#told) return;
    this.#told = true;
    this.#tell(error);
  }
}
