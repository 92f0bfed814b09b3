/** Where the person was lately: ranges that were edited or looked at, in documents that are open. */
import type { Document } from '../../base/document.ts';
import { mayQuote } from '../open.ts';
import type { Finding, Lines, Site, SourcePorts } from './source.ts';

const EDITS = 12;
const VIEWED = 6;
/** Lines shown around an edit or a view, and at most of one. */
const AROUND = 4;
const MAX_LINES = 40;

export function edited(site: Site, ports: SourcePorts): Promise<readonly Finding[]> {
  const edits = ports.history?.edits(EDITS) ?? [];
  return inOpenDocuments(
    edits.map(({ uri, line, afterLines }) => ({ uri, first: line, end: line + Math.max(1, afterLines) })),
    site,
    ports,
  );
}

export function viewed(site: Site, ports: SourcePorts): Promise<readonly Finding[]> {
  const places = ports.history?.viewed(VIEWED) ?? [];
  return inOpenDocuments(
    places.map(({ uri, range }) => ({ uri, first: range.start.line, end: range.end.line + 1 })),
    site,
    ports,
  );
}

/** The newest first; what the window shows anyway, and what lies around the cursor, is left out. */
async function inOpenDocuments(
  places: readonly (Lines & { readonly uri: string })[],
  site: Site,
  ports: SourcePorts,
): Promise<readonly Finding[]> {
  const byUri = new Map<string, Document>(site.openDocuments.map(document => [document.uri, document]));
  const findings: Finding[] = [];
  for (const [age, { uri, first, end }] of places.entries()) {
    const document = byUri.get(uri);
    if (document === undefined || first >= document.lineCount) continue;
    if (uri === site.document.uri && first < site.shown.end && end > site.shown.first) continue;
    if (uri !== site.document.uri && !(await mayQuote(uri, ports))) continue;
    const from = Math.max(0, first - AROUND);
    const to = Math.min(document.lineCount, Math.min(end, first + MAX_LINES) + AROUND);
    findings.push({ document, first: from, end: to, score: 1 - age / places.length });
  }
  return findings;
}
