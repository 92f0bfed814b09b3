/** Code of other files that speaks of the same things: by the index, and in open documents by shared names. */
import type { Document } from '../../base/document.ts';
import { familyOf } from '../../base/languageFamilies.ts';
import { languageOf } from '../../base/languages.ts';
import { mostSimilar } from '../neighbours.ts';
import { mayQuote, openFile } from '../open.ts';
import { outlineOf } from '../signatures.ts';
import type { Finding, Site, SourcePorts } from './source.ts';

/** Snippets shown, those asked for, since some are of another language, and the text around the place that they are looked for with, in UTF-16 units. */
const LIMIT = 6;
const ASKED = 12;
const BEFORE = 1_500;
const AFTER = 300;
/** Files whose outline is shown, since what is similar often uses what is defined beside it. */
const OUTLINED = 3;
/** An outline's score beside that of the chunk it belongs to. */
const OUTLINE = 0.6;

/** Similar chunks of the workspace's files. The index says where; the text is read again, redacted with its surroundings. */
export async function similar(
  site: Site,
  ports: SourcePorts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (ports.codeSearch === undefined) return [];
  const { document, position } = site;
  const offset = document.offsetAt(position);
  const at = (place: number) => document.positionAt(Math.max(0, place));
  const behind = document.getText({ start: position, end: at(offset + AFTER) });
  const before = document.getText({ start: at(offset - BEFORE), end: position });
  const { languageId, uri } = document;
  const isKin = kinOf(document);
  const all = await ports.codeSearch.search(
    // A new file has little more than its name.
    { text: `${ports.places.displayPath(uri)}\n${behind}\n${before}`, languageId, uri, limit: ASKED },
    signal,
  );
  const found = all.filter(({ path }) => isKin(ports.places.uriOf(path), '')).slice(0, LIMIT);
  const best = found[0]?.score ?? 0;
  const findings: Finding[] = [];
  const outlined = new Set<string>();
  for (const snippet of found) {
    const source = await openFile(snippet.path, site.openDocuments, ports);
    if (source === undefined || source.uri === uri) continue;
    const score = best > 0 ? snippet.score / best : 0;
    const end = Math.min(source.lineCount, snippet.endLine + 1);
    // The index may be older than the file.
    const [head = ''] = snippet.text.split(/\r?\n/, 1);
    if (snippet.startLine < end && source.lineAt(snippet.startLine) === head)
      findings.push({ document: source, first: snippet.startLine, end, score });
    if (outlined.size < OUTLINED && !outlined.has(source.uri)) {
      outlined.add(source.uri);
      const outline = outlineOf(source);
      if (outline) findings.push({ ...outline, score: score * OUTLINE });
    }
  }
  return findings;
}

/** Similar windows of open documents, by the names they share. */
export async function neighbours(site: Site, ports: SourcePorts): Promise<readonly Finding[]> {
  const isKin = kinOf(site.document);
  const others = site.openDocuments.filter(({ uri, languageId }) => isKin(uri, languageId));
  const found = mostSimilar(site.document, site.names, others, ports);
  const allowed = await Promise.all(found.map(each => mayQuote(each.document.uri, ports)));
  return found
    .filter((_, i) => allowed[i])
    .map(({ document, line, lines, score }) => ({
      document,
      first: line,
      end: line + lines,
      score: Math.min(1, score * 2),
    }));
}

/** Tells documents in the language of this one or its family: nothing else shows how its code is written. */
function kinOf(document: Document): (uri: string, languageId: string) => boolean {
  const family = (uri: string, languageId: string) => familyOf(languageOf(languageId, uri).id);
  const own = family(document.uri, document.languageId);
  return (uri, languageId) => family(uri, languageId) === own;
}
