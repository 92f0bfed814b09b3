import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { type ProposeInput, proposeFromReply } from '../../server/edits/propose.ts';

function block(path: string, search: readonly string[], replace: readonly string[]): string {
  return [path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE', ''].join('\n');
}

describe('edits: propose', () => {
  const text = 'const a = 1;\nconst b = 2;\nconst c = 3;\n';
  const reply = block('a.ts', ['const b = 2;'], ['const b = 20;']);
  const input = (more: Partial<ProposeInput> = {}): ProposeInput => ({
    reply,
    finished: true,
    documents: [{ uri: 'file:///w/a.ts', path: 'a.ts', version: 3, text }],
    restore: each => ({ ok: true, text: each }),
    preflight: async () => ({ ok: true, problems: [] }),
    signal: new AbortController().signal,
    ...more,
  });

  it('gives edits for the version the model saw', async () => {
    const proposal = await proposeFromReply(input());
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 12 } };
    assert.deepEqual(proposal, {
      ok: true,
      change: [{ uri: 'file:///w/a.ts', version: 3, edits: [{ range, newText: 'const b = 20;' }] }],
      warnings: [],
    });
  });

  it('never uses a reply that did not end by itself', async () => {
    const proposal = await proposeFromReply(input({ finished: false }));
    assert(!proposal.ok && proposal.code === 'truncated');
  });

  it('moves the edits to what the buffer holds now, and tries them there', async () => {
    const tried: (readonly TextEdit[])[] = [];
    const proposal = await proposeFromReply(
      input({
        current: () => ({ version: 9, text: `// new\n${text}` }),
        preflight: async (_uri, edits) => {
          tried.push(edits);
          return { ok: true, problems: [] };
        },
      }),
    );
    assert(proposal.ok);
    assert.equal(proposal.change[0]?.version, 9);
    assert.equal(proposal.change[0]?.edits[0]?.range.start.line, 2);
    assert.deepEqual(tried, [proposal.change[0]?.edits]);
  });

  it('refuses where the person typed, and does not ask the model again', async () => {
    const proposal = await proposeFromReply(
      input({ current: () => ({ version: 9, text: text.replace('b = 2', 'b = 25') }) }),
    );
    assert(!proposal.ok && proposal.code === 'changed-meanwhile');
    assert.equal(proposal.retry, '');
    assert.match(proposal.reason, /same lines meanwhile/);
  });

  it('tells the model what the pre-flight found', async () => {
    const preflight = async () => ({ ok: false, problems: ["Line 2: ')' is missing."] });
    const proposal = await proposeFromReply(input({ preflight }));
    assert(!proposal.ok && proposal.code === 'preflight');
    assert.match(proposal.retry, /'\)' is missing/);
    assert.doesNotMatch(proposal.reason, /missing/);
  });

  it('is all or none over several files', async () => {
    const documents = [
      ...input().documents,
      { uri: 'file:///w/b.ts', path: 'b.ts', version: 1, text: 'x\n' },
    ];
    const both = reply + block('b.ts', ['y'], ['z']);
    const proposal = await proposeFromReply(input({ documents, reply: both }));
    assert(!proposal.ok && proposal.code === 'not-found');
  });

  it('offers nothing after it was cancelled', async () => {
    const controller = new AbortController();
    const preflight = async () => {
      controller.abort();
      return { ok: true, problems: [] };
    };
    const proposal = await proposeFromReply(input({ preflight, signal: controller.signal }));
    assert(!proposal.ok && proposal.code === 'aborted');
  });

  it('words every refusal for both readers', () => {
    const root = join(import.meta.dirname, '../fixtures/edits');
    const errors = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('error.txt'),
    );
    for (const name of errors) {
      const [, retry = ''] = readFileSync(join(root, name), 'utf8').split('\n\n');
      assert(retry.trim().length > 20, name);
    }
  });
});
