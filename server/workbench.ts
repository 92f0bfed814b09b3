/**
 * The worker thread as the main thread sees it: started when first needed, told of every open document, ended
 * when idle and large (the only way to give memory back), started again after a crash. It must not know what
 * the worker's answers are used for.
 */
import { Worker } from 'node:worker_threads';
import type { Analysis } from './analysis/analysis.ts';
import { CellOrder } from './base/cells.ts';
import type { Document } from './base/document.ts';
import type { RecentEdit } from './base/history.ts';
import type { LogOptions } from './base/node.ts';
import type { Clock, Log, Timer } from './base/ports.ts';
import { RpcClient } from './base/rpc.ts';
import type { Mirror, OpenDocument } from './base/worker.ts';
import type { EmbeddedAnswer, EmbeddedRequest } from './engines/embedded/types.ts';
import type { CodeSearch } from './index/codeSearch.ts';
import type { Prediction } from './features/nextEdit/types.ts';
import type { IndexStatus, WorkerConfiguration, WorkspaceSymbols } from './workerApi.ts';

/** Idle time after which a large worker ends, and the process size that counts as large. */
const IDLE_MS = 40_000;
/** Changes wait for a question so long, in ms: to wake the worker with each key would take time from what the key asks. */
const CHANGES_WAIT_MS = 5;
const LARGE_RSS_BYTES = 105 * 1024 * 1024;
/** More crashes than this in the window, and the worker stays off until the next start. */
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 180_000;
/** Heap limit of the worker, in MB: it fails alone instead of taking the server with it. */
const MAX_HEAP_MB = 1024;
/** Three times the worker's nursery, in MB. V8's own 48 keeps 6 MB more resident with one small file. */
const YOUNG_MB = 3;

/** A started worker thread, or a stand-in for tests. */
export interface WorkerThread {
  postMessage(message: unknown): void;
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): unknown;
  terminate(): Promise<unknown>;
  unref(): void;
}

export interface WorkbenchOptions {
  readonly start: () => WorkerThread;
  readonly clock: Clock;
  readonly log: Log;
  /** The documents that are open now, for a worker that starts (again). */
  readonly openDocuments: () => Iterable<Document>;
  readonly residentBytes?: () => number;
}

/** Starts the real worker thread: the bundle by way of the launcher and its code cache, or the source beside this file. */
export function startWorker(log: LogOptions): WorkerThread {
  const bundled = import.meta.url.endsWith('.cjs');
  const url = new URL(bundled ? './codriver.cjs' : './worker.ts', import.meta.url);
  return new Worker(url, {
    workerData: { log },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    // Nothing of the worker may ever reach stdout, which carries frames.
    stdout: true,
  });
}

