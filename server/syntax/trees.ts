/**
 * Syntax trees of open documents: made on demand, kept up to date by the smallest edit between two texts, dropped
 * when others need the room. It must not know what anyone looks for in a tree.
 */
import type { Tree } from 'web-tree-sitter';
import { URI } from 'vscode-uri';
import type { Log } from '../base/ports.ts';
import { damageOf, type SyntaxDamage } from './errors.ts';
import { type GrammarName, grammarOf } from './grammars.ts';
import { GrammarLoader, type LoadedGrammar, type LoadWasm } from './runtime.ts';
import { SyntaxTree } from './tree.ts';

/** Longer texts (UTF-16 units) get no tree. */
export const MAX_TREE_LENGTH = 2 * 1024 * 1024;
/** Trees kept at the same time, and the length of their texts together. */
const MAX_TREES = 12;
const MAX_KEPT_LENGTH = 4 * 1024 * 1024;
/** A parse that takes longer is given up: such a text is pathological. Milliseconds. */
const PARSE_LIMIT_MS = 3000;

/** What trees need to know of a document. */
export interface SourceDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  getText(): string;
  /** Where the document knows its lines: cheaper than counting them in the text. */
  offsetAt?(position: { readonly line: number; readonly character: number }): number;
}

export interface TreePorts {
  readonly documents: { get(uri: string): SourceDocument | undefined };
  readonly loadWasm: LoadWasm;
  readonly log: Log;
}

interface Kept {
  readonly grammar: GrammarName;
  readonly tree: Tree;
  readonly text: string;
  /** Made when somebody looks: what only asks what stands at a place does not need it. */
  view: SyntaxTree | undefined;
  /** The last state that was looked at. Its tree is kept, so that no new node gets the identity of one of its. */
  seen: { readonly tree: Tree; readonly view: SyntaxTree } | undefined;
  damage: SyntaxDamage | undefined;
}

/** A text tried out beside the document; free it with `release`. */
export interface Overlay {
  readonly tree: SyntaxTree;
  readonly damage: SyntaxDamage;
  release(): void;
}

/** What is told of a node without copying anything around it. */
export interface NodeAround {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A document's tree, its damage, and a way to try other texts; valid inside the callback only. */
export interface TreeView {
  readonly grammar: GrammarName;
  readonly text: string;
  readonly tree: SyntaxTree;
  readonly damage: SyntaxDamage;
  /** The nodes that hold the character at an offset, the smallest first; costs little however large the tree is. */
  around(offset: number): readonly NodeAround[];
  /**
   * Parses another text of the same document; undefined where the parser gives up. `quick` leaves out the second,
   * fresh parse of a text with errors: enough to look for a text without any.
   */
  overlay(text: string, quick?: boolean): Overlay | undefined;
}

export class SyntaxTrees {
  readonly #ports: TreePorts;
  readonly #loader: GrammarLoader;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();

  constructor(ports: TreePorts) {
    this.#ports = ports;
    this.#loader = new GrammarLoader(ports.loadWasm, ports.log);
  }

  /** Number of trees held. */
  get size(): number {
    return this.#kept.size;
  }

  /** The grammar that would read the document; undefined if there is none or the document is not open. */
  grammarFor(uri: string): GrammarName | undefined {
    const document = this.#ports.documents.get(uri);
    return document && grammarOf(document.languageId, pathOf(uri));
  }

