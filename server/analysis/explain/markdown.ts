/**
 * Builds Markdown from untrusted code and comments: fences, inline code and plain sentences that can neither link nor
 * run anything. It must not know code.
 */

const MAX_INLINE = 80;
const MAX_FENCE_LINES = 14;

/** Bidirectional controls and other characters that hide or reorder text. */
const hidden =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** Code within a sentence: one line, shortened. */
export function code(text: string): string {
  const flat = text.replace(hidden, '').replace(/\s+/g, ' ').trim();
  const short = flat.length > MAX_INLINE ? `${flat.slice(0, MAX_INLINE - 1)}…` : flat;
  if (!short.includes('`')) return `\`${short}\``;
  const fence = '`'.repeat(longestRun(short) + 1);
  return `${fence} ${short} ${fence}`;
}

/** Code as a block, its common indentation removed; says when it was cut. */
export function fence(text: string, languageId: string): string {
  const lines = text.replace(hidden, '').split(/\r\n|\r|\n/);
  const indents = lines
    .slice(1)
    .filter(line => line.trim() !== '')
    .map(line => /^\s*/.exec(line)?.[0].length ?? 0);
  const indent = indents.length > 0 ? Math.min(...indents) : 0;
  const own = /^\s*/.exec(lines[0] ?? '')?.[0].length ?? 0;
  const flush = lines.map((line, at) => line.slice(at === 0 ? own : Math.min(indent, line.length)));
  const cut = flush.length > MAX_FENCE_LINES ? [...flush.slice(0, MAX_FENCE_LINES), '…'] : flush;
  const body = cut.join('\n').trimEnd();
  const marks = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${marks}${/^[\w+#-]*$/.test(languageId) ? languageId : ''}\n${body}\n${marks}`;
}

/** Words of a comment as plain text: nothing in them is Markdown any more. */
export function plain(text: string, maxLength: number): string {
  const clean = text.replace(hidden, '').trim();
  const cut = clean.length > maxLength ? `${clean.slice(0, maxLength).replace(/\s+\S*$/, '')} …` : clean;
  return cut
    .split(/\b(https?:\/\/[^\s<>()`]+)/)
    .map((part, at) => (at % 2 === 1 ? code(part) : escape(part)))
    .join('');
}

function escape(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&!]/g, '\\$&')
    .replace(/^(\s*)([#+-]|\d+[.)])/gm, '$1\\$2')
    .replace(/:\/\//g, ':\\//');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length));
}

/** `a`, `b` and 3 more. */
export function list(items: readonly string[], max = 6): string {
  const shown = items.slice(0, max);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop() ?? '';
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : last;
}

/** A count with its noun. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];
  return `${words[number] ?? number} ${number === 1 ? one : many}`;
}
