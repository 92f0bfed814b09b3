/**
 * An engine behind a breaker. What goes wrong is counted, what is refused never leaves; the events stay those of
 * the contract. It must not know consents.
 */
import type { Clock } from '../base/ports.ts';
import { orAborted } from './abort.ts';
import type { Breaker } from './breaker.ts';
import type { Engine, EngineError, EngineEvent } from './engine.ts';

/** An engine that can be looked at without sending text. */
export interface CheckedEngine extends Engine {
  check(signal: AbortSignal): Promise<EngineError | undefined>;
}

/** Requests that are running or were cancelled without a word, after which an unproven endpoint is checked first. */
const unheard = 1;

/** How long that check may take before the request goes on without it, in milliseconds. */
const checkMs = 5000;

export function guardEngine(engine: CheckedEngine, breaker: Breaker, clock: Clock): Engine {
  let silent = 0;
  let running = 0;
  let checked = false;
  let checking: Promise<void> | undefined;

  /** Typing cancels requests before they can say that the key is wrong; then one small question finds out. */
  const prove = async (signal: AbortSignal): Promise<void> => {
    if (checked || breaker.proven || silent + running < unheard || !breaker.look('automatic').allowed) return;
    checking ??= check();
    await orAborted(checking, signal);
  };
  const check = async (): Promise<void> => {
    const limit = new AbortController();
    const timer = clock.after(checkMs, () => limit.abort());
    const error = await engine.check(limit.signal);
    timer.cancel();
    if (error !== undefined) breaker.failed(error);
    checked = error === undefined;
    silent = 0;
    checking = undefined;
  };

  async function* run(
    trigger: 'automatic' | 'explicit',
    start: () => AsyncIterable<EngineEvent>,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void> {
    if (trigger === 'automatic') await prove(signal);
    if (signal.aborted) return yield { type: 'aborted' };
    const verdict = breaker.enter(trigger);
    if (!verdict.allowed) return yield { type: 'error', error: verdict.error };
    let heard = false;
    running++;
    try {
      for await (const event of start()) {
        heard = heard || event.type !== 'aborted';
        if (event.type === 'error') breaker.failed(event.error);
        else if (event.type === 'text' || event.type === 'done') breaker.succeeded();
        yield event;
      }
    } finally {
      running--;
      if (!heard) {
        silent++;
        breaker.released();
      }
    }
  }

  return {
    name: engine.name,
    origin: engine.origin,
    get capabilities() {
      return engine.capabilities;
    },
    complete: (request, signal) => run(request.trigger, () => engine.complete(request, signal), signal),
    chat: (request, signal) => run('explicit', () => engine.chat(request, signal), signal),
    close: () => engine.close(),
  };
}
