/**
 * The corpus of malformed input, as data. Each class is what a running session gets; afterwards a valid request must
 * be answered (`survived`), or the server must end with a code other than 0 and say why on stderr (`stopped`).
 */
import { frame } from '../support/wire.ts';

export interface Malformed {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly outcome: 'survived' | 'stopped';
  /** Codes of the errors that the input itself is answered with, in order; left out where it may be any. */
  readonly codes?: readonly number[];
}

const uri = 'untitled:malformed';
const body = '{"jsonrpc":"2.0","method":"$/malformed"}';
const header = (length: number | string) => `Content-Length: ${length}\r\n\r\n`;
const message = (value: unknown) => frame(typeof value === 'string' ? value : JSON.stringify(value));
const notification = (method: string, params?: unknown) => message({ jsonrpc: '2.0', method, params });
const change = (params: unknown) => notification('textDocument/didChange', params);
const changed = (version: unknown, ...contentChanges: unknown[]) =>
  change({ textDocument: { uri, version }, contentChanges });
const range = (a: unknown, b: unknown, c: unknown, d: unknown) => ({
  start: { line: a, character: b },
  end: { line: c, character: d },
});
const open = (item: unknown) => notification('textDocument/didOpen', { textDocument: item });
const concat = (...parts: (Uint8Array | string)[]) => Buffer.concat(parts.map(part => Buffer.from(part)));
const framed = (bytes: Uint8Array) => concat(header(bytes.length), bytes);

const survived = (name: string, bytes: Uint8Array | string, codes?: number[]): Malformed => ({
  name,
  bytes,
  outcome: 'survived',
  ...(codes && { codes }),
});
const stopped = (name: string, bytes: Uint8Array | string): Malformed => ({
  name,
  bytes,
  outcome: 'stopped',
});

