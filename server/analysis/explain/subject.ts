/**
 * Finds what the word under the cursor stands for: a declaration of this file, an import, a parameter, something of
 * the workspace. Looks only into those parts of a long file that can hold the answer. It must not write words.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import { type Declared, declared } from '../declarations.ts';
import { type Binding, nameAt } from '../scopes/model.ts';
import { structureOf } from '../structure/structure.ts';
import type { FileView } from '../view.ts';

/** Longer texts (UTF-16 units) are searched part by part instead of being bound as a whole. */
const MAX_BOUND_LENGTH = 60_000;

/** Parts of the top level that are looked into for one word; each costs a fraction of a millisecond. */
const MAX_INSPECTED = 60;

export interface Subject {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Looked up on something: `x.name`. */
  readonly member: boolean;
  readonly declaration: Declared | undefined;
  readonly binding: Binding | undefined;
  /** The parameter it is, and of what. */
  readonly parameter: { readonly node: SyntaxNode; readonly owner: SyntaxNode } | undefined;
  /** The import statement that brings it in, where names are not bound. */
  readonly importNode: SyntaxNode | undefined;
}

export function subjectAt(view: FileView, leaf: SyntaxNode): Subject {
  const name = leaf.text;
  const base = { name, start: leaf.start, end: leaf.end };
  const parent = leaf.parent;
  const member =
    /^(?:property_identifier|field_identifier|private_property_identifier)$/.test(leaf.type) ||
    leaf.field === 'attribute' ||
    leaf.field === 'property' ||
    (leaf.field === 'field' && parent !== undefined);
  const binding =
    member || view.text.length > MAX_BOUND_LENGTH || !view.model
      ? undefined
      : nameAt(view.model, leaf.start)?.binding;
  const at = binding && view.tree.nodeAt(binding.start, binding.end);
  const place = at ?? leaf;
  const found = ownDeclaration(view, place) ?? (binding ? undefined : search(view, leaf, member));
  const parameter = binding?.kind === 'parameter' || !binding ? parameterOf(view, place, name) : undefined;
  const local = binding || member ? undefined : importOf(view, name);
  return {
    ...base,
    member,
    binding,
    declaration: parameter ? undefined : found,
    parameter,
    importNode: found ? undefined : local,
  };
}

/** The declaration whose name a node is. */
function ownDeclaration(view: FileView, name: SyntaxNode): Declared | undefined {
  let node: SyntaxNode | undefined = name.parent;
  for (let depth = 0; node && !node.isRoot && depth < 6; depth++, node = node.parent) {
    const found = declared(view, node);
    if (found?.nameNode?.same(name)) return found;
    if (found && found.kind !== 'variable') return undefined;
    if (found && found.nameNode === undefined && found.node.start <= name.start && found.kind === 'variable')
      return found;
  }
  return undefined;
}

/** Looks outwards from a word, then through the top level. */
function search(view: FileView, leaf: SyntaxNode, member: boolean): Declared | undefined {
  const name = leaf.text;
  const structure = structureOf(view.grammar);
  if (!structure) return undefined;
  const within = (node: SyntaxNode, depth: number): Declared | undefined => {
    const found = declared(view, node);
    if (found?.name === name) return found;
    const closed = found && (found.kind === 'function' || found.kind === 'method') && depth > 0;
    if (closed || depth > 5) return undefined;
    for (const child of node.children) {
      if (!child.named || child.end - child.start < name.length) continue;
      const inner = within(child, depth + 1);
      if (inner) return inner;
    }
    return undefined;
  };
  if (!member) {
    for (let up = leaf.parent; up && !up.isRoot; up = up.parent) {
      const found = declared(view, up);
      if (found?.name === name) return found;
      if (found?.body) {
        const inner = within(found.body, 0);
        if (inner) return inner;
      }
    }
  }
  let inspected = 0;
  for (const child of view.tree.root.children) {
    if (inspected >= MAX_INSPECTED) return undefined;
    // The name stands near the start of what declares it; members may stand anywhere in a class.
    const head = view.text.slice(child.start, member ? child.end : Math.min(child.end, child.start + 400));
    if (!head.includes(name)) continue;
    inspected++;
    const found = within(child, 0);
    if (found && (!member || found.kind !== 'variable' || found.node.type !== 'variable_declarator'))
      return found;
  }
  return undefined;
}

function parameterOf(view: FileView, place: SyntaxNode, name: string): Subject['parameter'] {
  for (let up = place.parent; up && !up.isRoot; up = up.parent) {
    const item = declared(view, up);
    if (!item) continue;
    const node = item.parameters.find(parameter => namesIn(parameter, name));
    if (node) return { node, owner: up };
    if (item.name === name) return undefined;
  }
  return undefined;
}

function namesIn(parameter: SyntaxNode, name: string): boolean {
  let found = false;
  parameter.visit(node => {
    if (node.field === 'type' || node.field === 'value' || node.type === 'type_annotation') return false;
    if (node.children.length === 0 && node.text === name && /identifier|pattern|name/.test(node.type))
      found = true;
    return !found;
  });
  return found;
}

/** A top-level import that names the word, in any grammar. */
function importOf(view: FileView, name: string): SyntaxNode | undefined {
  return view.tree.root.children.find(
    node =>
      /import|use_declaration|using|include/.test(node.type) &&
      new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll('$', '\\$')}(?![\\p{L}\\p{N}_$])`, 'u').test(
        node.text,
      ),
  );
}
