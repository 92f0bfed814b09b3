/** Change annotations: what a change is for, and which changes the person is asked to look at first. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InitializeParams, WorkspaceEdit } from 'vscode-languageserver';
import { Document } from '../../server/base/document.ts';
import type { Change } from '../../server/base/host.ts';
import { applyChange } from '../../server/lsp/applyChange.ts';
import { readClientFeatures } from '../../server/lsp/clientFeatures.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

const start = { line: 0, character: 0 };
const edits = [{ range: { start, end: start }, newText: 'x' }];
const change: Change = {
  label: 'Codriver: fix',
  confirm: 'It changes 3 files.',
  documents: [
    { uri: 'file:///w/a.txt', version: 1, edits },
    { uri: 'file:///w/b.txt', version: null, edits, create: true },
    { uri: 'file:///w/c.txt', version: null, edits: [], delete: true },
  ],
};

/** The edit that a client with a profile is sent, and the outcome of its answer. */
async function sent(profile: string, applied: Change, answer: object) {
  const file = join(import.meta.dirname, '../fixtures/caps', `${profile}.json`);
  const params = {
    rootUri: null,
    processId: null,
    ...JSON.parse(readFileSync(file, 'utf8')),
  } as InitializeParams;
  const { files } = createMemoryMachine({ files: { '/w/a.txt': 'a', '/w/c.txt': 'c' } });
  const documents = new Map([['file:///w/a.txt', new Document('file:///w/a.txt', 'plaintext', 1, 'a')]]);
  let edit: WorkspaceEdit | undefined;
  const connection = {
    sendRequest: (_method: string, asked: { edit: WorkspaceEdit }) => {
      edit = asked.edit;
      return Promise.resolve(answer);
    },
  } as unknown as Parameters<typeof applyChange>[1]['connection'];
  const outcome = await applyChange(applied, {
    connection,
    client: readClientFeatures(params),
    documents: { get: uri => documents.get(uri), isDesynchronised: () => false },
    files,
  });
  return { edit: edit as WorkspaceEdit, outcome };
}

const done = { applied: true };

describe('change annotations', () => {
  it('mark every operation of a change that should be looked at', async () => {
    const { edit } = await sent('vscode-1.139.1', change, done);
    assert.deepEqual(edit.changeAnnotations, {
      codriver: { label: 'Codriver: fix', needsConfirmation: true, description: 'It changes 3 files.' },
    });
    const ids = (edit.documentChanges as object[]).flatMap(operation =>
      'edits' in operation
        ? (operation.edits as { annotationId?: string }[]).map(each => each.annotationId)
        : [(operation as { annotationId?: string }).annotationId],
    );
    assert.deepEqual(ids, ['codriver', 'codriver', 'codriver', 'codriver']);
  });

  it('ask nothing about a change that was checked', async () => {
    const { confirm: _, ...checked } = change;
    const { edit } = await sent('vscode-1.139.1', checked, done);
    assert.deepEqual(edit.changeAnnotations, { codriver: { label: 'Codriver: fix' } });
  });

  it('are not sent to a client that does not know them', async () => {
    const { edit } = await sent(
      'helix-25.07.1',
      { ...change, documents: change.documents.slice(0, 1) },
      done,
    );
    assert.equal(edit.changeAnnotations, undefined);
    assert.ok(!JSON.stringify(edit).includes('annotationId'));
  });

  it('are answered by a person: what was not confirmed is no failure of the editor', async () => {
    const { outcome } = await sent('vscode-1.139.1', change, { applied: false });
    assert.ok(!outcome.applied);
    assert.match(outcome.message, /not confirmed in the editor/);
    const other = await sent(
      'vscode-1.139.1',
      { ...change, label: 'x' },
      { applied: false, failureReason: 'locked' },
    );
    assert.ok(!other.outcome.applied);
    assert.match(other.outcome.message, /locked/);
  });
});
