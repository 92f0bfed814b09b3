/**
 * The engine of a task, which may outlive an endpoint: each request goes to whatever serves tasks at that moment. It
 * must not know what is asked.
 */
import type { Engine, EngineEvent } from '../../engines/engine.ts';
import type { Router } from '../../engines/router.ts';

/** What is assumed of a model while there is none. */
const NONE = { completes: false, chats: true, tools: true, contextTokens: 16_384 } as const;

export function taskEngine(router: Pick<Router, 'choose'>): Engine {
  const now = () => router.choose('task', 'explicit');
  return {
    get name() {
      return now().engine?.name ?? 'no model';
    },
    get origin() {
      return now().engine?.origin ?? 'process';
    },
    get capabilities() {
      return now().engine?.capabilities ?? NONE;
    },
    async *complete(): AsyncGenerator<EngineEvent> {
      yield { type: 'aborted' };
    },
    async *chat(request, signal): AsyncGenerator<EngineEvent> {
      const choice = now();
      if (choice.engine) yield* choice.engine.chat(request, signal);
      else yield { type: 'error', error: { kind: 'configuration', message: choice.why } };
    },
    close: () => undefined,
  };
}
