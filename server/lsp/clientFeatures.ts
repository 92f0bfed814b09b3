/**
 * What the connected editor can do, read once from `initialize`. Every capability may be absent or null; a
 * client's name decides nothing but quirks that no capability tells. It must not know features.
 */
import type { InitializeParams } from 'vscode-languageserver';
import { URI } from 'vscode-uri';

export interface ClientFeatures {
  /** For messages and logs; `unknown` when the client does not say. */
  readonly name: string;
  /** The client shows inline completions (ghost text). lsp-mode announces it as null, so presence counts. */
  readonly inlineCompletion: boolean;
  readonly hoverMarkdown: boolean;
  readonly completionMarkdown: boolean;
  /** Fetches an item's documentation when the person looks at the item. */
  readonly lazyDocumentation: boolean;
  readonly labelDetails: boolean;
  readonly snippets: boolean;
  /** Neovim's own menu inserts the first line of an item's edit; a snippet it inserts whole. No capability tells. */
  readonly insertsFirstLineOnly: boolean;
  /** Leaves what an item's edit would replace behind the cursor: Neovim's menu, and ALE, which gives no name. */
  readonly ignoresEditEnd: boolean;
  /** Merges late answers of one server into the menu, so that a completion may take up to a second. */
  readonly mergesLateCompletions: boolean;
  /** Asks at every key instead of waiting for a pause in typing; no capability tells. */
  readonly sendsEveryKey: boolean;
  /** lsp-mode drops what arrives in the same read as the answer to a synchronous request; no capability tells. */
  readonly losesMessagesAfterReplies: boolean;
  /** `documentChanges` with versions; Neovim announces resource operations only, and applies them as well. */
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  /** Helix clears what it was told whenever some progress ends; no capability tells. */
  readonly progressEndHidesMessages: boolean;
  readonly deleteFiles: boolean;
  readonly applyEdit: boolean;
  /** Says of edits what they are for, and lets the person look at some before they are made. */
  readonly changeAnnotations: boolean;
  readonly codeActionLiterals: boolean;
  readonly disabledActions: boolean;
  readonly actionTags: boolean;
  readonly codeLens: boolean;
  readonly documentLink: boolean;
  /**
   * How goto-definition in our own documents is offered: for those alone, for all where the client cannot tell them
   * apart, and not in Emacs, which would then ask us alone instead of its own means.
   */
  readonly definition: 'ours' | 'all' | 'none';
  readonly progress: boolean;
  readonly showDocument: boolean;
  readonly configuration: boolean;
  readonly watchesFiles: boolean;
  readonly configurationChanges: boolean;
  /** Where diagnostics go: pushed if the client takes them so, else pulled, never both. */
  readonly diagnostics: 'push' | 'pull' | 'none';
  readonly diagnosticRefresh: boolean;
  /** Tells of notebooks and their cells; a client that does not opens cells as plain documents. */
  readonly notebooks: boolean;
  /** Notifications of our own that the client's configuration asked for. */
  readonly otherDiagnostics: boolean;
  readonly status: boolean;
}

/** `clientFeatures` of the initialization options, in any nesting that clients use. */
function optIn(options: unknown, feature: string): boolean {
  if (typeof options !== 'object' || options === null) return false;
  const record = options as Record<string, unknown>;
  const own = record['clientFeatures'];
  if (typeof own === 'object' && own !== null && (own as Record<string, unknown>)[feature] === true)
    return true;
  return 'codriver' in record && optIn(record['codriver'], feature);
}

/** The initialization options without what is about the client itself: that is no setting. */
export function withoutClientFeatures(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options ?? undefined;
  const { clientFeatures: _, ...rest } = options as Record<string, unknown>;
  return 'codriver' in rest ? { ...rest, codriver: withoutClientFeatures(rest['codriver']) } : rest;
}

type Shape = Readonly<Record<string, unknown>>;

/** A part of the parameters that may have any shape: clients send null, and broken ones anything. */
function record(value: unknown): Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Shape) : {};
}

