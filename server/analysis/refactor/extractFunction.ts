/**
 * Makes a function of the selected statements where scopes and control flow leave no doubt: JavaScript, TypeScript
 * and Python. What is read becomes parameters, what is needed later is returned; anything that leaves the selection
 * otherwise is refused with a sentence. It must not know menus.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import { isComment, type SyntaxNode } from '../../syntax/tree.ts';
import { preflightTree } from '../preflight.ts';
import { type FileView, toEdits } from '../view.ts';
import { type Flow, flowOf, FUNCTION, type Selected } from './leaving.ts';
import { trimmed } from './opportunities.ts';
import type { Checked } from './refactor.ts';
import { type Shared, sharedNames } from './sharedNames.ts';

const BLOCK = /^(?:statement_block|block)$/;
const MULTILINE = /string|template/;

const refuse = (why: string): Checked => ({ refused: `${why} Nothing was changed.` });

export function extractFunction(view: FileView, range: Range): Checked {
  if (!view.family || !view.model || view.tree.hasError)
    return refuse('Codriver cannot tell what this code means.');
  const selected = selectedAt(view, range);
  if (typeof selected === 'string') return refuse(selected);
  const flow = flowOf(view, selected);
  if (typeof flow === 'string') return refuse(flow);
  const shared = sharedNames(view, selected);
  if (typeof shared === 'string') return refuse(shared);
  if (flow.returns && shared.results.length > 0)
    return refuse('It returns, and what it computes is needed later.');
  const body = bodyOf(view, selected);
  if (body === undefined)
    return refuse('Its text cannot be moved without changing a text of several lines in it.');
  const name = fresh(view);
  const call =
    view.family === 'python' ? pythonCall(name, shared, flow) : scriptCall(view, name, shared, flow);
  if (call === undefined)
    return refuse(
      'Some of what it computes is declared here and some before it, so it cannot be returned at once.',
    );
  const declaration =
    view.family === 'python'
      ? pythonFunction(name, shared, flow, body)
      : scriptFunction(view, name, shared, flow, body);
  const edits = toEdits(view.lines, [
    { start: selected.start, end: selected.end, text: call },
    placed(view, selected, declaration.join(view.eol)),
  ]);
  const verdict = preflightTree(view.trees, edits, view.path);
  return verdict.ok ? { edits } : refuse(verdict.problems.join(' '));
}

function selectedAt(view: FileView, range: Range): Selected | string {
  const { start, end } = trimmed(view, range);
  const whole = 'The selection is not exactly one or several whole statements.';
  if (start === end) return whole;
  let node = view.tree.nodeAt(start, end);
  // One statement alone is its own smallest node, or that of its only part.
  while (!BLOCK.test(node.type) && node.parent && node.start === start && node.end === end)
    node = node.parent;
  if (!BLOCK.test(node.type)) return whole;
  const statements = node.namedChildren.filter(child => child.end > start && child.start < end);
  const [first, last] = [statements[0], statements.at(-1)];
  if (!first || !last || first.start !== start || last.end !== end) return whole;
  const { lines, text } = view;
  if (text.slice(lines.starts[lines.lineOf(start)], start).trim() !== '')
    return 'It does not begin its line.';
  const around = node.closest(up => FUNCTION.test(up.type));
  if (!around || around.type === 'class_static_block') return 'It is not inside a function.';
  return { statements, start, end, block: node, around };
}

/** The statements' lines without their indentation; undefined where a text of several lines would change. */
function bodyOf(view: FileView, { statements, start, end }: Selected): readonly string[] | undefined {
  const { lines, text } = view;
  const from = lines.starts[lines.lineOf(start)] as number;
  const indent = text.slice(from, start);
  let spans = false;
  for (const statement of statements)
    statement.visit(node => {
      if (MULTILINE.test(node.type) && /[\r\n]/.test(node.text)) spans = true;
    });
  if (spans && indent !== unitOf(view)) return undefined;
  const rows = text.slice(from, end).split(/\r?\n/);
  if (rows.some(row => row.trim() !== '' && !row.startsWith(indent))) return undefined;
  return rows.map(row => row.slice(indent.length).trimEnd());
}

