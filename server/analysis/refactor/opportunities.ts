/**
 * Looks at a place for the action menu: what may be extracted, converted, translated or renamed there. It reads only
 * the nodes around the place, since a menu opens on every keystroke in some editors.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Language } from '../../base/languages.ts';
import { isComment, type SyntaxNode } from '../../syntax/tree.ts';
import { lex } from '../delimiters/lexer.ts';
import { structureOf } from '../structure/structure.ts';
import { type FileView, Lines } from '../view.ts';
import { conversionsAt } from './conversions.ts';
import { renamable } from './rename.ts';
import { NO_OPPORTUNITIES, type Opportunities } from './refactor.ts';

/** Longer texts without a grammar are not searched for comments. In UTF-16 units. */
const MAX_LEXED = 200_000;
const STRING =
  /^(?:string|template_string|string_literal|raw_string_literal|interpreted_string_literal|verbatim_string_literal|character_literal|encapsed_string|heredoc_body|string_value)$/;
const EXPRESSION =
  /_expression$|^(?:call|attribute|subscript|binary_operator|boolean_operator|comparison_operator|unary_operator|not_operator|conditional_expression|identifier|number|integer|float|array|object|list|dictionary|tuple|set|.*_comprehension|.*_literal|string|template_string|method_invocation|field_access|array_access|template_literal|selector_expression|composite_literal)$/;
/** Words in a row, or letters of a script that no code is written in. */
const WORDS = /\p{L}{2,}[\s,.;:!?'"-]+\p{L}{2,}|[^\x00-\x7f]\p{L}/u;
const IMPORTS = /^(?:import|export|use|using|include|preproc_include|package)/;

export function opportunitiesAt(view: FileView, range: Range): Opportunities {
  const { start, end } = trimmed(view, range);
  const conversions = conversionsAt(view, { start, end }).map(({ id, node }) => ({
    id,
    range: view.lines.range(node.start, node.end),
  }));
  return {
    scopes: view.family !== undefined,
    extract: start === end ? [] : extractable(view, start, end),
    conversions,
    prose: proseAt(view, start),
    name: nameAt(view, start, end),
  };
}

/** The same for a text without a grammar: words are known by the language's comment table alone. */
export function opportunitiesInText(text: string, language: Language, range: Range): Opportunities {
  if (text.length > MAX_LEXED) return NO_OPPORTUNITIES;
  const lines = new Lines(text);
  const start = lines.offsetAt(range.start);
  const isSelected = text.slice(start, lines.offsetAt(range.end)).trim().length > 2;
  const found = lex(text, language).skipped.find(row => row.start <= start && start <= row.end);
  const prose =
    found && WORDS.test(text.slice(found.start, found.end))
      ? {
          kind: found.comment ? ('comment' as const) : ('string' as const),
          range: lines.range(found.start, found.end),
        }
      : undefined;
  return {
    ...NO_OPPORTUNITIES,
    extract: isSelected && !language.prose && !prose ? ['variable', 'function'] : [],
    prose,
  };
}

/** The selection without the blanks around it; an empty one in the indentation means the line's first word. */
export function trimmed(view: FileView, range: Range): { readonly start: number; readonly end: number } {
  const { text, lines } = view;
  let start = lines.offsetAt(range.start);
  let end = Math.max(start, lines.offsetAt(range.end));
  const blank = (at: number): boolean => /\s/.test(text[at] ?? '');
  if (start === end) {
    const last = lines.contentEnd(range.start.line);
    if (text.slice(lines.starts[range.start.line] ?? 0, start).trim() === '')
      while (start < last && blank(start)) start++;
    return { start, end: start };
  }
  while (end > start && blank(end - 1)) end--;
  while (start < end && blank(start)) start++;
  return { start, end };
}

function extractable(view: FileView, start: number, end: number): Opportunities['extract'] {
  const structure = structureOf(view.grammar);
  if (!structure) return [];
  const node = view.tree.nodeAt(start, end);
  if (node.closest(up => isComment(up.type) || (IMPORTS.test(up.type) && up.type !== 'export_statement')))
    return [];
  const whole = node.start === start && node.end === end;
  if (whole && isExpression(node)) return isSimple(node) ? ['variable'] : ['variable', 'function'];
  if (whole && structure.statements.test(node.type) && !structure.declarations[node.type])
    return ['function'];
  // A run of statements begins with one of them and ends with another.
  const children = node.namedChildren;
  const first = children.find(child => child.start === start);
  const last = children.findLast(child => child.end === end);
  const isStatement = (child: SyntaxNode | undefined): boolean =>
    child !== undefined &&
    (structure.statements.test(child.type) ||
      child.type === 'expression_statement' ||
      child.type === 'let_declaration');
  return isStatement(first) && isStatement(last) ? ['function'] : [];
}

export function isExpression(node: SyntaxNode): boolean {
  return (
    node.named &&
    EXPRESSION.test(node.type) &&
    node.parent?.type !== 'type_annotation' &&
    !/pattern$|parameter|^type/.test(node.parent?.type ?? '') &&
    !(
      /_item$|_definition$|_declaration$|declarator$/.test(node.parent?.type ?? '') &&
      /^(?:name|pattern|declarator)$/.test(node.field ?? '')
    )
  );
}

const isSimple = (node: SyntaxNode): boolean =>
  /identifier$|_literal$|^(?:string|number|integer|float)$/.test(node.type);

function proseAt(view: FileView, start: number): Opportunities['prose'] {
  let node = view.tree.nodeAt(start).closest(up => isComment(up.type) || STRING.test(up.type));
  // Rust's doc comments lie within comments.
  while (node?.parent && isComment(node.parent.type)) node = node.parent;
  if (!node) return undefined;
  if (!isComment(node.type)) {
    const imported = node.closest(up => IMPORTS.test(up.type) && up.type !== 'export_statement');
    if (imported || !WORDS.test(node.text)) return undefined;
    return { kind: 'string', range: view.lines.range(node.start, node.end) };
  }
  let { start: from, end: to } = node;
  const column = (offset: number): number => view.lines.positionAt(offset).character;
  const lineOf = (offset: number): number => view.lines.lineOf(offset);
  const alone = (offset: number): boolean =>
    view.text.slice(view.lines.starts[lineOf(offset)], offset).trim() === '';
  for (let up = node.previousSibling; up && isComment(up.type); up = up.previousSibling) {
    const gap = view.text.slice(up.end, from);
    if (
      column(up.start) !== column(from) ||
      !alone(up.start) ||
      gap.trim() !== '' ||
      lineOf(up.start) !== lineOf(from) - 1
    )
      break;
    from = up.start;
  }
  for (let down = node.nextSibling; down && isComment(down.type); down = down.nextSibling) {
    if (
      column(down.start) !== column(from) ||
      !alone(from) ||
      lineOf(down.start) !== lineOf(view.text[to - 1] === '\n' ? to - 1 : to) + 1
    )
      break;
    to = down.end;
  }
  // Some grammars count the line's end to the comment.
  while (to > from && /[\r\n]/.test(view.text[to - 1] ?? '')) to--;
  if (!WORDS.test(view.text.slice(from, to))) return undefined;
  return { kind: 'comment', range: view.lines.range(from, to) };
}

function nameAt(view: FileView, start: number, end: number): Opportunities['name'] {
  const place = renamable(view, start, end);
  return place && { name: place.name, range: view.lines.range(place.start, place.end) };
}
