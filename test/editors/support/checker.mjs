// Stands for a language's own server: reports every parameter that is used nowhere. `node checker.mjs`
import { createConnection, TextDocuments, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const connection = createConnection(process.stdin, process.stdout);
const documents = new TextDocuments(TextDocument);

connection.onInitialize(() => ({
  serverInfo: { name: 'checker' },
  capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental },
}));

documents.onDidChangeContent(({ document }) => {
  const text = document.getText();
  const diagnostics = [...text.matchAll(/\b(\w+Percent): number/g)]
    .filter(([, name]) => text.split(new RegExp(`\\b${name}\\b`)).length === 2)
    .map(found => ({
      range: {
        start: document.positionAt(found.index),
        end: document.positionAt(found.index + found[1].length),
      },
      severity: 2,
      source: 'checker',
      code: 6133,
      message: `'${found[1]}' is declared but its value is never read.`,
    }));
  void connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
});

documents.listen(connection);
connection.listen();
