/**
 * Definitions, imports and words of the workspace, by lexer and line patterns: names, never types. Compact: a few
 * numbers per name in one array per file, searched by running over them. It must not know trees or features.
 */
import { languageOf } from '../base/languages.ts';
import { firstWordId, tokenKind } from '../base/tokens.ts';
import { patternsOf } from './definitionPatterns.ts';
import type { DefinitionPattern } from './definitionPatterns.ts';
import { distance } from '../base/distance.ts';
import { findUses, kinOf } from './uses.ts';
import { readImports, resolveModule } from './imports.ts';
import type { LineVisitor } from './reading.ts';
import type {
  IndexedImport,
  IndexedReference,
  IndexedSymbol,
  SymbolIndex,
  SymbolKind,
} from './symbolIndex.ts';
import type { TokenStore } from './tokenStore.ts';
import { signature } from './vocabulary.ts';

const kinds: readonly SymbolKind[] = [
  'function',
  'method',
  'class',
  'type',
  'variable',
  'constant',
  'module',
];
const importKinds: readonly IndexedImport['kind'][] = ['named', 'default', 'namespace', 'module'];
const longestLine = 400;
const longestReference = 200;
/** Files read for one search for references. */
const referenceFiles = 40;

interface FileNames {
  /** Pairs: name id, then line << 5 | kind << 2 | exported << 1 | default. */
  readonly definitions: Uint32Array;
  /** Triples: name id, module number, kind. */
  readonly imports: Uint32Array;
}

/** The names of some files as they are kept between sessions; ids as in the saved words. */
export interface SavedNames {
  readonly modules: readonly string[];
  /** Per file how many numbers of `definitions` and of `imports` are its own. */
  readonly counts: Uint32Array;
  readonly definitions: Uint32Array;
  readonly imports: Uint32Array;
}

/** Takes the lines of code of one file. */
export interface Collector {
  readonly line: LineVisitor;
  /** Puts what was found in place of what was known; `text` is that of the whole file. */
  readonly done: (text: string) => void;
}

export class Symbols implements SymbolIndex {
  readonly #store: TokenStore;
  readonly #read: (path: string) => Promise<readonly string[] | undefined>;
  readonly #files = new Map<string, FileNames>();
  readonly #modules: string[] = [];
  readonly #moduleNumbers = new Map<string, number>();

  /** `read` gives a file's lines again, for the text of references. */
  constructor(store: TokenStore, read: (path: string) => Promise<readonly string[] | undefined>) {
    this.#store = store;
    this.#read = read;
  }

