/**
 * Local variables without a binder: a name belongs to the innermost block that declares it before it is used. Certain
 * enough to rename, and nothing else is answered. It must not know what the new name is.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import { structureOf } from '../structure/structure.ts';
import type { FileView, Replacement } from '../view.ts';

const SCOPE =
  /(?:^|_)block$|^compound_statement$|^(?:for|foreach|while|if|switch|match|try|using|for_range|enhanced_for|do|loop)_(?:statement|expression|loop)$|^match_arm$|_case$|^catch_clause$|^lambda_expression$|^closure_expression$|^func_literal$|^(?:function|method|constructor|local_function)_(?:definition|declaration|item|statement)$/;
/** Names of members, which are no variables. */
const MEMBERS: Readonly<Record<string, string>> = {
  field_access: 'field',
  method_invocation: 'name',
  member_access_expression: 'name',
  method_declaration: 'name',
};

/** All places of the local variable that a name stands for; `\0` stands for a new name. Undefined where that is not certain. */
export function localPlaces(view: FileView, node: SyntaxNode): readonly Replacement[] | undefined {
  const structure = structureOf(view.grammar);
  if (node.type !== 'identifier' || !structure || isMember(node)) return undefined;
  const name = node.text;
  for (let scope = scopeOf(node); scope; scope = scopeOf(scope)) {
    const places = occurrences(scope, name);
    const [first] = places;
    if (first && isDeclared(first) && scopeOf(first)?.same(scope) && !declaresItself(first, name))
      return hides(view, scope, name) ? undefined : replacements(places, name);
    const kind = structure.declarations[scope.type];
    if ((kind === 'function' || kind === 'method') && !/lambda|closure|literal|local/.test(scope.type))
      return undefined;
  }
  return undefined;
}

/** The innermost scope around a node, itself excluded; a body belongs to what it is the body of. */
function scopeOf(node: SyntaxNode): SyntaxNode | undefined {
  return node.parent?.closest(
    up => SCOPE.test(up.type) && !(up.field === 'body' && SCOPE.test(up.parent?.type ?? '')),
  );
}

function occurrences(scope: SyntaxNode, name: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  scope.visit(node => {
    if (/^(?:shorthand_field_)?identifier$/.test(node.type) && node.text === name && !isMember(node))
      found.push(node);
  });
  return found;
}

function isMember(node: SyntaxNode): boolean {
  const parent = node.parent;
  if (parent && MEMBERS[parent.type] === node.field && node.field !== undefined) return true;
  const before = node.tree.text.slice(Math.max(0, node.start - 2), node.start);
  return (before.endsWith('.') && before !== '..') || /->$|::$/.test(before);
}

/** Whether the name is new at this place: a parameter, or the left side of a declaration. */
function isDeclared(node: SyntaxNode): boolean {
  let at = node;
  for (let up = node.parent; up; at = up, up = up.parent) {
    const { type } = up;
    const { field } = at;
    if (/^(?:tuple_struct_pattern|struct_pattern)$/.test(type) && field === 'type') return false;
    if (
      /_pattern$|^(?:pointer|reference|array|init|parenthesized)_declarator$|^(?:expression_list|variable_declarator|inferred_parameters|implicit_parameter_list)$/.test(
        type,
      )
    ) {
      if (
        type.endsWith('_declarator') &&
        field !== 'declarator' &&
        field !== 'name' &&
        up.firstChild?.same(at) !== true
      )
        return false;
      if (type !== 'match_pattern') continue;
      return /^[a-z_]/.test(node.text);
    }
    switch (type) {
      case 'let_declaration':
      case 'for_expression':
      case 'let_condition':
      case 'parameter':
        return field === 'pattern' || field === 'name';
      case 'closure_parameters':
      case 'catch_declaration':
      case 'implicit_parameter':
        return true;
      case 'parameter_declaration':
      case 'optional_parameter_declaration':
      case 'declaration':
      case 'for_range_loop':
        return field === 'declarator' || field === 'name';
      case 'var_spec':
      case 'const_spec':
      case 'formal_parameter':
      case 'catch_formal_parameter':
      case 'enhanced_for_statement':
      case 'resource':
        return field === 'name';
      case 'short_var_declaration':
      case 'range_clause':
      case 'foreach_statement':
        return field === 'left';
      case 'variable_declaration':
      case 'local_variable_declaration':
        return up.parent?.type !== 'field_declaration' && at.type === 'variable_declarator';
      case 'lambda_expression':
        return field === 'parameters';
      default:
        return false;
    }
  }
  return false;
}

/** `let x = x + 1`: the second one is another variable. */
function declaresItself(node: SyntaxNode, name: string): boolean {
  const declaration = node.closest(
    up => /declaration$|_spec$|declarator$|let_condition/.test(up.type) && up.child('value') !== undefined,
  );
  const right =
    declaration?.child('value') ??
    node.closest(up => /^(?:short_var_declaration|range_clause)$/.test(up.type))?.child('right');
  return right !== undefined && right.start > node.end && occurrences(right, name).length > 0;
}

/** Whether the name is also written where no syntax tells what it means. */
function hides(view: FileView, scope: SyntaxNode, name: string): boolean {
  let found = false;
  const inText = new RegExp(`\\{\\s*${name}\\s*[:}]`);
  scope.visit(node => {
    if (view.grammar === 'rust' && /^(?:raw_)?string_literal$/.test(node.type) && inText.test(node.text))
      found = true;
    if (/^(?:keyed_element|name_colon)$/.test(node.type) && node.namedChildren[0]?.text === name)
      found = true;
    return !found;
  });
  return found || (view.grammar === 'cpp' && new RegExp(`^[ \\t]*#.*\\b${name}\\b`, 'm').test(view.text));
}

function replacements(places: readonly SyntaxNode[], name: string): readonly Replacement[] {
  return places.map(node => {
    const isShort =
      node.type === 'shorthand_field_identifier' || node.parent?.type === 'shorthand_field_initializer';
    return { start: node.start, end: node.end, text: isShort ? `${name}: \0` : '\0' };
  });
}
