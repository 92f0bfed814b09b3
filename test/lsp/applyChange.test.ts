/**
 * All of a change or nothing of it, whatever the client does: the four ways of handling a failure that the protocol
 * knows, a failure at every operation, and the clients' abilities. Else the files that differ are named.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InitializeParams, WorkspaceEdit } from 'vscode-languageserver';
import { type TextEdit, TextDocument } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import type { Change, DocumentChange } from '../../server/base/host.ts';
import { applyChange } from '../../server/lsp/applyChange.ts';
import { type ClientFeatures, readClientFeatures } from '../../server/lsp/clientFeatures.ts';
import { createMemoryMachine, type MemoryMachine } from '../support/memoryMachine.ts';

type Handling = 'abort' | 'transactional' | 'textOnlyTransactional' | 'undo';
type Operation = {
  readonly kind?: string;
  readonly uri?: string;
  readonly textDocument?: { uri: string; version: number | null };
  readonly edits?: TextEdit[];
};

const CLIENTS = [
  'neovim-0.12.4',
  'helix-25.07.1',
  'eglot-emacs30.2',
  'lspmode10-emacs30.2',
  'vscode-1.139.1',
];

function features(client: string): ClientFeatures {
  const file = join(import.meta.dirname, '../fixtures/caps', `${client}.json`);
  return readClientFeatures({
    rootUri: null,
    processId: null,
    ...JSON.parse(readFileSync(file, 'utf8')),
  } as InitializeParams);
}

/** A client with open documents and files that fails at one operation of the first edit it gets. */
class Client {
  readonly machine: MemoryMachine;
  readonly documents = new Map<string, Document>();
  readonly handling: Handling;
  failAt: number;
  /** The edit that takes back fails as well, at its first operation. */
  failsAgain = false;
  edits = 0;

  constructor(files: Record<string, string>, open: readonly string[], handling: Handling, failAt: number) {
    this.machine = createMemoryMachine({ files });
    for (const path of open) {
      const uri = `file://${path}`;
      this.documents.set(uri, new Document(uri, 'plaintext', 1, files[path] ?? ''));
    }
    this.handling = handling;
    this.failAt = failAt;
  }

  textOf(uri: string): string | undefined {
    return this.documents.get(uri)?.getText() ?? this.machine.textOf(fileURLToPath(uri));
  }

  put(uri: string, text: string | undefined): void {
    const document = this.documents.get(uri);
    if (text === undefined) {
      this.documents.delete(uri);
      this.machine.uproot(fileURLToPath(uri));
    } else if (document) document.update([{ text }], document.version + 1);
    else this.machine.plant(fileURLToPath(uri), text);
  }

  sendRequest = async (_method: string, { edit }: { edit: WorkspaceEdit }): Promise<unknown> => {
    const failAt = this.edits++ === 0 ? this.failAt : this.failsAgain ? 0 : Number.POSITIVE_INFINITY;
    const operations: Operation[] =
      (edit.documentChanges as Operation[] | undefined) ??
      Object.entries(edit.changes ?? {}).map(([uri, edits]) => ({
        textDocument: { uri, version: null },
        edits,
      }));
    const before = new Map<string, string | undefined>();
    for (const [i, operation] of operations.entries()) {
      const uri = operation.uri ?? operation.textDocument?.uri ?? '';
      const text = this.textOf(uri);
      const version = operation.textDocument?.version ?? null;
      const isStale = version !== null && this.documents.get(uri)?.version !== version;
      if (i === failAt || isStale || (operation.kind === 'create' && text !== undefined)) {
        const onlyText = operations.every(({ kind }) => kind === undefined);
        const takesBack = this.handling === 'textOnlyTransactional' ? onlyText : this.handling !== 'abort';
        if (takesBack) for (const [each, old] of before) this.put(each, old);
        return { applied: false, failedChange: i, failureReason: 'scripted' };
      }
      if (!before.has(uri)) before.set(uri, text);
      if (operation.kind === 'create') this.put(uri, '');
      else if (operation.kind === 'delete') this.put(uri, undefined);
      else
        this.put(
          uri,
          TextDocument.applyEdits(TextDocument.create('', '', 0, text ?? ''), operation.edits ?? []),
        );
    }
    return { applied: true };
  };
}

const first = (newText: string): TextEdit[] => [
  { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText },
];
const files = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`/w/f${i}.txt`, `text ${i}\n`]));
const open = ['/w/f0.txt', '/w/f2.txt', '/w/f4.txt', '/w/f6.txt', '/w/f8.txt'];

/** Twelve operations for a client that can all of them: edits of open and closed files, one new file, one deleted. */
function changeFor({ createFiles, deleteFiles, documentChanges }: ClientFeatures): Change {
  const edits = Object.keys(files).map((path, i): DocumentChange => {
    const version = open.includes(path) ? 1 : null;
    const deletes = i === 9 && deleteFiles && documentChanges;
    return deletes
      ? { uri: `file://${path}`, version, edits: [], delete: true }
      : { uri: `file://${path}`, version, edits: first('ours ') };
  });
  const made: DocumentChange = {
    uri: 'file:///w/new.txt',
    version: null,
    create: true,
    edits: first('new\n'),
  };
  return { label: 'all', documents: createFiles ? [...edits.slice(0, 5), made, ...edits.slice(5)] : edits };
}

