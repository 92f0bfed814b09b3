/**
 * The tree of a task as a folder: every path that a model names is looked at anew for containment, links, the read
 * gate, protected names and size before anything is touched. It must not know tools, tasks, or how the folder came to
 * be (a worktree or a copy).
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Disk, Files } from '../base/ports.ts';
import { createContainment } from '../guard/containment.ts';
import type { ReadGate } from '../guard/readGate.ts';
import type { Answer, Tree, TreeEntry } from './ports.ts';

export interface FolderTreeOptions {
  /** Absolute, with every link resolved. */
  readonly root: string;
  /** A folder of ours on the same device, where files are written before they get their name. */
  readonly scratch: string;
  readonly files: Files;
  readonly disk: Disk;
  /** With `root` for a workspace folder. */
  readonly gate: ReadGate;
  readonly platform: NodeJS.Platform;
  /** Both cheaper where something knows them, such as git; without them they are found by reading. */
  readonly hash?: () => Promise<string>;
  readonly changed?: () => Promise<readonly string[]>;
}

/** Largest file that is read or written. In bytes. */
const MOST_BYTES = 1024 * 1024;
const NEW_FILE = 0o644;
const NEW_FOLDER = 0o755;

type Place = Answer<{ readonly path: string; readonly relative: string }>;

const refuse = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });
const done = { ok: true, value: undefined } as const;

