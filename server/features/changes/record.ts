/**
 * What is remembered of a change: enough to take it back exactly, also in another session. Pure; it must not know
 * where records are kept.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { applyEdits } from '../../edits/lines.ts';

/** One file of a change. `before` is null for a file that did not exist, `edits` null for one that was deleted. */
export interface FileRecord {
  readonly uri: string;
  readonly before: string | null;
  /** Made to `before`, or to an empty text. */
  readonly edits: readonly TextEdit[] | null;
}

/**
 * One change as it was applied. Undoing it is a change of its own with the same `root`, and so is every redo: the
 * records of one root are a chain, and what is true of a file is what its last record says.
 */
export interface ChangeRecord {
  readonly id: string;
  /** The change that the person asked for; its own id there. */
  readonly root: string;
  readonly session: string;
  /** Milliseconds since the epoch; `order` tells records of the same millisecond apart. */
  readonly at: number;
  readonly order: number;
  /** What the person saw, for example "Codriver: fix". */
  readonly label: string;
  /** After this record the change is not in its files any more. */
  readonly undone: boolean;
  readonly files: readonly FileRecord[];
}

/** The text that the change left; null where it left no file. */
export function afterOf({ before, edits }: FileRecord): string | null {
  return edits === null ? null : applyEdits(before ?? '', edits);
}

/** Oldest first. */
export function inOrder(a: ChangeRecord, b: ChangeRecord): number {
  return a.at - b.at || a.order - b.order || (a.id < b.id ? -1 : 1);
}

/** Characters that a record keeps. */
export function sizeOf({ files }: ChangeRecord): number {
  return files.reduce(
    (sum, { before, edits }) =>
      sum + (before?.length ?? 0) + (edits ?? []).reduce((all, { newText }) => all + newText.length + 64, 0),
    0,
  );
}

/** One change with all that became of it. */
export interface Chain {
  readonly root: string;
  readonly label: string;
  /** When it was first made, in ms since the epoch. */
  readonly at: number;
  /** When it was last undone or redone, or made. */
  readonly touched: number;
  readonly session: string;
  readonly records: readonly ChangeRecord[];
  /** The last record of each file, by URI. */
  readonly last: ReadonlyMap<string, ChangeRecord>;
}

/** The chains of records, the oldest change first. */
export function chainsOf(records: readonly ChangeRecord[]): readonly Chain[] {
  const byRoot = new Map<string, ChangeRecord[]>();
  for (const record of [...records].sort(inOrder)) {
    const known = byRoot.get(record.root);
    if (known) known.push(record);
    else byRoot.set(record.root, [record]);
  }
  return [...byRoot].map(([root, chain]) => {
    const first = chain[0] as ChangeRecord;
    const last = new Map<string, ChangeRecord>();
    for (const record of chain) for (const { uri } of record.files) last.set(uri, record);
    const touched = (chain.at(-1) as ChangeRecord).at;
    return { root, label: first.label, at: first.at, touched, session: first.session, records: chain, last };
  });
}

/** Files of a chain that a direction still has something to do for. */
export function openFiles(chain: Chain, direction: 'undo' | 'redo'): readonly string[] {
  return [...chain.last].filter(([, record]) => record.undone === (direction === 'redo')).map(([uri]) => uri);
}

/** A record as it was stored, or undefined if it is none: what is on disk may be from anywhere. */
export function readRecord(value: unknown): ChangeRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, root, session, at, order, label, undone, files } = value as Partial<Record<string, unknown>>;
  const texts = [id, root, session, label].every(each => typeof each === 'string');
  if (!texts || !Number.isFinite(at) || !Number.isFinite(order) || typeof undone !== 'boolean')
    return undefined;
  if (!Array.isArray(files) || files.length === 0 || !files.every(isFileRecord)) return undefined;
  return value as ChangeRecord;
}

function isFileRecord(value: unknown): value is FileRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, before, edits } = value as Partial<Record<string, unknown>>;
  if (typeof uri !== 'string' || (before !== null && typeof before !== 'string')) return false;
  return edits === null ? before !== null : Array.isArray(edits) && edits.every(isEdit);
}

function isEdit(value: unknown): value is TextEdit {
  if (typeof value !== 'object' || value === null) return false;
  const { range, newText } = value as {
    range?: { start?: unknown; end?: unknown } | null;
    newText?: unknown;
  };
  return typeof newText === 'string' && isPosition(range?.start) && isPosition(range?.end);
}

function isPosition(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { line, character } = value as { line?: unknown; character?: unknown };
  return Number.isSafeInteger(line) && Number.isSafeInteger(character);
}
