/** What the worker is configured with and what it tells of itself; shared by worker.ts and workbench.ts. */
import type { IndexedSymbol } from './index/symbolIndex.ts';

export interface WorkerConfiguration {
  /** Absolute paths of the workspace folders. */
  readonly roots: readonly string[];
  readonly index: { readonly enabled: boolean; readonly maxFiles: number; readonly maxFileBytes: number };
  /** The client tells of files that change; else they are looked for. */
  readonly watched: boolean;
  /** Extra never-send patterns, in .gitignore syntax. */
  readonly neverSend: readonly string[];
}

export interface IndexStatus {
  readonly files: number;
  readonly tokens: number;
  readonly bytes: number;
  /** The first walk over the workspace is finished. */
  readonly complete: boolean;
}

/** The symbol index across the thread border. */
export interface WorkspaceSymbols {
  definitions(name: string, signal: AbortSignal): Promise<readonly IndexedSymbol[]>;
  named(prefix: string, limit: number, signal: AbortSignal): Promise<readonly IndexedSymbol[]>;
}
