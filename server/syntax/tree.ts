/**
 * A syntax tree as plain arrays. Walking tree-sitter's own nodes costs a WebAssembly call for every field, so each
 * child of the root is copied once into typed arrays when something looks inside it, and kept over edits elsewhere.
 * Of a child that was edited, the large parts that the parser took over are copied from the arrays before.
 * It must not know documents or languages.
 */
import type { Language, Node, Tree } from 'web-tree-sitter';

const NAMED = 1;
const MISSING = 2;
const ERROR_TYPE = 65535;
/** Nodes with as many descendants are looked for in the next state by their identity. */
const LARGE = 40;

/** The nodes below one child of the root, in pre-order; offsets are relative to the start of that child. */
export interface Chunk {
  readonly types: Uint16Array;
  readonly fields: Uint8Array;
  readonly flags: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly parents: Int32Array;
  /** Index after the last descendant. */
  readonly nexts: Int32Array;
  /** Where the large nodes are, by identity. */
  readonly large: ReadonlyMap<number, number>;
}

/** A child of the root: where it is now, and its copied nodes once they were asked for. */
interface Slot {
  readonly id: number;
  readonly type: number;
  readonly start: number;
  readonly end: number;
  readonly field: number;
  node: Node | undefined;
  chunk: Chunk | undefined;
}

/** Large nodes of the state before, by identity: the chunk that holds them, and where. */
type Before = ReadonlyMap<number, { readonly chunk: Chunk; readonly at: number }>;

/**
 * One state of a document as a tree. Use it synchronously: after the next edit of the document, parts that were not
 * yet looked at cannot be read any more.
 */
export class SyntaxTree {
  readonly text: string;
  readonly root: SyntaxNode;
  /** Whether any part could not be parsed. */
  readonly hasError: boolean;
  readonly language: Language;
  readonly slots: readonly Slot[];
  readonly #before: Before;
  #read = 0;

  /** `previous` gives copied nodes for subtrees that did not change; it must not have been deleted yet. */
  constructor(tree: Tree, text: string, previous?: SyntaxTree) {
    this.text = text;
    this.language = tree.language;
    const known = new Map(previous?.slots.map(slot => [slot.id, slot.chunk]));
    const node = tree.rootNode;
    this.hasError = node.hasError;
    this.slots = readSlots(node, known);
    this.#before = previous ? lost(previous.slots, this.slots) : new Map();
    this.root = new SyntaxNode(this, -1, 0, node.type);
  }

  /** Copied nodes of a child of the root: the same object as long as no edit touches that child. */
  chunkAt(slot: number): Chunk {
    return this.chunk(this.slots[slot] as Slot);
  }

  chunk(slot: Slot): Chunk {
    if (slot.chunk === undefined) {
      const { chunk, read } = copy(slot, this.#before);
      slot.chunk = chunk;
      this.#read += read;
    }
    slot.node = undefined;
    return slot.chunk;
  }

  /** Nodes that were read from the parser so far, for measuring. */
  get nodesRead(): number {
    return this.#read;
  }

  /** The smallest node that spans the offsets; the root if none does. */
  nodeAt(start: number, end: number = start): SyntaxNode {
    let node = this.root;
    for (;;) {
      let inner: SyntaxNode | undefined;
      for (const child of node.children) {
        if (child.start > start) break;
        if (child.end >= end && (child.end > start || start === end)) {
          inner = child;
          if (child.end > end) break;
        }
      }
      if (!inner) return node;
      node = inner;
    }
  }
}

/** A light handle on a node; compare with `same`, not by identity. */
export class SyntaxNode {
  readonly tree: SyntaxTree;
  readonly type: string;
  /** Which child of the root this is in; -1 for the root itself. */
  readonly slot: number;
  readonly index: number;

  constructor(tree: SyntaxTree, slot: number, index: number, type?: string) {
    this.tree = tree;
    this.slot = slot;
    this.index = index;
    this.type = type ?? typeName(tree.language, this.#typeId);
  }

  get #slot(): Slot {
    return this.tree.slots[this.slot] as Slot;
  }

  get #chunk(): Chunk {
    return this.tree.chunk(this.#slot);
  }

