/**
 * Finds imports that nothing uses and takes them out, one name or the whole statement. It must not know other
 * repairs.
 */
import { basename } from 'node:path';
import type { ImportedName, ImportStatement } from './scopes/model.ts';
import type { FileView, Replacement } from './view.ts';

/** Names that JSX or its factory uses unseen. */
const jsxFactories = new Set(['React', 'h', 'Fragment', 'jsx', 'Preact', 'preact', 'createElement']);
/** Python modules that are imported for what they do. */
const effectModules = new Set(['readline', 'rlcompleter', 'antigravity', 'this', 'pdb', 'sitecustomize']);

export interface UnusedImport {
  readonly name: ImportedName;
  readonly confidence: number;
}

/** Imported names without a use. Those that may be there for another reason are left out. */
export function unusedImports(view: FileView): readonly UnusedImport[] {
  const { facts } = view;
  if (!facts) return [];
  const found: UnusedImport[] = [];
  for (const { name: local, imported: name, used, shared } of facts.importBindings) {
    if (used || shared || name.reexport || facts.mentioned.has(local) || local === '_') continue;
    if (kept(view, name)) continue;
    found.push({ name, confidence: name.statement.topLevel ? 0.9 : 0.7 });
  }
  // A file that mostly imports what it does not use, or from which others take what it imports, hands names on.
  const imported = facts.importBindings;
  const handedOn = imported.filter(binding => importedFromHere(view, binding.name)).length;
  if (handedOn >= 2 || (found.length >= 4 && found.length * 2 > imported.length))
    return found.map(row => ({ ...row, confidence: Math.min(row.confidence, 0.6) }));
  return found;
}

function kept(view: FileView, name: ImportedName): boolean {
  const { facts, text, family } = view;
  if (!facts) return true;
  const { statement } = name;
  if (family === 'python') {
    const file = basename(view.path);
    if (file === '__init__.py' || file === 'conftest.py' || effectModules.has(name.local)) return true;
    // `import a.b` also makes `a` know `b`; pytest fixtures are used as parameter names.
    if (statement.style === 'import' && statement.module.includes('.')) return true;
    if (facts.hasParameter(name.local)) return true;
    if (!statement.topLevel) return true;
  } else {
    if (facts.jsx && jsxFactories.has(name.local)) return true;
    if (/^\s*(?:\/\/|\/\*).*@jsx/m.test(text.slice(0, 2000))) return true;
    if (view.path.endsWith('.d.ts') || view.path.endsWith('.d.mts')) return true;
    // Types of modules that are augmented here.
    if (text.includes(`declare module '${statement.module}'`)) return true;
    if (statement.style === 'require' && (statement.module.startsWith('.') || !statement.topLevel))
      return true;
  }
  if (silenced(view, statement.start, statement.end) || silenced(view, name.start, name.end)) return true;
  return importedFromHere(view, name.local);
}

/** A comment on the line, or on the one before it, tells checkers to be quiet. */
export function silenced(view: FileView, start: number, end: number): boolean {
  const from = view.lines.lineOf(start);
  const to = view.lines.lineOf(end);
  const quiet =
    /\bnoqa\b|eslint-disable|@ts-(?:ignore|expect-error)|type:\s*ignore|pylint:\s*disable|biome-ignore|oxlint-disable|prettier-ignore|pyright:/;
  for (let line = Math.max(0, from - 1); line <= to; line++) {
    const text = view.lines.line(line);
    const comment = view.family === 'python' ? text.indexOf('#') : text.search(/\/\/|\/\*/);
    if (comment >= 0 && quiet.test(text.slice(comment)) && (line >= from || comment <= text.search(/\S/)))
      return true;
  }
  return /eslint-disable(?!-)|@ts-nocheck|flake8:\s*noqa|ruff:\s*noqa/.test(view.text.slice(0, 600));
}

/** Another file takes the name from this one. */
function importedFromHere(view: FileView, name: string): boolean {
  return view.index.imports(name).some(row => row.target === view.path);
}

/** The edit that takes names of one statement out; the whole statement when none is left. */
export function removeImported(
  view: FileView,
  statement: ImportStatement,
  names: readonly ImportedName[],
): Replacement {
  const rest = statement.names.filter(name => !names.some(gone => gone.start === name.start));
  if (rest.length === 0) return removeStatement(view, statement);
  const first = names[0] as ImportedName;
  const at = statement.names.findIndex(name => name.start === first.start);
  const following = statement.names[at + 1];
  const before = statement.names[at - 1];
  const { list } = statement;
  const inList = (name: ImportedName | undefined): boolean =>
    name !== undefined && (!list || (name.start >= list.start && name.end <= list.end));
  if (list && !rest.some(inList) && view.family !== 'python') {
    // `import a, { b } from` becomes `import a from`.
    const left = rest.at(-1) as ImportedName;
    return { start: left.end, end: list.end, text: '' };
  }
  if (!inList(first) && list) {
    // `import a, { b } from` becomes `import { b } from`.
    return { start: first.start, end: list.start, text: '' };
  }
  if (following && inList(following)) return { start: first.start, end: following.start, text: '' };
  if (before && inList(before)) return { start: before.end, end: first.end, text: '' };
  return { start: first.start, end: first.end, text: '' };
}

function removeStatement(view: FileView, statement: ImportStatement): Replacement {
  const { lines } = view;
  const from = lines.lineOf(statement.start);
  const to = lines.lineOf(statement.end);
  const lineStart = lines.starts[from] as number;
  const before = view.text.slice(lineStart, statement.start);
  const after = view.text.slice(statement.end, lines.contentEnd(to));
  if (before.trim() !== '' || !/^;?\s*(?:#.*|\/\/.*)?$/.test(after)) {
    const gap = /^;?[ \t]*/.exec(after)?.[0].length ?? 0;
    return { start: statement.start, end: statement.end + gap, text: '' };
  }
  // The last import of a block takes the doubled blank line with it.
  const end = lines.nextStart(to);
  const top = from === 0 || lines.line(from - 1).trim() === '';
  const blank = top && to + 1 < lines.count && lines.line(to + 1).trim() === '';
  return { start: lineStart, end: blank ? lines.nextStart(to + 1) : end, text: '' };
}
