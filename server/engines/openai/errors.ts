/**
 * From what an endpoint says when it refuses to one classified error with words for the person. The endpoint's
 * own words are read here and never passed on, since they may repeat key, prompt or document. Pure.
 */
import type { EngineError, EngineErrorKind } from '../engine.ts';
import { retryAfterMs } from './retry.ts';

/** An endpoint's refusal. `words` are the endpoint's own, lower case, for the code alone: never shown or logged. */
export interface Refusal {
  readonly error: EngineError;
  readonly words: string;
  readonly status?: number;
  /** Asking again may help and repeats nothing. */
  readonly again?: 'at-once' | 'later';
}

/** The endpoint answered in a way that ends the request. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`refused ${refusal.error.kind}`);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

const contextWords =
  /context_length_exceeded|maximum context length|context (?:size|length|window)|(?:prompt|input|message)s? (?:is|are) too long|tokens.{0,40}must be <=|token count.{0,40}exceeds|exceeds the (?:available|maximum)|too large for model|reduce the length|keep the first \d+ tokens|string_above_max_length|n_ctx/;

const modelWords =
  /model_not_found|model.{0,120}(?:does not exist|not found|not exist|not available|not loaded|unknown)|(?:no such|unknown|invalid|pulling) model|no models? loaded|try pulling it/;

interface Told {
  readonly kind: EngineErrorKind;
  readonly why: string;
  readonly advice: string;
}

const byStatus: Readonly<Record<number, Told>> = {
  401: {
    kind: 'authentication',
    why: 'did not accept the key',
    advice:
      'Check that the key is right and belongs to this endpoint. Requests pause until the configuration changes',
  },
  402: {
    kind: 'payment',
    why: 'wants to be paid first',
    advice: 'Check balance and billing of that account. Requests pause until the configuration changes',
  },
  403: {
    kind: 'authentication',
    why: 'does not allow this key to do that',
    advice: 'Check the permissions of the key, and whether it may use this model',
  },
  404: {
    kind: 'not-found',
    why: 'does not know that path',
    advice: 'Check the base URL; it usually ends in /v1',
  },
  405: {
    kind: 'not-found',
    why: 'does not know that path',
    advice: 'Check the base URL; it usually ends in /v1',
  },
  407: {
    kind: 'configuration',
    why: 'is behind a proxy that asks for a password',
    advice: 'Put user and password into the proxy setting',
  },
  408: { kind: 'timeout', why: 'gave up waiting', advice: 'Try again' },
  413: { kind: 'context-length', why: 'says the request is too large', advice: 'Ask about a smaller part' },
  429: {
    kind: 'rate-limit',
    why: 'is asked too often',
    advice: 'Wait a little, or raise the limit of that account',
  },
  501: {
    kind: 'unsupported',
    why: 'does not support this kind of request',
    advice: 'Choose another model or strategy',
  },
};

const keyless: Told = {
  kind: 'authentication',
  why: 'wants a key, and none was sent',
  advice:
    'Set a key for this endpoint in your own configuration; a key that was given for another address is not sent. Requests pause until the configuration changes',
};
const quota: Told = {
  kind: 'payment',
  why: 'says that the quota is used up',
  advice: 'Check plan and billing of that account. Requests pause until the configuration changes',
};
const tooLong: Told = {
  kind: 'context-length',
  why: 'says that the request is longer than the model can take',
  advice: 'Ask about a smaller part, or lower the context setting to what the model has',
};
const noModel: Told = {
  kind: 'not-found',
  why: 'does not have the chosen model',
  advice: 'Correct the model setting; the doctor command lists what is there',
};
const refusedRequest: Told = {
  kind: 'unsupported',
  why: 'did not accept the request',
  advice: 'The model may not support this; the doctor command shows what it can do',
};
const ill: Told = {
  kind: 'server',
  why: 'has a problem of its own',
  advice: 'Try again; if it stays, look at its log',
};
const filtered: Told = {
  kind: 'unsupported',
  why: 'stopped the answer by its content filter',
  advice: 'Ask in other words',
};

function tell(status: number, words: string): Told {
  if (status === 429 && /insufficient_quota|current quota|billing|balance/.test(words)) return quota;
  if ((status === 400 || status === 413 || status === 422 || status === 500) && contextWords.test(words))
    return tooLong;
  if (/content_filter|content management policy/.test(words) && status === 400) return filtered;
  if ((status === 404 || status === 400) && modelWords.test(words) && !/chat model/.test(words))
    return noModel;
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status >= 500 || status === 409) return ill;
  return refusedRequest;
}

/** Whether a refusal is a content filter's, which is an outcome and no error. */
export function isFiltered(refusal: Refusal): boolean {
  return refusal.status === 400 && /content_filter|content management policy/.test(refusal.words);
}

