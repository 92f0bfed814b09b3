/**
 * The contract of a project's own checkers and formatters: what one is, how it is called, what it reported. Pure
 * data: it must not know how programs are run, who may run them, or what becomes of a report.
 */

export type CheckKind = 'build' | 'types' | 'lint' | 'tests' | 'format';

/** `quick`: under a second or two, fit for a repair loop. `slow`: seconds. `heavy`: may take minutes. */
export type Cost = 'quick' | 'slow' | 'heavy';

/** How a tool counts columns. `display`: as a terminal shows them, with tabs to every eighth column (gcc). */
export type ColumnUnit = 'utf16' | 'utf8' | 'codepoint' | 'display';

export type Severity = 'error' | 'warning' | 'information';

/** A place as a tool tells it, both numbers from zero. Without a column the line is meant. */
export interface ReportedPlace {
  readonly line: number;
  readonly column?: number;
}

/** One thing that a tool says of a file. */
export interface Report {
  /** As it was printed: absolute, or relative to the folder the tool ran in; '' for what came by standard input. */
  readonly path: string;
  readonly start: ReportedPlace;
  /** Behind the last character; absent where the tool tells only a beginning. */
  readonly end?: ReportedPlace;
  readonly unit: ColumnUnit;
  readonly severity: Severity;
  readonly message: string;
  readonly code?: string;
  /** Where the rule is explained. Shown as text and never fetched. */
  readonly url?: string;
}

/** What a tool wrote, and how it ended; `code` is null unless it ended by itself. */
export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a program may be found: paths in the project, nearest folder first, then PATH by its name. */
export interface Program {
  readonly name: string;
  /** Relative to the folder of the check or one above it within the project. */
  readonly local: readonly string[];
  /** Name of another program on PATH that runs it as a module, with the arguments for that: `python3 -m pytest`. */
  readonly otherwise?: { readonly name: string; readonly arguments: readonly string[] };
  /** It is only used where the project brings it. */
  readonly localOnly?: boolean;
}

/**
 * How the text of a file reaches a tool. `disk`: what is saved. `stdin`: by standard input under the file's name.
 * `copy`: a private copy under the same base name, with the configuration named. Only the last two can check text
 * that nobody has saved.
 */
export type Feed = 'disk' | 'stdin' | 'copy';

/** Placeholders in arguments, each a whole argument or a part of one. */
export const PLACES = {
  /** Absolute path of the file that is meant. */
  file: '{file}',
  /** The file relative to the folder of the check, with `/`. */
  relative: '{relative}',
  /** Folder of the file, relative to the folder of the check, `.` for that folder itself. */
  directory: '{directory}',
  /** Absolute path of a private copy of the file's text. */
  copy: '{copy}',
  /** Absolute path of the folder of the check. */
  folder: '{folder}',
} as const;

/** A checker that a project has, ready to be run. */
export interface Check {
  /** Unique within a project: `eslint`, or `web/eslint` for one of a folder below. */
  readonly id: string;
  /** What a person calls it; the source of its problems. */
  readonly tool: string;
  readonly kind: CheckKind;
  readonly covers: 'file' | 'project';
  readonly cost: Cost;
  /** Relative to the project, `/` between parts, '' for the project itself: where it is run. */
  readonly folder: string;
  /** Endings of files that it is about, with the dot; empty: all. */
  readonly endings: readonly string[];
  readonly program: Program;
  readonly arguments: readonly string[];
  /** Instead of `arguments` where one file is meant, and where text that is not saved is. */
  readonly forFile?: { readonly arguments: readonly string[]; readonly feed: Feed };
  readonly forText?: { readonly arguments: readonly string[]; readonly feed: 'stdin' | 'copy' };
  readonly environment?: Readonly<Record<string, string>>;
  /** The project names it itself, so that it may do anything. */
  readonly script?: true;
  /** The file that shows that the project uses it; '' where the language alone does. */
  readonly evidence: string;
  /** Never throws; what cannot be read is no report. */
  readonly parse: (output: Output) => readonly Report[];
}

/** A formatter that a project has: the text goes in by standard input, and comes out whole. */
export interface Formatter {
  readonly tool: string;
  readonly folder: string;
  readonly endings: readonly string[];
  readonly program: Program;
  readonly arguments: readonly string[];
  readonly evidence: string;
}

/** What is known of a project's files: enough to say which tools it uses. */
export interface ProjectFiles {
  /** Relative to the project with `/`; folders are not listed. */
  readonly paths: readonly string[];
  /** The text of one of them, where it was read; only files that `isTelling` names are asked for. */
  text(path: string): string | undefined;
}
