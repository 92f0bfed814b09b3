/**
 * What is said and declared above a place already, so that nothing is offered twice: the heads of the enclosing
 * blocks and the names declared in them, told by indentation. Text in, answers out; it must not know where predictions come
 * from. Languages where a name may be declared again in the same block (Rust, OCaml, F#) have no row.
 */
import { indentOf } from './tidy.ts';

/** Lines above that are looked at. */
const lookBack = 300;

/** `names` holds one name or, in brackets or with commas, several. */
const withKeyword =
  /^(?:export\s+)?(?:declare\s+)?(?:const|let|var|val|final)\s+(?:(?:mut|const)\s+)?(?<names>\{[^}=]*\}|\[[^\]=]*\]|[\p{L}_$][\p{L}\p{N}_$]*)/u;
const inLoopHead =
  /^(?:for|foreach)\s*(?:await\s*)?\(\s*(?:const|let|var|val)\s+(?<names>[^=;]*?)\s+(?:of|in)\b/u;
const walrus = /^(?<names>[\p{L}_]\w*(?:\s*,\s*[\p{L}_]\w*)*)\s*:=/u;
const typed =
  /^(?!(?:return|throw|delete|goto|import|package|using|yield|await|new|else|case|typedef|struct|class|enum|namespace)\b)(?:(?:final|static|const|constexpr|unsigned|struct)\s+)*[\p{L}_][\w.:]*(?:<[^;=()]*>)?(?:\[\])*[\s*&]+(?<names>[\p{L}_]\w*)(?:\[[^\]]*\])?\s*(?:=(?!=)|;)/u;

const script = [withKeyword, inLoopHead];
const patterns: Readonly<Record<string, readonly RegExp[]>> = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  vue: script,
  svelte: script,
  go: [withKeyword, walrus],
  kotlin: [withKeyword],
  scala: [withKeyword],
  swift: [withKeyword],
  dart: [withKeyword, typed],
  java: [withKeyword, typed],
  csharp: [withKeyword, typed],
  c: [typed],
  cpp: [typed],
  'objective-c': [typed],
  'cuda-cpp': [typed],
  zig: [withKeyword],
};

interface Declared {
  readonly name: string;
  readonly indent: number;
}

export class Scope {
  readonly #patterns: readonly RegExp[];
  /** Heads of the enclosing blocks, and lines that follow the cursor already. */
  readonly #said = new Set<string>();
  #declared: Declared[] = [];

  /** What stands in `above` as seen from a line that begins with `left`. */
  constructor(languageId: string, above: readonly string[], left: string) {
    this.#patterns = patterns[languageId] ?? [];
    let level = indentOf(left);
    for (const line of above.slice(-lookBack).reverse()) {
      const indent = indentOf(line);
      if (indent > level || !line.trim()) continue;
      if (indent < level) this.#said.add(line.trim());
      level = indent;
      // What stands outside of every block may be hidden by a name inside of one.
      if (level === 0 && indentOf(left) > 0) break;
      this.#declare(line);
    }
  }

  /**
   * Whether the line says what the head of an enclosing block or a line of this suggestion says; closing brackets and
   * the like do not count. Other lines above are repeated rightly too often to count: measured, a suggestion loses
   * as many right lines as wrong ones by it.
   */
  repeats(line: string): boolean {
    return /[\p{L}\p{N}]/u.test(line) && this.#said.has(line.trim());
  }

  /** Whether all names that the line declares are declared in its block or one around it. */
  redeclares(line: string): boolean {
    const names = this.#namesOn(line);
    return names.length > 0 && names.every(name => this.#declared.some(each => each.name === name));
  }

  /** Takes up a line that follows; blocks that it leaves are forgotten. */
  add(line: string): void {
    const indent = indentOf(line);
    this.#declared = this.#declared.filter(each => each.indent <= indent);
    this.#said.add(line.trim());
    this.#declare(line);
  }

  #declare(line: string): void {
    const indent = indentOf(line);
    for (const name of this.#namesOn(line)) this.#declared.push({ name, indent });
  }

  #namesOn(line: string): string[] {
    const text = line.trim();
    for (const pattern of this.#patterns) {
      const names = pattern.exec(text)?.groups?.['names'];
      if (names === undefined) continue;
      // In `{ a: b = 1 }` the name is `b`.
      return names.split(',').flatMap(part => {
        const name = /([\p{L}_$][\p{L}\p{N}_$]*)[\s\]})]*$/u.exec(part.split('=')[0] ?? '')?.[1];
        return name === undefined || name === '_' ? [] : [name];
      });
    }
    return [];
  }
}
