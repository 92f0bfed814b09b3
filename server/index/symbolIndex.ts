/**
 * What the workspace is known to define and import, by lexer: names, never types. Built in the worker.
 * It must not know trees, documents of the editor or features.
 */

export type SymbolKind = 'function' | 'method' | 'class' | 'type' | 'variable' | 'constant' | 'module';

export interface IndexedSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Absolute path. */
  readonly path: string;
  /** Zero-based. */
  readonly line: number;
  /** Reachable from other files (exported, or top-level and public in Python). */
  readonly exported: boolean;
  /** `export default`. */
  readonly isDefault: boolean;
}

/** How a name was brought into files of the workspace. */
export interface IndexedImport {
  readonly name: string;
  /** As written: `node:fs`, `./util`, `collections`. Relative ones are resolved to an absolute path in `target`. */
  readonly module: string;
  readonly target?: string;
  readonly kind: 'named' | 'default' | 'namespace' | 'module';
  readonly count: number;
}

export interface IndexedReference {
  readonly path: string;
  readonly line: number;
  /** The line, trimmed, at most 200 characters. */
  readonly text: string;
}

export interface SymbolIndex {
  /** Definitions of exactly this name. */
  definitions(name: string): readonly IndexedSymbol[];
  imports(name: string): readonly IndexedImport[];
  /**
   * Lines of code in the language of `nearPath` or its family that use the name: definitions and comments excluded,
   * nearest folder to `nearPath` first, lines that only say it in a string last.
   */
  references(name: string, nearPath: string, limit: number): Promise<readonly IndexedReference[]>;
  /** The lines of a file of the workspace as it is now, unsaved text included; undefined if it cannot be read. */
  lines(path: string): Promise<readonly string[] | undefined>;
  /** How often the word occurs in the workspace; 0 if never seen. */
  frequency(word: string): number;
  /** Known words within `maxDistance` edits (Damerau-Levenshtein), most frequent first. */
  similar(word: string, maxDistance: number, limit: number): readonly string[];
}
