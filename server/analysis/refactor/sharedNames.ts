/**
 * What a run of statements shares with the function around it: names that it needs from before, and names that are
 * needed after it. Where a value is not certain to exist, or is seen by another function, it refuses.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { Binding } from '../scopes/model.ts';
import type { FileView } from '../view.ts';
import { FUNCTION, type Selected } from './leaving.ts';

export interface SharedName {
  readonly name: string;
  /** Annotation as written, where there is one. */
  readonly type: string | undefined;
  /** First declared in the selection. */
  readonly declared: boolean;
  /** Assigned again behind the selection. */
  readonly changes: boolean;
}

export interface Shared {
  readonly parameters: readonly SharedName[];
  readonly results: readonly SharedName[];
}

interface Place {
  readonly node: SyntaxNode;
  readonly writes: boolean;
}

const LOOP = /^(?:for|while|do)_statement$|^for_in_statement$/;
const BLOCK = /^(?:statement_block|block|module|program)$/;
/** Between a name and its block: then whether it is given a value depends on how that goes. */
const DEPENDS =
  /^(?:for_statement|while_statement|except_clause|case_clause|match_statement|try_statement|if_statement|conditional_expression|boolean_operator)$/;

/** A string says why it cannot be told. */
export function sharedNames(view: FileView, selected: Selected): Shared | string {
  const { start, end, around } = selected;
  const python = view.family === 'python';
  const typed = /^(?:typescript|tsx)$/.test(view.grammar);
  const loop = selected.block.closest(up => LOOP.test(up.type) || up.same(around));
  const repeats = loop !== undefined && !loop.same(around) ? outermostLoop(selected) : undefined;
  const parameters: (SharedName & { readonly at: number })[] = [];
  const results: (SharedName & { readonly at: number })[] = [];
  for (const binding of view.model?.bindings ?? []) {
    const { name, scope, kind } = binding;
    if (scope.kind === 'file' || (scope.start >= start && scope.end <= end)) continue;
    const places = placesOf(view, binding);
    const inside = places.filter(({ node }) => node.start >= start && node.end <= end);
    const [first] = inside;
    if (!first) continue;
    const isValue =
      kind === 'variable' || kind === 'constant' || kind === 'parameter' || (python && kind === 'import');
    const declared = binding.start >= start && binding.end <= end;
    const after = places.filter(({ node }) => node.start >= end);
    const again = places.filter(
      ({ node }) => repeats && node.start < start && node.start >= repeats.start && !(python && declared),
    );
    const writes = inside.filter(each => each.writes);
    if (!isValue) {
      if (!declared || after.length > 0) return `It shares '${name}', which is no variable.`;
      continue;
    }
    const elsewhere = places.some(({ node }) => !around.same(node.closest(up => FUNCTION.test(up.type))));
    if (elsewhere && places.filter(each => each.writes).length > 1)
      return `Another function sees '${name}' change.`;
    const type = annotationOf(view, binding);
    const changes = after.some(each => each.writes);
    const row = { name, type, declared, changes, at: first.node.start };
    const before = places.filter(({ node, writes: set }) => set && node.start < start);
    const isParameter = python ? before.length > 0 : !declared;
    // In a loop the next turn reads what this one has written.
    const isReadAgain = again.some(each => !each.writes) || (repeats !== undefined && isParameter);
    const isNeeded = writes.length > 0 && (after.length > 0 || isReadAgain);
    if (python) {
      if (before.length > 0 && kind !== 'parameter' && !before.some(({ node }) => isCertain(node, selected)))
        return `It is not certain that '${name}' has a value here.`;
      const sets = writes.some(
        ({ node }) =>
          isCertain(node, selected) && node.closest(up => BLOCK.test(up.type))?.same(selected.block),
      );
      if (isNeeded && !isParameter && !sets) return `It is not certain that '${name}' gets a value.`;
    } else if (!declared && binding.start > end) return `'${name}' is declared behind it.`;
    if (
      !python &&
      declared &&
      repeats &&
      /^\s*var\b/.test(view.text.slice(binding.declarationStart, binding.end))
    )
      return `'${name}' lives on from one turn of the loop to the next.`;
    if (isParameter) {
      if (typed && (type === undefined || /[|?]|\b(?:any|unknown)\b/.test(type)))
        return `The type of '${name}' is not written down, or may be known more closely here.`;
      parameters.push(row);
    }
    if (isNeeded) results.push(row);
  }
  const inOrder = (a: { at: number }, b: { at: number }) => a.at - b.at;
  return { parameters: parameters.sort(inOrder), results: results.sort(inOrder) };
}

function outermostLoop({ block, around }: Selected): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  for (let up: SyntaxNode | undefined = block; up && !up.same(around); up = up.parent)
    if (LOOP.test(up.type)) found = up;
  return found;
}

/** Where a binding's name stands, in order; a place that declares and is used counts once. */
function placesOf(view: FileView, binding: Binding): readonly Place[] {
  const spans = new Map<number, { readonly end: number; readonly declares: boolean }>();
  for (const { start, end } of binding.uses) spans.set(start, { end, declares: false });
  for (const { start, end } of [binding, ...binding.others]) spans.set(start, { end, declares: true });
  return [...spans]
    .sort(([a], [b]) => a - b)
    .map(([start, { end, declares }]) => {
      const node = view.tree.nodeAt(start, end);
      return { node, writes: declares || isAssigned(node) };
    });
}

/** The name itself is written to, not a member of what it names. */
function isAssigned(node: SyntaxNode): boolean {
  for (let at = node; at.parent; at = at.parent) {
    const up = at.parent;
    if (/^(?:update_expression|delete_statement|augmented_assignment)/.test(up.type) && at.field !== 'right')
      return true;
    if (/assignment|^for_in_statement$|^for_statement$/.test(up.type) && at.field === 'left') return true;
    if (!/pattern|^(?:array|object|pair|tuple|list|parenthesized_expression|spread_element)$/.test(up.type))
      return false;
    if (up.type.startsWith('pair') && at.field === 'key') return false;
  }
  return false;
}

/** What is written here is written whenever the selection is reached. */
function isCertain(node: SyntaxNode, { start }: Selected): boolean {
  for (let up = node.parent; up; up = up.parent) {
    const holds = up.start <= start && start < up.end;
    if (BLOCK.test(up.type)) return holds || up.start >= start;
    if (DEPENDS.test(up.type) && !holds) return false;
  }
  return true;
}

function annotationOf(view: FileView, binding: Binding): string | undefined {
  const node = view.tree.nodeAt(binding.start, binding.end);
  const holder = node.parent;
  // Only the name's own declaration: a part of a pattern has no annotation of its own.
  if (
    !holder ||
    !/^(?:required_parameter|optional_parameter|variable_declarator|typed_parameter|typed_default_parameter|assignment)$/.test(
      holder.type,
    )
  )
    return undefined;
  const type = holder.child('type')?.text.replace(/^:\s*/, '');
  if (holder.type === 'optional_parameter') return type && `${type} | undefined`;
  if (type !== undefined) return type;
  const value = holder.child('value');
  const simple: Readonly<Record<string, string>> = {
    string: 'string',
    template_string: 'string',
    number: 'number',
  };
  return /^(?:typescript|tsx)$/.test(view.grammar) && value ? simple[value.type] : undefined;
}
