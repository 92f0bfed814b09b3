/**
 * The tools that change files: edit, create, move, delete. Every text passes the same checks as an edit in the
 * editor: found exactly once, nothing left out, no placeholder of a secret lost, nothing hidden, syntax no worse.
 */
import { check } from '../../edits/check.ts';
import { applyEdits } from '../../edits/lines.ts';
import { locate } from '../../edits/locate.ts';
import type { ProposedEdit, Reading } from '../../edits/proposed.ts';
import { parseToolCalls } from '../../edits/toolCalls.ts';
import { findSecrets } from '../../guard/secrets.ts';
import type { Answer, TaskPorts } from '../ports.ts';
import { defineTool, fine, refused, type ToolResult } from './tool.ts';

const MOST_TEXT = 256 * 1024;
/** Lines shown of what an edit made. */
const SHOWN_LINES = 16;

const path = (description: string) => ({ type: 'text', description, most: 400 }) as const;

export const edit = defineTool({
  name: 'edit',
  description: 'Replaces lines of a file. The old lines must occur in it exactly once. Write every new line.',
  effect: 'write',
  fields: {
    path: path('File, relative.'),
    old: {
      type: 'text',
      description: 'Lines copied exactly, without line numbers.',
      most: MOST_TEXT,
      mayBeEmpty: true,
    },
    new: {
      type: 'text',
      description: 'The lines in their place; "" deletes them.',
      most: MOST_TEXT,
      mayBeEmpty: true,
    },
  },
  async run({ path: name, old, new: fresh }, { ports, signal }) {
    const found = await ports.tree.read(name);
    if (!found.ok) return refused(found.why);
    const before = found.value;
    const call = { id: '', name: 'edit_file', arguments: JSON.stringify({ path: name, old, new: fresh }) };
    const parsed = parseToolCalls([call]);
    if (!parsed.ok) return refused(parsed.retry);
    if (parsed.kind !== 'blocks') return refused('This is no edit.');
    const restored = parsed.edits.map(each => restoredEdit(each, ports));
    const whole = restored.flatMap(each => (each === undefined ? [] : [each]));
    if (whole.length < restored.length) return refused(PLACEHOLDER);
    const located = locate(before, whole, name);
    if (!located.ok) return refused(located.retry);
    const checked = check({ path: name, before, edits: located.edits, findSecrets });
    if (!checked.ok) return refused(checked.retry);
    const after = applyEdits(before, located.edits);
    const worse = await worsened(ports, name, before, after, signal);
    if (worse !== undefined) return worse;
    const written = await ports.tree.write(name, after, before);
    if (!written.ok) return refused(written.why);
    const first = Math.min(...located.edits.map(({ range }) => range.start.line));
    const shown = after
      .split(/\r\n|\n|\r/)
      .slice(Math.max(0, first - 1), first + SHOWN_LINES)
      .map((line, i) => `${Math.max(0, first - 1) + i + 1}|${line}`);
    return fine([`${name} is changed; it now reads`, ...shown, ...checked.warnings].join('\n'));
  },
});

export const create = defineTool({
  name: 'create',
  description: 'Makes a file that does not exist yet. Write all of its text.',
  effect: 'write',
  fields: {
    path: path('The new file, relative.'),
    text: { type: 'text', description: 'All of its text.', most: MOST_TEXT, mayBeEmpty: true },
  },
  async run({ path: name, text }, { ports, signal }) {
    const restored = ports.redactor.restore(text.replace(/\r\n?/g, '\n'));
    if (!restored.ok) return refused(PLACEHOLDER);
    const whole = restored.text === '' || restored.text.endsWith('\n') ? restored.text : `${restored.text}\n`;
    const start = { line: 0, character: 0 };
    const edits = [{ range: { start, end: start }, newText: whole }];
    const checked = check({ path: name, before: '', edits, findSecrets });
    if (!checked.ok) return refused(checked.retry);
    const worse = await worsened(ports, name, '', whole, signal);
    if (worse !== undefined) return worse;
    return toResult(
      await ports.tree.write(name, whole, undefined),
      [`${name} is made.`, ...checked.warnings].join('\n'),
    );
  },
});

export const move = defineTool({
  name: 'move',
  description: 'Gives a file another path. What refers to it must be edited too.',
  effect: 'write',
  fields: { from: path('File, relative.'), to: path('Its new path, which must be free.') },
  async run({ from, to }, { ports }) {
    return toResult(await ports.tree.move(from, to), `${from} is ${to} now.`);
  },
});

export const remove = defineTool({
  name: 'delete',
  description: 'Deletes a file.',
  effect: 'write',
  fields: { path: path('File, relative.') },
  async run({ path: name }, { ports }) {
    return toResult(await ports.tree.remove(name), `${name} is deleted.`);
  },
});

const PLACEHOLDER =
  'The text changes a placeholder that stands for a secret value, or uses one that stands for none. Keep such placeholders exactly as they are.';

function toResult(answer: Answer<undefined>, words: string): ToolResult {
  return answer.ok ? fine(words) : refused(answer.why);
}

async function worsened(
  { code }: TaskPorts,
  path: string,
  before: string,
  after: string,
  signal: AbortSignal,
): Promise<ToolResult | undefined> {
  const problems = (await code.problems?.(path, before, after, signal)) ?? [];
  if (problems.length === 0) return undefined;
  return refused(
    `Nothing was changed: this would break ${path}:\n${problems.slice(0, 5).join('\n')}\nSend a corrected one.`,
  );
}

/** With secrets in the place of their placeholders; undefined if one cannot be put back. */
function restoredEdit(proposed: ProposedEdit, { redactor }: TaskPorts): ProposedEdit | undefined {
  const back = (text: string): string => {
    const restored = redactor.restore(text);
    if (!restored.ok) throw new Unrestored();
    return restored.text;
  };
  const lines = (each: readonly string[]): readonly string[] =>
    each.length === 0 ? each : back(each.join('\n')).replace(/\r\n?/g, '\n').split('\n');
  const reading = ({ replace, search }: Reading): Reading => ({
    search: lines(search),
    replace: lines(replace),
  });
  try {
    const [first, ...rest] = proposed.readings;
    const { fragment } = proposed;
    return {
      ...proposed,
      readings: [reading(first), ...rest.map(reading)],
      ...(fragment === undefined ? {} : { fragment: { old: back(fragment.old), new: back(fragment.new) } }),
    };
  } catch (error) {
    if (error instanceof Unrestored) return undefined;
    throw error;
  }
}

class Unrestored extends Error {}
