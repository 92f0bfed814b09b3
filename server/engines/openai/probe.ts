/**
 * Looks at an endpoint for the doctor: reachable, models, chat, tools, fill in the middle, each with its time and
 * advice. Sends only text from this file. It must not know how results are shown.
 */
import { redacted } from '../../guard/redacted.ts';
import { following } from '../abort.ts';
import type { CompleteRequest, EngineError, EngineEvent, FinishReason } from '../engine.ts';
import { planStrategies } from '../fim/plan.ts';
import { createClient } from './client.ts';
import { completeMiddle } from './complete.ts';
import { createOpenAIEngine } from './engine.ts';
import { chooseModel, listModels } from './models.ts';
import type { FimStrategy, OpenAIPorts, OpenAISettings } from './settings.ts';

/** `skipped`: an earlier probe already tells that it makes no sense. Times in milliseconds. */
export interface Probe {
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly ms?: number;
  /** What to do, for a person; also set when something works but could be better. */
  readonly advice?: string;
  readonly error?: EngineError;
}

export interface EndpointReport {
  readonly origin: string;
  readonly reachable: Probe;
  readonly models: Probe & { readonly names: readonly string[] };
  /** Whether the chosen models are in the list. */
  readonly modelExists: Probe;
  readonly chat: Probe;
  readonly tools: Probe;
  readonly fillInMiddle: Probe & { readonly strategy?: FimStrategy };
}

const skipped: Probe = { state: 'skipped' };

/** Makes at most a handful of small requests, one after the other. Never throws. */
export async function probeEndpoint(
  settings: OpenAISettings,
  signal: AbortSignal,
  ports: OpenAIPorts,
): Promise<EndpointReport> {
  const { clock } = ports;
  const client = createClient(settings, ports);
  try {
    const started = clock.now();
    const listed = await listModels(client, signal);
    const ms = clock.now() - started;
    const names = listed.type === 'models' ? listed.models : [];
    const error = listed.type === 'error' ? listed.error : undefined;
    const unreachable = listed.type === 'aborted' || (error !== undefined && isFatal(error));
    const reachable: Probe = unreachable ? failed(error, ms) : { state: 'ok', ms };
    const models =
      error === undefined ? { state: 'ok' as const, ms, names } : { ...failed(error, ms), names };
    const report = { origin: client.origin, reachable, models };
    if (unreachable)
      return { ...report, modelExists: skipped, chat: skipped, tools: skipped, fillInMiddle: skipped };
    const modelExists = checkModels(settings, names);
    const chosen = { ...settings, model: settings.model || (chooseModel(names) ?? '') };
    return {
      ...report,
      modelExists,
      chat: await probeChat(chosen, signal, ports),
      tools: await probeTools(chosen, signal, ports),
      fillInMiddle: await probeMiddle(chosen, signal, ports),
    };
  } finally {
    client.close();
  }
}

/** With these, no other request can do better. */
function isFatal(error: EngineError): boolean {
  return ['network', 'tls', 'timeout', 'configuration', 'authentication', 'payment'].includes(error.kind);
}

function failed(error: EngineError | undefined, ms: number): Probe {
  return error === undefined
    ? { state: 'failed', ms, advice: 'It was interrupted.' }
    : { state: 'failed', ms, error, advice: error.message };
}

function checkModels(settings: OpenAISettings, names: readonly string[]): Probe {
  if (names.length === 0) return skipped;
  const wanted = [settings.model, settings.completionModel ?? ''].filter(name => name !== '');
  const has = (name: string): boolean => names.includes(name) || names.includes(`${name}:latest`);
  const missing = wanted.filter(name => !has(name));
  if (missing.length === 0) return { state: 'ok' };
  const some = names.slice(0, 8).join(', ');
  return {
    state: 'failed',
    advice: `The endpoint does not list ${missing.join(' and ')}. It lists: ${some}${names.length > 8 ? ', …' : ''}.`,
  };
}

interface Outcome {
  readonly text: string;
  readonly calls: readonly string[];
  readonly reason?: FinishReason;
  readonly error?: EngineError;
  readonly ms: number;
}

