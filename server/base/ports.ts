/**
 * The ports through which everything touches the machine. Pure interfaces: `node.ts` is the only real
 * implementation, tests bring their own. Nothing here may know what a port is used for.
 */

/** What a path is. Sizes in bytes, times in milliseconds since the epoch. `other` is a device, socket or FIFO. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileStat['kind'];
}

/** Why a file could not be read as text; every reader must say it rather than skip the file silently. */
export type ReadFailure = 'missing' | 'not-a-file' | 'too-large' | 'binary' | 'denied';

export type ReadResult =
  | { readonly ok: true; readonly text: string; readonly mtimeMs: number }
  | { readonly ok: false; readonly why: ReadFailure };

/** Files by absolute path. Never follows a link in the last component, never blocks on a FIFO or a device. */
export interface Files {
  stat(path: string): Promise<FileStat | undefined>;
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** Reads UTF-8 text of at most `maxBytes` (default 2 MiB); NUL bytes or invalid UTF-8 make it `binary`. */
  readText(path: string, maxBytes?: number): Promise<ReadResult>;
  readBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Real path of the deepest existing ancestor, with the missing rest appended. */
  realPath(path: string): Promise<string>;
  /**
   * Writes through a temporary file and rename, mode 0600, creating parents with 0700. For Codriver's own state only.
   * Several parts are written one behind the other.
   */
  writePrivate(path: string, content: string | Uint8Array | readonly Uint8Array[]): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a folder with its missing parents. Gives those that were made, the outermost first. */
  makeFolders(path: string): Promise<readonly string[]>;
  /** Removes a folder that is empty; any other stays, and none is no error. */
  removeEmptyFolder(path: string): Promise<void>;
}

/**
 * The person's files, one step at a time, so that what is done to them can be made safe by order alone. Paths are
 * absolute with every link resolved; the last component is never followed. Rejects with Node's error codes.
 */
export interface Disk {
  /** A plain file's bytes and permission bits; undefined if there is nothing. Rejects for anything else there. */
  read(
    path: string,
    maxBytes: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly mode: number } | undefined>;
  /** Makes a file that must not exist, with exactly this mode, flushed to the device. */
  create(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** Gives a file a second name, which must not exist. */
  link(from: string, to: string): Promise<void>;
  /** Gives a file another name, in place of what has that name. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; one that is gone is no error. */
  remove(path: string): Promise<void>;
  /** Makes a folder and its missing parents; one that is there is no error. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** Flushes what names a folder holds. */
  syncFolder(path: string): Promise<void>;
  /** Names in a folder; none if it is missing. */
  list(path: string): Promise<readonly string[]>;
  /** Of this process. */
  readonly pid: number;
  isAlive(pid: number): boolean;
}

/** Something in a tree of files, as git would see it. */
export interface TreeEntry {
  readonly kind: FileStat['kind'];
  readonly size: number;
  /** Whether its owner may run it. */
  readonly executable: boolean;
}

/**
 * Whole trees of files of Codriver's own, which programs that are not ours may have written to. Paths are absolute; no
 * final link is followed. Rejects with Node's error codes where something is there and cannot be had.
 */
export interface TreeFiles {
  /** Undefined if nothing is there. */
  look(path: string): Promise<TreeEntry | undefined>;
  /** A folder that its owner may not read is made readable first: an empty answer means that it is empty. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** A plain file of at most `maxBytes`; rejects with EFBIG for a larger one, EINVAL for what is none. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** `length` bytes of a file, from `offset` on. */
  readPart(path: string, offset: number, length: number): Promise<Uint8Array>;
  readLink(path: string): Promise<string>;
  /** Makes a file that must not exist, not flushed. */
  write(path: string, bytes: Uint8Array, executable: boolean): Promise<void>;
  append(path: string, bytes: Uint8Array): Promise<void>;
  makeLink(target: string, path: string): Promise<void>;
  /** With missing parents, for its owner alone; one that is there is no error. */
  makeFolder(path: string): Promise<void>;
  /** With everything below; links are removed and not followed. */
  removeTree(path: string): Promise<void>;
}

/** A private folder of our own for a while, such as a copy of a project in which programs run. Names are relative, with `/`. */
export interface ScratchFolder {
  /** Absolute, with every link resolved. */
  readonly path: string;
  /** Copies a plain file with its permission bits; parents are made. Rejects if there is something already. */
  copy(from: string, name: string): Promise<void>;
  /** Makes a link to an absolute path. */
  link(from: string, name: string): Promise<void>;
  /** Makes or replaces a file; never through a link. */
  write(name: string, text: string): Promise<void>;
  /** Removes all of it; what links lead to stays. */
  dispose(): Promise<void>;
}

export interface Scratch {
  /** Only this user can look into it. `purpose` is a part of its name. */
  create(purpose: string): Promise<ScratchFolder>;
}

export interface RunResult {
  /** Null if a signal ended the program, or we did. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** `stdout` is only the beginning of what was written. */
  readonly truncated?: boolean;
  /** The same of `stderr`. */
  readonly stderrTruncated?: boolean;
  /** It was ended because it wrote more than `floodBytes`. */
  readonly flooded?: boolean;
  /** The program could not be started; `stderr` says why. */
  readonly notStarted?: boolean;
  /** The signal that ended the program when it was not us, such as `SIGSEGV`. */
  readonly signal?: string;
}

export interface RunOptions {
  cwd?: string;
  timeoutMs: number;
  env: Readonly<Record<string, string>>;
  /** Of standard output and of standard error, each; what is more is read and dropped. Default 1 MiB. */
  maxOutputBytes?: number;
  /** The program is ended when one of its streams passes this. Default: never. */
  floodBytes?: number;
  /** Written to its standard input, which is closed then. Default: an empty one. */
  stdin?: string;
  /** Descendants that left the process group are looked for and ended too, where the system shows them. */
  wholeFamily?: boolean;
  signal?: AbortSignal;
}

/**
 * Runs a program by argv, never through a shell, in its own process group; output is capped, the group is killed at
 * the limit and when the signal aborts (then `code` is null).
 */
export interface Processes {
  run(argv: readonly string[], options: RunOptions): Promise<RunResult>;
}

/** A timer that can be taken back. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  after(ms: number, run: () => void): Timer;
}

/** The environment as it was at start; never read from a project's files. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly tempDirectory: string;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Where lines for the maintainer go. Never gets document text, prompts or keys. */
export interface Log {
  write(level: LogLevel, message: string): void;
}

/** All ports together, as the composition roots hand them on. */
export interface Machine {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly log: Log;
}
