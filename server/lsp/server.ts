/** The protocol's table of contents: one line per method, saying which handler serves it and how it runs. */
import type { CodeAction, Connection } from 'vscode-languageserver';
import { Dispatcher, late } from './dispatch.ts';
import { completion, completionResolve } from './handlers/completion.ts';
import { didChangeConfiguration } from './handlers/configuration.ts';
import { documentDiagnostic, otherDiagnostics } from './handlers/diagnostics.ts';
import { didChange, didClose, didOpen, didSave } from './handlers/documents.ts';
import { hover } from './handlers/hover.ts';
import { inlineCompletion } from './handlers/inlineCompletion.ts';
import { codeLens, definition, documentLink } from './handlers/ownDocuments.ts';
import { initialize, initialized, shutdown } from './handlers/lifecycle.ts';
import {
  didChangeNotebook,
  didCloseNotebook,
  didOpenNotebook,
  didSaveNotebook,
} from './handlers/notebooks.ts';
import { didChangeWatchedFiles, didChangeWorkspaceFolders } from './handlers/workspace.ts';
import type { Session } from './session.ts';

export function serve(connection: Connection, session: Session): void {
  const on = new Dispatcher(connection, session);

  connection.onInitialize(params => initialize(session, params));
  connection.onInitialized(() => initialized(session));
  connection.onShutdown(() => shutdown(session));

  on.notification('textDocument/didOpen', didOpen);
  on.notification('textDocument/didChange', didChange);
  on.notification('textDocument/didSave', didSave);
  on.notification('textDocument/didClose', didClose);

  on.notification('notebookDocument/didOpen', didOpenNotebook);
  on.notification('notebookDocument/didChange', didChangeNotebook);
  on.notification('notebookDocument/didSave', didSaveNotebook);
  on.notification('notebookDocument/didClose', didCloseNotebook);

  on.request('textDocument/completion', completion, { latest: { isIncomplete: true, items: [] } });
  on.request('completionItem/resolve', completionResolve);
  on.request('textDocument/inlineCompletion', inlineCompletion, { latest: { items: [] } });
  on.request('textDocument/hover', hover, { latest: null });
  on.request(
    'textDocument/codeAction',
    late(async () => (await import('./handlers/codeAction.ts')).codeAction),
  );
  // Complete as offered: resolving adds nothing.
  on.request('codeAction/resolve', (_session: Session, action: CodeAction) => action);
  on.request('textDocument/codeLens', codeLens, { latest: null });
  on.request('textDocument/documentLink', documentLink, { latest: null });
  on.request('textDocument/definition', definition, { latest: null });
  on.request('textDocument/diagnostic', documentDiagnostic);

  on.request(
    'workspace/executeCommand',
    late(async () => (await import('./handlers/executeCommand.ts')).executeCommand),
  );
  on.notification('workspace/didChangeConfiguration', didChangeConfiguration);
  on.notification('workspace/didChangeWatchedFiles', didChangeWatchedFiles);
  on.notification('workspace/didChangeWorkspaceFolders', didChangeWorkspaceFolders);
  on.notification('codriver/otherDiagnostics', otherDiagnostics);
}
