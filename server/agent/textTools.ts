/**
 * The same tools for models that do not take tools: told as text, called by fenced JSON, so that small local models
 * work too. Search/replace blocks and new files in a reply count as calls of `edit` and `create`, since that is what
 * such models write best. It must not know what the tools do.
 */
import type { ToolSpec } from '../engines/engine.ts';
import { readFences } from '../edits/fences.ts';
import { parseReply } from '../edits/parse.ts';
import type { RawCall } from './tools/table.ts';

export type TextCalls =
  | { readonly ok: true; readonly calls: readonly RawCall[] }
  /** For the model. */
  | { readonly ok: false; readonly why: string };

/** What the model is told. Source code alone: no text of a project is in it. */
export function toolsAsText(specs: readonly ToolSpec[]): string {
  const lines = specs.map(({ description, name, parameters }) => {
    const properties = (parameters['properties'] ?? {}) as Readonly<
      Record<string, { readonly type?: string }>
    >;
    const required = parameters['required'] as readonly string[] | undefined;
    const fields = Object.entries(properties).map(
      ([field, { type }]) => `${field}${required?.includes(field) === true ? '' : '?'}: ${type ?? 'string'}`,
    );
    return `- ${name}(${fields.join(', ')}): ${description}`;
  });
  return `Call tools by fenced blocks in exactly this form, and write nothing behind the last one:

\`\`\`tool
{"name": "read", "arguments": {"path": "src/main.ts"}}
\`\`\`

Their results come with the next message. Instead of calling "edit" you may write

path/to/file
<<<<<<< SEARCH
lines copied from the file
=======
the lines that replace them
>>>>>>> REPLACE

Tools:
${lines.join('\n')}`;
}

/** The calls in a whole reply, in order. A reply without any is no fault here: `calls` is empty. */
export function callsInText(reply: string): TextCalls {
  const text = reply.replace(/\r\n?/g, '\n').replace(/<think>[\s\S]*?<\/think>/g, '');
  if (/^\s{0,3}<{5,9} ?SEARCH\b/m.test(text)) return callsFromBlocks(text);
  const lines = text.split('\n');
  const { at, blocks, unclosed } = readFences(lines);
  if (unclosed)
    return { ok: false, why: 'A fenced block is not closed: the answer was cut. Send it again, shorter.' };
  const calls: RawCall[] = [];
  for (const [i, block] of blocks.entries()) {
    const info = (at[i]?.info ?? '').toLowerCase();
    if (!/^(?:tool\w*|json\w*|)$/.test(info)) continue;
    const call = readCall(block.join('\n'));
    if (call !== undefined) calls.push({ ...call, id: `t${i}` });
    else if (info.startsWith('tool')) {
      return { ok: false, why: `Block ${i + 1} is not {"name": …, "arguments": {…}} in valid JSON.` };
    }
  }
  if (calls.length === 0) {
    // Without any fence around it.
    const bare = readCall(text);
    if (bare !== undefined) return { ok: true, calls: [{ ...bare, id: 't0' }] };
  }
  return { ok: true, calls };
}

function readCall(json: string): { readonly name: string; readonly arguments: string } | undefined {
  if (!json.trimStart().startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const name = fields.get('name') ?? fields.get('tool');
  const args = fields.get('arguments') ?? fields.get('parameters') ?? {};
  if (typeof name !== 'string') return undefined;
  return { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
}

function callsFromBlocks(text: string): TextCalls {
  const parsed = parseReply(text, { expect: 'blocks', paths: [] });
  if (!parsed.ok) return { ok: false, why: parsed.retry };
  if (parsed.kind !== 'blocks') return { ok: false, why: 'Write search/replace blocks.' };
  const calls: RawCall[] = [];
  for (const [i, { path, readings }] of parsed.edits.entries()) {
    if (path === '') return { ok: false, why: `Block ${i + 1} does not say which file it is for.` };
    const [{ replace, search }] = readings;
    const makes = search.every(line => line.trim() === '');
    const args = makes
      ? { path, text: replace.join('\n') }
      : { path, old: search.join('\n'), new: replace.join('\n') };
    calls.push({ id: `b${i}`, name: makes ? 'create' : 'edit', arguments: JSON.stringify(args) });
  }
  return { ok: true, calls };
}
