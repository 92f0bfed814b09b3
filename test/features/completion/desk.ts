/**
 * A person at a keyboard, the pipeline, and a scripted model, all in memory. Time moves only when told, and the model
 * answers when told or at once. It must not know the server around the pipeline.
 */
import assert from 'node:assert/strict';
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { CompletionCheck, CompletionShape } from '../../../server/analysis/analysis.ts';
import { Document } from '../../../server/base/document.ts';
import { defaultSettings, type Settings } from '../../../server/config/settings.ts';
import type { CompleteRequest, Engine, EngineEvent } from '../../../server/engines/engine.ts';
import { CompletionPipeline } from '../../../server/features/completion/pipeline.ts';
import type { CompletionQuery, CompletionResult } from '../../../server/features/completion/types.ts';
import type { Services } from '../../../server/features/services.ts';
import { createRedactor } from '../../../server/guard/redaction.ts';
import { createMemoryMachine, type MemoryMachine } from '../../support/memoryMachine.ts';

export const URI = 'file:///w/src/a.ts';

/** One request that reached an engine. */
export interface Asked {
  readonly prefix: string;
  readonly suffix: string;
  readonly request: CompleteRequest;
  readonly aborted: boolean;
  readonly ended: boolean;
  /** A piece of the answer, without its end. */
  say(text: string): void;
  /** The rest of the answer, and its end. */
  finish(text?: string, confidence?: number): void;
  fail(message: string): void;
}

class ScriptedEngine implements Engine {
  readonly name: string;
  readonly origin: string;
  readonly capabilities: Engine['capabilities'];
  readonly asked: Asked[] = [];
  /** Answers at once where it gives a text. */
  answers: (request: CompleteRequest) => { text: string; confidence?: number } | undefined = () => undefined;

  constructor(name: string, origin: string, predicts: boolean) {
    this.name = name;
    this.origin = origin;
    this.capabilities = { completes: true, chats: false, tools: false, contextTokens: 8_000, predicts };
  }

  async *complete(request: CompleteRequest, signal: AbortSignal): AsyncIterable<EngineEvent> {
    const events: EngineEvent[] = [];
    let wake = () => {};
    const tell = (...more: EngineEvent[]) => {
      events.push(...more);
      wake();
    };
    const state = { ended: false };
    signal.addEventListener('abort', () => tell({ type: 'aborted' }), { once: true });
    const done = (confidence?: number): EngineEvent => ({
      type: 'done',
      reason: 'stop',
      ...(confidence === undefined ? {} : { confidence }),
    });
    this.asked.push({
      prefix: request.prefix.text,
      suffix: request.suffix.text,
      request,
      get aborted() {
        return signal.aborted;
      },
      get ended() {
        return state.ended;
      },
      say: text => tell({ type: 'text', text }),
      finish: (text = '', confidence) => tell({ type: 'text', text }, done(confidence)),
      fail: message => tell({ type: 'error', error: { kind: 'server', message } }),
    });
    const scripted = this.answers(request);
    if (scripted) tell({ type: 'text', text: scripted.text }, done(scripted.confidence));
    for (;;) {
      for (let event = events.shift(); event; event = events.shift()) {
        // Nobody reads on behind the last event.
        state.ended = event.type !== 'text';
        yield event;
        if (state.ended) return;
      }
      await new Promise<void>(resolve => (wake = resolve));
    }
  }

  async *chat(): AsyncIterable<EngineEvent> {
    yield { type: 'aborted' };
  }

  close(): void {}
}

export interface DeskOptions {
  readonly text?: string;
  readonly languageId?: string;
  readonly settings?: Partial<Settings['completion']>;
  readonly predicts?: boolean;
}

export class Desk {
  readonly machine: MemoryMachine = createMemoryMachine();
  readonly model: ScriptedEngine;
  readonly embedded = new ScriptedEngine('embedded', 'process', false);
  readonly pipeline: CompletionPipeline;
  readonly document: Document;
  /** Where the cursor is. */
  offset: number;
  shape: CompletionShape = 'line';
  check: CompletionCheck = { parses: true, unknownNames: [] };
  checks = 0;
  /** Whether text may go to the model by itself. */
  automatic = true;

