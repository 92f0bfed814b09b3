/**
 * Which findings fit: ranked over all sources, merged where they overlap, without what the window shows, each and
 * all within their room. Pure; it must not know where findings come from.
 */
import type { Document } from '../base/document.ts';
import type { SourceRow } from './sources/index.ts';
import type { Finding, Lines, Site } from './sources/source.ts';

export interface Found {
  readonly row: Pick<SourceRow, 'name' | 'weight' | 'share' | 'cap'>;
  readonly findings: readonly Finding[];
}

/** Lines of one document that a prompt should show. */
export interface Item {
  readonly document: Document;
  /** Ascending, at least one unless there is a note. */
  readonly lines: readonly number[];
  readonly note?: string;
  /** Most UTF-16 units of its text. */
  readonly cap: number;
}

/** What a path above an item and the line ends around it take, in UTF-16 units. */
const ITEM_OVERHEAD = 60;
/** Of a range that is mostly shown already, the rest is not worth an item. */
const LEAST_NEW = 0.5;

interface Draft {
  readonly document: Document;
  readonly row: Found['row'];
  readonly contiguous: boolean;
  readonly note?: string;
  lines: number[];
  size: number;
}

/** The best items within `room` UTF-16 units, best first. */
export function choose(
  found: readonly Found[],
  site: Pick<Site, 'document' | 'shown'>,
  room: number,
): Item[] {
  const ranked = found
    .flatMap(({ row, findings }) => findings.map(finding => ({ row, finding })))
    .sort((a, b) => b.row.weight * b.finding.score - a.row.weight * a.finding.score || order(a, b));
  const drafts: Draft[] = [];
  const taken = new Map<string, Set<number>>([[site.document.uri, range(site.shown)]]);
  const texts = new Set<string>();
  const spent = new Map<string, number>();
  let left = room;
  // A second round gives what nobody wants to those that had their share.
  for (const shared of [true, false]) {
    for (const { row, finding } of ranked) {
      const most = Math.min(left, shared ? room * row.share - (spent.get(row.name) ?? 0) : left);
      const used = add(drafts, taken, texts, row, finding, most);
      left -= used;
      spent.set(row.name, (spent.get(row.name) ?? 0) + used);
    }
  }
  return drafts.map(({ document, lines, note, row }) => ({
    document,
    lines,
    cap: row.cap,
    ...(note === undefined ? {} : { note }),
  }));
}

/** Adds a finding to the drafts if it fits into `most` units; returns what it takes. */
function add(
  drafts: Draft[],
  taken: Map<string, Set<number>>,
  texts: Set<string>,
  row: Found['row'],
  finding: Finding,
  most: number,
): number {
  const { document, note } = finding;
  if (note !== undefined) {
    const size = Math.min(note.length, row.cap) + ITEM_OVERHEAD;
    if (size > most || texts.has(note)) return 0;
    texts.add(note);
    drafts.push({ document, row, contiguous: false, note, lines: [], size });
    return size;
  }
  const shown = taken.get(document.uri) ?? new Set<number>();
  const all = finding.only ?? [...range(finding)];
  const fresh = trimmed(
    document,
    all.filter(line => !shown.has(line) && line < document.lineCount),
  );
  const contiguous = finding.only === undefined;
  if (fresh.length === 0 || (contiguous && fresh.length < all.length * LEAST_NEW)) return 0;
  const text = fresh.map(line => document.lineAt(line).trim()).join('\n');
  if (text.trim() === '' || texts.has(text)) return 0;
  const kin = drafts.find(draft => joins(draft, document, row, contiguous, fresh));
  const wanted = Math.min(
    row.cap,
    fresh.reduce((sum, line) => sum + document.lineAt(line).length + 1, 0),
  );
  const size = kin ? Math.min(wanted, row.cap - kin.size) : wanted + ITEM_OVERHEAD;
  if (size > most || size <= 0) return 0;
  if (kin) {
    kin.lines = [...new Set([...kin.lines, ...fresh])].sort((a, b) => a - b);
    kin.size += size;
  } else drafts.push({ document, row, contiguous, lines: fresh, size });
  texts.add(text);
  for (const line of fresh) shown.add(line);
  taken.set(document.uri, shown);
  return size;
}

/** Signatures of one file stand together; ranges only where they touch. */
function joins(
  draft: Draft,
  document: Document,
  row: Found['row'],
  contiguous: boolean,
  lines: readonly number[],
): boolean {
  if (draft.document.uri !== document.uri || draft.contiguous !== contiguous || draft.note !== undefined)
    return false;
  if (!contiguous) return draft.row.name === row.name;
  const [first = 0, last = 0] = [lines[0], lines.at(-1)];
  const [from = 0, to = 0] = [draft.lines[0], draft.lines.at(-1)];
  return first <= to + 1 && from <= last + 1;
}

/** Without blank lines at both ends. */
function trimmed(document: Document, lines: number[]): number[] {
  const full = (line: number) => document.lineAt(line).trim() !== '';
  const first = lines.findIndex(full);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(full) + 1);
}

/** Equals in a fixed order, whatever order the documents were opened in. */
function order(a: { readonly finding: Finding }, b: { readonly finding: Finding }): number {
  const [left, right] = [a.finding, b.finding];
  if (left.document.uri !== right.document.uri) return left.document.uri < right.document.uri ? -1 : 1;
  return left.first - right.first || left.end - right.end;
}

function range({ first, end }: Lines): Set<number> {
  return new Set(Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i));
}
