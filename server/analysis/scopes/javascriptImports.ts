/**
 * Reads ES module imports and CommonJS `require` into import statements and their bindings. It must not know the
 * rest of the language.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { ScopeBuilder } from './builder.ts';
import type { ImportedName, ImportStatement, Scope } from './model.ts';

/** Text of a string node without its quotes. */
export function unquote(text: string): string {
  return text.replace(/^[a-zA-Z]*(['"`]{1,3})([\s\S]*)\1$/, '$2');
}

/** Reads `import … from '…'`, `import x = require('…')` and `import '…'`. */
export function bindImport(out: ScopeBuilder, node: SyntaxNode): void {
  const clause = node.childOfType('import_clause', 'import_require_clause');
  const source = node.child('source') ?? clause?.child('source') ?? clause?.childOfType('string');
  const list = clause?.childOfType('named_imports');
  const statement: ImportStatement = {
    style: 'import',
    module: source ? unquote(source.text) : '',
    start: node.start,
    end: node.end,
    typeOnly: node.children.some(child => child.type === 'type' || child.type === 'typeof'),
    names: [],
    topLevel: node.parent?.isRoot ?? false,
    list: list && { start: list.start, end: list.end },
  };
  out.imports.push(statement);
  if (!clause) return;
  if (clause.type === 'import_require_clause') {
    const name = clause.childOfType('identifier');
    if (name) add(out, statement, name, '*', clause, node);
    return;
  }
  for (const child of clause.namedChildren) {
    if (child.type === 'identifier') add(out, statement, child, 'default', child, node);
    if (child.type === 'namespace_import') {
      const name = child.childOfType('identifier');
      if (name) add(out, statement, name, '*', child, node);
    }
    if (child.type !== 'named_imports') continue;
    for (const specifier of child.namedChildren) {
      const name = specifier.child('name');
      const local = specifier.child('alias') ?? name;
      if (name && local) add(out, statement, local, unquote(name.text), specifier, node);
    }
  }
}

/** Reads `const x = require('…')` and `const { a, b: c } = require('…')`; false if it is something else. */
export function bindRequire(
  out: ScopeBuilder,
  declarator: SyntaxNode,
  name: SyntaxNode,
  value: SyntaxNode,
  scope: Scope,
): boolean {
  const argument = value.child('arguments')?.namedChildren[0];
  const isRequire =
    value.type === 'call_expression' &&
    value.child('function')?.text === 'require' &&
    argument?.type === 'string';
  const declaration = declarator.parent;
  if (!isRequire || !declaration || !argument) return false;
  if (name.type !== 'identifier' && name.type !== 'object_pattern') return false;
  const parts = name.type === 'identifier' ? [] : name.namedChildren;
  const plain = (part: SyntaxNode): boolean =>
    part.type === 'shorthand_property_identifier_pattern' ||
    (part.type === 'pair_pattern' && part.child('value')?.type === 'identifier');
  if (!parts.every(plain)) return false;
  const alone = declaration.namedChildren.length === 1;
  const statement: ImportStatement = {
    style: 'require',
    module: unquote(argument.text),
    start: alone ? declaration.start : declarator.start,
    end: alone ? declaration.end : declarator.end,
    typeOnly: false,
    names: [],
    topLevel: alone && (declaration.parent?.isRoot ?? false),
    list: name.type === 'object_pattern' ? { start: name.start, end: name.end } : undefined,
  };
  out.imports.push(statement);
  if (name.type === 'identifier') add(out, statement, name, '*', name, declaration, scope);
  for (const part of parts) {
    const local = part.type === 'pair_pattern' ? part.child('value') : part;
    const imported = part.type === 'pair_pattern' ? part.child('key') : part;
    if (local && imported) add(out, statement, local, imported.text, part, declaration, scope);
  }
  return true;
}

function add(
  out: ScopeBuilder,
  statement: ImportStatement,
  local: SyntaxNode,
  imported: string,
  specifier: SyntaxNode,
  declaration: SyntaxNode,
  scope: Scope = out.root,
): void {
  const name: ImportedName = {
    statement,
    imported,
    local: local.text,
    start: specifier.start,
    end: specifier.end,
    reexport: false,
  };
  statement.names.push(name);
  out.declare(local, 'import', scope, declaration, name);
}
