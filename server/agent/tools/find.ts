/** The tools that find: search for text, where a name is defined, where it is used, and a helper that looks around. */
import { findText } from '../code.ts';
import type { CodePlace } from '../ports.ts';
import { defineTool, fine, refused } from './tool.ts';

const MOST_HITS = 80;
const LONGEST_LINE = 200;

function listed(places: readonly CodePlace[], nothing: string): string {
  if (places.length === 0) return nothing;
  return places
    .map(({ line, path, text }) => {
      const words = text.trim();
      return `${path}:${line}: ${words.length > LONGEST_LINE ? `${words.slice(0, LONGEST_LINE)}[cut]` : words}`;
    })
    .join('\n');
}

export const search = defineTool({
  name: 'search',
  description: 'Finds the lines that hold a text, literally; lower case finds both cases.',
  effect: 'read',
  fields: {
    text: { type: 'text', description: 'The text, within one line.', most: 200 },
    folder: {
      type: 'text',
      description: 'Only in this folder or file.',
      most: 400,
      optional: true,
      mayBeEmpty: true,
    },
  },
  async run({ text, folder = '' }, { ports, signal }) {
    if (/[\r\n]/.test(text)) return refused('Search for the text of one line.');
    const fold = text === text.toLowerCase();
    const has = (where: string) => (fold ? where.toLowerCase() : where).includes(text);
    const places = await findText(ports.tree, has, { under: folder, most: MOST_HITS, quick: has }, signal);
    const more = places.length >= MOST_HITS ? `\n[cut: only the first ${MOST_HITS} places]` : '';
    return fine(listed(places, 'It stands nowhere.') + more);
  },
});

const name = { type: 'text', description: 'The bare name.', most: 200 } as const;

export const definition = defineTool({
  name: 'definition',
  description: 'Finds where a name is defined.',
  effect: 'read',
  fields: { name },
  async run({ name: wanted }, { ports, signal }) {
    const places = await ports.code.definitions(wanted.trim(), signal);
    return fine(listed(places, 'No definition of it is known. Search for it.'));
  },
});

export const references = defineTool({
  name: 'references',
  description: 'Finds where a name is used.',
  effect: 'read',
  fields: { name },
  async run({ name: wanted }, { ports, signal }) {
    const places = await ports.code.references(wanted.trim(), signal);
    return fine(listed(places, 'It is used nowhere.'));
  },
});

export const explore = defineTool({
  name: 'explore',
  description:
    'Sends a helper to find something out by reading; gives back its short report. For questions over many files.',
  effect: 'read',
  fields: {
    question: { type: 'text', description: 'What to find out, with all that it must know.', most: 2_000 },
  },
  async run({ question }, { explore: send }) {
    return send === undefined ? refused('There is no helper here. Look yourself.') : send(question);
  },
});

export const report = defineTool({
  name: 'report',
  description: 'Ends your work with what you found: files, lines, facts.',
  effect: 'control',
  fields: { text: { type: 'text', description: 'The report, at most 2,000 characters.', most: 8_000 } },
  async run({ text }) {
    return fine('Thank you.', { end: { type: 'reported', text } });
  },
});
