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

  constructor(host: LspHost, clock: Clock, log: Log) {
    this.#host = host;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Time between the reply to a command and the first message of its job, in ms. lsp-mode waits for the reply inside
   * the function that reads its input, and leaves it by a throw that drops whatever came in the same read.
   */
  settleMs = 0;
  /** Called when a job begins or ends. */
  changed: () => void = () => {};
  #running = 0;

  /** Jobs that are not done yet. */
  get running(): number {
    return this.#running;
  }

  /** Starts a job after the current message has been answered. */
  start(title: string, work: (progress: Progress) => Promise<void>): void {
    this.#running++;
    this.changed();
    void this.#run(title, work).finally(() => {
      this.#running--;
      this.changed();
    });
  }

  async #run(title: string, work: (progress: Progress) => Promise<void>): Promise<void> {
    const { settleMs } = this;
    await new Promise<void>(resolve => {
      if (settleMs > 0) this.#clock.after(settleMs, resolve);
      else setImmediate(resolve);
    });
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
