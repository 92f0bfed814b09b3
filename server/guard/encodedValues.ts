/**
 * Looks into values that are text in another coat, base64 and JSON web tokens: a secret is as secret as what it says.
 * Pure; it must not know how a value was found.
 */

/** Shorter text is no evidence: by chance it decodes to something that reads. */
const SHORTEST = 8;
/** In seconds since the epoch, 2025-01-01: a token that ended before opens nothing any more. */
const LONG_AGO = 1_735_689_600;
/** Claims that a token's bearer is known by: what stands there must be plainly made up. */
const identity =
  /^(?:sub|jti|sid|uid|oid|azp|cid|ref|tid|upn|scopes?|scp|roles?|permissions|groups)$|id$|user|mail|name|key/i;
const times = /^(?:iat|nbf|exp|auth_time)$/;
/** Hosts that nobody can have (RFC 2606). */
const reserved = /^(?:https?:\/\/)?(?:[\w-]+\.)*(?:example(?:\.(?:com|org|net))?|test|invalid)(?:[:/]|$)/i;
const madeUp =
  /^(?:0?123456789?0?|john(?:[ .]doe)?|jane(?:[ .]doe)?|alice|bob)$|example|dummy|fake|\btest\b/i;

/** What the value says as base64, if that is printable ASCII throughout; by chance a random value never is. */
export function decodedText(value: string): string | undefined {
  const bare = value.replace(/={1,2}$/, '');
  if (bare.length < SHORTEST || bare.length % 4 === 1 || !/^[\w+/-]+$/.test(bare)) return undefined;
  const text = Buffer.from(bare, 'base64url').toString('latin1');
  // Few letters may well decode to something printable by chance; then at least it must be made as one writes.
  const least = value.length > bare.length || /^[\w.@-]+:[ -~]+$/.test(text) ? SHORTEST - 3 : 2 * SHORTEST;
  return text.length >= least && /^[ -~]+$/.test(text) ? text : undefined;
}

/**
 * A JSON web token of a test or a manual: it ended years ago, or everything that it claims is made up. `isStock` tells
 * words that stand for a value.
 */
export function isSampleToken(value: string, isStock: (text: string) => boolean): boolean {
  if (!value.startsWith('eyJ')) return false;
  const claims = claimsOf(value.split('.')[1] ?? '');
  if (claims === undefined) return false;
  const { exp, iss } = claims;
  if (typeof exp === 'number' && exp < LONG_AGO) return true;
  if (typeof iss === 'string' && reserved.test(iss)) return true;
  const said = Object.entries(claims).filter(([name]) => !times.test(name));
  return said.length > 0 && said.every(([name, claim]) => isMadeUp(name, claim, isStock));
}

function claimsOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isMadeUp(name: string, claim: unknown, isStock: (text: string) => boolean): boolean {
  if (Array.isArray(claim)) return claim.length > 0 && claim.every(each => isMadeUp(name, each, isStock));
  if (typeof claim === 'boolean') return !identity.test(name);
  if (typeof claim !== 'string') return false;
  if (madeUp.test(claim)) return true;
  // `aud: correct-audience`, `message: hello world`.
  const words = claim.split(/[\s_-]+/);
  return (
    !identity.test(name) &&
    words.some(isStock) &&
    words.every(word => isStock(word) || word === name || /^(?:audience|issuer)$/.test(word))
  );
}
