import assert from 'node:assert/strict';
import { ErrorCode, MAX_RUNNING, MAX_RUNNING_ALIKE } from '../../server/lsp/gatekeeper.ts';
import { Gate } from '../support/gate.ts';

const place = { textDocument: { uri: 'file:///a' }, position: { line: 0, character: 0 } };
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const { parseError, invalidRequest, invalidParams, requestCancelled, contentModified } = ErrorCode;

/** Bodies that are answered by the gatekeeper alone: with which id and code; `undefined`: with nothing. */
const shapes: [name: string, body: string, answer: [unknown, number] | undefined][] = [
  ['no JSON', '{"jsonrpc":"2.0","id":1,', [null, parseError]],
  ['nothing', '', [null, parseError]],
  ['blanks', '   ', [null, parseError]],
  ['two values', '{}{}', [null, parseError]],
  ['a NUL at the end', '{"jsonrpc":"2.0","id":1,"method":"a"}\0', [null, parseError]],
  ['a literal that is not JSON', '{"id":NaN}', [null, parseError]],
  ['single quotes', "{'id':1}", [null, parseError]],
  ['a string', '"initialize"', [null, invalidRequest]],
  ['a number', '42', [null, invalidRequest]],
  ['null', 'null', [null, invalidRequest]],
  ['true', 'true', [null, invalidRequest]],
  ['an empty batch', '[]', [null, invalidRequest]],
  ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]', [null, invalidRequest]],
  ['an empty object', '{}', [null, invalidRequest]],
  ['a wrong version', '{"jsonrpc":"1.0","id":1,"method":"shutdown"}', [1, invalidRequest]],
  ['a version as a number', '{"jsonrpc":2,"id":1,"method":"shutdown"}', [1, invalidRequest]],
  ['no method', '{"jsonrpc":"2.0","id":1}', [1, invalidRequest]],
  ['no method but params', '{"jsonrpc":"2.0","id":1,"params":{}}', [1, invalidRequest]],
  ['a method as a number', '{"jsonrpc":"2.0","id":1,"method":7}', [1, invalidRequest]],
  ['a method null', '{"jsonrpc":"2.0","id":1,"method":null}', [1, invalidRequest]],
  ['an empty method', '{"jsonrpc":"2.0","id":1,"method":""}', [1, invalidRequest]],
  ['a method as an object', '{"jsonrpc":"2.0","id":"x","method":{}}', ['x', invalidRequest]],
  ['an id null', '{"jsonrpc":"2.0","id":null,"method":"shutdown"}', [null, invalidRequest]],
  ['an id as an object', '{"jsonrpc":"2.0","id":{},"method":"shutdown"}', [null, invalidRequest]],
  ['an id as a list', '{"jsonrpc":"2.0","id":[1],"method":"shutdown"}', [null, invalidRequest]],
  ['an id true', '{"jsonrpc":"2.0","id":true,"method":"shutdown"}', [null, invalidRequest]],
  ['an id with a fraction', '{"jsonrpc":"2.0","id":1.5,"method":"shutdown"}', [null, invalidRequest]],
  [
    'an id too large to come back',
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"shutdown"}',
    [null, invalidRequest],
  ],
  ['an infinite id', '{"jsonrpc":"2.0","id":1e999,"method":"shutdown"}', [null, invalidRequest]],
  ['params as a list', '{"jsonrpc":"2.0","id":1,"method":"a","params":[]}', [1, invalidParams]],
  ['params as a string', '{"jsonrpc":"2.0","id":1,"method":"a","params":"x"}', [1, invalidParams]],
  ['params as a number', '{"jsonrpc":"2.0","id":1,"method":"a","params":0}', [1, invalidParams]],
  ['params false', '{"jsonrpc":"2.0","id":1,"method":"a","params":false}', [1, invalidParams]],
  [
    'deep nesting',
    `{"jsonrpc":"2.0","id":1,"method":"a","params":{"a":${deep(100_000)}}}`,
    [1, invalidRequest],
  ],
  ['deep nesting in a notification', `{"jsonrpc":"2.0","method":"a","params":{"a":${deep(300)}}}`, undefined],
  ['hover without params', '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover"}', [1, invalidParams]],
  [
    'hover without a position',
    '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"a"}}}',
    [1, invalidParams],
  ],
  [
    'hover with a uri as a number',
    '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":1},"position":{"line":0,"character":0}}}',
    [1, invalidParams],
  ],
  [
    'hover with a line as a string',
    '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"a"},"position":{"line":"0","character":0}}}',
    [1, invalidParams],
  ],
  [
    'a code action without a range',
    '{"jsonrpc":"2.0","id":1,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"a"}}}',
    [1, invalidParams],
  ],
  [
    'a command as an object',
    '{"jsonrpc":"2.0","id":1,"method":"workspace/executeCommand","params":{"command":{}}}',
    [1, invalidParams],
  ],
  [
    'arguments that are no list',
    '{"jsonrpc":"2.0","id":1,"method":"workspace/executeCommand","params":{"command":"a","arguments":{}}}',
    [1, invalidParams],
  ],
  [
    'initialize again',
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}',
    [1, invalidRequest],
  ],
  ['an answer to nothing', '{"jsonrpc":"2.0","id":77,"result":null}', undefined],
  ['an error to nothing', '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}', undefined],
  ['a cancel without params', '{"jsonrpc":"2.0","method":"$/cancelRequest"}', undefined],
  ['a cancel of null', '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":null}}', undefined],
  ['a cancel of an object', '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{}}}', undefined],
  ['a cancel of nothing', '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":99}}', undefined],
  [
    'an open without a text',
    '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"a","languageId":"b","version":1}}}',
    undefined,
  ],
  [
    'a change that is no list',
    '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"a","version":1},"contentChanges":{}}}',
    undefined,
  ],
  [
    'a change without a text',
    '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"a","version":1},"contentChanges":[{}]}}',
    undefined,
  ],
];

