/**
 * A router around a made-up endpoint whose answers and clock the test sets, for tests of who may and of outages.
 */
import type { Clock } from '../../server/base/ports.ts';
import type { Engine, EngineError, EngineErrorKind, EngineEvent } from '../../server/engines/engine.ts';
import type { CheckedEngine } from '../../server/engines/guarded.ts';
import { type EndpointSource, Router, type RouterSettings } from '../../server/engines/router.ts';

export const origin = 'https://models.example.test';

export interface Fake extends CheckedEngine {
  asked: number;
  checks: number;
  answer: readonly EngineEvent[] | 'hang';
  checked: EngineError | undefined;
}

export const fine: readonly EngineEvent[] = [
  { type: 'text', text: 'x' },
  { type: 'done', reason: 'stop' },
];
export const failing = (kind: EngineErrorKind, retryAfterMs?: number): readonly EngineEvent[] => [
  {
    type: 'error',
    error: {
      kind,
      message: `It is ${kind}. Do something.`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  },
];

export function fake(name: string, at: string): Fake {
  async function* run(this: Fake, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    this.asked++;
    if (this.answer !== 'hang') return yield* this.answer;
    await new Promise<void>(resolve => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
    yield { type: 'aborted' };
  }
  const engine: Fake = {
    name,
    origin: at,
    capabilities: { completes: true, chats: true, tools: true, contextTokens: 100 },
    asked: 0,
    checks: 0,
    answer: fine,
    checked: undefined,
    complete: (_request, signal) => run.call(engine, signal),
    chat: (_request, signal) => run.call(engine, signal),
    check: () => {
      engine.checks++;
      return Promise.resolve(engine.checked);
    },
    close: () => undefined,
  };
  return engine;
}

export interface Bench {
  readonly router: Router;
  readonly engine: Fake;
  readonly embedded: Engine;
  readonly told: string[];
  advance(ms: number): void;
}

export interface Situation {
  readonly source?: EndpointSource;
  readonly settings?: Partial<RouterSettings>;
  readonly automatic?: boolean;
  readonly accepted?: boolean;
}

export function bench({ source = 'user', settings = {}, automatic, accepted }: Situation = {}): Bench {
  let now = 1_000_000;
  const clock: Clock = { now: () => now, after: () => ({ cancel: () => undefined }) };
  const told: string[] = [];
  const embedded = fake('embedded', 'process');
  const engine = fake('openai m', origin);
  const router = new Router(embedded, {
    clock,
    tell: error => void told.push(error.message),
    consents: { automaticAllowed: () => automatic, endpointAccepted: () => accepted },
  });
  router.configure(
    { userOrigins: [origin], completionEngine: 'auto', automatic: 'ask', ...settings },
    { engine, source },
  );
  return { router, engine, embedded, told, advance: ms => void (now += ms) };
}