export class Workbench implements Mirror {
  readonly #options: WorkbenchOptions;
  readonly #crashes: number[] = [];
  #running: { thread: WorkerThread; rpc: RpcClient } | undefined;
  #configuration: WorkerConfiguration | undefined;
  #idle: Timer | undefined;
  readonly #held: { uri: string; version: number; changes: Parameters<Mirror['change']>[2] }[] = [];
  #later: Timer | undefined;
  readonly #cells = new CellOrder();
  #closed = false;
  readonly analysis: Analysis;
  readonly symbols: WorkspaceSymbols;
  readonly codeSearch: CodeSearch;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    const call =
      <P extends unknown[], R>(method: string) =>
      (...args: [...P, AbortSignal]): Promise<R> =>
        this.#call(method, args.slice(0, -1), args.at(-1) as AbortSignal) as Promise<R>;
    this.analysis = {
      explain: call('explain'),
      explainProblems: call('explainProblems'),
      repairs: call('repairs'),
      findings: call('findings'),
      suspicions: call('suspicions'),
      declarationAt: call('declarationAt'),
      markers: call('markers'),
      documentDeclaration: call('documentDeclaration'),
      preflight: call('preflight'),
      completionShape: call('completionShape'),
      checkCompletion: call('checkCompletion'),
      opportunities: call('opportunities'),
      rename: call('rename'),
      extractVariable: call('extractVariable'),
      extractFunction: call('extractFunction'),
      changesOnlyProse: call('changesOnlyProse'),
      mutants: call('mutants'),
      testCases: call('testCases'),
    };
    this.symbols = { definitions: call('definitions'), named: call('named') };
    this.codeSearch = { search: call('search') };
  }

  /** Roots and rules of the index; takes effect at once and at every later start. */
  configure(configuration: WorkerConfiguration): void {
    this.#configuration = configuration;
    this.#tell('configure', configuration);
  }

  open(document: OpenDocument): void {
    if (this.#running) this.#tell('open', document);
    else this.#ensure();
  }

  change: Mirror['change'] = (uri, version, changes) => {
    if (!this.#running) return;
    this.#held.push({ uri, version, changes });
    this.#later ??= this.#options.clock.after(CHANGES_WAIT_MS, () => this.#letGo());
  };

  close(uri: string): void {
    this.#tell('close', uri);
  }

  arrange(notebook: string, cells: readonly string[]): void {
    this.#cells.arrange(notebook, cells);
    this.#tell('arrange', { notebook, cells });
  }

  /** Absolute paths of files that were created, changed or deleted on disk. */
  filesChanged(paths: readonly string[]): void {
    this.#tell('filesChanged', paths);
  }

  complete(request: EmbeddedRequest, signal: AbortSignal): Promise<EmbeddedAnswer> {
    return this.#call('complete', [request], signal) as Promise<EmbeddedAnswer>;
  }

  nextEdits(edits: readonly RecentEdit[], signal: AbortSignal): Promise<readonly Prediction[]> {
    return this.#call('nextEdits', [edits], signal) as Promise<readonly Prediction[]>;
  }

  /** Resolves when the first walk over the workspace is done. */
  async indexed(signal: AbortSignal): Promise<void> {
    await this.#call('indexed', [], signal);
  }

  status(signal: AbortSignal): Promise<IndexStatus> {
    return this.#call('status', [], signal) as Promise<IndexStatus>;
  }

  /** Ends the worker for good. */
  async shutdown(): Promise<void> {
    this.#closed = true;
    this.#idle?.cancel();
    await this.#end('the server is shutting down');
  }

  #tell(method: string, params: unknown): void {
    this.#letGo();
    this.#running?.rpc.notify(method, params);
  }

  /** Everything else comes after the changes that came before it. */
  #letGo(): void {
    this.#later?.cancel();
    this.#later = undefined;
    for (const change of this.#held.splice(0)) this.#running?.rpc.notify('change', change);
  }

  #call(method: string, args: unknown[], signal: AbortSignal): Promise<unknown> {
    const running = this.#ensure();
    if (!running) {
      const why = this.#closed
        ? 'the server is shutting down'
        : 'the analysis worker is off after repeated crashes';
      return Promise.reject(new Error(why));
    }
    this.#watchIdle();
    this.#letGo();
    return running.rpc.call(method, args, signal);
  }

  #ensure() {
    if (this.#running || this.#closed) return this.#running;
    const now = this.#options.clock.now();
    while (this.#crashes.length > 0 && now - (this.#crashes[0] as number) > CRASH_WINDOW_MS)
      this.#crashes.shift();
    if (this.#crashes.length >= MAX_CRASHES) return undefined;
    const thread = this.#options.start();
    const running = { thread, rpc: new RpcClient(thread) };
    this.#running = running;
    thread.on('error', error => {
      const text = error instanceof Error ? error.message : String(error);
      this.#options.log.write('error', `the analysis worker failed and will be started again: ${text}`);
      this.#crashes.push(this.#options.clock.now());
      this.#forget(running, new Error('the analysis worker failed'));
    });
    thread.on('exit', () => this.#forget(running, new Error('the analysis worker ended')));
    thread.unref();
    if (this.#configuration) running.rpc.notify('configure', this.#configuration);
    for (const [notebook, cells] of this.#cells.all()) running.rpc.notify('arrange', { notebook, cells });
    for (const document of this.#options.openDocuments()) {
      const { uri, languageId, version } = document;
      running.rpc.notify('open', { uri, languageId, version, text: document.getText() });
    }
    this.#watchIdle();
    return running;
  }

  #forget(running: { rpc: RpcClient }, reason: Error): void {
    running.rpc.close(reason);
    if (this.#running !== running) return;
    this.#running = undefined;
    // The next worker is given the texts as they are then.
    this.#held.length = 0;
    this.#later?.cancel();
    this.#later = undefined;
  }

  #watchIdle(): void {
    this.#idle?.cancel();
    this.#idle = this.#options.clock.after(IDLE_MS, () => {
      const resident = this.#options.residentBytes?.() ?? process.memoryUsage.rss();
      if (resident > LARGE_RSS_BYTES && this.#running?.rpc.pending === 0)
        void this.#end('the worker was idle');
      else if (this.#running) this.#watchIdle();
    });
  }

  async #end(why: string): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#forget(running, new Error(why));
    await running.thread.terminate();
  }
}
