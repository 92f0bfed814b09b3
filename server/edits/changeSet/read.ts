/**
 * A change-set document read: a unified diff with comments, as Codriver writes it and as a person edits it. Counts in
 * headers are never believed beyond telling where a hunk's blank lines end. Pure; it must not know files or editors.
 */
import { type LineEnd, splitLines } from '../lines.ts';
import { readDiffHeader } from './paths.ts';

export interface HunkLine {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
  readonly end: LineEnd | '';
  /** "\ No newline at end of file" follows. */
  readonly open?: true;
}

/** Lines of the document count from zero, ends are excluded. */
export interface DiffHunk {
  /** The line of its `@@`. */
  readonly first: number;
  readonly end: number;
  /** Where the old lines begin in the base, from zero; a hint only. */
  readonly start: number;
  readonly lines: readonly HunkLine[];
  /** Why the person rejects it, '' for no reason given; undefined: not rejected. */
  readonly rejected: string | undefined;
  /** First line of the comment that rejects it, else `first`. */
  readonly marked: number;
}

export type FileKind = 'change' | 'create' | 'delete' | 'rename';

export interface DiffFile {
  readonly first: number;
  readonly end: number;
  readonly kind: FileKind;
  /** Relative to the workspace folder, with `/`; untrusted. Of a deleted file: its path before. */
  readonly path: string;
  /** The path before, where it is another. */
  readonly from: string;
  /** Git's hash of the text that the hunks were made against. */
  readonly base: string | undefined;
  readonly hunks: readonly DiffHunk[];
  /** As with a hunk; the comment stands above the file's first line. */
  readonly rejected: string | undefined;
  readonly marked: number;
  /** Why nothing of it can be accepted. */
  readonly unsupported?: string;
}

export interface ChangeSet {
  /** `# key: value` lines above the first file; keys in lower case. */
  readonly header: ReadonlyMap<string, string>;
  readonly files: readonly DiffFile[];
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  readonly lines: readonly string[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@|^@@/;
const REJECT = /^#\s?reject(?:ed)?:(.*)$/i;
const KEY = /^# ([A-Za-z][A-Za-z -]{0,30}): (.*)$/;
const BODY = /^[ +-]/;

export function readChangeSet(text: string): ChangeSet {
  return new Reader(text).read();
}

/** The hunks of all files that are neither rejected nor beyond what can be applied. */
export function undecided({ files }: ChangeSet): readonly { file: DiffFile; hunk: DiffHunk }[] {
  return files.flatMap(file => file.hunks.map(hunk => ({ file, hunk }))).filter(isUndecided);
}

export function isUndecided({ file, hunk }: { file: DiffFile; hunk: DiffHunk }): boolean {
  return file.rejected === undefined && hunk.rejected === undefined && file.unsupported === undefined;
}

/** The file and the hunk at a line; a hunk's line includes the comment that rejects it. */
export function placeIn(
  { files }: ChangeSet,
  line: number,
): { readonly file: DiffFile; readonly hunk: DiffHunk | undefined } | undefined {
  const file = files.find(each => line >= each.marked && line < each.end);
  return file && { file, hunk: file.hunks.find(each => line >= each.marked && line < each.end) };
}

interface Mark {
  readonly first: number;
  reason: string;
}

class Reader {
  readonly #lines: readonly string[];
  readonly #ends: readonly (LineEnd | '')[];
  readonly #header = new Map<string, string>();
  readonly #files: DiffFile[] = [];
  readonly #errors: { line: number; message: string }[] = [];
  #mark: Mark | undefined;

  constructor(text: string) {
    const { lines, ends } = splitLines(text);
    this.#lines = lines;
    this.#ends = ends;
  }

  read(): ChangeSet {
    let i = 0;
    while (i < this.#lines.length) {
      if (this.#isFile(i)) i = this.#file(i);
      else i = this.#between(i);
    }
    this.#loose();
    return { header: this.#header, files: this.#files, errors: this.#errors, lines: this.#lines };
  }

  #isFile(i: number): boolean {
    const line = this.#lines[i] ?? '';
    if (line.startsWith('diff --git ')) return true;
    const isOld = line.startsWith('--- ') && (this.#lines[i + 1] ?? '').startsWith('+++ ');
    return isOld && /^(?:@@|#)/.test(this.#lines[i + 2] ?? '');
  }

  /** A line outside of hunks: a comment, a blank one, or a mistake. */
  #between(i: number): number {
    const line = this.#lines[i] ?? '';
    const reason = REJECT.exec(line)?.[1];
    if (reason !== undefined) {
      this.#loose();
      this.#mark = { first: i, reason: reason.trim() };
    } else if (line.startsWith('#')) {
      // What follows at once goes on with the reason.
      if (this.#mark) this.#mark.reason = `${this.#mark.reason} ${line.replace(/^#\s*/, '')}`.trim();
      const [, key, value] = KEY.exec(line) ?? [];
      if (
        key !== undefined &&
        value !== undefined &&
        this.#files.length === 0 &&
        !this.#header.has(key.toLowerCase())
      )
        this.#header.set(key.toLowerCase(), value);
    } else if (line.trim() !== '') {
      this.#loose();
      this.#errors.push({
        line: i,
        message:
          'This line belongs to no hunk. Lines of a hunk begin with a blank, "-" or "+", comments with "#".',
      });
    }
    return i + 1;
  }

  #loose(): void {
    if (!this.#mark) return;
    this.#errors.push({
      line: this.#mark.first,
      message:
        'Nothing is rejected by this line: it must stand just above a line that begins with @@ or diff.',
    });
    this.#mark = undefined;
  }

  #take(first: number): { rejected: string | undefined; marked: number } {
    const mark = this.#mark;
    this.#mark = undefined;
    return { rejected: mark?.reason, marked: mark?.first ?? first };
  }