export const framing: readonly Malformed[] = [
  survived('header name in lower case', `content-length: ${body.length}\r\n\r\n${body}`, []),
  survived('header name in capitals', `CONTENT-LENGTH: ${body.length}\r\n\r\n${body}`, []),
  survived('no blank after the colon', `Content-Length:${body.length}\r\n\r\n${body}`, []),
  survived('blanks and tabs around the length', `Content-Length: \t${body.length} \r\n\r\n${body}`, []),
  survived('line ends without carriage return', `Content-Length: ${body.length}\n\n${body}`, []),
  survived('mixed line ends', `Content-Length: ${body.length}\n\r\n${body}`, []),
  survived('blank lines before a message', `\r\n\r\n\n${header(body.length)}${body}`, []),
  survived('byte order mark before a header', `\uFEFF${header(body.length)}${body}`, []),
  survived('byte order mark in a body', framed(Buffer.from(`\uFEFF${body}`)), []),
  survived('unknown headers', `X-One: 1\r\nContent-Length: ${body.length}\r\nX-Two: a:b\r\n\r\n${body}`, []),
  survived(
    'charset utf8',
    `Content-Length: ${body.length}\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n${body}`,
    [],
  ),
  survived(
    'charset latin1',
    `Content-Length: ${body.length}\r\nContent-Type: a/b; charset=iso-8859-1\r\n\r\n${body}`,
    [],
  ),
  survived(
    'the same length twice',
    `Content-Length: ${body.length}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [],
  ),
  survived('leading zeros', `${header(`000${body.length}`)}${body}`, []),
  survived(
    'two different lengths',
    `Content-Length: 5\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [-32700],
  ),
  survived('no length', `Content-Type: a/b\r\n\r\n${body}`, [-32700]),
  survived('an empty length', `Content-Length:\r\n\r\n${body}`, [-32700]),
  survived('a negative length', `${header(-5)}${body}`, [-32700]),
  survived('a length in hexadecimal', `${header('0x20')}${body}`, [-32700]),
  survived('a length with a fraction', `${header(`${body.length}.0`)}${body}`, [-32700]),
  survived('a length with an exponent', `${header('4e1')}${body}`, [-32700]),
  survived('a length with a sign', `${header(`+${body.length}`)}${body}`, [-32700]),
  survived('a length with words behind it', `${header(`${body.length} bytes`)}${body}`, [-32700]),
  survived('two lengths in a list', `${header(`${body.length}, ${body.length}`)}${body}`, [-32700]),
  survived('a length in other digits', `${header('٤٠')}${body}`, [-32700]),
  survived('a length over the limit', `${header(64 * 1024 * 1024 + 1)}${body}`, [-32700]),
  survived('a length of 10^12', `${header(10 ** 12)}${body}`, [-32700]),
  survived('a length of 400 digits', `${header('9'.repeat(400))}${body}`, [-32700]),
  survived('a length that is too short', `${header(body.length - 3)}${body}`, [-32700, -32700]),
  survived('a length that is too long', `${header(body.length + 30)}${body}`, [-32700]),
  survived('a length that is too long by megabytes', `${header(8_000_000)}${body}`, [-32700]),
  survived(
    'a length in characters instead of bytes',
    `${header(26)}{"jsonrpc":"2.0","é":"ééé"}`,
    [-32700, -32700],
  ),
  survived('a message without a header', `${body}\n`, [-32700]),
  survived('a message without a header and line end', body, [-32700]),
  survived('a header line without a colon', `Content-Length: 3\r\nhello\r\n\r\n{1}`, [-32700]),
  survived('a header cut short', 'Content-Length: 3\r\n', [-32700]),
  survived('a header of 9 KiB', `X: ${'a'.repeat(9 * 1024)}\r\n${header(body.length)}${body}`, [-32700]),
  survived('words before a header', `debugger attached\n${header(body.length)}${body}`, [-32700]),
  survived('a header name with blanks', `Content Length: 3\r\n\r\n{1}`, [-32700]),
  survived('NUL bytes between messages', '\0\0\0\0', [-32700]),
  survived(
    '1 KiB of random bytes',
    Uint8Array.from({ length: 1024 }, (_, index) => ((index * 167 + 89) % 251) | 128),
    [-32700],
  ),
  survived('an HTTP request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', [-32700]),
  stopped('100 KiB of text', 'nothing to see here, '.repeat(5000)),
  stopped('100 KiB of NUL bytes', new Uint8Array(100 * 1024)),
  stopped('100 KiB of blank lines', '\r\n'.repeat(50 * 1024)),
  stopped('an endless header', `X: ${'a'.repeat(200 * 1024)}`),
  stopped('200 broken headers', 'Content-Length: 1\r\nx\r\n\r\n'.repeat(200)),
];

