/**
 * What every test of the whole server needs: a throw-away copy of a small project, a home that holds nothing of the
 * machine's user, and the built binary started in both. It must not know what is tested.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Position, Range, TextEdit } from 'vscode-languageserver-textdocument';
import { type Diagnostic, type EditorOptions, FakeEditor } from '../../support/editor.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
const fixture = join(repository, 'test', 'fixtures', 'server', 'shop');
const binary = join(repository, 'dist', 'codriver.cjs');

/** Variables of whoever runs the tests that would change what the server does. */
const FOREIGN = /^(?:OPENAI|CODRIVER|XDG)_|_proxy$|^NODE_(?!V8_COVERAGE)/i;

let built = false;

/** Builds what is missing or older than the sources, once per run. */
function ensureBuilt(): void {
  if (built) return;
  const newest = (folder: string): number =>
    Math.max(
      ...readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter(entry => entry.isFile())
        .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs),
    );
  if (!existsSync(binary) || statSync(binary).mtimeMs < newest(join(repository, 'server'))) {
    const made = spawnSync(process.execPath, [join(repository, 'scripts', 'build.mjs')], {
      encoding: 'utf8',
    });
    assert.equal(made.status, 0, made.stderr);
  }
  built = true;
}

export class Place {
  /** Everything is below here. */
  readonly folder: string;
  readonly project: string;
  readonly #editors = new Set<FakeEditor>();

  constructor() {
    ensureBuilt();
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-server-')));
    this.project = join(this.folder, 'project');
    cpSync(fixture, this.project, { recursive: true });
  }

  get rootUri(): string {
    return pathToFileURL(this.project).href;
  }

  uri(name: string): string {
    return pathToFileURL(join(this.project, name)).href;
  }

  read(name: string): string {
    return readFileSync(join(this.project, name), 'utf8');
  }

  write(name: string, text: string): string {
    const path = join(this.project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return this.uri(name);
  }

  /** Writes the user's own settings file. */
  configure(settings: unknown): void {
    const folder = join(this.folder, 'config', 'codriver');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'config.jsonc'),
      typeof settings === 'string' ? settings : JSON.stringify(settings),
    );
  }

  /** Starts the built server in the project with a client; by default the newest Neovim. */
  async start(options: EditorOptions = {}): Promise<FakeEditor> {
    const editor = await FakeEditor.start({
      server: [process.execPath, binary, '--stdio'],
      rootUri: this.rootUri,
      cwd: this.project,
      // The machine is shared and may be slow; nothing here waits for a time to pass.
      patienceMs: 8_000,
      ...options,
      env: { ...this.environment(), ...options.env },
    });
    this.#editors.add(editor);
    return editor;
  }

  /** Opens a file of the project as an editor does. */
  open(editor: FakeEditor, name: string, text = this.read(name)): string {
    const uri = this.uri(name);
    editor.open(uri, LANGUAGES[name.slice(name.lastIndexOf('.') + 1)] ?? 'plaintext', text);
    return uri;
  }

  /** What starts the built program, with its arguments. */
  command(...args: readonly string[]): readonly [program: string, ...args: string[]] {
    return [process.execPath, binary, ...args];
  }

  /** Ends what a failed test has left running, and removes everything. */
  dispose(): void {
    for (const editor of this.#editors) editor.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Of this machine, without what its user has set. */
  environment(): Record<string, string> {
    const foreign = Object.keys(process.env).filter(name => FOREIGN.test(name));
    // An undefined variable is left out of a child's environment.
    const without = Object.fromEntries(foreign.map(name => [name, undefined])) as unknown as Record<
      string,
      string
    >;
    return {
      ...without,
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      XDG_STATE_HOME: join(this.folder, 'state'),
      XDG_CACHE_HOME: join(this.folder, 'cache'),
    };
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  txt: 'plaintext',
  md: 'markdown',
};

/** The place right after the first occurrence of a text in a document. */
export function behind(text: string, found: string): { line: number; character: number } {
  const index = text.indexOf(found);
  assert.ok(index >= 0, `"${found}" is not in the text`);
  const lines = text.slice(0, index + found.length).split(/\r\n|\n/);
  return { line: lines.length - 1, character: (lines.at(-1) as string).length };
}

export const empty = (position: { line: number; character: number }) => ({ start: position, end: position });

export const everything = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

/** Asks again and again until the answer is there, as a person's editor would; each answer is waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  instead: () => string = () => 'nothing',
): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  return assert.fail(`never saw ${what}, but ${instead()}`);
}

export interface Item {
  readonly label: string;
  readonly filterText: string;
  readonly sortText: string;
  readonly textEdit: TextEdit;
  readonly documentation: { readonly kind: string; readonly value: string };
}

/** What a menu offers at a place, once it is what is expected; the index may still be reading. */
export async function menu(
  editor: FakeEditor,
  uri: string,
  position: Position,
  expected: RegExp = /(?:)/,
): Promise<readonly Item[]> {
  let seen = '';
  return eventually(
    `an item like ${expected}`,
    async () => {
      const { items } = (await editor.complete(uri, position)) as { items: Item[] };
      seen = JSON.stringify(items.map(({ textEdit }) => textEdit.newText));
      return items.some(({ textEdit }) => expected.test(textEdit.newText)) ? items : undefined;
    },
    () => seen,
  );
}

export interface Ghost {
  readonly insertText: string;
  readonly range: Range;
}

/** One inline completion; `triggerKind` 1 is asked for by hand, 2 comes by itself. */
export async function ghost(
  editor: FakeEditor,
  uri: string,
  position: Position,
  triggerKind: 1 | 2 = 2,
): Promise<readonly Ghost[]> {
  const params = { textDocument: { uri }, position, context: { triggerKind } };
  const result = (await editor.request('textDocument/inlineCompletion', params)) as { items: Ghost[] };
  return result.items;
}

/** The text of a hover, once the analysis answers. */
export function hoverText(editor: FakeEditor, uri: string, position: Position): Promise<string> {
  return eventually('a hover', async () => {
    const hover = (await editor.hover(uri, position)) as { contents: { value: string } } | null;
    return hover?.contents.value;
  });
}

/** The action whose title begins so, once it is offered. */
export function offered(
  editor: FakeEditor,
  uri: string,
  position: Position,
  title: string,
  diagnostics: readonly Diagnostic[] = [],
): Promise<Readonly<Record<string, unknown>>> {
  return eventually(`the action "${title}"`, async () => {
    const actions = await editor.codeActions(uri, empty(position), diagnostics);
    return actions.find(action => String(action['title']).startsWith(title));
  });
}
