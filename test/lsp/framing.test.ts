import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  encodeFrame,
  FrameDecoder,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  MAX_LOST_BYTES,
} from '../../server/lsp/framing.ts';

/** Bodies as text; `!` for a fault that was survived, `x` for the end. */
function framesOf(chunks: readonly (string | Uint8Array)[], strict = false): string[] {
  const decoder = new FrameDecoder({ strict });
  const seen: string[] = [];
  for (const chunk of chunks) {
    decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      seen.push(frame.type === 'body' ? frame.body.toString() : frame.type === 'fault' ? '!' : 'x');
    }
  }
  return seen;
}

const good = 'Content-Length: 3\r\n\r\n{1}';

const cases: [name: string, input: string, seen: string[]][] = [
  ['one message', good, ['{1}']],
  ['two messages', good + good, ['{1}', '{1}']],
  ['an empty body', `Content-Length: 0\r\n\r\n${good}`, ['', '{1}']],
  [
    'other headers',
    'Content-Type: application/vscode-jsonrpc; charset=utf8\r\nX-A: b\r\nContent-Length: 2\r\n\r\n{}',
    ['{}'],
  ],
  ['names in any case', 'CONTENT-length: 2\r\n\r\n{}content-LENGTH:2\r\n\r\n[]', ['{}', '[]']],
  ['blanks around the number', 'Content-Length:\t 2 \r\n\r\n{}', ['{}']],
  ['line ends without \\r', 'Content-Length: 2\n\n{}Content-Length: 2\n\r\n[]', ['{}', '[]']],
  ['blank lines between messages', `\r\n\r\n${good}\n\n${good}`, ['{1}', '{1}']],
  ['a byte order mark', `\uFEFF${good}`, ['{1}']],
  ['leading zeros', 'Content-Length: 0002\r\n\r\n{}', ['{}']],
  ['the same length twice', 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}', ['{}']],
  ['two lengths', `Content-Length: 9\r\nContent-Length: 2\r\n\r\n{}${good}`, ['!', '{}', '{1}']],
  ['a header that was cut', `Content-Length: 2\r\n${good}`, ['!', '{1}']],
  ['no length', `Content-Type: x\r\n\r\n{}${good}`, ['!', '{1}']],
  ['a length that is no number', `Content-Length: 0x2\r\n\r\n{}${good}`, ['!', '{1}']],
  ['a negative length', `Content-Length: -2\r\n\r\n{}${good}`, ['!', '{1}']],
  ['a line without a colon', `Content-Length: 2\r\nhello\r\n\r\n{}${good}`, ['!', '{1}']],
  ['a message without a header', `{"a":1}\n${good}`, ['!', '{1}']],
  ['words before a header', `npm warn config\n${good}${good}`, ['!', '{1}', '{1}']],
  ['a length too short', `Content-Length: 2\r\n\r\n{12}${good}`, ['{1', '!', '{1}']],
  ['a length too long', `Content-Length: 30\r\n\r\n{1}${good}`, ['!', '{1}']],
  [
    'a length too long for all that comes',
    `Content-Length: 1000000\r\n\r\n{1}${good}${good}`,
    ['!', '{1}', '{1}'],
  ],
  ['a length beyond the limit', `Content-Length: 1000000000000\r\n\r\n{1}${good}`, ['!', '{1}']],
  ['a number of too many digits', `Content-Length: ${'9'.repeat(40)}\r\n\r\n{}${good}`, ['!', '{1}']],
  [
    'what looks like a header inside a string',
    'Content-Length: 29\r\n\r\n{"a":"Content-Length: 5\\r\\n"}',
    ['{"a":"Content-Length: 5\\r\\n"}'],
  ],
  ['a header too long', `X: ${'a'.repeat(MAX_HEADER_BYTES)}\r\n${good}`, ['!', '{1}']],
  ['garbage without end', 'z'.repeat(MAX_LOST_BYTES + 100), ['!', 'x']],
  ['blank lines without end', '\r\n'.repeat(MAX_LOST_BYTES), ['!', 'x']],
  ['faults without end', 'Content-Length: 1\r\nx\r\n\r\n'.repeat(200), [...Array(100).fill('!'), 'x']],
];

describe('framing', () => {
  for (const [name, input, seen] of cases) {
    it(`reads ${name}`, () => {
      assert.deepEqual(framesOf([input]), seen);
      if (input.startsWith('\uFEFF')) return;
      const bytes = Buffer.from(input);
      assert.deepEqual(
        framesOf(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))),
        seen,
        'byte by byte',
      );
    });
  }

  it('ends at the first fault when it is strict', () => {
    for (const [, input, seen] of cases) {
      const fault = seen.findIndex(one => one === '!' || one === 'x');
      const expected = fault === -1 ? seen : [...seen.slice(0, fault), 'x'];
      assert.deepEqual(framesOf([input], true), expected);
    }
    assert.deepEqual(framesOf([`POST / HTTP/1.1\r\nHost: a\r\n\r\n${good}`], true), ['x']);
  });

  it('gives the same frames however the bytes are cut', () => {
    const part = fc.constantFrom(
      ...cases.map(([, input]) => input).filter(input => input.length < 200 && !input.startsWith('\uFEFF')),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.array(fc.nat(40)), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)));
        chunks.push(bytes.subarray(at));
        assert.deepEqual(framesOf(chunks), framesOf([bytes]));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), texts => {
        assert.deepEqual(framesOf([Buffer.concat(texts.map(encodeFrame))]), texts);
      }),
      { seed: 2 },
    );
  });

  it('takes a body of the largest size, in pieces', () => {
    const decoder = new FrameDecoder();
    decoder.push(Buffer.from(`Content-Length: ${MAX_BODY_BYTES}\r\n\r\n`));
    const piece = Buffer.alloc(1024 * 1024, 'a');
    for (let left = MAX_BODY_BYTES; left > 0; left -= piece.length) {
      assert.equal(decoder.next(), undefined);
      decoder.push(piece);
    }
    const frame = decoder.next();
    assert.ok(frame?.type === 'body');
    assert.equal(frame.body.length, MAX_BODY_BYTES);
    decoder.push(Buffer.from(good));
    assert.equal(decoder.next()?.type, 'body');
  });

  // A byte changed, lost or doubled anywhere must never stop a valid message that comes later.
  it('finds the next message after any damage, or says that it is over', () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"a"}';
    const one = `Content-Length: ${body.length}\r\n\r\n${body}`;
    const stream = Buffer.from(one.repeat(3));
    const damage = fc.record({
      at: fc.nat(stream.length - 1),
      remove: fc.nat(40),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 12 }),
        fc.constantFrom('\r\n', ':', '9', '\r\n\r\n', 'Content-Length: ').map(text => Buffer.from(text)),
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), hits => {
        let bytes = stream;
        for (const { at, remove, insert } of hits) {
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
        }
        const decoder = new FrameDecoder();
        let last = '';
        // The first message behind the damage may be needed to see it; the second has to arrive.
        for (const chunk of [bytes, Buffer.from(one), Buffer.from(one.replace('"a"', '"b"'))]) {
          decoder.push(chunk);
          for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
            last = frame.type === 'body' ? frame.body.toString() : frame.type;
          }
        }
        assert.ok(last === 'fatal' || last === body.replace('"a"', '"b"'), last);
      }),
      { seed: 3, numRuns: 5000 },
    );
  });
});