export const encodings: readonly Malformed[] = [
  survived('an empty body', header(0), [-32700]),
  survived('a body of blanks', message('   '), [-32700]),
  survived('a body that is cut', message('{"jsonrpc":"2.0",'), [-32700]),
  survived('two values in a body', message('{}{}'), [-32700]),
  survived('a NUL behind a body', message(`${body}\0`), [-32700]),
  survived('a body with comments', message(`${body}// one`), [-32700]),
  survived('a body in UTF-16', framed(Buffer.from(body, 'utf16le')), [-32700]),
  survived(
    'a body of random bytes',
    framed(Uint8Array.from({ length: 300 }, (_, index) => (index * 73) % 256)),
    [-32700],
  ),
  survived(
    'invalid UTF-8 in a string',
    framed(concat('{"jsonrpc":"2.0","method":"$/a","params":{"a":"', Uint8Array.of(0xff, 0xc3, 0x28), '"}}')),
    [],
  ),
  survived(
    'a surrogate in UTF-8',
    framed(concat('{"jsonrpc":"2.0","method":"$/a","params":{"a":"', Uint8Array.of(0xed, 0xa0, 0x80), '"}}')),
    [],
  ),
  survived(
    'a lone surrogate, escaped',
    message('{"jsonrpc":"2.0","method":"$/a","params":{"a":"\\ud800"}}'),
    [],
  ),
  survived('100,000 brackets', message(`${'['.repeat(100_000)}`), [-32700]),
  survived(
    'nesting of 100,000',
    message(
      `{"jsonrpc":"2.0","id":"n","method":"a","params":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ),
    [-32600],
  ),
  survived(
    'a string of 1 MiB for a method',
    message({ jsonrpc: '2.0', id: 'n', method: 'x'.repeat(1024 * 1024) }),
    [-32601],
  ),
  survived(
    'a key of 1 MiB',
    message({ jsonrpc: '2.0', method: '$/a', params: { ['k'.repeat(1024 * 1024)]: 1 } }),
    [],
  ),
  survived(
    '100,000 keys',
    message({
      jsonrpc: '2.0',
      method: '$/a',
      params: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])),
    }),
    [],
  ),
];

export const shapes: readonly Malformed[] = [
  survived('a string as a message', message('"hello"'), [-32600]),
  survived('null as a message', message('null'), [-32600]),
  survived('a batch', message('[{"jsonrpc":"2.0","id":"b","method":"shutdown"}]'), [-32600]),
  survived('an empty object', message('{}'), [-32600]),
  survived('an id null', message('{"jsonrpc":"2.0","id":null,"method":"textDocument/hover"}'), [-32600]),
  survived(
    'an id as an object',
    message('{"jsonrpc":"2.0","id":{"a":1},"method":"textDocument/hover"}'),
    [-32600],
  ),
  survived('a method as a list', message('{"jsonrpc":"2.0","id":"m","method":[]}'), [-32600]),
  survived(
    'params as a string',
    message('{"jsonrpc":"2.0","id":"p","method":"textDocument/hover","params":"x"}'),
    [-32602],
  ),
  survived(
    'params as a list',
    message('{"jsonrpc":"2.0","id":"p","method":"textDocument/hover","params":[1,2]}'),
    [-32602],
  ),
  survived('no params', message('{"jsonrpc":"2.0","id":"p","method":"textDocument/hover"}'), [-32602]),
  survived(
    '__proto__ in params',
    message(
      '{"jsonrpc":"2.0","id":"p","method":"x/y","params":{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}}',
    ),
    [-32601],
  ),
  survived('a method named __proto__', message('{"jsonrpc":"2.0","id":"p","method":"__proto__"}'), [-32601]),
  survived(
    'a method named constructor',
    message('{"jsonrpc":"2.0","id":"p","method":"constructor","params":{}}'),
    [-32601],
  ),
  survived('an unknown request', message('{"jsonrpc":"2.0","id":"u","method":"foo/bar"}'), [-32601]),
  survived(
    'an unknown request of the protocol',
    message('{"jsonrpc":"2.0","id":"u","method":"$/foo"}'),
    [-32601],
  ),
  survived('an unknown notification', notification('foo/bar', { a: 1 }), []),
  survived(
    'initialize again',
    message({ jsonrpc: '2.0', id: 'i', method: 'initialize', params: { capabilities: {} } }),
    [-32600],
  ),
  survived('initialized again', notification('initialized', {}), []),
  survived('an answer to nothing', message('{"jsonrpc":"2.0","id":4711,"result":{}}'), []),
  survived('an answer with an id of another kind', message('{"jsonrpc":"2.0","id":{},"result":1}'), []),
  survived('an error without a code', message('{"jsonrpc":"2.0","id":4711,"error":{}}'), []),
  survived('a cancel of nothing', notification('$/cancelRequest', { id: 4711 }), []),
  survived('a cancel without params', notification('$/cancelRequest'), []),
  survived('a cancel of null', notification('$/cancelRequest', { id: null }), []),
  survived('a trace of another kind', notification('$/setTrace', { value: 17 }), []),
  survived('a trace without params', notification('$/setTrace'), []),
  survived('progress of an unknown token', notification('$/progress', { token: 'x', value: {} }), []),
  survived('progress without params', notification('$/progress'), []),
  survived('a progress cancelled without a token', notification('window/workDoneProgress/cancel', {}), []),
  survived('settings null', notification('workspace/didChangeConfiguration', { settings: null }), []),
  survived(
    'settings of another kind',
    notification('workspace/didChangeConfiguration', { settings: 'x' }),
    [],
  ),
  survived('folders of another kind', notification('workspace/didChangeWorkspaceFolders', { event: [] }), []),
  survived(
    'watched files of another kind',
    notification('workspace/didChangeWatchedFiles', { changes: [null, 1] }),
    [],
  ),
];

export const documents: readonly Malformed[] = [
  ...[
    [
      'a notebook without cells',
      'didOpen',
      { notebookDocument: { uri: 'file:///n.ipynb' }, cellTextDocuments: [] },
    ],
    [
      'cells that are no objects',
      'didOpen',
      { notebookDocument: { uri: 'file:///n.ipynb', cells: [1, null] }, cellTextDocuments: 'x' },
    ],
    ['a change of a notebook that is not open', 'didChange', { notebookDocument: { uri: 'n' }, change: {} }],
    [
      'cells at a place that is no number',
      'didChange',
      {
        notebookDocument: { uri: 'n' },
        change: { cells: { structure: { array: { start: 'x', deleteCount: -1 } } } },
      },
    ],
    ['a change of cells as a list', 'didChange', { notebookDocument: { uri: 'n' }, change: { cells: [] } }],
    [
      'a notebook closed that was never open',
      'didClose',
      { notebookDocument: { uri: 'n' }, cellTextDocuments: [] },
    ],
    ['a notebook without a name', 'didSave', { notebookDocument: { uri: 1 } }],
  ].map(([name, method, params]) =>
    survived(name as string, notification(`notebookDocument/${method as string}`, params), []),
  ),
  survived('an open without a text', open({ uri, languageId: 'a', version: 1 }), []),
  survived('an open null', open(null), []),
  survived('an open with a version as a string', open({ uri, languageId: 'a', version: '1', text: '' }), []),
  survived('a change of what is not open', changed(1, { text: 'x' }), []),
  survived('an open', open({ uri, languageId: 'plaintext', version: 1, text: 'ab\r\ncd' }), []),
  survived('an open of what is open', open({ uri, languageId: 'plaintext', version: 1, text: 'x😀y' }), []),
  survived('a change to an older version', changed(0, { text: 'old' }), []),
  survived('a change to the same version', changed(1, { text: 'same' }), []),
  survived('a change with a gap', changed(90, { text: 'gap\nline' }), []),
  survived('a change without a version', changed(undefined, { text: 'a\nb' }), []),
  survived('a change with the version null', changed(null, { text: 'a\nb' }), []),
  survived('a change without changes', change({ textDocument: { uri, version: 95 } }), []),
  survived('a change of no change', changed(96), []),
  survived('a change null', changed(97, null), []),
  survived('a change with a text as a number', changed(98, { text: 1 }), []),
  survived('a range beyond the end', changed(99, { range: range(1000, 5, 2000, 9), text: 'x' }), []),
  survived('a negative range', changed(100, { range: range(-1, -1, -5, 0), text: 'x' }), []),
  survived('a reversed range', changed(101, { range: range(1, 1, 0, 0), text: 'y' }), []),
  survived(
    'a range inside a surrogate pair',
    changed(102, { text: '😀' }, { range: range(0, 1, 0, 1), text: 'z' }),
    [],
  ),
  survived('a range with fractions', changed(103, { range: range(0.5, 0.5, 0.7, 1.5), text: 'z' }), []),
  survived('a range of strings', changed(104, { range: range('0', '0', '0', '0'), text: 'z' }), []),
  survived('a range null', changed(105, { range: null, text: 'z' }), []),
  survived('a line number of 2^53', changed(106, { range: range(2 ** 53, 0, 2 ** 53, 0), text: 'z' }), []),
  survived('a uri that is none', open({ uri: '%%%\0', languageId: 'a', version: 1, text: '' }), []),
  survived('an empty uri', open({ uri: '', languageId: '', version: 1, text: '' }), []),
  survived('a close', notification('textDocument/didClose', { textDocument: { uri } }), []),
  survived('a close of what is closed', notification('textDocument/didClose', { textDocument: { uri } }), []),
  survived('a close without a document', notification('textDocument/didClose', {}), []),
  survived('a save of what is not open', notification('textDocument/didSave', { textDocument: { uri } }), []),
];

export const malformed: readonly Malformed[] = [...framing, ...encodings, ...shapes, ...documents];
