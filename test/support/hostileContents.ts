/**
 * Streams whose framing is right and whose contents are odd, wrong or endless, as a part of the table of faults.
 */
import { data, type Fault, half, insert, jsonType, wire } from './hostileFault.ts';

export const contents = {
  'empty-choices': {
    what: 'choices: []',
    expect: 'recovered',
    body: n => [wire(insert(n, data({ choices: [] })))],
  },
  'null-content': {
    what: 'null content',
    expect: 'recovered',
    body: n => [wire(insert(n, data({ choices: [{ index: 0, delta: { content: null }, text: null }] })))],
  },
  'no-delta': {
    what: 'a choice without delta',
    expect: 'recovered',
    body: n => [wire(insert(n, data({ choices: [{ index: 0 }] })))],
  },
  'null-choice': {
    what: 'choices: [null]',
    expect: 'recovered',
    body: n => [wire(insert(n, data({ choices: [null] })))],
  },
  'usage-only': {
    what: 'a frame with usage alone',
    expect: 'recovered',
    body: n => [wire(insert(n, data({ usage: { prompt_tokens: 1, completion_tokens: null } })))],
  },
  'second-choice': {
    what: 'a second choice nobody asked for',
    expect: 'recovered',
    body: n => [
      wire(insert(n, data({ choices: [{ index: 1, delta: { content: 'SECOND' }, text: 'SECOND' }] }))),
    ],
  },
  'deep-extras': {
    what: 'unknown and nested fields',
    expect: 'recovered',
    body: n => [
      wire(insert(n, data({ choices: [{ index: 0, x: [[[{}]]], delta: { a: 1 } }], __proto__x: 1 }))),
    ],
  },
  nul: {
    what: 'NUL in the text',
    expect: 'recovered',
    body: n => [
      wire(insert(n, data({ content: '\0', choices: [{ index: 0, delta: { content: '\0' }, text: '\0' }] }))),
    ],
  },
  'lone-surrogate': {
    what: 'half a surrogate pair in the text',
    expect: 'recovered',
    body: n => [
      wire(
        insert(
          n,
          'data: {"content":"\\ud83d","choices":[{"index":0,"delta":{"content":"\\ud83d"},"text":"\\ud83d"}]}',
        ),
      ),
    ],
  },
  'error-first': {
    what: 'an error object as the first frame',
    expect: 'server',
    body: () => [wire([data({ error: { message: 'overloaded', code: 'server_error' } })])],
  },
  'error-mid-stream': {
    what: 'an error object in mid-stream',
    expect: 'server',
    body: n => [wire([...half(n.frames), data({ error: { message: 'lost the GPU', code: 502 } })])],
  },
  'error-event': {
    what: 'an error event with a plain message',
    expect: 'server',
    body: n => [wire([...half(n.frames), 'event: error\ndata: "out of memory"'])],
  },
  'error-string': {
    what: 'error as a string',
    expect: 'server',
    body: n => [wire([...half(n.frames), data({ error: 'boom' })])],
  },
  'error-object': {
    what: 'an error of the older vLLM shape in the stream',
    expect: 'server',
    body: n => [wire([...half(n.frames), data({ object: 'error', message: 'bad', code: 500 })])],
  },
  'rate-limit-in-stream': {
    what: 'a rate limit in mid-stream',
    expect: 'rate-limit',
    body: n => [wire([...half(n.frames), data({ error: { message: 'slow down', code: 429 } })])],
  },
  'huge-line': {
    what: 'a line of 3 MB',
    expect: 'too-large',
    body: n => [wire(half(n.frames)), 'data: "', 'x'.repeat(3_000_000)],
  },
  'huge-json': {
    what: 'a JSON body of 9 MB',
    expect: 'too-large',
    headers: jsonType,
    body: () => ['{"a":"', 'x'.repeat(9_000_000)],
  },
  'endless-line': {
    what: 'a line without end',
    expect: 'too-large',
    body: () => ['data: ', 'y'.repeat(65_536)],
    end: 'flood',
  },
  'endless-comments': {
    what: 'comments for ever',
    expect: 'too-large',
    body: () => [`: ${'z'.repeat(60_000)}\n\n`],
    end: 'flood',
  },
  'endless-text': {
    what: 'text for ever',
    expect: 'length',
    body: n => [wire(n.frames.slice(0, 2)), wire(n.frames.slice(1, 2)).repeat(200)],
    end: 'flood',
  },
} satisfies Record<string, Fault>;
