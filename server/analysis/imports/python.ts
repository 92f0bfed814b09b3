/**
 * Writes an import into a Python file in the file's own style: an existing `from` of the same module, the groups of
 * standard library, packages and own modules, alphabetical order. It must not know where the name comes from.
 */
import { standardModules } from '../data/pythonNames.ts';
import type { ImportStatement } from '../scopes/model.ts';
import type { FileView, Replacement } from '../view.ts';
import { addToList } from './insert.ts';
import type { ImportSource } from './sources.ts';

const MAX_LINE = 88;

/** The edit that imports a name. */
export function addPythonImport(view: FileView, source: ImportSource): Replacement {
  const imports = (view.facts?.imports ?? []).filter(row => row.topLevel);
  if (source.kind === 'named') {
    const same = imports.find(row => row.style === 'from' && row.module === source.module && row.list);
    if (same?.list) {
      const width = view.lines.line(view.lines.lineOf(same.list.end)).length + source.name.length + 2;
      const wraps = view.text.slice(same.start, same.end).includes('(');
      if (wraps || width <= MAX_LINE) return addToList(view, same.list, same.names, source.name);
    }
  }
  return place(view, imports, source, statement(source));
}

function statement(source: ImportSource): string {
  if (source.kind === 'module') return `import ${source.imported ?? source.module}`;
  if (source.kind !== 'namespace') return `from ${source.module} import ${source.name}`;
  const module = source.imported ?? source.module;
  return module === source.name ? `import ${module}` : `import ${module} as ${source.name}`;
}

let standard: ReadonlySet<string> | undefined;

/** `__future__`, standard library, packages, own modules. */
function group(view: FileView, module: string): number {
  standard ??= new Set(standardModules.split(/\s+/));
  const top = module.split('.')[0] ?? '';
  if (module.startsWith('.')) return 4;
  if (top === '__future__') return 0;
  if (standard.has(top)) return 1;
  return view.path.split(/[\\/]/).includes(top) ? 3 : 2;
}

function moduleOf(view: FileView, row: ImportStatement): string {
  if (row.style === 'from') return row.module;
  return row.names[0]?.statement.module ?? view.text.slice(row.start + 'import '.length, row.end);
}

function place(
  view: FileView,
  imports: readonly ImportStatement[],
  source: ImportSource,
  line: string,
): Replacement {
  const { lines, eol } = view;
  const mine = group(view, source.module);
  const rows = imports.map(row => ({
    row,
    module: moduleOf(view, row),
    group: group(view, moduleOf(view, row)),
  }));
  const peers = rows.filter(row => row.group === mine);
  const isFrom = source.kind === 'named';
  const before = (row: ImportStatement): Replacement => {
    const start = lines.starts[lines.lineOf(row.start)] as number;
    return { start, end: start, text: line + eol };
  };
  const after = (row: ImportStatement, gap: string): Replacement => {
    const end = lines.contentEnd(lines.lineOf(row.end));
    return { start: end, end, text: eol + gap + line };
  };
  if (peers.length > 0) {
    // Many files put `import x` before `from x import y` within a group.
    const alike = peers.filter(({ row }) => (row.style === 'from') === isFrom);
    const later = (alike.length > 0 ? alike : []).find(({ module }) => source.module < module);
    if (later) return before(later.row);
    const last = alike.at(-1) ?? (isFrom ? peers.at(-1) : undefined);
    if (last) return after(last.row, '');
    return before((peers[0] as (typeof peers)[number]).row);
  }
  const earlier = rows.findLast(row => row.group < mine);
  const dense = rows.some((row, at) => {
    const next = rows[at + 1];
    return next && next.group !== row.group && !/\n\s*\n/.test(view.text.slice(row.row.end, next.row.start));
  });
  const gap = dense ? '' : eol;
  if (earlier) return after(earlier.row, gap);
  const next = rows[0];
  if (next) {
    const start = lines.starts[lines.lineOf(next.row.start)] as number;
    return { start, end: start, text: line + eol + eol };
  }
  const at = headEnd(view);
  const blank = lines.line(lines.lineOf(at)).trim() === '' ? '' : eol;
  return { start: at, end: at, text: (at > 0 && view.text[at - 1] !== '\n' ? eol : '') + line + eol + blank };
}

/** Start of the first line after hashbang, encoding, docstring and `__future__`. */
function headEnd(view: FileView): number {
  const { lines } = view;
  let at = 0;
  for (const node of view.tree.root.children) {
    const docstring = node.type === 'expression_statement' && node.firstChild?.type === 'string';
    const head =
      (node.type === 'comment' && lines.lineOf(node.start) < 3 && node.text.startsWith('#!')) ||
      (node.type === 'comment' && /coding[:=]|licen[cs]e|copyright/i.test(node.text)) ||
      docstring ||
      node.type === 'future_import_statement';
    if (!head) break;
    at = lines.nextStart(lines.lineOf(node.end));
  }
  while (at > 0 && at < view.text.length && lines.line(lines.lineOf(at)).trim() === '')
    at = lines.nextStart(lines.lineOf(at));
  return at;
}
