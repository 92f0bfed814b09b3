/**
 * The index of the workspace: crawls, learns, keeps up with open documents and files on disk, and answers for
 * symbols and for the embedded engine's corpus. Lives in the worker. It must not know the protocol or the engine.
 */
import type { Clock, Files } from '../base/ports.ts';
import type { CodeSearchQuery, CodeSnippet } from './codeSearch.ts';
import { findFiles } from './crawl.ts';
import type { EntryGate } from './crawl.ts';
import { cutPiece, Ranking } from './search.ts';
import { Symbols } from './symbols.ts';
import { TokenStore } from './tokenStore.ts';
import {
  isFolderWorthOpening,
  isPathWorthReading,
  isTextWorthLearning,
  largestFile,
} from './worthLearning.ts';

export interface WorkspaceIndexOptions {
  readonly files: Files;
  readonly gate: EntryGate & { allows(path: string): boolean | Promise<boolean> };
  /** Replaces secret-like values; nothing is learned that has not passed it. */
  readonly scrub: (text: string) => string;
  readonly clock: Clock;
  /** Gives the thread to others; resolves when it is free again. */
  readonly breathe: () => Promise<void>;
  /** Called whenever the corpus has changed. */
  readonly onChange?: () => void;
  readonly maxFiles?: number;
  readonly maxFileBytes?: number;
  /** Bytes of text that are learned in all. */
  readonly maxBytes?: number;
}

export interface WorkspaceIndexStatus {
  readonly files: number;
  readonly tokens: number;
  readonly bytes: number;
  /** The first walk over the workspace is finished. */
  readonly complete: boolean;
  /** What was left out, in words for the person; undefined if nothing was. */
  readonly limited?: string;
}

/** The thread is given away after this long, in milliseconds. */
const sliceMs = 4;
/** Files between two moments at which what was learned becomes visible, growing with the workspace. */
const firstBatch = 60;
const defaults = { maxFiles: 20_000, maxFileBytes: largestFile, maxBytes: 256 * 1024 * 1024 };

export class WorkspaceIndex {
  readonly store: TokenStore;
  readonly symbols: Symbols;
  readonly #ranking: Ranking;
  #options: WorkspaceIndexOptions;
  /** Modification times of what is learned from disk. */
  readonly #times = new Map<string, number>();
  /** Text of open documents by path; it stands in for the file. */
  readonly #open = new Map<string, { readonly text: () => string; readonly languageId: string }>();
  readonly #abort = new AbortController();
  #roots: readonly string[] = [];
  #queue: Promise<void> = Promise.resolve();
  /** Characters of text held, by path, and in all. */
  readonly #lengths = new Map<string, number>();
  #bytesHeld = 0;
  #complete = false;
  #limited: string | undefined;
  #sliceStart = 0;

