/**
 * The handlers, the dispatcher and the pipeline of the server in one process, with a clock that moves only when told
 * and a model that knows the target. It must not know traces.
 */
import type { CancellationToken, Connection } from 'vscode-languageserver';
import { Document } from '../../server/base/document.ts';
import { defaultSettings } from '../../server/config/settings.ts';
import type { CompleteRequest, Engine, EngineEvent } from '../../server/engines/engine.ts';
import { CompletionPipeline } from '../../server/features/completion/pipeline.ts';
import type { Services } from '../../server/features/services.ts';
import { createRedactor } from '../../server/guard/redaction.ts';
import { readClientFeatures } from '../../server/lsp/clientFeatures.ts';
import { Dispatcher } from '../../server/lsp/dispatch.ts';
import { completion } from '../../server/lsp/handlers/completion.ts';
import { inlineCompletion } from '../../server/lsp/handlers/inlineCompletion.ts';
import type { Session } from '../../server/lsp/session.ts';
import { ShownSuggestions } from '../../server/lsp/shown.ts';
import { createMemoryMachine, type MemoryMachine } from '../support/memoryMachine.ts';
import { author } from './author.ts';
import type { ClientMessage } from './trace.ts';

type Handler = (params: unknown, token: CancellationToken) => Promise<unknown>;
type Changes = Parameters<Document['update']>[0];

export interface FakeServer {
  readonly machine: MemoryMachine;
  /** What went wrong inside, in words. */
  readonly faults: readonly string[];
  /** Requests to the model. */
  readonly upstream: { readonly at: number; aborted: boolean }[];
  send(message: ClientMessage): void;
}

/** `answered` is called once for each answer. */
export function fakeServer(
  target: string,
  initialize: unknown,
  answered: (id: number | string, result: unknown) => void,
): FakeServer {
  const machine = createMemoryMachine();
  const { clock, log, files } = machine;
  const documents = new Map<string, Document>();
  const upstream: FakeServer['upstream'] = [];
  const faults: string[] = [];

  const engineOf = (name: string, origin: string, slow: boolean): Engine => ({
    name,
    origin,
    capabilities: { completes: true, chats: false, tools: false, contextTokens: 8_000 },
    async *complete({ prefix }: CompleteRequest, signal: AbortSignal): AsyncIterable<EngineEvent> {
      const { text, delayMs } = author(target, prefix.text);
      if (slow) {
        const request = { at: clock.now(), aborted: false };
        upstream.push(request);
        await new Promise<void>(resolve => {
          const timer = clock.after(delayMs, resolve);
          signal.addEventListener('abort', () => {
            timer.cancel();
            request.aborted = true;
            resolve();
          });
        });
      }
      if (signal.aborted) return yield { type: 'aborted' };
      yield { type: 'text', text: slow ? text : '' };
      yield { type: 'done', reason: 'stop' };
    },
    async *chat(): AsyncIterable<EngineEvent> {
      yield { type: 'aborted' };
    },
    close() {},
  });
  const embedded = engineOf('embedded', 'process', false);
  const model = engineOf('scripted', 'http://127.0.0.1:1', true);
  const verdict = { allowed: true, place: 'workspace' } as const;
  const services = {
    settings: () => defaultSettings,
    documents: {
      get: (uri: string) => documents.get(uri),
      all: () => [...documents.values()],
      isDesynchronised: () => false,
    },
    places: {
      folders: ['/w'],
      pathOf: () => '/w/src/a.ts',
      uriOf: (path: string) => `file://${path}`,
      displayPath: () => 'src/a.ts',
      folderOf: () => '/w',
    },
    gate: () => ({ check: async () => verdict, checkDocument: async () => verdict }),
    redactor: createRedactor(),
    analysis: {
      preflight: async () => ({ ok: true }),
      completionShape: async () => 'block',
      checkCompletion: async () => ({ parses: true, unknownNames: [] }),
    },
    symbols: { definitions: async () => [], named: async () => [] },
    otherDiagnostics: { overlapping: () => [] },
    router: { embedded, choose: () => ({ engine: model }) },
    indexed: async () => {},
    history: { edits: () => [], viewed: () => [] },
    codeSearch: { search: async () => [] },
    gateFor: () => ({ check: async () => verdict, checkDocument: async () => verdict }),
    git: { locate: async () => undefined },
    files,
    clock,
    log,
  } as unknown as Services;
  const pipeline = new CompletionPipeline(services);

  const client = readClientFeatures(initialize as Parameters<typeof readClientFeatures>[0]);
  const session = {
    client,
    completion: pipeline,
    services,
    debounceMs: client.sendsEveryKey ? 75 : 0,
    documents: { get: (uri: string) => documents.get(uri) },
    shown: new ShownSuggestions(),
    askConsent() {},
    looked() {},
    nextEdits: { at: () => [] },
    ready: async () => {},
    failed: (what: string, error: unknown) => void faults.push(`${what}: ${String(error)}`),
  } as unknown as Session;
  const handlers = new Map<string, Handler>();
  const on = new Dispatcher(
    {
      onRequest: (method: string, handler: Handler) => handlers.set(method, handler),
    } as unknown as Connection,
    session,
  );
  // As in server/lsp/server.ts.
  on.request('textDocument/completion', completion, { latest: { isIncomplete: true, items: [] } });
  on.request('textDocument/inlineCompletion', inlineCompletion, { latest: { items: [] } });
  const cancels = new Map<unknown, () => void>();

  return {
    machine,
    upstream,
    faults,
    send({ id, method, params }) {
      const given = (params ?? {}) as Record<string, unknown>;
      const named = given['textDocument'] as {
        uri: string;
        languageId: string;
        text: string;
        version: number;
      };
      const handler = handlers.get(method);
      if (method === 'textDocument/didOpen')
        documents.set(named.uri, new Document(named.uri, named.languageId, named.version, named.text));
      else if (method === 'textDocument/didChange') {
        const document = documents.get(named.uri) as Document;
        document.update(given['contentChanges'] as Changes, named.version);
        pipeline.documentChanged(document);
      } else if (method === '$/cancelRequest') cancels.get(given['id'])?.();
      else if (handler && id !== undefined) {
        const token = {
          isCancellationRequested: false,
          onCancellationRequested: (run: () => void) => {
            cancels.set(id, () => {
              token.isCancellationRequested = true;
              run();
            });
            return { dispose: () => cancels.delete(id) };
          },
        };
        handler(params, token as unknown as CancellationToken).then(
          result => answered(id, result instanceof Error ? null : result),
          () => answered(id, null),
        );
      }
    },
  };
}
