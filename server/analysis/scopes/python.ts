/**
 * The binder for Python: which node declares a name, which one uses it. A table of node types; what is not in the
 * table is only looked through. It must not know repairs.
 */
import { isComment, type SyntaxNode, type SyntaxTree } from '../../syntax/tree.ts';
import { ScopeBuilder } from './builder.ts';
import type { BindingKind, BoundPart, ImportStatement, Scope, ScopeModel } from './model.ts';

type Visit = (binder: Binder, node: SyntaxNode, scope: Scope) => void;

/** The scope model of a Python tree. */
export function bindPython(tree: SyntaxTree): ScopeModel {
  const binder = new Binder(tree);
  for (const child of tree.root.children) binder.walk(child, binder.out.root);
  binder.later();
  return binder.out.finish();
}

/** The model of one child of the root by itself, as if it were the file. */
export function bindPythonPart(tree: SyntaxTree, part: SyntaxNode): BoundPart {
  const binder = new Binder(tree);
  binder.walk(part, binder.out.root);
  binder.later();
  return { model: binder.out.finish(), namespaces: [] };
}

class Binder {
  readonly out: ScopeBuilder;
  readonly #moved: { scope: Scope; name: string; target: Scope }[] = [];
  /** Depth of `try` blocks that catch NameError or everything. */
  guards = 0;
  /** Inside a `try` or `if`, where an import may be an attempt. */
  attempts = 0;

  constructor(tree: SyntaxTree) {
    this.out = new ScopeBuilder(tree.root, { classScopesAreClosed: true });
  }

  walk(node: SyntaxNode, scope: Scope): void {
    const visit = visits.get(node.type);
    if (visit) visit(this, node, scope);
    else for (const child of node.children) this.walk(child, scope);
  }

  walkAll(nodes: readonly SyntaxNode[], scope: Scope): void {
    for (const node of nodes) this.walk(node, scope);
  }

  /** Declares the names of an assignment target; what is subscripted or looked up in it is used. */
  target(node: SyntaxNode, scope: Scope, declaration: SyntaxNode, kind: BindingKind = 'variable'): void {
    switch (node.type) {
      case 'identifier':
        this.out.declare(node, kind, scope, declaration);
        return;
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'expression_list':
      case 'tuple':
      case 'list':
      case 'list_splat_pattern':
      case 'list_splat':
      case 'parenthesized_expression':
      case 'as_pattern_target':
        for (const child of node.namedChildren) this.target(child, scope, declaration, kind);
        return;
      case 'attribute': {
        const attribute = node.child('attribute');
        if (attribute) this.out.declaredMembers.add(attribute.text);
        this.walk(node, scope);
        return;
      }
      default:
        this.walk(node, scope);
    }
  }

  move(scope: Scope, node: SyntaxNode, toFile: boolean): void {
    for (const name of node.namedChildren) {
      let target = scope.parent;
      while (!toFile && target && target.kind !== 'function') target = target.parent;
      const goal = toFile ? this.out.root : (target ?? this.out.root);
      this.#moved.push({ scope, name: name.text, target: goal });
      scope.redirected.set(name.text, goal);
      // `global x` promises that the module has x, wherever it is assigned.
      if (toFile) this.out.declare(name, 'variable', this.out.root, node);
    }
  }

  /** Moves names that were bound before their `global` or `nonlocal` was seen. */
  later(): void {
    for (const { scope, name, target } of this.#moved) {
      const early = scope.bindings.get(name);
      if (early && !target.bindings.has(name)) target.bindings.set(name, early);
      if (early && target !== scope) scope.bindings.delete(name);
    }
  }
}

/** Where assignments inside comprehensions and the like end up. */
function owner(scope: Scope): Scope {
  let target = scope;
  while (target.kind === 'block' && target.parent) target = target.parent;
  return target;
}

const comprehension: Visit = (binder, node, scope) => {
  const own = binder.out.scope('block', scope, node);
  const clauses = node.children.filter(child => child.type === 'for_in_clause');
  for (const clause of clauses) {
    const left = clause.child('left');
    if (left) binder.target(left, own, clause);
  }
  for (const child of node.children) {
    if (child.type !== 'for_in_clause') binder.walk(child, own);
    else for (const part of child.children) if (part.field !== 'left') binder.walk(part, own);
  }
};

function parameters(binder: Binder, list: SyntaxNode, own: Scope, outside: Scope): void {
  for (const parameter of list.namedChildren) {
    const name =
      parameter.type === 'identifier' ? parameter : (parameter.child('name') ?? parameter.namedChildren[0]);
    const inner = name?.type.endsWith('splat_pattern') ? name.namedChildren[0] : name;
    if (inner?.type === 'identifier' && !parameter.type.endsWith('separator'))
      binder.out.declare(inner, 'parameter', own, parameter);
    for (const part of parameter.children)
      if (!part.same(name) && (part.field === 'type' || part.field === 'value')) {
        annotation(binder, part);
        binder.walk(part, part.field === 'type' ? own : outside);
      }
  }
}

