/** What comes in broken, and what comes of it: one defined answer each, and the next good message is served. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineDecoder } from '../../server/acp/lines.ts';
import { faultOf } from '../support/acpShapes.ts';
import { startShell } from './shell.ts';

interface Case {
  readonly name: string;
  readonly sent: string | Uint8Array;
  /** Codes of the answers to it, in order. */
  readonly codes: readonly number[];
}

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const request = (body: string) => `{"jsonrpc":"2.0","id":77,${body}}\n`;

const before: readonly Case[] = [
  { name: 'a line that is no JSON', sent: 'hello\n', codes: [-32700] },
  { name: 'a cut message', sent: '{"jsonrpc":"2.0","id":1,\n', codes: [-32700] },
  { name: 'a frame of the other protocol', sent: 'Content-Length: 2\r\n\r\n{}\n', codes: [-32700, -32600] },
  { name: 'bytes that are no UTF-8', sent: new Uint8Array([0xff, 0xfe, 0x00, 0x0a]), codes: [-32700] },
  { name: 'a batch', sent: '[{"jsonrpc":"2.0","id":1,"method":"initialize"}]\n', codes: [-32600] },
  { name: 'deep nesting', sent: `${deep}\n`, codes: [-32600] },
  { name: 'a number', sent: '12\n', codes: [-32600] },
  { name: 'no version', sent: '{"id":1,"method":"initialize"}\n', codes: [-32600] },
  { name: 'an id that is none', sent: '{"jsonrpc":"2.0","id":{},"method":"initialize"}\n', codes: [-32600] },
  { name: 'neither method nor answer', sent: '{"jsonrpc":"2.0","id":1}\n', codes: [-32600] },
  { name: 'an answer to nothing', sent: '{"jsonrpc":"2.0","id":99,"result":{}}\n', codes: [] },
  { name: 'an unknown method', sent: request('"method":"session/dance"'), codes: [-32601] },
  { name: 'a name that every object has', sent: request('"method":"constructor"'), codes: [-32601] },
  { name: 'an unknown notification', sent: '{"jsonrpc":"2.0","method":"x/y"}\n', codes: [] },
  {
    name: 'work before initialize',
    sent: request('"method":"session/new","params":{"cwd":"/","mcpServers":[]}'),
    codes: [-32600],
  },
  { name: 'no parameters', sent: request('"method":"initialize"'), codes: [-32602] },
  {
    name: 'a version that is none',
    sent: request('"method":"initialize","params":{"protocolVersion":"1"}'),
    codes: [-32602],
  },
  { name: 'blank lines', sent: '\n\r\n  \n', codes: [] },
];

const after: readonly Case[] = [
  {
    name: 'a relative folder',
    sent: request('"method":"session/new","params":{"cwd":"src","mcpServers":[]}'),
    codes: [-32602],
  },
  {
    name: 'a folder that is not there',
    sent: request('"method":"session/new","params":{"cwd":"/nowhere","mcpServers":[]}'),
    codes: [-32602],
  },
  {
    name: 'a session that is not there',
    sent: request('"method":"session/prompt","params":{"sessionId":"x","prompt":[]}'),
    codes: [-32002],
  },
  {
    name: 'a session by a way out',
    sent: request('"method":"session/load","params":{"sessionId":"../../x","cwd":"/","mcpServers":[]}'),
    codes: [-32002],
  },
  {
    name: 'cancelling what is not there',
    sent: '{"jsonrpc":"2.0","method":"session/cancel","params":{"sessionId":"x"}}\n',
    codes: [],
  },
  { name: 'cancelling nothing', sent: '{"jsonrpc":"2.0","method":"session/cancel"}\n', codes: [] },
];

describe('acp messages', () => {
  for (const { codes, name, sent } of before) {
    it(`answer ${name} and go on`, async () => {
      const { client, served } = startShell();
      client.raw(sent);
      await client.initialize();
      assert.deepEqual(
        client.stray.map(({ error }) => (error as { code: number }).code),
        codes,
      );
      client.end();
      await served;
      client.judge();
    });
  }

  for (const { codes, name, sent } of after) {
    it(`answer ${name} and go on`, async () => {
      const { client, served } = startShell();
      await client.initialize();
      client.raw(sent);
      await client.newSession('/project');
      assert.deepEqual(
        client.stray.map(({ error }) => (error as { code: number }).code),
        codes,
      );
      client.end();
      await served;
      client.judge();
    });
  }

  it('refuse a prompt of what was not promised, and a second one beside the first', async () => {
    const { client, served } = startShell({
      permit: () => new Promise<never>(() => undefined),
      script: () => ({ calls: [['plan', { steps: ['x'] }]] }),
    });
    await client.initialize();
    const sessionId = await client.newSession('/project');
    const image = { type: 'image', data: '', mimeType: 'image/png' };
    await assert.rejects(client.request('session/prompt', { sessionId, prompt: [image] }), { code: -32602 });
    await assert.rejects(client.request('session/prompt', { sessionId, prompt: 'go' }), { code: -32602 });
    const first = client.prompt(sessionId, 'Go.');
    await client.until(() => client.permissions.length === 1);
    await assert.rejects(client.prompt(sessionId, 'And this.'), { code: -32600 });
    await client.request('session/close', { sessionId });
    assert.equal(await first, 'cancelled');
    await assert.rejects(client.prompt(sessionId, 'Again.'), { code: -32002 });
    client.end();
    await served;
    client.judge();
  });

  it('answer the last request although the input ends right behind it', async () => {
    const { client, served } = startShell();
    client.raw('{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":7}}');
    client.end();
    await served;
    const [answer] = client.stray;
    assert.deepEqual([answer?.['id'], faultOf('answered', 'initialize', answer?.['result'])], [7, undefined]);
  });

  it('are put together from any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(9)), (texts, cuts) => {
        const lines = texts.map(text => JSON.stringify(text));
        const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''));
        const decoder = new LineDecoder();
        const found: string[] = [];
        let from = 0;
        for (const cut of [...cuts, bytes.length]) {
          for (const line of decoder.push(bytes.subarray(from, from + cut)))
            if (line.type === 'line') found.push(line.text);
          from += cut;
        }
        assert.deepEqual(found, lines);
      }),
    );
  });

  it('that are too long are skipped to their end, whatever pieces they come in', () => {
    const decoder = new LineDecoder(10);
    const types = ['x'.repeat(8), 'x'.repeat(8), 'x\n{"a":1}\n'].flatMap(part =>
      decoder.push(Buffer.from(part)),
    );
    assert.deepEqual(types, [
      { type: 'fault', reason: 'a message is longer than 10 bytes' },
      { type: 'line', text: '{"a":1}' },
    ]);
  });
});
