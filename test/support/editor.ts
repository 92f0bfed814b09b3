/**
 * A strict editor for protocol tests: does what real ones do, believes nothing, and fails on whatever the protocol
 * does not allow or the test has not claimed. This is the part that a person sees: buffers, typing, choosing.
 */
import assert from 'node:assert/strict';
import type { Position, Range, TextEdit } from 'vscode-languageserver-textdocument';
import { applyTextEdits, type Buffered } from './editorDocuments.ts';
import { at, type Json, profileParams } from './editorRules.ts';
import { EditorSession } from './editorSession.ts';
import type { Diagnostic, EditorOptions, TakenEdit } from './editorTypes.ts';

export {
  type Answerer,
  type Diagnostic,
  type EditorOptions,
  ErrorAnswer,
  type TakenEdit,
} from './editorTypes.ts';
export { profiles } from './editorRules.ts';

export class FakeEditor extends EditorSession {
  #refuseEdits: string | undefined;

  /** Starts a server and goes through initialize and initialized with it. */
  static async start(options: EditorOptions = {}): Promise<FakeEditor> {
    const params = profileParams(options.profile ?? 'neovim-0.12.4');
    const capabilities = (params['capabilities'] ?? {}) as Record<string, unknown>;
    options.capabilities?.(capabilities);
    const editor = new FakeEditor(options, capabilities);
    const sent: Record<string, unknown> = { ...params, capabilities, processId: process.pid };
    const root = options.rootUri ?? null;
    sent['rootUri'] = root;
    delete sent['rootPath'];
    sent['workspaceFolders'] = root === null ? null : [{ uri: root, name: 'workspace' }];
    if ('initializationOptions' in options) sent['initializationOptions'] = options.initializationOptions;
    else delete sent['initializationOptions'];
    Object.assign(sent, options.params);
    try {
      editor.initializeResult = (await editor.request('initialize', sent)) as Json;
      editor.notify('initialized', {});
    } catch (error) {
      editor.kill();
      throw error;
    }
    return editor;
  }

  /** From now on workspace/applyEdit is refused with this reason; `undefined` applies again. */
  refuseEdits(reason: string | undefined): void {
    this.#refuseEdits = reason;
  }

  // ------------------------------------------------------------------ documents

