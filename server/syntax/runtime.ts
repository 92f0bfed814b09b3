/**
 * Loads tree-sitter and its grammars, lazily and once. A grammar that cannot be loaded costs one log line and the
 * refinements that need it, never a feature. It must not know documents.
 */
import type * as TreeSitter from 'web-tree-sitter';
import type { Language, Parser } from 'web-tree-sitter';
import type { Log } from '../base/ports.ts';
import { type GrammarName, grammarFile } from './grammars.ts';

/** Gives the bytes of a WebAssembly file by its name, for example `tree-sitter-python.wasm`. */
export type LoadWasm = (name: string) => Promise<Uint8Array>;

type Library = typeof TreeSitter;

/** A parser that is set to one language. */
export interface LoadedGrammar {
  readonly name: GrammarName;
  readonly language: Language;
  readonly parser: Parser;
}

/** The file with tree-sitter itself. */
const RUNTIME_FILE = 'web-tree-sitter.wasm';

export class GrammarLoader {
  readonly #loadWasm: LoadWasm;
  readonly #log: Log;
  readonly #grammars = new Map<GrammarName, Promise<LoadedGrammar | undefined>>();
  #library: Promise<Library | undefined> | undefined;

  constructor(loadWasm: LoadWasm, log: Log) {
    this.#loadWasm = loadWasm;
    this.#log = log;
  }

  /** The grammar, or undefined if it cannot be loaded; asks for the files once. */
  load(name: GrammarName): Promise<LoadedGrammar | undefined> {
    let loading = this.#grammars.get(name);
    if (!loading) {
      loading = this.#loadGrammar(name);
      this.#grammars.set(name, loading);
    }
    return loading;
  }

  async #loadGrammar(name: GrammarName): Promise<LoadedGrammar | undefined> {
    this.#library ??= this.#loadLibrary();
    const library = await this.#library;
    if (!library) return undefined;
    try {
      const language = await library.Language.load(await this.#loadWasm(grammarFile(name)));
      const parser = new library.Parser();
      parser.setLanguage(language);
      return { name, language, parser };
    } catch (error) {
      this.#log.write(
        'warn',
        `The ${name} grammar could not be loaded (${reason(error)}); its files get text-level help only.`,
      );
      return undefined;
    }
  }

  async #loadLibrary(): Promise<Library | undefined> {
    try {
      const library = await import('web-tree-sitter');
      const wasmBinary = await this.#loadWasm(RUNTIME_FILE);
      await library.Parser.init({ wasmBinary } as Parameters<typeof library.Parser.init>[0]);
      return library;
    } catch (error) {
      this.#log.write(
        'warn',
        `tree-sitter could not be loaded (${reason(error)}); every language gets text-level help only.`,
      );
      return undefined;
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
