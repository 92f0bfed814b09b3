/**
 * Whose word counts: folders the person trusts, endpoints the person accepted, and origins to which text may go
 * without being asked for. Grants come from the person alone and live in user state; nothing in a repository can
 * give one. It must not know how the question was put, nor how grants are stored.
 */
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

export interface TrustOptions {
  readonly grants: Grants;
  readonly files: Pick<Files, 'realPath'>;
  readonly platform: NodeJS.Platform;
  /** Endpoint URLs named by the user file or the environment: accepted by being there. */
  readonly userEndpoints: () => readonly string[];
  /** The setting `privacy.automatic`, from the user's own sources only. */
  readonly automaticSetting: () => 'ask' | 'allow' | 'deny';
}

/** `ask`: nobody has answered yet; until then it counts as no. */
export type Word = 'yes' | 'no' | 'ask';

export interface Trust {
  /** Whether the folder, or one around it, was trusted by the person. By real path. */
  folderTrusted(path: string): Promise<boolean>;
  trustFolder(path: string): Promise<void>;
  distrustFolder(path: string): Promise<void>;
  /** Whether explicit actions may send to this endpoint (URL or origin). */
  endpointAccepted(url: string): Promise<Word>;
  answerEndpoint(url: string, accepted: boolean): Promise<void>;
  /** Whether text may go there unasked: completion while typing, automatic hover. Never without `endpointAccepted`. */
  automaticAllowed(url: string): Promise<Word>;
  answerAutomatic(url: string, allowed: boolean): Promise<void>;
}

/** Text that never leaves this process needs nobody's word. */
export const inProcess = 'process';

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

/** Whether the origin is on this machine: `localhost` and the loopback addresses, nothing that merely resolves to them. */
export function isLoopback(url: string): boolean {
  const origin = originOf(url);
  if (origin === undefined) return false;
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

export function createTrust(options: TrustOptions): Trust {
  const { grants, files, platform } = options;

  async function word(kind: GrantKind, origin: string): Promise<Word> {
    const answer = await grants.get(kind, origin);
    if (answer === undefined) return 'ask';
    return answer === 'granted' ? 'yes' : 'no';
  }

  async function endpointAccepted(url: string): Promise<Word> {
    if (url === inProcess) return 'yes';
    const origin = originOf(url);
    if (origin === undefined) return 'no';
    const answered = await word('endpoint', origin);
    if (answered !== 'ask') return answered;
    return options.userEndpoints().some(named => originOf(named) === origin) ? 'yes' : 'ask';
  }

  async function answer(kind: GrantKind, url: string, yes: boolean): Promise<void> {
    const origin = originOf(url);
    if (origin === undefined) throw new Error(`${JSON.stringify(url)} is no http(s) address without login`);
    await grants.set(kind, origin, yes ? 'granted' : 'denied');
  }

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
    endpointAccepted,
    answerEndpoint: (url, accepted) => answer('endpoint', url, accepted),
    async automaticAllowed(url) {
      if (url === inProcess) return 'yes';
      const accepted = await endpointAccepted(url);
      if (accepted !== 'yes') return accepted;
      const setting = options.automaticSetting();
      if (setting !== 'ask') return setting === 'allow' ? 'yes' : 'no';
      return word('automatic', originOf(url) ?? '');
    },
    answerAutomatic: (url, allowed) => answer('automatic', url, allowed),
  };
}