/** Names in quoted annotations count as mentioned. */
function annotation(binder: Binder, node: SyntaxNode): void {
  node.visit(part => {
    if (part.type === 'string_content') binder.out.mention(part.text);
  });
}

const callable: Visit = (binder, node, scope) => {
  const name = node.child('name');
  if (name) {
    binder.out.declare(name, 'function', owner(scope), node);
    if (scope.kind === 'class') binder.out.declaredMembers.add(name.text);
  }
  const own = binder.out.scope('function', scope, node);
  for (const child of node.children) {
    if (child.same(name)) continue;
    if (child.field === 'parameters') parameters(binder, child, own, scope);
    else if (child.type === 'type_parameter') typeParameters(binder, child, own);
    else {
      if (child.field === 'return_type') annotation(binder, child);
      binder.walk(child, own);
    }
  }
};

function typeParameters(binder: Binder, node: SyntaxNode, scope: Scope): void {
  for (const part of node.namedChildren) {
    let first = true;
    part.visit(inner => {
      if (inner.type !== 'identifier') return;
      if (first) binder.out.declare(inner, 'type-parameter', scope, part);
      else binder.out.use(inner, scope, 'type');
      first = false;
    });
  }
}

function catchesNames(statement: SyntaxNode): boolean {
  return statement.children.some(child => {
    if (child.type !== 'except_clause' && child.type !== 'except_group_clause') return false;
    const head = child.text.slice(0, (child.childOfType('block')?.start ?? child.end) - child.start);
    return /^except\s*:|\b(?:NameError|Exception|BaseException|ImportError|ModuleNotFoundError)\b/.test(head);
  });
}

function importStatement(binder: Binder, node: SyntaxNode, style: 'import' | 'from'): ImportStatement {
  const names = node.childrenIn('name');
  const first = names[0];
  const last = names.at(-1);
  const statement: ImportStatement = {
    style,
    module: node.child('module_name')?.text ?? '',
    start: node.start,
    end: node.end,
    typeOnly: false,
    names: [],
    topLevel: binder.attempts === 0 && (node.parent?.isRoot ?? false),
    list: style === 'from' && first && last ? { start: first.start, end: last.end } : undefined,
  };
  binder.out.imports.push(statement);
  return statement;
}

const importing: Visit = (binder, node, scope) => {
  const from = node.type === 'import_from_statement';
  if (node.childOfType('wildcard_import')) binder.out.open = true;
  const statement = importStatement(binder, node, from ? 'from' : 'import');
  for (const specifier of node.childrenIn('name')) {
    const aliased = specifier.type === 'aliased_import';
    const name = aliased ? specifier.child('name') : specifier;
    const alias = aliased ? specifier.child('alias') : undefined;
    const local = alias ?? name?.firstChild;
    if (!name || !local) continue;
    const imported = {
      statement: from ? statement : { ...statement, module: name.text },
      imported: from ? name.text : '*',
      local: local.text,
      start: specifier.start,
      end: specifier.end,
      reexport: alias?.text === name.text,
    };
    statement.names.push(imported);
    binder.out.declare(local, 'import', owner(scope), node, imported);
  }
};

/** A capture in `case`: a bare name binds, a dotted one is looked up. */
function casePattern(binder: Binder, node: SyntaxNode, scope: Scope): void {
  for (const child of node.namedChildren) {
    if (child.type === 'dotted_name' && node.type === 'case_pattern' && child.namedChildren.length === 1)
      binder.target(child.firstChild ?? child, owner(scope), node);
    else if (child.type === 'dotted_name') {
      const first = child.firstChild;
      if (node.type === 'keyword_pattern' && child.namedChildren.length === 1 && first)
        binder.target(first, owner(scope), node);
      else if (first) binder.out.use(first, scope, 'read');
    } else if (child.type === 'identifier' && node.type === 'keyword_pattern') continue;
    else if (child.type === 'identifier') binder.target(child, owner(scope), node);
    else casePattern(binder, child, scope);
  }
}

