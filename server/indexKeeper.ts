/**
 * Keeps the index between sessions: loads its image when the first walk begins, and saves one when much has changed
 * and things are quiet. It must not know what an image holds.
 */
import type { Clock, Files, Log, Timer } from './base/ports.ts';
import type { IndexImage } from './index/image.ts';
import type { Snapshot } from './store/snapshots.ts';

/** Changes are waited for to end, in ms. */
const QUIET_MS = 4_000;
/** Between two saves, in ms. */
const PAUSE_MS = 60_000;
/** Saving may take this share of the time. */
const SHARE = 0.005;
/** What has changed is saved from so many files, or this share of all of them, on. */
const WORTH_FILES = 20;
const WORTH_SHARE = 0.02;

/** What is kept, as the keeper needs it. */
export interface KeptIndex {
  readonly changes: number;
  status(): { readonly files: number; readonly complete: boolean };
  image(): Promise<IndexImage>;
}

export interface KeeperOptions {
  readonly index: KeptIndex;
  /** The store for a version of what is kept. */
  readonly snapshots: (version: string) => {
    load(key: string): Promise<Snapshot | undefined>;
    save(key: string, snapshot: Snapshot): Promise<boolean>;
  };
  readonly files: Pick<Files, 'realPath'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the code that learns. */
  readonly version: string;
}

/** What decides what an index holds, beside the files. */
export interface KeeperRules {
  readonly roots: readonly string[];
  readonly neverSend: readonly string[];
  readonly maxFiles: number;
  readonly maxFileBytes: number;
}

export class IndexKeeper {
  readonly #options: KeeperOptions;
  #rules: KeeperRules | undefined;
  #timer: Timer | undefined;
  #saving = false;
  #notBefore = 0;
  /** The rules that something was loaded or saved under. */
  #known = '';

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** From now on these rules are in force; undefined: nothing is learned. */
  configure(rules: KeeperRules | undefined): void {
    this.#rules = rules;
  }

  /** The image of an earlier session under the same rules. */
  async load(): Promise<IndexImage | undefined> {
    const rules = this.#rules;
    if (!rules) return undefined;
    const began = this.#options.clock.now();
    const found = await this.#store(rules).load(await this.#keyOf(rules));
    if (!found) return undefined;
    this.#known = JSON.stringify(rules);
    this.#options.log.write('debug', `stored index read in ${this.#options.clock.now() - began} ms`);
    return found;
  }

  /** Something was learned and is sorted. */
  changed(): void {
    this.#timer?.cancel();
    const { clock } = this.#options;
    this.#timer = clock.after(Math.max(QUIET_MS, this.#notBefore - clock.now()), () => {
      this.#timer = undefined;
      this.#save().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.write('warn', `The index was not stored: ${reason}`);
      });
    });
  }

  async #save(): Promise<void> {
    const { index, clock, log } = this.#options;
    const rules = this.#rules;
    const { files, complete } = index.status();
    if (!rules || !complete || this.#saving) return;
    const worth = this.#known === JSON.stringify(rules) ? Math.max(WORTH_FILES, WORTH_SHARE * files) : 1;
    if (index.changes < worth) return;
    this.#saving = true;
    const began = clock.now();
    try {
      const image = await index.image();
      // While the image was made the rules may have become others.
      if (this.#rules !== rules) return;
      if (await this.#store(rules).save(await this.#keyOf(rules), image)) {
        this.#known = JSON.stringify(rules);
      }
    } finally {
      this.#saving = false;
      const took = clock.now() - began;
      this.#notBefore = clock.now() + Math.max(PAUSE_MS, took / SHARE);
      log.write('debug', `index of ${files} files stored in ${took} ms`);
    }
  }

  #store({ neverSend, maxFiles, maxFileBytes }: KeeperRules) {
    return this.#options.snapshots(
      JSON.stringify([this.#options.version, [...neverSend].sort(), maxFiles, maxFileBytes]),
    );
  }

  /** A workspace is the folders that it really consists of. */
  async #keyOf({ roots }: KeeperRules): Promise<string> {
    const real = await Promise.all(roots.map(root => this.#options.files.realPath(root)));
    return JSON.stringify([...new Set(real)].sort());
  }
}
