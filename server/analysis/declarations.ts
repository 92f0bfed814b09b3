/**
 * Finds the declaration around a place and reads what belongs to it: name, signature, body, parameters, doc comment.
 * Works from structure tables for every grammar that has one. It must not know explanations or edits.
 */
import { isComment, type SyntaxNode } from '../syntax/tree.ts';
import type { Declaration } from './analysis.ts';
import { type Structure, structureOf } from './structure/structure.ts';
import type { FileView } from './view.ts';

/** A declaration with its nodes. `outer` includes `export`, decorators and the like. */
export interface Declared {
  readonly node: SyntaxNode;
  readonly outer: SyntaxNode;
  readonly kind: Declaration['kind'];
  readonly name: string | undefined;
  readonly nameNode: SyntaxNode | undefined;
  readonly body: SyntaxNode | undefined;
  readonly parameters: readonly SyntaxNode[];
}

const identifier = /identifier$|^(?:word|name|constant|field_identifier|simple_name|function_name)$/;

/** What a node declares; undefined if it declares nothing. */
export function declared(view: FileView, node: SyntaxNode): Declared | undefined {
  const structure = structureOf(view.grammar);
  const kind =
    structure && Object.hasOwn(structure.declarations, node.type) && structure.declarations[node.type];
  if (!structure || !kind) return undefined;
  // A function that is assigned is told by the name it is assigned to.
  const value = kind === 'variable' ? node.child('value') : undefined;
  const inner = value && structure.declarations[value.type] === 'function' ? value : undefined;
  const nameNode = nameOf(node) ?? (inner && nameOf(inner));
  const source = inner ?? node;
  const inClass = node.closest(
    up =>
      up !== node &&
      /^class|_class|impl_item|interface/.test(up.type) &&
      structure.declarations[up.type] !== undefined &&
      !up.same(node),
  );
  const isMethod =
    kind === 'function' &&
    view.grammar === 'python' &&
    inClass &&
    node.parent?.parent?.type !== undefined &&
    nearestIsClass(structure, node);
  return {
    node,
    outer: outerOf(structure, node),
    kind: inner ? 'function' : isMethod ? 'method' : kind,
    name: nameNode?.text,
    nameNode,
    body:
      source.child('body') ??
      source.childOfType(
        'function_body',
        'compound_statement',
        'declaration_list',
        'script_block',
        'body_statement',
      ),
    parameters: parametersOf(source),
  };
}

function nearestIsClass(structure: Structure, node: SyntaxNode): boolean {
  const up = node.parent?.closest(at =>
    ['function', 'class', 'method'].includes(structure.declarations[at.type] ?? ''),
  );
  return up !== undefined && structure.declarations[up.type] === 'class';
}

function nameOf(node: SyntaxNode): SyntaxNode | undefined {
  const direct = node.child('name') ?? node.child('left') ?? node.child('pattern');
  if (direct && identifier.test(direct.type)) return direct;
  if (direct && (direct.type === 'expression_list' || direct.type === 'variable_name'))
    return direct.namedChildren[0] ?? direct;
  // C and C++ bury the name in declarators; Java and C# put it below a declarator.
  let at =
    node.child('declarator') ??
    node.childOfType(
      'variable_declaration',
      'variable_declarator',
      'function_name',
      'simple_name',
      'property_element',
    );
  for (let depth = 0; at && depth < 6; depth++) {
    if (
      identifier.test(at.type) ||
      at.type === 'qualified_identifier' ||
      at.type === 'destructor_name' ||
      at.type === 'operator_name'
    )
      return at;
    at =
      at.child('declarator') ??
      at.child('name') ??
      at.childOfType('variable_declarator', 'identifier', 'field_identifier', 'type_identifier');
  }
  return node.type === 'impl_item' ? node.child('type') : undefined;
}

function outerOf(structure: Structure, node: SyntaxNode): SyntaxNode {
  let outer = node;
  while (outer.parent && !outer.parent.isRoot && structure.wrappers.includes(outer.parent.type))
    outer = outer.parent;
  if (outer.parent?.isRoot || !outer.parent) return outer;
  return outer;
}

