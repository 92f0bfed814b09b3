/**
 * Which cells the open notebooks have, in order, as the client tells it. The cells' texts are documents like others;
 * this knows their order alone. It must not know features.
 */
import type { NotebookCell, NotebookCellArrayChange } from 'vscode-languageserver';

/** LSP's kind of a cell that holds code; the other holds markup. */
const CODE = 2;

export class Notebooks {
  readonly #open = new Map<string, NotebookCell[]>();
  readonly #arrange: (notebook: string, cells: readonly string[]) => void;

  /** `arrange` is told of the code cells whenever they change; none when the notebook is closed. */
  constructor(arrange: (notebook: string, cells: readonly string[]) => void) {
    this.#arrange = arrange;
  }

  open(uri: string, cells: readonly NotebookCell[]): void {
    this.#open.set(uri, [...cells]);
    this.#tell(uri);
  }

  /** Replaces a part of the list; out of range it counts to the end, as arrays do. */
  splice(uri: string, { start, deleteCount, cells }: NotebookCellArrayChange): void {
    const known = this.#open.get(uri);
    if (!known) return;
    known.splice(start, deleteCount, ...(cells ?? []));
    this.#tell(uri);
  }

  /** Cells that changed in place: their kind, perhaps. */
  update(uri: string, cells: readonly NotebookCell[]): void {
    const known = this.#open.get(uri);
    if (!known) return;
    const changed = new Map(cells.map(cell => [cell.document, cell]));
    this.open(
      uri,
      known.map(cell => changed.get(cell.document) ?? cell),
    );
  }

  /** The documents of a notebook's cells. */
  cellsOf(uri: string): readonly string[] {
    return (this.#open.get(uri) ?? []).map(({ document }) => document);
  }

  /** The documents of all its cells, which the client may not name. */
  close(uri: string): readonly string[] {
    const cells = this.cellsOf(uri);
    this.#open.delete(uri);
    this.#arrange(uri, []);
    return cells;
  }

  #tell(uri: string): void {
    const cells = this.#open.get(uri) ?? [];
    this.#arrange(
      uri,
      cells.filter(({ kind }) => kind === CODE).map(({ document }) => document),
    );
  }
}
