/**
 * Mutants of a piece of code: the same text with one small fault each, to find out whether tests would notice. Only
 * texts that parse as well as the original are given. It must not know tests, documents or who asks.
 */
import { isWorse } from '../../syntax/errors.ts';
import type { GrammarName } from '../../syntax/grammars.ts';
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { TreeView } from '../../syntax/trees.ts';
import {
  type MutationOperator,
  type MutationTable,
  OPERATORS,
  PLAIN_INTEGER,
  SWAPS,
  TABLES,
  UNTOUCHED,
} from './operators.ts';

/** One fault: what stands from `start` to `end` (UTF-16 offsets) becomes `newText`. */
export interface Fault {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
  readonly operator: MutationOperator;
}

/** Offsets of a part of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether mutants can be made of code that this grammar reads. */
export function canMutate(grammar: GrammarName): boolean {
  return TABLES[grammar] !== undefined;
}

/**
 * At most `limit` mutants of what lies in the spans (of everything where there are none), in the order of the text.
 * The choice depends on nothing but the text: kinds of faults take turns, and within a kind a hash of the place decides.
 */
export function mutantsOf(view: TreeView, spans: readonly Span[], limit: number): readonly Fault[] {
  const table = TABLES[view.grammar];
  if (!table || limit <= 0) return [];
  const faults = faultsIn(view, table).filter(
    ({ start, end }) => spans.length === 0 || spans.some(span => span.start <= start && end <= span.end),
  );
  const chosen: Fault[] = [];
  for (const fault of inTurns(faults, view.text)) {
    if (chosen.length >= limit) break;
    if (parses(view, fault)) chosen.push(fault);
  }
  return chosen.sort((a, b) => a.start - b.start || a.end - b.end || (a.newText < b.newText ? -1 : 1));
}

/** The text with the fault in it. */
export function mutated(text: string, { start, end, newText }: Omit<Fault, 'operator'>): string {
  return text.slice(0, start) + newText + text.slice(end);
}

function parses(view: TreeView, fault: Fault): boolean {
  const tried = view.overlay(mutated(view.text, fault));
  if (!tried) return false;
  try {
    return !isWorse(view.damage, tried.damage);
  } finally {
    tried.release();
  }
}

