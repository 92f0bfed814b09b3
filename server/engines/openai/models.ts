/**
 * The models that an endpoint lists. It must not know what they are wanted for.
 */
import { following } from '../abort.ts';
import type { EngineError } from '../engine.ts';
import type { Client } from './client.ts';
import { notAModel } from './errors.ts';

export type Listed =
  | { readonly type: 'models'; readonly models: readonly string[] }
  | { readonly type: 'error'; readonly error: EngineError }
  | { readonly type: 'aborted' };

/** Asks `GET /models`, once. Understands OpenAI's list, a bare list, and Ollama's `models`. */
export async function listModels(client: Client, signal: AbortSignal): Promise<Listed> {
  const { controller, release } = following(signal);
  const opened = await client.open({ path: '/models', model: '', retry: false }, controller.signal);
  const text = opened.type === 'open' ? await opened.response.text().catch(() => '') : '';
  release();
  if (opened.type === 'refused') return { type: 'error', error: opened.refusal.error };
  if (opened.type === 'aborted' || signal.aborted) return { type: 'aborted' };
  const models = readModels(text);
  if (models === undefined)
    return {
      type: 'error',
      error: notAModel(client.origin, 'something that is no list of models').refusal.error,
    };
  return { type: 'models', models };
}

/** The names in a list of models; undefined when it is none. */
export function readModels(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const fields: Readonly<Record<string, unknown>> =
      typeof value === 'object' && value !== null ? { ...value } : {};
    const list = Array.isArray(value) ? value : (fields['data'] ?? fields['models']);
    if (!Array.isArray(list)) return undefined;
    return list
      .map((entry: unknown) => (typeof entry === 'object' && entry !== null ? { ...entry } : { id: entry }))
      .map((entry: Readonly<Record<string, unknown>>) => entry['id'] ?? entry['name'])
      .filter(name => typeof name === 'string')
      .map(name => name.slice(0, 200));
  } catch {
    return undefined;
  }
}

const notWriting =
  /embed|whisper|tts|dall-?e|moderation|rerank|image|audio|realtime|transcri|bge-|sora|vision-only/i;

/** The first model that writes text. */
export function chooseModel(models: readonly string[]): string | undefined {
  return models.find(model => !notWriting.test(model));
}