function parametersOf(node: SyntaxNode): readonly SyntaxNode[] {
  let list =
    node.child('parameters') ?? node.childOfType('parameter_list', 'formal_parameters', 'method_parameters');
  for (let at = node.child('declarator'); !list && at; at = at.child('declarator'))
    list = at.child('parameters');
  const single = node.child('parameter');
  return list
    ? list.namedChildren.filter(child => !child.type.endsWith('separator'))
    : single
      ? [single]
      : [];
}

/** The name that a parameter node declares; its whole pattern where it takes something apart. */
export function parameterName(parameter: SyntaxNode): string {
  if (identifier.test(parameter.type) || parameter.type === 'self_parameter') return parameter.text;
  const named = parameter.child('pattern') ?? parameter.child('name') ?? parameter.child('left');
  if (named) return named.text;
  let at = parameter.child('declarator');
  while (at && !identifier.test(at.type)) at = at.child('declarator') ?? at.namedChildren.at(-1);
  if (at) return at.text;
  const found = parameter.namedChildren.find(
    child => identifier.test(child.type) || child.type.endsWith('splat_pattern'),
  );
  return (found ?? parameter).text.split(/[:=]/)[0]?.trim() ?? '';
}

/** The innermost declaration around a stretch; local variables only if the stretch is in their head. */
export function declarationAround(view: FileView, start: number, end: number): Declared | undefined {
  let node: SyntaxNode | undefined = view.tree.nodeAt(start, end);
  while (node) {
    const found = declared(view, node);
    const anonymous = found && !found.name && found.kind === 'function';
    if (found && !anonymous) {
      const assigned = found.node.parent && declared(view, found.node.parent);
      return assigned && assigned.kind === 'function' && assigned.node.child('value')?.same(found.node)
        ? assigned
        : found;
    }
    const only = node.isRoot ? undefined : wrappedDeclaration(view, node);
    if (only) return only;
    node = node.parent;
  }
  return undefined;
}

/** `export function f` seen from `export`. */
function wrappedDeclaration(view: FileView, node: SyntaxNode): Declared | undefined {
  const structure = structureOf(view.grammar);
  if (!structure?.wrappers.includes(node.type)) return undefined;
  for (const child of node.namedChildren) {
    const found = declared(view, child) ?? wrappedDeclaration(view, child);
    if (found) return found;
  }
  return undefined;
}

/** From the start to the body, on one line. */
export function signatureOf(view: FileView, item: Declared): string {
  return signatureText(view, item).replace(/\s+/g, ' ').trim();
}

