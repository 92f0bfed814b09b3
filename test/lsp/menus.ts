/**
 * What each editor's completion menu does with an item, as far as it decides whether the item is seen and what is in
 * the buffer once it is accepted: filters and edits, written after the clients' sources (Neovim 0.12
 * vim/lsp/completion.lua and vim/snippet.lua, Emacs 30 eglot.el, lsp-mode 10 lsp-completion.el, ALE 4.0
 * completion.vim) and, for Helix, coc and VS Code, after their documented behaviour. It must not know the server.
 */
import type { CompletionItem, TextEdit } from 'vscode-languageserver';

/** One line and its cursor when the menu asked, and what was typed since. */
export interface Scene {
  /** Lines above, each with its line end. */
  readonly above: string;
  readonly before: string;
  readonly after: string;
  readonly below: string;
  readonly typed: string;
  /** Characters that the language's mode counts to a word or symbol, beside letters, digits and `_`. */
  readonly symbol: string;
}

export interface Menu {
  readonly name: string;
  /** Its `initialize` parameters in test/fixtures/caps. */
  readonly profile: string;
  /** Whether the client's idea of a word fits the place; where it does not, it is wrong with every server. */
  fits?(scene: Scene): boolean;
  shows(item: CompletionItem, scene: Scene): boolean;
  /** The whole text after the item was accepted. */
  accept(item: CompletionItem, scene: Scene): string;
}

const edit = ({ textEdit }: CompletionItem): TextEdit => textEdit as TextEdit;
const around = (scene: Scene, line: string): string => scene.above + line + scene.below;
const shownText = ({ filterText, label }: CompletionItem): string => filterText || label;

/** From the start of the item's edit to the cursor, with what was typed. */
const fromEdit = (item: CompletionItem, scene: Scene): string =>
  scene.before.slice(edit(item).range.start.character) + scene.typed;

/** The word before the cursor with the characters that count to it. */
function wordBefore(text: string, extra: string): string {
  let start = text.length;
  while (
    start > 0 &&
    (/[\p{L}\p{N}_]/u.test(text[start - 1] as string) || extra.includes(text[start - 1] as string))
  )
    start--;
  return text.slice(start);
}

