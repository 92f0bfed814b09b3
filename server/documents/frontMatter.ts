/**
 * Front matter: the flat part of YAML that people write at the head of a Markdown file. One `key: value` to a line,
 * values being text, numbers, truth values or `[lists, of, text]`. Everything else is an error with a line and a
 * reason, and never guessed at. It must not know which keys a document has.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { contentLength, lineEndOf } from '../base/text.ts';
import type { MarkdownDocument } from './markdown.ts';
import { printLines, startOf } from './markdown.ts';

export type MatterValue = string | number | boolean | readonly string[];

export interface MatterEntry {
  readonly key: string;
  readonly value: MatterValue;
  /** Zero-based, in the document. */
  readonly line: number;
}

/** `message` is a sentence for the person. */
export interface MatterError {
  readonly line: number;
  readonly message: string;
}

export interface FrontMatter {
  /** In the order of the lines. */
  readonly entries: readonly MatterEntry[];
  readonly errors: readonly MatterError[];
}

const ENTRY = /^([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*))?$/;

/** What the head of the document says; nothing where it has none. */
export function readFrontMatter(document: MarkdownDocument): FrontMatter {
  const entries: MatterEntry[] = [];
  const errors: MatterError[] = [];
  const [matter] = document.blocks;
  if (matter?.kind !== 'frontMatter') return { entries, errors };
  for (let line = 1; line < matter.end - 1; line++) {
    const text = contentOf(document, line);
    if (/^\s*(?:#.*)?$/.test(text)) continue;
    const [, key, raw = ''] = ENTRY.exec(text.trimEnd()) ?? [];
    const value = key === undefined ? undefined : readValue(raw.trim());
    if (key === undefined || value === undefined) {
      errors.push({
        line,
        message:
          key === undefined
            ? 'This line is not "key: value". Nested values are not read here; write one key to a line.'
            : `The value of "${key}" cannot be read. Write text, a number, true, false or [a, list].`,
      });
    } else if (entries.some(entry => entry.key === key)) {
      errors.push({ line, message: `"${key}" stands here twice; the first one counts. Remove one of them.` });
    } else entries.push({ key, value, line });
  }
  return { entries, errors };
}

/** The value of a key, if the front matter has it. */
export function matterValue({ entries }: FrontMatter, key: string): MatterValue | undefined {
  return entries.find(entry => entry.key === key)?.value;
}

/** Sets one key: its line alone is changed, or one is added, or a front matter is made. */
export function setMatter(document: MarkdownDocument, key: string, value: MatterValue): TextEdit {
  const end = lineEndOf(printLines(document));
  const line = `${key}: ${writeValue(value)}`;
  const [matter] = document.blocks;
  const start = { line: 0, character: 0 };
  if (matter?.kind !== 'frontMatter')
    return { range: { start, end: start }, newText: `---${end}${line}${end}---${end}` };
  const entry = readFrontMatter(document).entries.find(each => each.key === key);
  if (entry) {
    const from = startOf(document, entry.line);
    const to = { line: entry.line, character: contentOf(document, entry.line).length };
    return { range: { start: from, end: to }, newText: line };
  }
  const last = startOf(document, matter.end - 1);
  return { range: { start: last, end: last }, newText: `${line}${end}` };
}

function contentOf({ lines }: MarkdownDocument, line: number): string {
  const text = lines[line] ?? '';
  return text.slice(0, contentLength(text));
}

function readValue(raw: string): MatterValue | undefined {
  if (raw.startsWith('[')) {
    const inner = /^\[(.*)\](?:[ \t]+#.*)?$/.exec(raw)?.[1];
    return inner === undefined ? undefined : readList(inner);
  }
  if (/^["']/.test(raw)) {
    const quoted = QUOTED.exec(raw);
    return quoted && /^(?:[ \t]+#.*|)$/.test(raw.slice(quoted[0].length)) ? unquoted(quoted[0]) : undefined;
  }
  const text = raw.replace(/(?:^|[ \t]+)#.*$/, '');
  if (/^[{}&*!|>%@`]/.test(text)) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/.test(text) ? Number(text) : text;
}

const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/;

function readList(inner: string): readonly string[] | undefined {
  const items: string[] = [];
  let rest = inner.trim();
  while (rest !== '') {
    const item = QUOTED.exec(rest)?.[0] ?? /^[^,"'[\]{}]+/.exec(rest)?.[0];
    if (item === undefined) return undefined;
    const value = /^["']/.test(item) ? unquoted(item) : item.trim();
    if (value === undefined) return undefined;
    items.push(value);
    rest = rest.slice(item.length).trim();
    if (rest === '') break;
    if (!rest.startsWith(',')) return undefined;
    rest = rest.slice(1).trim();
  }
  return items;
}

function unquoted(quoted: string): string | undefined {
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'");
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function writeValue(value: MatterValue): string {
  if (Array.isArray(value)) return `[${value.map(item => writeText(String(item), /[,[\]{}]/)).join(', ')}]`;
  return typeof value === 'string' ? writeText(value, /^[[]/) : String(value);
}

/** Quoted wherever the bare text would be read as something else. */
function writeText(text: string, special: RegExp): string {
  const bare =
    text !== '' && text === text.trim() && !special.test(text) && !/["'#\\\p{Cc}\u2028\u2029]/u.test(text);
  return bare && readValue(text) === text ? text : JSON.stringify(text);
}
