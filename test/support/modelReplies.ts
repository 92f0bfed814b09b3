/**
 * Turns a scripted reply into the bytes of each route: SSE frames when a stream was asked for, JSON when not.
 * Pure; it must not know sockets or scripts.
 */
import type { Json, ModelProfile, ModelRoute } from './modelProfiles.ts';

export interface ScriptedToolCall {
  readonly id?: string;
  readonly name: string;
  readonly arguments: string;
}

export interface ReplyContent {
  /** The whole answer; `chunks` says how it is split, otherwise it is cut into small pieces. */
  readonly text?: string;
  readonly chunks?: readonly string[];
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Sent as `reasoning_content` before the text. */
  readonly reasoning?: string;
  readonly refusal?: string;
  /** Default `stop`, or `tool_calls` with tool calls; null leaves it out. */
  readonly finish?: string | null;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** What a well-behaved server would send: `frames` are complete SSE events without their blank line. */
export interface NormalReply {
  readonly frames: readonly string[];
  readonly json: string;
}

export interface ReplyShape {
  readonly route: ModelRoute;
  readonly model: string;
  readonly profile: ModelProfile;
  readonly wantsUsage: boolean;
}

const created = 1_700_000_000;

function pieces(content: ReplyContent): readonly string[] {
  if (content.chunks !== undefined) return content.chunks;
  return (content.text ?? '').match(/.{1,12}/gsu) ?? [];
}

function usageOf(content: ReplyContent): Json {
  const usage = content.usage ?? { prompt_tokens: 12, completion_tokens: 7 };
  return { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens };
}

function chatDeltas(content: ReplyContent): Json[] {
  const deltas: Json[] = [{ role: 'assistant', content: '' }];
  if (content.reasoning !== undefined) deltas.push({ reasoning_content: content.reasoning });
  for (const piece of pieces(content)) deltas.push({ content: piece });
  if (content.refusal !== undefined) deltas.push({ refusal: content.refusal });
  for (const [index, call] of (content.toolCalls ?? []).entries()) {
    const id = call.id ?? `call_${index}`;
    deltas.push({
      tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: '' } }],
    });
    for (const part of call.arguments.match(/.{1,9}/gs) ?? [])
      deltas.push({ tool_calls: [{ index, function: { arguments: part } }] });
  }
  return deltas;
}

/** What the server says for `content` when nothing is wrong. */
export function normalReply(content: ReplyContent, shape: ReplyShape): NormalReply {
  const { route, model, profile } = shape;
  const finish =
    content.finish === undefined
      ? (content.toolCalls ?? []).length > 0
        ? 'tool_calls'
        : 'stop'
      : content.finish;
  if (route === 'infill') return infillReply(content, finish);
  const chat = route === 'chat' || route === 'fim';
  const head = { id: 'cmpl-1', created, model, ...profile.extra };
  const object = chat ? 'chat.completion' : 'text_completion';
  const frame = (choice: Json | undefined, more: Json = {}): string =>
    `data: ${JSON.stringify({
      ...head,
      object: chat ? 'chat.completion.chunk' : object,
      choices: choice === undefined ? [] : [{ index: 0, logprobs: null, finish_reason: null, ...choice }],
      ...more,
    })}`;
  const frames = profile.opening.map(item =>
    typeof item === 'string' ? item : `data: ${JSON.stringify(item)}`,
  );
  if (chat) frames.push(...chatDeltas(content).map(delta => frame({ delta })));
  else frames.push(...pieces(content).map(text => frame({ text })));
  const usage = usageOf(content);
  const last = chat ? { delta: {}, finish_reason: finish } : { text: '', finish_reason: finish };
  frames.push(frame(last, shape.wantsUsage && !profile.usageFrame ? { usage } : {}));
  if (shape.wantsUsage && profile.usageFrame) frames.push(frame(undefined, { usage }));
  if (profile.done) frames.push('data: [DONE]');

  const text = pieces(content).join('');
  const message = {
    role: 'assistant',
    content: (content.toolCalls ?? []).length > 0 && text === '' ? null : text,
    ...(content.refusal === undefined ? {} : { refusal: content.refusal }),
    ...(content.toolCalls === undefined
      ? {}
      : {
          tool_calls: content.toolCalls.map((call, index) => ({
            id: call.id ?? `call_${index}`,
            type: 'function',
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  };
  const choice = { index: 0, finish_reason: finish, ...(chat ? { message } : { text }) };
  return { frames, json: JSON.stringify({ ...head, object, choices: [choice], usage }) };
}

/** llama.cpp's own shape: `content` and `stop` in each frame, no `[DONE]`. */
function infillReply(content: ReplyContent, finish: string | null): NormalReply {
  const frames = pieces(content).map(text => `data: ${JSON.stringify({ content: text, stop: false })}`);
  const last = {
    stop: finish !== null,
    stop_type: finish === 'length' ? 'limit' : 'eos',
    truncated: false,
    tokens_evaluated: content.usage?.prompt_tokens ?? 12,
    tokens_predicted: content.usage?.completion_tokens ?? 7,
  };
  frames.push(`data: ${JSON.stringify({ content: '', ...last })}`);
  return { frames, json: JSON.stringify({ content: pieces(content).join(''), ...last }) };
}

/** The body of the model list. */
export function modelList(models: readonly string[], profile: ModelProfile): string {
  return JSON.stringify({
    object: 'list',
    data: models.map(id => ({ id, object: 'model', created, ...profile.model })),
  });
}

/** Ollama's own list. */
export function tagList(models: readonly string[]): string {
  return JSON.stringify({
    models: models.map(name => ({ name, model: name, size: 1, details: { family: 'x' } })),
  });
}
