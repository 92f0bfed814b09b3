import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainServerArgv } from '../support/plainBinary.ts';
import { frame, startWire, StrictFrames, type Wire } from '../support/wire.ts';

type Message = Record<string, unknown>;

/** Messages as they come, to be awaited by id. */
class Inbox {
  readonly seen: Message[] = [];
  readonly stray: string[] = [];
  #wake = () => {};

  readonly events = {
    message: (message: Message) => {
      this.seen.push(message);
      this.#wake();
    },
    stray: (text: string) => void this.stray.push(text),
  };

  async answer(id: unknown): Promise<Message> {
    for (;;) {
      const found = this.seen.find(message => message['id'] === id);
      if (found) return found;
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
  }
}

const initialize = (options: object = {}) => ({
  jsonrpc: '2.0',
  id: 'init',
  method: 'initialize',
  params: { processId: null, capabilities: {}, ...options },
});
const command = (id: unknown, name: string, argument?: unknown) => ({
  jsonrpc: '2.0',
  id,
  method: 'workspace/executeCommand',
  params: { command: name, arguments: [argument] },
});
const shutdown = { jsonrpc: '2.0', id: 'shutdown', method: 'shutdown' };
const exit = { jsonrpc: '2.0', method: 'exit' };

const started: Wire[] = [];
const children: ChildProcess[] = [];
const servers: Server[] = [];

async function start(
  args: string[] = ['--stdio'],
  options: object = {},
): Promise<{ wire: Wire; inbox: Inbox }> {
  const inbox = new Inbox();
  const wire = startWire([...(await plainServerArgv()), ...args], inbox.events);
  started.push(wire);
  wire.send(initialize(options));
  await inbox.answer('init');
  return { wire, inbox };
}

/** A process that lives until it is killed. */
function bystander(): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  children.push(child);
  return child;
}

