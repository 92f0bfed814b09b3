/**
 * The binder for JavaScript, TypeScript and JSX: which node declares a name, which one uses it. A table of node
 * types; what is not in the table is only looked through. It must not know repairs.
 */
import { isComment, type SyntaxNode, type SyntaxTree } from '../../syntax/tree.ts';
import { ScopeBuilder } from './builder.ts';
import { bindImport, bindRequire } from './javascriptImports.ts';
import type { BindingKind, BoundPart, Scope, ScopeModel, UseRole } from './model.ts';

type Visit = (binder: Binder, node: SyntaxNode, scope: Scope) => void;

/** The scope model of a JavaScript or TypeScript tree. */
export function bindJavaScript(tree: SyntaxTree): ScopeModel {
  const binder = new Binder(tree);
  binder.children(tree.root, binder.out.root);
  return binder.out.finish();
}

/** The model of one child of the root by itself, as if it were the file; namespaces that others may add to are named. */
export function bindJavaScriptPart(tree: SyntaxTree, part: SyntaxNode): BoundPart {
  const binder = new Binder(tree);
  binder.walk(part, binder.out.root);
  return { model: binder.out.finish(), namespaces: binder.outerNamespaces() };
}

/** State of one walk. */
export class Binder {
  readonly out: ScopeBuilder;
  /** `namespace` blocks of the same name share what they declare. */
  readonly #namespaces = new Map<string, Scope>();
  readonly conditionals = new Set<Scope>();

