/**
 * Terminal control sequences and control characters out of a text, in one linear scan. Everything that a person
 * reads (log, message, tooltip) passes here first. It must not know what the text is for.
 */

const ESC = 0x1b;
const BELL = 0x07;
const CSI = 0x9b;
const STRING_TERMINATOR = 0x9c;

/** Introducers of control strings (DCS, SOS, OSC, PM, APC), which swallow text up to their terminator. */
const escapedStrings = new Set(['P', 'X', ']', '^', '_'].map(letter => letter.charCodeAt(0)));
const c1Strings = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f]);

/** The longest control string that is believed; an unterminated one loses its introducer and keeps its text. */
const longestControlString = 8192;

const suspicious = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/**
 * The text without ANSI/OSC/DCS/APC sequences, C0 (except TAB and LF), DEL and C1. CR LF becomes LF; a lone CR
 * becomes LF too, so that nothing can be overwritten on a terminal; backspace takes nothing back.
 */
export function stripControls(text: string): string {
  if (!suspicious.test(text)) return text;
  let result = '';
  let kept = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    const printable = code >= 0x20 ? code < 0x7f || code > 0x9f : code === 0x09 || code === 0x0a;
    if (printable) {
      i++;
      continue;
    }
    result += text.slice(kept, i);
    if (code === 0x0d) {
      if (text.charCodeAt(i + 1) !== 0x0a) result += '\n';
      i++;
    } else {
      i = endOfControl(text, i, code);
    }
    kept = i;
  }
  return result + text.slice(kept);
}

function endOfControl(text: string, at: number, code: number): number {
  if (code === CSI) return endOfCsi(text, at + 1);
  if (c1Strings.has(code)) return endOfString(text, at + 1);
  if (code !== ESC) return at + 1;
  const next = text.charCodeAt(at + 1);
  if (next === 0x5b) return endOfCsi(text, at + 2);
  if (escapedStrings.has(next)) return endOfString(text, at + 2);
  // Two- and three-byte escapes: intermediate bytes 20…2F, then one final byte 30…7E.
  let end = at + 1;
  while (end < text.length && end < at + 8 && isBetween(text.charCodeAt(end), 0x20, 0x2f)) end++;
  return isBetween(text.charCodeAt(end), 0x30, 0x7e) ? end + 1 : end;
}

/** Parameters 30…3F, intermediates 20…2F, one final 40…7E. */
function endOfCsi(text: string, from: number): number {
  let end = from;
  while (end < text.length && end < from + 128 && isBetween(text.charCodeAt(end), 0x20, 0x3f)) end++;
  return isBetween(text.charCodeAt(end), 0x40, 0x7e) ? end + 1 : end;
}

function endOfString(text: string, from: number): number {
  const limit = Math.min(text.length, from + longestControlString);
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === BELL || code === STRING_TERMINATOR) return i + 1;
    if (code === ESC) return text.charCodeAt(i + 1) === 0x5c ? i + 2 : i;
    // Another introducer before any terminator: the first one was a lone byte.
    if (c1Strings.has(code)) return from;
  }
  return from;
}

function isBetween(code: number, low: number, high: number): boolean {
  return code >= low && code <= high;
}
