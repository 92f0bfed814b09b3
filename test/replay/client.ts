/** A client that says what it is told, byte for byte as an editor would, and keeps every answer with its time. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface Answer {
  readonly id: number | string;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
  /** By performance.now(). */
  readonly at: number;
}

export class ReplayClient {
  readonly answers: Answer[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #heard: (answer: Answer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    heard: (answer: Answer) => void,
  ) {
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, { env: { ...env } });
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#heard = heard;
  }

  send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** Waits until the server has gone, after `exit` was sent; a server that stays is ended. */
  async gone(limitMs: number): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    await new Promise(resolve => this.#child.once('exit', resolve));
    clearTimeout(timer);
  }

  #receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#rest.toString('latin1', 0, head))?.[1]);
      if (this.#rest.length < head + 4 + length) return;
      this.#understand(this.#rest.toString('utf8', head + 4, head + 4 + length));
      this.#rest = this.#rest.subarray(head + 4 + length);
    }
  }

  #understand(text: string): void {
    const message = JSON.parse(text) as {
      id?: number | string;
      method?: string;
      params?: { items?: unknown[] };
    };
    if (message.id === undefined) return;
    if (message.method !== undefined) {
      // Questions of the server: no settings, nothing chosen, nothing refused.
      const result =
        message.method === 'workspace/configuration' ? message.params?.items?.map(() => null) : null;
      return this.send({ id: message.id, result: result ?? null });
    }
    const answer = { ...(message as Answer), at: performance.now() };
    this.answers.push(answer);
    this.#heard(answer);
  }
}