/** Kinds in their order, one of each by turns. */
function inTurns(faults: readonly Fault[], text: string): readonly Fault[] {
  const weight = ({ start, end, newText, operator }: Fault) =>
    hash(`${operator} ${start} ${text.slice(start, end)} ${newText}`);
  const queues = OPERATORS.map(operator =>
    faults
      .filter(fault => fault.operator === operator)
      .map(fault => ({ fault, weight: weight(fault) }))
      .sort((a, b) => a.weight - b.weight || a.fault.start - b.fault.start)
      .map(({ fault }) => fault),
  );
  const turns: Fault[] = [];
  const longest = Math.max(0, ...queues.map(queue => queue.length));
  for (let turn = 0; turn < longest; turn++)
    for (const queue of queues) {
      const fault = queue[turn];
      if (fault) turns.push(fault);
    }
  return turns;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

function faultsIn({ grammar, tree }: TreeView, table: MutationTable): readonly Fault[] {
  const faults: Fault[] = [];
  const add = (operator: MutationOperator, { start, end }: Span, replacement: string): void => {
    const joins = /\w$/.test(tree.text.slice(Math.max(0, start - 1), start)) && /^\w/.test(replacement);
    const newText = joins ? ` ${replacement}` : replacement;
    if (tree.text.slice(start, end) !== newText) faults.push({ start, end, newText, operator });
  };
  tree.root.visit(node => {
    const { type } = node;
    if (UNTOUCHED.test(type)) return false;
    if (table.binary.includes(type) || table.updates.includes(type)) swaps(node, add);
    if (table.negations.includes(type)) negation(node, add);
    if (table.conditional.includes(type)) condition(node, table, add);
    if (table.integers.includes(type) && PLAIN_INTEGER.test(node.text))
      add('constant', node, String(Number(node.text) + 1));
    if (table.booleans.includes(type)) add('constant', node, flipped(node.text));
    if (table.strings.includes(type)) string(node, add);
    if (table.returns.includes(type)) returned(node, grammar, table, add);
    if (table.functions.includes(type)) early(node, grammar, table, add);
    if (table.statements.includes(type)) removed(node, table, add);
    return true;
  });
  return faults;
}

type Add = (operator: MutationOperator, span: Span, newText: string) => void;

function swaps(node: SyntaxNode, add: Add): void {
  const texts = node.namedChildren.some(child => /string|char_literal/.test(child.type));
  for (const token of node.children) {
    if (token.named) continue;
    const { text } = token;
    for (const [operator, swap] of SWAPS) {
      const other = Object.hasOwn(swap, text) ? swap[text] : undefined;
      // Texts are joined by `+` and cannot be subtracted: a compiler would tell, not a test.
      if (other === undefined || (texts && (operator === 'arithmetic' || operator === 'assignment')))
        continue;
      add(operator, token, other);
    }
  }
}

function flipped(word: string): string {
  const flips: Readonly<Record<string, string>> = {
    true: 'false',
    false: 'true',
    True: 'False',
    False: 'True',
  };
  return flips[word] ?? word;
}

function negation(node: SyntaxNode, add: Add): void {
  const [sign, operand] = node.children;
  if (sign && operand && (sign.text === '!' || sign.text === 'not')) add('negation', node, operand.text);
}

function condition(node: SyntaxNode, table: MutationTable, add: Add): void {
  let inner = node.child('condition');
  if (inner && /^(?:parenthesized_expression|condition_clause)$/.test(inner.type)) {
    const [only, ...more] = inner.namedChildren;
    inner = more.length === 0 ? only : undefined;
  }
  if (inner && !/declaration|let_c/.test(inner.type)) add('negation', inner, table.not(inner.text));
}

/** Words become none. What is said in an error, and what documents, is nobody's behaviour. */
function string(node: SyntaxNode, add: Add): void {
  const parent = node.parent?.type ?? '';
  if (
    /^(?:expression_statement|pair|dictionary|property_signature|macro_invocation|token_tree)$/.test(parent)
  )
    return;
  const said = node.closest(up => /^(?:throw_statement|raise_statement|assert_statement)$/.test(up.type));
  const match = /^(["'`])(?!\1)(?:[^\\{}])*\1$/s.exec(node.text);
  if (!said && match) add('constant', node, `${match[1]}${match[1]}`);
}

/** Pointers are declared at the name and not at the type. */
function valueFor(node: SyntaxNode, grammar: GrammarName, table: MutationTable): string | undefined {
  if (grammar === 'cpp' && node.child('declarator')?.type === 'pointer_declarator') return '0';
  const type = table.resultType === undefined ? '' : (node.child(table.resultType)?.text ?? '');
  return table.empty(type.replace(/\s+/g, ' ').trim());
}

function returned(node: SyntaxNode, grammar: GrammarName, table: MutationTable, add: Add): void {
  const value = node.namedChildren[0];
  const around = node.parent?.closest(up => /function|method|lambda|closure|func_literal/.test(up.type));
  if (!value || !around || !table.functions.includes(around.type)) return;
  const empty = valueFor(around, grammar, table);
  if (empty === undefined || empty === '' || node.namedChildren.length > 1) return;
  if (value.text === empty || (value.type === 'expression_list' && value.namedChildren.length > 1)) return;
  add('return value', value, empty);
}

/** The body is left before it has done anything. */
function early(node: SyntaxNode, grammar: GrammarName, table: MutationTable, add: Add): void {
  const body = node.child('body');
  if (!body) return;
  const empty = valueFor(node, grammar, table);
  if (empty === undefined) return;
  if (node.type === 'arrow_function' && body.type !== 'statement_block') {
    add('return value', body, empty);
    return;
  }
  const [first] = body.namedChildren;
  if (!first) return;
  const last = body.namedChildren.at(-1);
  const isValue = last !== undefined && !/_(?:statement|item|declaration|invocation)$/.test(last.type);
  if (grammar === 'rust' && isValue && empty !== '' && last.text !== empty) add('return value', last, empty);
  // A constructor that is left before `super` fails for another reason.
  if (node.child('name')?.text === 'constructor') return;
  const at = { start: first.start, end: first.start };
  const line = node.tree.text.lastIndexOf('\n', first.start - 1) + 1;
  const indent = node.tree.text.slice(line, first.start);
  const between = /^[ \t]*$/.test(indent) ? `\n${indent}` : grammar === 'go' ? '; ' : ' ';
  add('early return', at, `${table.leave(empty)}${between}`);
}

function removed(node: SyntaxNode, table: MutationTable, add: Add): void {
  // The step of a loop is no statement of its own.
  if (node.parent?.type.endsWith('clause')) return;
  const [does] = node.namedChildren;
  if (!does || (table.effects && !table.effects.includes(does.type))) return;
  if (/^super\b/.test(node.text)) return;
  add('removed statement', node, table.nothing);
}
