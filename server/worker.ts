/**
 * The second composition root: a thread that holds what is large and slow (index, syntax trees, embedded engine)
 * and mirrors the open documents. Ended from outside when idle. It must not know the protocol.
 */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createAnalysis } from './analysis/create.ts';
import { isNotebookFile } from './base/cells.ts';
import type { Document } from './base/document.ts';
import { errorText } from './base/errors.ts';
import { withDirectReads } from './base/node/directReads.ts';
import type { RecentEdit } from './base/history.ts';
import { createNodeMachine, type LogOptions } from './base/node.ts';
import { type Offer, serveRpc } from './base/rpc.ts';
import { createTurns } from './base/turns.ts';
import { VERSION } from './base/version.ts';
import type { OpenDocument } from './base/worker.ts';
import { EmbeddedCompleter } from './engines/embedded/completer.ts';
import type { EmbeddedRequest } from './engines/embedded/types.ts';
import { createReadGate } from './guard/readGate.ts';
import { createRedactor } from './guard/redaction.ts';
import type { CodeSearchQuery } from './index/codeSearch.ts';
import { createCorpus } from './index/corpus.ts';
import { imageVersion } from './index/image.ts';
import { WorkspaceIndex } from './index/workspaceIndex.ts';
import { IndexKeeper } from './indexKeeper.ts';
import { createMirror } from './mirror.ts';
import { createSnapshots } from './store/snapshots.ts';
import { wasmLoader } from './wasm.ts';
import type { WorkerConfiguration } from './workerApi.ts';

/** Lines above and below the cursor that the embedded engine may look at. */
const LINES_ABOVE = 1500;
const LINES_BELOW = 500;
/** Without watched files, changed ones are looked for this often at most, in ms, and only while somebody works. */
const SWEEP_MS = 30_000;
/** A sweep may take this share of the time. */
const SWEEP_SHARE = 0.01;

/** Of one stored index, and of all, in bytes. */
const STORED_BYTES = 192 * 1024 * 1024;
const ALL_STORED_BYTES = 512 * 1024 * 1024;

const port = parentPort;
if (!port) throw new Error('worker.ts runs as a worker thread only');
const machine = createNodeMachine((workerData as { log: LogOptions }).log);
const { clock, environment, log } = machine;
const files = withDirectReads(machine.files);

let roots: readonly string[] = [];
let gate = createReadGate({ roots, files, clock, environment });
const redactor = createRedactor();
const mirror = createMirror(text => redactor.scrub(text));
const breathe = createTurns();

const index = new WorkspaceIndex({
  files,
  gate: {
    allowedEntries: (directory, entries) => gate.allowedEntries(directory, entries),
    allows: async path => (await gate.check(path)).allowed,
  },
  scrub: text => redactor.scrub(text),
  scrubInSlices: text => redactor.scrubInSlices(text),
  clock,
  breathe,
  onChange: () =>
    quietly(
      'preparing completions',
      completer
        .prepare(breathe)
        .then(() => index.prepareSearch())
        .then(() => keeper.changed()),
    ),
});
const keeper = new IndexKeeper({
  index,
  snapshots: version =>
    createSnapshots(
      { files, clock, environment, log },
      { name: 'index', version, maxBytes: STORED_BYTES, maxTotalBytes: ALL_STORED_BYTES, breathe },
    ),
  files,
  clock,
  log,
  version: `${VERSION} ${imageVersion}`,
});
const completer = new EmbeddedCompleter(
  createCorpus(index.store, (uri, line) => mirror.linesAround(uri, line, LINES_ABOVE, LINES_BELOW)),
);
const analysis = createAnalysis({
  documents: mirror,
  index: index.symbols,
  loadWasm: wasmLoader(files, createRequire(import.meta.url)),
  log,
  breathe,
  roots: () => roots,
});

/** The work of a notification, whose failure nobody waits for. */
function quietly(what: string, work: Promise<unknown>): void {
  work.catch((error: unknown) => log.write('warn', `${what} failed: ${errorText(error)}`));
}

/** Nothing is learned before the rules are known. */
let configured = false;

/** An open document is learned only if its file may be read; its text replaces the file's. */
async function learn(document: Document): Promise<void> {
  const path = mirror.pathOf(document.uri);
  if (path === undefined || !configured || isNotebookFile(path)) return;
  const { allowed } = await gate.checkDocument(document.uri);
  if (allowed) await index.opened(path, document.languageId, () => mirror.learnable(document));
  else await index.refused(path);
}

/** The rules are new, or have changed: everything is judged again. */
async function judgeAgain(): Promise<void> {
  await index.recheck();
  for (const document of mirror.all()) await learn(document);
  const [near] = mirror.all();
  await index.crawl(roots, near && mirror.pathOf(near.uri), () => keeper.load());
}
let judging: Promise<void> = Promise.resolve();

let watched = false;
/** Somebody typed or asked since the last sweep. */
let active = false;
function sweepAfter(ms: number): void {
  clock.after(ms, () => {
    if (watched || !active) return sweepAfter(SWEEP_MS);
    active = false;
    const began = clock.now();
    quietly(
      'looking for changed files',
      index.sweep().finally(() => sweepAfter(Math.max(SWEEP_MS, (clock.now() - began) / SWEEP_SHARE))),
    );
  });
}

