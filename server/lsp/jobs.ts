/** Work that outlives the reply to its command: with progress, cancellable, and with one message when it fails. */
import type { Host, Progress } from '../base/host.ts';
import type { Log } from '../base/ports.ts';
import { errorText } from '../base/errors.ts';
import { ActionError } from '../features/actions/action.ts';

export class Jobs {
  readonly #host: Host;
  readonly #log: Log;
  readonly #running = new Set<Promise<void>>();

  constructor(host: Host, log: Log) {
    this.#host = host;
    this.#log = log;
  }

  /** Starts a job after the current message has been answered. */
  start(title: string, work: (progress: Progress) => Promise<void>): void {
    const job = this.#run(title, work).finally(() => this.#running.delete(job));
    this.#running.add(job);
  }

  /** Resolves when nothing is running. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(title: string, work: (progress: Progress) => Promise<void>): Promise<void> {
    await new Promise(resolve => setImmediate(resolve));
    const progress = this.#host.progress(title);
    try {
      await work(progress);
      progress.done();
    } catch (error) {
      progress.done();
      if (progress.signal.aborted) this.#log.write('info', `${title}: cancelled`);
      else if (error instanceof ActionError) this.#host.tell('warning', `Codriver: ${error.message}`);
      else {
        this.#log.write('error', `${title} failed: ${errorText(error)}`);
        this.#host.tell(
          'error',
          `Codriver: ${title.toLowerCase()} failed because of a fault of its own; the log says more.`,
        );
      }
    }
  }
}
