/**
 * Whether a path lies inside a workspace folder, decided component by component on real paths, and whether its
 * spelling can be trusted at all. It must not know what is done with the path, nor any ignore rule.
 */
import { posix, win32 } from 'node:path';
import type { Files } from '../base/ports.ts';

export type PathVerdict =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly why: string };

/**
 * How strict the spelling is looked at. `native`: only what this platform misreads, for files that exist.
 * `portable`: what any platform would misread, for names that come from a model or are about to be made.
 */
export type Spelling = 'native' | 'portable';

const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .:].*)?$/i;
const ownDeviceTree = /^[\\/]{2}[.?][\\/]|^[\\/]\?\?[\\/]/;

function refuse(why: string): PathVerdict {
  return { ok: false, why };
}

/** Why the spelling of an absolute or relative path is refused, or undefined. */
export function spellingFault(
  path: string,
  platform: NodeJS.Platform,
  spelling: Spelling,
): string | undefined {
  if (path === '') return 'the path is empty';
  if (path.length > 4096) return 'the path is longer than 4096 characters';
  if (path.includes('\0')) return 'the path holds a NUL character';
  if (/[\u0001-\u001f\u007f]/.test(path) && (spelling === 'portable' || platform === 'win32')) {
    return 'the path holds a control character';
  }
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(path)) {
    return 'the path is not valid Unicode';
  }
  const onWindows = platform === 'win32';
  if (!onWindows && spelling === 'native') return undefined;
  if (ownDeviceTree.test(path)) return 'the path names a device';
  if (/^[\\/]{2}/.test(path)) return 'the path is on a network share';
  if (!onWindows && path.includes('\\')) return 'the path holds a backslash';
  const rest = onWindows ? path.replace(/^[a-z]:/i, '') : path;
  for (const part of rest.split(onWindows ? /[\\/]/ : '/')) {
    if (part.includes(':')) return `"${part}" names an alternate stream or a drive`;
    if (deviceName.test(part)) return `"${part}" is the name of a device on Windows`;
    if (/[ .]$/.test(part) && part !== '.' && part !== '..') return `"${part}" ends in a dot or a space`;
  }
  return undefined;
}

/**
 * The path a `file:` URI means. Percent-escapes are decoded exactly once; an escaped separator or NUL, a host, a
 * query and another scheme are refused. Drive letters are recognised on Windows only.
 */
