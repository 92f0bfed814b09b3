/** The tools that look: list, read, outline. They change nothing, and show only what the tree lets through. */
import { languageOf } from '../../base/languages.ts';
import { outlineOf } from '../code.ts';
import { defineTool, fine, refused } from './tool.ts';

const PATH = 400;
/** Lines that one call gives at most. */
const MOST_LINES = 400;
const MOST_ENTRIES = 400;

const path = (description: string) => ({ type: 'text', description, most: PATH }) as const;

export const list = defineTool({
  name: 'list',
  description: 'Lists the files and folders in a folder.',
  effect: 'read',
  fields: {
    folder: { ...path('Folder, relative; "" or "." for the top.'), optional: true, mayBeEmpty: true },
  },
  async run({ folder = '' }, { ports }) {
    const entries = await ports.tree.entries(folder);
    if (!entries.ok) return refused(entries.why);
    const shown = entries.value.slice(0, MOST_ENTRIES);
    const more = entries.value.length - shown.length;
    const lines = shown.map(({ kind, name }) => (kind === 'folder' ? `${name}/` : name));
    if (more > 0) lines.push(`[cut: ${more} more entries]`);
    return fine(lines.length === 0 ? 'The folder is empty.' : lines.join('\n'));
  },
});

export const read = defineTool({
  name: 'read',
  description: `Reads a file, at most ${MOST_LINES} lines of it; lines are shown with their numbers. Also whole outputs, as output:ID.`,
  effect: 'read',
  fields: {
    path: path('File, relative; or output:ID.'),
    from: { type: 'whole', description: 'First line, from 1.', least: 1, most: 10_000_000, optional: true },
    to: { type: 'whole', description: 'Last line.', least: 1, most: 10_000_000, optional: true },
  },
  async run({ path: name, from = 1, to }, { ports }) {
    const kept = /^output:(\w+)$/.exec(name.trim())?.[1];
    const text = kept === undefined ? undefined : await ports.outputs.read(kept);
    if (kept !== undefined && text === undefined) return refused(`There is no output "${kept}".`);
    const found = text === undefined ? await ports.tree.read(name) : ({ ok: true, value: text } as const);
    if (!found.ok) return refused(found.why);
    const lines = found.value.split(/\r\n|\n|\r/);
    if (lines.length > 1 && lines.at(-1) === '') lines.pop();
    if (from > lines.length) return refused(`It has ${lines.length} lines only.`);
    const end = Math.min(
      lines.length,
      to === undefined ? from + MOST_LINES - 1 : Math.max(from, to),
      from + MOST_LINES - 1,
    );
    const width = String(end).length;
    const numbered = lines
      .slice(from - 1, end)
      .map((line, i) => `${String(from + i).padStart(width)}|${line}`);
    const about =
      from === 1 && end === lines.length
        ? `${lines.length} lines`
        : `lines ${from}-${end} of ${lines.length}`;
    return fine(`${about}\n${numbered.join('\n')}`);
  },
});

export const outline = defineTool({
  name: 'outline',
  description: 'Lists what a file defines, with line numbers.',
  effect: 'read',
  fields: { path: path('File, relative.') },
  async run({ path: name }, { ports }) {
    const found = await ports.tree.read(name);
    if (!found.ok) return refused(found.why);
    const places = outlineOf(name, found.value);
    if (places.length === 0)
      return fine(`Nothing that is defined is known in this ${languageOf('', name).id} file; read it.`);
    return fine(places.map(({ line, text }) => `${line}|${text}`).join('\n'));
  },
});
