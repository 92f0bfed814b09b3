/** The Agent Client Protocol over two streams: bytes in, bytes out, and a clean end. It must not know the process. */
import type { Readable, Writable } from 'node:stream';
import { wellFormed } from '../base/text.ts';
import { LineDecoder } from './lines.ts';
import { type AcpPorts, AcpServer } from './server.ts';

export interface AcpStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** A surrogate without its other half is no text; strict readers refuse the whole message for it. */
const sound = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? wellFormed(value) : value;

/** Bytes that the client has not taken, beyond which it counts as gone. */
const LOST_BYTES = 128 * 1024 * 1024;

/** Serves one client until its input ends or it cannot be written to; what works is paused then. */
export function serveAgentClient({ input, output }: AcpStreams, ports: AcpPorts): Promise<void> {
  return new Promise(resolve => {
    let over = false;
    let closed = false;
    const decoder = new LineDecoder();
    const server = new AcpServer(ports, message => {
      if (closed) return;
      output.write(`${JSON.stringify(message, sound)}\n`);
      if (output.writableLength > LOST_BYTES) lost();
    });
    const take = (lines: ReturnType<LineDecoder['push']>): void => {
      for (const line of lines) {
        if (line.type === 'line') server.receive(line.text);
        else server.refuse(line.reason);
      }
    };
    function end(): void {
      if (over) return;
      over = true;
      input.pause();
      void server.end().then(resolve);
    }
    function lost(): void {
      closed = true;
      end();
    }
    input.on('data', (chunk: Buffer) => take(decoder.push(chunk)));
    input.on('end', () => {
      take(decoder.end());
      end();
    });
    input.on('error', end);
    input.on('close', end);
    output.on('error', lost);
    output.on('close', lost);
  });
}
