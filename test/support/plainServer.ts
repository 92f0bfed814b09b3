/**
 * The smallest server behind the real transport: keeps documents, hovers with the line under the cursor, and does
 * on command whatever a protocol test needs. Run as a program it serves `--stdio`, `--socket=`, `--pipe=` or `--listen=`.
 */
import type { Readable, Writable } from 'node:stream';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import { Document } from '../../server/base/document.ts';
import { createNodeMachine } from '../../server/base/node.ts';
import type { Clock, Log } from '../../server/base/ports.ts';
import { Channel, type ChannelEnd, type ChannelOptions, type Client } from '../../server/lsp/channel.ts';
import { connectTransport, type TransportKind } from '../../server/lsp/transport.ts';

export function servePlainly({ connection }: Pick<Client, 'connection'>): void {
  const documents = new Map<string, Document>();
  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: { openClose: true, change: 2 },
      hoverProvider: true,
      completionProvider: {},
      executeCommandProvider: { commands: [] },
    },
  }));
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    documents.set(uri, new Document(uri, languageId, version, text));
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    documents.get(textDocument.uri)?.update(contentChanges, textDocument.version);
  });
  connection.onDidCloseTextDocument(({ textDocument }) => void documents.delete(textDocument.uri));
  connection.onHover(({ textDocument, position }) => {
    const line = documents.get(textDocument.uri)?.lineAt(position.line);
    return line === undefined ? null : { contents: line };
  });
  // Held until cancelled, as an inline completion with nothing to show is.
  connection.onRequest('textDocument/completion', (_params: unknown, token: CancellationToken) =>
    untilCancelled(token),
  );
  connection.onRequest('test/text', ({ uri }: { uri: string }) => documents.get(uri)?.getText() ?? null);
  connection.onExecuteCommand(({ command, arguments: args }) => commands[command]?.(connection, args?.[0]));
}

function untilCancelled(token: CancellationToken): Promise<null> {
  return new Promise(resolve => token.onCancellationRequested(() => resolve(null)));
}

/** What tests make the server do. */
const commands: Readonly<Record<string, (connection: Connection, argument: unknown) => unknown>> = {
  echo: (_connection, argument) => argument,
  throw: (_connection, argument) => {
    throw new Error(String(argument));
  },
  throwLater: () => void setImmediate(() => throwIt('from a timer')),
  reject: () => void Promise.reject(new Error('from a promise')),
  print: (_connection, argument) => {
    console.log(argument);
    process.stdout.write(`${String(argument)}\n`);
  },
  cyclic: () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    return value;
  },
  apply: (connection, argument) => connection.sendRequest('workspace/applyEdit', argument as object),
  request: (connection, argument) => {
    const { method, params } = argument as { method: string; params: object };
    return connection.sendRequest(method, params).catch((error: Error) => error.message);
  },
  notify: (connection, argument) => {
    const { method, params, times } = argument as { method: string; params: object; times?: number };
    for (let time = 0; time < (times ?? 1); time++) void connection.sendNotification(method, params);
  },
};

function throwIt(message: string): never {
  throw new Error(message);
}

/** A clock that moves by hand: `after` runs when `advance` passes its time. */
export class HandClock implements Clock {
  #now = 0;
  #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): { cancel(): void } {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

export const silentLog: Log = { write: () => {} };

/** Serves two streams in this process; the output ends when the channel does. */
export function plainServerOn(
  input: Readable,
  output: Writable,
  options: Partial<ChannelOptions> = {},
): { channel: Channel; end: Promise<ChannelEnd> } {
  let told = (_end: ChannelEnd) => {};
  const end = new Promise<ChannelEnd>(resolve => (told = resolve));
  const channel: Channel = new Channel({
    input,
    output,
    clock: new HandClock(),
    log: silentLog,
    ended: reason => {
      told(reason);
      void channel.close().then(() => output.end());
    },
    ...options,
  });
  servePlainly(channel);
  channel.start();
  return { channel, end };
}

function transportOf(argv: readonly string[]): TransportKind {
  const [, kind, value = ''] =
    /^--(socket|pipe|listen)=(.*)$/.exec(argv.find(arg => arg.includes('=')) ?? '') ?? [];
  if (kind === 'socket') return { kind, port: Number(value) };
  if (kind === 'pipe') return { kind, path: value };
  if (kind === 'listen') return { kind, at: /^\d+$/.test(value) ? Number(value) : value };
  return { kind: 'stdio' };
}

/** Entry of the bundle that the tests spawn. */
export function main(argv: readonly string[]): void {
  const pid = argv.find(arg => arg.startsWith('--clientProcessId='))?.split('=')[1];
  const machine = createNodeMachine({ level: 'warn' });
  connectTransport(
    { transport: transportOf(argv), ...(pid === undefined ? {} : { clientProcessId: Number(pid) }) },
    machine,
    client => {
      servePlainly(client);
      client.onEnd(() => machine.log.write('error', 'the end hook has run'));
    },
  );
}
