/**
 * Where a file is cut into the pieces that search finds: some 15 to 50 lines, from one empty line or outer
 * indentation to the next. It must not know tokens or files.
 */

/** Lines of a piece before it may end: at an empty line above outermost code, above any code, at outermost code. */
const atOutermost = 12;
const atEmptyLine = 24;
const atIndent = 36;
/** A piece is never longer, in lines. */
const longest = 50;

/** Sees the lines of one file in order and says where the next piece begins. */
export class Chunker {
  #start = 0;
  /** The line behind an empty one, while no code has followed. */
  #afterEmpty = 0;

  /** A line without code; `empty`: without comment too. */
  skip(line: number, empty: boolean): void {
    if (empty) this.#afterEmpty = line + 1;
  }

  /** A line of code: the line that a new piece begins on, if one begins here or shortly above, else undefined. */
  code(line: number, indent: number): number | undefined {
    // Comments directly above code belong to it.
    const open = this.#afterEmpty > this.#start;
    const start = open ? this.#afterEmpty : line;
    this.#afterEmpty = 0;
    const length = start - this.#start;
    const enough = open ? (indent === 0 ? atOutermost : atEmptyLine) : indent === 0 ? atIndent : longest;
    if (length < enough) return undefined;
    this.#start = start;
    return start;
  }
}
