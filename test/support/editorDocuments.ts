/**
 * What a real editor holds: buffers with versions, and the rules by which it takes edits. Kept apart from the
 * server's own document class on purpose, so that a fault in one does not hide in the other.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Position, type Range, TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';

export interface Buffered {
  readonly uri: string;
  readonly languageId: string;
  version: number;
  text: string;
  /** Known to the server through didOpen. */
  open: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** What applying an edit came to: the buffers that changed, or why nothing was done. */
export type Applied = { readonly changed: readonly Buffered[] } | { readonly refused: string };

/** A rule of the protocol that the server broke, as opposed to an edit that merely came too late. */
export class ProtocolFault extends Error {}

export class EditorDocuments {
  readonly #buffers = new Map<string, Buffered>();

  get(uri: string): Buffered | undefined {
    return this.#buffers.get(uri);
  }

  all(): Buffered[] {
    return [...this.#buffers.values()];
  }

  add(buffered: Buffered): void {
    this.#buffers.set(buffered.uri, buffered);
  }

  remove(uri: string): void {
    this.#buffers.delete(uri);
  }

  /** The buffer, or the file behind it. */
  find(uri: string): Buffered | undefined {
    const known = this.#buffers.get(uri);
    if (known !== undefined) return known;
    try {
      const text = readFileSync(fileURLToPath(uri), 'utf8');
      return { uri, languageId: 'plaintext', version: 0, text, open: false };
    } catch {
      return undefined;
    }
  }

  /** Applies a WorkspaceEdit, all of it or nothing. Throws a ProtocolFault where the server broke a rule. */
  apply(
    edit: Json,
    allowed: { documentChanges: boolean; operations: readonly string[]; annotations: boolean },
  ): Applied {
    const staged = new Map<string, Buffered | undefined>();
    const read = (uri: string) => (staged.has(uri) ? staged.get(uri) : this.find(uri));
    const write = (uri: string, edits: readonly TextEdit[]) => {
      const before = read(uri);
      if (before === undefined) return `there is no ${uri}`;
      staged.set(uri, { ...before, text: applyTextEdits(before.text, edits, uri) });
      return undefined;
    };
    const changes = edit['documentChanges'] as Json[] | undefined;
    if (changes !== undefined && !allowed.documentChanges)
      throw new ProtocolFault('documentChanges were not announced');
    if (edit['changeAnnotations'] !== undefined && !allowed.annotations) {
      throw new ProtocolFault('change annotations were not announced');
    }
    for (const change of changes ?? []) {
      const refused =
        change['kind'] === undefined
          ? this.#textChange(change, write)
          : fileOperation(change, allowed.operations, read, staged);
      if (refused !== undefined) return { refused };
    }
    if (changes === undefined) {
      for (const [uri, edits] of Object.entries((edit['changes'] ?? {}) as Record<string, TextEdit[]>)) {
        const refused = write(uri, edits);
        if (refused !== undefined) return { refused };
      }
    }
    return { changed: this.#commit(staged) };
  }

  #textChange(
    change: Json,
    write: (uri: string, edits: readonly TextEdit[]) => string | undefined,
  ): string | undefined {
    const { uri, version } = change['textDocument'] as { uri: string; version: number | null };
    const buffer = this.#buffers.get(uri);
    if (version === undefined) throw new ProtocolFault('a TextDocumentEdit needs a version or null');
    if (version !== null && buffer?.open && buffer.version !== version) {
      return `${uri} is at version ${buffer.version}, the edit is for ${version}`;
    }
    return write(uri, change['edits'] as TextEdit[]);
  }

  #commit(staged: Map<string, Buffered | undefined>): Buffered[] {
    const changed: Buffered[] = [];
    for (const [uri, after] of staged) {
      const before = this.#buffers.get(uri);
      if (after === undefined) this.#buffers.delete(uri);
      else if (before?.text !== after.text || before === undefined) {
        const next = { ...after, version: after.version + 1 };
        this.#buffers.set(uri, next);
        changed.push(next);
      }
    }
    return changed;
  }
}

function fileOperation(
  change: Json,
  operations: readonly string[],
  read: (uri: string) => Buffered | undefined,
  staged: Map<string, Buffered | undefined>,
): string | undefined {
  const kind = String(change['kind']);
  if (!operations.includes(kind)) throw new ProtocolFault(`the file operation ${kind} was not announced`);
  const options = (change['options'] ?? {}) as { overwrite?: boolean; ignoreIfExists?: boolean };
  if (kind === 'create') {
    const uri = String(change['uri']);
    if (read(uri) !== undefined && !options.overwrite)
      return options.ignoreIfExists ? undefined : `${uri} exists`;
    staged.set(uri, { uri, languageId: 'plaintext', version: 0, text: '', open: false });
    return undefined;
  }
  if (kind === 'delete') {
    staged.set(String(change['uri']), undefined);
    return undefined;
  }
  const from = read(String(change['oldUri']));
  const to = String(change['newUri']);
  if (from === undefined) return `there is no ${String(change['oldUri'])}`;
  if (read(to) !== undefined && !options.overwrite) return `${to} exists`;
  staged.set(from.uri, undefined);
  staged.set(to, { ...from, uri: to });
  return undefined;
}

/** Applies edits as an editor does, which trusts nobody: each position must exist, no two edits may overlap. */
export function applyTextEdits(text: string, edits: readonly TextEdit[], what: string): string {
  for (const edit of edits) {
    checkRange(text, edit.range, what);
    checkText(edit.newText, what);
  }
  try {
    return TextDocument.applyEdits(TextDocument.create('', '', 0, text), [...edits]);
  } catch {
    throw new ProtocolFault(`edits of ${what} overlap`);
  }
}

export function checkRange(text: string, range: Range, what: string): void {
  checkPosition(text, range.start, what);
  checkPosition(text, range.end, what);
  const reversed =
    range.start.line > range.end.line ||
    (range.start.line === range.end.line && range.start.character > range.end.character);
  if (reversed) throw new ProtocolFault(`a range in ${what} ends before it starts`);
}

export function checkPosition(text: string, position: Position, what: string): void {
  const lines = text.split(/\r\n|\n|\r/);
  const line = lines[position.line];
  const fits = line !== undefined && Number.isInteger(position.character) && position.character >= 0;
  if (!fits || position.character > line.length) {
    throw new ProtocolFault(`${what} has no position ${position.line}:${position.character}`);
  }
  const pair = line.slice(position.character - 1, position.character + 1);
  if (position.character > 0 && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(pair)) {
    throw new ProtocolFault(`${position.line}:${position.character} in ${what} is inside a surrogate pair`);
  }
}

/** No lone surrogate may leave the server. */
export function checkText(text: string, what: string): void {
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)) {
    throw new ProtocolFault(`${what} holds a lone surrogate`);
  }
}
