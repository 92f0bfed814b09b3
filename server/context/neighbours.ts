/**
 * Snippets of other open documents that speak of the same things as the text around the cursor: windows of lines,
 * compared by the names they share (Jaccard). Names and redacted text are remembered per document version. It must
 * not know what the snippets are for.
 */
import type { Document } from '../base/document.ts';
import { namesIn } from './names.ts';
import { mayQuote } from './open.ts';
import { type Candidate, PIECE_CAP } from './pieces.ts';
import type { ContextPorts } from './ports.ts';
import { windowAround } from './window.ts';

/** Lines of a window, how many documents and how much of each are looked at, and how many snippets come of it. */
const WINDOW = 24;
const MAX_DOCUMENTS = 6;
const MAX_LENGTH = 256 * 1024;
const MAX_LINES = 1_500;
const MAX_SNIPPETS = 4;
/** Windows that share less than this say nothing. */
const LEAST_SIMILAR = 0.12;

interface Snippet {
  readonly line: number;
  readonly lines: number;
  readonly names: ReadonlySet<string>;
  /** Its redacted piece, once it was shown. */
  piece?: Omit<Candidate, 'score'>;
}

type Memory = WeakMap<Document, { readonly version: number; readonly snippets: readonly Snippet[] }>;
/** Per redactor, since placeholders mean something to the one that made them only. */
const remembered = new WeakMap<ContextPorts['redactor'], Memory>();

/** A window of lines of a document that is not the subject. */
export interface Similar {
  readonly document: Document;
  readonly line: number;
  readonly lines: number;
  readonly score: number;
}

/** The most similar snippets of documents other than `subject`, best first. The gate is not asked yet. */
export function mostSimilar(
  subject: Document,
  names: readonly string[],
  documents: readonly Document[],
  ports: ContextPorts,
): readonly Similar[] {
  return ranked(subject, names, documents, ports).map(({ document, snippet, score }) => ({
    document,
    line: snippet.line,
    lines: snippet.lines,
    score,
  }));
}

/** The most similar snippets of documents other than `subject`; those that the gate refuses are left out. */
export async function neighbours(
  subject: Document,
  names: readonly string[],
  documents: readonly Document[],
  ports: ContextPorts,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { document, snippet, score } of ranked(subject, names, documents, ports)) {
    if (!(await mayQuote(document.uri, ports))) continue;
    snippet.piece ??= excerpt(document, snippet.line, snippet.lines, ports);
    candidates.push({ ...snippet.piece, score });
  }
  return candidates;
}

function ranked(
  subject: Document,
  names: readonly string[],
  documents: readonly Document[],
  ports: ContextPorts,
): readonly { document: Document; snippet: Snippet; score: number }[] {
  if (names.length === 0) return [];
  const wanted = new Set(names);
  const found: { document: Document; snippet: Snippet; score: number }[] = [];
  for (const document of documents.slice(0, MAX_DOCUMENTS + 1)) {
    if (document.uri === subject.uri || document.length > MAX_LENGTH) continue;
    let best: { document: Document; snippet: Snippet; score: number } | undefined;
    for (const snippet of snippetsOf(document, ports)) {
      const score = similarity(wanted, snippet.names);
      if (score > (best?.score ?? LEAST_SIMILAR)) best = { document, snippet, score };
    }
    if (best !== undefined) found.push(best);
  }
  return found.sort((a, b) => b.score - a.score).slice(0, MAX_SNIPPETS);
}

/** Some lines of a document as a piece, redacted with what stands around them. */
export function excerpt(
  document: Document,
  line: number,
  lines: number,
  ports: ContextPorts,
): Omit<Candidate, 'score'> {
  const start = document.offsetAt({ line, character: 0 });
  const end = Math.min(document.offsetAt({ line: line + lines, character: 0 }), start + 2 * PIECE_CAP);
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  const text = windowAround(document, range, { before: 0, after: 0 }, ports.redactor).inside;
  const path = ports.redactor.redact(ports.places.displayPath(document.uri));
  return { uri: document.uri, line, lines, path, text };
}

function snippetsOf(document: Document, ports: ContextPorts): readonly Snippet[] {
  const byDocument: Memory = remembered.get(ports.redactor) ?? new WeakMap();
  remembered.set(ports.redactor, byDocument);
  const known = byDocument.get(document);
  if (known?.version === document.version) return known.snippets;
  const path = ports.places.displayPath(document.uri);
  const snippets: Snippet[] = [];
  const count = Math.min(document.lineCount, MAX_LINES);
  for (let line = 0; line < count; line += WINDOW / 2) {
    const lines = Math.min(WINDOW, count - line);
    const text = document.getText({
      start: { line, character: 0 },
      end: { line: line + lines, character: 0 },
    });
    const names = text.length > 4 * PIECE_CAP ? [] : namesIn(text, document.languageId, path);
    snippets.push({ line, lines, names: new Set(names) });
    if (line + lines >= count) break;
  }
  byDocument.set(document, { version: document.version, snippets });
  return snippets;
}

/** Shared names over all names. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const name of a) if (b.has(name)) shared++;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}
