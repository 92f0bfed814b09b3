/**
 * Where fenced code begins and ends in foreign Markdown, by the rules of CommonMark 0.31 §4.5, with patience for
 * sloppy indentation. The result is only a reading: whoever shows it writes fences of their own. It must not know
 * what is shown.
 */

export type Part =
  | { readonly kind: 'text'; readonly line: string }
  | {
      readonly kind: 'fence';
      /** Quote and list markers that stand before the fence, where there is a list marker among them. */
      readonly item: string;
      /** First word of the info string. */
      readonly language: string;
      readonly code: string;
    };

/** The end of a line, and the column at which it stands; tabs reach to every fourth column. */
interface Rest {
  readonly text: string;
  readonly column: number;
}

interface Opener {
  readonly item: string;
  readonly language: string;
  /** Quotes around the fence. */
  readonly depth: number;
  /** Columns from the innermost quote to the fence. */
  readonly width: number;
  readonly closing: RegExp;
}

const listMarker = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t])/;

/** The lines of a text (ended by LF alone) and its fences, in order. A fence that is not closed goes to the end. */
export function splitFences(text: string): Part[] {
  const lines = text.split('\n');
  const parts: Part[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const opener = readOpener(line);
    if (opener === undefined) {
      parts.push({ kind: 'text', line });
      continue;
    }
    const { item, language } = opener;
    const body: string[] = [];
    let next = i + 1;
    for (; next < lines.length; next++) {
      const inner = unquoted({ text: lines[next] ?? '', column: 0 }, opener.depth);
      // Without its quote mark a line ends the quote, and the fence in it.
      if (inner === undefined) break;
      const { text: code } = withoutBlanks(inner, opener.width);
      if (opener.closing.test(code)) {
        next++;
        break;
      }
      body.push(code);
    }
    parts.push({ kind: 'fence', item, language, code: body.join('\n') });
    i = next - 1;
  }
  return parts;
}

function readOpener(line: string): Opener | undefined {
  let rest = withoutBlanks({ text: line, column: 0 }, Infinity);
  let depth = 0;
  let margin = 0;
  let isItem = false;
  for (;;) {
    const marker = listMarker.exec(rest.text)?.[0];
    if (rest.text.startsWith('>')) {
      const inner = unquoted(rest, 1) ?? rest;
      depth++;
      margin = inner.column;
      rest = withoutBlanks(inner, Infinity);
    } else if (marker !== undefined) {
      isItem = true;
      const { text, column } = rest;
      rest = withoutBlanks({ text: text.slice(marker.length), column: column + marker.length }, Infinity);
    } else {
      break;
    }
  }
  const fence = /^(`{3,}|~{3,})(.*)$/s.exec(rest.text);
  const [, run = '', info = ''] = fence ?? [];
  // Backticks after backticks make a code span, after tildes they are words like others.
  if (fence === null || (run.startsWith('`') && info.includes('`'))) return undefined;
  const width = rest.column - margin;
  const slack = isItem || width > 3 ? 3 : 3 - width;
  return {
    item: isItem ? line.slice(0, line.length - rest.text.length).trim() : '',
    language: info.trim().split(/\s/)[0] ?? '',
    depth,
    width,
    closing: new RegExp(`^ {0,${slack}}${run[0]}{${run.length},}[ \\t]*$`),
  };
}

/** The line inside `depth` quotes; undefined where it has fewer. */
function unquoted(line: Rest, depth: number): Rest | undefined {
  let rest = line;
  for (let i = 0; i < depth; i++) {
    const { text, column } = withoutBlanks(rest, Infinity);
    if (!text.startsWith('>')) return undefined;
    rest = withoutBlanks({ text: text.slice(1), column: column + 1 }, 1);
  }
  return rest;
}

/** Takes blanks of at most `width` columns away; what is left of a tab becomes spaces. */
function withoutBlanks({ text, column }: Rest, width: number): Rest {
  const end = column + width;
  let at = column;
  let i = 0;
  for (; at < end; i++) {
    if (text[i] === ' ') {
      at++;
    } else if (text[i] === '\t') {
      at += 4 - (at % 4);
      if (at > end) return { text: ' '.repeat(at - end) + text.slice(i + 1), column: end };
    } else {
      break;
    }
  }
  return { text: text.slice(i), column: at };
}
