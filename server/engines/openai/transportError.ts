/**
 * What can go wrong between this machine and an endpoint, before anything of the reply is understood. The
 * `message` of the error is a bare word for logs; `told` is for the person. It must not know HTTP libraries.
 */
import type { EngineErrorKind } from '../engine.ts';

/** Which of the four time limits was reached. */
export type Limit = 'connect' | 'first-byte' | 'stall' | 'total';

export interface TransportFacts {
  readonly kind: EngineErrorKind;
  /** For the person: what, why, what to do. */
  readonly told: string;
  readonly limit?: Limit;
  /** No byte of the reply was seen, so that asking again repeats nothing. */
  readonly untouched?: boolean;
  /** The connection was an old one that the server had closed meanwhile. */
  readonly stale?: boolean;
}

export class TransportError extends Error {
  readonly facts: TransportFacts;

  // The wording stays clear of "timed out": the SDK would swallow the cause of such an error.
  constructor(facts: TransportFacts) {
    super(`transport ${facts.limit ?? facts.kind}`);
    this.name = 'TransportError';
    this.facts = facts;
  }
}

const limitWords: Record<Limit, (seconds: string) => string> = {
  connect: s => `no connection within ${s}. Check that the server runs and the address is right`,
  'first-byte': s =>
    `it accepted the request but sent nothing for ${s}. The model may still be loading, or the time limit for the first byte is too short`,
  stall: s => `the answer stopped for ${s} in the middle. Nothing of it was used; try again`,
  total: s => `the answer took longer than ${s}. Ask for less, or raise the total time limit`,
};

/** A time limit was reached. */
export function limitError(limit: Limit, ms: number, origin: string, untouched: boolean): TransportError {
  const seconds = `${ms >= 1000 ? Math.round(ms / 100) / 10 : ms / 1000} s`;
  return new TransportError({
    kind: 'timeout',
    limit,
    untouched,
    told: `${origin} is too slow: ${limitWords[limit](seconds)}.`,
  });
}

const tlsCodes =
  /CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|^EPROTO$|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$/;

const tlsWords: readonly (readonly [RegExp, string])[] = [
  [/EXPIRED/, 'its certificate has expired. Ask whoever runs it to renew the certificate'],
  [/ALTNAME|HOSTNAME/, 'its certificate is for another host name. Use the name that the certificate has'],
  [
    /SELF_SIGNED|UNABLE_TO|ISSUER/,
    'its certificate is signed by nobody this machine trusts. If the server is yours, name its authority in the CA file setting',
  ],
  [
    /EPROTO|SSL|TLS/,
    'it did not speak TLS as expected. Check whether the address should start with http:// instead',
  ],
];

const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start the server, or correct the address and port',
  ENOTFOUND: 'the host name is not known. Check the spelling and the network',
  EAI_AGAIN: 'the host name could not be looked up. Check the network',
  ECONNRESET: 'the connection was closed before an answer came',
  EPIPE: 'the connection was closed before an answer came',
  EHOSTUNREACH: 'the host cannot be reached from here. Check the network or the proxy',
  ENETUNREACH: 'there is no network route to it. Check the network or the proxy',
};

/** Translates an error of node:http, node:net or node:tls. `answered`: bytes of the reply had come already. */
export function fromSystemError(
  error: unknown,
  origin: string,
  { answered, stale }: { readonly answered: boolean; readonly stale: boolean },
): TransportError {
  if (error instanceof TransportError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_'))
    return new TransportError({
      kind: 'not-a-model-endpoint',
      told: `${origin} does not answer in HTTP. Check the address, the port and whether it wants https://.`,
    });
  if (answered)
    return new TransportError({
      kind: 'incomplete',
      told: `The connection to ${origin} broke in the middle of the answer. Nothing of it was used; try again.`,
    });
  if (tlsCodes.test(code)) {
    const why = tlsWords.find(([pattern]) => pattern.test(code))?.[1] ?? 'its certificate was not accepted';
    return new TransportError({ kind: 'tls', told: `No secure connection to ${origin}: ${why} (${code}).` });
  }
  const why = networkWords[code] ?? `the connection failed${code === '' ? '' : ` (${code})`}`;
  return new TransportError({
    kind: 'network',
    told: `Could not reach ${origin}: ${why}.`,
    untouched: true,
    stale,
  });
}
