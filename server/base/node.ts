/**
 * The one real implementation of the ports: files, processes, clock, environment and log on Node. Nothing else in
 * the server touches the machine, apart from the engines' transport. It must not know what a port is used for.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { constants, type Stats } from 'node:fs';
import * as fsp from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createLimitedLog } from './limitedLog.ts';
import { nodeProcesses } from './node/processes.ts';
import type { Clock, Environment, Files, FileStat, Log, LogLevel, Machine, ReadFailure } from './ports.ts';

const defaultReadLimit = 2 * 1024 * 1024;
const windows = process.platform === 'win32';

interface KindTests {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

function kindOf(entry: KindTests): FileStat['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

// ---------------------------------------------------------------------------------------------------------- files

type Opened =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly mtimeMs: number }
  | { readonly ok: false; readonly why: ReadFailure };

/** Opens without following a final link and without waiting for a FIFO's writer, then looks at what it got. */
async function readRegularFile(path: string, maxBytes: number): Promise<Opened> {
  let handle: fsp.FileHandle | undefined;
  try {
    // Windows has neither flag; there a link is found by its own stat, and devices by name in guard/containment.
    if (windows && (await fsp.lstat(path)).isSymbolicLink()) return { ok: false, why: 'not-a-file' };
    handle = await fsp.open(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const stat = await handle.stat();
    if (!stat.isFile()) return { ok: false, why: 'not-a-file' };
    if (stat.size > maxBytes) return { ok: false, why: 'too-large' };
    return await readUpTo(handle, stat, maxBytes);
  } catch (error) {
    return { ok: false, why: failureOf(codeOf(error)) };
  } finally {
    await handle?.close().catch(() => {});
  }
}

/** Files of /proc say size 0 and grow while read, so the limit counts what arrives. */
async function readUpTo(handle: fsp.FileHandle, stat: Stats, maxBytes: number): Promise<Opened> {
  let buffer = Buffer.allocUnsafe(Math.min(maxBytes, stat.size) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return { ok: true, bytes: buffer.subarray(0, length), mtimeMs: stat.mtimeMs };
    length += bytesRead;
    if (length > maxBytes) return { ok: false, why: 'too-large' };
    if (length === buffer.length)
      buffer = Buffer.concat([buffer], Math.min(buffer.length * 2 + 4096, maxBytes + 1));
  }
}

function failureOf(code: string): ReadFailure {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (code === 'ELOOP' || code === 'EISDIR' || code === 'ENXIO' || code === 'EMLINK') return 'not-a-file';
  return 'denied';
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Follows links by hand where the target does not exist, since realpath gives up there. */
async function realPathOfDeepest(path: string, hops: number): Promise<string> {
  const rest: string[] = [];
  let current = resolve(path);
  for (;;) {
    try {
      return join(await fsp.realpath(current), ...rest.reverse());
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    }
    const target = await fsp.readlink(current).catch(() => undefined);
    if (target !== undefined) {
      if (hops >= 40) throw new Error(`Too many links in ${path}`);
      return realPathOfDeepest(join(resolve(dirname(current), target), ...rest.reverse()), hops + 1);
    }
    const parent = dirname(current);
    if (parent === current) return join(current, ...rest.reverse());
    rest.push(basename(current));
    current = parent;
  }
}

/** Makes `directory` and its missing parents 0700; refuses one that is a link, or that another user owns. */
async function preparePrivateDirectory(directory: string): Promise<void> {
  await fsp.mkdir(directory, { recursive: true, mode: 0o700 });
  const stat = await fsp.lstat(directory);
  if (!stat.isDirectory()) throw new Error(`${directory} is not a directory of its own but a link or a file`);
  const user = process.getuid?.();
  if (user === undefined) return;
  if (stat.uid !== user) throw new Error(`${directory} belongs to another user`);
  if ((stat.mode & 0o077) !== 0) await fsp.chmod(directory, 0o700);
}

async function writePrivate(
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  await preparePrivateDirectory(dirname(path));
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    const handle = await fsp.open(temporary, flags, 0o600);
    try {
      const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fsp.rename(temporary, path);
  } catch (error) {
    await fsp.rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Every path is resolved by its text first, as the guard does it: `link/..` must not mean two places. */
const files: Files = {
  async stat(path) {
    try {
      const stat = await fsp.lstat(resolve(path));
      return { kind: kindOf(stat), size: stat.size, mtimeMs: stat.mtimeMs };
    } catch {
      return undefined;
    }
  },
  async list(path) {
    try {
      const entries = await fsp.readdir(resolve(path), { withFileTypes: true });
      return entries.map(entry => ({ name: entry.name, kind: kindOf(entry) }));
    } catch {
      return [];
    }
  },
  async readText(path, maxBytes = defaultReadLimit) {
    const read = await readRegularFile(resolve(path), maxBytes);
    if (!read.ok) return read;
    if (read.bytes.includes(0)) return { ok: false, why: 'binary' };
    try {
      return { ok: true, text: strictUtf8.decode(read.bytes), mtimeMs: read.mtimeMs };
    } catch {
      return { ok: false, why: 'binary' };
    }
  },
  async readBytes(path, maxBytes) {
    const read = await readRegularFile(resolve(path), maxBytes);
    return read.ok ? read.bytes : undefined;
  },
  realPath: path => realPathOfDeepest(path, 0),
  writePrivate: (path, content) => writePrivate(resolve(path), content),
  async remove(path) {
    await fsp.rm(resolve(path), { force: true });
  },
  async makeFolders(path) {
    const last = resolve(path);
    const outermost = await fsp.mkdir(last, { recursive: true });
    const made: string[] = [];
    for (let at = last; outermost !== undefined && at.length >= outermost.length; at = dirname(at))
      made.unshift(at);
    return made;
  },
  async removeEmptyFolder(path) {
    await fsp.rmdir(resolve(path)).catch(() => {});
  },
};

// ------------------------------------------------------------------------------------- clock, environment and log

const clock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), 2 ** 31 - 1));
    return { cancel: () => clearTimeout(timer) };
  },
};

