/**
 * Bytes to lines and back: the framing of the Agent Client Protocol, one JSON text a line. Bounded, and linear in
 * what comes. It must not know what a line says.
 */

/** Longest line, in bytes: a prompt may carry whole files. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

const LF = 10;

export type Line =
  | { readonly type: 'line'; readonly text: string }
  /** A line that is too long; it was skipped to its end. */
  | { readonly type: 'fault'; readonly reason: string };

export class LineDecoder {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #skipping = false;

  constructor(maxBytes = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that these bytes complete; blank ones are left out. */
  push(chunk: Uint8Array): readonly Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, end), lines);
      this.#finish(lines);
      from = end + 1;
    }
    this.#keep(chunk.subarray(from), lines);
    return lines;
  }

  /** What came behind the last line end, once the input is over. */
  end(): readonly Line[] {
    const lines: Line[] = [];
    this.#finish(lines);
    return lines;
  }

  #keep(part: Uint8Array, lines: Line[]): void {
    if (part.length === 0 || this.#skipping) return;
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      this.#skipping = true;
      this.#parts = [];
      lines.push({ type: 'fault', reason: `a message is longer than ${this.#maxBytes} bytes` });
      return;
    }
    // The chunk may be the stream's own memory, which it uses again.
    this.#parts.push(Uint8Array.from(part));
  }

  #finish(lines: Line[]): void {
    const whole = Buffer.concat(this.#parts)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (!this.#skipping && whole !== '') lines.push({ type: 'line', text: whole });
    this.#parts = [];
    this.#bytes = 0;
    this.#skipping = false;
  }
}
