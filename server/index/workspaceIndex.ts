/**
 * The index of the workspace: crawls, learns, keeps up with open documents and files on disk, and answers for
 * symbols and for the embedded engine's corpus. Lives in the worker. It must not know the protocol or the engine.
 */
import type { Clock, Files } from '../base/ports.ts';
import type { CodeSearchQuery, CodeSnippet } from './codeSearch.ts';
import { findFiles } from './crawl.ts';
import type { EntryGate } from './crawl.ts';
import { adoptImage, filesOf, imageOf } from './image.ts';
import type { FileState, IndexImage } from './image.ts';
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
  /** The same in steps; without it a long file is one. */
  readonly scrubInSlices?: (text: string) => Generator<undefined, string>;
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
  /** What is learned from disk, as it was then. */
  readonly #disk = new Map<string, FileState>();
  /** Text of open documents by path; it stands in for the file. */
  readonly #open = new Map<string, { readonly text: () => string; readonly languageId: string }>();
  readonly #abort = new AbortController();
  #roots: readonly string[] = [];
  #queue: Promise<void> = Promise.resolve();
  /** Characters of text held. */
  #held = 0;
  #changes = 0;
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

  /**
   * Files on disk that were learned or forgotten since the last `image`; infinitely many if one may not be read any
   * more, since an image must not go on holding it.
   */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Learns the files below the roots, nearest to `near` first, and forgets what lies below no root any more. What
   * `saved` gives is taken in place of reading, as far as the files may be read and are as they were; it is asked
   * only while nothing is learned.
   */
  crawl(
    roots: readonly string[],
    near?: string,
    saved?: () => Promise<IndexImage | undefined>,
  ): Promise<void> {
    this.#roots = roots;
    this.#complete = false;
    return this.#inTurn(async () => {
      for (const path of this.#disk.keys()) if (!this.#belongs(path)) this.#forget(path);
      const { files, gate } = this.#options;
      const maxFiles = this.#options.maxFiles ?? defaults.maxFiles;
      const breathe = (): Promise<void> => this.#breatheIfDue();
      const found = await findFiles(files, gate, roots, near, { maxFiles, breathe }, this.#abort.signal);
      this.#limited = found.cut
        ? `only the nearest ${maxFiles} files of the workspace are learned`
        : undefined;
      const image = this.#disk.size === 0 ? await saved?.() : undefined;
      if (image) await this.#adopt(image, new Set(found.paths));
      let batch = firstBatch;
      for (const [count, path] of found.paths.entries()) {
        if (this.#abort.signal.aborted || this.#roots !== roots) return;
        if (!this.#disk.has(path) && !this.#open.has(path)) await this.#learnFile(path);
        if (count === batch) {
          await this.#seal();
          batch *= 4;
        }
      }
      this.#complete = true;
      await this.#seal();
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
      await this.#seal();
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
      await this.#seal();
    });
  }

  /** The rules of what may be read have changed: what they refuse now is forgotten. */
  recheck(): Promise<void> {
    return this.#inTurn(async () => {
      for (const path of this.#disk.keys()) {
        await this.#breatheIfDue();
        if (!(await this.#options.gate.allows(path))) this.#forget(path, true);
      }
      await this.#seal();
    });
  }

  /** An open document must not be learned from any more, and neither may its file. */
  refused(path: string): Promise<void> {
    this.#open.delete(path);
    return this.#inTurn(async () => {
      this.#forget(path, true);
      await this.#seal();
    });
  }

  /** For clients that watch nothing: looks for files that changed, came or went since they were read. */
  async sweep(): Promise<void> {
    const changed: string[] = [];
    for (const [path, known] of this.#disk) {
      await this.#breatheIfDue();
      if (!(await this.#isAsKnown(path, known))) changed.push(path);
    }
    if (changed.length > 0) await this.filesChanged(changed);
    const { files, gate, maxFiles = defaults.maxFiles } = this.#options;
    const breathe = (): Promise<void> => this.#breatheIfDue();
    const limits = { maxFiles, breathe };
    const found = await findFiles(files, gate, this.#roots, undefined, limits, this.#abort.signal);
    const fresh = found.paths.filter(path => !this.store.has(path) && !this.#disk.has(path));
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
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work);
    this.#queue = run.then(
      () => {},
      () => {},
    );
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

  /** Makes an image of what is learned from disk, to be taken up by a later `crawl`. */
  image(): Promise<IndexImage> {
    return this.#inTurn(async () => {
      // What is open may hold what the person never saved.
      const files = new Map([...this.#disk].filter(([path]) => !this.#open.has(path)));
      this.#changes = 0;
      const work = imageOf(this.store, this.symbols, files);
      for (;;) {
        const step = work.next();
        if (step.done) return step.value;
        await this.#breatheIfDue();
      }
    });
  }

  /** Takes up an image, but for files that are gone, changed, open or not found by the crawl any more. */
  async #adopt(image: IndexImage, found: ReadonlySet<string>): Promise<void> {
    const current = new Set<string>();
    const refused = new Set<string>();
    const files = filesOf(image) ?? new Map<string, FileState>();
    for (const [path, known] of files) {
      await this.#breatheIfDue();
      const isThere = await this.#isAsKnown(path, known);
      if (found.has(path) && isThere && !this.#open.has(path)) current.add(path);
      // It is there and was not found: the rules have changed.
      else if (isThere && !found.has(path)) refused.add(path);
    }
    const work = adoptImage(image, this.store, this.symbols, current, refused);
    for (;;) {
      const step = work.next();
      if (step.done && !step.value) return;
      if (step.done) break;
      await this.#breatheIfDue();
    }
    for (const path of current) {
      const state = files.get(path) as FileState;
      this.#disk.set(path, state);
      this.#held += state.length;
    }
    this.#changes = refused.size > 0 ? Infinity : files.size - current.size;
    await this.#seal();
  }

  async #isAsKnown(path: string, known: FileState): Promise<boolean> {
    const stat = await this.#options.files.stat(path);
    return stat?.kind === 'file' && stat.mtimeMs === known.mtimeMs && stat.size === known.size;
  }

  async #seal(): Promise<void> {
    for (const _ of this.store.sealInSlices()) await this.#breatheIfDue();
  }

  #forget(path: string, refused = false): void {
    const known = this.#disk.get(path);
    if (known) {
      this.#disk.delete(path);
      this.#held -= known.length;
      this.#changes = refused ? Infinity : this.#changes + 1;
    }
    this.store.remove(path, refused);
    this.symbols.remove(path);
  }

  async #learnFile(path: string): Promise<void> {
    await this.#breatheIfDue();
    const limit = this.#options.maxBytes ?? defaults.maxBytes;
    if (this.#held >= limit) {
      this.#limited = `only the nearest ${Math.round(limit / 1024 / 1024)} MB of the workspace are learned`;
      return;
    }
    // What is named like a secret would be kept by its name.
    const { files, scrub, maxFileBytes = defaults.maxFileBytes } = this.#options;
    const stat = await files.stat(path);
    const read = stat && scrub(path) === path && (await files.readText(path, maxFileBytes));
    if (!read || !read.ok) return;
    this.#disk.set(path, { mtimeMs: stat.mtimeMs, size: stat.size, length: read.text.length });
    this.#held += read.text.length;
    this.#changes++;
    if (isTextWorthLearning(read.text)) await this.#learn(path, read.text, '');
  }

  async #learn(path: string, text: string, languageId: string): Promise<void> {
    const clean = await this.#scrubbed(text);
    const names = this.symbols.collector(path, languageId);
    for (const _ of this.store.addInSlices(path, clean, languageId, names.line)) await this.#breatheIfDue();
    names.done(clean);
    await this.#breatheIfDue();
  }

  async #scrubbed(text: string): Promise<string> {
    const work = this.#options.scrubInSlices?.(text);
    if (!work) return this.#options.scrub(text);
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      await this.#breatheIfDue();
    }
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
