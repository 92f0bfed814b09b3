/** A gatekeeper with nobody behind it: the test is the library and the client. Knows no streams. */
import { Gatekeeper } from '../../server/lsp/gatekeeper.ts';
import type { JsonObject } from '../../server/lsp/shapes.ts';
import { HandClock, silentLog } from './plainServer.ts';

/** What the client was sent. */
export interface Answer {
  id: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

/** A gatekeeper between a client that is a list of what it was sent and a library that answers when told to. */
export class Gate {
  readonly delivered: (JsonObject & { id?: number; method?: string; params?: unknown })[] = [];
  readonly sent: Answer[] = [];
  readonly refused: string[] = [];
  readonly clock = new HandClock();
  exits = 0;
  readonly keeper = new Gatekeeper({
    deliver: message => void this.delivered.push(message),
    send: message => void this.sent.push(message as unknown as Answer),
    exit: () => void this.exits++,
    refused: method => void this.refused.push(method),
    clock: this.clock,
    log: silentLog,
  });

  static running(): Gate {
    const gate = new Gate();
    gate.request(0, 'initialize', { capabilities: {} });
    gate.answer(1, {});
    gate.notify('initialized', {});
    gate.sent.length = 0;
    gate.delivered.length = 0;
    return gate;
  }

  request(id: unknown, method: unknown, params?: unknown): void {
    this.keeper.receiveBody(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  }

  notify(method: string, params?: unknown): void {
    this.keeper.receiveBody(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  answer(internal: number, result: unknown): void {
    this.keeper.dispatch({ jsonrpc: '2.0', id: internal, result });
  }

  /** Id and code of what was sent, `ok` for a result. */
  get codes(): [unknown, number | 'ok'][] {
    return this.sent.map(answer => [answer.id, answer.error?.code ?? 'ok']);
  }
}