const visits = new Map<string, Visit>(
  Object.entries<Visit>({
    identifier: (binder, node, scope) => {
      const call = node.parent?.type === 'call' && node.field === 'function';
      const type = node.parent?.type === 'type';
      binder.out.use(node, scope, call ? 'call' : type ? 'type' : 'read', binder.guards > 0);
    },
    ERROR: () => {},
    comment: (binder, node) => {
      if (/^#\s*type:/.test(node.text)) binder.out.mention(node.text);
    },
    attribute: (binder, node, scope) => {
      const object = node.child('object');
      if (object) binder.walk(object, scope);
      const attribute = node.child('attribute');
      const call = node.parent?.type === 'call' && node.field === 'function';
      if (attribute && !attribute.missing) binder.out.member(attribute, call);
    },
    keyword_argument: (binder, node, scope) => {
      const value = node.child('value');
      const name = node.child('name');
      if (name) binder.out.declaredMembers.add(name.text);
      if (value) binder.walk(value, scope);
    },
    function_definition: callable,
    lambda: (binder, node, scope) => {
      const own = binder.out.scope('function', scope, node);
      const list = node.child('parameters');
      if (list) parameters(binder, list, own, scope);
      const body = node.child('body');
      if (body) binder.walk(body, own);
    },
    class_definition: (binder, node, scope) => {
      const name = node.child('name');
      if (name) binder.out.declare(name, 'class', owner(scope), node);
      // Bases and decorators are looked up outside; only the body sees the names of the body.
      const head = binder.out.scope('block', scope, node);
      for (const child of node.children) {
        if (child.same(name)) continue;
        if (child.type === 'type_parameter') typeParameters(binder, child, head);
        else if (child.field === 'body') binder.walk(child, binder.out.scope('class', head, child));
        else binder.walk(child, head);
      }
    },
    list_comprehension: comprehension,
    set_comprehension: comprehension,
    dictionary_comprehension: comprehension,
    generator_expression: comprehension,
    assignment: (binder, node, scope) => {
      const left = node.child('left');
      const right = node.child('right');
      const type = node.child('type');
      if (type) {
        annotation(binder, type);
        binder.walk(type, scope);
      }
      if (left?.text === '__all__' && right) annotation(binder, right);
      if (right) binder.walk(right, scope);
      if (left) binder.target(left, owner(scope), node, 'variable');
      if (left?.type === 'identifier' && scope.kind === 'class') binder.out.declaredMembers.add(left.text);
    },
    augmented_assignment: (binder, node, scope) => {
      const left = node.child('left');
      const right = node.child('right');
      if (left?.text === '__all__' && right) annotation(binder, right);
      binder.walkAll(node.children, scope);
      if (left?.type === 'identifier') binder.target(left, owner(scope), node);
    },
    named_expression: (binder, node, scope) => {
      const name = node.child('name');
      if (name) binder.target(name, owner(scope), node);
      const value = node.child('value');
      if (value) binder.walk(value, scope);
    },
    for_statement: (binder, node, scope) => {
      for (const child of node.children)
        if (child.field === 'left') binder.target(child, owner(scope), node);
        else binder.walk(child, scope);
    },
    as_pattern: (binder, node, scope) => {
      for (const child of node.children)
        if (child.field === 'alias') binder.target(child, owner(scope), node);
        else binder.walk(child, scope);
    },
    except_clause: (binder, node, scope) => {
      const alias = node.child('alias');
      for (const child of node.children)
        if (child.same(alias)) binder.target(child, owner(scope), node);
        else binder.walk(child, scope);
    },
    import_statement: importing,
    import_from_statement: importing,
    future_import_statement: () => {},
    global_statement: (binder, node, scope) => binder.move(owner(scope), node, true),
    nonlocal_statement: (binder, node, scope) => binder.move(owner(scope), node, false),
    case_pattern: casePattern,
    try_statement: (binder, node, scope) => {
      const guarded = catchesNames(node);
      for (const child of node.children) {
        const tried = child.field === 'body';
        binder.attempts += 1;
        if (tried && guarded) binder.guards += 1;
        binder.walk(child, scope);
        if (tried && guarded) binder.guards -= 1;
        binder.attempts -= 1;
      }
    },
    type_alias_statement: (binder, node, scope) => {
      const own = binder.out.scope('block', scope, node);
      const left = node.child('left');
      let first = true;
      left?.visit(part => {
        if (part.type !== 'identifier') return;
        binder.out.declare(part, 'type', first ? owner(scope) : own, node);
        first = false;
      });
      const right = node.child('right');
      if (right) binder.walk(right, own);
    },
    call: (binder, node, scope) => {
      const name = node.child('function')?.text ?? '';
      if (name === 'exec' || name === 'eval' || name === 'globals') binder.out.open = true;
      if (/(?:^|\.)(?:cast|TypeVar|NewType|ForwardRef)$/.test(name)) annotation(binder, node);
      binder.walkAll(node.children, scope);
    },
    subscript: (binder, node, scope) => {
      annotation(binder, node);
      binder.walkAll(node.children, scope);
    },
    generic_type: (binder, node, scope) => {
      annotation(binder, node);
      binder.walkAll(node.children, scope);
    },
    print_statement: (binder, node, scope) => {
      binder.out.open = true;
      binder.walkAll(node.children, scope);
    },
    exec_statement: (binder, node, scope) => {
      binder.out.open = true;
      binder.walkAll(node.children, scope);
    },
    parameters: (binder, node, scope) => {
      for (const child of node.namedChildren) if (!isComment(child.type)) binder.walk(child, scope);
    },
  }),
);
