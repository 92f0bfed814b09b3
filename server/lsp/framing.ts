/**
 * Bytes to message bodies and back: the base protocol's header and length, within bounds and in linear time.
 * Knows neither JSON nor streams.
 *
 * After a framing fault it looks for the next header instead of giving up. That is sound because a JSON text cannot
 * hold `Content-Length: N` followed by a raw line end: inside a string the line end would be escaped, outside a
 * string the word is no JSON. So such bytes inside a body prove that the announced length was wrong.
 */

/** Largest header, names, values and line ends together, in bytes. */
export const MAX_HEADER_BYTES = 8 * 1024;
/** Largest body in bytes. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** How many bytes without a header are looked through before the stream is given up. */
export const MAX_LOST_BYTES = 64 * 1024;

/** An oversized message is skipped to its announced end, if that is no farther than this. */
const MAX_SKIPPED_BYTES = 1024 * 1024 * 1024;
/** So many faults without one body in between: the stream is given up. */
const MAX_FAULTS_IN_A_ROW = 100;
const INITIAL_BYTES = 64 * 1024;
/** A buffer that grew beyond this is given back once it is empty. */
const KEPT_BYTES = 1024 * 1024;

const CR = 13;
const LF = 10;
const NAMES = [Buffer.from('Content-Length:'), Buffer.from('content-length:')];
/** `Content-Length:`, blanks, digits, blanks, \r\n: what has to be in view before a header can be told for sure. */
const HEADER_VIEW = 48;

/** What comes out: a body; a fault that was survived; or the end, after which nothing more comes. */
export type Frame =
  | { readonly type: 'body'; readonly body: Buffer }
  | { readonly type: 'fault'; readonly reason: string }
  | { readonly type: 'fatal'; readonly reason: string };

export interface FramingLimits {
  readonly maxBodyBytes?: number;
  /** True: the first framing fault is the end (a listening socket, where the other side may be a browser). */
  readonly strict?: boolean;
}

type State =
  | { readonly kind: 'header' }
  | { readonly kind: 'body'; readonly length: number }
  /** Looking for a header in at most `left` more bytes. */
  | { readonly kind: 'lost'; left: number }
  | { readonly kind: 'over' };

/** Push bytes in, pull frames out; between pulls nothing is worked on, so a reader can stop at any frame. */
export class FrameDecoder {
  #maxBodyBytes: number;
  readonly #strict: boolean;
  #state: State = { kind: 'header' };
  /** Bytes not used yet are those in #start…#end. */
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #start = 0;
  #end = 0;
  /** Bytes of them that are known to hold no stray header. */
  #scanned = 0;
  #faultsInARow = 0;

  constructor(limits: FramingLimits = {}) {
    this.#maxBodyBytes = limits.maxBodyBytes ?? MAX_BODY_BYTES;
    this.#strict = limits.strict ?? false;
  }

  /** Undefined: the default. */
  set maxBodyBytes(bytes: number | undefined) {
    this.#maxBodyBytes = bytes ?? MAX_BODY_BYTES;
  }

  push(chunk: Uint8Array): void {
    if (this.#state.kind === 'over') return;
    const unused = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const needed = unused + chunk.length;
      const tight = needed > this.#buffer.length / 2;
      const wanted = tight ? Math.max(2 * this.#buffer.length, needed) : this.#buffer.length;
      const target = wanted === this.#buffer.length ? this.#buffer : Buffer.allocUnsafe(wanted);
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#buffer = target;
      this.#start = 0;
      this.#end = unused;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next frame; undefined when more bytes are needed, and for ever after `fatal`. A body lies in the decoder's
   * own memory: use it before the next push.
   */
  next(): Frame | undefined {
    for (;;) {
      const state = this.#state;
      let frame: Frame | 'again' | undefined;
      if (state.kind === 'over') return undefined;
      if (state.kind === 'header') frame = this.#header();
      else if (state.kind === 'body') frame = this.#body(state.length);
      else frame = this.#search(state);
      if (frame !== 'again') return frame;
    }
  }

  #header(): Frame | 'again' | undefined {
    const view = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + MAX_HEADER_BYTES + 4));
    const from = leading(view);
    const end = headerEnd(view, from);
    if (end === undefined) {
      const garbage = firstLineFault(view, from);
      if (garbage !== undefined) return this.#fault(garbage, from + 1);
      if (view.length <= MAX_HEADER_BYTES) return undefined;
      return this.#fault(`a header is longer than ${MAX_HEADER_BYTES} bytes`, from + 1);
    }
    const header = parseHeader(view.toString('latin1', from, end));
    if ('fault' in header) return this.#fault(header.fault, header.skip ? end : from + 1);
    const { length } = header;
    if (length > this.#maxBodyBytes) {
      const reason = `a message of ${length} bytes is larger than the limit of ${this.#maxBodyBytes}`;
      return this.#fault(reason, end, Math.min(length, MAX_SKIPPED_BYTES) + MAX_LOST_BYTES);
    }
    this.#drop(end);
    this.#state = { kind: 'body', length };
    return 'again';
  }

