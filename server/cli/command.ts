/** The words of the command line as data: what can be asked for. Types and names only; it must not parse or run. */
import type { LogLevel } from '../base/ports.ts';

/** How frames travel. `socket` and `pipe` connect out to the editor; `listen` waits on loopback for a client with the token. */
export type Transport =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'socket'; readonly port: number }
  | { readonly kind: 'pipe'; readonly path: string }
  | { readonly kind: 'listen'; readonly host: string; readonly port: number };

/** What the command line says about the log; it has the last word over the settings. */
export interface LogChoice {
  readonly level?: LogLevel;
  readonly file?: string;
}

/** Editors that `setup` knows. */
export const editorNames = [
  'neovim',
  'helix',
  'emacs-eglot',
  'emacs-lsp-mode',
  'vscode',
  'kakoune',
  'vim',
  'zed',
  'sublime',
] as const;
export type EditorName = (typeof editorNames)[number];

export const subCommands = [
  'doctor',
  'setup',
  'schema',
  'trust',
  'untrust',
  'complete',
  'explain',
  'fix',
  'run',
  'acp',
] as const;
export type SubCommand = (typeof subCommands)[number];

/** A place in a file as people write it: line and column from one, the column in UTF-16 units. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Command =
  | {
      readonly mode: 'lsp';
      readonly transport: Transport;
      /** Process id of the editor, whose end ends the server. */
      readonly clientProcessId?: number;
      readonly log: LogChoice;
      /** For stderr; the server starts all the same. */
      readonly warnings: readonly string[];
    }
  | { readonly mode: 'version' }
  | { readonly mode: 'help'; readonly topic?: SubCommand }
  | { readonly mode: 'usage-error'; readonly message: string }
  | { readonly mode: 'doctor'; readonly json: boolean; readonly log: LogChoice }
  | { readonly mode: 'setup'; readonly editor: EditorName; readonly write: boolean }
  | { readonly mode: 'schema' }
  | { readonly mode: 'trust' | 'untrust'; readonly path: string }
  | {
      readonly mode: 'complete' | 'explain';
      readonly place: FilePlace;
      readonly json: boolean;
      readonly log: LogChoice;
    }
  | {
      readonly mode: 'fix';
      readonly file: string;
      readonly write: boolean;
      readonly json: boolean;
      readonly log: LogChoice;
    }
  | {
      readonly mode: 'run';
      /** A task's document. */
      readonly file: string;
      /** The plan is approved as it is; never the result. */
      readonly yesToPlan: boolean;
      /** Where the report goes; `-` is standard output. */
      readonly report?: string;
      /** The hash of the result that the person approves, or its beginning. */
      readonly apply?: string;
      readonly log: LogChoice;
    }
  | { readonly mode: 'acp'; readonly log: LogChoice };
