/**
 * One tolerant reading of what OpenAI-compatible servers put into a stream frame or a whole reply, whatever the
 * route. Pure; anything may come in. It must not know bytes or requests.
 */
import type { FinishReason, Usage } from '../engine.ts';

/** A piece of a tool call; `index` and `id` tell which one it belongs to, where they are given. */
export interface ToolPiece {
  readonly index?: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments?: string;
}

/** `error` and `unknown` are no normal ends. */
export type Finish = FinishReason | 'error' | 'unknown';

export interface Chunk {
  /** Whether the value looks like a model's at all. */
  readonly known: boolean;
  readonly text: string;
  readonly tools: readonly ToolPiece[];
  readonly refusal: string;
  readonly finish?: Finish;
  readonly usage?: Usage;
  /** An error object, as it came. */
  readonly error?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const nothing: Chunk = { known: false, text: '', tools: [], refusal: '' };

const finishes: Readonly<Record<string, Finish>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  word: 'stop',
  complete: 'stop',
  completed: 'stop',
  length: 'length',
  limit: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  tool_call: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  safety: 'content-filter',
  recitation: 'content-filter',
  prohibited_content: 'content-filter',
  refusal: 'refusal',
  error: 'error',
  insufficient_system_resource: 'error',
  abort: 'error',
  aborted: 'error',
};

function finishOf(value: unknown): Finish | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return Object.hasOwn(finishes, value.toLowerCase()) ? finishes[value.toLowerCase()] : 'unknown';
}

/** Reads one JSON value of a stream, or a whole reply. */
export function readChunk(value: unknown): Chunk {
  const top = fieldsOf(value);
  if (top['error'] !== undefined && top['error'] !== null && top['error'] !== '')
    return { ...nothing, known: true, error: value };
  if (top['object'] === 'error') return { ...nothing, known: true, error: value };
  const usage = usageOf(top);
  if (Array.isArray(top['choices'])) {
    const first: unknown = top['choices'].find(choice => (fieldsOf(choice)['index'] ?? 0) === 0);
    return { ...readChoice(fieldsOf(first)), known: true, ...(usage === undefined ? {} : { usage }) };
  }
  // llama.cpp's /infill and /completion.
  if (
    typeof top['content'] === 'string' &&
    (typeof top['stop'] === 'boolean' || top['stop_type'] !== undefined)
  ) {
    const finish = top['stop'] === true ? llamaFinish(top) : undefined;
    return {
      ...nothing,
      known: true,
      text: top['content'],
      ...(finish === undefined ? {} : { finish }),
      ...(usage === undefined ? {} : { usage }),
    };
  }
  if (usage !== undefined) return { ...nothing, known: true, usage };
  return nothing;
}

function llamaFinish(top: Fields): Finish {
  if (top['stopped_limit'] === true) return 'length';
  const type = finishOf(top['stop_type']);
  return type === undefined || type === 'unknown' ? 'stop' : type;
}

function readChoice(choice: Fields): Chunk {
  const delta = fieldsOf(choice['delta'] ?? choice['message']);
  const refusal = typeof delta['refusal'] === 'string' ? delta['refusal'] : '';
  const finish = finishOf(choice['finish_reason'] ?? choice['finishReason']);
  const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
  return {
    known: true,
    text: contentOf(delta['content']) + (typeof choice['text'] === 'string' ? choice['text'] : ''),
    tools: calls.map(readToolPiece),
    refusal,
    ...(finish === undefined ? {} : { finish }),
  };
}

/** Text, or a list of typed parts of which only text counts; thoughts are other parts and fields. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map(part => fieldsOf(part))
    .filter(part => part['type'] === 'text' && typeof part['text'] === 'string')
    .map(part => String(part['text']))
    .join('');
}

function readToolPiece(value: unknown): ToolPiece {
  const call = fieldsOf(value);
  const called = fieldsOf(call['function']);
  const given = called['arguments'];
  return {
    ...(typeof call['index'] === 'number' ? { index: call['index'] } : {}),
    ...(typeof call['id'] === 'string' && call['id'] !== '' ? { id: call['id'] } : {}),
    ...(typeof called['name'] === 'string' && called['name'] !== '' ? { name: called['name'] } : {}),
    // Some servers send the arguments as an object.
    ...(typeof given === 'string'
      ? { arguments: given }
      : typeof given === 'object' && given !== null
        ? { arguments: JSON.stringify(given) }
        : {}),
  };
}

function usageOf(top: Fields): Usage | undefined {
  const usage = fieldsOf(top['usage']);
  const prompt = usage['prompt_tokens'] ?? top['tokens_evaluated'];
  if (typeof prompt !== 'number') return undefined;
  const completion = usage['completion_tokens'] ?? top['tokens_predicted'];
  return { promptTokens: prompt, completionTokens: typeof completion === 'number' ? completion : 0 };
}
