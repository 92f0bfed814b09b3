/**
 * One client: two byte streams joined to a connection of the library, with framing and gatekeeper in between.
 * Must not know what process it runs in: how things end is told to its owner.
 */
import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type Connection,
  createConnection,
  createProtocolConnection,
  type DataCallback,
  type Disposable,
  type InitializeParams,
  type Message,
} from 'vscode-languageserver';
import type { Clock, Log } from '../base/ports.ts';
import { FrameDecoder, type FramingLimits } from './framing.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { Output } from './output.ts';
import { installRuntime } from './runtime.ts';
import type { JsonObject } from './shapes.ts';

/** What a front door sees of its client. */
export interface Client {
  /** Register handlers on it; do not call `listen`. */
  readonly connection: Connection;
  /** Runs when the client is gone or has said exit: flush, stop children. All hooks together get 700 ms. */
  onEnd(hook: () => void | Promise<void>): void;
  /** Told of notifications that were refused for their shape, so that a lost didChange can lock its document. */
  onRefused(hook: (method: string, params: unknown) => void): void;
}

/** Why a channel is over. `exit`: said so; `gone`: end of input or broken output; `fatal`: what came was no LSP. */
export type ChannelEnd =
  | { readonly why: 'exit' }
  | { readonly why: 'gone' }
  | { readonly why: 'fatal'; readonly reason: string };

export interface ChannelOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: FramingLimits;
  /** See `GatekeeperPorts.admit`. */
  readonly admit?: (params: Record<string, unknown>) => string | undefined;
  /** The client's process id as it says in initialize. */
  readonly clientProcess?: (pid: number) => void;
  /** Called once. */
  readonly ended: (end: ChannelEnd) => void;
}

/** Messages the library has not begun with, beyond which no more input is read, and below which it is again. */
const HIGH_BACKLOG = 64;
const LOW_BACKLOG = 16;
const HOOKS_MS = 700;
/** Requests that came before the end of the input may be answered for this long. */
const LINGER_MS = 250;
const LINGER_STEP_MS = 10;

/** Everything is pushed: the library only listens. */
class PushedReader extends AbstractMessageReader {
  deliver: DataCallback = () => {};

  listen(callback: DataCallback): Disposable {
    this.deliver = callback;
    return { dispose: () => (this.deliver = () => {}) };
  }
}

class HandedWriter extends AbstractMessageWriter {
  readonly #hand: (message: JsonObject) => void;

  constructor(hand: (message: JsonObject) => void) {
    super();
    this.#hand = hand;
  }

  write(message: Message): Promise<void> {
    this.#hand(message as unknown as JsonObject);
    return Promise.resolve();
  }

  /** Part of the library's interface; the channel's owner ends the streams. */
  end(): void {}
}

