/**
 * What a model wrote, made fit to stand in a task's document: it can forge no section, no tick, no answer, no quote
 * mark, nothing active. It must not know what the text says.
 */
import { parseMarkdown, printLines } from '../../documents/markdown.ts';
import { markdown, plainLine } from '../../guard/sanitise.ts';

/** Longest single line of a model's, in UTF-16 units. */
const LONGEST_LINE = 400;

/**
 * One line that stands behind a list's mark. Never begins a block, and holds nothing that could be taken for an id or
 * a box of ours at its start.
 */
export function harmlessLine(text: string, most = LONGEST_LINE): string {
  const line = plainLine(text.replace(/`{3,}|~{3,}/g, "''"), most);
  // Behind a word nothing is a heading, a fence or a list.
  const safe = markdown(`x ${line}`).replace(/\s+/g, ' ').slice(2).trim();
  return safe.replace(/^(?:(?:[-*+]|\d{1,9}[.)])\s+|\[[ xX]?\]\s*|\([a-z]\d+\)\s*|[>#]+\s*)+/, '').trim();
}

/** Paragraphs, lists and code below one of our headings; headings of its own are deeper than ours, boxes are text. */
export function harmlessText(text: string): string {
  const safe = parseMarkdown(markdown(text.replace(/\r\n?/g, '\n')));
  const parts = safe.blocks.map(block => {
    const printed = printLines(safe, block);
    if (block.kind === 'heading') return printed.replace(/^ *#+/, '####');
    if (block.kind === 'task')
      return printed.replace(/\[([ xX])\]/, (_, mark: string) => `(${mark.trim() || ' '})`);
    // At the very start it would be front matter, and below a line it would make a heading of that line.
    if (block.kind === 'text' || block.kind === 'frontMatter')
      return printed.replace(/^ {0,3}(?:-{2,}|={2,})[ \t]*$/gm, '');
    return printed;
  });
  return parts
    .join('')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}