export function pathOfUri(uri: string, platform: NodeJS.Platform): PathVerdict {
  const match = /^file:(?:\/\/([^/?#]*))?(\/[^?#]*)$/i.exec(uri);
  if (match === null) return refuse('only file: URIs name files');
  const [, host = '', encoded = ''] = match;
  if (host !== '' && host.toLowerCase() !== 'localhost') return refuse('the URI names another computer');
  if (/%(?:2f|5c|00)/i.test(encoded)) return refuse('the URI hides a separator or NUL behind an escape');
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    return refuse('the URI has a broken escape');
  }
  if (platform === 'win32') {
    if (!/^\/[a-z]:(?:\/|$)/i.test(path)) return refuse('the URI names no drive');
    path = path.slice(1).replaceAll('/', '\\');
  }
  const fault = spellingFault(path, platform, 'native');
  return fault === undefined ? { ok: true, path } : refuse(fault);
}

/** One comparable spelling of a component: names that a file system may hold to be the same compare equal. */
function folded(part: string, platform: NodeJS.Platform): string {
  return platform === 'linux' ? part : part.normalize('NFC').toLowerCase();
}

/** Whether `path` is `root` or below it, by components; both absolute. Links are not looked at. */
export function isInside(root: string, path: string, platform: NodeJS.Platform): boolean {
  return relativeInside(root, path, platform) !== undefined;
}

/** The part of `path` below `root`, `/`-separated, empty for the root itself; undefined if it is not inside. */
export function relativeInside(root: string, path: string, platform: NodeJS.Platform): string | undefined {
  const rules = platform === 'win32' ? win32 : posix;
  if (!rules.isAbsolute(root) || !rules.isAbsolute(path)) return undefined;
  const separator = platform === 'win32' ? /[\\/]+/ : /\/+/;
  const above = rules.normalize(root).split(separator).filter(Boolean);
  const below = rules.normalize(path).split(separator).filter(Boolean);
  if (below.length < above.length) return undefined;
  const same = above.every((part, i) => folded(part, platform) === folded(below[i] ?? '', platform));
  return same ? below.slice(above.length).join('/') : undefined;
}

export type Located =
  | {
      readonly ok: true;
      /** With every link resolved. */
      readonly realPath: string;
      /** Real path of the workspace folder; the innermost one where folders are nested. */
      readonly root: string;
      /** `realPath` below `root`, `/`-separated. */
      readonly relative: string;
    }
  | { readonly ok: false; readonly outside: boolean; readonly why: string };

export interface Containment {
  setRoots(roots: readonly string[]): void;
  /** Where an absolute path really lies. Never throws. */
  locate(path: string, spelling?: Spelling): Promise<Located>;
  /**
   * An untrusted relative path (from a model, a document, a command's arguments) below `root`. Absolute paths,
   * drives, `~` and everything that could be read differently elsewhere are refused.
   */
  resolve(root: string, untrusted: string): Promise<Located>;
}

export function createContainment(
  files: Pick<Files, 'realPath'>,
  platform: NodeJS.Platform,
  initialRoots: readonly string[] = [],
): Containment {
  const rules = platform === 'win32' ? win32 : posix;
  let roots = initialRoots;
  /** Roots are resolved anew for every answer that is not inside a known one: a folder may be made later. */
  let realRoots: Promise<readonly string[]> | undefined;

  async function resolveRoots(): Promise<readonly string[]> {
    const resolved = await Promise.all(
      roots.map(async root =>
        spellingFault(root, platform, 'native') === undefined && rules.isAbsolute(root)
          ? files.realPath(root).catch(() => undefined)
          : undefined,
      ),
    );
    // Longest first, so that a nested folder wins over the one around it.
    return resolved.filter(root => root !== undefined).sort((a, b) => b.length - a.length);
  }

  function inRoots(candidates: readonly string[], realPath: string): Located | undefined {
    for (const root of candidates) {
      const relative = relativeInside(root, realPath, platform);
      if (relative !== undefined) return { ok: true, realPath, root, relative };
    }
    return undefined;
  }

  async function locate(path: string, spelling: Spelling = 'native'): Promise<Located> {
    const fault = spellingFault(path, platform, spelling);
    if (fault !== undefined) return { ok: false, outside: false, why: fault };
    if (!rules.isAbsolute(path)) return { ok: false, outside: false, why: 'the path is not absolute' };
    let realPath: string;
    try {
      realPath = await files.realPath(path);
    } catch {
      return { ok: false, outside: false, why: 'its links cannot be resolved' };
    }
    realRoots ??= resolveRoots();
    const found = inRoots(await realRoots, realPath);
    if (found) return found;
    realRoots = resolveRoots();
    return (
      inRoots(await realRoots, realPath) ?? {
        ok: false,
        outside: true,
        why: 'it lies outside every workspace folder',
      }
    );
  }

  /** `link/..` is one place for path arithmetic and another for the system; both must be inside. */
  async function climbsThroughLink(realRoot: string, untrusted: string): Promise<boolean> {
    const parts = untrusted.split('/');
    for (let i = 1; i < parts.length; i++) {
      if (parts[i] !== '..') continue;
      const climbed = await files.realPath(rules.join(realRoot, ...parts.slice(0, i))).catch(() => '');
      if (!isInside(realRoot, climbed, platform)) return true;
    }
    return false;
  }

  return {
    setRoots(next) {
      roots = next;
      realRoots = undefined;
    },
    locate,
    async resolve(root, untrusted) {
      const fault = spellingFault(untrusted, platform, 'portable');
      if (fault !== undefined) return { ok: false, outside: false, why: fault };
      if (/^(?:[\\/~]|[a-z]:)/i.test(untrusted)) {
        return { ok: false, outside: true, why: 'only paths relative to the workspace folder are taken' };
      }
      const realRoot = await files.realPath(root).catch(() => root);
      if (await climbsThroughLink(realRoot, untrusted)) {
        return { ok: false, outside: true, why: 'it climbs out of a link that leaves the workspace folder' };
      }
      const located = await locate(rules.join(root, untrusted), 'native');
      if (!located.ok) return located;
      const relative = relativeInside(realRoot, located.realPath, platform);
      return relative === undefined
        ? { ok: false, outside: true, why: 'it leaves the workspace folder' }
        : { ok: true, realPath: located.realPath, root: realRoot, relative };
    },
  };
}
