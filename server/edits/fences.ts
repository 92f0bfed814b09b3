/** Fenced code blocks of a Markdown reply, nested ones kept whole. Pure; it must not know what the code is for. */

const FENCE = /^(\s*)(`{3,}|~{3,})([^`]*)$/;

export interface Fences {
  /** The lines of each outermost block, without its fences and without the fence's own indentation. */
  readonly blocks: readonly (readonly string[])[];
  /** Lines of each block's fences, and the info string behind the opening one. */
  readonly at: readonly { readonly open: number; readonly close: number; readonly info: string }[];
  /** A block was opened and not closed. */
  readonly unclosed: boolean;
}

/**
 * By CommonMark's rule a fence is closed by a bare one of its kind that is at least as long. Models also nest
 * fences of one length; there, one with an info string opens a level and a bare one closes it.
 */
export function readFences(lines: readonly string[]): Fences {
  const blocks: string[][] = [];
  const at: { open: number; close: number; info: string }[] = [];
  let open:
    | { line: number; info: string; mark: string; indent: number; depth: number; body: string[] }
    | undefined;
  for (const [number, line] of lines.entries()) {
    const fence = FENCE.exec(line);
    const indent = fence?.[1]?.length ?? 0;
    const mark = fence?.[2] ?? '';
    const info = (fence?.[3] ?? '').trim();
    if (open === undefined) {
      if (fence !== null) open = { line: number, info, mark, indent, depth: 1, body: [] };
      continue;
    }
    if (
      fence !== null &&
      mark[0] === open.mark[0] &&
      mark.length >= open.mark.length &&
      indent <= open.indent + 3
    ) {
      if (info !== '' && mark.length === open.mark.length) open.depth++;
      else if (info === '') open.depth--;
      if (open.depth === 0) {
        blocks.push(open.body);
        at.push({ open: open.line, close: number, info: open.info });
        open = undefined;
        continue;
      }
    }
    open.body.push(stripIndent(line, open.indent));
  }
  return { blocks, at, unclosed: open !== undefined };
}

function stripIndent(line: string, indent: number): string {
  const blank = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(blank, indent));
}
