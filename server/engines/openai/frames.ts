/**
 * From an open reply to its JSON values, whether it is an event stream or one whole document, and whatever its
 * Content-Type says. Throws `Refused`. It must not know what the values mean.
 */
import { incomplete, notAModel, tooLargeLine } from './errors.ts';
import { LineTooLong, SseDecoder, type SseEvent } from './sse.ts';

/** `end` is `done` after [DONE] or a whole document, `eof` when the bytes just ended. */
export type Frame =
  | { readonly type: 'value'; readonly value: unknown; readonly event: string; readonly whole: boolean }
  | { readonly type: 'end'; readonly how: 'done' | 'eof' };

/** Yields the values in order and one `end`. A TransportError of the body passes through. */
export async function* readFrames(response: Response, origin: string): AsyncGenerator<Frame, void> {
  const type = (response.headers.get('content-type') ?? '').toLowerCase();
  const encoding = response.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity')
    throw notAModel(origin, `a ${shortWord(encoding)} encoding`);
  if (response.body === null) throw notAModel(origin, 'nothing');
  const reader = response.body.getReader();
  try {
    const first = await firstBytes(reader);
    if (first === undefined && !type.includes('event-stream')) throw notAModel(origin, 'nothing');
    if (type.includes('event-stream') || looksLikeEvents(first)) yield* eventFrames(first, reader, origin);
    else yield* documentFrames(first, reader, type, origin);
  } catch (error) {
    throw error instanceof LineTooLong ? tooLargeLine(origin) : error;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function firstBytes(reader: Reader): Promise<Uint8Array | undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    if (value.byteLength > 0) return value;
  }
}

function looksLikeEvents(bytes: Uint8Array | undefined): boolean {
  const start = new TextDecoder().decode(bytes?.subarray(0, 64)).trimStart();
  return /^(?:data|event|id|retry)?:/.test(start);
}

async function* eventFrames(
  first: Uint8Array | undefined,
  reader: Reader,
  origin: string,
): AsyncGenerator<Frame, void> {
  const decoder = new SseDecoder();
  let seen = false;
  for (let bytes = first; bytes !== undefined; bytes = (await reader.read()).value) {
    for (const event of decoder.push(bytes)) {
      for (const frame of parseEvent(event, origin)) {
        yield frame;
        if (frame.type === 'end') return;
        seen = true;
      }
    }
  }
  for (const event of decoder.end()) {
    for (const frame of parseEvent(event, origin)) {
      yield frame;
      if (frame.type === 'end') return;
      seen = true;
    }
  }
  if (!seen && decoder.foreignLines > 0) throw notAModel(origin, 'text that is no event stream');
  yield { type: 'end', how: 'eof' };
}

function* parseEvent({ name, lines }: SseEvent, origin: string): Generator<Frame, void> {
  const data = lines.join('\n').trim();
  if (data === '') return;
  const whole = data === '[DONE]' ? undefined : parse(data);
  // One value over several lines is the rule; one value a line happens where blank lines are missing.
  if (whole !== undefined) return yield { type: 'value', value: whole.value, event: name, whole: false };
  for (const line of lines) {
    const text = line.trim();
    if (text === '') continue;
    if (text.startsWith('[DONE]')) return yield { type: 'end', how: 'done' };
    const parsed = parse(text);
    if (parsed === undefined) throw incomplete(origin, 'a part of it is damaged');
    yield { type: 'value', value: parsed.value, event: name, whole: false };
  }
}

async function* documentFrames(
  first: Uint8Array | undefined,
  reader: Reader,
  type: string,
  origin: string,
): AsyncGenerator<Frame, void> {
  const parts: Uint8Array[] = [];
  for (let bytes = first; bytes !== undefined; bytes = (await reader.read()).value) parts.push(bytes);
  const text = new TextDecoder().decode(Buffer.concat(parts)).trim();
  const parsed = parse(text);
  if (parsed !== undefined) {
    yield { type: 'value', value: parsed.value, event: '', whole: true };
    return yield { type: 'end', how: 'done' };
  }
  if (text.startsWith('<')) throw notAModel(origin, 'a web page');
  if (!text.startsWith('{')) throw notAModel(origin, type.includes('json') ? 'broken JSON' : 'plain text');
  const lines = text.split('\n').filter(line => line.trim() !== '');
  for (const line of lines) {
    const value = parse(line);
    if (value === undefined) throw incomplete(origin, 'it was cut short');
    yield { type: 'value', value: value.value, event: '', whole: false };
  }
  yield { type: 'end', how: 'eof' };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const shortWord = (word: string): string => (/^[\w-]{1,16}$/.test(word) ? word : 'strange');