  /** Children of the root answer what they are and where without being copied. */
  get #typeId(): number {
    return this.index === 0 ? this.#slot.type : (this.#chunk.types[this.index] as number);
  }

  get isRoot(): boolean {
    return this.slot < 0;
  }

  get start(): number {
    if (this.isRoot) return 0;
    const base = this.#slot.start;
    return this.index === 0 ? base : base + (this.#chunk.starts[this.index] as number);
  }

  get end(): number {
    if (this.isRoot) return this.tree.text.length;
    return this.index === 0 ? this.#slot.end : this.#slot.start + (this.#chunk.ends[this.index] as number);
  }

  get text(): string {
    return this.tree.text.slice(this.start, this.end);
  }

  /** False for punctuation and keywords. */
  get named(): boolean {
    if (this.isRoot) return true;
    if (this.index === 0) return isNamed(this.tree.language, this.#slot.type);
    return ((this.#chunk.flags[this.index] as number) & NAMED) !== 0;
  }

  /** Inserted by the parser where it missed something. */
  get missing(): boolean {
    return !this.isRoot && ((this.#chunk.flags[this.index] as number) & MISSING) !== 0;
  }

  /** Name of the field of the parent that this is, if it has one. */
  get field(): string | undefined {
    if (this.isRoot) return undefined;
    const id = this.index === 0 ? this.#slot.field : (this.#chunk.fields[this.index] as number);
    return id === 0 ? undefined : (this.tree.language.fieldNameForId(id) ?? undefined);
  }

  get parent(): SyntaxNode | undefined {
    if (this.isRoot) return undefined;
    if (this.index === 0) return this.tree.root;
    return new SyntaxNode(this.tree, this.slot, this.#chunk.parents[this.index] as number);
  }

  get children(): readonly SyntaxNode[] {
    if (this.isRoot) return this.tree.slots.map((_, slot) => new SyntaxNode(this.tree, slot, 0));
    const { nexts } = this.#chunk;
    const end = nexts[this.index] as number;
    const children: SyntaxNode[] = [];
    for (let at = this.index + 1; at < end; at = nexts[at] as number)
      children.push(new SyntaxNode(this.tree, this.slot, at));
    return children;
  }

  /** Children without punctuation, keywords and comments. */
  get namedChildren(): readonly SyntaxNode[] {
    return this.children.filter(child => child.named && !isComment(child.type));
  }

  get firstChild(): SyntaxNode | undefined {
    return this.children[0];
  }

  /** The first child in this field. */
  child(field: string): SyntaxNode | undefined {
    return this.children.find(child => child.field === field);
  }

  childrenIn(field: string): readonly SyntaxNode[] {
    return this.children.filter(child => child.field === field);
  }

  /** The first child of this type. */
  childOfType(...types: readonly string[]): SyntaxNode | undefined {
    return this.children.find(child => types.includes(child.type));
  }

  get previousSibling(): SyntaxNode | undefined {
    const siblings = this.parent?.children ?? [];
    return siblings[siblings.findIndex(sibling => sibling.same(this)) - 1];
  }

  get nextSibling(): SyntaxNode | undefined {
    const siblings = this.parent?.children ?? [];
    const at = siblings.findIndex(sibling => sibling.same(this));
    return at < 0 ? undefined : siblings[at + 1];
  }

  same(other: SyntaxNode | undefined): boolean {
    return other !== undefined && other.slot === this.slot && other.index === this.index;
  }

  /** The nearest ancestor, this node included, that satisfies the test. */
  closest(test: (node: SyntaxNode) => boolean): SyntaxNode | undefined {
    if (test(this)) return this;
    let node = this.parent;
    while (node && !test(node)) node = node.parent;
    return node;
  }

  /** This node and everything below it in source order; a visitor that returns false skips what is below. */
  visit(visitor: (node: SyntaxNode) => boolean | void): void {
    if (visitor(this) === false) return;
    for (const child of this.children) child.visit(visitor);
  }
}

/** Whether a node type is a comment, in any grammar. */
export function isComment(type: string): boolean {
  return type.endsWith('comment');
}

function typeName(language: Language, id: number): string {
  return id === ERROR_TYPE ? 'ERROR' : (language.types[id] ?? 'ERROR');
}

function isNamed(language: Language, type: number): boolean {
  return type === ERROR_TYPE || language.nodeTypeIsNamed(type);
}

function readSlots(root: Node, known: ReadonlyMap<number, Chunk | undefined>): readonly Slot[] {
  const slots: Slot[] = [];
  const cursor = root.walk();
  if (cursor.gotoFirstChild()) {
    do {
      const node = cursor.currentNode;
      slots.push({
        id: node.id,
        type: cursor.nodeTypeId,
        start: node.startIndex,
        end: node.endIndex,
        field: cursor.currentFieldId,
        node,
        chunk: known.get(node.id),
      });
    } while (cursor.gotoNextSibling());
  }
  cursor.delete();
  return slots;
}

/** The large nodes of chunks that are no child of the root's any more. */
function lost(before: readonly Slot[], now: readonly Slot[]): Before {
  const kept = new Set(now.map(({ chunk }) => chunk));
  const found = new Map<number, { chunk: Chunk; at: number }>();
  for (const { chunk } of before) {
    if (!chunk || kept.has(chunk)) continue;
    for (const [id, at] of chunk.large) found.set(id, { chunk, at });
  }
  return found;
}

/** Takes a node and what is below it from another chunk, but for what its parent decides; returns how many that are. */
function take(from: Chunk, at: number, into: Chunk, to: number, start: number): number {
  const end = from.nexts[at] as number;
  const count = end - at;
  into.types.set(from.types.subarray(at, end), to);
  into.flags.set(from.flags.subarray(at, end), to);
  into.fields.set(from.fields.subarray(at + 1, end), to + 1);
  const places = start - (from.starts[at] as number);
  const indices = to - at;
  for (let i = 0; i < count; i++) {
    into.starts[to + i] = (from.starts[at + i] as number) + places;
    into.ends[to + i] = (from.ends[at + i] as number) + places;
    into.nexts[to + i] = (from.nexts[at + i] as number) + indices;
    if (i > 0) into.parents[to + i] = (from.parents[at + i] as number) + indices;
  }
  return count;
}

function copy(slot: Slot, before: Before): { chunk: Chunk; read: number } {
  const node = slot.node;
  if (!node) throw new Error('A syntax tree was used after its document had changed.');
  const count = node.descendantCount;
  const large = new Map<number, number>();
  const chunk: Chunk = {
    types: new Uint16Array(count),
    fields: new Uint8Array(count),
    flags: new Uint8Array(count),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    parents: new Int32Array(count),
    nexts: new Int32Array(count),
    large,
  };
  const { language } = node.tree;
  const mayMiss = node.hasError;
  const base = slot.start;
  const cursor = node.walk();
  let parent = -1;
  let read = 0;
  for (let at = 0; ; ) {
    const current = at;
    const known = before.size > 0 ? before.get(cursor.nodeId) : undefined;
    if (known) {
      at += take(known.chunk, known.at, chunk, at, cursor.startIndex - base);
      for (const [id, place] of known.chunk.large)
        if (place >= known.at && place < (known.chunk.nexts[known.at] as number))
          large.set(id, place - known.at + current);
    }
    // What a node is called depends on its parent.
    const type = cursor.nodeTypeId;
    chunk.types[current] = type;
    chunk.fields[current] = current === 0 ? 0 : cursor.currentFieldId;
    chunk.flags[current] =
      (isNamed(language, type) ? NAMED : 0) | (mayMiss && cursor.nodeIsMissing ? MISSING : 0);
    chunk.parents[current] = parent;
    read++;
    if (!known) {
      chunk.starts[current] = cursor.startIndex - base;
      chunk.ends[current] = cursor.endIndex - base;
      at++;
      if (cursor.gotoFirstChild()) {
        parent = current;
        continue;
      }
      chunk.nexts[current] = at;
    }
    for (;;) {
      if (parent < 0) {
        cursor.delete();
        return { chunk, read };
      }
      if (cursor.gotoNextSibling()) break;
      cursor.gotoParent();
      chunk.nexts[parent] = at;
      if (at - parent >= LARGE) large.set(cursor.nodeId, parent);
      parent = chunk.parents[parent] as number;
    }
  }
}
