/**
 * An engine behind a breaker and a meter: the one way to an endpoint. What goes wrong and what is spent is counted,
 * what is refused never leaves; the events stay those of the contract. It must not know consents.
 */
import type { Clock } from '../base/ports.ts';
import { orAborted } from './abort.ts';
import type { Breaker } from './breaker.ts';
import type { ChatRequest, CompleteRequest, Engine, EngineError, EngineEvent } from './engine.ts';
import { type Meter, sizeOfRequest, Tally } from './meter.ts';

/** An engine that can be looked at without sending text. */
export interface CheckedEngine extends Engine {
  check(signal: AbortSignal): Promise<EngineError | undefined>;
  /** The model that answers; `name` tells where this is absent. */
  model?(of: 'complete' | 'chat'): string;
}

/** An engine that is used in the name of a feature, so that nothing is sent that nobody answers for. */
export interface GuardedEngine {
  readonly origin: string;
  /** The same engine each time. */
  as(feature: string): Engine;
  close(): void;
}

/** Requests that are running or were cancelled without a word, after which an unproven endpoint is checked first. */
const unheard = 1;

/** How long that check may take before the request goes on without it, in milliseconds. */
const checkMs = 5000;

export function guardEngine(
  engine: CheckedEngine,
  breaker: Breaker,
  clock: Clock,
  meter?: Meter,
): GuardedEngine {
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
    feature: string,
    request: CompleteRequest | ChatRequest,
    start: () => AsyncIterable<EngineEvent>,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void> {
    const trigger = 'messages' in request ? 'explicit' : request.trigger;
    if (trigger === 'automatic') await prove(signal);
    if (signal.aborted) return yield { type: 'aborted' };
    const message = meter?.refusal();
    if (message !== undefined) return yield { type: 'error', error: { kind: 'budget', message } };
    const verdict = breaker.enter(trigger);
    if (!verdict.allowed) return yield { type: 'error', error: verdict.error };
    let heard = false;
    running++;
    const model = engine.model?.('messages' in request ? 'chat' : 'complete') ?? engine.name;
    const tally = new Tally(sizeOfRequest(request));
    meter?.requested({ feature, model });
    try {
      for await (const event of start()) {
        heard = heard || event.type !== 'aborted';
        tally.saw(event);
        if (event.type === 'error') breaker.failed(event.error);
        else if (event.type === 'text' || event.type === 'done') breaker.succeeded();
        yield event;
      }
    } finally {
      running--;
      meter?.spent({ feature, model }, tally.spent);
      if (!heard) {
        silent++;
        breaker.released();
      }
    }
  }

  const faces = new Map<string, Engine>();
  const close = () => engine.close();
  const faceFor = (feature: string): Engine => ({
    name: engine.name,
    origin: engine.origin,
    get capabilities() {
      return engine.capabilities;
    },
    complete: (request, signal) => run(feature, request, () => engine.complete(request, signal), signal),
    chat: (request, signal) => run(feature, request, () => engine.chat(request, signal), signal),
    close,
  });
  return {
    origin: engine.origin,
    as: feature => {
      const face = faces.get(feature) ?? faceFor(feature);
      faces.set(feature, face);
      return face;
    },
    close,
  };
}
