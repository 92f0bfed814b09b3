/**
 * What the command line needs from outside, as one port, so that tests run every command in-process. It must not
 * know how any of it is made; the composition root wires it.
 */
import type { OpenDesk } from '../agent/desk.ts';
import type { Machine } from '../base/ports.ts';
import type { ApiKey } from '../config/apiKey.ts';
import type { ResolvedSettings } from '../config/settings.ts';
import type { LoopbackServer } from '../engines/openai/discover.ts';
import type { EndpointReport } from '../engines/openai/probe.ts';
import type { HeadlessSession } from './headless.ts';

/** Where words for a person go. stdout carries results only, so that it can be piped. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** A person at a terminal. */
export interface Terminal {
  /** One line that they type; undefined where they end the input or are asked no longer. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
}

/** The folders that the person trusts, kept in user state by real path. */
export interface TrustStore {
  isTrusted(realPath: string): Promise<boolean>;
  grant(realPath: string): Promise<void>;
  /** False if it was not trusted. */
  revoke(realPath: string): Promise<boolean>;
}

/** The folder of the user's own state (trust, consents, caches). `mode` is absent where the platform has none. */
export interface StateDirectory {
  readonly path: string;
  readonly exists: boolean;
  readonly writable: boolean;
  /** Permission bits. */
  readonly mode?: number;
  readonly ownedByUser: boolean;
}

/** What only other rooms can find out. Each may reject; doctor then reports that row and goes on. */
export interface DoctorProbes {
  endpoint(resolved: ResolvedSettings, key: ApiKey, signal: AbortSignal): Promise<EndpointReport>;
  localServers(signal: AbortSignal): Promise<readonly LoopbackServer[]>;
  /** Loads every grammar; `message` where one fails. */
  grammars(): Promise<readonly { readonly language: string; readonly message?: string }[]>;
  stateDirectory(): Promise<StateDirectory>;
}

export interface CliContext {
  readonly machine: Machine;
  readonly output: Output;
  /** Absolute path of the current folder. */
  readonly cwd: string;
  /** Of Codriver. */
  readonly version: string;
  /** As process.version: `v20.19.0`. */
  readonly nodeVersion: string;
  /** argv that starts this very program, for editors when it is not on PATH: node and script, absolute. */
  readonly program: readonly string[];
  readonly trust: TrustStore;
  readonly probes: DoctorProbes;
  openSession(): Promise<HeadlessSession>;
  readonly openDesk: OpenDesk;
  /** Undefined where nobody sits at a terminal. */
  readonly terminal: Terminal | undefined;
  /** Calls when the person or the system wants an end (Ctrl-C); the function takes that back. */
  onInterrupt(interrupted: () => void): () => void;
  /**
   * Replaces or makes a file of the person, through a temporary file and rename; follows a link in the last
   * component, keeps the mode, makes parent folders (0755). Rejects with a readable message.
   */
  writeUserFile(path: string, text: string): Promise<void>;
  /**
   * Changes files of a project as one, all or none, also if the process is killed: each must hold `before` still
   * (undefined: must not exist) and holds `after` then (undefined: is deleted). Returns why nothing was changed.
   */
  changeFiles(
    changes: readonly {
      readonly path: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }[],
  ): Promise<string | undefined>;
}
