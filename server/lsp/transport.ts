/**
 * How a client reaches this process: standard streams, a socket or pipe it listens on, or one we listen on. And how
 * this process ends when the client is gone. It must not know any LSP method beyond the lifecycle.
 */
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Clock, Machine } from '../base/ports.ts';
import { Channel, type Client } from './channel.ts';

export type { Client } from './channel.ts';

export type TransportKind =
  | { readonly kind: 'stdio' }
  /** Connects out to 127.0.0.1, as the editor side listens. */
  | { readonly kind: 'socket'; readonly port: number }
  /** Connects out to a Unix socket or Windows named pipe. */
  | { readonly kind: 'pipe'; readonly path: string }
  /**
   * Listens on 127.0.0.1:port (0: any free one) or on a Unix socket of mode 0600. Every client must send the token
   * as `initializationOptions.token`; without one given a random one is made and said on stderr.
   */
  | { readonly kind: 'listen'; readonly at: number | string; readonly token?: string };

export interface TransportOptions {
  readonly transport: TransportKind;
  /** From `--clientProcessId`: the server ends within 5 s of that process. */
  readonly clientProcessId?: number;
}

const CONNECT_MS = 10_000;
const WATCH_MS = 2000;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Makes the connection and hands it to `serve`, which registers its handlers; reading begins when it returns.
 * `serve` runs once, or once per client with `listen`. Ends the process (exit code 0 after shutdown, else 1) when
 * the only client is gone, after the hooks given to `client.onEnd`; with `listen` only a signal ends it.
 */
export function connectTransport(
  options: TransportOptions,
  machine: Machine,
  serve: (client: Client) => void,
): void {
  const house = new House(machine);
  house.isolateFaults();
  if (options.clientProcessId !== undefined) house.watch(options.clientProcessId);
  const { transport } = options;
  if (transport.kind === 'stdio') {
    house.admit(process.stdin, process.stdout, serve);
    keepStdoutClean();
    return;
  }
  keepStdoutClean();
  if (transport.kind === 'listen') {
    // Loaded here only: start-up on standard streams should not pay for it.
    import('./listen.ts')
      .then(({ listen }) => listen(transport, machine, house, serve))
      .catch((error: unknown) => house.leave(1, `cannot listen: ${messageOf(error)}`));
    return;
  }
  const target = transport.kind === 'socket' ? `127.0.0.1:${transport.port}` : transport.path;
  const refused = (reason: string) =>
    house.leave(1, `cannot connect to the editor at ${target}: ${reason}. Start the server from the editor.`);
  const socket = transport.kind === 'socket' ? connect(transport.port, '127.0.0.1') : connect(transport.path);
  const patience = machine.clock.after(CONNECT_MS, () => refused('no answer'));
  const failed = (error: Error) => refused(error.message);
  socket.once('error', failed);
  socket.once('connect', () => {
    patience.cancel();
    socket.off('error', failed);
    house.admit(socket, socket, serve);
  });
}

/** The process as seen from its clients: who is here, and how it is left. */
export class House {
  readonly #machine: Machine;
  readonly #channels = new Set<Channel>();
  #leaving = false;

  constructor(machine: Machine) {
    this.#machine = machine;
    for (const [signal, number] of Object.entries(SIGNALS))
      process.once(signal, () => this.leave(128 + number));
  }

  /** Opens the channel of the one client whose end is the process's end. */
  admit(input: Readable, output: Writable, serve: (client: Client) => void): void {
    const channel = new Channel({
      input,
      output,
      clock: this.#machine.clock,
      log: this.#machine.log,
      clientProcess: pid => this.watch(pid),
      ended: end =>
        this.leave(
          channel.shutdownReceived ? 0 : 1,
          end.why === 'fatal' ? `stopped: ${end.reason}` : undefined,
        ),
    });
    this.open(channel, serve);
  }

  open(channel: Channel, serve: (client: Client) => void): void {
    this.#channels.add(channel);
    serve(channel);
    channel.start();
  }

  forget(channel: Channel): void {
    this.#channels.delete(channel);
  }

  /** Ends the process soon: closes every channel, says why on stderr if there is something to say. Only the first call counts. */
  leave(code: number, reason?: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    if (reason !== undefined) process.stderr.write(`codriver: ${reason}\n`);
    const exit = () => process.exit(code);
    Promise.all([...this.#channels].map(channel => channel.close())).then(exit, exit);
  }

  /** Leaves when the process with this id is gone. One that is not there to begin with is in another namespace. */
  watch(pid: number): void {
    watchProcess(pid, this.#machine.clock, () => this.leave(1, 'the editor is gone'));
  }

  /** What is thrown where nobody catches it ends neither the process nor anybody's session. */
  isolateFaults(): void {
    const report = (error: unknown) =>
      this.#machine.log.write('error', `unexpected fault: ${firstLines(error)}`);
    process.on('uncaughtException', report);
    process.on('unhandledRejection', report);
    // A log that cannot be written must not raise the next fault.
    process.stderr.on('error', () => {});
  }
}

/** Calls `gone` once when a process that was alive is alive no more, within about 2 s. */
function watchProcess(pid: number, clock: Clock, gone: () => void): void {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  const look = () => {
    if (isAlive(pid)) clock.after(WATCH_MS, look);
    else gone();
  };
  clock.after(WATCH_MS, look);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Everything that anybody prints goes to stderr from now on; frames have taken hold of stdout before. */
function keepStdoutClean(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error's message and the place it was thrown at, in one line. */
function firstLines(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  const place = /\n\s*(at .*)/.exec(error.stack ?? '')?.[1];
  return `${error.name}: ${error.message.split('\n')[0]}${place === undefined ? '' : ` ${place}`}`;
}