function readEnvironment(): Environment {
  return {
    variables: Object.freeze({ ...process.env }),
    home: homedir(),
    platform: process.platform,
    tempDirectory: tmpdir(),
  };
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Absolute path of a log file; without one, lines go to stderr. */
  readonly file?: string;
  /** The file is turned into `<file>.1` beyond this; one older file is kept. Default 5 MiB. */
  readonly maxFileBytes?: number;
}

/** What may wait in a stderr that nobody reads; further lines are dropped rather than kept in memory. */
const mostStderrBytes = 64 * 1024;

/** A limited log on stderr or on a rotated file (0600). Never throws: a log that cannot be written falls silent. */
export function createNodeLog(options: LogOptions): Log {
  const { file } = options;
  const sink = file === undefined ? writeStderr : rotatingFile(file, options.maxFileBytes ?? 5 * 1024 * 1024);
  return createLimitedLog(clock, options.level, line => sink(`${line}\n`));
}

function writeStderr(line: string): void {
  if (process.stderr.writableLength < mostStderrBytes) process.stderr.write(line);
}

function rotatingFile(path: string, maxBytes: number): (line: string) => void {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
  // A log in a FIFO or behind a planted link would block or write elsewhere.
  const guarded = flags | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  return line => {
    try {
      const descriptor = fs.openSync(path, guarded, 0o600);
      let stat: Stats;
      try {
        stat = fs.fstatSync(descriptor);
        if (!stat.isFile()) return;
        fs.writeSync(descriptor, line);
      } finally {
        fs.closeSync(descriptor);
      }
      if (stat.size + line.length > maxBytes) fs.renameSync(path, `${path}.1`);
    } catch {
      // There is no other place to say it.
    }
  };
}

/** The machine as the composition roots hand it on. */
export function createNodeMachine(log: LogOptions): Machine {
  return { files, processes: nodeProcesses, clock, environment: readEnvironment(), log: createNodeLog(log) };
}
