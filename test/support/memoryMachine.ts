/**
 * A machine in memory for tests: files from a record, a clock that only moves when told, scripted processes, and a
 * log that is kept. It behaves like server/base/node.ts on Linux (POSIX paths) and touches nothing real.
 */
import { posix } from 'node:path';
import type {
  Clock,
  Environment,
  Files,
  FileStat,
  Log,
  LogLevel,
  Machine,
  Processes,
  RunResult,
} from '../../server/base/ports.ts';

/** What lies at a path: text, bytes, a link, a device or FIFO, an empty directory, or a file nobody may read. */
export type Planted =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly kind: 'other' | 'directory' | 'denied' };

export interface MemoryMachineOptions {
  /** Absolute POSIX path → content. Parent directories come by themselves. */
  readonly files?: Readonly<Record<string, Planted>>;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
  /** Names that differ in case or normalisation are one file, as on macOS. Default false. */
  readonly caseInsensitive?: boolean;
  /** Answers to `processes.run`; without it every program is missing (code null). */
  readonly run?: (argv: readonly string[]) => Partial<RunResult> | Promise<Partial<RunResult>>;
  /** Milliseconds since the epoch. */
  readonly startAt?: number;
}

export interface MemoryMachine extends Machine {
  /** Runs every timer due within the next `ms`, in order, and lets promises settle between them. */
  advance(ms: number): Promise<void>;
  /** Puts a file, replacing what was there, with the clock's time as modification time. */
  plant(path: string, content: Planted): void;
  /** Takes away a file or a whole directory. */
  uproot(path: string): void;
  /** Text of a file as it is now, undefined if it is not a text file. */
  textOf(path: string): string | undefined;
  /** Paths of all files under `path`, sorted. */
  pathsUnder(path: string): readonly string[];
  /** Timers that are still waiting. */
  pendingTimers(): number;
  readonly logged: readonly { readonly level: LogLevel; readonly message: string }[];
  readonly ran: readonly (readonly string[])[];
  /** Paths that were read (not merely looked at), in order. */
  readonly reads: readonly string[];
}

interface Node {
  readonly path: string;
  readonly content: Planted;
  readonly mtimeMs: number;
}

const defaultStart = Date.UTC(2026, 0, 1);

