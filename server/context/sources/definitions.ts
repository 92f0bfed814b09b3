/** Signatures of what the imports bring, and of names near the cursor, from the symbol index. */
import type { Document } from '../../base/document.ts';
import type { IndexedSymbol } from '../../index/symbolIndex.ts';
import { foldersBetween } from '../definitions.ts';
import { importsBefore } from '../imports.ts';
import { namesIn } from '../names.ts';
import { openFile } from '../open.ts';
import { outlineOf, signatureLines } from '../signatures.ts';
import type { Finding, Site, SourcePorts } from './source.ts';

/** Names asked for, and definitions of one name. */
const MAX_NAMES = 40;
const MAX_PER_NAME = 2;
/** A name that more places define explains nothing, unless an import says which is meant. */
const MAX_PLACES = 6;
const MAX_FILES = 16;
/** Imported files whose outline is shown, and its score beside that of what is imported from them. */
const OUTLINED = 4;
const OUTLINE = 0.5;

/** What the document's imports bring, names that are used near the place first; then what else those files hold. */
export async function imported(
  site: Site,
  ports: SourcePorts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { document } = site;
  const text = importsBefore(document, document.lineCount);
  if (text === '') return [];
  const near = new Set(site.names);
  const names = namesIn(text, document.languageId, document.uri);
  const ranked = [...names.filter(name => near.has(name)), ...names.filter(name => !near.has(name))];
  const signatures = await signaturesOf(ranked, text, site, ports, signal);
  const files = [...new Map(signatures.map(each => [each.document, each.score] as const))];
  const outlines = files.slice(0, OUTLINED).flatMap(([file, score]) => {
    const found = outlineOf(file);
    return found === undefined ? [] : [{ ...found, score: score * OUTLINE }];
  });
  return [...signatures, ...outlines];
}

/** Names near the place, nearest first. */
export function named(site: Site, ports: SourcePorts, signal: AbortSignal): Promise<readonly Finding[]> {
  return signaturesOf(site.names, '', site, ports, signal);
}

async function signaturesOf(
  names: readonly string[],
  imports: string,
  site: Site,
  ports: SourcePorts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { symbols } = ports;
  if (symbols === undefined) return [];
  const asked = names.slice(0, MAX_NAMES);
  const own = ports.places.pathOf(site.document.uri);
  const found = await Promise.all(asked.map(name => symbols.definitions(name, signal)));
  const files = new Map<string, Promise<Document | undefined>>();
  const wanted: { symbol: IndexedSymbol; score: number }[] = [];
  for (const [rank, all] of found.entries()) {
    for (const symbol of likeliest(all, own, imports)) {
      wanted.push({ symbol, score: (1 - rank / (asked.length + 1)) * (symbol.exported ? 1 : 0.7) });
    }
  }
  const findings = await Promise.all(
    wanted.map(async ({ symbol, score }): Promise<Finding | undefined> => {
      if (!files.has(symbol.path)) {
        if (files.size >= MAX_FILES) return undefined;
        files.set(symbol.path, openFile(symbol.path, site.openDocuments, ports));
      }
      const document = await files.get(symbol.path);
      // The index may be older than the file.
      if (document === undefined || !document.lineAt(symbol.line).includes(symbol.name)) return undefined;
      const only = signatureLines(document, symbol.line, symbol.kind, symbol.name);
      return { document, first: only[0] ?? symbol.line, end: (only.at(-1) ?? symbol.line) + 1, only, score };
    }),
  );
  return findings.filter(each => each !== undefined);
}

/** The definitions in other files that are probably meant: those that an import names, else the nearest. */
function likeliest(
  all: readonly IndexedSymbol[],
  own: string | undefined,
  imports: string,
): readonly IndexedSymbol[] {
  const others = all.filter(symbol => symbol.path !== own);
  const meant = imports === '' ? [] : others.filter(symbol => isNamed(symbol.path, imports));
  if (meant.length === 0 && others.length > MAX_PLACES) return [];
  return (meant.length > 0 ? meant : others)
    .toSorted(
      (a, b) => Number(b.exported) - Number(a.exported) || foldersBetween(own, a) - foldersBetween(own, b),
    )
    .slice(0, MAX_PER_NAME);
}

/** Whether the file's name, or its folder's for an index file, stands in the imports. */
function isNamed(path: string, imports: string): boolean {
  const parts = path.split(/[\\/]/);
  const stem = (parts.at(-1) ?? '').replace(/\.\w+$/, '');
  const name = /^(?:index|mod|lib|__init__|main)$/.test(stem) ? (parts.at(-2) ?? '') : stem;
  return name.length > 1 && new RegExp(`(?<![\\w-])${escape(name)}(?![\\w-])`).test(imports);
}

function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N}_]/gu, '\\$&');
}
