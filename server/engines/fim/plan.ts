/**
 * Which fill-in-the-middle strategies to try, in which order, for an endpoint and model: by what is known of them
 * without asking, so that at most one request is wasted. Pure.
 */
import type { Refusal } from '../openai/errors.ts';
import type { FimStrategy } from '../openai/settings.ts';
import { isLoopback } from '../openai/settings.ts';
import { formatForModel } from './formats.ts';

/** Hosts whose strategy is documented. `base`: completions live under this path of the same origin. */
const hosts: readonly { host: RegExp; strategy: FimStrategy; models?: RegExp; base?: string }[] = [
  { host: /(?:^|\.)mistral\.ai$/, strategy: 'mistral', models: /codestral|devstral|mamba/ },
  { host: /(?:^|\.)mistral\.ai$/, strategy: 'chat' },
  { host: /^api\.deepseek\.com$/, strategy: 'suffix', base: '/beta' },
  { host: /^api\.openai\.com$/, strategy: 'suffix', models: /-instruct|davinci|babbage/ },
  {
    host: /^api\.openai\.com$|\.azure\.com$|(?:^|\.)(?:openrouter\.ai|anthropic\.com|groq\.com|googleapis\.com|x\.ai|githubcopilot\.com|github\.ai|cerebras\.ai)$/,
    strategy: 'chat',
  },
];

/** Families that only chat; asking them to continue text gives chatter. */
const chatty =
  /(?:^|[/:_-])(?:gpt-?(?:3\.5-turbo(?!-instruct)|4|5|oss)|o[1-9]\b|chatgpt|claude|gemini|command|grok|kimi|glm|minimax|phi|llama-?[34]|mi[sx]tral|magistral|qwen-?[23](?!.*coder)|deepseek-(?:chat|reasoner|r1|v\d)|gemma)|instruct|[-_]chat\b|[-_]it\b/;

/** Strategies in the order of trying; the last one is `chat` unless the endpoint is known to serve another. */
export function planStrategies(baseURL: string, model: string): readonly FimStrategy[] {
  const url = new URL(baseURL);
  const name = model.toLowerCase();
  const row = hosts.find(
    ({ host, models }) => host.test(url.hostname) && (models === undefined || models.test(name)),
  );
  if (row !== undefined) return row.strategy === 'chat' ? ['chat'] : [row.strategy, 'chat'];
  const known = formatForModel(name) !== undefined;
  // Ollama wraps a bare prompt into its chat template, so only its own suffix support is right there.
  if (url.port === '11434' || /^[^/\\]+(?:\/[^/:\\]+)*:[\w.-]+$/.test(name)) return ['suffix', 'chat'];
  if (name.endsWith('.gguf') || (url.port === '8080' && isLoopback(url.hostname)))
    return known ? ['infill', 'template', 'chat'] : ['infill', 'chat'];
  if (known) return ['template', 'chat'];
  return chatty.test(name) ? ['chat'] : ['suffix', 'chat'];
}

/** Where `/completions` lives, as an absolute URL, when it is not below the base URL. */
export function completionsURL(baseURL: string): string | undefined {
  const url = new URL(baseURL);
  const base = hosts.find(row => row.base !== undefined && row.host.test(url.hostname))?.base;
  return base === undefined ? undefined : `${url.origin}${base}/completions`;
}

const unsuited =
  /suffix|insert|infill|\bfim\b|not support|unsupported|chat model|not implemented|unknown (?:url|route|path|request)|invalid url|not found|unexpected endpoint|extra inputs/;

/** Whether a refusal means "not this way" rather than "not you", "not now" or "not this model". */
export function isUnsuited(refusal: Refusal): boolean {
  const { status, error, words } = refusal;
  if (status === undefined) return error.kind === 'unsupported';
  if (status === 405 || status === 501) return true;
  if (status === 404) return /chat model|insert/.test(words) || !error.message.includes('(model ');
  if (status === 400 || status === 422 || status === 500)
    return error.kind !== 'context-length' && unsuited.test(words);
  return false;
}
