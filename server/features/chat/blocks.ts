/**
 * The code blocks of an answer: which one the cursor is in, and which file it is for. Read from the document alone,
 * so that blocks of any chat can be used, also those a person wrote. It must not know how code is applied.
 */
import { codeOf, type Fence } from '../../documents/markdown.ts';
import { cleanPath, looksLikePath } from '../../edits/paths.ts';
import type { Chat } from './chat.ts';

/** Lines above a block in which its path is looked for. */
const MAX_ABOVE = 4;

export interface CodeBlock {
  readonly fence: Fence;
  /** With LF, without the last line end. */
  readonly code: string;
  /** As it is written; untrusted. */
  readonly path: string | undefined;
}

/** The closed block at a line; none while it is still being written. */
export function blockAt({ document }: Chat, line: number): CodeBlock | undefined {
  const fence = document.blocks.find(
    block => block.kind === 'fence' && block.closed && line >= block.first && line < block.end,
  );
  if (fence?.kind !== 'fence') return undefined;
  const code = codeOf(document, fence).replace(/\r\n?/g, '\n').replace(/\n$/, '');
  return { fence, code, path: pathOf(document.lines, fence) };
}

/** The nearest line above that is nothing but a path, blank lines aside; a sentence ends the search. */
function pathOf(lines: readonly string[], { first, info }: Fence): string | undefined {
  const named = /^[\w+#.-]*[ \t:]+(?:\w+=)?["']?([^"'`\s{}]+)["']?/.exec(info)?.[1];
  for (const text of [named ?? '', ...lines.slice(Math.max(0, first - MAX_ABOVE), first).reverse()]) {
    if (text.trim() === '') continue;
    const path = cleanPath(text);
    if (path !== undefined && looksLikePath(path, [])) return path;
    if (text !== named) return undefined;
  }
  return undefined;
}
