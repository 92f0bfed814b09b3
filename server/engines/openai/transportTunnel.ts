/**
 * Keep-alive agents: a plain one, and one whose TLS connections go through a proxy's CONNECT tunnel. It must not
 * know what is sent.
 */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { proxyAuthorization } from './proxy.ts';
import { TransportError } from './transportError.ts';

const pool = { keepAlive: true, maxFreeSockets: 8, scheduling: 'lifo' } as const;

export function plainAgent(secure: boolean): HttpAgent {
  return secure ? new HttpsAgent(pool) : new HttpAgent(pool);
}

type Created = (error: Error | null, socket?: Duplex) => void;

/** What the agent is asked for: the target, and the signal of the request that first needs the connection. */
export interface TunnelOptions extends ConnectionOptions {
  readonly needed?: AbortSignal;
}

/**
 * An https agent whose connections are tunnelled through `proxy`. Sockets are handed out after the TLS handshake,
 * so that the certificate is checked before a byte of a request is written.
 */
export function tunnelAgent(proxy: URL): HttpsAgent {
  const agent = new HttpsAgent(pool);
  const createConnection = (options: TunnelOptions, created: Created): undefined => {
    openTunnel(proxy, options).then(
      socket => created(null, socket),
      (error: unknown) => created(error instanceof Error ? error : new Error('tunnel')),
    );
  };
  return Object.assign(agent, { createConnection });
}

function openTunnel(proxy: URL, options: TunnelOptions): Promise<Duplex> {
  const { host = 'localhost', port = 443 } = options;
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const authorization = proxyAuthorization(proxy);
  return new Promise((resolve, reject) => {
    const connecting = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      method: 'CONNECT',
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
      ...(options.needed === undefined ? {} : { signal: options.needed }),
    });
    connecting.once('error', reject);
    connecting.once('response', response => {
      response.destroy();
      reject(proxyRefusal(proxy, response.statusCode ?? 0));
    });
    connecting.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(proxyRefusal(proxy, response.statusCode ?? 0));
        return;
      }
      const secured = tlsConnect({ ...options, socket, servername: options.servername ?? host });
      const abandon = (): void => void secured.destroy(new Error('abandoned'));
      options.needed?.addEventListener('abort', abandon, { once: true });
      secured.once('error', reject);
      secured.once('secureConnect', () => {
        options.needed?.removeEventListener('abort', abandon);
        secured.off('error', reject);
        resolve(secured);
      });
    });
    connecting.end();
  });
}

/** What a proxy's refusal means for the person. Also used for 407 on plain requests. */
export function proxyRefusal(proxy: URL, status: number): TransportError {
  if (status === 407)
    return new TransportError({
      kind: 'configuration',
      told: `The proxy ${proxy.host} asks for a user name and password (407). Put them into the proxy setting.`,
    });
  return new TransportError({
    kind: 'network',
    told: `The proxy ${proxy.host} did not open a connection (status ${status}). Check the proxy and no-proxy settings.`,
    untouched: true,
  });
}
