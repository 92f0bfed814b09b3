/** The language-server front door: joins each client that connects to a session of its own. */
import type { LogOptions } from '../base/node.ts';
import type { Machine } from '../base/ports.ts';
import { finishUnfinished } from '../diskJournal.ts';
import { startWorker } from '../workbench.ts';
import { serve } from './server.ts';
import { Session } from './session.ts';
import { connectTransport, type TransportOptions } from './transport.ts';

export function runLanguageServer(options: TransportOptions, machine: Machine, log: LogOptions): void {
  void finishUnfinished(machine);
  connectTransport(options, machine, client => {
    const { connection } = client;
    const session = new Session({ connection, machine, startWorker: () => startWorker(log) });
    client.onEnd(() => session.end());
    client.onRefused((method, params) => session.refused(method, params));
    serve(connection, session);
  });
}
