/**
 * The bytes between an editor and a server, strict: what the server writes must be frames and nothing else. Servers
 * run as a child process or in this one. Knows framing, no LSP.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';

export interface WireEvents {
  message(message: Record<string, unknown>): void;
  /** Bytes that are no frame, or a body that is no JSON object. */
  stray(text: string): void;
}

/** How a server ended. `stderr` holds at most the last 64 KiB. */
export interface WireEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Wire {
  send(message: unknown): void;
  sendBytes(bytes: Uint8Array | string): void;
  /** Closes the server's input, as an editor that dies does. */
  end(): void;
  /** Ends the server by force. */
  kill(signal?: NodeJS.Signals): void;
  /** Stops and resumes reading what the server writes. */
  pause(): void;
  resume(): void;
  readonly pid: number | undefined;
  readonly ended: Promise<WireEnd>;
}

/** Runs a server in this process: it gets its input and output, and returns what ends it. */
export type InProcessServer = (input: Readable, output: Writable) => void;

/** An argv for a child process, or a function for a server in this process. */
export type ServerUnderTest = readonly string[] | InProcessServer;

export function frame(message: unknown): Buffer {
  const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** Splits what a server writes into messages, and reports every byte that is not part of one. */
export class StrictFrames {
  readonly #events: WireEvents;
  #rest: Buffer = Buffer.alloc(0);
  #dead = false;

  constructor(events: WireEvents) {
    this.#events = events;
  }

  push(chunk: Buffer): void {
    if (this.#dead) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#one()) continue;
  }

  /** Call at the end of the stream: half a frame is a stray too. */
  finish(): void {
    if (!this.#dead && this.#rest.length > 0) this.#stray(this.#rest);
  }

  #one(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end === -1) {
      const begin = this.#rest.toString('latin1', 0, 15);
      if (!'Content-Length:'.startsWith(begin)) this.#stray(this.#rest);
      return false;
    }
    const header = /^Content-Length: (\d+)$/.exec(this.#rest.toString('latin1', 0, end));
    if (header === null) return this.#stray(this.#rest);
    const from = end + 4;
    const to = from + Number(header[1]);
    if (this.#rest.length < to) return false;
    const body = this.#rest.subarray(from, to);
    this.#rest = this.#rest.subarray(to);
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
      this.#events.message(JSON.parse(text) as Record<string, unknown>);
      return true;
    } catch {
      return this.#stray(body);
    }
  }

  #stray(bytes: Buffer): false {
    this.#dead = true;
    this.#events.stray(bytes.toString('latin1', 0, 200));
    return false;
  }
}

export function startWire(
  server: ServerUnderTest,
  events: WireEvents,
  options: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): Wire {
  return typeof server === 'function' ? inProcess(server, events) : asChild(server, events, options);
}

function asChild(
  argv: readonly string[],
  events: WireEvents,
  options: { env?: Readonly<Record<string, string>>; cwd?: string },
): Wire {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('an empty argv starts nothing');
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const frames = new StrictFrames(events);
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => frames.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-65536)));
  // The server may end before it has read everything; that shows in `ended`.
  child.stdin.on('error', () => {});
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  const ended = new Promise<WireEnd>(resolve => {
    const done = (code: number | null, signal: NodeJS.Signals | null) => {
      process.off('exit', killed);
      frames.finish();
      resolve({ code, signal, stderr });
    };
    child.once('close', done);
    child.once('error', error => {
      stderr += error.message;
      done(null, null);
    });
  });
  return { ...sending(child.stdin), ...reading(child), pid: child.pid, ended };
}

function reading(child: ChildProcess): Pick<Wire, 'kill' | 'pause' | 'resume'> {
  return {
    kill: signal => child.kill(signal ?? 'SIGKILL'),
    pause: () => child.stdout?.pause(),
    resume: () => child.stdout?.resume(),
  };
}

function sending(stdin: Writable): Pick<Wire, 'send' | 'sendBytes' | 'end'> {
  return {
    send: message => void stdin.write(frame(message)),
    sendBytes: bytes => void stdin.write(bytes),
    end: () => void stdin.end(),
  };
}

function inProcess(server: InProcessServer, events: WireEvents): Wire {
  const input = new PassThrough();
  const output = new PassThrough();
  const frames = new StrictFrames(events);
  output.on('data', (chunk: Buffer) => frames.push(chunk));
  const ended = new Promise<WireEnd>(resolve => {
    const done = () => {
      frames.finish();
      resolve({ code: null, signal: null, stderr: '' });
    };
    output.once('end', done);
    output.once('close', done);
  });
  server(input, output);
  return {
    ...sending(input),
    kill: () => void input.destroy(),
    pause: () => void output.pause(),
    resume: () => void output.resume(),
    pid: undefined,
    ended,
  };
}
