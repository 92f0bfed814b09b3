/**
 * What is decided about hunks, as edits of the change-set document: accepted ones go and leave a line, rejected ones
 * get a comment to fill. Pure; it must not know how the files themselves are changed.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { plainLine } from '../../guard/sanitise.ts';
import { splitLines } from '../lines.ts';
import { type ChangeSet, type DiffFile, type DiffHunk, isUndecided, readChangeSet } from './read.ts';

/** A hunk or, in files that are made, deleted or renamed, all of it at once. */
export interface Target {
  readonly file: DiffFile;
  readonly hunk: DiffHunk | undefined;
}

/** One thing that was accepted, as the document remembers it. */
export interface Accepted {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** The change that `codriver.undo` takes back; '' where it was in the file already. */
  readonly change: string;
}

/** A rejected hunk: what goes back to whoever made it. */
export interface Rejected {
  readonly path: string;
  /** '' where the person gave none. */
  readonly reason: string;
  /** As a diff, from its `@@` on. */
  readonly hunk: string;
}

const ACCEPTED = /^# accepted: (.+) \+(\d+) -(\d+)(?: \((c[0-9a-z]+)\))?$/;
const EARLIER = /^# rejected earlier: (.+?): (.*)$/;
/** Of a file's path in a comment, in UTF-16 units. */
const MOST_PATH = 500;

/** What was accepted in a document, newest first. */
export function acceptedOf(text: string): readonly Accepted[] {
  return splitLines(text).lines.flatMap(line => readAccepted(line) ?? []);
}

/** The line of a document that tells of something accepted. */
export function readAccepted(line: string): Accepted | undefined {
  const [, path, added, removed, change = ''] = ACCEPTED.exec(line) ?? [];
  return path === undefined ? undefined : { path, added: Number(added), removed: Number(removed), change };
}

/** What is rejected in a document and was not tried again yet. */
export function rejectedOf(text: string): readonly Rejected[] {
  const { files, lines } = readChangeSet(text);
  return files.flatMap(file =>
    file.hunks.flatMap(hunk => {
      const reason = hunk.rejected ?? file.rejected;
      if (reason === undefined) return [];
      return [{ path: file.path, reason, hunk: lines.slice(hunk.first, hunk.end).join('\n') }];
    }),
  );
}

/** Reasons that earlier tries were rejected with. */
export function earlierReasons(text: string): readonly { readonly path: string; readonly reason: string }[] {
  return splitLines(text).lines.flatMap(line => {
    const [, path, reason] = EARLIER.exec(line) ?? [];
    return path === undefined || reason === undefined ? [] : [{ path, reason }];
  });
}

/** Tells a hunk by its file and what it holds, wherever it stands by now. */
export function hunkKey(file: DiffFile, hunk: DiffHunk | undefined): string {
  return JSON.stringify([file.kind, file.from, file.path, hunk?.lines.map(({ kind, text }) => kind + text)]);
}

/** Lines `from…to` become these; the edits that make them so, those that touch as one. */
interface LineEdit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Takes accepted hunks out of the document; `change` is the id of the change that put them into their files. */
export function markAccepted(text: string, targets: readonly Target[], change: string): readonly TextEdit[] {
  const set = readChangeSet(text);
  const perFile = new Map<DiffFile, DiffHunk[]>();
  for (const { file, hunk } of targets) {
    const chosen = perFile.get(file) ?? [];
    perFile.set(file, hunk ? [...chosen, hunk] : [...file.hunks]);
  }
  const log = [...perFile].map(([file, hunks]) => {
    const count = (kind: string) =>
      hunks.flatMap(({ lines }) => lines).filter(line => line.kind === kind).length;
    const id = change === '' ? '' : ` (${change})`;
    return `# accepted: ${plainLine(file.path, MOST_PATH)} +${count('+')} -${count('-')}${id}`;
  });
  const gone = [...perFile].flatMap(([file, hunks]) => without(file, hunks));
  return toEdits(set, [logEdit(set, log), ...gone, ...recounted(set, gone)]);
}

/** Puts a comment above each target that rejects it and waits for the reason. */
export function markRejected(text: string, targets: readonly Target[]): readonly TextEdit[] {
  const set = readChangeSet(text);
  const edits = targets.map(({ file, hunk }) => {
    const at = hunk?.first ?? file.first;
    return { from: at, to: at, lines: ['# reject: '] };
  });
  return toEdits(set, edits);
}

