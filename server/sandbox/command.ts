/**
 * The contract of running a program that is not ours: what it is given, what it may do, how it ended. It must not
 * know which operating system confines it, nor what the output means.
 */

/** Upper bounds; the whole process tree is ended when one is passed. */
export interface Limits {
  readonly timeMs: number;
  /**
   * Of standard output and of standard error, each; what is more is dropped and said (`truncated`). A program that
   * writes many times as much is ended (`output`).
   */
  readonly outputBytes: number;
  /** Memory of its own that one process may have, where the system can hold it. */
  readonly memoryBytes?: number;
  /** Processes and threads at once, where the system can count them. */
  readonly processes?: number;
}

/** One program to run: argv, never a shell's line. */
export interface Command {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Beside the allow-list of variables; wins over it. Never holds a key of ours. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly limits: Limits;
  /** Absent: not confined, only bounded (a checker that the person trusts). */
  readonly confinement?: Confinement;
}

/** What a confined program may touch. Everything else of the machine is read-only or hidden; secrets are hidden. */
export interface Confinement {
  /** Absolute folders that it may write to, beside a private temporary one. */
  readonly writable: readonly string[];
  /**
   * Folders shown at another place and read-only there, such as the project's `node_modules` in a worktree; `at` the
   * same place: read-only inside of what is writable. Seatbelt shows nothing at another place.
   */
  readonly bound?: readonly { readonly from: string; readonly at: string }[];
  /** Absolute paths that it finds empty, beside the secrets of the home folder: the project that a worktree is of. */
  readonly hidden?: readonly string[];
  readonly network: boolean;
}

/** How programs can be confined here. `none`: no program runs confined, so a person must be asked for each. */
export type Isolation = 'bubblewrap' | 'namespaces' | 'seatbelt' | 'none';

export type Ending = 'exit' | 'time' | 'output' | 'aborted' | 'cannot-start' | 'not-confined';

export interface Ran {
  /** Null unless it ended by itself; 128 and the signal's number if it crashed. */
  readonly code: number | null;
  readonly ending: Ending;
  /** Without control sequences; `\n` ends lines. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly durationMs: number;
  readonly isolation: Isolation;
}

export interface Runner {
  /** Found out once, by trying. */
  isolation(): Promise<Isolation>;
  /** Never throws. A command that asks for confinement where there is none is not run (`not-confined`). */
  run(command: Command, signal: AbortSignal): Promise<Ran>;
}
