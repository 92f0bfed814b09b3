/**
 * `codriver/status`, for clients that asked for it: a word for a status line, sent when it has changed and not more
 * often than a person can read. It must not know what the work is about.
 */
import type { Clock, Timer } from '../base/ports.ts';

/** `off`: the person switched all off; `paused`: the endpoint fails or the budget is used up; `busy`: a model works. */
export type StatusState = 'idle' | 'busy' | 'paused' | 'off';

/** What the notification says. */
export interface Status {
  readonly state: StatusState;
  /** Who answers what is asked for, by name; `embedded` where nothing leaves this process. */
  readonly engine: string;
  /** In a sentence, where it is paused. */
  readonly why?: string;
  /** What all servers of the person sent to models today. */
  readonly today: { readonly requests: number; readonly tokens: number };
}

/** Changes within this time are told as one, in ms. */
const TOGETHER_MS = 150;
/** A pause ends by itself, without a word to anyone: so often it is looked after, in ms. */
const PAUSE_LOOK_MS = 5_000;

export interface StatusParts {
  readonly clock: Pick<Clock, 'after'>;
  readonly look: () => Status;
  readonly send: (status: Status) => void;
}

export class StatusNotices {
  readonly #parts: StatusParts;
  #timer: Timer | undefined;
  #soon = false;
  #last = '';

  constructor(parts: StatusParts) {
    this.#parts = parts;
  }

  /** Something may have changed. */
  changed(): void {
    if (this.#soon) return;
    this.#soon = true;
    this.#wait(TOGETHER_MS);
  }

  end(): void {
    this.#timer?.cancel();
    // Nothing is told after the end.
    this.#soon = true;
  }

  #wait(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.after(ms, () => this.#tell());
  }

  #tell(): void {
    this.#soon = false;
    const status = this.#parts.look();
    const text = JSON.stringify(status);
    if (text !== this.#last) this.#parts.send(status);
    this.#last = text;
    if (status.state === 'paused') this.#wait(PAUSE_LOOK_MS);
  }
}