describe('transport', () => {
  afterEach(() => {
    for (const wire of started.splice(0)) wire.kill();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const server of servers.splice(0)) server.close();
  });

  const endings: [name: string, end: (wire: Wire) => void, code: number][] = [
    ['shutdown and exit', wire => [shutdown, exit].forEach(message => wire.send(message)), 0],
    ['exit alone', wire => wire.send(exit), 1],
    ['the end of its input', wire => wire.end(), 1],
    ['the end of its input after shutdown', wire => (wire.send(shutdown), wire.end()), 0],
    ['SIGTERM', wire => wire.kill('SIGTERM'), 143],
    ['SIGHUP', wire => wire.kill('SIGHUP'), 129],
  ];
  for (const [name, end, code] of endings) {
    it(`leaves with ${code} after ${name}, and runs the end hooks`, async () => {
      const { wire } = await start();
      end(wire);
      const ended = await wire.ended;
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stderr, /the end hook has run/);
    });
  }

  it('answers a conversation that was written at once, input closed behind it', async () => {
    const [program, ...args] = await plainServerArgv();
    const child = spawn(program as string, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const exit = { jsonrpc: '2.0', method: 'exit' };
    child.stdin.end([initialize(), shutdown, exit].map(frame).join(''));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
    assert.match(said, /"capabilities"/);
    assert.equal(said.match(/Content-Length/g)?.length, 2);
  });

  it('leaves when nobody reads its output any more', async () => {
    const [program, ...args] = await plainServerArgv();
    const child = spawn(program as string, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    child.stdin.on('error', () => {});
    child.stdin.write(frame(initialize()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write(frame(command(1, 'echo', 'x')));
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
  });

  it('leaves when the process is gone that initialize or --clientProcessId names', async () => {
    const editor = bystander();
    const told = [
      await start(['--stdio'], { processId: editor.pid }),
      await start(['--stdio', `--clientProcessId=${editor.pid}`]),
    ];
    editor.kill('SIGKILL');
    for (const { wire } of told) assert.equal((await wire.ended).code, 1);
  });

  it('outlives faults that nobody catches, and says so on stderr', async () => {
    const { wire, inbox } = await start();
    for (const name of ['throwLater', 'reject']) {
      wire.send(command(name, name));
      await inbox.answer(name);
    }
    wire.send(command('after', 'echo', 'alive'));
    assert.equal((await inbox.answer('after'))['result'], 'alive');
    wire.send(shutdown);
    wire.send(exit);
    const { code, stderr } = await wire.ended;
    assert.equal(code, 0);
    assert.match(stderr, /unexpected fault: Error: from a timer at /);
    assert.match(stderr, /unexpected fault: Error: from a promise at /);
  });

  it('keeps stdout to frames whoever prints', async () => {
    const { wire, inbox } = await start();
    wire.send(command(1, 'print', 'printed words'));
    await inbox.answer(1);
    wire.send(shutdown);
    wire.send(exit);
    assert.equal((await wire.ended).stderr.match(/printed words/g)?.length, 2);
    assert.deepEqual(inbox.stray, []);
  });

  it('does not survive garbage without end, and does not chew it', async () => {
    const { wire } = await start();
    for (let piece = 0; piece < 32; piece++) wire.sendBytes(Buffer.alloc(1024 * 1024, 'garbage '));
    const { code, stderr } = await wire.ended;
    assert.equal(code, 1);
    assert.match(stderr, /^codriver: stopped: no message header/m);
  });

  it('connects out to a port', async () => {
    const server = createServer();
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await serveOne(server, `--socket=${port}`);
  });

  it('connects out to a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codriver-pipe-'));
    const server = createServer();
    servers.push(server);
    server.listen(join(folder, 's'));
    await once(server, 'listening');
    await serveOne(server, `--pipe=${join(folder, 's')}`);
    rmSync(folder, { recursive: true, force: true });
  });

  it('says so when nobody listens where it should connect', async () => {
    const wire = startWire([...(await plainServerArgv()), '--pipe=/nonexistent/socket'], new Inbox().events);
    started.push(wire);
    const { code, stderr } = await wire.ended;
    assert.equal(code, 1);
    assert.match(stderr, /cannot connect to the editor at \/nonexistent\/socket/);
  });

  it('listens on a socket of its own user, and lets in who has the token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codriver-listen-'));
    const path = join(folder, 's');
    const { token, child } = await listening(`--listen=${path}`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => visit(connect(path), { token, extra: 1 })),
    );
    for (const client of clients) assert.ok('result' in (await client.inbox.answer('init')));
    clients[0]?.socket.destroy();
    clients[1]?.socket.write(frame(exit));
    for (const { socket, inbox } of clients.slice(2)) {
      socket.write(frame(command('still', 'echo', 'here')));
      assert.equal((await inbox.answer('still'))['result'], 'here');
      socket.destroy();
    }
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  it('turns strangers away', async () => {
    const { token, port } = await listening('--listen=0');
    const body = JSON.stringify(initialize({ initializationOptions: { token } }));
    const inPost = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length + 40}\r\n\r\n`;
    const strangers: (string | Buffer)[] = [
      frame(initialize()),
      frame(initialize({ initializationOptions: null })),
      frame(initialize({ initializationOptions: { token: 'guess' } })),
      frame(initialize({ initializationOptions: { token: [token] } })),
      frame(initialize({ initializationOptions: { token: `${token} ` } })),
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      `${inPost}Content-Length: ${body.length}\r\n\r\n${body}`,
      'OPTIONS * HTTP/1.1\r\n\r\n',
      `Content-Length: ${2 * 1024 * 1024}\r\n\r\n`,
      Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]),
      frame(exit),
    ];
    for (const bytes of strangers) {
      const socket = connect(Number(port), '127.0.0.1');
      const inbox = new Inbox();
      const frames = new StrictFrames(inbox.events);
      socket.on('data', (chunk: Buffer) => frames.push(chunk));
      socket.on('error', () => {});
      socket.write(bytes);
      await once(socket, 'close');
      assert.ok(
        inbox.seen.every(message => 'error' in message),
        JSON.stringify(inbox.seen),
      );
    }
    const { socket, inbox } = await visit(connect(Number(port), '127.0.0.1'), { token });
    assert.ok('result' in (await inbox.answer('init')), 'and still lets in who may come');
    socket.destroy();
  });
});

/** Lets the server connect and goes through a session with it. */
async function serveOne(server: Server, argument: string): Promise<void> {
  const inbox = new Inbox();
  const wire = startWire([...(await plainServerArgv()), argument], inbox.events);
  started.push(wire);
  const [socket] = (await once(server, 'connection')) as [Socket];
  const frames = new StrictFrames(inbox.events);
  socket.on('data', (chunk: Buffer) => frames.push(chunk));
  socket.write(frame(initialize()));
  await inbox.answer('init');
  socket.write(frame(command(1, 'echo', 'there')));
  assert.equal((await inbox.answer(1))['result'], 'there');
  socket.destroy();
  assert.equal((await wire.ended).code, 1);
}

async function listening(
  argument: string,
): Promise<{ child: ChildProcess; token: string; port: string | undefined }> {
  const [program, ...args] = await plainServerArgv();
  const child = spawn(program as string, [...args, argument], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  for await (const chunk of child.stderr as AsyncIterable<Buffer>) {
    said += chunk.toString();
    const found = /listening at (?:127\.0\.0\.1:(\d+)|\S+), token (\S+)\n/.exec(said);
    if (found) return { child, token: found[2] as string, port: found[1] };
  }
  throw new Error(`the server did not listen: ${said}`);
}

async function visit(
  socket: Socket,
  initializationOptions: object,
): Promise<{ socket: Socket; inbox: Inbox }> {
  const inbox = new Inbox();
  const frames = new StrictFrames(inbox.events);
  socket.on('data', (chunk: Buffer) => frames.push(chunk));
  await once(socket, 'connect');
  socket.write(frame(initialize({ initializationOptions })));
  return { socket, inbox };
}