  /** Keys of the namespaces that are declared directly in the file. */
  outerNamespaces(): readonly string[] {
    const outer = `${this.out.root.start}:`;
    return [...this.#namespaces.keys()].filter(key => key.startsWith(outer));
  }

  constructor(tree: SyntaxTree) {
    this.out = new ScopeBuilder(tree.root, { classScopesAreClosed: false });
  }

  /** Where `infer` puts its name: the conditional type around it, however deep it stands. */
  conditional(scope: Scope): Scope {
    for (let at: Scope | undefined = scope; at; at = at.parent) if (this.conditionals.has(at)) return at;
    return scope;
  }

  walk(node: SyntaxNode, scope: Scope): void {
    const visit = visits.get(node.type);
    if (visit) visit(this, node, scope);
    else this.children(node, scope);
  }

  children(node: SyntaxNode, scope: Scope, skip: string = ''): void {
    for (const child of node.children) if (child.field !== skip || !skip) this.walk(child, scope);
  }

  /** Declares every name of a pattern; default values and computed keys in it are uses. */
  pattern(node: SyntaxNode, kind: BindingKind, scope: Scope, declaration: SyntaxNode, inner = scope): void {
    switch (node.type) {
      case 'identifier':
      case 'shorthand_property_identifier_pattern':
        this.out.declare(node, kind, scope, declaration);
        return;
      case 'assignment_pattern':
      case 'object_assignment_pattern': {
        const [left, ...rest] = node.namedChildren;
        if (left) this.pattern(left, kind, scope, declaration, inner);
        for (const value of rest) this.walk(value, inner);
        return;
      }
      case 'pair_pattern': {
        const key = node.child('key');
        if (key) this.walk(key, inner);
        const value = node.child('value');
        if (value) this.pattern(value, kind, scope, declaration, inner);
        return;
      }
      case 'object_pattern':
      case 'array_pattern':
      case 'rest_pattern':
      case 'tuple_parameter':
        for (const child of node.namedChildren) this.pattern(child, kind, scope, declaration, inner);
        return;
      default:
        this.walk(node, inner);
    }
  }

  /** Parameters, type parameters, return type and body in a scope of their own. */
  callable(node: SyntaxNode, scope: Scope): void {
    const own = this.out.scope('function', scope, node);
    const name = node.child('name');
    if (name && node.type.endsWith('expression') && name.type === 'identifier')
      this.out.declare(name, 'function', own, node);
    for (const child of node.children) {
      if (child.same(name)) {
        if (name?.type === 'computed_property_name') this.walk(name, scope);
        else if (name && name.type !== 'identifier') this.out.declaredMembers.add(name.text);
      } else if (child.field === 'parameter') this.pattern(child, 'parameter', own, child);
      else if (child.type === 'formal_parameters') this.parameters(child, own);
      else if (child.type === 'statement_block') this.children(child, own);
      else this.walk(child, own);
    }
  }

  parameters(list: SyntaxNode, scope: Scope): void {
    for (const parameter of list.children) {
      if (parameter.type !== 'required_parameter' && parameter.type !== 'optional_parameter') {
        if (parameter.named && !isComment(parameter.type))
          this.pattern(parameter, 'parameter', scope, parameter);
        continue;
      }
      for (const child of parameter.children) {
        if (child.field === 'pattern') this.pattern(child, 'parameter', scope, parameter);
        else if (child.field !== 'name') this.walk(child, scope);
      }
    }
  }

  namespaceScope(node: SyntaxNode, name: string, scope: Scope): Scope {
    const key = `${scope.start}:${name}`;
    const known = this.#namespaces.get(key);
    if (!known) {
      const made = this.out.scope('function', scope, node);
      this.#namespaces.set(key, made);
      return made;
    }
    const again = this.out.scope('function', known, node);
    this.#namespaces.set(key, again);
    return again;
  }
}

/** Where `var` and functions in sloppy blocks live. */
function hoisted(scope: Scope): Scope {
  let target = scope;
  while (target.kind === 'block' && target.parent) target = target.parent;
  return target;
}

const callable: Visit = (binder, node, scope) => binder.callable(node, scope);

const declaredFunction: Visit = (binder, node, scope) => {
  const name = node.child('name');
  if (name) binder.out.declare(name, 'function', scope, node);
  binder.callable(node, scope);
};

const block: Visit = (binder, node, scope) => binder.children(node, binder.out.scope('block', scope, node));

const skip: Visit = () => {};

/** A declaration whose name lives outside and whose type parameters live inside. */
function declares(kind: BindingKind): Visit {
  return (binder, node, scope) => {
    const name = node.child('name');
    if (name && (name.type === 'identifier' || name.type === 'type_identifier'))
      binder.out.declare(name, kind, scope, node);
    const own = binder.out.scope(kind === 'class' ? 'class' : 'type', scope, node);
    for (const child of node.children) if (!child.same(name)) binder.walk(child, own);
  };
}

function use(role: UseRole): Visit {
  return (binder, node, scope) => binder.out.use(node, scope, roleOf(node) ?? role);
}

/** What the parent does with a name. */
function roleOf(node: SyntaxNode): UseRole | undefined {
  const parent = node.parent;
  if (parent?.type === 'call_expression' && node.field === 'function') return 'call';
  if (parent?.type === 'new_expression' && node.field === 'constructor') return 'construct';
  if (parent?.type.includes('assignment') && node.field === 'left') return 'write';
  return undefined;
}

const memberName: Visit = (binder, node) =>
  binder.out.member(
    node,
    node.parent?.parent?.type === 'call_expression' && node.parent.field === 'function',
  );

const visits = new Map<string, Visit>(
  Object.entries<Visit>({
    identifier: use('read'),
    shorthand_property_identifier: use('read'),
    type_identifier: use('type'),
    shorthand_property_identifier_pattern: use('write'),
    statement_identifier: skip,
    private_property_identifier: skip,
    property_identifier: (binder, node) => binder.out.declaredMembers.add(node.text),
    ERROR: skip,
    comment: (binder, node) => {
      const { text } = node;
      if (text.startsWith('/**')) binder.out.mention(text);
      const globals = /^\/\*\s*(?:globals?|exported|jsx\w*|@jsx\w*)\s([^*]*)/.exec(text);
      if (globals?.[1]) binder.out.mention(globals[1].replace(/:\s*\w+/g, ''));
    },
    member_expression: (binder, node, scope) => {
      const object = node.child('object');
      if (object) binder.walk(object, scope);
      const property = node.child('property');
      if (property?.type === 'property_identifier') memberName(binder, property, scope);
      else if (property) binder.walk(property, scope);
    },
    nested_identifier: (binder, node, scope) => {
      const first = node.child('object') ?? node.firstChild;
      if (first) binder.walk(first, scope);
    },
    nested_type_identifier: (binder, node, scope) => {
      const first = node.child('module') ?? node.firstChild;
      if (first) binder.walk(first, scope);
    },
    statement_block: block,
    switch_body: block,
    class_static_block: block,
    function_declaration: declaredFunction,
    generator_function_declaration: declaredFunction,
    function_signature: declaredFunction,
    function_expression: callable,
    function: callable,
    generator_function: callable,
    arrow_function: callable,
    method_definition: callable,
    method_signature: callable,
    abstract_method_signature: callable,
    call_signature: callable,
    construct_signature: callable,
    function_type: callable,
    constructor_type: callable,
    class_declaration: declares('class'),
    abstract_class_declaration: declares('class'),
    class: (binder, node, scope) => {
      const own = binder.out.scope('class', scope, node);
      const name = node.child('name');
      if (name) binder.out.declare(name, 'class', own, node);
      for (const child of node.children) if (!child.same(name)) binder.walk(child, own);
    },
    interface_declaration: declares('type'),
    type_alias_declaration: declares('type'),
    enum_declaration: (binder, node, scope) => {
      const name = node.child('name');
      if (name) binder.out.declare(name, 'class', scope, node);
      const body = node.child('body');
      if (!body) return;
      const own = binder.out.scope('class', scope, body);
      for (const member of body.namedChildren) {
        const label = member.type === 'enum_assignment' ? member.child('name') : member;
        if (label?.type === 'property_identifier') {
          binder.out.declare(label, 'constant', own, member);
          binder.out.declaredMembers.add(label.text);
        }
        const value = member.type === 'enum_assignment' ? member.child('value') : undefined;
        if (value) binder.walk(value, own);
      }
    },
    internal_module: (binder, node, scope) => namespace(binder, node, scope),
    module: (binder, node, scope) => namespace(binder, node, scope),
    ambient_declaration: (binder, node, scope) => {
      const global = node.children.some(child => child.type === 'global');
      const body = node.childOfType('statement_block');
      if (global && body) binder.children(body, binder.out.root);
      else binder.children(node, scope);
    },
    type_parameter: (binder, node, scope) => {
      const name = node.child('name');
      if (name) binder.out.declare(name, 'type-parameter', scope, node);
      binder.children(node, scope, 'name');
    },
    infer_type: (binder, node, scope) => {
      const [name, ...rest] = node.namedChildren;
      if (name) binder.out.declare(name, 'type-parameter', scope, node);
      for (const child of rest) binder.walk(child, scope);
    },
    conditional_type: (binder, node, scope) => binder.children(node, binder.out.scope('type', scope, node)),
    object_type: (binder, node, scope) => binder.children(node, binder.out.scope('type', scope, node)),
    mapped_type_clause: (binder, node, scope) => {
      const name = node.child('name');
      if (name) binder.out.declare(name, 'type-parameter', scope, node);
      binder.children(node, scope, 'name');
    },
    index_signature: (binder, node, scope) => {
      const name = node.child('name');
      for (const child of node.children) if (!child.same(name)) binder.walk(child, scope);
    },
    tuple_type: (binder, node, scope) => {
      for (const child of node.namedChildren) {
        const label = child.type.endsWith('_parameter') ? child.child('name') : undefined;
        for (const part of label ? child.children : []) if (!part.same(label)) binder.walk(part, scope);
        if (!label) binder.walk(child, scope);
      }
    },
    unary_expression: (binder, node, scope) => {
      const argument = node.child('argument');
      const isTypeof = node.child('operator')?.text === 'typeof';
      if (isTypeof && argument?.type === 'identifier') binder.out.use(argument, scope, 'read', true);
      else binder.children(node, scope);
    },
    variable_declarator: (binder, node, scope) => {
      const name = node.child('name');
      const value = node.child('value');
      const declaration = node.parent ?? node;
      const isVar = declaration.type === 'variable_declaration';
      const kind = declaration.child('kind')?.text === 'const' ? 'constant' : 'variable';
      if (name && value && bindRequire(binder.out, node, name, value, scope)) {
        binder.walk(value, scope);
        return;
      }
      const target = isVar ? hoisted(scope) : scope;
      if (name) binder.pattern(name, kind, target, node, scope);
      for (const child of node.children) if (!child.same(name)) binder.walk(child, scope);
    },
    for_statement: block,
    for_in_statement: (binder, node, scope) => {
      const own = binder.out.scope('block', scope, node);
      const left = node.child('left');
      const kind = node.child('kind');
      if (left && kind)
        binder.pattern(left, 'variable', kind.text === 'var' ? hoisted(scope) : own, node, own);
      else if (left) binder.walk(left, scope);
      for (const child of node.children) if (!child.same(left)) binder.walk(child, own);
    },
    catch_clause: (binder, node, scope) => {
      const own = binder.out.scope('block', scope, node);
      const parameter = node.child('parameter');
      if (parameter) binder.pattern(parameter, 'parameter', own, node);
      for (const child of node.children) if (!child.same(parameter)) binder.walk(child, own);
    },
    assignment_expression: (binder, node, scope) => {
      const left = node.child('left');
      // The grammar reads `using x = …` as an assignment.
      if (left?.type === 'identifier' && node.children.some(child => child.type === 'using')) {
        binder.out.declare(left, 'constant', scope, node);
        binder.children(node, scope, 'left');
        return;
      }
      // Assigning to an unknown name makes a global in sloppy code; a repair must not take that for a typing error.
      if (left?.type === 'identifier') binder.out.implicit(left, node);
      binder.children(node, scope);
    },
    import_statement: (binder, node) => bindImport(binder.out, node),
    import_alias: (binder, node, scope) => {
      const [name, ...rest] = node.namedChildren;
      if (name) binder.out.declare(name, 'namespace', scope, node);
      for (const child of rest) binder.walk(child, scope);
    },
    export_statement: (binder, node, scope) => {
      if (node.child('source') || node.childOfType('namespace_export')) return;
      if (node.children.some(child => child.type === 'namespace')) return;
      const clause = node.childOfType('export_clause');
      for (const specifier of clause?.namedChildren ?? []) {
        const name = specifier.child('name');
        if (name?.type === 'identifier') binder.out.use(name, scope, 'export');
      }
      for (const child of node.children) if (!child.same(clause)) binder.walk(child, scope);
    },
    jsx_opening_element: (binder, node, scope) => element(binder, node, scope),
    jsx_self_closing_element: (binder, node, scope) => element(binder, node, scope),
    jsx_closing_element: skip,
    with_statement: (binder, node, scope) => {
      binder.out.open = true;
      binder.children(node, scope);
    },
  }),
);

function namespace(binder: Binder, node: SyntaxNode, scope: Scope): void {
  const name = node.child('name');
  let first = name;
  while (first?.type === 'nested_identifier') first = first.firstChild;
  if (first?.type === 'identifier') binder.out.declare(first, 'namespace', scope, node);
  const body = node.child('body');
  if (body) binder.children(body, binder.namespaceScope(body, name?.text ?? '', scope));
}

function element(binder: Binder, node: SyntaxNode, scope: Scope): void {
  binder.out.jsx = true;
  const name = node.child('name');
  if (name?.type === 'identifier' && /^[^a-z]/.test(name.text)) binder.out.use(name, scope, 'element');
  else if (name && name.type !== 'identifier' && name.type !== 'jsx_namespace_name') binder.walk(name, scope);
  for (const child of node.children) if (!child.same(name)) binder.walk(child, scope);
}
