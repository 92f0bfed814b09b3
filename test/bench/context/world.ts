/** A workspace of files given as text, as the context's ports see it: everything allowed, nothing on disk. */
import { Document } from '../../../server/base/document.ts';
import { languageOfPath } from '../../../server/base/languages.ts';
import { foldersBetween } from '../../../server/context/definitions.ts';
import type { CompletionPorts } from '../../../server/context/completionContext.ts';
import { createRedactor } from '../../../server/guard/redaction.ts';
import type { Symbols } from '../../../server/index/symbols.ts';
import { indexOn } from '../../support/learnedIndex.ts';
import { createMemoryMachine } from '../../support/memoryMachine.ts';

export interface World {
  readonly ports: CompletionPorts;
  readonly symbols: Symbols;
  /** An open document for a path of the workspace. */
  open(path: string, text?: string): Document;
  /** Paths of the workspace, the nearest to a path first. */
  near(path: string, among: readonly string[]): readonly string[];
}

const ROOT = '/w/';
const uriOf = (path: string): string => `file://${path}`;
const pathOf = (uri: string): string => uri.slice('file://'.length);

/** Paths relative to the workspace folder. */
export async function worldOf(
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<World> {
  const texts = new Map(files.map(({ path, text }) => [ROOT + path, text]));
  const learned = indexOn(createMemoryMachine({ files: Object.fromEntries(texts) }));
  await learned.crawl();
  const { symbols } = learned.index;
  const ports: CompletionPorts = {
    gate: {
      check: async () => ({ allowed: true }),
      checkDocument: async () => ({ allowed: true, place: 'workspace' }),
    },
    redactor: createRedactor(),
    places: { pathOf, uriOf, displayPath: uri => uri.slice(`file://${ROOT}`.length) },
    symbols: { definitions: async name => symbols.definitions(name) },
    files: {
      readText: async path => {
        const text = texts.get(path);
        return text === undefined ? { ok: false, why: 'missing' } : { ok: true, text, mtimeMs: 0 };
      },
    },
    codeSearch: { search: (query, signal) => learned.index.search(query, pathOf(query.uri), signal) },
    clock: {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
  };
  return {
    ports,
    symbols,
    open: (path, text) =>
      new Document(
        uriOf(ROOT + path),
        languageOfPath(path)?.id ?? '',
        1,
        text ?? texts.get(ROOT + path) ?? '',
      ),
    near: (path, among) =>
      [...among].sort((a, b) => foldersBetween(path, { path: a }) - foldersBetween(path, { path: b })),
  };
}
