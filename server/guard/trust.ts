/**
 * Whose word counts: folders the person trusts, endpoints the person accepted, and origins to which text may go
 * without being asked for. Grants come from the person alone and live in user state; nothing in a repository can
 * give one. It must not know how the question was put, nor how grants are stored.
 */
import { posix, win32 } from 'node:path';
import { isInside } from './containment.ts';
import type { Files } from '../base/ports.ts';

/** What can be granted. `automatic`: sending unasked; `endpoint`: sending at all when the user's own sources do not name it. */
export type GrantKind = 'folder' | 'endpoint' | 'automatic';

/** Where grants are kept; `store/consents.ts` is the real one. */
export interface Grants {
  get(kind: GrantKind, key: string): Promise<'granted' | 'denied' | undefined>;
  set(kind: GrantKind, key: string, answer: 'granted' | 'denied'): Promise<void>;
  forget(kind: GrantKind, key: string): Promise<void>;
  list(kind: GrantKind): Promise<readonly { readonly key: string; readonly answer: 'granted' | 'denied' }[]>;
}

/** May it be used at all; may text go there unasked. */
export type EndpointQuestion = 'endpoint' | 'automatic';

export interface TrustOptions {
  readonly grants: Grants;
  readonly files: Pick<Files, 'realPath'>;
  readonly platform: NodeJS.Platform;
}

export interface Trust {
  /** Whether the folder, or one around it, was trusted by the person. By real path. */
  folderTrusted(path: string): Promise<boolean>;
  trustFolder(path: string): Promise<void>;
  distrustFolder(path: string): Promise<void>;
  /** Keeps the person's answer for an endpoint's origin; rejects what is no http(s) address without login. */
  answer(kind: EndpointQuestion, url: string, yes: boolean): Promise<void>;
  /** All answers about endpoints. What follows from them is the router's to say. */
  answers(kind: EndpointQuestion): Promise<readonly { readonly origin: string; readonly yes: boolean }[]>;
}

/**
 * The origin a grant is bound to: scheme, host in ASCII and port. Undefined for anything but http(s), for
 * addresses with a user or password in them, and for what is no URL.
 */
export function originOf(url: string): string | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined;
  if (parsed.username !== '' || parsed.password !== '' || parsed.hostname === '') return undefined;
  return parsed.origin;
}

/**
 * Whether a folder may be trusted at all: not the person's home, nothing around it and no whole file system, since
 * whatever is unpacked or cloned there later would be trusted with it. Both paths real and absolute.
 */
export function mayBeTrusted(path: string, home: string, platform: NodeJS.Platform): boolean {
  const rules = platform === 'win32' ? win32 : posix;
  if (!rules.isAbsolute(path)) return false;
  const clean = rules.normalize(path);
  return rules.parse(clean).root !== clean && !isInside(clean, home, platform);
}

export function createTrust(options: TrustOptions): Trust {
  const { grants, files, platform } = options;

  /** The nearest answer upwards holds, so that one folder inside a trusted one can be taken out. */
  async function folderTrusted(path: string): Promise<boolean> {
    const realPath = await files.realPath(path).catch(() => undefined);
    if (realPath === undefined) return false;
    const around = (await grants.list('folder')).filter(({ key }) => isInside(key, realPath, platform));
    return around.sort((a, b) => b.key.length - a.key.length)[0]?.answer === 'granted';
  }

  return {
    folderTrusted,
    async trustFolder(path) {
      await grants.set('folder', await files.realPath(path), 'granted');
    },
    async distrustFolder(path) {
      const realPath = await files.realPath(path);
      await grants.forget('folder', realPath);
      if (await folderTrusted(realPath)) await grants.set('folder', realPath, 'denied');
    },
    async answer(kind, url, yes) {
      const origin = originOf(url);
      if (origin === undefined) throw new Error(`${JSON.stringify(url)} is no http(s) address without login`);
      await grants.set(kind, origin, yes ? 'granted' : 'denied');
    },
    async answers(kind) {
      return (await grants.list(kind)).map(({ key, answer }) => ({ origin: key, yes: answer === 'granted' }));
    },
  };
}