const offer: Offer = {
  methods: {
    complete: ([request]: [EmbeddedRequest]) => {
      active = true;
      const { uri, line, prefix } = request;
      if (line !== undefined) mirror.asked(uri, line, prefix.length - prefix.lastIndexOf('\n') - 1);
      return completer.complete(request);
    },
    explain: (args: Parameters<typeof analysis.explain>, signal) =>
      analysis.explain(args[0], args[1], signal),
    explainProblems: (args: Parameters<typeof analysis.explainProblems>, signal) =>
      analysis.explainProblems(args[0], signal),
    repairs: (args: Parameters<typeof analysis.repairs>, signal) =>
      analysis.repairs(args[0], args[1], args[2], args[3], signal),
    findings: (args: Parameters<typeof analysis.findings>, signal) => analysis.findings(args[0], signal),
    suspicions: (args: Parameters<typeof analysis.suspicions>, signal) =>
      analysis.suspicions(args[0], args[1], signal),
    declarationAt: (args: Parameters<typeof analysis.declarationAt>, signal) =>
      analysis.declarationAt(args[0], args[1], signal),
    markers: (args: Parameters<typeof analysis.markers>, signal) => analysis.markers(args[0], signal),
    documentDeclaration: (args: Parameters<typeof analysis.documentDeclaration>, signal) =>
      analysis.documentDeclaration(args[0], args[1], signal),
    preflight: (args: Parameters<typeof analysis.preflight>, signal) =>
      analysis.preflight(args[0], args[1], signal),
    nextEdits: async ([edits]: [readonly RecentEdit[]], signal) => {
      const { predictNextEdits } = await import('./features/nextEdit/predict.ts');
      return predictNextEdits(edits, {
        documents: mirror.all(),
        names: uri => analysis.names(uri, signal),
        preflight: (uri, tried) => analysis.preflight(uri, tried, signal),
        log,
        breathe: async () => {
          await breathe();
          signal.throwIfAborted();
        },
      });
    },
    completionShape: (args: Parameters<typeof analysis.completionShape>, signal) =>
      analysis.completionShape(args[0], args[1], signal),
    checkCompletion: (args: Parameters<typeof analysis.checkCompletion>, signal) =>
      analysis.checkCompletion(args[0], args[1], signal),
    opportunities: (args: Parameters<typeof analysis.opportunities>, signal) =>
      analysis.opportunities(args[0], args[1], signal),
    rename: (args: Parameters<typeof analysis.rename>, signal) =>
      analysis.rename(args[0], args[1], args[2], signal),
    extractVariable: (args: Parameters<typeof analysis.extractVariable>, signal) =>
      analysis.extractVariable(args[0], args[1], signal),
    extractFunction: (args: Parameters<typeof analysis.extractFunction>, signal) =>
      analysis.extractFunction(args[0], args[1], signal),
    changesOnlyProse: (args: Parameters<typeof analysis.changesOnlyProse>, signal) =>
      analysis.changesOnlyProse(args[0], args[1], signal),
    mutants: (args: Parameters<typeof analysis.mutants>, signal) =>
      analysis.mutants(args[0], args[1], args[2], signal),
    testCases: (args: Parameters<typeof analysis.testCases>, signal) => analysis.testCases(args[0], signal),
    definitions: ([name]: [string]) => index.symbols.definitions(name),
    named: ([prefix, limit]: [string, number]) => index.symbols.named(prefix, limit),
    search: ([query]: [CodeSearchQuery], signal) =>
      index.search(query, mirror.pathOf(query.uri) ?? '', signal),
    status: () => ({ ...index.status(), bytes: index.status().bytes + completer.status().bytes }),
    /** Answers when the first walk over the workspace is done. */
    indexed: () => judging,
  },
  notifications: {
    configure: (configuration: WorkerConfiguration) => {
      const { index: wanted, neverSend } = configuration;
      roots = wanted.enabled ? configuration.roots : [];
      watched = configuration.watched;
      gate = createReadGate({ roots: configuration.roots, files, clock, environment, neverSend });
      index.limits(wanted);
      keeper.configure(wanted.enabled ? { roots, neverSend, ...wanted } : undefined);
      configured = true;
      judging = judgeAgain();
      quietly('reading the workspace', judging);
    },
    open: (document: OpenDocument) => {
      quietly('learning a document', learn(mirror.open(document)));
      // The first question should not have to wait for the grammar.
      quietly('parsing a document', analysis.documentChanged(document.uri));
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
      active = true;
      mirror.change(uri, version, changes);
    },
    arrange: ({ notebook, cells }: { notebook: string; cells: readonly string[] }) =>
      mirror.cells.arrange(notebook, cells),
    close: (uri: string) => {
      const path = mirror.close(uri);
      analysis.documentClosed(uri);
      if (path) quietly('closing a document', index.closed(path));
    },
    filesChanged: (paths: readonly string[]) => {
      const rules = paths.filter(path => gate.changed(path));
      if (rules.length > 0) quietly('reading the workspace', (judging = judgeAgain()));
      quietly('reading changed files', index.filesChanged(paths));
    },
  },
};

mirror.onSettled(document => {
  const path = mirror.pathOf(document.uri);
  if (path) quietly('learning a document', index.refresh(path));
}, clock);
serveRpc(port, offer, (what, error) => log.write('error', `${what}: ${errorText(error)}`));
sweepAfter(SWEEP_MS);