/** What the file indents by. */
function unitOf({ text, family }: FileView): string {
  return /^(?:\t| {2,8})(?=\S)/m.exec(text)?.[0] ?? (family === 'python' ? '    ' : '  ');
}

function pythonCall(name: string, { parameters, results }: Shared, { returns, awaits }: Flow): string {
  const call = `${awaits ? 'await ' : ''}${name}(${parameters.map(each => each.name).join(', ')})`;
  if (returns) return `return ${call}`;
  return results.length > 0 ? `${results.map(each => each.name).join(', ')} = ${call}` : call;
}

function pythonFunction(
  name: string,
  { parameters, results }: Shared,
  { awaits }: Flow,
  body: readonly string[],
): readonly string[] {
  const head = `${awaits ? 'async ' : ''}def ${name}(${parameters.map(each => each.name + (each.type ? `: ${each.type}` : '')).join(', ')}):`;
  const last = results.length > 0 ? [`return ${results.map(each => each.name).join(', ')}`] : [];
  return [head, ...body, ...last];
}

function scriptCall(
  view: FileView,
  name: string,
  shared: Shared,
  { returns, awaits }: Flow,
): string | undefined {
  const { parameters, results } = shared;
  const semicolon = view.text.includes(';') ? ';' : '';
  const call = `${awaits ? 'await ' : ''}${name}(${parameters.map(each => each.name).join(', ')})${semicolon}`;
  if (returns) return `return ${call}`;
  const [only] = results;
  if (!only) return call;
  const declared = results.filter(each => each.declared);
  const keyword = results.some(each => each.changes) ? 'let' : 'const';
  if (results.length === 1) {
    const type = only.type && only.declared ? `: ${only.type}` : '';
    return only.declared ? `${keyword} ${only.name}${type} = ${call}` : `${only.name} = ${call}`;
  }
  const names = results.map(each => each.name).join(', ');
  if (declared.length === results.length)
    return keyword === 'let' && results.some(each => each.type)
      ? undefined
      : `${keyword} { ${names} } = ${call}`;
  if (declared.length > 0 || semicolon === '') return undefined;
  return `({ ${names} } = ${call.slice(0, -1)});`;
}

function scriptFunction(
  view: FileView,
  name: string,
  { parameters, results }: Shared,
  { awaits }: Flow,
  body: readonly string[],
): readonly string[] {
  const semicolon = view.text.includes(';') ? ';' : '';
  const names = results.map(each => each.name).join(', ');
  const last =
    results.length === 0 ? [] : [`return ${results.length > 1 ? `{ ${names} }` : names}${semicolon}`];
  const list = parameters.map(each => each.name + (each.type ? `: ${each.type}` : '')).join(', ');
  return [`${awaits ? 'async ' : ''}function ${name}(${list}) {`, ...body, ...last, '}'];
}

/** Behind the outermost declaration where functions are hoisted, else before it and its comments. */
function placed(
  view: FileView,
  { start }: Selected,
  declaration: string,
): { start: number; end: number; text: string } {
  const { eol, family } = view;
  const unit = unitOf(view);
  const rows = declaration.split(eol);
  const isLast = (i: number) => family === 'javascript' && i === rows.length - 1;
  const text = rows.map((row, i) => (i === 0 || isLast(i) || row === '' ? row : unit + row)).join(eol);
  let outer = view.tree.root.children.find(child => child.start <= start && start < child.end) as SyntaxNode;
  if (family === 'javascript') return { start: outer.end, end: outer.end, text: `${eol}${eol}${text}` };
  for (let up = outer.previousSibling; up && isComment(up.type); up = up.previousSibling) {
    const gap = view.text.slice(up.end, outer.start);
    if (gap.trim() !== '' || (gap.match(/\n/g)?.length ?? 0) > 1) break;
    outer = up;
  }
  return { start: outer.start, end: outer.start, text: `${text}${eol}${eol}${eol}` };
}

/** A name that nothing in the file has. */
function fresh({ model }: FileView): string {
  const names = new Set([...(model?.bindings ?? []), ...(model?.uses ?? [])].map(({ name }) => name));
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'extracted' : `extracted${count}`;
    if (!names.has(name)) return name;
  }
}
