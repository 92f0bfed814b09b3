/** Work that outlives the reply to its command: with progress, cancellable, and with one message when it fails. */
import type { Progress } from '../base/host.ts';
import type { Clock, Log } from '../base/ports.ts';
import { errorText } from '../base/errors.ts';
import { ActionError } from '../features/actions/action.ts';
import type { LspHost } from './host.ts';

export class Jobs {
  readonly #host: LspHost;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #running = new Set<Promise<void>>();

  constructor(host: LspHost, clock: Clock, log: Log) {
    this.#host = host;
    this.#clock = clock;
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
    const started = this.#clock.now();
    try {
      await work(progress);
      progress.done();
    } catch (error) {
      progress.done();
      if (progress.signal.aborted) this.#log.write('info', `${title}: cancelled`);
      else if (error instanceof ActionError)
        this.#host.reply('warning', `Codriver: ${error.message}`, started);
      else {
        this.#log.write('error', `${title} failed: ${errorText(error)}`);
        this.#host.reply(
          'error',
          `Codriver: ${title.toLowerCase()} failed because of a fault of its own; the log says more.`,
        );
      }
    }
  }
}