export function createFolderTree(options: FolderTreeOptions): Tree {
  const { disk, files, gate, platform, root, scratch } = options;
  const containment = createContainment(files, platform, [root]);
  const touched = new Set<string>();
  const digests = new Map<string, { readonly stamp: string; readonly digest: string }>();
  let written = 0;

  /** Where a model's path lies, and nothing about whether it may be used. */
  async function place(untrusted: string): Promise<Place> {
    const path = untrusted.replace(/^(?:\.\/)+/, '').replace(/(?<=.)\/+$/, '');
    if (path === '' || path === '.') return { ok: true, value: { path: root, relative: '' } };
    const located = await containment.resolve(root, path);
    if (!located.ok) return refuse(`"${shown(untrusted)}" cannot be used: ${located.why}.`);
    if (located.relative !== posix.normalize(path)) {
      return refuse(
        `"${shown(untrusted)}" goes through a link or is another spelling of a name; links are not followed.`,
      );
    }
    return { ok: true, value: { path: posix.join(root, located.relative), relative: located.relative } };
  }

  async function toRead(untrusted: string): Promise<Place> {
    const placed = await place(untrusted);
    if (!placed.ok) return placed;
    const verdict = await gate.check(placed.value.path);
    return verdict.allowed ? placed : refuse(`"${shown(untrusted)}" is left out, because ${verdict.why}.`);
  }

  async function toWrite(untrusted: string): Promise<Place> {
    const placed = await place(untrusted);
    if (!placed.ok) return placed;
    const { relative } = placed.value;
    if (relative === '') return refuse('This is the folder of the task itself.');
    const verdict = await gate.mayCreate(root, relative);
    if (verdict.allowed) return placed;
    return refuse(
      `"${shown(untrusted)}" may not be changed by a model: ${verdict.why}. If the task needs it, ask the person to change it.`,
    );
  }

  /** What the file holds; undefined if there is none. */
  async function current(
    path: string,
  ): Promise<Answer<{ bytes: Uint8Array; text: string; mode: number } | undefined>> {
    try {
      const found = await disk.read(path, MOST_BYTES);
      if (found === undefined) return done;
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(found.bytes);
      if (text.includes('\0')) return refuse('It is not text.');
      return { ok: true, value: { ...found, text } };
    } catch (error) {
      return refuse(reasonOf(error));
    }
  }

  async function put(path: string, text: string, mode: number): Promise<void> {
    const draft = posix.join(scratch, `draft-${disk.pid}-${++written}`);
    await disk.makeFolder(scratch, 0o700);
    await disk.makeFolder(posix.dirname(path), NEW_FOLDER);
    await disk.remove(draft);
    try {
      await disk.create(draft, new TextEncoder().encode(text), mode);
      await disk.rename(draft, path);
    } catch (error) {
      await disk.remove(draft).catch(() => undefined);
      throw error;
    }
  }

  async function walk(limit: number, signal?: AbortSignal): Promise<readonly string[]> {
    const found: string[] = [];
    const folders = [''];
    for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
      const path = posix.join(root, folder);
      const entries = await gate.allowedEntries(path, await files.list(path).catch(() => []));
      for (const { kind, name } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (signal?.aborted === true || found.length >= limit) return found;
        const relative = folder === '' ? name : `${folder}/${name}`;
        if (kind === 'directory') folders.push(relative);
        else if (kind === 'file') found.push(relative);
      }
    }
    return found;
  }

  async function digestOf(relative: string): Promise<string> {
    const path = posix.join(root, relative);
    const stat = await files.stat(path);
    const stamp = `${stat?.size}:${stat?.mtimeMs}`;
    const known = digests.get(relative);
    if (known?.stamp === stamp && !touched.has(relative)) return known.digest;
    const bytes = await files.readBytes(path, 64 * MOST_BYTES);
    const digest = createHash('sha256')
      .update(bytes ?? 'unread')
      .digest('hex');
    digests.set(relative, { stamp, digest });
    return digest;
  }

  async function attempt(act: () => Promise<Answer<undefined>>): Promise<Answer<undefined>> {
    try {
      return await act();
    } catch (error) {
      return refuse(reasonOf(error));
    }
  }

  return {
    async entries(folder) {
      const placed = await place(folder);
      if (!placed.ok) return placed;
      const { path, relative } = placed.value;
      const stat = await files.stat(path);
      if (relative !== '' && stat?.kind !== 'directory') return refuse(`"${shown(folder)}" is no folder.`);
      const verdict = relative === '' ? { allowed: true as const } : await gate.checkDirectory(path);
      if (!verdict.allowed) return refuse(`"${shown(folder)}" is left out, because ${verdict.why}.`);
      const entries = await gate.allowedEntries(path, await files.list(path).catch(() => []));
      const value = entries.map(
        ({ kind, name }): TreeEntry => ({ name, kind: kind === 'directory' ? 'folder' : 'file' }),
      );
      return { ok: true, value: value.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },

    async read(untrusted) {
      const placed = await toRead(untrusted);
      if (!placed.ok) return placed;
      const found = await current(placed.value.path);
      if (!found.ok) return refuse(`"${shown(untrusted)}" cannot be read. ${found.why}`);
      return found.value === undefined
        ? refuse(`There is no file "${shown(untrusted)}".`)
        : { ok: true, value: found.value.text };
    },

    async write(untrusted, text, before) {
      const placed = await toWrite(untrusted);
      if (!placed.ok) return placed;
      if (Buffer.byteLength(text) > MOST_BYTES) return refuse('The text is larger than 1 MiB. Split it.');
      const { path, relative } = placed.value;
      const found = await current(path);
      if (!found.ok) return refuse(`"${shown(untrusted)}" cannot be written. ${found.why}`);
      if (found.value?.text !== before) {
        return refuse(
          before === undefined
            ? `"${shown(untrusted)}" exists already. Edit it instead.`
            : `"${shown(untrusted)}" has changed meanwhile. Read it again.`,
        );
      }
      touched.add(relative);
      return attempt(async () => {
        await put(path, text, found.value?.mode ?? NEW_FILE);
        return done;
      });
    },

    async move(from, to) {
      const source = await toWrite(from);
      if (!source.ok) return source;
      const readable = await toRead(from);
      if (!readable.ok) return readable;
      const target = await toWrite(to);
      if (!target.ok) return target;
      if ((await files.stat(source.value.path))?.kind !== 'file')
        return refuse(`There is no file "${shown(from)}".`);
      if ((await files.stat(target.value.path)) !== undefined)
        return refuse(`"${shown(to)}" exists already.`);
      touched.add(source.value.relative).add(target.value.relative);
      return attempt(async () => {
        await disk.makeFolder(posix.dirname(target.value.path), NEW_FOLDER);
        await disk.rename(source.value.path, target.value.path);
        return done;
      });
    },

    async remove(untrusted) {
      const placed = await toWrite(untrusted);
      if (!placed.ok) return placed;
      const readable = await toRead(untrusted);
      if (!readable.ok) return readable;
      if ((await files.stat(placed.value.path))?.kind !== 'file') {
        return refuse(`There is no file "${shown(untrusted)}". Folders go with their last file.`);
      }
      touched.add(placed.value.relative);
      return attempt(async () => {
        await disk.remove(placed.value.path);
        return done;
      });
    },

    paths: (limit, signal) => walk(limit, signal),
    changed: options.changed ?? (async () => [...touched].sort()),
    hash:
      options.hash ??
      (async () => {
        const sum = createHash('sha256');
        for (const relative of await walk(Number.POSITIVE_INFINITY)) {
          sum.update(JSON.stringify([relative, await digestOf(relative)]));
        }
        return sum.digest('hex');
      }),
  };
}

/** A stranger's path in one of our sentences. */
function shown(path: string): string {
  const line = path.replace(/[^\u0020-\u007e\u00a1-\uffff]/g, '?');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** Never the system's own message, which names the place of the tree. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    EFBIG: 'It is larger than 1 MiB.',
    EINVAL: 'It is no plain file.',
    ENOTDIR: 'A part of its path is a file and no folder.',
    EISDIR: 'It is a folder.',
    EACCES: 'The system does not allow it.',
    EPERM: 'The system does not allow it.',
    ENOSPC: 'The disk is full.',
    ENAMETOOLONG: 'Its name is too long.',
  };
  if (error instanceof TypeError) return 'It is not UTF-8 text.';
  return words[code] ?? `The system refused it${code === '' ? '' : ` (${code})`}.`;
}
