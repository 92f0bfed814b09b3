/**
 * Tells in words what a function's body does: what it goes through, decides, waits for, throws and calls. Works from
 * structure tables. It must not know documents or the index.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { Structure } from '../structure/structure.ts';
import { code, count, list } from './markdown.ts';

/** What was seen in a body, nested functions included for calls only. */
interface Seen {
  readonly calls: Map<string, number>;
  readonly loops: string[];
  branches: number;
  readonly switches: string[];
  readonly early: string[];
  readonly thrown: Set<string>;
  readonly awaited: string[];
  readonly returned: string[];
  catches: number;
  yields: number;
  recursive: boolean;
}

const bracketed = /^\(([\s\S]*)\)$/;

/** Sentences on what a body does; empty for an empty one. */
export function describeFlow(
  structure: Structure,
  body: SyntaxNode,
  name: string | undefined,
): readonly string[] {
  const seen: Seen = {
    calls: new Map(),
    loops: [],
    branches: 0,
    switches: [],
    early: [],
    thrown: new Set(),
    awaited: [],
    returned: [],
    catches: 0,
    yields: 0,
    recursive: false,
  };
  for (const child of body.children) look(structure, child, seen, name, false);
  earlyExits(structure, body, seen);
  return sentences(seen, body, structure);
}

function look(
  structure: Structure,
  node: SyntaxNode,
  seen: Seen,
  name: string | undefined,
  nested: boolean,
): void {
  const { type } = node;
  const calleeField = structure.calls[type];
  if (calleeField !== undefined && node.named) {
    const callee = calleeName(node.child(calleeField) ?? node.namedChildren[0]);
    if (callee) {
      if (name && callee.replace(/^(?:this|self)\./, '') === name) seen.recursive = true;
      else seen.calls.set(callee, (seen.calls.get(callee) ?? 0) + 1);
    }
  }
  const kind = structure.declarations[type];
  const inner = nested || kind === 'function' || kind === 'method' || kind === 'class' || type === 'lambda';
  if (!nested && !inner && node.named) {
    const loop = structure.loops[type];
    if (loop) seen.loops.push(describeLoop(node, loop));
    if (structure.branches.includes(type)) seen.branches++;
    if (Object.hasOwn(structure.switches, type)) seen.switches.push(describeSwitch(structure, node));
    if (structure.throws.includes(type)) seen.thrown.add(thrownName(node));
    if (structure.awaits.includes(type)) seen.awaited.push(calleeName(node.namedChildren[0]) ?? '');
    if (structure.yields.includes(type)) seen.yields++;
    if (structure.catches.includes(type)) seen.catches++;
    if (structure.returns.includes(type)) seen.returned.push(node.namedChildren[0]?.text ?? '');
  }
  for (const child of node.children) look(structure, child, seen, name, inner);
}

/** `a.b.c` of a call; undefined where it is no name. */
function calleeName(node: SyntaxNode | undefined): string | undefined {
  if (!node) return undefined;
  const text = node.text.split('(', 1)[0]?.replace(/\s+/g, '') ?? '';
  return /^[\p{L}\p{N}_$.:!?@>-]{1,60}$/u.test(text) && /[\p{L}_]/u.test(text) ? text : undefined;
}

function describeLoop(node: SyntaxNode, loop: { readonly field: string; readonly over: boolean }): string {
  const subject = loop.field ? node.child(loop.field) : undefined;
  const text = subject?.text.replace(bracketed, '$1') ?? '';
  if (!text) return 'loops';
  return loop.over ? `goes through ${code(text)}` : `loops while ${code(text.replace(/;$/, ''))}`;
}

function describeSwitch(structure: Structure, node: SyntaxNode): string {
  const field = structure.switches[node.type];
  const subject = (field && node.child(field)?.text.replace(bracketed, '$1')) || '';
  let cases = 0;
  node.visit(child => {
    if (structure.cases.includes(child.type)) cases++;
  });
  const by = subject ? ` by ${code(subject)}` : '';
  return `chooses${by} between ${count(cases, 'case')}`;
}

function thrownName(node: SyntaxNode): string {
  const value = node.namedChildren[0];
  const text = value?.text.replace(/^new\s+/, '').split(/[\s(]/, 1)[0] ?? '';
  return /^[\p{L}_$][\p{L}\p{N}_$.:]*$/u.test(text) ? text : '';
}

/** Conditions at the top of a body that leave it at once. */
function earlyExits(structure: Structure, body: SyntaxNode, seen: Seen): void {
  const statements = body.namedChildren;
  statements.slice(0, -1).forEach(statement => {
    const test = structure.branches.includes(statement.type) ? statement : statement.namedChildren[0];
    if (!test || !structure.branches.includes(test.type)) return;
    const then = test.child('consequence') ?? test.child('body');
    const last = then && (structure.returns.includes(then.type) ? then : then.namedChildren.at(-1));
    const leaves =
      last &&
      (structure.returns.includes(last.type) ||
        structure.returns.includes(last.namedChildren[0]?.type ?? ''));
    const condition = test.child('condition')?.text.replace(bracketed, '$1');
    if (leaves && condition && !test.child('alternative')) seen.early.push(condition);
  });
}

function sentences(seen: Seen, body: SyntaxNode, structure: Structure): readonly string[] {
  const found: string[] = [];
  const steps: string[] = [];
  if (seen.early.length > 0)
    steps.push(`returns early if ${list(seen.early.map(code), 2).replace(' and ', ' or ')}`);
  steps.push(...unique(seen.loops).slice(0, 3));
  steps.push(...unique(seen.switches).slice(0, 2));
  const branches = seen.branches - seen.early.length;
  if (branches > 0)
    steps.push(branches === 1 ? 'makes one decision' : `makes ${count(branches, 'decision')}`);
  if (steps.length > 0) found.push(`It ${list(steps, 8)}.`);
  const awaited = unique(seen.awaited.filter(Boolean));
  if (seen.awaited.length > 0)
    found.push(awaited.length > 0 ? `Waits for ${list(awaited.map(code), 4)}.` : 'Waits for a result.');
  if (seen.yields > 0) found.push('Yields its values one at a time.');
  const thrown = [...seen.thrown].filter(Boolean);
  if (thrown.length > 0)
    found.push(`Throws ${list(thrown.map(code), 4).replace(/ and (?!\d+ more)/, ' or ')}.`);
  else if (seen.thrown.size > 0) found.push('May throw.');
  if (seen.catches > 0) found.push('Catches errors on the way.');
  if (seen.recursive) found.push('Calls itself.');
  const calls = [...seen.calls.keys()].filter(
    name => !/^(?:console\.\w+|print|len|super)$/.test(name) && !seen.thrown.has(name),
  );
  if (calls.length > 0) found.push(`Calls ${list(calls.map(code), 6)}.`);
  const [only] = seen.returned;
  const expression = structure.returns.includes(body.type) ? undefined : body;
  if (seen.returned.length === 1 && only && only.length <= 60 && !only.includes('\n'))
    found.push(`Returns ${code(only)}.`);
  else if (!/block|body|list/.test(body.type) && expression && body.text.length <= 60)
    found.push(`Returns ${code(body.text)}.`);
  return found;
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
