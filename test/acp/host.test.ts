/** Changes through an editor's buffers: all or nothing, and never over what the result does not know. */
import assert from 'node:assert/strict';
import type { Change } from '../../server/base/host.ts';
import type { SessionClient } from '../../server/acp/client.ts';
import { acpHost } from '../../server/acp/host.ts';

const at = (line: number) => ({ line, character: 0 });
const insert = (uri: string, text: string, more: object = {}) => ({
  uri,
  version: null,
  edits: [{ range: { start: at(0), end: at(0) }, newText: text }],
  ...more,
});
const change = (...documents: Change['documents']): Change => ({ label: 'x', documents });

interface Case {
  readonly name: string;
  readonly change: Change;
  /** What the editor shows; what is missing is as on disk. */
  readonly buffers?: Readonly<Record<string, string>>;
  readonly can?: SessionClient['can'];
  /** Files that the editor refuses. */
  readonly refuses?: readonly string[];
  /** The disk refuses. */
  readonly diskSays?: string;
  readonly applied: boolean;
  /** Contents at the end, by the editor or on disk; undefined: gone, or never made. */
  readonly editor?: Readonly<Record<string, string>>;
  readonly disk?: Readonly<Record<string, string | undefined>>;
}

const both = { readFiles: true, writeFiles: true };
const none = { readFiles: false, writeFiles: false };
const two = change(insert('file:///a', '1'), insert('file:///b', '2'));
const moved = change(insert('file:///new', 'n', { create: true }), {
  uri: 'file:///a',
  version: null,
  edits: [],
  delete: true,
});

const cases: readonly Case[] = [
  {
    name: 'go to the editor',
    change: two,
    applied: true,
    editor: { '/a': '1A\n', '/b': '2B\n' },
    disk: { '/a': 'A\n' },
  },
  {
    name: 'go to disk where the editor takes none',
    change: two,
    can: none,
    applied: true,
    editor: {},
    disk: { '/a': '1A\n', '/b': '2B\n' },
  },
  {
    name: 'wait where a buffer is not what the result knows',
    change: two,
    buffers: { '/b': 'typed\n' },
    applied: false,
    editor: { '/b': 'typed\n' },
    disk: { '/a': 'A\n', '/b': 'B\n' },
  },
  {
    name: 'wait there too where the disk is written',
    change: two,
    buffers: { '/b': 'typed\n' },
    can: { readFiles: true, writeFiles: false },
    applied: false,
    editor: { '/b': 'typed\n' },
    disk: { '/a': 'A\n', '/b': 'B\n' },
  },
  {
    name: 'know other line ends for the same text',
    change: two,
    buffers: { '/a': 'A\r\n', '/b': 'B' },
    applied: true,
  },
  {
    name: 'are given back where the second file is refused',
    change: two,
    refuses: ['/b'],
    applied: false,
    editor: { '/a': 'A\n' },
    disk: { '/a': 'A\n', '/b': 'B\n' },
  },
  {
    name: 'make and remove files',
    change: moved,
    applied: true,
    editor: { '/new': 'n' },
    disk: { '/a': undefined },
  },
  {
    name: 'are given back where a file cannot be removed',
    change: moved,
    diskSays: 'read-only',
    applied: false,
    disk: { '/a': 'A\n' },
  },
  {
    name: 'are refused for a file that is there already',
    change: change(insert('file:///a', 'n', { create: true })),
    applied: false,
    editor: {},
  },
  {
    name: 'are refused for a file that is gone',
    change: change(insert('file:///c', 'n')),
    applied: false,
    editor: {},
  },
  {
    name: 'are refused for what is no file',
    change: change(insert('untitled:1', 'n')),
    applied: false,
    editor: {},
  },
  {
    name: 'of a task’s own document go to disk',
    change: change(insert('file:///t.task.md', '#')),
    applied: true,
    editor: {},
    disk: { '/t.task.md': '#T\n' },
  },
];

describe('acp changes', () => {
  for (const each of cases) {
    it(each.name, async () => {
      const disk = new Map([
        ['/a', 'A\n'],
        ['/b', 'B\n'],
        ['/t.task.md', 'T\n'],
      ]);
      const editor = new Map(Object.entries(each.buffers ?? {}));
      const can = each.can ?? both;
      const client: SessionClient = {
        can,
        update: () => undefined,
        say: () => undefined,
        permit: async () => undefined,
        read: async path => (can.readFiles ? (editor.get(path) ?? disk.get(path)) : undefined),
        async write(path, text) {
          if (!can.writeFiles || each.refuses?.includes(path)) return false;
          editor.set(path, text);
          return true;
        },
      };
      const host = acpHost({
        client,
        pathOf: uri => (uri.startsWith('file://') ? uri.slice(7) : undefined),
        read: async path => disk.get(path),
        async changeFiles(changes) {
          if (each.diskSays !== undefined) return each.diskSays;
          for (const { after, path } of changes) {
            if (after === undefined) disk.delete(path);
            else disk.set(path, after);
          }
          return undefined;
        },
      });
      const outcome = await host.apply(each.change);
      assert.equal(outcome.applied, each.applied);
      if (each.editor !== undefined) assert.deepEqual(Object.fromEntries(editor), each.editor);
      for (const [path, text] of Object.entries(each.disk ?? {})) assert.equal(disk.get(path), text, path);
    });
  }
});
