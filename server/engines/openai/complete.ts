/**
 * Fill in the middle over HTTP: one request per strategy, and the search for the strategy that this endpoint and
 * model take. What worked is remembered. It must not know how requests travel.
 */
import { fillInMiddlePrompt, type MiddleMarks, middleMarks } from '../../prompts/fillInMiddle.ts';
import type { CompleteRequest, EngineEvent, MiddleShape } from '../engine.ts';
import {
  type FimFormat,
  fillTemplate,
  formatForModel,
  formatFromSetting,
  genericFormat,
  neutralise,
  pathOfPiece,
  tokensOf,
} from '../fim/formats.ts';
import { completionsURL, isUnsuited, planStrategies } from '../fim/plan.ts';
import { readAdaptations, writeAdaptations } from './adapt.ts';
import type { Call, Client } from './client.ts';
import { isFiltered } from './errors.ts';
import { fitted, sizeOf } from './fit.ts';
import { MiddleReader } from './middleReader.ts';
import { type FimStrategy, memoryKey, type OpenAIPorts, type OpenAISettings } from './settings.ts';
import { readReply } from './stream.ts';
import {
  bounded,
  chain,
  firstLines,
  type TextFilter,
  untilStop,
  wellFormed,
  withoutThoughts,
} from './text.ts';

/** Characters a token may stand for at most, before a reply counts as longer than asked. */
const charactersPerToken = 16;

const strategies: readonly FimStrategy[] = ['suffix', 'template', 'infill', 'mistral', 'chat'];

export interface Middle {
  readonly settings: OpenAISettings;
  readonly ports: OpenAIPorts;
  readonly client: Client;
  /** Only this strategy, without falling back; for probes. */
  readonly only?: FimStrategy;
  /** Told when the endpoint takes no more than so many characters of a request. */
  readonly tooLong?: (characters: number) => void;
}

/** The strategies still open for this endpoint and model; one when it is set or remembered. */
export function strategiesFor({
  settings,
  ports,
}: Pick<Middle, 'settings' | 'ports'>): readonly FimStrategy[] {
  const model = settings.completionModel ?? settings.model;
  const { fim } = settings;
  if (fim !== 'auto') return [fim];
  const remembered = ports.memory.get(memoryKey('fim', settings, model));
  const known = strategies.find(strategy => strategy === remembered);
  // A model that has changed behind its name can still be met by another way.
  if (known !== undefined) return known === 'chat' ? ['chat'] : [known, 'chat'];
  return settings.fimTemplate === undefined ? planStrategies(settings.baseURL, model) : ['template', 'chat'];
}

/** llama.cpp reads three quarters of a batch of 2048 before the cursor (its `format_prompt_infill`). */
const infillPrefixTokens = 1_536;

/** How the prompt of the likeliest strategy is laid out. */
export function shapeOfMiddle(middle: Pick<Middle, 'settings' | 'ports'>): MiddleShape {
  const { settings } = middle;
  const [strategy] = strategiesFor(middle);
  if (strategy === 'infill') return { suffixFirst: false, prefixTokens: infillPrefixTokens };
  // Mistral's models are trained to read the suffix first.
  if (strategy !== 'template') return { suffixFirst: strategy === 'mistral' };
  const { template } = chosenFormat(settings, settings.completionModel ?? settings.model);
  return { suffixFirst: template.indexOf('{suffix}') < template.indexOf('{prefix}') };
}

