/**
 * Puts an analysis over texts in memory together, for tests. Grammars come from the installed packages and are
 * loaded once.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createAnalysis, type RunningAnalysis } from '../../server/analysis/create.ts';
import { Document } from '../../server/base/document.ts';
import { memoryIndex } from './memoryIndex.ts';

const resolve = createRequire(import.meta.url);

/** Bytes of a WebAssembly file, as the composition root would give them. */
export async function loadWasm(name: string): Promise<Uint8Array> {
  if (name === 'web-tree-sitter.wasm')
    return readFile(resolve.resolve('web-tree-sitter/web-tree-sitter.wasm'));
  const folder = dirname(resolve.resolve('@vscode/tree-sitter-wasm/package.json'));
  return readFile(join(folder, 'wasm', name));
}

const ids: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescriptreact',
  js: 'javascript',
  py: 'python',
  rs: 'rust',
  go: 'go',
  c: 'c',
  lua: 'lua',
  java: 'java',
  cs: 'csharp',
  rb: 'ruby',
};

export interface Bench {
  readonly analysis: RunningAnalysis;
  readonly documents: Map<string, Document>;
  readonly log: string[];
  uri(name: string): string;
  /** The document of a file of the bench. */
  document(name: string): Document;
}

/** Files by name below `/w`; all of them are open and indexed. */
export function bench(
  files: Readonly<Record<string, string>>,
  load = loadWasm,
  breathe?: () => Promise<void>,
): Bench {
  const uri = (name: string): string => `file:///w/${name}`;
  const documents = new Map<string, Document>();
  const log: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const id = ids[name.slice(name.lastIndexOf('.') + 1)] ?? 'plaintext';
    documents.set(uri(name), new Document(uri(name), id, 1, text));
  }
  const byPath = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/w/${name}`, text]));
  const analysis = createAnalysis({
    documents,
    index: memoryIndex(byPath),
    loadWasm: load,
    log: { write: (level, message) => log.push(`${level}: ${message}`) },
    roots: () => ['/w'],
    ...(breathe ? { breathe } : {}),
  });
  return {
    analysis,
    documents,
    log,
    uri,
    document: name => documents.get(uri(name)) ?? new Document(uri(name), 'plaintext', 1, ''),
  };
}

/** A text with a `$0` cursor, split into text and place. */
export function cursor(marked: string): {
  readonly text: string;
  readonly position: { readonly line: number; readonly character: number };
} {
  const at = marked.indexOf('$0');
  const before = marked.slice(0, at).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: marked.slice(0, at) + marked.slice(at + 2), position };
}

/** A signal that is never aborted. */
export const never = new AbortController().signal;
