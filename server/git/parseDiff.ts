/**
 * Reads a unified diff as git writes it, whatever prefixes and quoting the person configured. Pure; it must not know
 * where the text comes from. What does not look like a diff is skipped.
 */

export interface DiffHunk {
  readonly oldStart: number;
  readonly newStart: number;
  /** What git found to stand above: usually the head of the function. */
  readonly heading: string;
  /** With their first character: ` `, `+`, `-` or `\`. */
  readonly lines: readonly string[];
}

export type DiffStatus = 'added' | 'deleted' | 'modified' | 'renamed' | 'copied';

export interface FileDiff {
  readonly status: DiffStatus;
  /** Path in the new tree; of a deleted file the old one. `/`-separated. */
  readonly path: string;
  /** Set where it was renamed or copied from. */
  readonly oldPath?: string;
  readonly binary: boolean;
  /** Only the mode changed, for example to executable. */
  readonly modeOnly: boolean;
  readonly submodule: boolean;
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly DiffHunk[];
  /** The diff's text was not read to its end: the counts hold and the lines are missing. */
  readonly incomplete?: boolean;
}

/** The files of a diff, in its order. */
export function parseDiff(text: string): readonly FileDiff[] {
  const lines = text.split('\n').map(line => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const files: FileDiff[] = [];
  let at = lines.findIndex(line => line.startsWith('diff --git '));
  while (at >= 0 && at < lines.length) {
    const head = lines[at] as string;
    if (!head.startsWith('diff --git ')) {
      at++;
      continue;
    }
    const read = readFile(lines, at);
    if (read.file) files.push(read.file);
    at = read.next;
  }
  return files;
}

function readFile(lines: readonly string[], start: number): { file: FileDiff | undefined; next: number } {
  const head: Record<string, string> = {};
  let at = start + 1;
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    if (line.startsWith('diff --git ') || line.startsWith('@@')) break;
    const match =
      /^(old mode|new mode|new file mode|deleted file mode|rename from|rename to|copy from|copy to|index|---|\+\+\+|Binary files|GIT binary patch)(?: (.*))?$/.exec(
        line,
      );
    if (match) head[match[1] as string] = match[2] ?? '';
    else if (!/^(?:dis)?similarity index /.test(line) && head['GIT binary patch'] === undefined) break;
  }
  const hunks: DiffHunk[] = [];
  while (at < lines.length && (lines[at] as string).startsWith('@@ ')) {
    const read = readHunk(lines, at);
    if (!read) break;
    hunks.push(read.hunk);
    at = read.next;
  }
  return { file: describe(lines[start] as string, head, hunks), next: Math.max(at, start + 1) };
}

function readHunk(lines: readonly string[], start: number): { hunk: DiffHunk; next: number } | undefined {
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(lines[start] as string);
  if (!match) return undefined;
  let oldLeft = Number(match[2] ?? 1);
  let newLeft = Number(match[4] ?? 1);
  const body: string[] = [];
  let at = start + 1;
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    const mark = line[0] ?? ' ';
    if (mark === '\\') {
      body.push(line);
      continue;
    }
    if (oldLeft <= 0 && newLeft <= 0) break;
    if (mark === '+') newLeft--;
    else if (mark === '-') oldLeft--;
    else if (mark === ' ' || mark === '\t') {
      // Editors that strip blanks at line ends leave an empty line for an empty context line.
      oldLeft--;
      newLeft--;
    } else break;
    body.push(line === '' ? ' ' : line);
  }
  const hunk = {
    oldStart: Number(match[1]),
    newStart: Number(match[3]),
    heading: match[5] ?? '',
    lines: body,
  };
  return { hunk, next: at };
}

function describe(
  line: string,
  head: Readonly<Record<string, string>>,
  hunks: readonly DiffHunk[],
): FileDiff | undefined {
  const [first, second] = namesOf(line.slice('diff --git '.length));
  const prefixed = hasPrefixes(first, second, head);
  const from = head['rename from'] ?? head['copy from'];
  const to = head['rename to'] ?? head['copy to'];
  const name = (given: string | undefined) => {
    if (given === undefined || given === '/dev/null') return undefined;
    const path = unquote(given.replace(/\t$/, ''));
    return prefixed ? path.replace(/^[^/]+\//, '') : path;
  };
  const oldName = from === undefined ? (name(head['---']) ?? name(first)) : unquote(from);
  const newName = to === undefined ? (name(head['+++']) ?? name(second)) : unquote(to);
  const status: DiffStatus =
    head['new file mode'] !== undefined
      ? 'added'
      : head['deleted file mode'] !== undefined
        ? 'deleted'
        : head['rename from'] !== undefined
          ? 'renamed'
          : head['copy from'] !== undefined
            ? 'copied'
            : 'modified';
  const path = status === 'deleted' ? (oldName ?? newName) : (newName ?? oldName);
  if (path === undefined || path === '') return undefined;
  const count = (mark: string) =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter(each => each.startsWith(mark)).length, 0);
  const modes = [
    head['new file mode'],
    head['deleted file mode'],
    head['index']?.split(' ')[1],
    head['new mode'],
  ];
  return {
    status,
    path,
    ...(status === 'renamed' || status === 'copied' ? { oldPath: oldName ?? path } : {}),
    binary: head['Binary files'] !== undefined || head['GIT binary patch'] !== undefined,
    modeOnly: status === 'modified' && head['new mode'] !== undefined && hunks.length === 0,
    submodule: modes.includes('160000'),
    added: count('+'),
    removed: count('-'),
    hunks,
  };
}

/** The two names behind `diff --git`. Without quotes the border is where both halves name the same file. */
function namesOf(rest: string): [string | undefined, string | undefined] {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  if (quoted) return [quoted[1], quoted[2]];
  for (let at = rest.indexOf(' '); at >= 0; at = rest.indexOf(' ', at + 1)) {
    const [a, b] = [rest.slice(0, at), rest.slice(at + 1)];
    if (a === b || a.replace(/^[^/]+\//, '') === b.replace(/^[^/]+\//, '')) return [a, b];
  }
  return [undefined, undefined];
}

/** Whether names carry `a/` and `b/`, or other letters; two names with the same beginning carry none. */
function hasPrefixes(
  first: string | undefined,
  second: string | undefined,
  head: Readonly<Record<string, string>>,
): boolean {
  const letter = (name: string | undefined) => /^"?([a-z])\//.exec(name ?? '')?.[1];
  const a = letter(head['---'] === '/dev/null' ? first : (head['---'] ?? first));
  const b = letter(head['+++'] === '/dev/null' ? second : (head['+++'] ?? second));
  return a !== undefined && b !== undefined && a !== b;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A name as git quotes it, in C's way with octal bytes; others come back as they are. */
export function unquote(name: string): string {
  if (!/^".*"$/s.test(name)) return name;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [part, escape] of name.slice(1, -1).matchAll(/\\([0-7]{3}|.)|[^\\]+/gs)) {
    if (escape === undefined) bytes.push(...encoder.encode(part));
    else if (escape.length === 3) bytes.push(Number.parseInt(escape, 8) & 255);
    else bytes.push(ESCAPES[escape] ?? escape.charCodeAt(0));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
