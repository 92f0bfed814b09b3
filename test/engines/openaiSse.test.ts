/**
 * Event streams: the same events however the bytes are cut and the lines end, and bounds that hold.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineCap, LineTooLong, SseDecoder, type SseEvent } from '../../server/engines/openai/sse.ts';

function decode(chunks: readonly Uint8Array[]): SseEvent[] {
  const decoder = new SseDecoder();
  return [...chunks.flatMap(chunk => decoder.push(chunk)), ...decoder.end()];
}

/** Cuts `bytes` at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map(place => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const event = (name: string, ...lines: string[]): SseEvent => ({ name, lines });

describe('server-sent events', () => {
  const examples: readonly [string, string, readonly SseEvent[]][] = [
    ['one event', 'data: a\n\n', [event('', 'a')]],
    ['no space', 'data:a\n\n', [event('', 'a')]],
    ['two spaces: one belongs to the data', 'data:  a\n\n', [event('', ' a')]],
    ['several data lines', 'data: a\ndata: b\n\n', [event('', 'a', 'b')]],
    ['a name', 'event: error\ndata: x\n\n', [event('error', 'x')]],
    ['a name is not kept', 'event: e\ndata: x\n\ndata: y\n\n', [event('e', 'x'), event('', 'y')]],
    ['comments and other fields', ': hi\nid: 1\nretry: 5\ndata: x\n\n', [event('', 'x')]],
    ['a comment alone', ': hi\n\n', []],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [event('', 'a'), event('', 'b')]],
    ['CR', 'data: a\r\rdata: b\r\r', [event('', 'a'), event('', 'b')]],
    ['mixed', 'data: a\r\n\ndata: b\n\r\ndata: c', [event('', 'a'), event('', 'b'), event('', 'c')]],
    ['no end', 'data: a', [event('', 'a')]],
    ['one newline at the end', 'data: a\n', [event('', 'a')]],
    ['a mark', '\uFEFFdata: a\n\n', [event('', 'a')]],
    ['an empty data line', 'data\n\n', [event('', '')]],
    ['colons in data', 'data: {"a":"b: c"}\n\n', [event('', '{"a":"b: c"}')]],
    ['nothing', '', []],
    ['many blank lines', '\n\n\n\ndata: a\n\n\n\n', [event('', 'a')]],
  ];
  for (const [name, text, expected] of examples)
    it(name, () => {
      assert.deepEqual(decode([Buffer.from(text)]), expected);
      assert.deepEqual(
        decode([...Buffer.from(text)].map(byte => Uint8Array.of(byte))),
        expected,
        'byte by byte',
      );
    });

  it('does not depend on where it is cut', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }).map(text => `data: ${text.replace(/[\r\n\ufeff]/g, '')}`),
      fc.constantFrom('', '', ': comment', 'event: x', 'data: 日本語 😀', 'id: 9'),
    );
    const ending = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, ending)),
        fc.array(fc.nat(), { maxLength: 12 }),
        (lines, places) => {
          const bytes = Buffer.from(lines.map(([text, end]) => text + end).join(''), 'utf8');
          assert.deepEqual(decode(cut(bytes, places)), decode([bytes]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('bounds a line, however it comes', () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const decoder = new SseDecoder();
    assert.throws(() => {
      for (let i = 0; i * piece.length <= lineCap + piece.length; i++) decoder.push(piece);
    }, LineTooLong);
    assert.doesNotThrow(() => decode([Buffer.from(`data: ${'x'.repeat(lineCap - 10)}\n\n`)]));
  });

  it('tells text that is no event stream', () => {
    const decoder = new SseDecoder();
    decoder.push(Buffer.from('<html>\n<body>\n'));
    assert.equal(decoder.foreignLines, 2);
  });
});