  /**
   * Calls `use` with the tree of the document's present text, synchronously, and gives its answer. Undefined where
   * there is no grammar, the text is too long, the parser gives up, or the document is not open.
   */
  async read<T>(uri: string, use: (view: TreeView, document: SourceDocument) => T): Promise<T | undefined> {
    const name = this.grammarFor(uri);
    const grammar = name && (await this.#loader.load(name));
    const document = this.#ports.documents.get(uri);
    if (!grammar || !document) return undefined;
    const kept = this.#current(uri, document, grammar);
    if (!kept) return undefined;
    const view: TreeView = {
      grammar: grammar.name,
      text: kept.text,
      get tree() {
        return viewOf(kept);
      },
      get damage() {
        kept.damage ??= damageOf(kept.tree, kept.text);
        return kept.damage;
      },
      around: offset => nodesAround(kept.tree, offset),
      overlay: (other, quick = false) => overlay(grammar, kept, other, quick),
    };
    return use(view, document);
  }

  /** Frees the tree of a document. */
  drop(uri: string): void {
    const kept = this.#kept.get(uri);
    kept?.tree.delete();
    kept?.seen?.tree.delete();
    this.#kept.delete(uri);
  }

  /** Frees all trees; they are made again when asked for. */
  release(): void {
    for (const uri of this.#kept.keys()) this.drop(uri);
  }

  #current(uri: string, document: SourceDocument, grammar: LoadedGrammar): Kept | undefined {
    const text = document.getText();
    if (text.length > MAX_TREE_LENGTH) {
      this.drop(uri);
      return undefined;
    }
    let kept = this.#kept.get(uri);
    if (kept && kept.grammar !== grammar.name) {
      this.drop(uri);
      kept = undefined;
    }
    if (kept && kept.text !== text) {
      const edited = kept.tree.copy();
      applyEdit(edited, kept.text, text);
      const tree = parse(grammar, text, edited);
      edited.delete();
      if (!tree) {
        this.drop(uri);
        return undefined;
      }
      const seen = kept.view ? { tree: kept.tree, view: kept.view } : kept.seen;
      if (kept.view) kept.seen?.tree.delete();
      else kept.tree.delete();
      kept = { grammar: grammar.name, tree, text, view: undefined, seen, damage: undefined };
    } else if (!kept) {
      const tree = parse(grammar, text, null);
      if (!tree) return undefined;
      kept = { grammar: grammar.name, tree, text, view: undefined, seen: undefined, damage: undefined };
    }
    this.#kept.delete(uri);
    this.#kept.set(uri, kept);
    this.#evict(uri);
    return kept;
  }

  #evict(keep: string): void {
    let length = 0;
    for (const { text } of this.#kept.values()) length += text.length;
    for (const [uri, { text }] of this.#kept) {
      if (this.#kept.size <= MAX_TREES && length <= MAX_KEPT_LENGTH) return;
      if (uri === keep) continue;
      length -= text.length;
      this.drop(uri);
    }
  }
}

function viewOf(kept: Kept): SyntaxTree {
  kept.view ??= new SyntaxTree(kept.tree, kept.text, kept.seen?.view);
  kept.seen?.tree.delete();
  kept.seen = undefined;
  return kept.view;
}

function nodesAround(tree: Tree, offset: number): readonly NodeAround[] {
  const nodes: NodeAround[] = [];
  for (let node = tree.rootNode.descendantForIndex(offset, offset + 1); node; node = node.parent)
    nodes.push({ type: node.type, start: node.startIndex, end: node.endIndex });
  return nodes;
}

function overlay(grammar: LoadedGrammar, kept: Kept, text: string, quick: boolean): Overlay | undefined {
  if (text.length > MAX_TREE_LENGTH) return undefined;
  const edited = kept.tree.copy();
  applyEdit(edited, kept.text, text);
  let tree = parse(grammar, text, edited);
  edited.delete();
  // Recovery after an error may depend on the tree it started from; only a fresh parse gives a fair comparison.
  if (!quick && tree?.rootNode.hasError) {
    tree.delete();
    tree = parse(grammar, text, null);
  }
  if (!tree) return undefined;
  const made = tree;
  let view: SyntaxTree | undefined;
  let damage: SyntaxDamage | undefined;
  return {
    get tree() {
      view ??= new SyntaxTree(made, text, viewOf(kept));
      return view;
    },
    get damage() {
      damage ??= damageOf(made, text);
      return damage;
    },
    release: () => made.delete(),
  };
}

function parse(grammar: LoadedGrammar, text: string, old: Tree | null): Tree | undefined {
  const deadline = performance.now() + PARSE_LIMIT_MS;
  const tree = grammar.parser.parse(text, old, {
    progressCallback: () => performance.now() > deadline,
  });
  if (!tree) grammar.parser.reset();
  return tree ?? undefined;
}

/** Tells the tree about the one stretch in which the texts differ. */
function applyEdit(tree: Tree, before: string, after: string): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const oldEnd = before.length - tail;
  const newEnd = after.length - tail;
  const startPosition = pointAt(before, start, { row: 0, column: 0 }, 0);
  tree.edit({
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition,
    oldEndPosition: pointAt(before, oldEnd, startPosition, start),
    newEndPosition: pointAt(after, newEnd, startPosition, start),
  } as Parameters<Tree['edit']>[0]);
}

interface Point {
  readonly row: number;
  readonly column: number;
}

/** Row and column of an offset, counted on from a known place. */
function pointAt(text: string, offset: number, known: Point, knownOffset: number): Point {
  let row = known.row;
  let lineStart = knownOffset - known.column;
  for (let at = text.indexOf('\n', knownOffset); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}

/** Path of a document for telling its language; untitled documents keep what follows the scheme. */
export function pathOf(uri: string): string {
  try {
    const parsed = URI.parse(uri);
    return parsed.scheme === 'file' ? parsed.fsPath : parsed.path;
  } catch {
    return uri;
  }
}