/** Streams the completion. Never throws; ends with exactly one of `done | error | aborted`. */
export async function* completeMiddle(
  middle: Middle,
  request: CompleteRequest,
  signal: AbortSignal,
  hangUp: AbortController,
): AsyncGenerator<EngineEvent, void> {
  const { settings, ports, client } = middle;
  const model = (request.stops === undefined && settings.completionModel) || settings.model;
  const { only } = middle;
  // A whole prompt knows one way, and what is cut of it is another one.
  const whole = request.stops !== undefined;
  const open = whole ? (['template'] as const) : only === undefined ? strategiesFor(middle) : [only];
  let wanted = request;
  for (const [at, strategy] of open.entries()) {
    let asked = ask(strategy, wanted, settings, model);
    let opened = await client.open(asked.call, hangUp.signal);
    if (
      opened.type === 'refused' &&
      opened.refusal.error.kind === 'context-length' &&
      !whole &&
      wanted === request
    ) {
      // Half of it, once: an estimate of tokens can be wrong by that much, not by more.
      const half = Math.floor(sizeOf(request) / 2);
      middle.tooLong?.(half);
      wanted = fitted(request, half);
      asked = ask(strategy, wanted, settings, model);
      opened = await client.open(asked.call, hangUp.signal);
    }
    if (opened.type === 'aborted') return yield { type: 'aborted' };
    if (opened.type === 'refused') {
      const next = open[at + 1];
      if (next !== undefined && isUnsuited(opened.refusal)) {
        // Remembered at once: an answer that is cancelled now must not cost another wasted request.
        ports.memory.set(memoryKey('fim', settings, model), next);
        expectNewNames(middle, model, opened.refusal.words);
        continue;
      }
      if (isFiltered(opened.refusal)) return yield { type: 'done', reason: 'content-filter' };
      return yield { type: 'error', error: opened.refusal.error };
    }
    if (!whole && (settings.fim === 'auto' || only !== undefined))
      ports.memory.set(memoryKey('fim', settings, model), strategy);
    const reading = {
      origin: client.origin,
      model,
      clock: ports.clock,
      signal,
      hangUp: () => hangUp.abort(),
    };
    const events = readReply(opened.response, { ...reading, filter: asked.filter });
    return yield* strategy === 'chat' ? fromChat(events, wanted) : events;
  }
}

/** OpenAI's words for a chat model: such models know the limit by its new name only, which need not be found out. */
function expectNewNames({ settings, ports }: Middle, model: string, words: string): void {
  const key = memoryKey('parameters', settings, model);
  if (!/this is a chat model/.test(words) || ports.memory.get(key) !== undefined) return;
  ports.memory.set(key, writeAdaptations([{ from: 'max_tokens', to: 'max_completion_tokens' }]));
}

export interface Asked {
  readonly call: Call;
  readonly filter: TextFilter;
}

/** The request of one strategy, and the filter that its answer passes. */
export function ask(
  strategy: FimStrategy,
  request: CompleteRequest,
  settings: OpenAISettings,
  model: string,
): Asked {
  const format = strategy === 'template' ? chosenFormat(settings, model) : undefined;
  const line = request.maxLines === 1 ? ['\n'] : [];
  const call = (path: string, body: Readonly<Record<string, unknown>>): Call => ({
    path,
    model,
    retry: request.trigger === 'explicit',
    body: { model, stream: true, temperature: 0, ...body },
  });
  const limit = bounded(request.maxTokens * charactersPerToken);
  const filter = chain([
    wellFormed(),
    limit,
    untilStop(request.stops ?? stopsFor(format, model)),
    firstLines(request.maxLines),
  ]);
  // Where the server puts the tokens in, none may come from the person's text.
  const family = formatForModel(model) ?? genericFormat;
  const clean = (text: string): string => neutralise(text, family);
  const prefix = clean([...request.context.map(piece => `${piece.text}\n`), request.prefix.text].join(''));
  const suffix = clean(request.suffix.text);
  // The API takes four stops at most; the others are found here.
  const stop = (tokens: readonly string[]): object =>
    tokens.length === 0 ? {} : { stop: tokens.slice(0, 4) };
  const maxTokens = request.maxTokens;
  switch (strategy) {
    case 'suffix':
      return {
        filter,
        call: call(completionsURL(settings.baseURL) ?? '/completions', {
          prompt: prefix,
          suffix,
          max_tokens: maxTokens,
          ...stop(line),
        }),
      };
    case 'template': {
      const chosen = format ?? genericFormat;
      const { stops } = request;
      if (stops !== undefined) {
        const whole = { prompt: request.prefix.text, max_tokens: maxTokens, ...stop(stops) };
        return { filter, call: call(completionsURL(settings.baseURL) ?? '/completions', whole) };
      }
      const prompt = fillTemplate(chosen, {
        path: request.path.text,
        prefix: request.prefix.text,
        suffix: request.suffix.text,
        context: request.context.map(piece => piece.text),
      });
      const body = { prompt, max_tokens: maxTokens, ...stop([...line, ...chosen.stops]) };
      return { filter, call: call(completionsURL(settings.baseURL) ?? '/completions', body) };
    }
    case 'infill':
      return {
        filter,
        call: call(infillURL(settings.baseURL), {
          input_prefix: clean(request.prefix.text),
          input_suffix: suffix,
          // In the order given: what the server has cached of them is found again only so.
          input_extra: request.context.map((piece, at) => ({
            filename: pathOfPiece(piece.text) ?? `context-${at + 1}`,
            text: clean(piece.text),
          })),
          n_predict: maxTokens,
          cache_prompt: true,
          ...stop(line),
        }),
      };
    case 'mistral':
      return {
        filter,
        call: call('/fim/completions', {
          prompt: prefix,
          suffix,
          max_tokens: maxTokens,
          ...stop(line),
        }),
      };
    case 'chat': {
      const marks = middleMarks(request);
      const messages = fillInMiddlePrompt(request, marks).map(({ role, content }) => ({
        role,
        content: content.text,
      }));
      return {
        // Room for the marks and for a few lines more than asked, which are cut after reading.
        filter: chain([wellFormed(), withoutThoughts(), bounded((maxTokens + 64) * charactersPerToken)]),
        call: call('/chat/completions', {
          messages,
          max_tokens: maxTokens + 32,
          ...prediction(request, marks, settings.baseURL),
        }),
      };
    }
  }
}

