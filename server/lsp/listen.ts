/**
 * Serves clients that connect to us, each with a session of its own. Only the own user gets in: loopback or a
 * socket of mode 0600, and a token in initialize. Loaded only when asked for; knows no LSP method but that one.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Machine } from '../base/ports.ts';
import { Channel, type Client } from './channel.ts';
import { isObject } from './shapes.ts';
import type { House, TransportKind } from './transport.ts';

type Listen = Extract<TransportKind, { kind: 'listen' }>;

const MAX_CLIENTS = 64;
/** What a client may send, and how long it may take, before it has shown its token. */
const STRANGER_BYTES = 1024 * 1024;
const STRANGER_MS = 10_000;

export function listen(
  options: Listen,
  machine: Machine,
  house: House,
  serve: (client: Client) => void,
): void {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const server = createServer(socket => meet(socket, token, machine, house, serve));
  server.maxConnections = MAX_CLIENTS;
  server.on('error', error => {
    house.leave(
      1,
      `cannot listen at ${options.at}: ${error.message}. Choose another place or end what uses it.`,
    );
  });
  server.on('listening', () => {
    const said = options.token === undefined ? `, token ${token}` : '';
    process.stderr.write(`codriver: listening at ${placeOf(server)}${said}\n`);
  });
  if (typeof options.at === 'number') {
    server.listen(options.at, '127.0.0.1');
    return;
  }
  // The socket file gets its mode when it is bound, which happens within the call.
  const before = process.umask(0o177);
  try {
    server.listen(options.at);
  } finally {
    process.umask(before);
  }
}

function meet(
  socket: Socket,
  token: string,
  machine: Machine,
  house: House,
  serve: (client: Client) => void,
): void {
  const patience = machine.clock.after(STRANGER_MS, () => leave());
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    patience.cancel();
    house.forget(channel);
    void channel.close().then(() => socket.destroy());
  };
  const channel: Channel = new Channel({
    input: socket,
    output: socket,
    clock: machine.clock,
    log: machine.log,
    // Strict: a browser must not get a message across in the body of a request.
    limits: { strict: true, maxBodyBytes: STRANGER_BYTES },
    admit: params => {
      if (!takeToken(params, token)) {
        setImmediate(leave);
        return 'initializationOptions.token is missing or wrong; it was said on stderr when the server started';
      }
      patience.cancel();
      return undefined;
    },
    ended: leave,
  });
  house.open(channel, serve);
}

/** Compares in constant time, and takes the token out so that nobody further in sees it. */
function takeToken(params: Record<string, unknown>, token: string): boolean {
  const options = params['initializationOptions'];
  if (!isObject(options)) return false;
  const { token: given, ...rest } = options;
  params['initializationOptions'] = rest;
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function placeOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : String(address);
}
