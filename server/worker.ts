/**
 * The second composition root: a thread that holds what is large and slow (index, syntax trees, embedded engine)
 * and mirrors the open documents. Ended from outside when idle. It must not know the protocol.
 */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createAnalysis } from './analysis/create.ts';
import { Document } from './base/document.ts';
import { createNodeMachine, type LogOptions } from './base/node.ts';
import { type Offer, serveRpc } from './base/rpc.ts';
import type { OpenDocument } from './base/worker.ts';
import { EmbeddedCompleter } from './engines/embedded/completer.ts';
import type { EmbeddedRequest } from './engines/embedded/types.ts';
import { createReadGate } from './guard/readGate.ts';
import { createRedactor } from './guard/redaction.ts';
import { createCorpus } from './index/corpus.ts';
import { WorkspaceIndex } from './index/workspaceIndex.ts';
import { createMirror } from './mirror.ts';
import { wasmLoader } from './wasm.ts';
import type { WorkerConfiguration } from './workerApi.ts';

/** Lines above and below the cursor that the embedded engine may look at. */
const LINES_ABOVE = 1500;
const LINES_BELOW = 500;
/** Without watched files, changed ones are looked for this often, in ms. */
const SWEEP_MS = 30_000;

const port = parentPort;
if (!port) throw new Error('worker.ts runs as a worker thread only');
const machine = createNodeMachine((workerData as { log: LogOptions }).log);
const { files, clock, environment, log } = machine;

let roots: readonly string[] = [];
let gate = createReadGate({ roots, files, clock, environment });
const redactor = createRedactor();
const mirror = createMirror(text => redactor.scrub(text));
const breathe = () => new Promise<void>(resolve => setImmediate(resolve));

const index = new WorkspaceIndex({
  files,
  gate: {
    allowedEntries: (directory, entries) => gate.allowedEntries(directory, entries),
    allows: async path => (await gate.check(path)).allowed,
  },
  scrub: text => redactor.scrub(text),
  clock,
  breathe,
  onChange: () => void completer.prepare(breathe),
});
const completer = new EmbeddedCompleter(
  createCorpus(index.store, (uri, line) => mirror.linesAround(uri, line, LINES_ABOVE, LINES_BELOW)),
);
const analysis = createAnalysis({
  documents: mirror,
  index: index.symbols,
  loadWasm: wasmLoader(files, createRequire(import.meta.url)),
  log,
  roots: () => roots,
});

/** An open document is learned only if its file may be read; its text replaces the file's. */
async function learn(document: Document): Promise<void> {
  const path = mirror.pathOf(document.uri);
  if (path === undefined || !(await gate.checkDocument(document.uri)).allowed) return;
  await index.opened(path, document.languageId, () => document.getText());
}

let watched = false;
function sweepLater(): void {
  clock.after(SWEEP_MS, () => {
    const next = watched ? Promise.resolve() : index.sweep();
    next
      .catch((error: unknown) => log.write('warn', `looking for changed files failed: ${String(error)}`))
      .finally(sweepLater);
  });
}

const offer: Offer = {
  methods: {
    complete: ([request]: [EmbeddedRequest]) => completer.complete(request),
    explain: (args: Parameters<typeof analysis.explain>, signal) =>
      analysis.explain(args[0], args[1], signal),
    repairs: (args: Parameters<typeof analysis.repairs>, signal) =>
      analysis.repairs(args[0], args[1], args[2], signal),
    findings: (args: Parameters<typeof analysis.findings>, signal) => analysis.findings(args[0], signal),
    declarationAt: (args: Parameters<typeof analysis.declarationAt>, signal) =>
      analysis.declarationAt(args[0], args[1], signal),
    markers: (args: Parameters<typeof analysis.markers>, signal) => analysis.markers(args[0], signal),
    documentDeclaration: (args: Parameters<typeof analysis.documentDeclaration>, signal) =>
      analysis.documentDeclaration(args[0], args[1], signal),
    preflight: (args: Parameters<typeof analysis.preflight>, signal) =>
      analysis.preflight(args[0], args[1], signal),
    definitions: ([name]: [string]) => index.symbols.definitions(name),
    status: () => index.status(),
  },
  notifications: {
    configure: (configuration: WorkerConfiguration) => {
      const { index: wanted, neverSend } = configuration;
      roots = wanted.enabled ? configuration.roots : [];
      watched = configuration.watched;
      gate = createReadGate({ roots: configuration.roots, files, clock, environment, neverSend });
      index.limits(wanted);
      const near = mirror.all()[0];
      index
        .crawl(roots, near && mirror.pathOf(near.uri))
        .catch((error: unknown) => log.write('warn', `reading the workspace failed: ${String(error)}`));
    },
    open: (document: OpenDocument) => {
      void learn(mirror.open(document));
      // The first question should not have to wait for the grammar.
      void analysis.documentChanged(document.uri);
    },
    change: ({
      uri,
      version,
      changes,
    }: {
      uri: string;
      version: number;
      changes: Parameters<Document['update']>[0];
    }) => {
      mirror.change(uri, version, changes);
    },
    close: (uri: string) => {
      const path = mirror.close(uri);
      analysis.documentClosed(uri);
      if (path) void index.closed(path);
    },
    filesChanged: (paths: readonly string[]) => {
      for (const path of paths) gate.changed(path);
      void index.filesChanged(paths);
    },
  },
};

mirror.onSettled(document => {
  const path = mirror.pathOf(document.uri);
  if (path) void index.refresh(path);
}, clock);
serveRpc(port, offer);
sweepLater();
