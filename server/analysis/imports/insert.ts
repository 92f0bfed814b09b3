/**
 * Puts a name into the list of an existing import: where the order or the layout of the list wants it. It must not
 * know languages or where the name comes from.
 */
import type { ImportedName } from '../scopes/model.ts';
import type { FileView, Replacement } from '../view.ts';

/** The edit that adds `text` to the names of a list; `names` are those inside it, in order. */
export function addToList(
  view: FileView,
  list: { readonly start: number; readonly end: number },
  names: readonly ImportedName[],
  name: string,
  text: string = name,
): Replacement {
  const inside = names.filter(row => row.start >= list.start && row.end <= list.end);
  const last = inside.at(-1);
  if (!last) return { start: list.start, end: list.end, text: `{ ${text} }` };
  const keys = inside.map(row => row.imported);
  const place = isSorted(keys) ? inside.findIndex(row => compare(name, row.imported) < 0) : -1;
  const next = inside[place];
  if (place >= 0 && next) {
    const alone = view.lines.lineOf(next.start) !== view.lines.lineOf(inside[place - 1]?.end ?? list.start);
    const line = view.lines.lineOf(next.start);
    const indent = /^\s*/.exec(view.lines.line(line))?.[0] ?? '';
    const gap = alone ? `,${view.eol}${indent}` : ', ';
    return { start: next.start, end: next.start, text: text + gap };
  }
  const before = inside.at(-2);
  const alone =
    view.lines.lineOf(last.start) !== view.lines.lineOf(before?.end ?? list.start) &&
    view.lines.lineOf(list.start) !== view.lines.lineOf(list.end);
  const indent = /^\s*/.exec(view.lines.line(view.lines.lineOf(last.start)))?.[0] ?? '';
  const gap = alone ? `,${view.eol}${indent}` : ', ';
  return { start: last.end, end: last.end, text: gap + text };
}

function compare(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : 0;
}

function isSorted(names: readonly string[]): boolean {
  return (
    names.length > 1 && names.every((name, at) => at === 0 || compare(names[at - 1] as string, name) <= 0)
  );
}