function stateOf(client: Client, change: Change): (string | undefined)[] {
  return change.documents.map(({ uri }) => client.textOf(uri));
}

function run(client: Client, as: ClientFeatures, change: Change) {
  const documents = { get: (uri: string) => client.documents.get(uri), isDesynchronised: () => false };
  const connection = { sendRequest: client.sendRequest } as unknown as Parameters<
    typeof applyChange
  >[1]['connection'];
  return applyChange(change, { connection, client: as, documents, files: client.machine.files });
}

describe('a change that the client fails at', () => {
  const handlings: readonly Handling[] = ['abort', 'transactional', 'textOnlyTransactional', 'undo'];
  for (const name of CLIENTS) {
    for (const handling of handlings) {
      it(`${name}, ${handling}: all or nothing at every operation`, async () => {
        const as = features(name);
        const change = changeFor(as);
        for (let failAt = 0; failAt < 12; failAt++) {
          const client = new Client(files, open, handling, failAt);
          const old = stateOf(client, change);
          const outcome = await run(client, as, change);
          const now = stateOf(client, change);
          if (outcome.applied)
            assert.ok(
              now.every((text, i) => text !== old[i]),
              `half applied at ${failAt}`,
            );
          else assert.deepEqual(now, old, `left behind at ${failAt}: ${outcome.message}`);
        }
      });

      it(`${name}, ${handling}: names what is left when taking back fails too`, async () => {
        const as = features(name);
        const change = changeFor(as);
        for (let failAt = 0; failAt < 12; failAt++) {
          const client = new Client(files, open, handling, failAt);
          client.failsAgain = true;
          const old = stateOf(client, change);
          const outcome = await run(client, as, change);
          if (outcome.applied) continue;
          const now = stateOf(client, change);
          for (const [i, { uri }] of change.documents.entries()) {
            const differs = now[i] !== old[i];
            assert.equal(outcome.message.includes(uri), differs, `${uri} at ${failAt}: ${outcome.message}`);
          }
        }
      });
    }
  }

  it('gives a client that needs it the folder of a new file, and takes that back with the change', async () => {
    const made: DocumentChange = {
      uri: 'file:///w/new/deep/a.txt',
      version: null,
      create: true,
      edits: first('new\n'),
    };
    const change = { label: 'new', documents: [made] };
    const folder = async (name: string, failAt: number) => {
      const client = new Client(files, [], 'undo', failAt);
      const send = client.sendRequest;
      let atRequest: unknown;
      client.sendRequest = async (method, params) => {
        atRequest ??= (await client.machine.files.stat('/w/new/deep')) ?? 'none';
        return await send(method, params);
      };
      await run(client, features(name), change);
      const after = await client.machine.files.stat('/w/new');
      return [(atRequest as { kind?: string }).kind ?? atRequest, after?.kind ?? 'none'];
    };
    assert.deepEqual(await folder('eglot-emacs30.2', 9), ['directory', 'directory']);
    assert.deepEqual(await folder('eglot-emacs30.2', 0), ['directory', 'none'], 'refused');
    // Others make it themselves, or not at all where they refuse.
    for (const name of CLIENTS.filter(each => !each.startsWith('eglot')))
      assert.deepEqual(await folder(name, 0), ['none', 'none'], name);
  });

  it('never takes back over what was typed meanwhile, nor deletes a file that was there', async () => {
    const as = features('neovim-0.12.4');
    const client = new Client(files, open, 'abort', 1);
    const send = client.sendRequest;
    client.sendRequest = async (method, params) => {
      const result = await send(method, params);
      if (client.edits === 1) client.put('file:///w/f0.txt', 'ours text 0\nand typed\n');
      return result;
    };
    await run(client, as, changeFor(as));
    assert.equal(client.textOf('file:///w/f0.txt'), 'ours text 0\nand typed\n');
    const there = new Client({ '/w/new.txt': '' }, [], 'abort', 5);
    const made: DocumentChange = {
      uri: 'file:///w/new.txt',
      version: null,
      create: true,
      edits: first('new\n'),
    };
    assert.equal((await run(there, as, { label: 'make', documents: [made] })).applied, false);
    assert.equal(there.textOf('file:///w/new.txt'), '');
  });

  it('deletes nothing through a client that deletes nothing, and says so', async () => {
    const as = { ...features('neovim-0.12.4'), deleteFiles: false };
    const client = new Client(files, open, 'abort', 99);
    const deletion: DocumentChange = { uri: 'file:///w/f1.txt', version: null, edits: [], delete: true };
    const outcome = await run(client, as, { label: 'delete', documents: [deletion] });
    assert.ok(!outcome.applied);
    assert.match(outcome.message, /deletes no files for a server/);
    assert.equal(client.edits, 0);
  });
});