  #file(first: number): number {
    const own = this.#take(first);
    const { end: body, ...head } = readDiffHeader(this.#lines, first);
    const hunks: DiffHunk[] = [];
    let end = body;
    let i = body;
    for (; i < this.#lines.length && !this.#isFile(i); ) {
      if (HUNK.test(this.#lines[i] ?? '')) {
        const hunk = this.#hunk(i);
        hunks.push(hunk);
        i = hunk.end;
        end = i;
      } else if (this.#belongsToNext(i)) break;
      else i = this.#between(i);
    }
    this.#files.push({ ...head, ...own, first, end, hunks });
    return i;
  }

  /** Comments and blank lines with a file behind them are the file's. */
  #belongsToNext(i: number): boolean {
    for (let at = i; at < this.#lines.length; at++) {
      if (this.#isFile(at)) return true;
      if (!/^(?:#|\s*$)/.test(this.#lines[at] ?? '')) return false;
    }
    return true;
  }

  #hunk(first: number): DiffHunk {
    const own = this.#take(first);
    const [, start = '1', old = '1', , fresh = '1'] = HUNK.exec(this.#lines[first] ?? '') ?? [];
    const counted = { old: Number(old), fresh: Number(fresh) };
    let [olds, news] = [0, 0];
    const lines: HunkLine[] = [];
    let i = first + 1;
    for (; i < this.#lines.length; i++) {
      const line = this.#lines[i] ?? '';
      const end = this.#ends[i] ?? '';
      const last = lines.at(-1);
      if (line.startsWith('\\')) {
        if (last) lines[lines.length - 1] = { ...last, open: true };
        continue;
      }
      const full = olds >= counted.old && news >= counted.fresh;
      if (full && this.#isFile(i)) break;
      // Editors take the blank of an empty context line away.
      const blank = line === '' && olds < counted.old && i < this.#lines.length - 1;
      if (!blank && !BODY.test(line)) break;
      const kind = blank ? ' ' : (line[0] as HunkLine['kind']);
      lines.push({ kind, text: line.slice(1), end });
      if (kind !== '+') olds++;
      if (kind !== '-') news++;
    }
    const from = Number(start) - (counted.old === 0 ? 0 : 1);
    return { first, end: i, start: Math.max(0, from), lines, ...own };
  }
}
