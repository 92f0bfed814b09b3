/** A chat in the editor: mentions are completed, explained, followed and checked; the question has a lens to send it. */
import { dirname, join } from 'node:path';
import type { Position } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { OwnItem, OwnLanguage, OwnProblem } from '../ownDocuments.ts';
import type { Services } from '../services.ts';
import { readChat } from './chat.ts';
import { type Mention, MENTION_KINDS, type MentionKind, mentionsOf, writeMention } from './mentions.ts';
import { resolveMention } from './resolve.ts';

/** Longer chats are served as plain documents: nobody waits for a menu. In UTF-16 units. */
const MAX_LENGTH = 1_000_000;
const MAX_ITEMS = 200;
const MAX_CHECKED = 50;
const PREVIEW = 600;
/** A menu waits no longer for names, in ms. */
const NAMES_MS = 500;

const WORDS: Readonly<Record<MentionKind, string>> = {
  file: 'a file of the workspace, or some of its lines: @file:path#L1-L9',
  symbol: 'where a name is defined: @symbol:name',
  selection: 'where you were in the code: @selection, or @selection:path#L1-L9',
  diagnostics: 'problems that other servers told of: @diagnostics, or @diagnostics:path',
  diff: 'what is staged: @diff, or between revisions: @diff:main..HEAD',
  spec: 'a spec: @spec:path',
};

