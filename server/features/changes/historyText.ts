/**
 * The history of changes as a Markdown document, one line for each, and one change as a diff. What can be done about
 * a line is read from the line itself. Pure; it must not know the protocol.
 */
import { diffLines } from '../../edits/diff.ts';
import { unifiedDiff } from '../../edits/unifiedDiff.ts';
import type { Places } from '../services.ts';
import type { Direction } from './changes.ts';
import { fenced } from './conflicts.ts';
import { afterOf, type Chain, type FileRecord, openFiles } from './record.ts';

/** Name of the document. */
export const HISTORY_NAME = 'history.md';
/** Lines; the newest changes. */
const MOST_LINES = 200;

/** What the person can do about a line of the history. */
export interface HistoryLine {
  readonly id: string;
  readonly directions: readonly Direction[];
}

type Display = Pick<Places, 'displayPath'>;

/** The newest change first. Times are UTC. */
export function historyText(chains: readonly Chain[], places: Display): string {
  const head = [
    '# Changes by Codriver',
    'On a line of the list, code actions undo the change, redo it, or show it. Or run `codriver.undo`, `codriver.redo` or `codriver.showChange` with `{"id": "…"}`; without an id the first two take the last change.',
  ];
  if (chains.length === 0) return [...head, 'There is none yet.'].join('\n\n');
  const lines = chains
    .slice(-MOST_LINES)
    .reverse()
    .map(chain => lineOf(chain, places));
  return [...head, lines.join('\n')].join('\n\n');
}

function lineOf(chain: Chain, places: Display): string {
  const { root, label, at, records } = chain;
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const files = (records[0]?.files ?? []).map(file => `${places.displayPath(file.uri)} ${countOf(file)}`);
  return `- \`${root}\` ${when} · ${stateOf(chain)} · ${label.replace(/\s+/g, ' ')} · ${files.join(', ')}`;
}

function stateOf(chain: Chain): string {
  const [undo, redo] = [openFiles(chain, 'undo').length, openFiles(chain, 'redo').length];
  if (redo === 0) return 'in place';
  return undo === 0 ? 'undone' : 'partly undone';
}

/** Lines added and removed, or what happened to the file as a whole. */
function countOf(file: FileRecord): string {
  if (file.before === null) return '(made)';
  const after = afterOf(file);
  if (after === null) return '(deleted)';
  const lines = (text: string) => text.split(/(?<=\n)/);
  const hunks = diffLines(lines(file.before), lines(after));
  if (!hunks) return '(rewritten)';
  const added = hunks.reduce((sum, { bStart, bEnd }) => sum + bEnd - bStart, 0);
  const removed = hunks.reduce((sum, { aStart, aEnd }) => sum + aEnd - aStart, 0);
  return `+${added} −${removed}`;
}

/** What a line of the history is about; undefined for any other line. */
export function readHistoryLine(line: string): HistoryLine | undefined {
  const match = /^- `(c[0-9a-z]+)` [0-9: -]+ · (in place|undone|partly undone) · /.exec(line);
  const [, id, state] = match ?? [];
  if (id === undefined) return undefined;
  const directions: Record<string, readonly Direction[]> = { 'in place': ['undo'], undone: ['redo'] };
  return { id, directions: directions[state ?? ''] ?? ['undo', 'redo'] };
}

/** One change as it was first made, as a diff in a code block. */
export function changeText({ root, label, records }: Chain, places: Display): string {
  const diffs = (records[0]?.files ?? []).map(file =>
    unifiedDiff(places.displayPath(file.uri), file.before ?? '', afterOf(file) ?? ''),
  );
  return [`# ${label.replace(/\s+/g, ' ')}`, `\`${root}\``, fenced(diffs.join(''), 'diff', 2_000)].join(
    '\n\n',
  );
}
