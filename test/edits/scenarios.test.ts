/**
 * Replies of models against folders of files: `before/`, `reply.txt`, and either `after/` (the whole tree) or
 * `error.txt` (the code and the words for the model; renewed with UPDATE=1). `range.txt` names the target of a
 * range replacement: path, first and last line, counted from one; `form.txt` says that whole files were asked for;
 * `calls.json` holds calls of the edit tools. `restore.txt` maps a placeholder to its secret.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type EditableDocument, type Proposal, proposeFromReply } from '../../server/edits/propose.ts';

const root = join(import.meta.dirname, '../fixtures/edits');
const update = process.env['UPDATE'] === '1';

function readTree(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === '.gitkeep') continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), readFileSync(path, 'utf8'));
  }
  return files;
}

function targetOf(folder: string, documents: readonly EditableDocument[]) {
  const file = join(folder, 'range.txt');
  if (!existsSync(file)) return undefined;
  const [path = '', first = '1', last = '1'] = readFileSync(file, 'utf8').trim().split(' ');
  const document = documents.find(each => each.path === path);
  assert(document, `range.txt names ${path}`);
  const start = { line: Number(first) - 1, character: 0 };
  const lines = document.text.split('\n');
  const line = Number(last) - 1;
  return {
    uri: document.uri,
    range: { start, end: { line, character: (lines[line] ?? '').replace(/\r$/, '').length } },
  };
}

async function run(folder: string): Promise<{ proposal: Proposal; tree: Map<string, string> }> {
  const tree = readTree(join(folder, 'before'));
  const documents = [...tree].map(([path, text]) => ({ uri: `file:///w/${path}`, path, version: 1, text }));
  const restoreFile = join(folder, 'restore.txt');
  const [placeholder = '', secret = ''] = existsSync(restoreFile)
    ? readFileSync(restoreFile, 'utf8').trim().split(' ')
    : [];
  const target = targetOf(folder, documents);
  const callsFile = join(folder, 'calls.json');
  const proposal = await proposeFromReply({
    reply: readFileSync(join(folder, 'reply.txt'), 'utf8'),
    finished: true,
    documents,
    ...(target === undefined ? {} : { target }),
    ...(existsSync(join(folder, 'form.txt')) ? { wholeFiles: true } : {}),
    ...(existsSync(callsFile) ? { calls: JSON.parse(readFileSync(callsFile, 'utf8')) } : {}),
    newFile: path => (path.includes('..') ? undefined : `file:///w/${path}`),
    restore: text => {
      const back = placeholder === '' ? text : text.replaceAll(placeholder, secret);
      return back.includes('[[secret-')
        ? { ok: false, why: 'unknown placeholder' }
        : { ok: true, text: back };
    },
    findSecrets: text =>
      [...text.matchAll(/tok_[a-z0-9]{16}/g)].map(match => ({
        what: 'token',
        start: match.index,
        end: match.index + match[0].length,
      })),
    preflight: async () => ({ ok: true, problems: [] }),
    signal: new AbortController().signal,
  });
  for (const change of proposal.ok ? proposal.change : []) {
    const path = change.uri.slice('file:///w/'.length);
    const document = TextDocument.create(change.uri, 'x', 1, tree.get(path) ?? '');
    assert.equal(change.create === true, !tree.has(path));
    tree.set(path, TextDocument.applyEdits(document, [...change.edits]));
  }
  return { proposal, tree };
}

describe('edits: scenarios', () => {
  for (const name of readdirSync(root)) {
    it(name, async () => {
      const folder = join(root, name);
      const { proposal, tree } = await run(folder);
      const expectsError = existsSync(join(folder, 'error.txt'));
      if (update && !expectsError && !existsSync(join(folder, 'after'))) {
        if (proposal.ok) for (const [path, text] of tree) write(join(folder, 'after', path), text);
        else write(join(folder, 'error.txt'), `${proposal.code}\n\n${proposal.retry}\n`);
        return;
      }
      if (expectsError) {
        const actual = proposal.ok ? 'accepted' : `${proposal.code}\n\n${proposal.retry}\n`;
        if (update && !proposal.ok) write(join(folder, 'error.txt'), actual);
        assert.equal(actual, readFileSync(join(folder, 'error.txt'), 'utf8'));
        return;
      }
      assert(proposal.ok, proposal.ok ? '' : `${proposal.code}: ${proposal.retry}`);
      const expected = readTree(join(folder, 'after'));
      if (update) {
        rmSync(join(folder, 'after'), { recursive: true });
        for (const [path, text] of tree) write(join(folder, 'after', path), text);
      }
      assert.deepEqual(tree, expected);
    });
  }

  it('has a floor of good and of bad cases', () => {
    const bad = readdirSync(root).filter(name => existsSync(join(root, name, 'error.txt'))).length;
    const good = readdirSync(root).filter(name => existsSync(join(root, name, 'after'))).length;
    assert(bad >= 55 && good >= 50, `${good} good, ${bad} bad`);
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