  open(uri: string, languageId: string, text: string, version = 1): void {
    assert.ok(!this.documents.get(uri)?.open, `${uri} is open already`);
    this.documents.add({ uri, languageId, version, text, open: true });
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  close(uri: string): void {
    this.#buffer(uri);
    this.documents.remove(uri);
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  save(uri: string): void {
    const { text } = this.#buffer(uri);
    const includeText = at(this.serverCapabilities, 'textDocumentSync.save.includeText') === true;
    this.notify('textDocument/didSave', { textDocument: { uri }, ...(includeText ? { text } : {}) });
  }

  /** Types a text at a place. */
  type(uri: string, position: Position, text: string): void {
    this.change(uri, [{ range: { start: position, end: position }, newText: text }]);
  }

  /** Makes edits, none of which overlap, in one didChange. */
  change(uri: string, edits: readonly TextEdit[]): void {
    const buffer = this.#buffer(uri);
    const before = buffer.text;
    buffer.text = applyTextEdits(before, edits, uri);
    buffer.version++;
    this.#sendChange(buffer, edits);
  }

  textOf(uri: string): string {
    const buffer = this.documents.get(uri) ?? this.documents.find(uri);
    assert.ok(buffer, `there is no ${uri}`);
    return buffer.text;
  }

  versionOf(uri: string): number {
    return this.#buffer(uri).version;
  }

  /** Diagnostics last published for a document. */
  diagnosticsOf(uri: string): readonly Diagnostic[] {
    return this.diagnostics.get(uri) ?? [];
  }

  diagnosticsUntil(
    uri: string,
    matches: (diagnostics: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]> {
    return this.until(`diagnostics of ${uri}`, () => {
      const diagnostics = this.diagnostics.get(uri);
      return diagnostics !== undefined && matches(diagnostics) ? diagnostics : undefined;
    });
  }

  // ------------------------------------------------------------------ shorthands

  complete(uri: string, position: Position): Promise<unknown> {
    return this.request('textDocument/completion', {
      textDocument: { uri },
      position,
      context: { triggerKind: 1 },
    });
  }

  hover(uri: string, position: Position): Promise<unknown> {
    return this.request('textDocument/hover', { textDocument: { uri }, position });
  }

  async codeActions(
    uri: string,
    range: Range,
    diagnostics: readonly Diagnostic[] = [],
    only?: readonly string[],
  ): Promise<Json[]> {
    const context = { diagnostics, triggerKind: 1, ...(only ? { only } : {}) };
    const result = await this.request('textDocument/codeAction', { textDocument: { uri }, range, context });
    return (result ?? []) as Json[];
  }

  /** Chooses an action as an editor does: resolve if it can be, take the edit, then run the command. */
  async choose(action: Json): Promise<void> {
    const resolvable = at(this.serverCapabilities, 'codeActionProvider.resolveProvider') === true;
    const isCommand = typeof action['command'] === 'string';
    const full =
      resolvable && !isCommand && action['edit'] === undefined
        ? await this.request('codeAction/resolve', action)
        : action;
    const edit = at(full, 'edit');
    if (edit !== undefined) {
      const result = this.take(undefined, edit as Json);
      assert.ok(result.applied, result.failureReason);
      this.edits.pop();
    }
    const command = isCommand ? full : at(full, 'command');
    if (command)
      await this.execute(String(at(command, 'command')), at(command, 'arguments') as unknown[] | undefined);
  }

  execute(command: string, args: unknown[] = []): Promise<unknown> {
    return this.request('workspace/executeCommand', { command, arguments: args });
  }

  // ------------------------------------------------------------------ inside

  protected override take(label: string | undefined, edit: Json): TakenEdit {
    const taken = this.#tryEdit(edit);
    const whole = { label, edit, ...taken };
    this.edits.push(whole);
    return whole;
  }

  #tryEdit(edit: Json): { applied: boolean; failureReason?: string } {
    if (this.#refuseEdits !== undefined) return { applied: false, failureReason: this.#refuseEdits };
    const support = at(this.capabilities, 'workspace.workspaceEdit');
    const operations = (at(support, 'resourceOperations') ?? []) as string[];
    const before = new Map(this.documents.all().map(buffer => [buffer.uri, buffer.text]));
    const result = this.documents.apply(edit, {
      // Neovim announces resource operations only, and takes documentChanges.
      documentChanges: Boolean(at(support, 'documentChanges')) || operations.length > 0,
      operations,
      annotations: Boolean(at(support, 'changeAnnotationSupport')),
    });
    if ('refused' in result) return { applied: false, failureReason: result.refused };
    for (const buffer of result.changed) {
      if (buffer.open) this.#sendChange(buffer, undefined, before.get(buffer.uri));
    }
    return { applied: true };
  }

  /** Tells the server as it asked to be told: whole texts, or changes from the end to the start so that no position moves. */
  #sendChange(buffer: Buffered, edits: readonly TextEdit[] | undefined, before?: string): void {
    const sync = at(this.serverCapabilities, 'textDocumentSync');
    const kind = typeof sync === 'number' ? sync : at(sync, 'change');
    if (kind !== 1 && kind !== 2) return;
    const changes =
      kind === 2 && edits !== undefined
        ? [...edits]
            .sort(
              (a, b) =>
                b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
            )
            .map(({ range, newText }) => ({ range, text: newText }))
        : kind === 2 && before !== undefined
          ? [middleChange(before, buffer.text)]
          : [{ text: buffer.text }];
    const { uri, version } = buffer;
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: changes });
  }

  #buffer(uri: string): Buffered {
    const buffer = this.documents.get(uri);
    assert.ok(buffer?.open, `${uri} is not open`);
    return buffer;
  }
}

/** The one change between two texts, from their first to their last difference, not inside a pair or line end. */
function middleChange(before: string, after: string): { range: Range; text: string } {
  const splits = (text: string, index: number) =>
    /^(?:\r\n|[\uD800-\uDBFF][\uDC00-\uDFFF])$/.test(text.slice(index - 1, index + 1));
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  while (start > 0 && (splits(before, start) || splits(after, start))) start--;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  while (tail > 0 && (splits(before, before.length - tail) || splits(after, after.length - tail))) tail--;
  const place = (offset: number): Position => {
    const lines = before.slice(0, offset).split(/\r\n|\n|\r/);
    return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  };
  return {
    range: { start: place(start), end: place(before.length - tail) },
    text: after.slice(start, after.length - tail),
  };
}
