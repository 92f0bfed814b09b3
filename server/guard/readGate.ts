/**
 * The one read gate: whether a file or an open document may be looked at by any feature, embedded engine included.
 * Every refusal says why. It must not know what the text would be used for.
 */
import { posix } from 'node:path';
import type { Clock, DirectoryEntry, Environment, Files } from '../base/ports.ts';
import { createContainment, pathOfUri } from './containment.ts';
import { createIgnoreRules, isIgnoreFile } from './ignoreFiles.ts';
import { neverSendReason } from './neverSend.ts';
import { protectedReason } from './protectedPaths.ts';
import { rememberVerdicts } from './verdicts.ts';

/** `why` is a clause that finishes "left out because …", with the rule or file that decided. */
export type GateVerdict = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/**
 * `workspace`: in a folder. `outside`: in none; the buffer may be used for what the person asks explicitly, and
 * the answer must say so; never read from disk. `untitled`: no file at all.
 */
export type DocumentVerdict =
  | { readonly allowed: true; readonly place: 'workspace' | 'untitled' }
  | { readonly allowed: true; readonly place: 'outside'; readonly note: string }
  | { readonly allowed: false; readonly why: string };

export interface ReadGate {
  /** Whether the file at this absolute path may be read from disk. */
  check(path: string): Promise<GateVerdict>;
  /** Whether the crawler may enter the directory. */
  checkDirectory(path: string): Promise<GateVerdict>;
  /**
   * Those entries of a directory that may be entered or read: cheap, one look for all. Links, devices and
   * everything else that is neither file nor directory never pass.
   */
  allowedEntries(directory: string, entries: readonly DirectoryEntry[]): Promise<readonly DirectoryEntry[]>;
  /** Whether the text of an open document may be used, by its URI; a yes is believed for a second unless `changed`. */
  checkDocument(uri: string): Promise<DocumentVerdict>;
  /**
   * Whether a model may have a file made at this untrusted path below a workspace folder. Whether something lies
   * there already is not looked at.
   */
  mayCreate(root: string, untrusted: string): Promise<GateVerdict>;
  /** To be told of files that changed; returns true if a verdict may have changed. */
  changed(path: string): boolean;
  setRoots(roots: readonly string[]): void;
}

/**
 * The gate for what is sent by itself: an open file outside every workspace folder is for explicit requests only.
 */
export function forUnasked(gate: ReadGate): ReadGate {
  return {
    ...gate,
    async checkDocument(uri) {
      const verdict = await gate.checkDocument(uri);
      if (!verdict.allowed || verdict.place !== 'outside') return verdict;
      return {
        allowed: false,
        why: 'it lies outside the workspace folders, where only what you ask for is done',
      };
    },
  };
}

export interface ReadGateOptions {
  /** Absolute paths of the workspace folders. */
  readonly roots: readonly string[];
  readonly files: Files;
  readonly clock: Clock;
  readonly environment: Environment;
  /** The user's own patterns, in .gitignore syntax (setting `privacy.neverSend`). */
  readonly neverSend?: readonly string[];
}

const allowed = { allowed: true } as const;

/** What git opens in the editor to be written by the person. */
const gitMessage = /[\\/]\.git[\\/](?:[^\0]+[\\/])?(?:COMMIT_EDITMSG|MERGE_MSG|TAG_EDITMSG|SQUASH_MSG)$/;

function neverSentClause(reason: string): string {
  return `it is on the built-in list of what is never sent: ${reason}`;
}

