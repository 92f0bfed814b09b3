/**
 * Calls of the tools `edit_file` and `create_file` → proposed edits. Arguments are a stranger's: every call is checked
 * whole, and one bad call refuses all of them, so that nothing of a malformed answer is ever carried out. It must not
 * know engines.
 */
import { toLf } from './lines.ts';
import { type ParsedReply, type ParseRefusal, type ProposedEdit, refuse } from './proposed.ts';

/** One call as the engine's stream gave it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

/** The tools and their arguments, all texts and all required. */
export const EDIT_TOOLS = {
  edit_file: ['path', 'old', 'new'],
  create_file: ['path', 'text'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Most calls of one answer, and most UTF-16 units of one call's arguments. */
const MAX_CALLS = 100;
const MAX_ARGUMENTS = 1024 * 1024;

export function parseToolCalls(calls: readonly ToolCall[]): ParsedReply {
  if (calls.length > MAX_CALLS) {
    return refuse(
      'malformed',
      `There are ${calls.length} calls; at most ${MAX_CALLS} are taken. Send fewer.`,
    );
  }
  const edits: ProposedEdit[] = [];
  const ids = new Set<string>();
  for (const [i, call] of calls.entries()) {
    if (call.id !== '' && ids.has(call.id)) {
      return refuse('malformed', `Call ${i + 1} has the id of an earlier call. Send every call once.`);
    }
    ids.add(call.id);
    const edit = readCall(call, `Call ${i + 1}`);
    if ('ok' in edit) return edit;
    edits.push(edit);
  }
  if (edits.length === 0) return refuse('no-edit', 'No tool was called. Call edit_file or create_file.');
  return { ok: true, kind: 'blocks', edits };
}

function readCall(call: ToolCall, label: string): ProposedEdit | ParseRefusal {
  const { name } = call;
  if (name !== 'edit_file' && name !== 'create_file') {
    return refuse('malformed', `${label}: there is no such tool. The tools are edit_file and create_file.`);
  }
  const values = readArguments(call.arguments, EDIT_TOOLS[name]);
  if (typeof values === 'string') return refuse('malformed', `${label} of ${name}: ${values}`);
  const [path = '', first = '', second = ''] = values;
  if (path.trim() === '' || path.length > 400 || /[\u0000-\u001f]/.test(path)) {
    return refuse('malformed', `${label} of ${name}: "path" is not the path of a file.`);
  }
  if (name === 'create_file') {
    return { path, readings: [{ search: [], replace: toLf(first).split('\n') }], creates: true };
  }
  const old = toLf(first);
  const fresh = toLf(second);
  const stripped = { search: linesOf(old), replace: linesOf(fresh) };
  const fragment = { old, new: fresh };
  // A line end behind both may stand for an empty line, which can make the place a single one.
  const full = { search: old.split('\n'), replace: fresh.split('\n') };
  const both = old.endsWith('\n') && fresh.endsWith('\n') && stripped.search.length > 0;
  return { path, readings: both ? [full, stripped] : [stripped], exactFirst: true, fragment };
}

/** The values in the order of `names`, or what is wrong in words for the model. */
function readArguments(json: string, names: readonly string[]): readonly string[] | string {
  if (json.length > MAX_ARGUMENTS) return 'its arguments are far too long. Send smaller edits.';
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return `its arguments are not valid JSON. Send one object with ${names.join(', ')}.`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `its arguments are not a JSON object. Send one with ${names.join(', ')}.`;
  }
  // JSON.parse makes `__proto__` an own property like any other, so it counts as an unknown argument here.
  const given = new Map<string, unknown>(Object.entries(value));
  const unknown = [...given.keys()].filter(key => !names.includes(key));
  if (unknown.length > 0) return `it has arguments that are not known. It takes ${names.join(', ')} only.`;
  const values: string[] = [];
  for (const name of names) {
    const text = given.get(name);
    if (typeof text !== 'string') return `"${name}" is missing or no text.`;
    values.push(text);
  }
  return values;
}

/** Without the empty rest after a final line end: old and new text are lines. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.length > 1 && lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
