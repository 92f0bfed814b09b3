/**
 * What the connected editor can do, read once from `initialize`. Every capability may be absent or null; a
 * client's name decides nothing but quirks that no capability tells. It must not know features.
 */
import type { ClientCapabilities, InitializeParams } from 'vscode-languageserver';

export interface ClientFeatures {
  /** For messages and logs; `unknown` when the client does not say. */
  readonly name: string;
  /** The client shows inline completions (ghost text). lsp-mode announces it as null, so presence counts. */
  readonly inlineCompletion: boolean;
  readonly hoverMarkdown: boolean;
  readonly completionMarkdown: boolean;
  /** Merges late answers of one server into the menu, so that a completion may take up to a second. */
  readonly mergesLateCompletions: boolean;
  /** `documentChanges` with versions; Neovim announces resource operations only, and applies them as well. */
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  readonly changeAnnotations: boolean;
  readonly applyEdit: boolean;
  readonly codeActionLiterals: boolean;
  readonly disabledActions: boolean;
  readonly actionTags: boolean;
  readonly progress: boolean;
  readonly showDocument: boolean;
  readonly configuration: boolean;
  readonly watchesFiles: boolean;
  readonly relativePatterns: boolean;
  readonly configurationChanges: boolean;
  /** Where diagnostics go: pushed if the client takes them so, else pulled, never both. */
  readonly diagnostics: 'push' | 'pull' | 'none';
  readonly diagnosticRefresh: boolean;
  /** Notifications of our own that the client's configuration asked for. */
  readonly otherDiagnostics: boolean;
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

export function readClientFeatures(params: InitializeParams): ClientFeatures {
  const capabilities: ClientCapabilities = params.capabilities ?? {};
  const text = capabilities.textDocument ?? {};
  const workspace = capabilities.workspace ?? {};
  const window = capabilities.window ?? {};
  const edit = workspace.workspaceEdit ?? undefined;
  const name = params.clientInfo?.name ?? 'unknown';
  const has = (value: unknown) => value === true;
  return {
    name,
    inlineCompletion: 'inlineCompletion' in text,
    hoverMarkdown: text.hover?.contentFormat?.includes('markdown') ?? false,
    completionMarkdown: text.completion?.completionItem?.documentationFormat?.includes('markdown') ?? false,
    mergesLateCompletions: name.toLowerCase() === 'helix',
    documentChanges: has(edit?.documentChanges) || (edit?.resourceOperations?.length ?? 0) > 0,
    createFiles: edit?.resourceOperations?.includes('create') ?? false,
    changeAnnotations: Boolean(edit?.changeAnnotationSupport),
    applyEdit: has(workspace.applyEdit),
    codeActionLiterals: Boolean(text.codeAction?.codeActionLiteralSupport),
    disabledActions: has(text.codeAction?.disabledSupport),
    actionTags: Boolean(text.codeAction?.tagSupport),
    progress: has(window.workDoneProgress),
    showDocument: has(window.showDocument?.support),
    configuration: has(workspace.configuration),
    watchesFiles: has(workspace.didChangeWatchedFiles?.dynamicRegistration),
    relativePatterns: has(workspace.didChangeWatchedFiles?.relativePatternSupport),
    configurationChanges: has(workspace.didChangeConfiguration?.dynamicRegistration),
    diagnostics: text.publishDiagnostics ? 'push' : text.diagnostic ? 'pull' : 'none',
    diagnosticRefresh: has(workspace.diagnostics?.refreshSupport),
    otherDiagnostics: optIn(params.initializationOptions, 'otherDiagnostics'),
  };
}