export class Channel implements Client {
  readonly connection: Connection;
  readonly #options: ChannelOptions;
  readonly #decoder: FrameDecoder;
  readonly #gatekeeper: Gatekeeper;
  readonly #output: Output;
  readonly #endHooks: (() => void | Promise<void>)[] = [];
  readonly #refusedHooks: ((method: string, params: unknown) => void)[] = [];
  #backlog = 0;
  #outputHigh = false;
  #paused = false;
  #over = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#decoder = new FrameDecoder(options.limits);
    this.#output = new Output(options.output, {
      pressure: high => {
        this.#outputHigh = high;
        this.#steer();
      },
      lost: () => this.#end({ why: 'gone' }),
    });
    const reader = new PushedReader();
    this.#gatekeeper = new Gatekeeper({
      deliver: message => this.#deliver(reader, message),
      send: message => this.#output.send(message),
      exit: () => this.#end({ why: 'exit' }),
      refused: (method, params) => this.#refusedHooks.forEach(hook => hook(method, params)),
      admit: params => this.#admit(params),
      clock: options.clock,
      log: options.log,
    });
    const writer = new HandedWriter(message => this.#gatekeeper.dispatch(message));
    installRuntime();
    this.connection = createConnection(
      logger =>
        createProtocolConnection(reader, writer, logger, {
          messageStrategy: {
            handleMessage: (message, next) => {
              this.#begun(message);
              return next(message);
            },
          },
        }),
      {
        shutdownReceived: false,
        initialize: (params: InitializeParams) => {
          if (typeof params.processId === 'number') options.clientProcess?.(params.processId);
        },
        exit: () => {},
      },
    );
  }

  /** The client said shutdown: what follows is no accident. */
  get shutdownReceived(): boolean {
    return this.#gatekeeper.shutdownReceived;
  }

  onEnd(hook: () => void | Promise<void>): void {
    this.#endHooks.push(hook);
  }

  onRefused(hook: (method: string, params: unknown) => void): void {
    this.#refusedHooks.push(hook);
  }

  /** Begins to read. Handlers must be registered by now. */
  start(): void {
    const { input } = this.#options;
    this.connection.listen();
    input.on('data', (chunk: Buffer) => {
      this.#decoder.push(chunk);
      this.#pump();
    });
    let heardAll = false;
    input.on('end', () => {
      heardAll = true;
      this.#linger(LINGER_MS);
    });
    input.on('close', () => {
      if (!heardAll) this.#end({ why: 'gone' });
    });
    input.on('error', () => this.#end({ why: 'gone' }));
  }

  /** Nothing more will come: what came is answered first, for a moment, since its sender may still read. */
  #linger(left: number): void {
    if (this.#over) return;
    if (this.#gatekeeper.idle || left <= 0) this.#end({ why: 'gone' });
    else this.#options.clock.after(LINGER_STEP_MS, () => this.#linger(left - LINGER_STEP_MS));
  }

  /** Ends the channel from our side, runs the hooks, and writes what can still be written. Never rejects. */
  async close(): Promise<void> {
    this.#over = true;
    this.#options.input.pause();
    this.#gatekeeper.close();
    this.connection.dispose();
    const hooks = this.#endHooks.splice(0).map(async hook => hook());
    await this.#within(HOOKS_MS, Promise.allSettled(hooks));
    await this.#within(HOOKS_MS / 4, this.#output.written());
  }

  #pump(): void {
    while (!this.#over && !this.#paused) {
      const frame = this.#decoder.next();
      if (frame === undefined) return;
      if (frame.type === 'body') this.#gatekeeper.receiveBody(decode(frame.body));
      else this.#gatekeeper.refuse(frame.reason);
      if (frame.type === 'fatal') return this.#end({ why: 'fatal', reason: frame.reason });
    }
  }

  #deliver(reader: PushedReader, message: JsonObject): void {
    if (!isCancel(message)) this.#backlog++;
    reader.deliver(message as unknown as Message);
    if (this.#backlog > HIGH_BACKLOG) this.#steer();
  }

  #begun(message: Message): void {
    if (!isCancel(message as unknown as JsonObject)) this.#backlog--;
    if (this.#paused && this.#backlog < LOW_BACKLOG) this.#steer();
  }

  /** Reads on or stops reading, as the library's backlog and the client's appetite allow. */
  #steer(): void {
    if (this.#over) return;
    const pause = this.#outputHigh || this.#backlog > (this.#paused ? LOW_BACKLOG : HIGH_BACKLOG);
    if (pause === this.#paused) return;
    this.#paused = pause;
    if (pause) this.#options.input.pause();
    else {
      this.#pump();
      if (!this.#paused) this.#options.input.resume();
    }
  }

  #admit(params: Record<string, unknown>): string | undefined {
    const refused = this.#options.admit?.(params);
    if (refused === undefined) this.#decoder.maxBodyBytes = undefined;
    return refused;
  }

  #end(end: ChannelEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.ended(end);
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const { promise, resolve } = deferred();
    const timer = this.#options.clock.after(ms, resolve);
    await Promise.race([work, promise]);
    timer.cancel();
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>(done => (resolve = done));
  return { promise, resolve };
}

function isCancel(message: JsonObject): boolean {
  return message['method'] === '$/cancelRequest';
}

/** UTF-8, whatever the header says; bytes that are none become U+FFFD, and a byte order mark is left out. */
function decode(body: Buffer): string {
  const text = body.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
