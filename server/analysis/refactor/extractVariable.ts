/**
 * Gives the selected expression a name before its statement, where that changes neither whether nor when it is
 * computed: JavaScript, TypeScript and Python. It must not know menus.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { SyntaxNode } from '../../syntax/tree.ts';
import { isKnownGlobal } from '../names/globals.ts';
import { preflightTree } from '../preflight.ts';
import { type FileView, toEdits } from '../view.ts';
import { isExpression, trimmed } from './opportunities.ts';
import type { Checked } from './refactor.ts';

/** What may compute its parts never, later or several times. */
const LAZY =
  /function|lambda|arrow|comprehension|generator|ternary|conditional|boolean_operator|^(?:while|do|for|for_in)_statement$|class|parameter|switch_case|case_clause|elif_clause|with_statement|try|decorator|optional_chain|jsx|pattern|template_literal_type|type_|assert/;
const EFFECT =
  /^(?:call_expression|call|new_expression|await_expression|await|yield|yield_expression|update_expression|assignment_expression|augmented_assignment_expression|named_expression|delete_expression)$/;
const BLOCK = /^(?:program|module|statement_block|block)$/;

const refuse = (why: string): Checked => ({ refused: `${why} Nothing was changed.` });

export function extractVariable(view: FileView, range: Range): Checked {
  const { family, model, text, lines } = view;
  if (!family || !model || view.tree.hasError) return refuse('Codriver cannot tell what this code means.');
  const { start, end } = trimmed(view, range);
  const node: SyntaxNode = view.tree.nodeAt(start, end);
  if (start === end || node.start !== start || node.end !== end || !isExpression(node))
    return refuse('The selection is not exactly one expression.');
  const parent = node.parent;
  if (!parent || isTarget(node, parent))
    return refuse('This is assigned to or called here, so it needs its place.');
  let statement: SyntaxNode = node;
  for (let up: SyntaxNode | undefined = parent; up && !BLOCK.test(up.type); up = up.parent) {
    const shortCircuits =
      up.type === 'binary_expression' && /^(?:&&|\|\||\?\?)$/.test(up.child('operator')?.text ?? '');
    // The first operand is always computed; so is what a branch or a loop is asked with once.
    const always =
      up.child('left')?.same(statement) === true ||
      (up.type.startsWith('if_') && statement.field === 'condition') ||
      (up.type === 'for_in_statement' && statement.field === 'right');
    if ((LAZY.test(up.type) || shortCircuits) && !always && !isDeclarationOnly(up))
      return refuse('It is not certain that this is computed exactly once.');
    statement = up;
  }
  const block = statement.parent;
  if (!block || (block.type === 'block' && family === 'javascript'))
    return refuse('There is no place for a variable here.');
  if (effects(node) && effects(statement, start))
    return refuse('Something before it in the statement would be computed after it.');
  const column = text.slice(lines.starts[lines.lineOf(statement.start)], statement.start);
  if (column.trim() !== '') return refuse('The statement does not begin its line.');
  const name = fresh(view, node);
  const needsBrackets = node.type === 'object' && statement.same(parent);
  if (needsBrackets) return refuse('The statement is nothing but this.');
  const semicolon = family === 'javascript' && text.includes(';') ? ';' : '';
  const declaration = `${family === 'javascript' ? 'const ' : ''}${name} = ${node.text}${semicolon}${view.eol}${column}`;
  // `{ x }` and keyword arguments keep what they are called.
  const edits = toEdits(lines, [
    { start: statement.start, end: statement.start, text: declaration },
    { start, end, text: name },
  ]);
  const verdict = preflightTree(view.trees, edits, view.path);
  return verdict.ok ? { edits } : refuse(verdict.problems.join(' '));
}

const isDeclarationOnly = (node: SyntaxNode): boolean => /^(?:lexical|variable)_declaration$/.test(node.type);

/** The expression's place matters: it is written to, deleted, or the owner of what is called. */
function isTarget(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (
    /assignment|named_expression|update_expression|delete|for_in/.test(parent.type) &&
    node.field !== 'right' &&
    node.field !== 'value'
  )
    return true;
  if (parent.type.startsWith('call') && node.field === 'function')
    return /member|attribute|subscript|super|import/.test(node.type);
  return (
    /^(?:spread_element|list_splat|dictionary_splat|keyword_argument|pair|import_|export_specifier)/.test(
      parent.type,
    ) && node.field === 'name'
  );
}

/** Whether something is done here, before an offset if one is given. */
function effects(node: SyntaxNode, before = Number.POSITIVE_INFINITY): boolean {
  let found = false;
  node.visit(below => {
    if (found || below.start >= before) return false;
    // What encloses the place is done after it.
    if (EFFECT.test(below.type) && below.end <= before) found = true;
    return !found;
  });
  return found;
}

/** A name from what the expression says that nothing in the file has. */
function fresh(view: FileView, node: SyntaxNode): string {
  const last =
    node.child('property') ??
    node.child('attribute') ??
    calledName(node.child('function') ?? node.child('constructor'));
  const words = (last?.text ?? '').match(/[\p{Lu}]?[\p{Ll}\p{N}]+|\p{Lu}+(?!\p{Ll})/gu) ?? [];
  const said =
    words[0] &&
    /^(?:get|fetch|load|read|make|create|build|find|compute|to|from|is|parse)$/i.test(words[0]) &&
    words.length > 1
      ? words.slice(1)
      : words;
  const lower = said.map(word => word.toLowerCase());
  const python = view.family === 'python';
  const base =
    lower.length === 0
      ? 'value'
      : python
        ? lower.join('_')
        : lower.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  const names = new Set(
    [...(view.model?.bindings ?? []), ...(view.model?.uses ?? [])].map(({ name }) => name),
  );
  const isFree = (name: string): boolean =>
    !names.has(name) &&
    !view.language.keywords.includes(name) &&
    !(python && isKnownGlobal(name, view.grammar)) &&
    /^[\p{L}_]/u.test(name);
  for (const name of [base, python ? `${base}_value` : `${base}Value`]) if (isFree(name)) return name;
  for (let count = 2; ; count++) if (isFree(`value${count}`)) return `value${count}`;
}

function calledName(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.child('property') ?? node?.child('attribute') ?? node;
}
