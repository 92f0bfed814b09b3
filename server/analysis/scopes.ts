/**
 * The scope model of a document, and the facts of its names, each made once per state of its tree; facts are made
 * from parts that outlive the state. It must not know repairs or documents.
 */
import type { GrammarName } from '../syntax/grammars.ts';
import { type Chunk, isComment, type SyntaxNode, type SyntaxTree } from '../syntax/tree.ts';
import { factsOf, joinFacts, type PlacedPart } from './scopes/facts.ts';
import { bindJavaScript, bindJavaScriptPart } from './scopes/javascript.ts';
import type { BoundPart, ScopeFacts, ScopeModel } from './scopes/model.ts';
import { type NamePart, own, partOf } from './scopes/parts.ts';
import { bindPython, bindPythonPart } from './scopes/python.ts';

/** Languages whose names are understood. */
export type Family = 'javascript' | 'python';

const families: Partial<Record<GrammarName, Family>> = {
  typescript: 'javascript',
  tsx: 'javascript',
  javascript: 'javascript',
  python: 'python',
};

interface Binders {
  readonly whole: (tree: SyntaxTree) => ScopeModel;
  readonly part: (tree: SyntaxTree, part: SyntaxNode) => BoundPart;
}

const binders: Readonly<Record<Family, Binders>> = {
  javascript: { whole: bindJavaScript, part: bindJavaScriptPart },
  python: { whole: bindPython, part: bindPythonPart },
};

const models = new WeakMap<SyntaxTree, ScopeModel>();
const facts = new WeakMap<SyntaxTree, ScopeFacts>();
/** Kept with the copied nodes of a child of the root, which stay the same as long as the child does. */
const parts = new WeakMap<Chunk, NamePart>();
/** Those of comments, by language and text. */
const comments = new Map<string, NamePart>();
const MOST_COMMENTS = 4000;

export function familyOf(grammar: GrammarName): Family | undefined {
  return families[grammar];
}

/** Undefined for languages without a binder. */
export function scopeModel(tree: SyntaxTree, grammar: GrammarName): ScopeModel | undefined {
  const family = familyOf(grammar);
  if (!family) return undefined;
  const known = models.get(tree);
  if (known) return known;
  const model = binders[family].whole(tree);
  models.set(tree, model);
  return model;
}

function keptPart(tree: SyntaxTree, slot: number, make: () => NamePart): NamePart {
  const chunk = tree.chunkAt(slot);
  let part = parts.get(chunk);
  if (!part) {
    part = make();
    parts.set(chunk, part);
  }
  return part;
}

function commentPart(key: string, make: () => NamePart): NamePart {
  let part = comments.get(key);
  if (!part) {
    part = make();
    if (comments.size >= MOST_COMMENTS) comments.clear();
    comments.set(own(key), part);
  }
  return part;
}

/** Undefined for languages without a binder. `walked` is told of each part that had to be walked. */
export function scopeFacts(
  tree: SyntaxTree,
  grammar: GrammarName,
  walked?: (part: SyntaxNode) => void,
): ScopeFacts | undefined {
  const family = familyOf(grammar);
  if (!family) return undefined;
  const known = facts.get(tree);
  if (known) return known;
  const placed = tree.root.children.map((node, slot): PlacedPart => {
    const { start, end } = node;
    const bind = (): BoundPart => binders[family].part(tree, node);
    const make = (): NamePart => {
      walked?.(node);
      return partOf(bind(), start);
    };
    // A leaf has another identity in each tree.
    const part = isComment(node.type)
      ? commentPart(`${family} ${node.text}`, make)
      : keptPart(tree, slot, make);
    return { part, start, end, bind };
  });
  const made = joinFacts(placed) ?? factsOf(scopeModel(tree, grammar) as ScopeModel);
  facts.set(tree, made);
  return made;
}