  #body(length: number): Frame | undefined {
    const seen = this.#end - this.#start;
    if (seen > this.#scanned) {
      const stray = this.#findHeader(Math.max(0, this.#scanned - HEADER_VIEW));
      if (stray !== undefined && stray < length) {
        const reason = `a message was announced with ${length} bytes, but the next header comes after ${stray}`;
        return this.#fault(reason, stray);
      }
      this.#scanned = seen;
    }
    if (seen < length) return undefined;
    const body = this.#buffer.subarray(this.#start, this.#start + length);
    this.#drop(length);
    this.#state = { kind: 'header' };
    this.#faultsInARow = 0;
    return { type: 'body', body };
  }

  #search(state: { left: number }): Frame | 'again' | undefined {
    const found = this.#findHeader(0);
    if (found !== undefined && found <= state.left) {
      this.#drop(found);
      this.#state = { kind: 'header' };
      return 'again';
    }
    const useless = Math.max(0, this.#end - this.#start - HEADER_VIEW);
    state.left -= useless;
    this.#drop(useless);
    if (state.left > 0) return undefined;
    return this.#over(
      'no message header was found in the input; the client does not speak the LSP base protocol',
    );
  }

  /** Reports a fault, drops what it is about and looks for the next header behind it. */
  #fault(reason: string, drop: number, lostBytes = MAX_LOST_BYTES): Frame {
    if (this.#strict) return this.#over(reason);
    if (++this.#faultsInARow > MAX_FAULTS_IN_A_ROW) return this.#over(`${reason}, again and again`);
    this.#drop(drop);
    this.#state = { kind: 'lost', left: lostBytes };
    return { type: 'fault', reason };
  }

  #over(reason: string): Frame {
    this.#state = { kind: 'over' };
    this.#buffer = Buffer.alloc(0);
    this.#start = 0;
    this.#end = 0;
    return { type: 'fatal', reason };
  }

  /** Index of the first complete `Content-Length: N` line among the unused bytes, from an index on. */
  #findHeader(from: number): number | undefined {
    const bytes = this.#buffer.subarray(this.#start, this.#end);
    let best: number | undefined;
    for (const name of NAMES) {
      let at = bytes.indexOf(name, from);
      while (at !== -1 && (best === undefined || at < best)) {
        const rest = bytes.toString('latin1', at + name.length, at + HEADER_VIEW);
        if (/^[\t ]*\d{1,15}[\t ]*\r?\n/.test(rest)) best = at;
        at = bytes.indexOf(name, at + 1);
      }
    }
    return best;
  }

  #drop(bytes: number): void {
    this.#scanned = 0;
    this.#start += bytes;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  }
}

/** A message as bytes to be written. */
export function encodeFrame(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const header = `Content-Length: ${length}\r\n\r\n`;
  const frame = Buffer.allocUnsafe(header.length + length);
  frame.write(header, 0, 'latin1');
  frame.write(json, header.length, 'utf8');
  return frame;
}

/** Skips what some clients put between messages: a byte order mark and blank lines. */
function leading(view: Buffer): number {
  let at = view[0] === 0xef && view[1] === 0xbb && view[2] === 0xbf ? 3 : 0;
  while (view[at] === CR || view[at] === LF) at++;
  return at;
}

/** Index after the blank line that ends a header; line ends are \r\n or \n. */
function headerEnd(view: Buffer, start: number): number | undefined {
  for (let at = view.indexOf(LF, start); at !== -1; at = view.indexOf(LF, at + 1)) {
    if (view[at + 1] === LF) return at + 2;
    if (view[at + 1] === CR && view[at + 2] === LF) return at + 3;
  }
  return undefined;
}

/** Why the first line cannot begin a header, as soon as that can be told. */
function firstLineFault(view: Buffer, start: number): string | undefined {
  const end = view.indexOf(LF, start);
  if (end === -1) {
    const begin = view.subarray(start, start + 64).toString('latin1');
    return /^[A-Za-z0-9-]*[\t ]*(:|$)/.test(begin) ? undefined : notAHeader(begin);
  }
  return lineFault(view.toString('latin1', start, end));
}

function lineFault(line: string): string | undefined {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+[\t ]*:/.test(line) ? undefined : notAHeader(line);
}

function notAHeader(line: string): string {
  if (/^(GET|POST|PUT|HEAD|OPTIONS|DELETE|PATCH|CONNECT|TRACE) /.test(line))
    return 'the client speaks HTTP, not LSP';
  if (/^\s*[[{]/.test(line)) return 'a message came without its Content-Length header';
  return 'a line in front of a message is not a header';
}

/** The length that a header announces, or what is wrong with it and whether all of it is to be skipped. */
function parseHeader(header: string): { length: number } | { fault: string; skip: boolean } {
  let length: number | undefined;
  for (const line of header.split(/\r?\n/)) {
    if (line === '') continue;
    const fault = lineFault(line);
    if (fault !== undefined) return { fault, skip: false };
    const colon = line.indexOf(':');
    if (line.slice(0, colon).trim().toLowerCase() !== 'content-length') continue;
    const value = line.slice(colon + 1).trim();
    if (!/^\d{1,15}$/.test(value)) return { fault: 'Content-Length is not a number of bytes', skip: true };
    if (length !== undefined && length !== Number(value)) {
      // Not skipped: the first may be what is left of a header that was cut, and the second true.
      return { fault: 'a header has two different Content-Lengths', skip: false };
    }
    length = Number(value);
  }
  return length === undefined ? { fault: 'a header has no Content-Length', skip: true } : { length };
}