/** Takes the comments away that reject these targets. */
export function markUndecided(text: string, targets: readonly Target[]): readonly TextEdit[] {
  const set = readChangeSet(text);
  const edits = targets.map(({ file, hunk }) => ({
    from: (hunk ?? file).marked,
    to: (hunk ?? file).first,
    lines: [],
  }));
  return toEdits(set, edits);
}

/** Puts the diffs of another try in the place of all that was rejected, and of the hunks they supersede. */
export function withAnotherTry(
  text: string,
  sections: string,
  supersedes: (target: Target) => boolean,
): readonly TextEdit[] {
  const set = readChangeSet(text);
  const log: string[] = [];
  const gone = set.files.flatMap(file => {
    const hunks = file.hunks.filter(hunk => !isUndecided({ file, hunk }) || supersedes({ file, hunk }));
    for (const each of [file, ...file.hunks]) {
      const path = plainLine(file.path, MOST_PATH);
      if (each.rejected) log.push(`# rejected earlier: ${path}: ${plainLine(each.rejected, 1_000)}`);
    }
    const bare = file.hunks.length === 0 && file.rejected !== undefined;
    return hunks.length > 0 || bare ? without(file, hunks) : [];
  });
  const { lines } = set;
  const end = lines.length - 1;
  const isBlank = lines[end] === '';
  const fresh = sections.replace(/\r?\n$/, '').split('\n');
  const added = { from: isBlank ? end : end + 1, to: isBlank ? end : end + 1, lines: fresh };
  return toEdits(set, [logEdit(set, log), ...gone, added]);
}

/** Behind the title, or at the top where the person has taken it away. */
function logEdit({ files, header }: ChangeSet, lines: readonly string[]): LineEdit {
  const at = header.size > 0 && files[0]?.marked !== 0 ? 1 : 0;
  return { from: at, to: at, lines };
}

function without(file: DiffFile, hunks: readonly DiffHunk[]): readonly LineEdit[] {
  if (hunks.length >= file.hunks.length) return [{ from: file.marked, to: file.end, lines: [] }];
  return hunks.map(({ marked, end }) => ({ from: marked, to: end, lines: [] }));
}

/** Counts that the person's edits have made wrong are put right, so that other programs read the rest. */
function recounted({ files, lines }: ChangeSet, gone: readonly LineEdit[]): readonly LineEdit[] {
  return files
    .flatMap(({ hunks }) => hunks)
    .filter(({ first }) => !gone.some(({ from, to }) => first >= from && first < to))
    .flatMap(hunk => {
      const head = lines[hunk.first] ?? '';
      const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$/.exec(head);
      if (!match) return [];
      const [, oldStart = '', old = '1', newStart = '', fresh = '1', rest = ''] = match;
      const count = (skip: string) => hunk.lines.filter(({ kind }) => kind !== skip).length;
      if (count('+') === Number(old) && count('-') === Number(fresh)) return [];
      const line = `@@ -${oldStart},${count('+')} +${newStart},${count('-')} @@${rest}`;
      return [{ from: hunk.first, to: hunk.first + 1, lines: [line] }];
    });
}

function toEdits({ lines }: ChangeSet, edits: readonly LineEdit[]): readonly TextEdit[] {
  const joined: LineEdit[] = [];
  const real = edits.filter(({ from, to, lines: added }) => from !== to || added.length > 0);
  for (const edit of [...real].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = joined.at(-1);
    if (last && edit.from <= last.to) {
      const to = Math.max(last.to, edit.to);
      joined[joined.length - 1] = { from: last.from, to, lines: [...last.lines, ...edit.lines] };
    } else joined.push(edit);
  }
  const lastLine = lines.length - 1;
  const end = { line: lastLine, character: (lines[lastLine] ?? '').length };
  const at = (line: number) => (line > lastLine ? end : { line, character: 0 });
  return joined.map(({ from, to, lines: added }) => {
    const body = added.map(line => `${line}\n`).join('');
    // Behind a last line without an end.
    const newText = from > lastLine && added.length > 0 ? `\n${body}` : body;
    return { range: { start: at(from), end: at(to) }, newText };
  });
}
