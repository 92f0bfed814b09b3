/**
 * Just enough of TOML to change a file without losing a comment: where tables and their keys are. It reads what a
 * person wrote and must not reformat anything.
 */

export interface TomlKey {
  /** As written, without blanks: `language-servers`, `codriver.command`. */
  readonly name: string;
  /** Offsets of the value, without blanks and comment around it. */
  readonly start: number;
  readonly end: number;
}

export interface TomlTable {
  /** `` for what stands before the first header, else as written without brackets and blanks. */
  readonly name: string;
  /** `[[name]]`. */
  readonly isList: boolean;
  readonly keys: readonly TomlKey[];
}

/** Tables in order, or undefined when the text is not TOML as far as this reader understands it. */
export function scanToml(text: string): readonly TomlTable[] | undefined {
  const tables: { name: string; isList: boolean; keys: TomlKey[] }[] = [
    { name: '', isList: false, keys: [] },
  ];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    at = skipBlanks(text, at, true);
    if (at >= text.length) break;
    if (text[at] === '[') {
      const header = /^\[\[([^\]\n]+)\]\]|^\[([^[\]\n]+)\]/.exec(text.slice(at, at + 1_000));
      if (header === null) return undefined;
      const name = (header[1] ?? header[2] ?? '').replace(/[\s"']/g, '');
      tables.push({ name, isList: header[1] !== undefined, keys: [] });
      at += header[0].length;
    } else {
      const key =
        /^(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*[ \t]*=/.exec(
          text.slice(at, at + 1_000),
        );
      if (key === null) return undefined;
      const start = skipBlanks(text, at + key[0].length, false);
      const end = valueEnd(text, start);
      if (end === undefined || end === start) return undefined;
      tables.at(-1)?.keys.push({ name: key[0].slice(0, -1).replace(/[\s"']/g, ''), start, end });
      at = end;
    }
    at = skipBlanks(text, at, false);
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') return undefined;
  }
  return tables;
}

/** Behind blanks and comments; over line ends too if `lines`. */
function skipBlanks(text: string, from: number, lines: boolean): number {
  let at = from;
  for (; at < text.length; at++) {
    const c = text[at];
    if (c === '#') at = endOfLine(text, at) - 1;
    else if (c !== ' ' && c !== '\t' && !(lines && (c === '\n' || c === '\r'))) break;
  }
  return at;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
}

/** End of the string that starts here, or undefined if it is not closed. */
function stringEnd(text: string, from: number): number | undefined {
  const quote = text[from] ?? '';
  const long = text.startsWith(quote.repeat(3), from) ? quote.repeat(3) : quote;
  for (let at = from + long.length; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text.startsWith(long, at)) return at + long.length;
    else if (long.length === 1 && text[at] === '\n') return undefined;
  }
  return undefined;
}

function valueEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let end = from;
  for (let at = from; at < text.length; ) {
    const c = text[at] ?? '';
    if (c === '"' || c === "'") {
      const closed = stringEnd(text, at);
      if (closed === undefined) return undefined;
      at = end = closed;
      continue;
    }
    if (c === '#' || c === '\n' || c === '\r') {
      if (depth === 0) return end;
      at = c === '#' ? endOfLine(text, at) : at + 1;
      continue;
    }
    if (c === '[' || c === '{') depth++;
    if (c === ']' || c === '}') depth--;
    if (depth < 0) return undefined;
    at++;
    if (c !== ' ' && c !== '\t') end = at;
  }
  return depth === 0 ? end : undefined;
}

/** The content of a value that is one simple string, else undefined. */
export function simpleString(value: string): string | undefined {
  const match = /^"([^"\\\n]*)"$|^'([^'\n]*)'$/.exec(value);
  return match === null ? undefined : (match[1] ?? match[2]);
}

/**
 * A list with one more item at its end, comments and line breaks kept; undefined when the value is no list. The same
 * text when a string of the list is `item` already.
 */
export function listWith(value: string, item: string): string | undefined {
  if (!value.startsWith('[') || !value.endsWith(']')) return undefined;
  let last = 0;
  for (let at = 1; at < value.length - 1; ) {
    const c = value[at] ?? '';
    if (c === '"' || c === "'") {
      const end = stringEnd(value, at) ?? value.length;
      if (simpleString(value.slice(at, end)) === item) return value;
      at = end;
      last = end - 1;
    } else if (c === '#') at = endOfLine(value, at);
    else {
      if (!/\s/.test(c)) last = at;
      at++;
    }
  }
  const separator = last === 0 ? '' : value[last] === ',' ? ' ' : ', ';
  return `${value.slice(0, last + 1)}${separator}"${item}"${value.slice(last + 1)}`;
}
