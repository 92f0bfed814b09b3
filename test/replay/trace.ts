/**
 * A recorded session as a file of JSON lines: first what it is, then each message of the client with its time.
 * Folders are replaced by PROJECT. It must not know what a message means.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface TraceHead {
  readonly client: string;
  readonly version: string;
  /** How it came about: recorded, or made after what a client documents. */
  readonly how: string;
  /** The text that was being written; a model that knows it is the one to replay with. */
  readonly target: string;
}

export interface ClientMessage {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: unknown;
}

export interface Sent {
  /** Milliseconds since the first message. */
  readonly at: number;
  readonly message: ClientMessage;
}

export interface SessionTrace {
  readonly name: string;
  readonly head: TraceHead;
  readonly sent: readonly Sent[];
}

const FOLDER = fileURLToPath(new URL('../fixtures/traces/', import.meta.url));

export function writeTrace(name: string, head: TraceHead, sent: readonly Sent[]): string {
  const path = join(FOLDER, `${name}.jsonl`);
  writeFileSync(path, `${[head, ...sent].map(line => JSON.stringify(line)).join('\n')}\n`);
  return path;
}

/** All recorded sessions, by name. */
export function readTraces(): SessionTrace[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.jsonl'))
    .sort()
    .map(file => {
      const [head, ...sent] = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');
      return {
        name: file.slice(0, -'.jsonl'.length),
        head: JSON.parse(head as string) as TraceHead,
        sent: sent.map(line => JSON.parse(line) as Sent),
      };
    });
}

/** The same value with a text in all its strings replaced by another. */
export function replaced<T>(value: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T;
}
