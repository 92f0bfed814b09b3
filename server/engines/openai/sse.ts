/**
 * Server-sent events, from bytes to events, by the WHATWG rules and a little more tolerant. Linear in its input
 * and bounded. It must not know what the data means.
 */

/** Longest line in UTF-16 units. */
export const lineCap = 1024 * 1024;

export interface SseEvent {
  /** Value of the `event` field; empty when absent. */
  readonly name: string;
  /** The `data` lines, as they came. */
  readonly lines: readonly string[];
}

/** Also their beginnings, since a stream may be cut anywhere. */
const fields = ['data', 'event', 'id', 'retry'];

export class LineTooLong extends Error {
  constructor() {
    super('line too long');
    this.name = 'LineTooLong';
  }
}

export class SseDecoder {
  /** Lines that belong to no event stream: a sign of HTML or plain text. */
  foreignLines = 0;
  readonly #text = new TextDecoder('utf-8');
  #pieces: string[] = [];
  #length = 0;
  #afterReturn = false;
  #name = '';
  #data: string[] = [];

  /** Takes the next bytes, cut anywhere. Throws LineTooLong. */
  push(bytes: Uint8Array): SseEvent[] {
    return this.#take(this.#text.decode(bytes, { stream: true }));
  }

  /** Ends the input; an event without its closing blank line still counts. */
  end(): SseEvent[] {
    const events = this.#take(this.#text.decode());
    if (this.#length > 0) this.#line(this.#joined(), events);
    this.#line('', events);
    return events;
  }

  #take(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== 10 && code !== 13) {
        this.#afterReturn = false;
        continue;
      }
      // The LF of a CRLF, which may come in the next chunk.
      if (code === 10 && this.#afterReturn) {
        this.#afterReturn = false;
        start = at + 1;
        continue;
      }
      this.#afterReturn = code === 13;
      this.#keep(text.slice(start, at));
      this.#line(this.#joined(), events);
      start = at + 1;
    }
    this.#keep(text.slice(start));
    return events;
  }

  #keep(piece: string): void {
    if (piece === '') return;
    this.#length += piece.length;
    if (this.#length > lineCap) throw new LineTooLong();
    this.#pieces.push(piece);
  }

  #joined(): string {
    const line = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    return line;
  }

  #line(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push({ name: this.#name, lines: this.#data });
      this.#name = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#name = value;
    else if (!fields.some(known => known.startsWith(field))) this.foreignLines++;
  }
}