const speaksOpenAI = (baseURL: string): boolean =>
  URL.canParse(baseURL) && /(?:^|\.)(?:openai\.com|openai\.azure\.com)$/.test(new URL(baseURL).hostname);

/** Whether a draft is of use to this endpoint and model, as far as it has not refused one. */
export function takesDraft(middle: Pick<Middle, 'settings' | 'ports'>): boolean {
  const { settings, ports } = middle;
  if (!speaksOpenAI(settings.baseURL) || strategiesFor(middle)[0] !== 'chat') return false;
  const key = memoryKey('parameters', settings, settings.completionModel ?? settings.model);
  return !readAdaptations(ports.memory.get(key)).some(({ from }) => from === 'prediction');
}

/** Only OpenAI's own dialect has it; a model that refuses it is not asked so again. */
function prediction({ draft }: CompleteRequest, { open, close }: MiddleMarks, baseURL: string): object {
  if (draft === undefined || draft.length === 0 || !speaksOpenAI(baseURL)) return {};
  return { prediction: { type: 'content', content: `${open.text}${draft.text}${close.text}` } };
}

function chosenFormat(settings: OpenAISettings, model: string): FimFormat {
  const set = settings.fimTemplate === undefined ? undefined : formatFromSetting(settings.fimTemplate);
  return set ?? formatForModel(model) ?? genericFormat;
}

/** Control tokens must not leak into a completion, whichever strategy was used. */
function stopsFor(format: FimFormat | undefined, model: string): readonly string[] {
  const known = format ?? formatForModel(model);
  return known === undefined ? genericFormat.stops : tokensOf(known).filter(token => token.length > 2);
}

/** llama.cpp serves it beside, not below, /v1. */
function infillURL(baseURL: string): string {
  const url = new URL(baseURL);
  return `${url.origin}${url.pathname.replace(/\/v1\/?$/, '').replace(/\/$/, '')}/infill`;
}

/** Reads the marks out of a chat model's answer; stops it once the closing mark or enough lines are there. */
async function* fromChat(
  events: AsyncGenerator<EngineEvent, void>,
  request: CompleteRequest,
): AsyncGenerator<EngineEvent, void> {
  const prefix = request.prefix.text.slice(-2000);
  const suffix = request.suffix.text.slice(0, 2000);
  const reader = new MiddleReader(prefix, suffix, middleMarks(request));
  const lines = firstLines(request.maxLines);
  let begun = false;
  const show = function* (text: string): Generator<EngineEvent, void> {
    // A line break right after the mark is the model's, not the text's, where one line is wanted.
    const rest = begun || request.maxLines > 1 ? text : text.replace(/^\s*\n/, '');
    if (rest === '') return;
    begun = true;
    const shown = lines.push(rest);
    if (shown !== '') yield { type: 'text', text: shown };
  };
  for await (const event of events) {
    if (event.type === 'text') {
      yield* show(reader.push(event.text));
      if (reader.over || lines.over !== undefined) return yield { type: 'done', reason: 'stopped-early' };
      continue;
    }
    if (event.type === 'done') yield* show(reader.end());
    yield event;
  }
}
