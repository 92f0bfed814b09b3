/**
 * Dialects of OpenAI-compatible servers as data: what each one serves, refuses and adds to its frames. For the
 * scripted model server only; it must not know sockets.
 */

export type ModelRoute = 'models' | 'chat' | 'completions' | 'infill' | 'fim' | 'tags';

export type Json = Readonly<Record<string, unknown>>;

export interface ModelProfile {
  /** Routes that exist; the others answer 404 in this dialect's words. */
  readonly routes: readonly ModelRoute[];
  /** What is said of a route that does not exist; default `Not Found`. */
  readonly missing?: string;
  /** Body parameters answered with 400, with the words the server uses. */
  readonly rejects: Readonly<Record<string, string>>;
  /** Fields added to each stream frame. */
  readonly extra: Json;
  /** Frames sent before the first text, as data objects or comments. */
  readonly opening: readonly (Json | string)[];
  /** Fields added to each entry of the model list. */
  readonly model: Json;
  /** Usage arrives in a frame of its own with `choices: []` (true), or on the last frame (false). */
  readonly usageFrame: boolean;
  /** The stream ends with `[DONE]`. */
  readonly done: boolean;
  /** How an error body looks. */
  error(status: number, code: string, message: string): Json;
}

const openAIError = (status: number, code: string, message: string): Json => ({
  error: { message, type: status >= 500 ? 'server_error' : 'invalid_request_error', param: null, code },
});

const base: ModelProfile = {
  routes: ['models', 'chat', 'completions'],
  rejects: {},
  extra: { system_fingerprint: 'fp_scripted' },
  opening: [],
  model: { owned_by: 'scripted' },
  usageFrame: true,
  done: true,
  error: openAIError,
};

const local: readonly ModelRoute[] = ['models', 'chat', 'completions'];

export const profiles = {
  /** Serves everything: what tests that do not care about dialects use. */
  generic: { ...base, routes: ['models', 'chat', 'completions', 'infill', 'fim', 'tags'] },
  openai: {
    ...base,
    rejects: {
      max_tokens:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    },
    routes: ['models', 'chat'],
    missing:
      'This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?',
    model: { owned_by: 'system' },
    extra: { service_tier: 'default', system_fingerprint: 'fp_1', obfuscation: 'aZ91' },
  },
  azure: {
    ...base,
    routes: ['models', 'chat'],
    opening: [
      {
        id: '',
        object: '',
        created: 0,
        model: '',
        choices: [],
        prompt_filter_results: [
          { prompt_index: 0, content_filter_results: { hate: { filtered: false, severity: 'safe' } } },
        ],
      },
    ],
    error: (status, code, message) => ({ error: { code: code || String(status), message } }),
  },
  openrouter: {
    ...base,
    rejects: {},
    routes: ['models', 'chat'],
    opening: [': OPENROUTER PROCESSING', ': OPENROUTER PROCESSING'],
    extra: { provider: 'Scripted' },
    error: (status, _code, message) => ({
      error: { code: status, message, metadata: { provider_name: 'Scripted' } },
      user_id: 'user_x',
    }),
  },
  ollama: {
    ...base,
    routes: ['models', 'chat', 'completions', 'tags'],
    model: { owned_by: 'library' },
    extra: { system_fingerprint: 'fp_ollama' },
    error: (status, code, message) => ({
      error: { message, type: 'api_error', param: null, code: code === '' ? null : status },
    }),
  },
  'ollama-chat': {
    ...base,
    routes: ['models', 'chat', 'completions', 'tags'],
    rejects: { suffix: 'registry.ollama.ai/library/scripted-model:latest does not support insert' },
    model: { owned_by: 'library' },
  },
  llamacpp: {
    ...base,
    routes: [...local, 'infill'],
    rejects: { suffix: 'Unsupported param: suffix' },
    model: { owned_by: 'llamacpp', meta: { n_ctx_train: 32768 } },
    extra: { timings: { prompt_n: 1 } },
    error: (status, _code, message) => ({ error: { code: status, message, type: 'invalid_request_error' } }),
  },
  vllm: {
    ...base,
    routes: local,
    rejects: { suffix: 'suffix is not currently supported' },
    model: { owned_by: 'vllm', max_model_len: 8192 },
    extra: { prompt_token_ids: null },
    error: (status, _code, message) => ({
      object: 'error',
      message,
      type: 'BadRequestError',
      param: null,
      code: status,
    }),
  },
  lmstudio: {
    ...base,
    routes: local,
    usageFrame: false,
    model: { owned_by: 'organization_owner' },
    error: (_status, _code, message) => ({ error: message }),
  },
  tgi: {
    ...base,
    routes: ['models', 'chat', 'completions'],
    rejects: { suffix: 'Suffix is not supported and can be achieved by preprocessing the prompt.' },
    error: (_status, code, message) => ({ error: message, error_type: code || 'validation' }),
    done: true,
  },
  deepseek: {
    ...base,
    routes: ['models', 'chat', 'completions'],
    usageFrame: false,
    model: { owned_by: 'deepseek' },
    opening: [': keep-alive'],
  },
  mistral: {
    ...base,
    routes: ['models', 'chat', 'fim'],
    rejects: { stream_options: 'Extra inputs are not permitted: stream_options' },
    usageFrame: false,
    model: { owned_by: 'mistralai', capabilities: { completion_fim: true } },
    extra: { p: 'abcdef' },
    error: (status, _code, message) =>
      status === 422
        ? { object: 'error', message: { detail: [{ type: 'extra_forbidden', loc: ['body'], msg: message }] } }
        : { object: 'error', message, type: 'invalid_request', param: null, code: '1500' },
  },
} satisfies Record<string, ModelProfile>;

export type ProfileName = keyof typeof profiles;
