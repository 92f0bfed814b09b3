/**
 * Requests between two threads over a message port: typed by the interface that one side offers, cancellable,
 * and never left unanswered when the other side ends. It must not know what is asked.
 */

/** The part of a MessagePort or Worker that is needed. */
export interface Channel {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

type Message =
  | { readonly call: string; readonly id: number; readonly params: unknown }
  | { readonly notify: string; readonly params: unknown }
  | { readonly cancel: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** What one side offers: methods answer, notifications do not. */
export interface Offer {
  readonly methods: Readonly<Record<string, (params: never, signal: AbortSignal) => unknown>>;
  readonly notifications: Readonly<Record<string, (params: never) => void>>;
}

/**
 * Serves an offer on a channel. A method's failure, also a result that cannot be posted, becomes the caller's
 * rejection and nothing more; a notification's goes to `failed`.
 */
export function serveRpc(
  channel: Channel,
  offer: Offer,
  failed: (what: string, error: unknown) => void,
): void {
  const running = new Map<number, AbortController>();
  channel.on('message', raw => {
    const message = raw as Message;
    if ('cancel' in message) {
      running.get(message.cancel)?.abort();
    } else if ('notify' in message) {
      try {
        offer.notifications[message.notify]?.(message.params as never);
      } catch (error) {
        failed(message.notify, error);
      }
    } else if ('call' in message) {
      const { id } = message;
      const controller = new AbortController();
      running.set(id, controller);
      const method = offer.methods[message.call];
      Promise.resolve()
        .then(() => {
          if (!method) throw new Error(`no method ${message.call}`);
          return method(message.params as never, controller.signal);
        })
        .then(result => channel.postMessage({ id, result }))
        .catch((error: unknown) => channel.postMessage({ id, error: messageOf(error) }))
        .finally(() => running.delete(id));
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The caller's end. Rejects with the signal's reason at once when aborted, whatever the other side is doing. */
export class RpcClient {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
  #nextId = 1;
  #closed: Error | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on('message', raw => {
      const message = raw as Message;
      if (!('id' in message) || 'call' in message) return;
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (!waiting) return;
      if ('error' in message) waiting.reject(new Error(message.error));
      else waiting.resolve(message.result);
    });
  }

  /** Requests that have no answer yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  call(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (this.#waiting.delete(id)) this.#channel.postMessage({ cancel: id });
        reject(signal.reason as Error);
      };
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          signal.removeEventListener('abort', onAbort);
          then(value);
        };
      // First, since it throws for what cannot be posted.
      this.#channel.postMessage({ call: method, id, params });
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  notify(method: string, params: unknown): void {
    if (!this.#closed) this.#channel.postMessage({ notify: method, params });
  }

  /** Fails everything that waits, and all later calls. */
  close(reason: Error): void {
    this.#closed ??= reason;
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }
}
