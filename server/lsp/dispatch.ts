/**
 * How a request runs: its token becomes an AbortSignal here and nowhere else, its failure becomes one answer,
 * and where only the newest matters the older ones are ended and answered. It must not know any method.
 */
import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  type Position,
  ResponseError,
} from 'vscode-languageserver';
import { Superseded } from '../base/errors.ts';
import type { Session } from './session.ts';

export type RequestHandler<P, R> = (session: Session, params: P, signal: AbortSignal) => R | Promise<R>;
export type NotificationHandler<P> = (session: Session, params: P) => void | Promise<void>;

/** A handler whose code is read when it is first asked for. */
export function late<P, R>(load: () => Promise<RequestHandler<P, R>>): RequestHandler<P, R> {
  return async (session, params, signal) => (await load())(session, params, signal);
}

/** `each`: every request runs. `latest`: a newer one for the same document ends the older, which answers with `empty`. */
export type Policy<R> = 'each' | { readonly latest: R };

interface WithDocument {
  readonly textDocument?: { readonly uri?: string };
  readonly position?: Position;
}

export class Dispatcher {
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #newest = new Map<string, AbortController>();

  constructor(connection: Connection, session: Session) {
    this.#connection = connection;
    this.#session = session;
  }

  request<P, R>(method: string, handler: RequestHandler<P, R>, policy: Policy<R> = 'each'): void {
    this.#connection.onRequest(method, async (params: P, token: CancellationToken): Promise<unknown> => {
      const controller = new AbortController();
      const subscription = token.onCancellationRequested(() => controller.abort());
      if (token.isCancellationRequested) controller.abort();
      this.#session.looked(params as WithDocument | null);
      const key =
        policy === 'each' ? undefined : `${method} ${(params as WithDocument)?.textDocument?.uri ?? ''}`;
      if (key) {
        this.#newest.get(key)?.abort(new Superseded('a newer request took over'));
        this.#newest.set(key, controller);
      }
      try {
        await this.#session.ready();
        const result = await handler(this.#session, params, controller.signal);
        if (!controller.signal.aborted) return result;
        return this.#ended(token, policy);
      } catch (error) {
        if (controller.signal.aborted) return this.#ended(token, policy);
        if (error instanceof ResponseError) return error;
        this.#session.failed(method, error);
        return new ResponseError(LSPErrorCodes.RequestFailed, `${method} failed; see Codriver's log`);
      } finally {
        subscription.dispose();
        if (key && this.#newest.get(key) === controller) this.#newest.delete(key);
      }
    });
  }

  notification<P>(method: string, handler: NotificationHandler<P>): void {
    this.#connection.onNotification(method, async (params: P) => {
      try {
        await handler(this.#session, params);
      } catch (error) {
        this.#session.failed(method, error);
      }
    });
  }

  #ended<R>(token: CancellationToken, policy: Policy<R>): R | ResponseError<void> {
    if (token.isCancellationRequested || policy === 'each') {
      return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    }
    return policy.latest;
  }
}
