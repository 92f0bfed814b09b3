/**
 * A review after a save, where the person has set one: static patterns in this process, and a model where text may be
 * sent unasked. A newer save ends the one before; nothing is said, findings just stand there.
 */
import { errorText } from '../../base/errors.ts';
import { gateForUnasked, type Services } from '../services.ts';
import { documentKind } from '../documentKinds.ts';

export class ReviewOnSave {
  readonly #services: Services;
  readonly #running = new Map<string, AbortController>();

  constructor(services: Services) {
    this.#services = services;
  }

  saved(uri: string): void {
    const { documents, log, router, settings } = this.#services;
    const { autonomy, review } = settings();
    const document = documents.get(uri);
    this.#running.get(uri)?.abort();
    this.#running.delete(uri);
    if (review.onSave === 'off' || autonomy < 1 || !document || documentKind(uri)) return;
    if (documents.isDesynchronised(uri)) return;
    const controller = new AbortController();
    this.#running.set(uri, controller);
    const { engine } = review.onSave === 'model' ? router.choose('review', 'automatic') : {};
    const progress = { signal: controller.signal, report: () => {}, done: () => {} };
    const request = { document, gate: gateForUnasked(this.#services), ...(engine ? { engine } : {}) };
    import('./run.ts')
      .then(({ reviewDocument }) => reviewDocument(this.#services, request, progress))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) log.write('info', `no review after a save: ${errorText(error)}`);
      })
      .finally(() => {
        if (this.#running.get(uri) === controller) this.#running.delete(uri);
      });
  }

  /** Ends what is under way. */
  end(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }
}