export const chatLanguage: OwnLanguage = {
  async hover(document, position, services, signal) {
    const mention = mentionAt(document, position);
    if (!mention) return undefined;
    const found = await resolveMention(mention, services, signal);
    const head = `**${mention.kind}**: ${WORDS[mention.kind]}`;
    if (!found.ok) return { range: mention.range, markdown: `${head}\n\nNothing is sent: ${found.why}.` };
    const size = `${found.text.length.toLocaleString('en')} characters, about ${Math.ceil(found.text.length / 4).toLocaleString('en')} tokens, are sent, as far as the budget allows:`;
    const marks = '`'.repeat(
      Math.max(3, ...Array.from(found.text.text.matchAll(/`+/g), run => run[0].length + 1)),
    );
    const shown = found.text.slice(0, PREVIEW).text;
    return {
      range: mention.range,
      markdown: `${head}\n\n${size}\n\n${marks}\n${shown}${found.text.length > PREVIEW ? '\n…' : ''}\n${marks}`,
    };
  },

  async definition(document, position, services, signal) {
    const mention = mentionAt(document, position);
    const found = mention && (await resolveMention(mention, services, signal));
    return mention && found?.ok && found.place ? { range: mention.range, target: found.place } : undefined;
  },

  async links(document, services, signal) {
    const found = await Promise.all(
      mentions(document).map(async mention => {
        const target = await resolveMention(mention, services, signal);
        return target.ok && target.place ? [{ range: mention.range, target: target.place }] : [];
      }),
    );
    return found.flat();
  },

  lenses(document, { chats, router }) {
    const last = readChat(document.getText()).turns.at(-1);
    // While it is answered progress can be cancelled, and a lens of that time would stay when the time is over.
    if (chats.running.has(document.uri) || document.length > MAX_LENGTH) return [];
    if (last?.speaker !== 'you' || last.text === '') return [];
    const { engine } = router.choose('chat', 'explicit');
    const start = { line: last.first, character: 0 };
    const title = `Send to ${engine?.name}`;
    return engine ? [{ range: { start, end: start }, title, command: 'codriver.chatSend' }] : [];
  },

  async problems(document, services, signal) {
    if (document.length > MAX_LENGTH) return [];
    const chat = readChat(document.getText());
    const wrong: OwnProblem[] = chat.errors.map(({ line, message }) => ({
      range: document.getLineRange(line),
      message,
    }));
    // Only what is still to be sent: what an earlier turn named may well be gone by now.
    const last = chat.turns.at(-1);
    for (const mention of last ? mentionsOf(chat, last).slice(0, MAX_CHECKED) : []) {
      // Git would have to be run to tell.
      if (mention.kind === 'diff') continue;
      const found = await resolveMention(mention, services, signal);
      if (!found.ok)
        wrong.push({ range: mention.range, message: `Nothing is sent for ${mention.text}: ${found.why}.` });
    }
    return wrong;
  },

  complete(document, position, services) {
    const before = document.lineAt(position.line).slice(0, position.character);
    const begun = /(?<![\w@/.])@([a-z]*)$/.exec(before);
    if (begun) return Promise.resolve(kinds(position, begun[1] ?? ''));
    const symbol = /(?<![\w@/.])@symbol:([\p{L}\p{N}_$]*)$/u.exec(before);
    if (symbol) return symbols(services, position, symbol[1] ?? '');
    const path = /(?<![\w@/.])@(file|spec|selection|diagnostics):"?([^\s"'`,;()<>#]*)$/.exec(before);
    return path
      ? mentionPaths(services, position, path[1] as MentionKind, path[2] ?? '', path[0].length)
      : undefined;
  },
};

function mentions(document: Document): readonly Mention[] {
  if (document.length > MAX_LENGTH) return [];
  const chat = readChat(document.getText());
  return chat.turns.flatMap(turn => mentionsOf(chat, turn));
}

function mentionAt(document: Document, { line, character }: Position): Mention | undefined {
  return mentions(document).find(
    ({ range: { start, end } }) =>
      start.line === line && start.character <= character && character <= end.character,
  );
}

function kinds(position: Position, typed: string): OwnItem[] {
  const start = { line: position.line, character: position.character - typed.length - 1 };
  return MENTION_KINDS.filter(kind => kind.startsWith(typed)).map(kind => {
    const named = kind === 'file' || kind === 'symbol';
    const newText = `@${kind}${named ? ':' : ''}`;
    return { label: newText, detail: WORDS[kind], range: { start, end: position }, newText, opens: named };
  });
}

/** Names that the workspace defines, each with where. */
async function symbols(
  { clock, places, symbols: index }: Services,
  position: Position,
  typed: string,
): Promise<OwnItem[]> {
  const limit = new AbortController();
  const timer = clock.after(NAMES_MS, () => limit.abort());
  const found = await index.named(typed, MAX_ITEMS, limit.signal).catch(() => []);
  timer.cancel();
  const start = { line: position.line, character: position.character - typed.length - '@symbol:'.length };
  return found.map(({ name, kind, path }) => ({
    label: name,
    detail: `${kind}, ${places.displayPath(places.uriOf(path))}`,
    range: { start, end: position },
    newText: writeMention('symbol', name),
    opens: false,
  }));
}

/** One folder at a time, and only what the gate lets through. */
export async function mentionPaths(
  { files, gate, places }: Services,
  position: Position,
  kind: MentionKind,
  typed: string,
  length: number,
): Promise<OwnItem[]> {
  if (typed.startsWith('/') || typed.split('/').includes('..')) return [];
  const folder = typed.includes('/') ? `${dirname(typed).replace(/^\.$/, '')}/`.replace(/^\/$/, '') : '';
  const start = { line: position.line, character: position.character - length };
  const items: OwnItem[] = [];
  for (const root of places.folders) {
    const at = join(root, folder);
    const entries = await files.list(at).catch(() => []);
    for (const { name, kind: what } of await gate().allowedEntries(at, entries)) {
      if (!name.startsWith(typed.slice(folder.length)) || name.startsWith('.git')) continue;
      const opens = what === 'directory';
      const path = `${folder}${name}${opens ? '/' : ''}`;
      // A folder goes on being written, so its quotes stay open.
      const mention = opens ? `@${kind}:${path}` : writeMention(kind, path);
      items.push({
        label: path,
        detail: opens ? 'folder' : 'file',
        range: { start, end: position },
        newText: mention,
        opens,
      });
    }
  }
  return items.sort((a, b) => (a.label < b.label ? -1 : 1)).slice(0, MAX_ITEMS);
}