function isSubsequence(pattern: string, text: string): boolean {
  let at = 0;
  for (const character of pattern.toLowerCase()) {
    at = text.toLowerCase().indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Puts the text back as it was when the menu asked, and applies the edit. */
function restored(item: CompletionItem, scene: Scene): string {
  const { range, newText } = edit(item);
  const line = scene.before + scene.after;
  return around(scene, line.slice(0, range.start.character) + newText + line.slice(range.end.character));
}

/** What a client refuses that takes the specification at its word. */
function isValid(item: CompletionItem, scene: Scene): boolean {
  const { start, end } = edit(item).range;
  const cursor = scene.before.length;
  return start.line === end.line && start.character <= cursor && end.character >= cursor;
}

/** Vim's own filter while the popup is open: the word of an item begins with what stands there. */
const vimKeeps = (word: string, typed: string): boolean => word.toLowerCase().startsWith(typed.toLowerCase());

function neovimWord(item: CompletionItem): string {
  if (item.insertTextFormat !== 2)
    return edit(item).newText.replaceAll(/\r\n?/g, '\n').split('\n', 1)[0] ?? '';
  const noKeyword = !/^[\p{L}\p{N}_]/u.test(item.label);
  const word = item.filterText && noKeyword ? item.filterText : item.label;
  return word;
}

/** vim.snippet.expand without places: escapes resolved, every line after the first indented like the first. */
function expanded(snippet: string, line: string): string {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const text = snippet.replaceAll(/\\([\\$}])/g, '$1').replaceAll(/\r\n?/g, '\n');
  return text
    .split('\n')
    .map((each, i) => (i > 0 ? indent + each : each))
    .join('\n');
}

/** `vim.lsp.completion`, which is also what `vim.lsp.omnifunc` calls. */
const neovim: Menu = {
  name: 'Neovim 0.12',
  profile: 'neovim-0.12.4',
  shows(item, scene) {
    const prefix = scene.before.slice(edit(item).range.start.character);
    if (/[A-Za-z0-9]/.test(prefix) && !shownText(item).startsWith(prefix)) return false;
    const word = neovimWord(item);
    const snippetWord = item.filterText && !word.startsWith(prefix) ? item.filterText : word;
    return vimKeeps(item.insertTextFormat === 2 ? snippetWord : word, prefix + scene.typed);
  },
  accept(item, scene) {
    const head = scene.before.slice(0, edit(item).range.start.character);
    // What is right of the cursor stays, whatever the edit says.
    const body = item.insertTextFormat === 2 ? expanded(edit(item).newText, head) : neovimWord(item);
    return around(scene, head + body + scene.after);
  },
};

const helix: Menu = {
  name: 'Helix',
  profile: 'helix-25.07.1',
  shows: (item, scene) => isSubsequence(wordBefore(scene.before, '') + scene.typed, shownText(item)),
  accept: restored,
};

/** company and corfu show what eglot's completion function and its style let through. */
const eglot: Menu = {
  name: 'Emacs (eglot)',
  profile: 'eglot-emacs30.2',
  shows(item, scene) {
    const pattern = wordBefore(scene.before + scene.typed, scene.symbol);
    const candidate = item.label.trimStart();
    return candidate !== '' && isSubsequence(pattern, item.filterText ?? candidate);
  },
  accept: restored,
};

const oldEglot: Menu = { ...eglot, name: 'Emacs 28 (eglot 1.9)', profile: 'eglot1.9-emacs28.2' };

/** A regular expression made of the query: `[^c]*c` for each further character. */
const lspMode: Menu = {
  name: 'Emacs (lsp-mode)',
  profile: 'lspmode10-emacs30.2',
  shows: (item, scene) => isSubsequence(fromEdit(item, scene), shownText(item)),
  accept: restored,
};

const coc: Menu = {
  name: 'Vim (coc)',
  profile: 'vim9.2-coc',
  shows: (item, scene) => isValid(item, scene) && isSubsequence(fromEdit(item, scene), shownText(item)),
  accept: restored,
};

const vscode: Menu = {
  name: 'VS Code',
  profile: 'vscode-1.139.1',
  shows(item, scene) {
    const word = fromEdit(item, scene).trimStart().toLowerCase();
    const text = shownText(item).trimStart().toLowerCase();
    // The first character must begin a word of the item, the others follow in order.
    const starts = Array.from({ length: text.length }, (_, i) => i).flatMap(i =>
      i === 0 || /[\W_]/.test(text[i - 1] as string) ? [i] : [],
    );
    return (
      isValid(item, scene) &&
      (word === '' || starts.some(i => text[i] === word[0] && isSubsequence(word, text.slice(i))))
    );
  },
  accept: restored,
};

const aleWord = (item: CompletionItem): string => /^[^(]+/.exec(edit(item).newText)?.[0] ?? '';
const alePrefix = ({ before }: Scene): string => /(?:[a-zA-Z$_][a-zA-Z$_0-9]*|\.)$/.exec(before)?.[0] ?? '';

/** Takes no edits: of the new text, what stands before the first parenthesis; by prefix. */
const ale: Menu = {
  name: 'Vim (ALE)',
  profile: 'vim9.2-ale4.0',
  fits: ({ before, symbol }) =>
    !symbol.includes('-') && !/[^ -~\t]$|[^ -~][\w$]+$|(?<![a-zA-Z$_])\d\w*$/.test(before),
  shows(item, scene) {
    const prefix = alePrefix(scene);
    const word = aleWord(item);
    return prefix === '.' || word === '' || vimKeeps(word, prefix + scene.typed);
  },
  accept(item, scene) {
    const prefix = alePrefix(scene).replace('.', '');
    const head = scene.before.slice(0, scene.before.length - prefix.length);
    return around(scene, head + (aleWord(item) || prefix) + scene.after);
  },
};

export const MENUS: readonly Menu[] = [neovim, helix, eglot, oldEglot, lspMode, coc, vscode, ale];