/** From the start to the body as written. */
export function signatureText(view: FileView, item: Declared): string {
  const start = headStart(item);
  const end = item.body ? item.body.start : Math.min(item.outer.end, start + 400);
  const text = view.text.slice(start, end).trimEnd();
  return text.replace(/\s*(?:=>|[{:=])$/, match => (match.trim() === '=>' ? match : ''));
}

/** Start of the declaration without decorators and attributes. */
function headStart(item: Declared): number {
  if (item.outer.type !== 'decorated_definition') return item.outer.start;
  return item.outer.child('definition')?.start ?? item.node.start;
}

/** The comment or docstring that documents a declaration. */
export function docOf(
  view: FileView,
  item: Declared,
): { readonly start: number; readonly end: number } | undefined {
  if (view.grammar === 'python') {
    const first = item.body?.namedChildren[0];
    const text = first?.type === 'expression_statement' ? first.firstChild : first;
    return text?.type === 'string' && item.kind !== 'variable'
      ? { start: text.start, end: text.end }
      : undefined;
  }
  const siblings = item.outer.parent?.children ?? [];
  let at = siblings.findIndex(sibling => sibling.same(item.outer)) - 1;
  let start = item.outer.start;
  let end: number | undefined;
  while (at >= 0) {
    const sibling = siblings[at] as SyntaxNode;
    const attribute = sibling.type === 'attribute_item' || sibling.type === 'decorator';
    if (!isComment(sibling.type) && !attribute) break;
    const gap = view.text.slice(sibling.end, start);
    const lines = gap.split('\n').length - 1 + (sibling.text.endsWith('\n') ? 1 : 0);
    if (lines > 1 || gap.trim() !== '') break;
    if (isComment(sibling.type)) {
      // Something else's comment at the end of its line is not about what follows.
      const line = view.lines.lineOf(sibling.start);
      if (view.text.slice(view.lines.starts[line], sibling.start).trim() !== '') break;
      end ??= sibling.start + sibling.text.trimEnd().length;
    }
    start = sibling.start;
    at--;
    if (sibling.text.startsWith('/*')) break;
  }
  return end === undefined ? undefined : { start, end };
}

/** Text of a body without comments and the braces' surroundings. */
function withoutComments(view: FileView, body: SyntaxNode): string {
  let text = '';
  let at = body.start;
  body.visit(node => {
    if (!isComment(node.type)) return true;
    text += view.text.slice(at, node.start);
    at = node.end;
    return false;
  });
  return (text + view.text.slice(at, body.end)).trim();
}

/** Whether a body only stands for work not done yet. */
function isUnimplemented(view: FileView, item: Declared): boolean {
  const structure = structureOf(view.grammar);
  if (!structure || !item.body || (item.kind !== 'function' && item.kind !== 'method')) return false;
  if (item.body.end - item.body.start > 2000 || view.path.endsWith('.pyi')) return false;
  // Overloads and abstract methods have no body by design; empty constructors are common.
  if (/^(?:@|\s)*(?:[\w.]*\.)?(?:overload|abstractmethod)\b/m.test(item.outer.text.slice(0, 300)))
    return false;
  if (item.name === 'constructor') return false;
  const doc = docOf(view, item);
  let text = withoutComments(view, item.body);
  if (doc && doc.start >= item.body.start && doc.end <= item.body.end)
    text = text.replace(view.text.slice(doc.start, doc.end), '').trim();
  return structure.unimplemented.test(text);
}

/** The contract's view of what is around a range; the statement or the file where nothing is declared. */
export function declarationAt(view: FileView, start: number, end: number): Declaration {
  const item = declarationAround(view, start, end) ?? declarationAfter(view, end);
  const { lines, text } = view;
  if (item) {
    const doc = docOf(view, item);
    return {
      kind: item.kind,
      ...(item.name === undefined ? {} : { name: item.name }),
      range: lines.range(item.outer.start, item.outer.end),
      signature: signatureOf(view, item),
      ...(item.body ? { body: lines.range(item.body.start, item.body.end) } : {}),
      unimplemented: isUnimplemented(view, item),
      parameters: item.parameters.map(parameterName),
      ...(doc ? { doc: lines.range(doc.start, doc.end) } : {}),
    };
  }
  const structure = structureOf(view.grammar);
  const node = view.tree
    .nodeAt(start, end)
    .closest(at => !at.isRoot && (structure?.statements.test(at.type) ?? false));
  const kind = node ? 'statement' : 'file';
  const from = node?.start ?? 0;
  const to = node?.end ?? text.length;
  const signature = text.slice(from, to).split('\n', 1)[0]?.trim() ?? '';
  return { kind, range: lines.range(from, to), signature, unimplemented: false, parameters: [] };
}

/** A place in a comment or on a decorator is about the declaration that follows. */
function declarationAfter(view: FileView, offset: number): Declared | undefined {
  const here = view.tree.nodeAt(offset).closest(node => isComment(node.type) || node.type === 'decorator');
  let next = here?.nextSibling;
  while (next && (isComment(next.type) || next.type === 'decorator')) next = next.nextSibling;
  if (!here || !next) return undefined;
  return declared(view, next) ?? wrappedDeclaration(view, next);
}
