/**
 * One suggestion as an item of a completion menu that survives each editor's own filtering and, once accepted,
 * leaves exactly what was suggested. Pure; it must not know the pipeline. The filters of the editors stand as
 * models in test/lsp/menus.ts.
 */
import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
} from 'vscode-languageserver';
import type { Document } from '../base/document.ts';
import { languageOf } from '../base/languages.ts';
import { cut } from '../base/text.ts';
import type { Suggestion } from '../features/completion/types.ts';
import { codeFence, plain } from '../guard/sanitise.ts';
import type { ClientFeatures } from './clientFeatures.ts';
import { asWritten } from './convert.ts';

/** After the language server's own items in every client's order. */
const SORTED_LAST = '\uffff';
const LABEL_LENGTH = 80;

type Client = Pick<
  ClientFeatures,
  | 'completionMarkdown'
  | 'lazyDocumentation'
  | 'labelDetails'
  | 'snippets'
  | 'insertsFirstLineOnly'
  | 'ignoresEditEnd'
>;

/** What an item carries so that its documentation can be made without a memory of it. */
interface ItemData {
  readonly codriver: { readonly languageId: string; readonly markdown: boolean };
}

/** Items in the order of the suggestions; one that a client cannot insert as a whole is shortened or left out. */
export function completionItems(
  suggestions: readonly Suggestion[],
  document: Document,
  client: Client,
): CompletionItem[] {
  const fitting = client.ignoresEditEnd
    ? suggestions.flatMap(suggestion => insertedOnly(suggestion, document) ?? [])
    : suggestions;
  const items = fitting.flatMap((suggestion, index) => toItem(suggestion, index, document, client) ?? []);
  return items.map((item, index) => distinguished(item, items.slice(0, index)));
}

/** Adds the preview to an item of ours; anything else, and an item that has one, comes back unchanged. */
export function withDocumentation(item: CompletionItem): CompletionItem {
  const data = readData(item.data);
  const { textEdit } = item;
  if (!data || item.documentation !== undefined || typeof textEdit?.newText !== 'string') return item;
  const text =
    item.insertTextFormat === InsertTextFormat.Snippet ? unescaped(textEdit.newText) : textEdit.newText;
  return { ...item, documentation: preview(text, data.languageId, data.markdown) };
}

/** Undefined where the client would insert nothing of it. */
function toItem(
  suggestion: Suggestion,
  index: number,
  document: Document,
  client: Client,
): CompletionItem | undefined {
  const { text, range, engine } = suggestion;
  const { line, character } = range.start;
  const before = document.lineAt(line).slice(0, character);
  const word = wordBefore(before, document);
  const start = { line, character: character - word.length };
  const one = client.insertsFirstLineOnly && text.includes('\n');
  const snippet = one ? asSnippet(text, before, client) : undefined;
  const shown = one && snippet === undefined ? firstLine(text) : text;
  if (shown.trim() === '') return undefined;
  const whole = word + shown;
  const { languageId } = document;
  const markdown = client.completionMarkdown;
  const data: ItemData = { codriver: { languageId, markdown } };
  const filterText = firstLine(whole);
  return {
    label: labelOf(whole),
    kind: CompletionItemKind.Text,
    detail: `Codriver (${engine})`,
    ...(client.labelDetails ? { labelDetails: { description: 'Codriver' } } : {}),
    ...(client.lazyDocumentation ? { data } : { documentation: preview(whole, languageId, markdown) }),
    sortText: `${SORTED_LAST}${String(index).padStart(2, '0')}`,
    // Empty would count as absent for some clients and as "matches nothing" for others.
    ...(filterText === '' ? {} : { filterText }),
    ...(snippet === undefined
      ? { insertTextFormat: InsertTextFormat.PlainText, insertTextMode: InsertTextMode.asIs }
      : { insertTextFormat: InsertTextFormat.Snippet, insertTextMode: InsertTextMode.adjustIndentation }),
    textEdit: {
      range: { start, end: range.end },
      newText: asWritten(snippet === undefined ? whole : escaped(word) + snippet, document),
    },
  };
}

/** The word that ends there, as the language writes words: `-` belongs to one in Lisp and in CSS. */
function wordBefore(before: string, { languageId, uri }: Document): string {
  const { wordExtra } = languageOf(languageId, uri);
  let start = before.length;
  while (start > 0) {
    const low = before.charCodeAt(start - 1) >= 0xdc00 && before.charCodeAt(start - 1) < 0xe000 ? 2 : 1;
    const character = before.slice(Math.max(0, start - low), start);
    if (!/^[\p{L}\p{N}\p{M}_$]$/u.test(character) && !wordExtra.includes(character)) break;
    start -= low;
  }
  return before.slice(start);
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** The first line that says something, with what stands for the others. */
function labelOf(whole: string): string {
  const lines = whole.split('\n');
  const first = lines.findIndex(line => line.trim() !== '');
  const shown = plain((lines[first] ?? '').trim());
  const label = shown.length > LABEL_LENGTH ? `${cut(shown, LABEL_LENGTH)}…` : shown;
  return `${first > 0 ? '… ' : ''}${label}${first < lines.length - 1 ? ' …' : ''}`;
}

/** Emacs knows candidates by their labels alone: no two may be the same. */
function distinguished(item: CompletionItem, earlier: readonly CompletionItem[]): CompletionItem {
  const same = earlier.filter(other => other.label === item.label).length;
  return same === 0 ? item : { ...item, label: `${item.label} (${same + 1})` };
}

function preview(whole: string, languageId: string, markdown: boolean) {
  return markdown
    ? { kind: 'markdown' as const, value: codeFence(whole, languageId) }
    : { kind: 'plaintext' as const, value: plain(whole) };
}

/**
 * The longest beginning of a suggestion that comes about by insertion alone, leaving what stands right of the
 * cursor; for clients that ignore where an edit ends. Nothing, if there is none.
 */
function insertedOnly(suggestion: Suggestion, document: Document): Suggestion | undefined {
  const { text, range } = suggestion;
  const replaced = document.getText(range);
  if (replaced === '') return suggestion;
  const end = text.lastIndexOf(replaced);
  return end <= 0
    ? undefined
    : { ...suggestion, text: text.slice(0, end), range: { start: range.start, end: range.start } };
}

/**
 * Text as a snippet without places to fill in, for a client that indents each line like the first. Undefined where
 * that cannot give the text: a line that is empty, or indented less than the first.
 */
function asSnippet(text: string, before: string, client: Client): string | undefined {
  if (!client.snippets) return undefined;
  const indent = /^[ \t]*/.exec(before)?.[0] ?? '';
  const [first = '', ...rest] = text.split('\n');
  if (rest.some(line => line.trim() === '' || !line.startsWith(indent))) return undefined;
  return [first, ...rest.map(line => line.slice(indent.length))].map(escaped).join('\n');
}

const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
const unescaped = (text: string): string => text.replace(/\\([\\$}])/g, '$1');

/** Our own part of an item that a client sends back; it may send anything. */
function readData(data: unknown): ItemData['codriver'] | undefined {
  if (typeof data !== 'object' || data === null || !('codriver' in data)) return undefined;
  const { codriver } = data;
  if (typeof codriver !== 'object' || codriver === null) return undefined;
  const { languageId, markdown } = codriver as Record<string, unknown>;
  return typeof languageId === 'string' && typeof markdown === 'boolean'
    ? { languageId, markdown }
    : undefined;
}
