/**
 * `npm run demo`: starts the built server on the project beside this file and drives it as an editor does, with the
 * embedded engine: no key, no network. Prints what a person would see, and how long it took.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FakeEditor } from '../test/support/editor.ts';

const colour =
  process.stdout.isTTY || process.env['FORCE_COLOR'] ? (code: number) => `\x1b[${code}m` : () => '';
const [reset, bold, dim, green, red, yellow, cyan] = [0, 1, 2, 32, 31, 33, 36].map(colour);

const home = mkdtempSync(join(tmpdir(), 'codriver-demo-'));
const project = join(home, 'project');
cpSync(join(import.meta.dirname, 'project'), project, { recursive: true });
const uriOf = (name: string) => pathToFileURL(join(project, name)).href;
const read = (name: string) => readFileSync(join(project, name), 'utf8');
const print = (text = '') => process.stdout.write(`${text}\n`);
const title = (text: string) => print(`\n${bold}${cyan}${text}${reset}`);

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; took: string }> {
  const start = performance.now();
  const value = await work();
  return { value, took: `${dim}${(performance.now() - start).toFixed(1)} ms${reset}` };
}

/** An environment without the keys of the person who runs this, and state of its own. */
function environment(): Record<string, string> {
  const own = ['STATE', 'CACHE', 'CONFIG'].map(name => [`XDG_${name}_HOME`, join(home, name.toLowerCase())]);
  const hidden = Object.keys(process.env).filter(name => /^(OPENAI|CODRIVER)_/.test(name));
  return { ...Object.fromEntries(own), ...Object.fromEntries(hidden.map(name => [name, ''])) };
}

async function completeWhileTyping(
  editor: FakeEditor,
  name: string,
  languageId: string,
  lines: readonly string[],
) {
  const uri = uriOf(name);
  const text = read(name);
  editor.open(uri, languageId, `${text}\n`);
  let line = text.split('\n').length;
  for (const typed of lines) {
    editor.type(uri, { line, character: 0 }, typed);
    const place = {
      textDocument: { uri },
      position: { line, character: typed.length },
      context: { triggerKind: 2 },
    };
    const { value, took } = await timed(() => editor.request('textDocument/inlineCompletion', place));
    const [item] = (value as { items: { insertText: string }[] }).items;
    const [ghost = '', ...more] = (item?.insertText ?? '').split('\n');
    print(`  ${typed}${dim}${green}${ghost}${reset}   ${took}`);
    for (const rest of more) print(`  ${dim}${green}${rest}${reset}`);
    const accepted = `${item?.insertText ?? ''}\n`;
    editor.type(uri, { line, character: typed.length }, accepted);
    line += accepted.split('\n').length - 1;
  }
}

async function hover(editor: FakeEditor, name: string, find: string) {
  const lines = editor.textOf(uriOf(name)).split('\n');
  const line = lines.findIndex(text => text.includes(find));
  const character = (lines[line] as string).indexOf(find) + 1;
  const { value, took } = await timed(() => editor.hover(uriOf(name), { line, character }));
  const contents = (value as { contents?: { value: string } } | null)?.contents?.value ?? '(nothing)';
  print(`  ${bold}${find}${reset} in ${name}   ${took}`);
  for (const text of contents.split('\n')) print(`  ${dim}│${reset} ${text}`);
}

async function fix(editor: FakeEditor, name: string, languageId: string) {
  const uri = uriOf(name);
  const before = read(name);
  editor.open(uri, languageId, before);
  const hints = await editor.diagnosticsUntil(uri, found => found.length >= 2);
  for (const { range, message } of hints)
    print(`  ${yellow}hint${reset} ${name}:${range.start.line + 1}: ${message}`);
  const hint = hints[0] as (typeof hints)[number];
  const menu = await timed(() => editor.codeActions(uri, hint.range, [hint]));
  print(`  menu at line ${hint.range.start.line + 1}   ${menu.took}`);
  for (const action of menu.value.filter(each => !each['disabled']))
    print(`  ${dim}│${reset} ${String(action['title'])}`);
  const all = menu.value.find(action => action['title'] === 'Fix all in file');
  const { value: edit, took } = await timed(async () => {
    await editor.choose(all ?? {});
    return editor.nextEdit();
  });
  print(`  chosen: ${bold}Fix all in file${reset} → ${edit.label}   ${took}`);
  showDiff(before, editor.textOf(uri));
}

/** Lines that differ, good enough for a few changed lines. */
function showDiff(before: string, after: string) {
  const old = before.split('\n');
  const now = after.split('\n');
  for (const line of old) if (!now.includes(line)) print(`  ${red}- ${line}${reset}`);
  for (const line of now) if (!old.includes(line)) print(`  ${green}+ ${line}${reset}`);
}

try {
  const { value: editor, took } = await timed(() =>
    FakeEditor.start({ rootUri: pathToFileURL(project).href, env: environment() }),
  );
  print(`${bold}Codriver${reset} on a small shop, embedded engine, no key, no network. Started in ${took}`);

  title('1. Completing while typing (grey: what the ghost text offers)');
  await completeWhileTyping(editor, 'src/report.ts', 'typescript', [
    '/** The most valuable products first. */',
    'export function valueReport(): str',
    '  const lines: ',
    '  for (const product of ',
    '    lines.push(`${product.name}: ',
    '  return lines',
    '}',
  ]);

  title('2. Fixing a broken file');
  await fix(editor, 'src/broken.ts', 'typescript');

  title('3. Hovering');
  await hover(editor, 'src/report.ts', 'stockReport');
  await hover(editor, 'src/report.ts', 'listProducts');

  title('4. Another language, the same server');
  await completeWhileTyping(editor, 'tools/prices.py', 'python', [
    'def removed_prices(old, new):',
    '    changes = ',
    '    for sku, price in ',
    '        if sku not in new',
    '    return ',
  ]);

  await editor.progressEnded();
  await editor.shutdown();
  print(
    `\nThe server has ended and left no process behind. Next: ${bold}npx codriver setup neovim${reset} (or helix, emacs-eglot …).`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}
