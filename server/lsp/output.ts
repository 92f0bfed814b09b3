/**
 * Messages to bytes on a stream, in order and with bounded memory when the client reads slowly or not at all.
 * Knows which notifications may be left out; knows no other meaning of a message.
 */
import type { Writable } from 'node:stream';
import { wellFormed } from '../base/text.ts';
import { encodeFrame } from './framing.ts';
import type { JsonObject } from './shapes.ts';

/** Waiting bytes above which input should not be read, and below which it may be again. */
const HIGH_BYTES = 4 * 1024 * 1024;
const LOW_BYTES = 1024 * 1024;
/** Waiting bytes above which log lines are dropped. */
const DROP_BYTES = 256 * 1024;
/** Waiting bytes above which the client counts as gone. */
const LOST_BYTES = 128 * 1024 * 1024;

const DROPPABLE = new Set(['window/logMessage', '$/logTrace', 'telemetry/event']);

export interface OutputEvents {
  /** True: much waits to be written; false: little again. */
  pressure(high: boolean): void;
  /** The stream cannot be written any more. */
  lost(reason: string): void;
}

interface Waiting {
  frame: Buffer;
}

export class Output {
  readonly #stream: Writable;
  readonly #write: (bytes: Buffer, done?: () => void) => boolean;
  readonly #events: OutputEvents;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  readonly #replaceable = new Map<string, Waiting>();
  #blocked = false;
  #high = false;
  #over = false;
  #whenWritten: (() => void)[] = [];

  constructor(stream: Writable, events: OutputEvents) {
    this.#stream = stream;
    // Taken now: the process's own stdout is given another `write` afterwards, so that only frames reach it.
    this.#write = stream.write.bind(stream);
    this.#events = events;
    stream.on('drain', () => this.#flush());
    stream.on('error', error => this.#lose(error.message));
    stream.on('close', () => this.#lose('closed'));
  }

  /** Bytes that the client has not taken yet. */
  get pendingBytes(): number {
    return this.#queuedBytes + this.#stream.writableLength;
  }

  send(message: JsonObject): void {
    if (this.#over) return;
    const frame = encodeFrame(encode(message));
    if (!this.#blocked) {
      this.#put(frame);
    } else {
      const key = replaceableKey(message);
      const older = key === undefined ? undefined : this.#replaceable.get(key);
      if (older !== undefined) {
        this.#queuedBytes += frame.length - older.frame.length;
        older.frame = frame;
      } else if (!(DROPPABLE.has(String(message['method'])) && this.#queuedBytes > DROP_BYTES)) {
        const waiting = { frame };
        this.#queue.push(waiting);
        this.#queuedBytes += frame.length;
        if (key !== undefined) this.#replaceable.set(key, waiting);
      }
    }
    this.#measure();
  }

  /** Resolves when everything has been handed over to the operating system, or cannot be any more. */
  written(): Promise<void> {
    return new Promise(resolve => {
      this.#whenWritten.push(resolve);
      this.#settle();
    });
  }

  #put(frame: Buffer): void {
    if (!this.#write(frame)) this.#blocked = true;
  }

  #flush(): void {
    this.#blocked = false;
    const queue = this.#queue;
    this.#replaceable.clear();
    let count = 0;
    while (count < queue.length && !this.#blocked) {
      const { frame } = queue[count] as Waiting;
      this.#queuedBytes -= frame.length;
      this.#put(frame);
      count++;
    }
    this.#queue = queue.slice(count);
    this.#measure();
    this.#settle();
  }

  #measure(): void {
    const pending = this.pendingBytes;
    if (pending > LOST_BYTES) return this.#lose('the client has stopped reading');
    if (!this.#high && pending > HIGH_BYTES) {
      this.#high = true;
      this.#events.pressure(true);
    } else if (this.#high && pending < LOW_BYTES) {
      this.#high = false;
      this.#events.pressure(false);
    }
  }

  #settle(): void {
    if (this.#queue.length > 0) return;
    const waiting = this.#whenWritten.splice(0);
    const done = () => waiting.forEach(resolve => resolve());
    // Comes after all that was written before; a stream that is gone calls back with an error.
    if (waiting.length > 0) this.#write(Buffer.alloc(0), done);
  }

  #lose(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#settle();
    this.#events.lost(reason);
  }
}

/** Newer ones of the same key make those still waiting pointless. */
function replaceableKey(message: JsonObject): string | undefined {
  const params = message['params'] as JsonObject | undefined;
  if (message['method'] === 'textDocument/publishDiagnostics')
    return `diagnostics ${String(params?.['uri'])}`;
  const value =
    message['method'] === '$/progress' ? (params?.['value'] as JsonObject | undefined) : undefined;
  return value?.['kind'] === 'report' ? `progress ${String(params?.['token'])}` : undefined;
}

/** JSON that every client can read: no lone surrogates. What cannot be written becomes an error in its place. */
function encode(message: JsonObject): string {
  try {
    const json = JSON.stringify(message);
    if (!json.includes('\\ud')) return json;
    return JSON.stringify(message, (_key, value: unknown) =>
      typeof value === 'string' ? wellFormed(value) : value,
    );
  } catch {
    const error = { code: -32603, message: 'Codriver could not write its answer down.' };
    return JSON.stringify(
      'method' in message ? unsent(message) : { jsonrpc: '2.0', id: message['id'], error },
    );
  }
}

/** Said in the place of a notification or request that cannot be written. */
function unsent(message: JsonObject): JsonObject {
  const text = `Codriver could not send ${String(message['method'])}.`;
  return { jsonrpc: '2.0', method: 'window/logMessage', params: { type: 1, message: text } };
}
