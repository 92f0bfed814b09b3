/**
 * Notebooks: which documents are cells, and in which order the code cells of one notebook stand, so that they can be
 * read as one file. It must not know texts or the protocol.
 */

/** Whether a document is a cell, by how clients name cells; each is a part of a program and not a whole one. */
export function isCell(uri: string): boolean {
  return /^vscode-notebook-cell:|\.ipynb#/i.test(uri);
}

/** Whether a path is a notebook's own file: JSON with outputs in it, which is nothing to learn from. */
export function isNotebookFile(path: string): boolean {
  return /\.ipynb$/i.test(path);
}

export class CellOrder {
  readonly #cells = new Map<string, readonly string[]>();
  readonly #notebookOf = new Map<string, string>();

  /** Puts a notebook's code cells in order; none: the notebook is closed. */
  arrange(notebook: string, cells: readonly string[]): void {
    for (const cell of this.#cells.get(notebook) ?? []) this.#notebookOf.delete(cell);
    if (cells.length === 0) this.#cells.delete(notebook);
    else this.#cells.set(notebook, cells);
    for (const cell of cells) this.#notebookOf.set(cell, notebook);
  }

  /** The code cells above and below one; both empty for what is no cell. */
  around(cell: string): { readonly above: readonly string[]; readonly below: readonly string[] } {
    const cells = this.#cells.get(this.#notebookOf.get(cell) ?? '') ?? [];
    const at = cells.indexOf(cell);
    return at < 0 ? { above: [], below: [] } : { above: cells.slice(0, at), below: cells.slice(at + 1) };
  }

  /** Every notebook with its code cells. */
  all(): Iterable<readonly [notebook: string, cells: readonly string[]]> {
    return this.#cells;
  }
}
