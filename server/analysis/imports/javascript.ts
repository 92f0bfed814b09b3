/**
 * Writes an import into a JavaScript or TypeScript file in the file's own style: quotes, semicolons, an existing
 * import of the same module, its place among the others. It must not know where the name comes from.
 */
import type { ImportStatement } from '../scopes/model.ts';
import type { FileView, Replacement } from '../view.ts';
import { addToList } from './insert.ts';
import type { ImportSource } from './sources.ts';

/** The edit that imports a name; undefined where the file already has another meaning for it. */
export function addJavaScriptImport(view: FileView, source: ImportSource): Replacement | undefined {
  const imports = (view.facts?.imports ?? []).filter(row => row.topLevel);
  return extended(view, imports, source) ?? added(view, imports, source);
}

function extended(
  view: FileView,
  imports: readonly ImportStatement[],
  source: ImportSource,
): Replacement | undefined {
  if (source.kind !== 'named') return undefined;
  const same = imports.filter(row => row.module === source.module && row.names.length > 0);
  const fitting = same.find(row => row.list && (!row.typeOnly || source.typeOnly));
  if (fitting?.list) {
    const inline = source.typeOnly && !fitting.typeOnly && /\{[^}]*\btype\s/.test(textOf(view, fitting));
    const text = inline ? `type ${source.name}` : source.name;
    return addToList(view, fitting.list, fitting.names, source.name, text);
  }
  const onlyDefault = same.find(
    row => row.style === 'import' && !row.typeOnly && row.names.every(name => name.imported === 'default'),
  );
  const name = onlyDefault?.names[0];
  if (onlyDefault && name && !source.typeOnly)
    return { start: name.end, end: name.end, text: `, { ${source.name} }` };
  return undefined;
}

function textOf(view: FileView, row: ImportStatement): string {
  return view.text.slice(row.start, row.end);
}

function added(
  view: FileView,
  imports: readonly ImportStatement[],
  source: ImportSource,
): Replacement | undefined {
  const commonJs = usesRequire(view, imports);
  const quote = quoteOf(view, imports);
  const end = usesSemicolons(view, imports) ? ';' : '';
  const from = `${quote}${source.module}${quote}`;
  const line = commonJs
    ? `const ${source.kind === 'named' ? `{ ${source.name} }` : source.name} = require(${from})${end}`
    : `import ${typeWord(view, source)}${clause(source)} from ${from}${end}`;
  return place(view, imports, source, line);
}

function clause(source: ImportSource): string {
  if (source.kind === 'named') return `{ ${source.name} }`;
  return source.kind === 'default' ? source.name : `* as ${source.name}`;
}

function typeWord(view: FileView, source: ImportSource): string {
  const typeScript = view.grammar !== 'javascript';
  const used = view.facts?.imports.some(row => row.typeOnly) ?? false;
  return source.typeOnly && typeScript && used ? 'type ' : '';
}

function usesRequire(view: FileView, imports: readonly ImportStatement[]): boolean {
  if (imports.some(row => row.style === 'import')) return false;
  if (imports.some(row => row.style === 'require')) return true;
  if (view.grammar !== 'javascript') return false;
  if (view.path.endsWith('.cjs')) return true;
  return /\bmodule\.exports\b|^exports\.\w+ =/m.test(view.text) && !/^export\s/m.test(view.text);
}

function quoteOf(view: FileView, imports: readonly ImportStatement[]): string {
  const sample = imports.length > 0 ? imports.map(row => textOf(view, row)).join('\n') : view.text;
  const single = sample.split("'").length;
  const double = sample.split('"').length;
  return double > single ? '"' : "'";
}

function usesSemicolons(view: FileView, imports: readonly ImportStatement[]): boolean {
  const statements =
    imports.length > 0
      ? imports.map(row => [row.start, row.end] as const)
      : view.tree.root.namedChildren
          .filter(node =>
            /^(?:expression_statement|lexical_declaration|variable_declaration)$/.test(node.type),
          )
          .map(node => [node.start, node.end] as const);
  if (statements.length === 0) return true;
  const ended = statements.filter(([, end]) => view.text[end - 1] === ';' || view.text[end] === ';').length;
  return ended * 2 >= statements.length;
}

/** Packages before relative modules, each after the last of its kind. */
function place(
  view: FileView,
  imports: readonly ImportStatement[],
  source: ImportSource,
  line: string,
): Replacement {
  const rank = (module: string): number => (module.startsWith('node:') ? 0 : module.startsWith('.') ? 2 : 1);
  const mine = rank(source.module);
  const after = imports.findLast(row => rank(row.module) <= mine);
  if (after) {
    const end = view.lines.contentEnd(view.lines.lineOf(after.end));
    return { start: end, end, text: view.eol + line };
  }
  const first = imports[0];
  if (first) {
    const start = view.lines.starts[view.lines.lineOf(first.start)] as number;
    return { start, end: start, text: line + view.eol };
  }
  const at = headEnd(view);
  const next = view.lines.line(view.lines.lineOf(at)).trim();
  return { start: at, end: at, text: line + view.eol + (next === '' ? '' : view.eol) };
}

/** Start of the first line after hashbang, licence comment and directives. */
function headEnd(view: FileView): number {
  let at = 0;
  for (const node of view.tree.root.children) {
    const directive = node.type === 'expression_statement' && /^['"]use [^'"]*['"];?$/.test(node.text);
    const head =
      node.type === 'hash_bang_line' ||
      directive ||
      (node.type === 'comment' &&
        (node.start < 3 || /licen[cs]e|copyright|@ts-check|eslint|@fileoverview/i.test(node.text)));
    if (!head) break;
    at = view.lines.nextStart(view.lines.lineOf(node.end));
  }
  while (at > 0 && at < view.text.length && view.lines.line(view.lines.lineOf(at)).trim() === '') {
    const next = view.lines.nextStart(view.lines.lineOf(at));
    if (next === at) break;
    at = next;
  }
  return at;
}
