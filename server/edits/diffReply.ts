/**
 * Unified diffs and patches between "*** Begin Patch" and "*** End Patch" → proposed edits. Line numbers and counts
 * are never believed, since models cannot count: a hunk belongs where its old lines stand. A context line may lack
 * its leading blank. It must not know documents.
 */
import { normalPath } from './paths.ts';
import { type ParsedReply, type ProposedEdit, type Reading, refuse } from './proposed.ts';

/** Ruby's class variables begin like it. */
const HUNK = /^@@(?:\s|$)/;
const NUMBERS = /^@@\s*(?:-\d+(?:,\d+)?\s+\+\d+(?:,\d+)?\s*|\.{3}\s*)?(?:@@)?/;
const OLD = /^---\s+(\S.*)$/;
const NEW = /^\+\+\+\s+(\S.*)$/;
const FENCE = /^\s{0,3}(`{3,}|~{3,})(.*)$/;
const BEGIN = /^\s*\*{3} Begin Patch\s*$/;
const END = /^\s*\*{3} End Patch\s*$/;
const SECTION = /^\*{3} (Update|Add|Delete) File:\s*(.+?)\s*$/;
const MOVE = /^\*{3} Move to:/;
const GIT = /^(?:diff --git |index [0-9a-f]+\.\.|old mode |new mode |similarity index |dissimilarity index )/;
/** What a text edit cannot do. */
const UNSUPPORTED = /^(?:rename (?:from|to) |copy (?:from|to) |GIT binary patch$|Binary files .* differ$)/;

/** Whether the reply is written as a patch or a unified diff. */
export function isDiff(lines: readonly string[]): boolean {
  return lines.some((line, i) => {
    if (BEGIN.test(line) || SECTION.test(line)) return true;
    const headers = OLD.test(line) && NEW.test(lines[i + 1] ?? '');
    return headers || (HUNK.test(line) && lines.slice(i + 1).some(each => /^[+-]/.test(each)));
  });
}

/** `path` is what stands above the diff where it has no header of its own. */
export function parseDiff(lines: readonly string[], path: string): ParsedReply {
  return lines.some(line => BEGIN.test(line) || SECTION.test(line))
    ? new DiffReader(lines, '', true).read()
    : new DiffReader(lines, path, false).read();
}

/** One hunk while it is read. */
interface Open {
  readonly path: string;
  readonly creates: boolean;
  readonly within: readonly string[];
  readonly lines: string[];
}

class DiffReader {
  readonly #lines: readonly string[];
  readonly #edits: ProposedEdit[] = [];
  readonly #isPatch: boolean;
  #path: string;
  #creates = false;
  #within: string[] = [];
  #open: Open | undefined;

  constructor(lines: readonly string[], path: string, isPatch: boolean) {
    this.#lines = lines;
    this.#path = path;
    this.#isPatch = isPatch;
  }

  read(): ParsedReply {
    let fence: string | undefined;
    let inPatch = false;
    for (let i = 0; i < this.#lines.length; i++) {
      const line = this.#lines[i] ?? '';
      const mark = FENCE.exec(line);
      if (mark !== null && this.#isFence(fence, mark)) {
        this.#close();
        fence = fence === undefined ? mark[1] : undefined;
        continue;
      }
      if (UNSUPPORTED.test(line) || MOVE.test(line)) return unsupported();
      if (BEGIN.test(line) || END.test(line)) {
        this.#close();
        inPatch = BEGIN.test(line);
        continue;
      }
      if (this.#isPatch) {
        if (SECTION.test(line)) inPatch = true;
        if (!inPatch) continue;
        const refusal = this.#patchLine(line);
        if (refusal !== undefined) return refusal;
        continue;
      }
      const next = this.#lines[i + 1] ?? '';
      if (OLD.test(line) && NEW.test(next)) {
        const refusal = this.#header(line, next);
        if (refusal !== undefined) return refusal;
        i++;
        continue;
      }
      this.#diffLine(line);
    }
    this.#close();
    if (fence !== undefined) {
      return refuse('truncated', 'The diff is not closed: the reply was cut. Send it again, complete.');
    }
    if (this.#isPatch && inPatch && this.#lines.some(line => BEGIN.test(line))) {
      return refuse(
        'truncated',
        'The patch has no "*** End Patch": the reply was cut. Send it again, complete.',
      );
    }
    if (this.#edits.length === 0) {
      return refuse(
        'malformed',
        'The diff has no hunk with lines that begin with "+" or "-". Send a complete one.',
      );
    }
    return { ok: true, kind: 'blocks', edits: this.#edits };
  }

  /** Fences inside a hunk carry a diff's prefix, or open while the outer one is open: those are content. */
  #isFence(open: string | undefined, mark: RegExpExecArray): boolean {
    if (open === undefined) return this.#open === undefined;
    return (mark[1] ?? '').startsWith(open) && (mark[2] ?? '').trim() === '' && !/^\s/.test(mark[0]);
  }

  #patchLine(line: string): ParsedReply | undefined {
    const section = SECTION.exec(line);
    if (section !== null) {
      this.#close();
      if (section[1] === 'Delete') return unsupported();
      this.#path = normalPath(section[2] ?? '');
      this.#creates = section[1] === 'Add';
      this.#within = [];
      if (this.#creates) this.#start();
      return undefined;
    }
    if (/^\*{3} End of File/.test(line)) {
      this.#close();
      return undefined;
    }
    if (HUNK.test(line) && !this.#creates) {
      const pending = this.#open !== undefined && this.#open.lines.length === 0;
      const heading = headingOf(line);
      const within = [...(pending ? (this.#open?.within ?? []) : []), ...(heading === '' ? [] : [heading])];
      this.#close();
      this.#within = within;
      this.#start();
      return undefined;
    }
    if (this.#open === undefined && this.#path !== '' && line.trim() !== '') this.#start();
    this.#open?.lines.push(line);
    return undefined;
  }

  #header(old: string, fresh: string): ParsedReply | undefined {
    this.#close();
    const from = headerPath(OLD.exec(old)?.[1] ?? '');
    const to = headerPath(NEW.exec(fresh)?.[1] ?? '');
    if (to === '/dev/null') return unsupported();
    this.#creates = from === '/dev/null';
    this.#path = to.replace(/^b\//, '');
    if (!this.#creates && from.replace(/^a\//, '') !== this.#path) {
      return refuse(
        'unsupported',
        'The diff renames a file, which an edit cannot do. Keep the name of the file.',
      );
    }
    return undefined;
  }

  #diffLine(line: string): void {
    if (GIT.test(line) || /^(?:new|deleted) file mode /.test(line)) {
      this.#close();
      return;
    }
    if (HUNK.test(line)) {
      this.#close();
      const heading = headingOf(line);
      this.#within = heading === '' ? [] : [heading];
      this.#start();
      return;
    }
    this.#open?.lines.push(line);
  }

  #start(): void {
    this.#open = { path: this.#path, creates: this.#creates, within: this.#within, lines: [] };
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || !open.lines.some(line => /^[+-]/.test(line))) return;
    const [first, ...rest] = readingsOf(open);
    if (first === undefined) return;
    this.#edits.push({
      path: open.path,
      readings: [first, ...rest],
      exactFirst: true,
      ...(open.creates ? { creates: true } : {}),
      ...(open.within.length > 0 ? { within: open.within } : {}),
    });
  }
}

/** The line of code that a hunk's header names. */
function headingOf(line: string): string {
  return line
    .replace(NUMBERS, '')
    .replace(/@@\s*$/, '')
    .trim();
}

function headerPath(text: string): string {
  return normalPath(text.replace(/\t.*$/, '').replace(/^"(.*)"$/, '$1'));
}

/** With the blank before context lines taken away, and, since models forget it, with the lines as they are. */
function readingsOf({ lines: all, creates }: Open): readonly Reading[] {
  const lines = all.filter(line => !/^\\ No newline/i.test(line));
  const first = lines.findIndex(line => line !== '');
  const inner = lines.slice(first, lines.findLastIndex(line => line !== '') + 1);
  const strip = (line: string): string => (line.startsWith(' ') ? line.slice(1) : line);
  if (creates) return [{ ...readHunk(inner, strip), search: [] }];
  const context = inner.filter(line => !/^[+-]/.test(line) && line.trim() !== '');
  const asIs = (line: string): string => line;
  const forgets = context.some(line => !line.startsWith(' '));
  const ways = context.length === 0 ? [strip] : forgets ? [asIs, strip] : [strip, asIs];
  // An empty line at the edge may be the file's or the reply's own.
  const extents = inner.length < lines.length ? [lines, inner] : [inner];
  return extents.flatMap(extent => ways.map(way => readHunk(extent, way)));
}

function readHunk(lines: readonly string[], context: (line: string) => string): Reading {
  const search: string[] = [];
  const replace: string[] = [];
  for (const line of lines) {
    if (line.startsWith('-')) search.push(line.slice(1));
    else if (line.startsWith('+')) replace.push(line.slice(1));
    else {
      search.push(context(line));
      replace.push(context(line));
    }
  }
  return { search, replace };
}

function unsupported(): ParsedReply {
  return refuse(
    'unsupported',
    'The reply deletes, renames or copies a file, or changes a binary one. Only the text of files can be edited; send the edits of texts alone.',
  );
}
