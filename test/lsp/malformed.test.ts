import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { plainServerArgv } from '../support/plainBinary.ts';
import { startWire, type Wire, type WireEnd } from '../support/wire.ts';
import { type Malformed, malformed } from './malformed.ts';

type Message = Record<string, unknown>;

/** A session with a real process, past initialize, that can tell whether it still answers. */
class Victim {
  readonly wire: Wire;
  readonly #seen: Message[] = [];
  #wake = () => {};
  #next = 1;
  #over: WireEnd | undefined;

  constructor(argv: readonly string[]) {
    this.wire = startWire(argv, {
      message: message => {
        this.#seen.push(message);
        this.#wake();
      },
      stray: text => this.#seen.push({ stray: text }),
    });
    void this.wire.ended.then(end => {
      this.#over = end;
      this.#wake();
    });
  }

  async initialize(): Promise<void> {
    await this.ask('initialize', { processId: null, rootUri: null, capabilities: {} });
    this.wire.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  }

  /** Sends a valid request; returns the codes of the errors that came before its answer. */
  async ask(method: string, params: unknown): Promise<number[]> {
    const id = `valid ${this.#next++}`;
    this.wire.send({ jsonrpc: '2.0', id, method, params });
    for (;;) {
      const index = this.#seen.findIndex(message => message['id'] === id);
      if (index !== -1) return errorCodes(this.#seen.splice(0, index + 1).slice(0, -1));
      assert.ok(this.#over === undefined, `ended with ${this.#over?.code}: ${this.#over?.stderr}`);
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
  }
}

function errorCodes(messages: Message[]): number[] {
  for (const message of messages)
    assert.ok(!('stray' in message), `stray bytes: ${String(message['stray'])}`);
  return messages.flatMap(message =>
    'error' in message ? [(message['error'] as { code: number }).code] : [],
  );
}

const place = { textDocument: { uri: 'untitled:valid' }, position: { line: 0, character: 0 } };

/** A deaf server must fail its test and not hold up the run. */
const PATIENCE_MS = 5000;

async function within<T>(victim: Victim, what: () => string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deaf = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`deaf after ${what()}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, deaf]);
  } finally {
    clearTimeout(timer);
    victim.wire.kill();
  }
}

async function survive(argv: readonly string[], classes: readonly Malformed[]): Promise<void> {
  const victim = new Victim(argv);
  const wrong: unknown[] = [];
  let current = '';
  const session = async () => {
    await victim.initialize();
    for (const { name, bytes, codes } of classes) {
      current = name;
      victim.wire.sendBytes(bytes);
      const got = await victim.ask('textDocument/hover', place);
      if (codes !== undefined && String(got) !== String(codes)) wrong.push([name, got, codes]);
    }
    await victim.ask('shutdown', undefined);
    victim.wire.send({ jsonrpc: '2.0', method: 'exit' });
    assert.equal((await victim.wire.ended).code, 0);
  };
  await within(victim, () => current, session());
  assert.deepEqual(wrong, []);
}

async function stop(argv: readonly string[], { name, bytes }: Malformed): Promise<void> {
  const victim = new Victim(argv);
  const session = async () => {
    await victim.initialize();
    victim.wire.sendBytes(bytes);
    const end = await victim.wire.ended;
    assert.notEqual(end.code, 0, name);
    assert.match(end.stderr, /^codriver: stopped: .+$/m, name);
  };
  await within(victim, () => name, session());
}

const servers: [name: string, argv: () => Promise<string[]>][] = [['the transport', plainServerArgv]];
if (existsSync('dist/codriver.cjs')) {
  servers.push(['the binary', () => Promise.resolve([process.execPath, 'dist/codriver.cjs', '--stdio'])]);
}

for (const [server, argv] of servers) {
  describe(`malformed input, ${server}`, () => {
    const survivable = malformed.filter(one => one.outcome === 'survived');
    const fatal = malformed.filter(one => one.outcome === 'stopped');

    it(`is survived: ${survivable.length} classes, and a valid request answered after each`, async () => {
      await survive(await argv(), survivable);
    });

    it(`ends the server with a reason where nothing can be understood: ${fatal.length} classes`, async () => {
      const command = await argv();
      for (let at = 0; at < fatal.length; at += 2) {
        await Promise.all(fatal.slice(at, at + 2).map(one => stop(command, one)));
      }
    });
  });
}
