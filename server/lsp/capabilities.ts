/** What this server answers to `initialize`, from what the client can. It must not depend on settings, which come later. */
import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import { COMMANDS } from './commands.ts';
import type { ClientFeatures } from './clientFeatures.ts';

/** Characters after which editors that wait for one (Neovim) should ask; identifiers start a request by themselves. */
const TRIGGERS = ['.', ':', '(', '[', '{', ',', ' ', '=', '>', '"', "'", '/', '@', '<'];

export function serverCapabilities(client: ClientFeatures): ServerCapabilities {
  return {
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
    },
    completionProvider: { triggerCharacters: TRIGGERS, resolveProvider: true },
    hoverProvider: true,
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorRewrite,
        `${CodeActionKind.SourceFixAll}.codriver`,
        `${CodeActionKind.Source}.codriver`,
      ],
      resolveProvider: true,
    },
    executeCommandProvider: { commands: [...COMMANDS] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(client.codeLens ? { codeLensProvider: { resolveProvider: false } } : {}),
    ...(client.documentLink ? { documentLinkProvider: { resolveProvider: false } } : {}),
    ...(client.definition === 'all' ? { definitionProvider: true } : {}),
    ...(client.inlineCompletion ? { inlineCompletionProvider: true } : {}),
    ...(client.notebooks
      ? { notebookDocumentSync: { notebookSelector: [{ notebook: '*' }], save: true } }
      : {}),
    ...(client.diagnostics === 'pull'
      ? { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } }
      : {}),
  };
}