/** Classifies a reply with a status other than 2xx. `body` is its text. `now` for Retry-After dates. */
export function refusalOf(
  reply: {
    readonly status: number;
    readonly headers: Headers;
    readonly body: string;
    /** Whether the request carried a key. */
    readonly withKey?: boolean;
  },
  origin: string,
  model: string,
  now: number,
): Refusal {
  const words = reply.body.slice(0, 8192).toLowerCase();
  const told = reply.status === 401 && reply.withKey === false ? keyless : tell(reply.status, words);
  const wait = retryAfterMs(reply.headers, now);
  const id = requestId(reply.headers);
  const named = told === noModel || reply.status === 403 ? ` (model ${safeName(model)})` : '';
  const note = id === undefined ? `status ${reply.status}` : `status ${reply.status}, request ${id}`;
  const retriable = [408, 429, 500, 502, 503, 504, 529].includes(reply.status) && told.kind !== 'payment';
  return {
    words,
    status: reply.status,
    error: {
      kind: told.kind,
      message: `${origin} ${told.why}${named}. ${told.advice} (${note}).`,
      status: reply.status,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      ...(id === undefined ? {} : { requestId: id }),
    },
    ...(retriable && told.kind !== 'context-length' ? { again: 'later' } : {}),
  };
}

/** Classifies an error object inside a reply with status 200, or an error event of a stream. */
export function refusalInReply(value: unknown, origin: string, model: string): Refusal {
  const code = errorCode(value);
  const words = JSON.stringify(value ?? null)
    .slice(0, 8192)
    .toLowerCase();
  const status =
    code !== undefined && code >= 400 && code < 600 ? code : contextWords.test(words) ? 400 : 500;
  const { error } = refusalOf({ status, headers: new Headers(), body: words }, origin, model, 0);
  return { words, error: { kind: error.kind, message: error.message.replace(/ \(status \d+\)/, '') } };
}

function errorCode(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const code = fields['code'] ?? fields['status'] ?? fields['status_code'];
  if (typeof code === 'number') return code;
  if (typeof code === 'string' && /^\d{3}$/.test(code)) return Number(code);
  return typeof fields['error'] === 'object' ? errorCode(fields['error']) : undefined;
}

function requestId(headers: Headers): string | undefined {
  const id = headers.get('x-request-id') ?? headers.get('request-id') ?? headers.get('apim-request-id');
  return id !== null && /^[\w.:-]{1,80}$/.test(id) ? id : undefined;
}

/** Model names come from settings; shown short and without control characters. */
export function safeName(model: string): string {
  return model.replace(/[\u0000-\u001f\u007f-\u009f]/g, '').slice(0, 80);
}

/** The reply is no model's. `hint` says what came instead. */
export function notAModel(origin: string, hint: string): Refused {
  return new Refused({
    words: '',
    error: {
      kind: 'not-a-model-endpoint',
      message: `${origin} answered with ${hint} instead of a model's reply. Check the base URL (it usually ends in /v1), and whether a login page or proxy is in between.`,
    },
  });
}

/** The reply ended before it was complete, or was damaged on the way. */
export function incomplete(origin: string, what: string): Refused {
  return new Refused({
    words: '',
    error: {
      kind: 'incomplete',
      message: `The answer of ${origin} is incomplete: ${what}. Nothing of it was used; try again.`,
    },
  });
}

export function tooLargeLine(origin: string): Refused {
  return new Refused({
    words: '',
    error: {
      kind: 'too-large',
      message: `The answer of ${origin} held a line of more than 1 MB and was stopped. Nothing of it was used.`,
    },
  });
}
