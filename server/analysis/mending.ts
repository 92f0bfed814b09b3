/**
 * Repairs and findings of open documents in steps that give way to others: an answer is still from one state of the
 * text, and what was searched of a text is gone on with by the next who asks. It must not know how repairs are found.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Finding, Problem, Repair } from './analysis.ts';
import { DelimiterSearch } from './delimiters/repair.ts';
import { brokenSyntax, FindingsSearch, type IsOver, mayBeDelimiters, repairsIn } from './repairs.ts';
import type { FileView } from './view.ts';

interface MendingPorts {
  /** Runs `use` on the present state of a document; `otherwise` where there is no tree or something goes wrong. */
  readonly withView: <T>(
    uri: string,
    signal: AbortSignal,
    otherwise: T,
    use: (view: FileView) => T,
  ) => Promise<T>;
  /** Gives the thread to others. */
  readonly breathe?: () => Promise<void>;
  /** Milliseconds of any clock, for what may take a time and no longer. */
  readonly now?: () => number;
}

/** A search of one text; every step needs a view of that text. */
interface Search {
  readonly text: string;
  readonly isDone: boolean;
  step(view: FileView): void;
}

const never = (): boolean => false;

export class Mending {
  readonly #ports: MendingPorts;
  /** The last of each open document: its text alone decides. */
  readonly #delimiters = new Map<string, DelimiterSearch>();

  constructor(ports: MendingPorts) {
    this.#ports = ports;
  }

  /** The document is closed. */
  forget(uri: string): void {
    this.#delimiters.delete(uri);
  }

  /** Everything the analysis itself can repair in a document; nothing if its text changes meanwhile. */
  async findings(uri: string, signal: AbortSignal): Promise<readonly Finding[]> {
    const { withView } = this.#ports;
    const isBroken = await withView<boolean | undefined>(uri, signal, undefined, view => view.tree.hasError);
    const found = isBroken
      ? await this.#search(
          uri,
          signal,
          never,
          this.#delimiters,
          view => new DelimiterSearch(view),
          (view, search) => brokenSyntax(view, search, signal),
        )
      : await this.#search(
          uri,
          signal,
          never,
          // Other files have a say, so that nothing is kept.
          new Map<string, FindingsSearch>(),
          view => new FindingsSearch(view),
          (view, search) => search.found(view, signal),
        );
    return found ?? [];
  }

  /** Repairs for a place; what is not found `withinMs` is left out. */
  async repairs(
    uri: string,
    range: Range,
    problems: readonly Problem[],
    withinMs: number,
    signal: AbortSignal,
  ): Promise<readonly Repair[]> {
    const { withView, now = () => performance.now() } = this.#ports;
    const end = now() + withinMs;
    const isOver = (): boolean => signal.aborted || now() > end;
    const isSearched = await withView(uri, signal, false, view => mayBeDelimiters(view, problems));
    const delimiters = isSearched
      ? await this.#search(
          uri,
          signal,
          isOver,
          this.#delimiters,
          view => new DelimiterSearch(view),
          (view, search) => search.repairs(view),
        )
      : [];
    return withView<readonly Repair[]>(uri, signal, [], view =>
      repairsIn(view, range, problems, delimiters ?? [], isOver),
    );
  }

  /** Undefined when the text changes meanwhile, and when it `isOver` before the end of the search. */
  async #search<S extends Search, T>(
    uri: string,
    signal: AbortSignal,
    isOver: IsOver,
    kept: Map<string, S>,
    begin: (view: FileView) => S,
    use: (view: FileView, search: S) => T,
  ): Promise<T | undefined> {
    let text: string | undefined;
    for (;;) {
      const step = await this.#ports.withView<{ done: T } | 'goes on' | undefined>(
        uri,
        signal,
        undefined,
        view => {
          text ??= view.text;
          if (view.text !== text) return undefined;
          let search = kept.get(uri);
          if (search?.text !== text) kept.set(uri, (search = begin(view)));
          if (!search.isDone) search.step(view);
          if (search.isDone) return { done: use(view, search) };
          return isOver() ? undefined : 'goes on';
        },
      );
      if (step !== 'goes on') return step?.done;
      await this.#ports.breathe?.();
    }
  }
}
