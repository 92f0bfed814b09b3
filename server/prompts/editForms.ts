/**
 * The forms of an edit, as said to a model. `server/edits/` reads them all, whichever was asked for. Pure; it must
 * not know which model gets which.
 */
import type { ChatMessage, ToolSpec } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { EDIT_FORMAT, RANGE_FORMAT } from './shared.ts';

/** `range`: the selection alone is written anew. */
export type PromptForm = 'blocks' | 'diff' | 'whole' | 'tools' | 'range';

const DIFF_FORMAT = redacted`Answer with one unified diff only, in exactly this form:

--- path/to/file
+++ path/to/file
@@ the function or class around the change @@
 an unchanged line
-a line to remove
+a line to add
 an unchanged line

Rules:
- Unchanged and removed lines are copied exactly from the file, indentation included, behind one blank or "-".
- Give about three unchanged lines around each change, enough to occur only once in the file. Line numbers are not needed.
- Write every line. Never abbreviate code with "..." or comments.
- To make a new file, write --- /dev/null above its +++ line. Do not delete or rename files.`;

const WHOLE_FORMAT = redacted`Answer with the complete new text of the file, in exactly this form:

path/to/file
\`\`\`
every line of the file, from the first to the last
\`\`\`

Rules:
- Copy all lines that stay as they are exactly, comments included. Never abbreviate code with "..." or comments.
- To make a new file too, write its path and its text in the same form.`;

const TOOLS_FORMAT = redacted`Make the change by calling tools: edit_file for each place, create_file for each new file. Make all calls in one answer.

Rules:
- "old" holds whole lines copied exactly from the file, indentation included, and enough of them to occur only once.
- Write every line of "new". Never abbreviate code with "..." or comments.`;

const FORMATS: Readonly<Record<PromptForm, Redacted>> = {
  blocks: EDIT_FORMAT,
  diff: DIFF_FORMAT,
  whole: WHOLE_FORMAT,
  tools: TOOLS_FORMAT,
  range: RANGE_FORMAT,
};

const text = (description: string) => ({ type: 'string', description });

/** The tools of the form `tools`; `server/edits/toolCalls.ts` checks and reads the calls. */
export const EDIT_TOOL_SPECS: readonly ToolSpec[] = [
  {
    name: 'edit_file',
    description: 'Replaces lines of a file that was shown. The old lines must occur in it exactly once.',
    parameters: {
      type: 'object',
      properties: {
        path: text('Path of the file, as shown.'),
        old: text('Whole lines of the file, copied exactly.'),
        new: text('The lines that replace them; empty to delete them.'),
      },
      required: ['path', 'old', 'new'],
      additionalProperties: false,
    },
  },
  {
    name: 'create_file',
    description: 'Makes a file that does not exist yet.',
    parameters: {
      type: 'object',
      properties: { path: text('Path of the new file.'), text: text('All of its text.') },
      required: ['path', 'text'],
      additionalProperties: false,
    },
  },
];

/**
 * The messages with another form of the answer in the place of search/replace blocks. Undefined where the system
 * message does not ask for blocks: then the prompt has a form of its own, which stays.
 */
export function inForm(
  messages: readonly ChatMessage[],
  form: PromptForm,
): readonly ChatMessage[] | undefined {
  const [system, ...rest] = messages;
  if (system?.role !== 'system') return undefined;
  const at = system.content.text.indexOf(EDIT_FORMAT.text);
  if (at === -1) return undefined;
  const before = system.content.slice(0, at);
  const after = system.content.slice(at + EDIT_FORMAT.length);
  return [{ role: 'system', content: redacted`${before}${FORMATS[form]}${after}` }, ...rest];
}