export function createMemoryMachine(options: MemoryMachineOptions = {}): MemoryMachine {
  const nodes = new Map<string, Node>();
  const logged: { level: LogLevel; message: string }[] = [];
  const ran: (readonly string[])[] = [];
  const reads: string[] = [];
  const timers = createFakeClock(options.startAt ?? defaultStart);

  const keyOf = (path: string): string =>
    options.caseInsensitive ? path.normalize('NFC').toLowerCase() : path;

  function plant(path: string, content: Planted): void {
    const clean = posix.resolve('/', path);
    for (let at = posix.dirname(clean); !nodes.has(keyOf(at)); at = posix.dirname(at)) {
      nodes.set(keyOf(at), { path: at, content: { kind: 'directory' }, mtimeMs: timers.clock.now() });
    }
    const known = nodes.get(keyOf(clean));
    if (known === undefined) touchParent(clean);
    nodes.set(keyOf(clean), { path: known?.path ?? clean, content, mtimeMs: timers.clock.now() });
  }

  function touchParent(path: string): void {
    const parent = nodes.get(keyOf(posix.dirname(path)));
    if (parent !== undefined) nodes.set(keyOf(parent.path), { ...parent, mtimeMs: timers.clock.now() });
  }

  function uproot(path: string): void {
    const clean = keyOf(posix.resolve('/', path));
    touchParent(posix.resolve('/', path));
    for (const key of nodes.keys()) if (key === clean || key.startsWith(`${clean}/`)) nodes.delete(key);
  }

  /** Resolves links; the final one only if asked. Missing rest is appended, as realpath of the deepest ancestor. */
  function resolveLinks(path: string, followLast: boolean): string {
    let hops = 0;
    let parts = posix.resolve('/', path).split('/').filter(Boolean);
    let at = '/';
    while (parts.length > 0) {
      const [part = '', ...rest] = parts;
      const next = posix.join(at, part);
      const node = nodes.get(keyOf(next));
      const target = node && isLink(node.content) ? node.content.link : undefined;
      if (target === undefined || (rest.length === 0 && !followLast)) {
        at = node?.path ?? next;
        parts = rest;
        continue;
      }
      if (++hops > 40) throw new Error(`Too many links in ${path}`);
      parts = [...posix.resolve(at, target).split('/').filter(Boolean), ...rest];
      at = '/';
    }
    return at;
  }

  function find(path: string): Node | undefined {
    try {
      return nodes.get(keyOf(resolveLinks(path, false)));
    } catch {
      return undefined;
    }
  }

  const files: Files = {
    async stat(path) {
      const node = find(path);
      return node && { kind: kindOf(node.content), size: sizeOf(node.content), mtimeMs: node.mtimeMs };
    },
    async list(path) {
      const directory = find(resolveLinks(path, true));
      if (directory === undefined || kindOf(directory.content) !== 'directory') return [];
      return [...nodes.values()]
        .filter(node => node.path !== '/' && posix.dirname(node.path) === directory.path)
        .map(node => ({ name: posix.basename(node.path), kind: kindOf(node.content) }));
    },
    async readText(path, maxBytes = 2 * 1024 * 1024) {
      const node = find(path);
      if (node === undefined) return { ok: false, why: 'missing' };
      if (isDenied(node.content)) return { ok: false, why: 'denied' };
      if (kindOf(node.content) !== 'file') return { ok: false, why: 'not-a-file' };
      if (sizeOf(node.content) > maxBytes) return { ok: false, why: 'too-large' };
      reads.push(node.path);
      const bytes = bytesOf(node.content);
      if (bytes.includes(0)) return { ok: false, why: 'binary' };
      try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        return { ok: true, text, mtimeMs: node.mtimeMs };
      } catch {
        return { ok: false, why: 'binary' };
      }
    },
    async readBytes(path, maxBytes) {
      const node = find(path);
      if (node === undefined || isDenied(node.content) || kindOf(node.content) !== 'file') return undefined;
      if (sizeOf(node.content) > maxBytes) return undefined;
      reads.push(node.path);
      return bytesOf(node.content);
    },
    async realPath(path) {
      return resolveLinks(path, true);
    },
    async writePrivate(path, content) {
      const parent = find(posix.dirname(path));
      if (parent !== undefined && kindOf(parent.content) !== 'directory') {
        throw new Error(`${parent.path} is not a directory of its own but a link or a file`);
      }
      plant(
        resolveLinks(path, false),
        typeof content === 'string' || content instanceof Uint8Array ? content : Buffer.concat(content),
      );
    },
    async remove(path) {
      const node = find(path);
      if (node === undefined) return;
      if (kindOf(node.content) === 'directory') throw new Error(`${path} is a directory`);
      uproot(node.path);
    },
    async makeFolders(path) {
      const missing: string[] = [];
      for (let at = posix.resolve('/', path); at !== '/' && !find(at); at = posix.dirname(at))
        missing.unshift(at);
      for (const each of missing) plant(each, { kind: 'directory' });
      return missing;
    },
    async removeEmptyFolder(path) {
      const node = find(path);
      if (node === undefined || kindOf(node.content) !== 'directory') return;
      if (![...nodes.values()].some(each => posix.dirname(each.path) === node.path)) uproot(node.path);
    },
  };

  const processes: Processes = {
    async run(argv) {
      ran.push(argv);
      const missing = { code: null, stderr: `Cannot start ${argv[0]}: ENOENT` };
      return {
        code: 0,
        stdout: '',
        stderr: '',
        timedOut: false,
        ...(await (options.run?.(argv) ?? missing)),
      };
    },
  };

  const environment: Environment = {
    variables: options.variables ?? {},
    home: options.home ?? '/home/dev',
    platform: options.platform ?? 'linux',
    tempDirectory: '/tmp',
  };

  const log: Log = { write: (level, message) => void logged.push({ level, message }) };

  nodes.set('/', { path: '/', content: { kind: 'directory' }, mtimeMs: timers.clock.now() });
  for (const [path, content] of Object.entries(options.files ?? {})) plant(path, content);

  return {
    files,
    processes,
    clock: timers.clock,
    environment,
    log,
    advance: timers.advance,
    plant,
    uproot,
    textOf(path) {
      const node = find(path);
      return node === undefined || kindOf(node.content) !== 'file'
        ? undefined
        : new TextDecoder().decode(bytesOf(node.content));
    },
    pathsUnder(path) {
      const prefix = path.endsWith('/') ? path : `${path}/`;
      return [...nodes.values()]
        .filter(node => node.path.startsWith(prefix) && kindOf(node.content) !== 'directory')
        .map(node => node.path)
        .sort();
    },
    pendingTimers: timers.pending,
    logged,
    ran,
    reads,
  };
}

export interface FakeClock {
  readonly clock: Clock;
  readonly advance: (ms: number) => Promise<void>;
  readonly pending: () => number;
}

/** A clock that stands still until `advance`; timers run in order of their time. */
export function createFakeClock(startAt = defaultStart): FakeClock {
  let now = startAt;
  let sequence = 0;
  const waiting = new Map<number, { readonly at: number; readonly run: () => void }>();
  return {
    clock: {
      now: () => now,
      after(ms, run) {
        const id = sequence++;
        waiting.set(id, { at: now + Math.max(0, ms), run });
        return { cancel: () => void waiting.delete(id) };
      },
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const [due] = [...waiting].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at);
        if (due === undefined) break;
        waiting.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].run();
      }
      now = end;
      await settle();
    },
    pending: () => waiting.size,
  };
}

/** Lets promise callbacks, also chains of them, run; takes no time on any clock. */
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

function isLink(content: Planted): content is { readonly link: string } {
  return typeof content === 'object' && 'link' in content;
}

function isDenied(content: Planted): boolean {
  return typeof content === 'object' && 'kind' in content && content.kind === 'denied';
}

function kindOf(content: Planted): FileStat['kind'] {
  if (typeof content === 'string' || content instanceof Uint8Array) return 'file';
  if ('link' in content) return 'symlink';
  return content.kind === 'denied' ? 'file' : content.kind;
}

function sizeOf(content: Planted): number {
  return bytesOf(content).length;
}

function bytesOf(content: Planted): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array();
}
