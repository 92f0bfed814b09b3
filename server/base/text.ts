/**
 * Pure helpers for text as LSP sees it: UTF-16 code units, and lines ended by \n, \r\n or a lone \r and by nothing
 * else (U+2028 is an ordinary character). It must not know documents or positions' meaning to anybody.
 */

const LF = 10;
const CR = 13;

/**
 * Splits a text into lines that keep their line ends. The pieces joined are the text; the last piece has no line
 * end and may be empty, so there is always at least one.
 */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  let lf = text.indexOf('\n');
  let cr = text.indexOf('\r');
  while (lf !== -1 || cr !== -1) {
    let end: number;
    if (cr === -1 || (lf !== -1 && lf < cr)) {
      end = lf + 1;
      lf = text.indexOf('\n', end);
    } else {
      const pair = lf === cr + 1;
      end = pair ? cr + 2 : cr + 1;
      if (pair) lf = text.indexOf('\n', end);
      cr = text.indexOf('\r', end);
    }
    lines.push(text.slice(start, end));
    start = end;
  }
  lines.push(text.slice(start));
  return lines;
}

/** Length in UTF-16 units of one line without its line end. */
export function contentLength(line: string): number {
  const length = line.length;
  if (length === 0) return 0;
  const last = line.charCodeAt(length - 1);
  if (last === CR) return length - 1;
  if (last !== LF) return length;
  return length > 1 && line.charCodeAt(length - 2) === CR ? length - 2 : length - 1;
}

/** The line end that a text uses: that of its first line, \n where it has none. */
export function lineEndOf(text: string): '\n' | '\r\n' | '\r' {
  const found = /\r\n|\n|\r/.exec(text)?.[0];
  return found === '\r\n' || found === '\r' ? found : '\n';
}

/** Whether two texts differ in nothing but line ends behind their last line: editors add them, or leave them out. */
export function sameToLastLine(a: string, b: string): boolean {
  const trimmed = (text: string): string => text.replace(/[\r\n]+$/, '');
  return a === b || trimmed(a) === trimmed(b);
}

/** A number brought into low…high as a whole number; NaN counts as `low`. */
export function clamp(value: number, low: number, high: number): number {
  if (value > low) return value < high ? Math.floor(value) : high;
  return low;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Moves an index that would cut a surrogate pair back to the start of the pair. */
export function snapToCodePoint(text: string, index: number): number {
  const inside =
    index > 0 && index < text.length && isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1));
  return inside ? index - 1 : index;
}

/** The beginning of a text, at most `length` units, without half a character at its end. */
export function cut(text: string, length: number): string {
  return text.slice(0, snapToCodePoint(text, length));
}

/** The text with every lone surrogate replaced by U+FFFD, as a UTF-8 writer would have to. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
