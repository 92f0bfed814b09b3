/**
 * Refusals by status, in the words and shapes of many servers, as a part of the table of faults.
 */
import { type Fault, type FaultOutcome, json, jsonType } from './hostileFault.ts';

function status(code: number, expect: FaultOutcome, message: string, more: Partial<Fault> = {}): Fault {
  return {
    what: `status ${code}`,
    expect,
    status: code,
    headers: { ...jsonType, ...more.headers },
    body: more.body ?? json({ error: { message, type: 'error', code: null } }),
    ...(more.times === undefined ? {} : { times: more.times }),
  };
}

function redirect(code: number): Fault {
  return {
    what: `redirect ${code} to another origin`,
    expect: 'configuration',
    status: code,
    headers: { location: 'http://127.0.0.1:9/v1/chat/completions' },
    body: () => [],
  };
}

const limited = (headers: Readonly<Record<string, string>>, times?: number): Fault =>
  status(429, times === undefined ? 'rate-limit' : 'recovered', 'slow down', {
    headers,
    ...(times === undefined ? {} : { times }),
  });

const tooLong = (message: string, code: string | null = null, http = 400): Fault =>
  status(http, 'context-length', message, { body: json({ error: { message, type: 'x', code } }) });

export const statuses = {
  'status-301': redirect(301),
  'status-302': redirect(302),
  'status-303': redirect(303),
  'status-307': redirect(307),
  'status-308': redirect(308),
  'status-400': status(400, 'unsupported', 'bad request'),
  'status-401': status(401, 'authentication', 'Incorrect API key provided: sk-…'),
  'status-402': status(402, 'payment', 'Insufficient Balance'),
  'status-403': status(403, 'authentication', 'no access'),
  'status-404-model': status(404, 'not-found', 'The model `x` does not exist', {
    body: json({ error: { message: 'The model `x` does not exist', code: 'model_not_found' } }),
  }),
  'status-404-html': status(404, 'not-found', '', {
    headers: { 'content-type': 'text/html' },
    body: () => ['<html>404</html>'],
  }),
  'status-405': status(405, 'not-found', 'Method Not Allowed'),
  'status-407': status(407, 'configuration', 'Proxy Authentication Required'),
  'status-408': status(408, 'timeout', 'too slow'),
  'status-409': status(409, 'server', 'conflict'),
  'status-413': status(413, 'context-length', 'payload too large'),
  'status-422': status(422, 'unsupported', 'extra fields not permitted'),
  'status-429': limited({}),
  'status-429-seconds': limited({ 'retry-after': '1' }),
  'status-429-once': limited({ 'retry-after': '0' }, 1),
  'status-429-ms': limited({ 'retry-after-ms': '5' }, 1),
  'status-429-date': limited({ 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 1),
  'status-429-negative': limited({ 'retry-after': '-5' }, 1),
  'status-429-garbage': limited({ 'retry-after': 'soon' }, 1),
  'status-429-hour': limited({ 'retry-after': '3600' }),
  'status-429-quota': status(429, 'payment', 'You exceeded your current quota', {
    body: json({ error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }),
  }),
  'status-500': status(500, 'server', 'oops'),
  'status-500-once': status(500, 'recovered', 'oops', { times: 1 }),
  'status-502-html': status(502, 'server', '', {
    headers: { 'content-type': 'text/html' },
    body: () => ['<html>'],
  }),
  'status-503-loading': status(503, 'server', 'Loading model', { headers: { 'retry-after': '1' } }),
  'status-504': status(504, 'server', 'gateway gave up'),
  'status-529': status(529, 'server', 'overloaded'),
  'context-openai': tooLong('maximum context length is 8192 tokens', 'context_length_exceeded'),
  'context-llamacpp': tooLong(
    'the request exceeds the available context size. try increasing the context size',
  ),
  'context-vllm': tooLong(
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
  ),
  'context-ollama': tooLong('input length exceeds the context length'),
  'context-mistral': tooLong(
    'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
  ),
  'context-tgi': tooLong('`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000', null, 422),
  'context-anthropic': tooLong('prompt is too long: 210000 tokens > 200000 maximum'),
  'context-lmstudio': tooLong('Trying to keep the first 9000 tokens when context the overflows'),
  'context-gemini': tooLong(
    'The input token count (40000) exceeds the maximum number of tokens allowed (32768).',
  ),
  'filtered-azure': status(400, 'content-filter', 'filtered', {
    body: json({ error: { message: 'The response was filtered', code: 'content_filter' } }),
  }),
} satisfies Record<string, Fault>;
