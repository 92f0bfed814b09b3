/**
 * The Host port over LSP: what features want of the person, said in the protocol's words, by what this client
 * can. Every string passes the sanitiser here. It must not know what the work is about.
 */
import { join } from 'node:path';
import { type Connection, MessageType } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { ApplyOutcome, Change, Host, MessageLevel, Progress } from '../base/host.ts';
import type { Clock, Files, Log } from '../base/ports.ts';
import { cut } from '../base/text.ts';
import { markdown, plain } from '../guard/sanitise.ts';
import { applyChange } from './applyChange.ts';
import type { ClientFeatures } from './clientFeatures.ts';
import type { Documents } from './documents.ts';

/** The same message is shown once in this time, in ms. */
const REPEAT_AFTER_MS = 300_000;
/** A question nobody answers counts as dismissed after this time, in ms. */
const ASK_TIMEOUT_MS = 600_000;
/** A message box holds this much of a longer text. */
const MESSAGE_LENGTH = 1_000;

const MESSAGE_TYPES: Record<MessageLevel, MessageType> = {
  error: MessageType.Error,
  warning: MessageType.Warning,
  info: MessageType.Info,
};

export interface LspHostOptions {
  readonly connection: Connection;
  readonly client: () => ClientFeatures;
  readonly documents: Documents;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder for texts that are shown as documents; only this user can read it. */
  readonly answersFolder: () => Promise<string>;
}

export class LspHost implements Host {
  readonly #options: LspHostOptions;
  readonly #told = new Map<string, number>();
  /** What was said last, and how many messages there were. */
  #last: { readonly level: MessageLevel; readonly message: string } | undefined;
  #count = 0;

  constructor(options: LspHostOptions) {
    this.#options = options;
  }

  apply(change: Change): Promise<ApplyOutcome> {
    const { connection, client, documents, files } = this.#options;
    return applyChange(change, { connection, client: client(), documents, files });
  }

  async showText(name: string, text: string): Promise<void> {
    const { connection, client, files, log } = this.#options;
    const safe = markdown(text);
    const file = join(await this.#options.answersFolder(), plain(name).replace(/[^\w.-]+/g, '-'));
    await files.writePrivate(file, `${safe}\n`);
    if (client().showDocument) {
      try {
        const uri = URI.file(file).toString();
        const { success } = await connection.window.showDocument({ uri, external: false, takeFocus: false });
        if (success) return;
      } catch (error) {
        log.write('info', `the client could not show a document: ${String(error)}`);
      }
    }
    const short = safe.length > MESSAGE_LENGTH ? `${cut(safe, MESSAGE_LENGTH)} …` : safe;
    this.#send('info', `${short}\n(whole text: ${file})`);
  }

  async open(uri: string): Promise<boolean> {
    const { connection, client, log } = this.#options;
    if (!client().showDocument) return false;
    try {
      return (await connection.window.showDocument({ uri, external: false, takeFocus: true })).success;
    } catch (error) {
      log.write('info', `the client could not show a document: ${String(error)}`);
      return false;
    }
  }

  tell(level: MessageLevel, message: string): void {
    const now = this.#options.clock.now();
    const last = this.#told.get(message);
    const text = plain(message);
    if (last !== undefined && now - last < REPEAT_AFTER_MS) {
      this.#options.log.write('info', `(repeated) ${text}`);
      return;
    }
    if (this.#told.size > 500) this.#told.clear();
    this.#told.set(message, now);
    this.#send(level, text);
  }

  /**
   * Answers what the person just did: said every time, since silence would look like a command that hangs; unless
   * `tell` has said the same since then, in milliseconds since the epoch.
   */
  reply(level: MessageLevel, message: string, since = Number.POSITIVE_INFINITY): void {
    if ((this.#told.get(message) ?? 0) < since) this.#send(level, plain(message));
  }

  async ask(message: string, choices: readonly string[]): Promise<string | undefined> {
    const { connection, clock, log } = this.#options;
    const actions = choices.map(choice => ({ title: plain(choice) }));
    const request = connection.sendRequest('window/showMessageRequest', {
      type: MessageType.Info,
      message: plain(message),
      actions,
    }) as Promise<{ title?: unknown } | null>;
    let timer: { cancel(): void } | undefined;
    const timeout = new Promise<null>(resolve => {
      timer = clock.after(ASK_TIMEOUT_MS, () => resolve(null));
    });
    try {
      const answer = await Promise.race([request, timeout]);
      // Only one of our own choices counts, whatever the client sends back.
      return choices.find(choice => plain(choice) === answer?.title);
    } catch (error) {
      log.write('info', `the client cannot ask questions: ${String(error)}`);
      return undefined;
    } finally {
      timer?.cancel();
    }
  }

  progress(title: string): Progress {
    const { connection, client, log } = this.#options;
    const controller = new AbortController();
    const before = this.#count;
    // Not asked for where it is not announced: the library would, and wait for an answer that never comes.
    const reporter = client().progress ? connection.window.createWorkDoneProgress() : undefined;
    let ended = false;
    const shown = reporter?.then(
      started => {
        started.token.onCancellationRequested(() => controller.abort());
        started.begin(plain(title), undefined, undefined, true);
        return started;
      },
      (error: unknown) => {
        log.write('info', `the client refused to show progress: ${String(error)}`);
        return undefined;
      },
    );
    return {
      signal: controller.signal,
      report: message => void shown?.then(started => (ended ? undefined : started?.report(plain(message)))),
      done: () => {
        if (ended) return;
        ended = true;
        void shown?.then(started => {
          started?.done();
          // What this work has said would be gone before anybody could read it.
          if (started && client().progressEndHidesMessages && this.#last && this.#count > before)
            this.#send(this.#last.level, this.#last.message);
        });
      },
    };
  }

  #send(level: MessageLevel, message: string): void {
    this.#last = { level, message };
    this.#count++;
    void this.#options.connection
      .sendNotification('window/showMessage', { type: MESSAGE_TYPES[level], message })
      .catch(() => {});
  }
}
