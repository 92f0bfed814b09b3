/**
 * Markdown made harmless for clients that render anything: code stays code, everything else loses HTML, images,
 * links and link definitions; addresses are shown as code. The text is re-written so that every renderer must see
 * the same code spans and fences as we do: every fence is written anew at the margin, longer than what is in it, and
 * no other line can begin one. It must not know where the text is shown.
 */
import { splitFences } from './fences.ts';
import { codeFence, plain } from './plain.ts';

/** Addresses as a person may paste them, also glued to a word; shown as code so that no client makes a link of them. */
const address =
  /(?:(?:https?|ftp):\/\/|www\.|\b(?:file|data|javascript|vbscript|command|vscode(?:-[\w-]+)?|mailto|tel|xmpp|sms|ssh|git|magnet|about|blob|chrome|jar|view-source|x-[\w-]+):(?:\/\/)?(?=[^\s`|*_]))[^\s`<>|\\]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/gi;

/** In a table a pipe ends a cell before a code span is looked for. */
const tableDelimiter = /^[ \t>|:-]*-[ \t>|:-]*$/;

/** `[label](target "title")` and its image form, without anything nested. */
const inlineLink =
  /!?\[([^\][\\]{0,1000})\]\(\s{0,20}<?([^\s()<>\\]*)>?(?:\s{1,20}["'(][^"'()]*["')])?\s{0,20}\)/g;

const punctuation = new Set('.,;:!?\'")]}');

/**
 * Safe Markdown from any Markdown. Fences are kept (and always closed), inline code on one line is kept; images,
 * raw HTML, links, definitions and addresses become text or code. The result renders to no image, no HTML, no
 * link. Applying it again changes nothing that matters for safety.
 */
export function markdown(text: string): string {
  const parts = splitFences(plain(text));
  const hasTable = parts.some(
    part => part.kind === 'text' && tableDelimiter.test(part.line) && /[|:]/.test(part.line),
  );
  const result: string[] = [];
  for (const part of parts) {
    if (part.kind === 'text') {
      result.push(withoutFence(safeLine(part.line, hasTable)));
      continue;
    }
    // A list marker alone would underline the line before it.
    if (part.item !== '') result.push(...(result.at(-1)?.trim() ? [''] : []), part.item);
    result.push(codeFence(part.code, part.language));
  }
  return result.join('\n');
}

/** A line that begins no fence, in whatever quotes and lists; backticks are single or escaped already. */
function withoutFence(line: string): string {
  return line.replace(
    /^((?:[ \t>*+-]|\d{1,9}[.)])*)(~{3,})/,
    (_whole, before: string, run: string) => before + run.replaceAll('~', '\\~'),
  );
}

/** Splits a line into code spans and text as CommonMark does, and makes each harmless. */
function safeLine(line: string, hasTable: boolean): string {
  let result = '';
  let text = '';
  // Two spans side by side would read as one longer run of backticks.
  const append = (piece: string): void => {
    result += result.endsWith('`') && piece.startsWith('`') ? ` ${piece}` : piece;
  };
  const flush = (): void => {
    append(safeText(text));
    text = '';
  };
  for (let i = 0; i < line.length; ) {
    const character = line[i] ?? '';
    if (character === '\\' && i + 1 < line.length) {
      text += line.slice(i, i + 2);
      i += 2;
    } else if (character === '`') {
      const run = /^`+/.exec(line.slice(i))?.[0] ?? character;
      const end = closingRun(line, i + run.length, run.length);
      const content = end < 0 ? '' : line.slice(i + run.length, end);
      const isCell = hasTable && content.includes('|');
      if (end >= 0 && !isCell) {
        flush();
        append(codeSpan(run, content));
      } else if (end >= 0) {
        // The text of the span, without its backticks, so that no pipe can tear them apart.
        text += content.replaceAll('`', "'").replaceAll('\\', '\\\\');
      } else {
        text += '\\`'.repeat(run.length);
      }
      i = end >= 0 ? end + run.length : i + run.length;
    } else {
      text += character;
      i++;
    }
  }
  flush();
  return result;
}

/** Three backticks begin a fence for renderers that do not look further, so spans have fewer. */
function codeSpan(run: string, content: string): string {
  if (run.length < 3) return run + content + run;
  if (!content.includes('`')) return `\`${content}\``;
  return /(?<!`)``(?!`)/.test(content) ? `\`${content.replaceAll('`', "'")}\`` : `\`\`${content}\`\``;
}

function closingRun(line: string, from: number, length: number): number {
  for (const match of line.slice(from).matchAll(/`+/g)) {
    if (match[0].length === length) return from + match.index;
  }
  return -1;
}

/** Text without code. Order matters: links first, while their parts still stand together. */
function safeText(text: string): string {
  if (text === '') return '';
  const unlinked = text
    .replace(inlineLink, flattenLink)
    .replace(/!\[/g, '[')
    .replace(/\](?=\()/g, '] ')
    .replace(/\](?=:)/g, '] ')
    .replace(/\](?=\[)/g, '] ');
  let result = '';
  let kept = 0;
  for (const match of unlinked.matchAll(address)) {
    const found = withoutPunctuation(match[0]);
    if (found === '') continue;
    const before = lifeless(unlinked.slice(kept, match.index));
    // A single backslash would escape the backtick; doubled it is still shown as one.
    result += `${before}${/(?<!\\)(?:\\\\)*\\$/.test(before) ? '\\' : ''}`;
    result += `${result.endsWith('`') ? ' ' : ''}\`${found}\``;
    kept = match.index + found.length;
  }
  return result + lifeless(unlinked.slice(kept));
}

/** What ends a sentence does not belong to the address before it. */
function withoutPunctuation(text: string): string {
  let end = text.length;
  while (end > 0 && punctuation.has(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}

function flattenLink(_whole: string, label: string, target: string): string {
  if (!/^(?:https?:\/\/|mailto:)/i.test(target) || label.trim() === target) return label;
  return label.trim() === '' ? target : `${label} (${target})`;
}

/**
 * `<` that could start a tag, comment, declaration or autolink is spelled out; comparison signs and arrows stay. What
 * begins like an address but was not taken for one (as `www.` before a backslash) is broken for those who link it.
 */
function lifeless(text: string): string {
  return text
    .replace(/\\?<(?=[A-Za-z/!?])/g, '&lt;')
    .replace(/www(?=\.)/gi, '$&\\')
    .replace(/(?<=(?:https?|ftp):\/)(?=\/)/gi, '\\');
}

/** The text of a Markdown document for clients that show plaintext only. */
export function asPlaintext(text: string): string {
  const result = splitFences(plain(text)).flatMap(part => {
    if (part.kind === 'text') return [plainInline(part.line)];
    return part.code === '' ? [] : [part.code];
  });
  return result
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function plainInline(line: string): string {
  return line
    .replace(/^(\s*)#{1,6}\s+/, '$1')
    .replace(/^\s*(?:[-*_]\s*){3,}$/, '')
    .split(/(`+[^`]+`+)/)
    .map((part, i) => (i % 2 === 1 ? part.replace(/^`+|`+$/g, '') : plainEmphasis(part)))
    .join('');
}

function plainEmphasis(text: string): string {
  return text
    .replace(inlineLink, flattenLink)
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\w*])/g, '$2')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\\([\\`*_{}[\]()#+.!<>|~/-])/g, '$1');
}
