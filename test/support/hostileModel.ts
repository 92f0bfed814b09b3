/**
 * Everything an endpoint can do wrong, as one named table: what is sent, and what the engine must make of it.
 * Used by the scripted model server (`fault: name`) and by the fault matrix. It must not know the engine's code.
 */
import { contents } from './hostileContents.ts';
import {
  data,
  type Fault,
  half,
  hasFinish,
  insert,
  isDone,
  json,
  jsonType,
  rewrite,
  wire,
} from './hostileFault.ts';
import { statuses } from './hostileStatuses.ts';

export { type Fault, type FaultOutcome, wire } from './hostileFault.ts';

const connection = {
  'reset-before-bytes': { what: 'connection reset at once', expect: 'network', connection: 'reset' },
  'close-before-bytes': { what: 'connection closed without a reply', expect: 'network', connection: 'close' },
  'reset-once': { what: 'reset once, then well', expect: 'recovered', connection: 'reset', times: 1 },
  'hang-before-headers': { what: 'accepts and never answers', expect: 'timeout', connection: 'hang' },
  'hang-after-headers': { what: 'headers, then nothing', expect: 'timeout', body: () => [], end: 'hang' },
  'stall-mid-stream': {
    what: 'half of the stream, then silence',
    expect: 'timeout',
    body: n => [wire(half(n.frames))],
    end: 'hang',
  },
  'reset-mid-stream': {
    what: 'half of the stream, then a reset',
    expect: 'incomplete',
    body: n => [wire(half(n.frames))],
    end: 'reset',
  },
  'cut-mid-frame': {
    what: 'ends inside a frame',
    expect: 'incomplete',
    body: n => [wire(half(n.frames)).slice(0, -9)],
  },
  'cut-mid-character': {
    what: 'ends inside a UTF-8 sequence',
    expect: 'incomplete',
    body: n => [wire(n.frames.slice(0, 1)), Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xe2, 0x82])],
  },
  'short-content-length': {
    what: 'fewer bytes than Content-Length says',
    expect: 'incomplete',
    headers: { 'content-length': '90000' },
    body: n => [wire(half(n.frames))],
    end: 'reset',
  },
  'not-http': {
    what: 'another protocol on that port',
    expect: 'not-a-model-endpoint',
    connection: { raw: 'SSH-2.0-OpenSSH_9.6\r\n' },
  },
  'bad-status-line': {
    what: 'broken HTTP',
    expect: 'not-a-model-endpoint',
    connection: { raw: 'HTTP/9 hello\r\n\r\n' },
  },
  'header-flood': {
    what: 'more headers than anybody needs',
    expect: 'not-a-model-endpoint',
    connection: { raw: `HTTP/1.1 200 OK\r\n${`x-flood: ${'a'.repeat(1000)}\r\n`.repeat(200)}\r\n` },
  },
  'hang-after-finish': {
    what: 'finish reason, then an open connection without [DONE]',
    expect: 'recovered',
    body: n => [wire(n.frames.filter(frame => !isDone(frame)))],
    end: 'hang',
  },
  'reset-after-finish': {
    what: 'finish reason, then a reset',
    expect: 'recovered',
    body: n => [wire(n.frames.filter(frame => !isDone(frame)))],
    end: 'reset',
  },
} satisfies Record<string, Fault>;

const endings = {
  'no-finish-reason': {
    what: '[DONE] without a finish reason',
    expect: 'incomplete',
    body: n => [wire([...n.frames.filter(frame => !hasFinish(frame)), 'data: [DONE]'])],
  },
  'no-finish-no-done': {
    what: 'the stream just ends',
    expect: 'incomplete',
    body: n => [wire(n.frames.filter(frame => !hasFinish(frame) && !isDone(frame)))],
  },
  'no-done': {
    what: 'finish reason but no [DONE]',
    expect: 'recovered',
    body: n => [wire(n.frames.filter(frame => !isDone(frame)))],
  },
  'only-done': { what: 'nothing but [DONE]', expect: 'incomplete', body: () => ['data: [DONE]\n\n'] },
  'empty-stream': { what: 'an event stream without a byte', expect: 'incomplete', body: () => [] },
  'finish-length': {
    what: 'cut by the token limit',
    expect: 'length',
    body: rewrite(f =>
      f.replace(/"finish_reason":"\w+"/, '"finish_reason":"length"').replace('"eos"', '"limit"'),
    ),
  },
  'finish-filtered': {
    what: 'content filter',
    expect: 'content-filter',
    body: n => [
      wire([
        ...half(n.frames),
        data({ choices: [{ index: 0, delta: {}, text: '', finish_reason: 'content_filter' }] }),
      ]),
    ],
  },
  'finish-error': {
    what: 'finish reason "error"',
    expect: 'server',
    body: n => [
      wire([
        ...half(n.frames),
        data({ choices: [{ index: 0, delta: {}, text: '', finish_reason: 'error' }] }),
      ]),
    ],
  },
  'finish-unknown': {
    what: 'a finish reason nobody knows',
    expect: 'incomplete',
    body: n => [
      wire([
        ...half(n.frames),
        data({ choices: [{ index: 0, delta: {}, text: '', finish_reason: 'moonrise' }] }),
      ]),
    ],
  },
} satisfies Record<string, Fault>;

