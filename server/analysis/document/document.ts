/**
 * Writes a documentation comment for a declaration from its signature and body, where the language and the file want
 * it. It must not know models.
 */
import { type Declared, declarationAround, docOf } from '../declarations.ts';
import { structureOf } from '../structure/structure.ts';
import type { FileView, Replacement } from '../view.ts';
import { factsOf } from './facts.ts';
import { type DocStyle, docLines } from './styles.ts';

/** The edit that documents the declaration around a stretch; undefined if there is none or it has a comment. */
export function documentDeclaration(view: FileView, start: number, end: number): Replacement | undefined {
  const item = documentable(view, start, end);
  const structure = structureOf(view.grammar);
  if (!item?.name || !structure || docOf(view, item)) return undefined;
  const facts = factsOf(view, item);
  // A comment that only says the name again helps nobody.
  const bare = facts.parameters.length === 0 && !facts.returnsValue && facts.thrown.length === 0;
  if (!facts.summary || (bare && (item.kind === 'variable' || !facts.summary.includes(' '))))
    return undefined;
  const style = styleFor(view);
  const lines = docLines(style, facts, item.name, view.grammar !== 'javascript');
  return structure.docs === 'docstring' ? insideBody(view, item, lines) : before(view, item, lines);
}

/** A local variable is not documented; what it stands in is. */
function documentable(view: FileView, start: number, end: number): Declared | undefined {
  let item = declarationAround(view, start, end);
  while (item && item.kind === 'variable') {
    const up = item.outer.parent;
    const own = up?.isRoot || /class|interface|struct|impl|declaration_list|object_type/.test(up?.type ?? '');
    if (own && view.grammar !== 'python') return item;
    item = up && !up.isRoot ? declarationAround(view, up.start, up.end) : undefined;
  }
  return item;
}

function styleFor(view: FileView): DocStyle {
  switch (structureOf(view.grammar)?.docs) {
    case 'docstring': {
      if (/^\s*:(?:param|returns?|raises)\b/m.test(view.text)) return 'sphinx';
      return /^\s*(?:Parameters|Returns)\r?\n\s*-{3,}/m.test(view.text) ? 'numpy' : 'google';
    }
    case 'slashes':
      return 'rust';
    case 'bangs':
      return 'go';
    case 'xml':
      return 'xml';
    case 'hash':
      return 'hash';
    case 'block':
    case undefined:
      return view.family === 'javascript' ? 'jsdoc' : 'block';
  }
}

function before(view: FileView, item: Declared, lines: readonly string[]): Replacement {
  let at = item.outer.start;
  // Attributes and decorators stand between comment and declaration.
  for (
    let up = item.outer.previousSibling;
    up && /attribute_item|^decorator$/.test(up.type);
    up = up.previousSibling
  )
    at = up.start;
  const start = view.lines.starts[view.lines.lineOf(at)] as number;
  const indent = /^[ \t]*/.exec(view.text.slice(start, at))?.[0] ?? '';
  const text = lines.map(line => (line ? indent + line : '')).join(view.eol) + view.eol;
  return { start, end: start, text };
}

function insideBody(view: FileView, item: Declared, lines: readonly string[]): Replacement | undefined {
  const first = item.body?.namedChildren[0];
  if (!item.body || !first) return undefined;
  const line = view.lines.lineOf(first.start);
  const start = view.lines.starts[line] as number;
  const indent = view.text.slice(start, first.start);
  // `def f(): return 1` has no line of its own for it.
  if (indent.trim() !== '') return undefined;
  const text = lines.map(row => (row ? indent + row : '')).join(view.eol) + view.eol;
  return { start, end: start, text };
}
