/** What went between an editor and the server, as written down by recorder.mjs. It must not know any editor. */
import { existsSync, readFileSync } from 'node:fs';
import { until } from './wait.ts';

export interface TracedMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface TraceEntry {
  /** Milliseconds since the recorder began. */
  readonly at: number;
  readonly direction: 'toServer' | 'toEditor';
  readonly message?: TracedMessage;
  /** Bytes on stdout or stdin that are no frame. */
  readonly stray?: string;
  /** Exit code or signal of the server. */
  readonly exit?: number | string;
}

export class Trace {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  entries(): readonly TraceEntry[] {
    if (!existsSync(this.file)) return [];
    const complete = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return complete.map(line => JSON.parse(line) as TraceEntry);
  }

  /** Messages of one method, requests and notifications, in one direction. */
  messages(direction: TraceEntry['direction'], method: string): readonly TracedMessage[] {
    return this.entries().flatMap(entry =>
      entry.direction === direction && entry.message?.method === method ? [entry.message] : [],
    );
  }

  /** The server's answers to the editor's requests of one method, in the order in which they were asked. */
  answers(method: string): readonly TracedMessage[] {
    const entries = this.entries();
    const asked = this.messages('toServer', method);
    return asked.flatMap(request => {
      const answer = entries.find(
        entry =>
          entry.direction === 'toEditor' &&
          entry.message?.method === undefined &&
          entry.message?.id === request.id,
      );
      return answer?.message === undefined ? [] : [answer.message];
    });
  }

  /** Waits until the editor has told the server that this document is open. */
  async opened(uriEnd: string): Promise<void> {
    await until(`${uriEnd} is opened at the server`, () =>
      this.messages('toServer', 'textDocument/didOpen').some(message =>
        JSON.stringify(message.params).includes(uriEnd),
      ),
    );
  }

  /** The last messages and what the server wrote to stderr, for a failure's text. */
  tail(count = 12): string {
    const lines = this.entries()
      .slice(-count)
      .map(entry => `${entry.direction} ${JSON.stringify(entry.message ?? entry).slice(0, 600)}`);
    const errors = existsSync(`${this.file}.stderr`) ? readFileSync(`${this.file}.stderr`, 'utf8') : '';
    return `--- last messages\n${lines.join('\n')}\n--- server's stderr\n${errors.slice(-2000)}`;
  }
}
