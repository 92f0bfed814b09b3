/** What a scenario may ask of an editor, the same for all of them. It must not know any one editor. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import type { Workspace } from './workspace.ts';

/** How a suggestion is taken over: from the completion menu, or as ghost text. */
export type Way = 'menu' | 'ghost';

/** What not every editor can do, for the table of reasons. */
export type Deed = 'delete files' | 'go to definition';

export interface Editor {
  readonly workspace: Workspace;
  /** The editor's own process; the server runs below it. */
  readonly pid: number;
  /** Opens a file, by its path in the workspace, and waits until the server knows it. */
  open(file: string): Promise<void>;
  /** The buffer as it is, saved or not. */
  text(): Promise<string>;
  /** Puts the cursor there; both count from zero. */
  place(line: number, character: number): Promise<void>;
  /** Types a whole line below `line`, without accepting anything, and leaves insertion. */
  write(line: number, text: string): Promise<void>;
  /** Types `typed` on a new line below `line` and accepts the first suggestion that `wanted` matches. */
  complete(line: number, typed: string, wanted: RegExp, way: Way): Promise<void>;
  /** What is shown about the place of the cursor; undefined as long as nothing is shown. */
  hover(): Promise<string | undefined>;
  /** The diagnostics of the buffer as the editor shows them, in one text. */
  diagnostics(): Promise<string>;
  /** Opens the menu of code actions at the cursor and gives its titles; nothing is chosen. */
  actions(): Promise<readonly string[]>;
  /** Runs the first code action at the cursor whose title matches. False: there is none. */
  act(title: RegExp): Promise<boolean>;
  /** Runs a command of the server as a person does in this editor, without a place. */
  command(name: string): Promise<void>;
  /** The path of the file whose buffer is in front. */
  front(): Promise<string>;
  /** What the server has told the person: all of it, or what of it is still on the screen. */
  said(): Promise<string>;
  /** What the person sees, for a failure's text. */
  state(): Promise<string>;
  /** Leaves without saving, as a person does. */
  quit(): Promise<void>;
  /** Ends the editor without a chance to say goodbye. */
  kill(): Promise<void>;
}

/** One editor of the matrix. */
export interface EditorKind {
  readonly name: string;
  readonly program: string;
  /** The oldest version that must pass. */
  readonly minimum: readonly [number, number];
  readonly ways: readonly Way[];
  /** Whether a second server can serve the same buffer. */
  readonly severalServers: boolean;
  /** Whether hover reaches Codriver; rass asks its first server only. */
  readonly hovers: boolean;
  /** What this editor cannot do, each with the reason; those steps are listed as pending with it. */
  readonly cannot?: Readonly<Partial<Record<Deed, string>>>;
  /** Further programs without which there is nothing to test. */
  readonly needs?: readonly string[];
  start(program: string, workspace: Workspace): Promise<Editor>;
}

/** The program in `CODRIVER_EDITORS` (a folder with bin/), else on the PATH; undefined when it is absent. */
export function locate(program: string): string | undefined {
  const home = process.env['CODRIVER_EDITORS'];
  const known = home === undefined || home === '' ? [] : [path.join(home, 'bin'), home];
  const folders = [...known, ...(process.env['PATH'] ?? '').split(path.delimiter)];
  return folders.map(folder => path.join(folder, program)).find(file => existsSync(file));
}

/** The version as [major, minor], from `--version`. */
export function version(program: string): readonly [number, number] {
  const text = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 20_000 }).stdout ?? '';
  const numbers = /(\d+)\.(\d+)/.exec(text);
  return [Number(numbers?.[1] ?? 0), Number(numbers?.[2] ?? 0)];
}