async function outcomeOf(events: AsyncIterable<EngineEvent>, now: () => number): Promise<Outcome> {
  const started = now();
  let text = '';
  const calls: string[] = [];
  for await (const event of events) {
    if (event.type === 'text') text += event.text;
    if (event.type === 'tool-call') calls.push(event.name);
    if (event.type === 'done') return { text, calls, reason: event.reason, ms: now() - started };
    if (event.type === 'error') return { text, calls, error: event.error, ms: now() - started };
  }
  return { text, calls, ms: now() - started };
}

const judge = (outcome: Outcome, good: boolean, advice: string): Probe =>
  outcome.error !== undefined || outcome.reason === undefined
    ? failed(outcome.error, outcome.ms)
    : good
      ? { state: 'ok', ms: outcome.ms }
      : { state: 'failed', ms: outcome.ms, advice };

async function probeChat(settings: OpenAISettings, signal: AbortSignal, ports: OpenAIPorts): Promise<Probe> {
  const engine = createOpenAIEngine(settings, ports);
  const messages = [{ role: 'user' as const, content: redacted`Answer with the one word: ready` }];
  const outcome = await outcomeOf(engine.chat({ messages, maxTokens: 256 }, signal), () => ports.clock.now());
  engine.close();
  return judge(
    outcome,
    outcome.text.trim() !== '',
    'The model answered with nothing. Try another chat model.',
  );
}

async function probeTools(settings: OpenAISettings, signal: AbortSignal, ports: OpenAIPorts): Promise<Probe> {
  const engine = createOpenAIEngine(settings, ports);
  const request = {
    messages: [{ role: 'user' as const, content: redacted`Call the tool report with the value ready.` }],
    tools: [
      {
        name: 'report',
        description: 'Reports a value.',
        parameters: { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] },
      },
    ],
    maxTokens: 256,
  };
  const outcome = await outcomeOf(engine.chat(request, signal), () => ports.clock.now());
  engine.close();
  const advice =
    'The model does not call tools. Completion, explanations and fixes work; larger tasks need another model.';
  return judge(outcome, outcome.calls.includes('report'), advice);
}

const middle: CompleteRequest = {
  languageId: 'javascript',
  path: redacted`probe.js`,
  prefix: redacted`function add(first, second) {\n  return first `,
  suffix: redacted`;\n}\n`,
  context: [],
  maxTokens: 24,
  maxLines: 1,
  trigger: 'explicit',
};

/** Takes the first strategy that gives a sensible answer, and leaves it in the memory. */
async function probeMiddle(
  settings: OpenAISettings,
  signal: AbortSignal,
  ports: OpenAIPorts,
): Promise<EndpointReport['fillInMiddle']> {
  const model = settings.completionModel ?? settings.model;
  const plan = settings.fim === 'auto' ? planStrategies(settings.baseURL, model) : [settings.fim];
  const client = createClient(settings, ports);
  let last: Outcome | undefined;
  try {
    for (const strategy of plan) {
      const { controller, release } = following(signal);
      const events = completeMiddle({ settings, ports, client, only: strategy }, middle, signal, controller);
      last = await outcomeOf(events, () => ports.clock.now());
      release();
      if (last.reason !== undefined && last.text.trim() !== '') {
        const slow =
          last.ms > 2000
            ? 'It is slow for completion while typing; a smaller model would feel better.'
            : undefined;
        const chat =
          strategy === 'chat'
            ? 'It completes by chat, which is slower than a model that fills in the middle.'
            : undefined;
        const advice = slow ?? chat;
        return { state: 'ok', ms: last.ms, strategy, ...(advice === undefined ? {} : { advice }) };
      }
      if (signal.aborted || (last.error !== undefined && isFatal(last.error))) break;
    }
  } finally {
    client.close();
  }
  if (last?.error !== undefined || last === undefined) return failed(last?.error, last?.ms ?? 0);
  return {
    state: 'failed',
    ms: last.ms,
    advice: 'The model completed with nothing. Choose a model made for completion.',
  };
}
