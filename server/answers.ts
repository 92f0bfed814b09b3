/**
 * The person's stored answers: trusted folders, accepted endpoints, automatic sending. The router asks without
 * waiting, so they are read once and kept in step with the store. It must not know who asked.
 */
import type { Machine } from './base/ports.ts';
import type { EngineMemory } from './engines/openai/settings.ts';
import type { RouterConsents } from './engines/router.ts';
import { createTrust, type EndpointQuestion, type Trust } from './guard/trust.ts';
import type { Cache } from './store/cache.ts';
import { createConsents } from './store/consents.ts';

export class Answers implements RouterConsents {
  readonly trust: Trust;
  readonly #known = new Map<string, boolean>();
  #storing: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine) {
    this.trust = createTrust({
      grants: createConsents(machine),
      files: machine.files,
      platform: machine.environment.platform,
    });
  }

  /** Reads what is stored; called again when another process may have written. */
  async load(): Promise<void> {
    for (const kind of ['endpoint', 'automatic'] as const) {
      for (const { origin, yes } of await this.trust.answers(kind)) this.#known.set(`${kind} ${origin}`, yes);
    }
  }

  automaticAllowed(origin: string): boolean | undefined {
    return this.#known.get(`automatic ${origin}`);
  }

  endpointAccepted(origin: string): boolean | undefined {
    return this.#known.get(`endpoint ${origin}`);
  }

  async answer(kind: EndpointQuestion, origin: string, yes: boolean): Promise<void> {
    this.#known.set(`${kind} ${origin}`, yes);
    const stored = this.trust.answer(kind, origin, yes);
    this.#storing = Promise.allSettled([this.#storing, stored]);
    await stored;
  }

  /** Resolves when every answer is stored. */
  async settled(): Promise<void> {
    await this.#storing;
  }
}

/** What engines found out about endpoints, kept between sessions: one entry a fact, so that two servers do not write over each other. */
export interface StoredMemory extends EngineMemory {
  /** Reads facts before they are asked for; `get` never waits. */
  prime(keys: readonly string[]): Promise<void>;
}

export function memoryOver(cache: Cache): StoredMemory {
  const values = new Map<string, string>();
  return {
    get: key => values.get(key),
    set: (key, value) => {
      // Engines say it with every answer; a keystroke must not cost a write to the disk.
      if (values.get(key) === value) return;
      values.set(key, value);
      void cache.set(key, value).catch(() => {});
    },
    prime: async keys => {
      await Promise.all(
        keys.map(async key => {
          const stored = await cache.get(key).catch(() => undefined);
          if (typeof stored === 'string' && !values.has(key)) values.set(key, stored);
        }),
      );
    },
  };
}
