/**
 * The definitions of names near the cursor, from open documents or from disk, through the read gate. It must not
 * know how definitions are found or what they are for.
 */
import type { Document } from '../base/document.ts';
import type { IndexedSymbol } from '../index/symbolIndex.ts';
import { excerpt } from './neighbours.ts';
import { openFile } from './open.ts';
import type { Candidate } from './pieces.ts';
import type { ActionPorts } from './ports.ts';

/** Names asked for, definitions per name, and all definitions shown. */
const MAX_NAMES = 24;
const MAX_PER_NAME = 2;
const MAX_DEFINITIONS = 8;
/** Lines of one definition, and of the comment above it. */
const LINES = 24;
const COMMENT_LINES = 10;

const COMMENT = /^\s*(?:\/\/|\/\*|\*|#|--|;|%|@)/;

/** Definitions outside `subject`; the names that come first matter most. */
export async function definitions(
  subject: Document,
  names: readonly string[],
  documents: readonly Document[],
  ports: ActionPorts,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const own = ports.places.pathOf(subject.uri);
  const asked = names.slice(0, MAX_NAMES);
  const found = await Promise.all(asked.map(name => ports.symbols.definitions(name, signal)));
  const wanted: { symbol: IndexedSymbol; score: number }[] = [];
  for (const [rank, symbols] of found.entries()) {
    const others = symbols.filter(symbol => symbol.path !== own);
    // A name that is defined everywhere explains nothing.
    if (others.length > 6) continue;
    const nearest = [...others].sort((a, b) => foldersBetween(own, a) - foldersBetween(own, b));
    for (const symbol of nearest.slice(0, MAX_PER_NAME)) {
      wanted.push({ symbol, score: 2 - rank / asked.length - (symbol.exported ? 0 : 0.5) });
    }
  }
  wanted.sort((a, b) => b.score - a.score);
  const candidates: Candidate[] = [];
  const sources = new Map<string, Document | undefined>();
  for (const { symbol, score } of wanted) {
    if (candidates.length >= MAX_DEFINITIONS || signal.aborted) break;
    if (!sources.has(symbol.path)) sources.set(symbol.path, await openFile(symbol.path, documents, ports));
    const document = sources.get(symbol.path);
    // The index may be older than the file.
    if (document === undefined || !document.lineAt(symbol.line).includes(symbol.name)) continue;
    const { line, lines } = extent(document, symbol.line);
    candidates.push({ ...excerpt(document, line, lines, ports), score });
  }
  return candidates;
}

/** Folders between two files; same folder first. */
export function foldersBetween(from: string | undefined, symbol: Pick<IndexedSymbol, 'path'>): number {
  if (from === undefined) return 0;
  const a = from.split(/[\\/]/);
  const b = symbol.path.split(/[\\/]/);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return a.length + b.length - 2 * same;
}

/** The comment above a definition, and its lines until the indentation returns. */
function extent(document: Document, line: number): { readonly line: number; readonly lines: number } {
  let first = line;
  while (first > 0 && line - first < COMMENT_LINES && COMMENT.test(document.lineAt(first - 1))) first--;
  const indent = indentOf(document.lineAt(line));
  let last = line;
  while (last + 1 < document.lineCount && last - line < LINES) {
    const next = document.lineAt(last + 1);
    if (next.trim() === '' ? last > line : indentOf(next) < indent) break;
    last++;
    if (last > line && indentOf(next) === indent && !/^\s*[)\]}{]/.test(next)) {
      last--;
      break;
    }
  }
  return { line: first, lines: last - first + 1 };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