  constructor(options: WorkspaceIndexOptions) {
    this.#options = options;
    this.store = new TokenStore(options.onChange);
    this.symbols = new Symbols(this.store, path => this.#lines(path));
    this.#ranking = new Ranking(this.store);
    this.#sliceStart = options.clock.now();
  }

  status(): WorkspaceIndexStatus {
    const { files, tokens } = this.store;
    const bytes = this.store.bytes + this.symbols.bytes + this.#ranking.bytes;
    const status = { files, tokens, bytes, complete: this.#complete };
    return this.#limited === undefined ? status : { ...status, limited: this.#limited };
  }

  /** New limits, for the next crawl. */
  limits({ maxFiles, maxFileBytes }: { readonly maxFiles: number; readonly maxFileBytes: number }): void {
    this.#options = { ...this.#options, maxFiles, maxFileBytes };
  }

  /** Learns the files below the roots, nearest to `near` first, and forgets what lies below no root any more. */
  crawl(roots: readonly string[], near?: string): Promise<void> {
    this.#roots = roots;
    this.#complete = false;
    return this.#inTurn(async () => {
      for (const path of this.#times.keys()) if (!this.#belongs(path)) this.#forget(path);
      const { files, gate } = this.#options;
      const maxFiles = this.#options.maxFiles ?? defaults.maxFiles;
      const found = await findFiles(files, gate, roots, near, { maxFiles }, this.#abort.signal);
      this.#limited = found.cut
        ? `only the nearest ${maxFiles} files of the workspace are learned`
        : undefined;
      let batch = firstBatch;
      for (const [count, path] of found.paths.entries()) {
        if (this.#abort.signal.aborted || this.#roots !== roots) return;
        if (!this.#times.has(path) && !this.#open.has(path)) await this.#learnFile(path);
        if (count === batch) {
          this.store.seal();
          batch *= 4;
        }
      }
      this.#complete = true;
      this.store.seal();
    });
  }

  /** An open document stands in for its file from now on; `text` is asked for when it is learned. */
  opened(path: string, languageId: string, text: () => string): Promise<void> {
    this.#open.set(path, { text, languageId });
    return this.refresh(path);
  }

  /** Learns an open document again, for the benefit of other documents; call it when typing has paused. */
  refresh(path: string): Promise<void> {
    return this.#inTurn(async () => {
      const open = this.#open.get(path);
      if (!open) return;
      await this.#learn(path, open.text(), open.languageId);
      this.store.seal();
    });
  }

  /** The document is closed: the file on disk counts again. */
  closed(path: string): Promise<void> {
    this.#open.delete(path);
    return this.filesChanged([path]);
  }

  /** Files that were made, changed or removed on disk. Ones that are open are left as the editor has them. */
  filesChanged(paths: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const path of paths) {
        if (this.#open.has(path)) continue;
        this.#forget(path);
        if (this.#worth(path) && (await this.#options.gate.allows(path))) await this.#learnFile(path);
      }
      this.store.seal();
    });
  }

  /** The rules of what may be read have changed: what they refuse now is forgotten. */
  recheck(): Promise<void> {
    return this.#inTurn(async () => {
      for (const path of this.#times.keys()) {
        await this.#breatheIfDue();
        if (!(await this.#options.gate.allows(path))) this.#forget(path);
      }
      this.store.seal();
    });
  }

  /** An open document must not be learned from any more, and neither may its file. */
  refused(path: string): Promise<void> {
    this.#open.delete(path);
    return this.#inTurn(async () => {
      this.#forget(path);
      this.store.seal();
    });
  }

  /** For clients that watch nothing: looks for files that changed, came or went since they were read. */
  async sweep(): Promise<void> {
    const changed: string[] = [];
    for (const [path, time] of this.#times) {
      await this.#breatheIfDue();
      const stat = await this.#options.files.stat(path);
      if (stat?.mtimeMs !== time) changed.push(path);
    }
    if (changed.length > 0) await this.filesChanged(changed);
    const { files, gate, maxFiles = defaults.maxFiles } = this.#options;
    const found = await findFiles(files, gate, this.#roots, undefined, { maxFiles }, this.#abort.signal);
    const fresh = found.paths.filter(path => !this.store.has(path) && !this.#times.has(path));
    if (fresh.length > 0) await this.filesChanged(fresh);
  }

  /** Takes up what is new and sorted; to be called when the engine has sorted. */
  async prepareSearch(): Promise<void> {
    for (const _ of this.#ranking.prepare()) await this.#breatheIfDue();
  }

  /** Pieces of files that use the same names as a text, best first, as on disk or in the open document. */
  async search(query: CodeSearchQuery, path: string, signal: AbortSignal): Promise<CodeSnippet[]> {
    const { text, languageId, limit } = query;
    const found: CodeSnippet[] = [];
    for (const piece of this.#ranking.rank({ text, languageId, path, limit: 2 * limit })) {
      if (signal.aborted || found.length >= limit) break;
      // The rules may have changed since the file was learned.
      if (!(await this.#options.gate.allows(piece.path))) continue;
      const cut = cutPiece((await this.#lines(piece.path)) ?? [], piece);
      if (cut) found.push({ path: piece.path, ...cut, score: piece.score });
    }
    return found;
  }

  /** Stops crawling; what is learned stays. */
  stop(): void {
    this.#abort.abort();
  }

  /** One change of the store at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(work);
    this.#queue = run.catch(() => {});
    return run;
  }

  #belongs(path: string): boolean {
    return this.#roots.some(root => path.startsWith(root.endsWith('/') ? root : `${root}/`));
  }

  #worth(path: string): boolean {
    if (!this.#belongs(path) || !isPathWorthReading(path)) return false;
    const root = this.#roots.find(each => path.startsWith(each)) ?? '';
    return path.slice(root.length).split('/').slice(0, -1).every(isFolderWorthOpening);
  }

  #forget(path: string): void {
    this.#times.delete(path);
    this.#bytesHeld -= this.#lengths.get(path) ?? 0;
    this.#lengths.delete(path);
    this.store.remove(path);
    this.symbols.remove(path);
  }

  async #learnFile(path: string): Promise<void> {
    await this.#breatheIfDue();
    const limit = this.#options.maxBytes ?? defaults.maxBytes;
    if (this.#bytesHeld >= limit) {
      this.#limited = `only the nearest ${Math.round(limit / 1024 / 1024)} MB of the workspace are learned`;
      return;
    }
    const read = await this.#options.files.readText(
      path,
      this.#options.maxFileBytes ?? defaults.maxFileBytes,
    );
    if (!read.ok) return;
    this.#times.set(path, read.mtimeMs);
    this.#lengths.set(path, read.text.length);
    this.#bytesHeld += read.text.length;
    if (isTextWorthLearning(read.text)) await this.#learn(path, read.text, '');
  }

  async #learn(path: string, text: string, languageId: string): Promise<void> {
    const clean = this.#options.scrub(text);
    const names = this.symbols.collector(path, languageId);
    for (const _ of this.store.addInSlices(path, clean, languageId, names.line)) await this.#breatheIfDue();
    names.done(clean);
    await this.#breatheIfDue();
  }

  async #lines(path: string): Promise<readonly string[] | undefined> {
    const open = this.#open.get(path);
    if (open) return open.text().split(/\r\n|\r|\n/);
    const read = await this.#options.files.readText(
      path,
      this.#options.maxFileBytes ?? defaults.maxFileBytes,
    );
    return read.ok ? read.text.split(/\r\n|\r|\n/) : undefined;
  }

  async #breatheIfDue(): Promise<void> {
    if (this.#options.clock.now() - this.#sliceStart < sliceMs) return;
    await this.#options.breathe();
    this.#sliceStart = this.#options.clock.now();
  }
}