const bodies = {
  'html-200': {
    what: 'an HTML page with status 200',
    expect: 'not-a-model-endpoint',
    headers: { 'content-type': 'text/html' },
    body: () => ['<!doctype html><html><title>Sign in</title></html>'],
  },
  'html-as-stream': {
    what: 'HTML labelled as an event stream',
    expect: 'not-a-model-endpoint',
    body: () => ['<!doctype html>\n<html>\n<title>Sign in</title>\n\n</html>\n'],
  },
  'plain-json': {
    what: 'JSON of another kind',
    expect: 'not-a-model-endpoint',
    headers: jsonType,
    body: json({ status: 'ok', version: 3 }),
  },
  'json-array': {
    what: 'a JSON array',
    expect: 'not-a-model-endpoint',
    headers: jsonType,
    body: json([1, 2]),
  },
  'json-null': { what: 'JSON null', expect: 'not-a-model-endpoint', headers: jsonType, body: json('null') },
  'text-ok': {
    what: 'the text OK',
    expect: 'not-a-model-endpoint',
    headers: { 'content-type': 'text/plain' },
    body: () => ['OK'],
  },
  'empty-json': {
    what: 'no bytes as JSON',
    expect: 'not-a-model-endpoint',
    headers: jsonType,
    body: () => [],
  },
  'no-content': {
    what: '204',
    expect: 'not-a-model-endpoint',
    status: 204,
    headers: jsonType,
    body: () => [],
  },
  'json-not-stream': {
    what: 'a whole JSON reply although a stream was asked for',
    expect: 'recovered',
    headers: jsonType,
    body: n => [n.json],
  },
  'json-cut': {
    what: 'JSON cut short',
    expect: 'incomplete',
    headers: jsonType,
    body: n => [n.json.slice(0, -20)],
  },
  'json-error-200': {
    what: 'an error object with status 200',
    expect: 'server',
    headers: jsonType,
    body: json({ error: { message: 'upstream exploded', code: 502 } }),
  },
  'unrelated-events': {
    what: 'an event stream of something else',
    expect: 'not-a-model-endpoint',
    body: () => [wire(['event: tick\ndata: {"temperature": 21}', 'event: tick\ndata: {"temperature": 22}'])],
  },
  'unasked-encoding': {
    what: 'compressed although identity was asked for',
    expect: 'not-a-model-endpoint',
    headers: { 'content-encoding': 'br' },
    body: () => [Buffer.from([0x0b, 0x02, 0x80, 0x00, 0x03])],
  },
} satisfies Record<string, Fault>;

const framing = {
  'glued-frames': {
    what: 'two frames on one line',
    expect: 'incomplete',
    body: n => [wire([n.frames.slice(0, 3).join(''), ...n.frames.slice(3)])],
  },
  'bad-json': {
    what: 'a frame that is not JSON',
    expect: 'incomplete',
    body: n => [wire(insert(n, 'data: {"choices":'))],
  },
  'single-newlines': {
    what: 'frames divided by one newline',
    expect: 'recovered',
    body: n => [`${n.frames.join('\n')}\n`],
  },
  'no-final-blank': {
    what: 'no blank line at the end',
    expect: 'recovered',
    body: n => [wire(n.frames).trimEnd()],
  },
  crlf: { what: 'CRLF line ends', expect: 'recovered', body: n => [wire(n.frames, '\r\n')] },
  'cr-only': { what: 'CR line ends', expect: 'recovered', body: n => [wire(n.frames, '\r')] },
  comments: {
    what: 'comment lines',
    expect: 'recovered',
    body: n => [wire(n.frames.flatMap(f => [': ping', f]))],
  },
  bom: { what: 'a byte order mark', expect: 'recovered', body: n => [`\uFEFF${wire(n.frames)}`] },
  'other-fields': {
    what: 'event, id and retry fields',
    expect: 'recovered',
    body: rewrite(frame => `event: message\nid: 7\nretry: 10\n${frame}`),
  },
  'no-space': {
    what: 'no space after the colon',
    expect: 'recovered',
    body: rewrite(f => f.replace('data: ', 'data:')),
  },
  'multi-line-data': {
    what: 'one JSON object over several data lines',
    expect: 'recovered',
    body: rewrite(f =>
      isDone(f) || f.startsWith(':')
        ? f
        : JSON.stringify(JSON.parse(f.slice(6)), null, 1)
            .split('\n')
            .map(line => `data: ${line}`)
            .join('\n'),
    ),
  },
  'byte-by-byte': {
    what: 'every byte for itself',
    expect: 'recovered',
    body: n => [...Buffer.from(wire(n.frames))].map(byte => Buffer.from([byte])),
  },
} satisfies Record<string, Fault>;

/** The whole table. `refused` is a closed port: see `closedPort`. */
export const faults = { ...connection, ...endings, ...bodies, ...framing, ...contents, ...statuses };

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as readonly FaultName[];

/** The row by name. */
export function faultOf(name: FaultName): Fault {
  return faults[name];
}