  /** Collects the names of a file while its lines go by; `done` puts them in place of what was known. */
  collector(path: string, languageId = ''): Collector {
    const language = languageOf(languageId, path);
    const patterns = patternsOf(language.id, language.prose);
    const definitions: number[] = [];
    return {
      line: (line, text) => {
        if (text.length > longestLine) return;
        const found = definitionOn(text, patterns.definitions);
        if (found) definitions.push(this.#intern(found.name), (line << 5) | found.packed);
      },
      done: text => {
        const imports: number[] = [];
        const lines = patterns.imports ? text.split(/\r\n|\r|\n/) : [];
        for (const each of readImports(lines, patterns.imports)) {
          imports.push(this.#intern(each.name), this.#module(each.module), importKinds.indexOf(each.kind));
        }
        this.#files.set(path, {
          definitions: Uint32Array.from(definitions),
          imports: Uint32Array.from(imports),
        });
      },
    };
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  get bytes(): number {
    let sum = 0;
    for (const each of this.#files.values())
      sum += each.definitions.byteLength + each.imports.byteLength + 200;
    return sum;
  }

  /** One definition for each name that begins so, in any case; the same case, exported and short ones first. */
  named(prefix: string, limit: number): readonly IndexedSymbol[] {
    const { words } = this.#store;
    const wanted = prefix.toLowerCase();
    const found = new Map<number, IndexedSymbol | undefined>();
    for (const [path, { definitions }] of this.#files) {
      for (let i = 0; i < definitions.length; i += 2) {
        const id = definitions[i] as number;
        const known = found.get(id);
        if (known?.exported || (known === undefined && found.has(id))) continue;
        const name = known?.name ?? (words.lengthOf(id) < prefix.length ? '' : words.textOf(id));
        const fits = name !== '' && name.slice(0, prefix.length).toLowerCase() === wanted;
        const symbol = fits ? unpacked(name, path, definitions[i + 1] ?? 0) : undefined;
        if (known === undefined || symbol?.exported) found.set(id, symbol);
      }
    }
    const rank = ({ name, exported }: IndexedSymbol) =>
      (name.startsWith(prefix) ? 0 : 2) + (exported ? 0 : 1);
    return [...found.values()]
      .filter(symbol => symbol !== undefined)
      .sort((a, b) => rank(a) - rank(b) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  definitions(name: string): readonly IndexedSymbol[] {
    const id = this.#store.words.find(name, tokenKind.word);
    const found: IndexedSymbol[] = [];
    if (id < 0) return found;
    for (const [path, { definitions }] of this.#files) {
      for (let i = 0; i < definitions.length; i += 2) {
        if (definitions[i] !== id) continue;
        found.push(unpacked(name, path, definitions[i + 1] ?? 0));
      }
    }
    return found;
  }

  imports(name: string): readonly IndexedImport[] {
    const id = this.#store.words.find(name, tokenKind.word);
    const found = new Map<string, IndexedImport>();
    if (id < 0) return [];
    for (const [path, { imports }] of this.#files) {
      for (let i = 0; i < imports.length; i += 3) {
        if (imports[i] !== id) continue;
        const module = this.#modules[imports[i + 1] ?? 0] ?? '';
        const kind = importKinds[imports[i + 2] ?? 0] ?? 'named';
        const target = resolveModule(module, path, each => this.#files.has(each));
        const key = `${kind} ${target ?? module}`;
        const count = (found.get(key)?.count ?? 0) + 1;
        found.set(key, { name, module, kind, count, ...(target === undefined ? {} : { target }) });
      }
    }
    return [...found.values()].sort((a, b) => b.count - a.count);
  }

  lines(path: string): Promise<readonly string[] | undefined> {
    return this.#read(path);
  }

  async references(name: string, nearPath: string, limit: number): Promise<readonly IndexedReference[]> {
    const id = this.#store.words.find(name, tokenKind.word);
    if (id < 0) return [];
    const isKin = kinOf(nearPath);
    const paths = [...this.#files.keys()].filter(path => isKin(path) && this.#uses(path, id));
    const near = paths
      .map(path => ({ path, shared: sharedFolders(path, nearPath) }))
      .sort((a, b) => b.shared - a.shared || (a.path < b.path ? -1 : 1));
    const inCode: IndexedReference[] = [];
    const inStrings: IndexedReference[] = [];
    for (const { path } of near.slice(0, referenceFiles)) {
      if (inCode.length >= limit) break;
      const defined = new Set(this.#linesDefining(path, id));
      const lines = (await this.#read(path)) ?? [];
      const lexer = this.#store.lexer(languageOf('', path));
      for (const use of findUses(lines, name, id, lexer, this.#store.words)) {
        if (defined.has(use.line)) continue;
        const text = (lines[use.line] ?? '').trim().slice(0, longestReference);
        (use.quoted ? inStrings : inCode).push({ path, line: use.line, text });
      }
    }
    return [...inCode, ...inStrings].slice(0, limit);
  }

  frequency(word: string): number {
    const id = this.#store.words.find(word, tokenKind.word);
    return id < 0 ? 0 : this.#store.words.countOf(id);
  }

  similar(word: string, maxDistance: number, limit: number): readonly string[] {
    const words = this.#store.words;
    const letters = signature(word);
    const found: { text: string; count: number }[] = [];
    for (let id = firstWordId; id < words.size; id++) {
      const count = words.countOf(id);
      if (count === 0 || words.kindOf(id) !== tokenKind.word) continue;
      if (Math.abs(words.lengthOf(id) - word.length) > maxDistance) continue;
      if (bitCount(letters ^ words.signatureOf(id)) > 2 * maxDistance) continue;
      const text = words.textOf(id);
      if (text !== word && distance(word, text, maxDistance) <= maxDistance) found.push({ text, count });
    }
    return found
      .sort((a, b) => b.count - a.count)
      .slice(0, limit)
      .map(each => each.text);
  }

  save(paths: readonly string[]): SavedNames {
    const files = paths.map(path => this.#files.get(path));
    // Modules that only other files import are not told.
    const modules = new Map<number, number>();
    const numberOf = (module: number): number => {
      if (!modules.has(module)) modules.set(module, modules.size);
      return modules.get(module) as number;
    };
    const joined = (of: (file: FileNames) => Uint32Array): Uint32Array => {
      const parts = files.flatMap(file => (file ? [of(file)] : []));
      const all = new Uint32Array(parts.reduce((sum, each) => sum + each.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    };
    const imports = joined(file => file.imports);
    for (let i = 1; i < imports.length; i += 3) imports[i] = numberOf(imports[i] as number);
    return {
      modules: [...modules.keys()].map(module => this.#modules[module] ?? ''),
      counts: Uint32Array.from(
        files.flatMap(file => [file?.definitions.length ?? 0, file?.imports.length ?? 0]),
      ),
      definitions: joined(file => file.definitions),
      imports,
    };
  }

  /**
   * Takes up the names of those of the saved files that are wanted; `ids` leads from saved ids to those of today.
   * Returns false, and takes up nothing, if they cannot be what was saved.
   */
  load(
    paths: readonly string[],
    { modules, counts, definitions, imports }: SavedNames,
    ids: Uint32Array,
    wanted: (path: string) => boolean,
  ): boolean {
    const files = new Map<string, FileNames>();
    let definition = 0;
    let imported = 0;
    for (const [i, path] of paths.entries()) {
      const its: FileNames = {
        definitions: definitions.slice(definition, (definition += counts[2 * i] as number)),
        imports: imports.slice(imported, (imported += counts[2 * i + 1] as number)),
      };
      if (!wanted(path)) continue;
      for (let k = 0; k < its.definitions.length; k += 2) {
        its.definitions[k] = ids[its.definitions[k] as number] as number;
      }
      for (let k = 0; k < its.imports.length; k += 3) {
        its.imports[k] = ids[its.imports[k] as number] as number;
        its.imports[k + 1] = this.#module(modules[its.imports[k + 1] as number] ?? '');
      }
      files.set(path, its);
    }
    if (definition !== definitions.length || imported !== imports.length) return false;
    for (const [path, its] of files) this.#files.set(path, its);
    return true;
  }

  #intern(name: string): number {
    return this.#store.words.intern(name, tokenKind.word);
  }

  #module(module: string): number {
    let number = this.#moduleNumbers.get(module);
    if (number === undefined) {
      number = this.#modules.push(module) - 1;
      this.#moduleNumbers.set(module, number);
    }
    return number;
  }

  #uses(path: string, id: number): boolean {
    return this.#store.uses(path, id);
  }

  *#linesDefining(path: string, id: number): Generator<number> {
    const definitions = this.#files.get(path)?.definitions ?? new Uint32Array(0);
    for (let i = 0; i < definitions.length; i += 2) {
      if (definitions[i] === id) yield (definitions[i + 1] ?? 0) >>> 5;
    }
  }
}

function definitionOn(
  text: string,
  patterns: readonly DefinitionPattern[],
): { name: string; packed: number } | undefined {
  for (const { kind, exported, pattern } of patterns) {
    const groups = pattern.exec(text)?.groups;
    const name = groups?.['name'] ?? groups?.['alias'];
    if (name === undefined || name === '') continue;
    const reachable =
      exported === 'always' ||
      (exported === 'marked' && groups?.['exported'] !== undefined) ||
      (exported === 'capital' && /^\p{Lu}/u.test(name)) ||
      (exported === 'top-level' && /^\S/.test(text) && !name.startsWith('_'));
    const isDefault = groups?.['default'] !== undefined;
    return { name, packed: (kinds.indexOf(kind) << 2) | (reachable ? 2 : 0) | (isDefault ? 1 : 0) };
  }
  return undefined;
}

function sharedFolders(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  let shared = 0;
  while (shared < left.length - 1 && left[shared] === right[shared]) shared++;
  return shared;
}

function bitCount(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function unpacked(name: string, path: string, packed: number): IndexedSymbol {
  return {
    name,
    kind: kinds[(packed >> 2) & 7] ?? 'variable',
    path,
    line: packed >>> 5,
    exported: (packed & 2) !== 0,
    isDefault: (packed & 1) !== 0,
  };
}
