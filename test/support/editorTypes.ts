/** What tests say to the strict editor and get from it. Types only, and the error of an error answer. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Json } from './editorRules.ts';
import type { ServerUnderTest } from './wire.ts';

export interface EditorOptions {
  /** Argv or in-process function; default: the built binary on standard streams. */
  readonly server?: ServerUnderTest;
  /** Whose `initialize` to send, one of test/fixtures/caps; default `neovim-0.12.4`. */
  readonly profile?: string;
  /** Replaces members of the profile's `initialize` parameters; `undefined` leaves one out. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Changes the profile's capabilities before they are sent. */
  readonly capabilities?: (capabilities: Record<string, unknown>) => void;
  readonly rootUri?: string | null;
  readonly initializationOptions?: unknown;
  /** What workspace/configuration answers for a section. */
  readonly configuration?: (section: string | undefined) => unknown;
  /** Custom notifications and requests that the client opted in to. */
  readonly optIn?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Limit of every wait, in ms. */
  readonly patienceMs?: number;
}

/** An error response. */
export class ErrorAnswer extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(error: { code: number; message: string; data?: unknown }) {
    super(`${error.message} (${error.code})`);
    this.code = error.code;
    this.data = error.data;
  }
}

export interface Notification {
  readonly method: string;
  readonly params: Json;
}

export interface Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly severity?: number;
  readonly source?: string;
  readonly code?: string | number;
  readonly data?: unknown;
}

/** An edit of the server as the editor took it. */
export interface TakenEdit {
  readonly label: string | undefined;
  readonly edit: Json;
  readonly applied: boolean;
  readonly failureReason?: string;
}

/** How a question to the person is answered: the title of a choice, null to dismiss, or `undefined` if it is not for this rule. */
export type Answerer = (message: string, choices: readonly string[]) => string | null | undefined;

/** A request of the editor that waits for its answer. */
export interface Asked {
  readonly method: string;
  readonly uri: string | undefined;
  readonly version: number | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A wait of the test for something the server sends. */
export interface Waiter {
  readonly what: string;
  check(): boolean;
  reject(error: Error): void;
}
