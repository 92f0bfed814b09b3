/**
 * A proxy on loopback for tests: forwards everything to one server whatever host was asked for, and records what
 * it saw. It must not know models.
 */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface TestProxy {
  readonly url: string;
  readonly host: string;
  /** `CONNECT host:port` or `POST http://host/path`, with the Proxy-Authorization it came with. */
  readonly seen: readonly { readonly line: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

export interface TestProxyOptions {
  readonly targetPort: number;
  /** `user:password`; anything else is answered with 407. */
  readonly login?: string;
  /** Answers CONNECT with this status, or never. */
  readonly connectStatus?: number | 'silent';
}

export async function startProxy(options: TestProxyOptions): Promise<TestProxy> {
  const seen: { line: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const wanted =
    options.login === undefined ? undefined : `Basic ${Buffer.from(options.login).toString('base64')}`;
  const server = createServer((incoming, outgoing) => {
    const authorization = incoming.headers['proxy-authorization'];
    seen.push({ line: `${incoming.method} ${incoming.url}`, authorization });
    if (wanted !== undefined && authorization !== wanted) {
      outgoing.writeHead(407).end('login');
      return;
    }
    const { pathname } = new URL(incoming.url ?? '/', 'http://x');
    const onward = request({
      host: '127.0.0.1',
      port: options.targetPort,
      path: pathname,
      method: incoming.method,
      headers: incoming.headers,
    });
    onward.on('response', response => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.on('connect', (incoming, socket: Socket) => {
    const authorization = incoming.headers['proxy-authorization'];
    seen.push({ line: `CONNECT ${incoming.url}`, authorization });
    const status = wanted !== undefined && authorization !== wanted ? 407 : (options.connectStatus ?? 200);
    if (status === 'silent') return;
    socket.write(`HTTP/1.1 ${status} Scripted\r\n\r\n`);
    if (status !== 200) {
      socket.end();
      return;
    }
    const onward = connect(options.targetPort, '127.0.0.1');
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
