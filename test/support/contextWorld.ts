/** A small workspace for the context's tests: files, open documents, an index and a history that say what they are told. */
import { Document } from '../../server/base/document.ts';
import type { EditHistory } from '../../server/base/history.ts';
import type { CompletionPorts } from '../../server/context/completionContext.ts';
import { createRedactor } from '../../server/guard/redaction.ts';
import type { CodeSearch } from '../../server/index/codeSearch.ts';
import type { IndexedSymbol, SymbolKind } from '../../server/index/symbolIndex.ts';

export interface Parts {
  /** Files on disk by path relative to the workspace folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where names are defined: `name kind path line`. */
  readonly symbols?: readonly string[];
  /** What the code search finds, best first: path, and its lines from and to. */
  readonly similar?: readonly (readonly [path: string, from: number, to: number])[];
  /** Lines that were edited and viewed lately, newest first. */
  readonly edited?: readonly (readonly [path: string, line: number])[];
  readonly viewed?: readonly (readonly [path: string, line: number])[];
  readonly problems?: readonly string[];
  /** Paths that the gate refuses. Read at each question. */
  readonly refused?: ReadonlySet<string>;
  readonly codeSearch?: CodeSearch;
}

export interface TestWorld {
  readonly ports: CompletionPorts;
  /** Runs out every patience that is running. */
  readonly impatient: () => void;
}

export const uriOf = (path: string): string => `file:///w/${path}`;
const at = (line: number) => ({ line, character: 0 });

export function testWorld(parts: Parts): TestWorld {
  const timers = new Set<() => void>();
  const refused = (path: string) => parts.refused?.has(path.replace(/^\/w\//, '')) ?? false;
  const verdict = (path: string) =>
    refused(path)
      ? ({ allowed: false, why: 'it is never sent' } as const)
      : ({ allowed: true, place: 'workspace' } as const);
  const symbols = (parts.symbols ?? []).map((text): IndexedSymbol => {
    const [name = '', kind = '', path = '', line = '0'] = text.split(' ');
    return {
      name,
      kind: kind as SymbolKind,
      path: `/w/${path}`,
      line: Number(line),
      exported: true,
      isDefault: false,
    };
  });
  const history: EditHistory = {
    edits: limit =>
      (parts.edited ?? []).slice(0, limit).map(([path, line]) => ({
        uri: uriOf(path),
        languageId: 'typescript',
        line,
        before: '',
        after: 'changed',
        beforeLines: 0,
        afterLines: 1,
        version: 2,
        at: 0,
      })),
    viewed: limit =>
      (parts.viewed ?? [])
        .slice(0, limit)
        .map(([path, line]) => ({ uri: uriOf(path), range: { start: at(line), end: at(line) }, at: 0 })),
  };
  const codeSearch: CodeSearch = parts.codeSearch ?? {
    search: async ({ limit }) =>
      (parts.similar ?? []).slice(0, limit).map(([path, startLine, endLine], i) => ({
        path: `/w/${path}`,
        startLine,
        endLine,
        text: (parts.files?.[path] ?? '')
          .split('\n')
          .slice(startLine, endLine + 1)
          .join('\n'),
        score: 10 - i,
      })),
  };
  return {
    impatient: () => [...timers].forEach(run => run()),
    ports: {
      gate: {
        check: async path => verdict(path),
        checkDocument: async uri => verdict(uri.slice('file://'.length)),
      },
      redactor: createRedactor(),
      places: {
        pathOf: uri => uri.slice('file://'.length),
        uriOf: path => `file://${path}`,
        displayPath: uri => uri.slice('file:///w/'.length),
      },
      symbols: { definitions: async name => symbols.filter(symbol => symbol.name === name) },
      files: {
        readText: async path => {
          const text = parts.files?.[path.slice('/w/'.length)];
          return text === undefined ? { ok: false, why: 'missing' } : { ok: true, text, mtimeMs: 0 };
        },
      },
      codeSearch,
      history,
      problems: {
        overlapping: (_, range) => (parts.problems ?? []).map(message => ({ range, message })),
      },
      clock: {
        after(_, run) {
          timers.add(run);
          return { cancel: () => timers.delete(run) };
        },
      },
    },
  };
}

/** An open document, with `$0` at the cursor if there is one. */
export function opened(path: string, marked: string, languageId = 'typescript') {
  const offset = Math.max(0, marked.indexOf('$0'));
  const document = new Document(uriOf(path), languageId, 1, marked.replace('$0', ''));
  return { document, position: document.positionAt(offset) };
}
