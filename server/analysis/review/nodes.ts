/** Questions about nodes that several patterns ask. Pure; it must not know any pattern. */
import { isComment, type SyntaxNode } from '../../syntax/tree.ts';

/** What may change or answer differently when it is evaluated twice. */
const EFFECTS =
  /^(?:call|call_expression|method_invocation|object_creation_expression|new_expression|await|await_expression|yield|yield_expression|update_expression|assignment_expression|augmented_assignment_expression|named_expression|macro_invocation|invocation_expression|try_expression|inc_statement|function_expression|arrow_function|unary_expression_inc|ERROR)$/;

/** Whether evaluating it twice must give the same. Volatile memory and getters are not thought of. */
export function isPure(node: SyntaxNode): boolean {
  let pure = true;
  node.visit(each => {
    if (EFFECTS.test(each.type)) pure = false;
    // Go receives from a channel: each time something else.
    if (each.type === '<-' || each.type === '++' || each.type === '--') pure = false;
    return pure;
  });
  return pure;
}

/** The code of a node as one line of its leaves, without comments; equal for code that differs in layout only. */
export function codeOf(node: SyntaxNode): string {
  const leaves: string[] = [];
  node.visit(each => {
    if (isComment(each.type)) return false;
    if (isString(each)) {
      leaves.push(each.text);
      return false;
    }
    if (!each.firstChild) leaves.push(each.text.trim());
    return true;
  });
  return leaves.filter(Boolean).join(' ');
}

/** The expression inside of any parentheses. */
export function bare(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let inner = node;
  while (inner && (inner.type === 'parenthesized_expression' || inner.type === 'condition_clause')) {
    const parts: readonly SyntaxNode[] = inner.namedChildren;
    if (parts.length !== 1) return inner;
    inner = parts[0];
  }
  return inner;
}

/** The operator of a binary expression. */
export function operatorOf(node: SyntaxNode): string {
  return (node.child('operator') ?? node.child('operators') ?? node.children[1])?.text ?? '';
}

/** Both sides of a binary expression of any grammar; Python's comparisons have no fields. */
export function sides(node: SyntaxNode): readonly [SyntaxNode, SyntaxNode] | undefined {
  const left = node.child('left');
  const right = node.child('right');
  if (left && right) return [left, right];
  const [a, b, ...more] = node.namedChildren;
  return a && b && more.length === 0 ? [a, b] : undefined;
}

const CALLS = ['call', 'call_expression', 'method_invocation', 'invocation_expression'] as const;
export const CALL_TYPES: readonly string[] = CALLS;
type Call = SyntaxNode & { readonly type: (typeof CALLS)[number] };

export function isCall(node: SyntaxNode | undefined): node is Call {
  return node !== undefined && CALL_TYPES.includes(node.type);
}

/** What is called, as written up to its arguments: `a.b` of `a.b(c)`. */
export function calleeOf(call: SyntaxNode): string {
  const given = call.child('arguments');
  return (given ? call.tree.text.slice(call.start, given.start) : call.text).trim();
}

/** The last name of what is called. */
export function calledName(call: SyntaxNode): string {
  return /[\w$]+$/.exec(calleeOf(call))?.[0] ?? '';
}

/** What it is called on; undefined for a plain function. */
export function receiverOf(call: SyntaxNode): SyntaxNode | undefined {
  if (call.type === 'method_invocation') return call.child('object');
  const callee = call.child('function');
  return callee?.child('object') ?? callee?.child('operand') ?? callee?.child('argument');
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  return (call.child('arguments') ?? call.childOfType('arguments', 'argument_list'))?.namedChildren ?? [];
}

export function isString(node: SyntaxNode | undefined): boolean {
  return (
    node !== undefined &&
    /^(?:string|string_literal|interpreted_string_literal|raw_string_literal|template_string|concatenated_string)$/.test(
      node.type,
    )
  );
}

/** A string with something written into it. */
export function isFilledString(node: SyntaxNode): boolean {
  if (node.type === 'concatenated_string') return node.namedChildren.some(isFilledString);
  return isString(node) && node.children.some(({ type }) => /substitution|interpolation/.test(type));
}

/** Its value stands in the source. */
export function isLiteral(node: SyntaxNode | undefined): boolean {
  if (!node) return false;
  if (isString(node)) return !isFilledString(node);
  return /^(?:number|integer|float|true|false|none|null|nil|undefined|number_literal|int_literal|float_literal|decimal_integer_literal|boolean_literal|null_literal|char_literal|character_literal|regex)$/.test(
    node.type,
  );
}

/** The function around a node. */
export function functionAround(node: SyntaxNode): SyntaxNode | undefined {
  return node.parent?.closest(({ type }) =>
    /^(?:function_declaration|function_definition|function_expression|function|arrow_function|method_definition|method_declaration|func_literal|lambda|lambda_expression|function_item|closure_expression|constructor_declaration|generator_function_declaration)$/.test(
      type,
    ),
  );
}

export function isAsync(callable: SyntaxNode | undefined): boolean {
  return callable?.children.some(({ type }) => type === 'async') ?? false;
}

/** The text of a string without its quotes. */
export function stringText(node: SyntaxNode): string {
  return node.text.replace(/^[a-zA-Z]*(?:"""|'''|["'`])/, '').replace(/(?:"""|'''|["'`])$/, '');
}

/** Something inside satisfies the test. */
export function some(node: SyntaxNode, test: (node: SyntaxNode) => boolean): boolean {
  let found = false;
  node.visit(each => {
    found ||= test(each);
    return !found;
  });
  return found;
}