export function createReadGate(options: ReadGateOptions): ReadGate {
  const { files, clock, environment } = options;
  const { platform, home, variables } = environment;
  const containment = createContainment(files, platform, options.roots);
  const configHome = variables['XDG_CONFIG_HOME']?.startsWith('/')
    ? variables['XDG_CONFIG_HOME']
    : `${home}/.config`;
  const rules = createIgnoreRules({
    files,
    clock,
    caseSensitive: platform === 'linux',
    userIgnoreFiles: [`${slashed(configHome)}/git/ignore`],
    patterns: options.neverSend ?? [],
  });

  function slashed(path: string): string {
    return platform === 'win32' ? path.replaceAll('\\', '/') : path;
  }

  /** Both the name that was asked for and the file behind it must be harmless. */
  async function decide(
    path: string,
    kind: 'file' | 'directory',
  ): Promise<GateVerdict & { outside?: boolean }> {
    const byName = neverSendReason(path, kind);
    if (byName !== undefined) return neverSent(byName);
    const located = await containment.locate(path);
    if (!located.ok) {
      if (!located.outside) return { allowed: false, why: located.why };
      return { allowed: false, why: located.why, outside: true };
    }
    const byTarget = neverSendReason(located.realPath, kind);
    if (byTarget !== undefined) return neverSent(byTarget);
    if (located.relative === '') return allowed;
    const root = slashed(located.root);
    const ignored = await rules.reason(root, slashed(located.realPath), kind);
    if (ignored !== undefined) return { allowed: false, why: ignored };
    return byAlias(path, slashed(located.realPath), root, kind);
  }

  /** A link inside the workspace: the link's own name may be ignored although its target is not. */
  async function byAlias(
    path: string,
    realPath: string,
    root: string,
    kind: 'file' | 'directory',
  ): Promise<GateVerdict> {
    const parent = await files.realPath(posix.dirname(slashed(path))).catch(() => undefined);
    if (parent === undefined) return allowed;
    const named = posix.join(slashed(parent), posix.basename(slashed(path)));
    if (named === realPath || !named.startsWith(`${root}/`)) return allowed;
    const ignored = await rules.reason(root, named, kind);
    return ignored === undefined ? allowed : { allowed: false, why: ignored };
  }

  function neverSent(reason: string): GateVerdict {
    return { allowed: false, why: neverSentClause(reason) };
  }

  function plain(verdict: GateVerdict): GateVerdict {
    return verdict.allowed ? allowed : { allowed: false, why: verdict.why };
  }

  async function outsideDocument(path: string): Promise<DocumentVerdict> {
    const realPath = await files.realPath(path).catch(() => path);
    const reason = neverSendReason(realPath);
    if (reason !== undefined) return { allowed: false, why: neverSentClause(reason) };
    return {
      allowed: true,
      place: 'outside',
      note: 'the file lies outside every workspace folder; its open text is used only for what you ask explicitly',
    };
  }

  /** Unsaved buffers are the person's own; a view of a file in another scheme is judged as that file. */
  async function documentWithoutFile(uri: string): Promise<DocumentVerdict> {
    let path: string;
    try {
      path = decodeURIComponent(uri.slice(uri.indexOf(':') + 1).replace(/[?#].*$/, ''));
    } catch {
      return { allowed: false, why: 'its URI has a broken escape' };
    }
    const reason = neverSendReason(path);
    if (reason !== undefined) return { allowed: false, why: neverSentClause(reason) };
    if (!path.startsWith('/')) return { allowed: true, place: 'untitled' };
    const verdict = await decide(path, 'file');
    const isRefusedView = !verdict.allowed && !verdict.outside;
    return isRefusedView ? { allowed: false, why: verdict.why } : { allowed: true, place: 'untitled' };
  }

  async function decideDocument(uri: string): Promise<DocumentVerdict> {
    if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) return { allowed: false, why: 'its URI has no scheme' };
    if (!/^file:/i.test(uri)) return documentWithoutFile(uri);
    const named = pathOfUri(uri, platform);
    if (!named.ok) return { allowed: false, why: named.why };
    if (gitMessage.test(named.path)) return { allowed: true, place: 'workspace' };
    const verdict = await decide(named.path, 'file');
    if (verdict.allowed) return { allowed: true, place: 'workspace' };
    return verdict.outside ? outsideDocument(named.path) : { allowed: false, why: verdict.why };
  }

  const verdicts = rememberVerdicts(decideDocument, clock);

  return {
    check: async path => plain(await decide(path, 'file')),
    checkDirectory: async path => plain(await decide(path, 'directory')),
    async allowedEntries(directory, entries) {
      if (!(await decide(directory, 'directory')).allowed) return [];
      const located = await containment.locate(directory);
      if (!located.ok) return [];
      const candidates = entries.flatMap(entry => {
        const { kind, name } = entry;
        if (kind !== 'file' && kind !== 'directory') return [];
        return neverSendReason(`${located.relative}/${name}`, kind) === undefined
          ? [{ name, kind, entry }]
          : [];
      });
      const reasons = await rules.reasons(slashed(located.root), slashed(located.realPath), candidates);
      return candidates.filter((_, i) => reasons[i] === undefined).map(candidate => candidate.entry);
    },
    checkDocument: uri => verdicts.of(uri),
    async mayCreate(root, untrusted) {
      const located = await containment.resolve(root, untrusted);
      const reason =
        protectedReason(untrusted) ?? (located.ok ? protectedReason(located.relative) : undefined);
      if (reason !== undefined) return { allowed: false, why: `it is protected from models as ${reason}` };
      if (!located.ok) return { allowed: false, why: located.why };
      return plain(await decide(`${root}/${untrusted}`, 'file'));
    },
    changed(path) {
      // Any file may have become a link, or be one no more.
      verdicts.clear();
      if (!isIgnoreFile(slashed(path))) return false;
      rules.clear();
      return true;
    },
    setRoots(roots) {
      containment.setRoots(roots);
      rules.clear();
      verdicts.clear();
    },
  };
}
