/**
 * Where a front door without an editor takes tasks up: the port between `cli/` and `acp/` and whoever puts a task's
 * ports together. It must not know either of them.
 */
import type { Host } from '../base/host.ts';
import type { DrivenTask } from './drive.ts';
import type { Answer, Watcher } from './ports.ts';
import type { Result } from './types.ts';

/** Why a task is not taken up; `message` is for the person and says what to do. */
export interface Refusal {
  readonly ok: false;
  readonly why: 'untrusted' | 'level' | 'failed';
  readonly message: string;
}

/** A file of the project before and after a task. Null: there is none. */
export interface ResultFile {
  /** Relative to the project's folder, with `/`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface DeskTask extends DrivenTask {
  readonly ok: true;
  /** What the result changes; files that are no text are left out. */
  readonly files: () => Promise<readonly ResultFile[]>;
  /** A change-set document of it. */
  changeSet(result: Result): Promise<Answer<string>>;
  /** Gives the task back, so that another process may take it up; what runs must have ended. */
  close(): Promise<void>;
}

/** How the person is reached while the task works, beside the questions of `Decider`. */
export interface DeskDoor {
  /** `read`: a file's text as changes are made against it; undefined: there is none. It rejects for what is no text. */
  host(read: (path: string) => Promise<string | undefined>): Host;
  readonly watcher: Watcher;
}

export interface Desk {
  /** Absolute, links resolved: the folder of the project. */
  readonly root: string;
  /** The highest level of the dial that the person's settings allow. */
  level(): number;
  trusted(): Promise<boolean>;
  /** Keeps the person's word that they trust the folder. */
  trust(): Promise<void>;
  /** Makes the document of a new task of this name. */
  create(name: string, text: string): Promise<Answer<string>>;
  /** The document of the task of this name. */
  find(name: string): Promise<{ readonly file: string; readonly text: string } | undefined>;
  /**
   * What an editor shows of files, saved or not, by absolute path: what is taken up or applied next takes it into
   * account, and it is forgotten then.
   */
  shown(texts: ReadonlyMap<string, string>): void;
  /**
   * Takes up the task of a document of the project, or begins it. `level`: what the person asked for by a choice made
   * right now, where their settings say less.
   */
  open(file: string, signal: AbortSignal, level?: number): Promise<DeskTask | Refusal>;
  close(): Promise<void>;
}

/** Makes a desk for the project in a folder, given by its real path. */
export type OpenDesk = (root: string, door: DeskDoor) => Promise<Desk>;