/** The value at a path of names; undefined as soon as a part of it is no object. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => record(found)[name], value);
}

function includes(list: unknown, wanted: string): boolean {
  return Array.isArray(list) && list.includes(wanted);
}

export function readClientFeatures(params: InitializeParams): ClientFeatures {
  const { textDocument, workspace, window } = record(params.capabilities);
  const edit = at(workspace, 'workspaceEdit');
  const operations = at(edit, 'resourceOperations');
  const given = at(params.clientInfo, 'name');
  const resolves = at(textDocument, 'completion', 'completionItem', 'resolveSupport') !== undefined;
  const name = typeof given === 'string' ? given : 'unknown';
  return {
    name,
    inlineCompletion: 'inlineCompletion' in record(textDocument),
    hoverMarkdown: includes(at(textDocument, 'hover', 'contentFormat'), 'markdown'),
    completionMarkdown: includes(
      at(textDocument, 'completion', 'completionItem', 'documentationFormat'),
      'markdown',
    ),
    lazyDocumentation: includes(
      at(textDocument, 'completion', 'completionItem', 'resolveSupport', 'properties'),
      'documentation',
    ),
    labelDetails: at(textDocument, 'completion', 'completionItem', 'labelDetailsSupport') === true,
    snippets: at(textDocument, 'completion', 'completionItem', 'snippetSupport') === true,
    insertsFirstLineOnly: name.toLowerCase() === 'neovim',
    ignoresEditEnd: name.toLowerCase() === 'neovim' || (name === 'unknown' && !resolves),
    mergesLateCompletions: name.toLowerCase() === 'helix',
    losesMessagesAfterReplies: name === 'emacs',
    progressEndHidesMessages: name.toLowerCase() === 'helix',
    sendsEveryKey: /code|vscodium|coc|codemirror/i.test(name),
    documentChanges:
      at(edit, 'documentChanges') === true || (Array.isArray(operations) && operations.length > 0),
    createFiles: includes(operations, 'create'),
    deleteFiles: includes(operations, 'delete'),
    applyEdit: at(workspace, 'applyEdit') === true,
    changeAnnotations: Boolean(at(edit, 'changeAnnotationSupport')),
    codeActionLiterals: Boolean(at(textDocument, 'codeAction', 'codeActionLiteralSupport')),
    disabledActions: at(textDocument, 'codeAction', 'disabledSupport') === true,
    actionTags: Boolean(at(textDocument, 'codeAction', 'tagSupport')),
    codeLens: Boolean(at(textDocument, 'codeLens')),
    documentLink: Boolean(at(textDocument, 'documentLink')),
    definition: !at(textDocument, 'definition')
      ? 'none'
      : at(textDocument, 'definition', 'dynamicRegistration') === true
        ? 'ours'
        : /emacs|eglot/i.test(name)
          ? 'none'
          : 'all',
    progress: at(window, 'workDoneProgress') === true,
    showDocument: at(window, 'showDocument', 'support') === true,
    configuration: at(workspace, 'configuration') === true,
    watchesFiles: at(workspace, 'didChangeWatchedFiles', 'dynamicRegistration') === true,
    configurationChanges: at(workspace, 'didChangeConfiguration', 'dynamicRegistration') === true,
    diagnostics: at(textDocument, 'publishDiagnostics')
      ? 'push'
      : at(textDocument, 'diagnostic')
        ? 'pull'
        : 'none',
    diagnosticRefresh: at(workspace, 'diagnostics', 'refreshSupport') === true,
    notebooks: Boolean(at(params.capabilities, 'notebookDocument', 'synchronization')),
    otherDiagnostics: optIn(params.initializationOptions, 'otherDiagnostics'),
    status: optIn(params.initializationOptions, 'status'),
  };
}

/** URIs of the workspace folders: the list, else the one root, else none. Odd entries are left out. */
export function readFolders(params: InitializeParams): string[] {
  const listed: unknown = params.workspaceFolders;
  const uris = (Array.isArray(listed) ? listed : []).map(folder => at(folder, 'uri'));
  const folders = uris.filter(uri => typeof uri === 'string');
  if (folders.length > 0) return folders;
  const { rootUri, rootPath } = params as { rootUri?: unknown; rootPath?: unknown };
  if (typeof rootUri === 'string') return [rootUri];
  return typeof rootPath === 'string' && rootPath !== '' ? [URI.file(rootPath).toString()] : [];
}