describe('gatekeeper', () => {
  for (const [name, body, answer] of shapes) {
    it(`answers ${name} itself, ${answer ? `with ${answer[1]}` : 'or not at all'}`, () => {
      const gate = Gate.running();
      gate.keeper.receiveBody(body);
      assert.deepEqual(gate.delivered, []);
      assert.deepEqual(gate.codes, answer === undefined ? [] : [answer]);
      gate.request('next', 'textDocument/hover', place);
      assert.equal(gate.delivered.length, 1, 'and lets the next request through');
    });
  }

  it('tells which notifications were lost', () => {
    const gate = Gate.running();
    gate.notify('textDocument/didChange', { textDocument: { uri: 'a' }, contentChanges: [{ text: 1 }] });
    assert.deepEqual(gate.refused, ['textDocument/didChange']);
  });

  const tolerated: [name: string, body: string, delivered: object][] = [
    ['no version', '{"id":1,"method":"a"}', { method: 'a' }],
    ['params null', '{"jsonrpc":"2.0","id":1,"method":"a","params":null}', { method: 'a' }],
    [
      'shutdown with a list',
      '{"jsonrpc":"2.0","id":1,"method":"shutdown","params":[]}',
      { method: 'shutdown' },
    ],
    [
      'a change without a version',
      '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"a"},"contentChanges":[]}}',
      { method: 'textDocument/didChange', params: { textDocument: { uri: 'a' }, contentChanges: [] } },
    ],
    ['a string as an id', '{"jsonrpc":"2.0","id":"","method":"a"}', { method: 'a' }],
    ['a negative id', '{"jsonrpc":"2.0","id":-1,"method":"a"}', { method: 'a' }],
  ];
  for (const [name, body, message] of tolerated) {
    it(`puts up with ${name}`, () => {
      const gate = Gate.running();
      gate.keeper.receiveBody(body);
      assert.deepEqual(gate.sent, []);
      const { id, ...rest } = gate.delivered[0] ?? {};
      assert.deepEqual(rest, { jsonrpc: '2.0', ...message });
      assert.equal(typeof id, 'params' in message ? 'undefined' : 'number');
    });
  }

  it('takes __proto__ keys out at every depth', () => {
    const gate = Gate.running();
    gate.keeper.receiveBody(
      '{"id":1,"method":"a","params":{"x":[{"__proto__":{"polluted":1}}],"__proto__":{"polluted":1}}}',
    );
    const params = gate.delivered[0]?.params as { x: object[] };
    assert.deepEqual(Object.keys(params), ['x']);
    assert.deepEqual(Object.keys(params.x[0] ?? { none: 1 }), []);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('keeps ids of all kinds apart and gives them back unchanged', () => {
    const gate = Gate.running();
    const ids = [1, '1', 0, '', -5, 'null'];
    ids.forEach(id => gate.request(id, 'a'));
    for (const { id } of gate.delivered) gate.answer(id as number, id);
    assert.deepEqual(
      gate.sent.map(answer => answer.id),
      ids,
    );
  });

  it('refuses an id that is still running, and takes it again afterwards', () => {
    const gate = Gate.running();
    gate.request(1, 'a');
    gate.request(1, 'b');
    assert.deepEqual(gate.codes, [[1, invalidRequest]]);
    gate.answer(gate.delivered[0]?.id as number, null);
    gate.request(1, 'c');
    gate.answer(gate.delivered[1]?.id as number, null);
    assert.deepEqual(gate.codes.slice(1), [
      [1, 'ok'],
      [1, 'ok'],
    ]);
  });

  it('drops a second answer of the library', () => {
    const gate = Gate.running();
    gate.request(1, 'a');
    gate.answer(gate.delivered[0]?.id as number, 1);
    gate.answer(gate.delivered[0]?.id as number, 2);
    assert.deepEqual(gate.sent, [{ jsonrpc: '2.0', id: 1, result: 1 }]);
  });

  it('answers a cancelled request at once, passes the cancel on, and drops the late answer', () => {
    const gate = Gate.running();
    gate.request('x', 'a');
    const internal = gate.delivered[0]?.id as number;
    gate.notify('$/cancelRequest', { id: 'x' });
    gate.answer(internal, 1);
    assert.deepEqual(gate.codes, [['x', requestCancelled]]);
    assert.deepEqual(gate.delivered[1]?.params, { id: internal });
  });

  it('lets a command that is cancelled say how it ended', () => {
    const gate = Gate.running();
    gate.request(1, 'workspace/executeCommand', { command: 'a' });
    gate.notify('$/cancelRequest', { id: 1 });
    assert.deepEqual(gate.sent, []);
    gate.answer(gate.delivered[0]?.id as number, 'done');
    assert.deepEqual(gate.codes, [[1, 'ok']]);
  });

  it('ends the oldest of many requests of one kind for one document', () => {
    const gate = Gate.running();
    const uris = ['file:///a', 'file:///b'];
    for (let id = 0; id < 100; id++) {
      gate.request(id, 'textDocument/completion', { ...place, textDocument: { uri: uris[id % 2] } });
    }
    assert.deepEqual(
      gate.codes,
      Array.from({ length: 100 - 2 * MAX_RUNNING_ALIKE }, (_, id) => [id, contentModified]),
    );
    assert.equal(gate.keeper.running, 2 * MAX_RUNNING_ALIKE);
  });

  it('refuses requests when very many are running, but never shutdown', () => {
    const gate = Gate.running();
    for (let id = 0; id < MAX_RUNNING; id++) gate.request(id, 'a');
    gate.request('more', 'a');
    assert.deepEqual(gate.codes, [['more', ErrorCode.requestFailed]]);
    gate.request('end', 'shutdown');
    assert.equal(
      gate.delivered.findLast(message => message.method !== '$/cancelRequest')?.method,
      'shutdown',
    );
  });

  it('keeps what an exception says from the client', () => {
    const gate = Gate.running();
    gate.request(1, 'a');
    const error = { code: ErrorCode.internalError, message: 'cannot read /home/me/secret', data: 'stack' };
    gate.keeper.dispatch({ jsonrpc: '2.0', id: gate.delivered[0]?.id, error });
    assert.deepEqual(gate.codes, [[1, ErrorCode.internalError]]);
    assert.doesNotMatch(JSON.stringify(gate.sent), /secret|stack/);
  });

  it('answers the library when the client does not, and drops what comes too late', () => {
    const gate = Gate.running();
    for (let id = 0; id < 1000; id++)
      gate.keeper.dispatch({ jsonrpc: '2.0', id, method: 'workspace/configuration' });
    gate.keeper.dispatch({ jsonrpc: '2.0', id: 1000, method: 'window/showMessageRequest' });
    gate.keeper.receive({ jsonrpc: '2.0', id: 3, result: [1] });
    gate.keeper.receive({ jsonrpc: '2.0', id: 3, result: [2] });
    gate.keeper.receive({ jsonrpc: '2.0', id: 4, error: { code: 'x' } });
    gate.keeper.receive({ jsonrpc: '2.0', id: 5, result: 'r', error: null });
    assert.equal(gate.clock.waiting, 998);
    gate.clock.advance(60_000);
    assert.equal(gate.clock.waiting, 1, 'a person may take longer');
    gate.keeper.receive({ jsonrpc: '2.0', id: 7, result: 'late' });
    assert.equal(gate.delivered.length, 1000);
    assert.deepEqual(gate.delivered[0], { jsonrpc: '2.0', id: 3, result: [1] });
    const malformed = { code: -32603, message: 'the client gave no message' };
    assert.deepEqual(gate.delivered[1], { jsonrpc: '2.0', id: 4, error: malformed });
    assert.deepEqual(gate.delivered[2], { jsonrpc: '2.0', id: 5, result: 'r' });
    gate.keeper.close();
    assert.equal(gate.clock.waiting, 0);
  });

  it('gives initialize capabilities in any case, and lets it be tried again after an error', () => {
    const gate = new Gate();
    gate.request(1, 'initialize', { capabilities: null });
    assert.deepEqual(gate.delivered[0]?.params, { capabilities: {} });
    gate.keeper.dispatch({ jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } });
    gate.request(2, 'initialize', {});
    assert.equal(gate.delivered.length, 2);
    gate.request(3, 'initialize', undefined);
    assert.deepEqual(gate.codes.at(-1), [3, invalidRequest]);
  });

  it('keeps what follows initialize too early until it is answered', () => {
    const gate = new Gate();
    gate.request(1, 'initialize', {});
    gate.notify('initialized', {});
    gate.request(2, 'textDocument/hover', place);
    gate.request(3, 'textDocument/hover', place);
    gate.notify('$/cancelRequest', { id: 3 });
    assert.deepEqual(
      gate.delivered.map(message => message.method),
      ['initialize'],
    );
    gate.answer(1, {});
    assert.deepEqual(
      gate.delivered.map(message => message.method),
      ['initialize', 'initialized', 'textDocument/hover'],
    );
    assert.deepEqual(gate.codes, [
      [3, requestCancelled],
      [1, 'ok'],
    ]);
  });
});
