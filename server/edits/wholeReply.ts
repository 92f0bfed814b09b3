/**
 * Whole files in fenced blocks, each with its path above or on the fence → proposed edits. Only where the prompt
 * asked for that: a fragment taken for a file would delete the rest. It must not know documents beyond their paths.
 */
import { readFences } from './fences.ts';
import { pathAbove, pathInFence } from './pathLines.ts';
import { type ParsedReply, type ProposedEdit, refuse } from './proposed.ts';

export function parseWhole(lines: readonly string[], known: readonly string[]): ParsedReply {
  const fences = readFences(lines);
  if (fences.unclosed) {
    return refuse('truncated', 'The code block is not closed: the reply was cut. Send it again, complete.');
  }
  const edits: ProposedEdit[] = [];
  for (const [i, block] of fences.blocks.entries()) {
    const { open, info } = fences.at[i] ?? { open: 0, info: '' };
    const from = i === 0 ? 0 : (fences.at[i - 1]?.close ?? 0) + 1;
    const path = pathInFence(info, known) ?? pathAbove(lines, from, open, known) ?? '';
    if (path === '' && fences.blocks.length > 1) {
      return refuse(
        'ambiguous',
        'There are several code blocks and one does not say which file it is. Write the path of the file above each block, or send one block only.',
      );
    }
    if (edits.some(edit => edit.path === path)) {
      return refuse('ambiguous', `There are several code blocks for ${path}. Send each file once.`);
    }
    edits.push({ path, readings: [{ search: [], replace: block }], whole: true });
  }
  if (edits.length > 0) return { ok: true, kind: 'blocks', edits };
  return refuse(
    'no-edit',
    'The reply holds no code block. Answer with the whole file in one fenced code block, its path above it.',
  );
}