  /** `text` holds a `$0` where the cursor is. */
  constructor({
    text = 'const sum = $0\n',
    languageId = 'typescript',
    settings = {},
    predicts = false,
  }: DeskOptions = {}) {
    this.offset = text.indexOf('$0');
    assert.ok(this.offset >= 0);
    this.document = new Document(URI, languageId, 1, text.replace('$0', ''));
    this.model = new ScriptedEngine('openai scripted', 'http://127.0.0.1:1', predicts);
    this.embedded.answers = () => ({ text: '', confidence: 0 });
    const verdict = { allowed: true, place: 'workspace' } as const;
    const gate = { check: async () => verdict, checkDocument: async () => verdict };
    const { clock, log, files } = this.machine;
    const choose = (_: string, trigger: string) => ({
      engine: trigger === 'explicit' || this.automatic ? this.model : this.embedded,
    });
    this.pipeline = new CompletionPipeline({
      settings: () => ({
        ...defaultSettings,
        completion: { ...defaultSettings.completion, prefetch: false, ...settings },
      }),
      documents: {
        get: (uri: string) => (uri === URI ? this.document : undefined),
        all: () => [this.document],
        isDesynchronised: () => false,
      },
      places: {
        folders: ['/w'],
        pathOf: (uri: string) => uri.slice('file://'.length),
        uriOf: (path: string) => `file://${path}`,
        displayPath: (uri: string) => uri.slice('file:///w/'.length),
        folderOf: () => '/w',
      },
      gate: () => gate,
      redactor: createRedactor(),
      analysis: {
        completionShape: async () => this.shape,
        checkCompletion: async () => {
          this.checks++;
          return this.check;
        },
      },
      symbols: { definitions: async () => [], named: async () => [] },
      otherDiagnostics: { overlapping: () => [] },
      router: { embedded: this.embedded, choose },
      indexed: async () => {},
      files,
      clock,
      log,
    } as unknown as Services);
  }

  get text(): string {
    return this.document.getText();
  }

  get position(): Position {
    return this.document.positionAt(this.offset);
  }

  /** Writes at the cursor, which moves along. */
  type(text: string): void {
    this.edit(this.offset, this.offset, text);
  }

  backspace(count = 1): void {
    this.edit(Math.max(0, this.offset - count), this.offset, '');
  }

  /** Changes text anywhere; the cursor stays where it is in the text around it. */
  edit(start: number, end: number, text: string): void {
    const range: Range = { start: this.document.positionAt(start), end: this.document.positionAt(end) };
    this.document.update([{ range, text }], this.document.version + 1);
    if (end <= this.offset) this.offset += text.length - (end - start);
    else if (start < this.offset) this.offset = start + text.length;
    this.pipeline.documentChanged(this.document);
  }

  /** What a client does that always sends the whole text. */
  replaceAll(text: string, offset: number): void {
    this.document.update([{ text }], this.document.version + 1);
    this.offset = offset;
    this.pipeline.documentChanged(this.document);
  }

  /** Ghost text that comes by itself, unless `more` says otherwise. */
  ask(more: Partial<CompletionQuery> = {}, signal = new AbortController().signal): Promise<CompletionResult> {
    const query: CompletionQuery = {
      uri: URI,
      position: this.position,
      trigger: 'automatic',
      patience: 'until-done',
      ...more,
    };
    return this.pipeline.complete(query, signal);
  }

  /** Lets everything that can happen now happen. */
  async settle(ms = 0): Promise<void> {
    await this.machine.advance(ms);
  }

  /** The text of the one suggestion, or why there is none. */
  async shown(more: Partial<CompletionQuery> = {}): Promise<string> {
    return told(await this.ask(more));
  }
}

export function told({ suggestions, nothing }: CompletionResult): string {
  return suggestions[0]?.text ?? `nothing: ${nothing}`;
}
