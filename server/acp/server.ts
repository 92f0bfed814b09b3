/**
 * The table of contents of the Agent Client Protocol as Codriver speaks it: one line a method. It must not know how
 * bytes travel, nor how a task works.
 */
import type { DeskDoor, OpenDesk } from '../agent/desk.ts';
import type { Clock, Log, Timer } from '../base/ports.ts';
import { showActivity } from './activity.ts';
import { sessionClient } from './client.ts';
import { acpHost, type AcpHostPorts } from './host.ts';
import {
  type ClientCan,
  PROTOCOL_VERSION,
  readFolder,
  readInitialize,
  readModeId,
  readPrompt,
  readSessionId,
} from './protocol.ts';
import { Followed, type JsonObject, Rpc, RpcCode, RpcError, type RpcTable } from './rpc.ts';
import { COMMANDS, Session } from './session.ts';

export interface AcpPorts extends Omit<AcpHostPorts, 'client' | 'read'> {
  readonly openDesk: OpenDesk;
  /** The real path of a folder; undefined where there is none. */
  readonly folderAt: (path: string) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** A new name for a session, of letters, digits and hyphens. */
  newName(): string;
}

/** Work may take this long to stop, in ms; its journal is whole at any time. */
const END_MS = 5_000;
/** Sessions of one client at once. */
const MOST_SESSIONS = 50;
const NAME = /^[a-z0-9][a-z0-9-]{0,80}$/;

export class AcpServer {
  readonly #ports: AcpPorts;
  readonly #rpc: Rpc;
  readonly #sessions = new Map<string, Session>();
  #can: ClientCan | undefined;

  /** `send` takes one message to be written. */
  constructor(ports: AcpPorts, send: (message: JsonObject) => void) {
    this.#ports = ports;
    const ready =
      (handler: (params: unknown, signal: AbortSignal) => Promise<unknown>) =>
      async (params: unknown, signal: AbortSignal): Promise<unknown> => {
        if (this.#can === undefined)
          throw new RpcError(RpcCode.invalidRequest, 'The first request must be initialize.');
        return handler(params, signal);
      };
    const table: RpcTable = {
      requests: new Map([
        ['initialize', async params => this.#initialize(params)],
        ['authenticate', ready(async () => ({}))],
        ['session/new', ready(async params => this.#new(params))],
        ['session/load', ready(async params => this.#load(params))],
        ['session/set_mode', ready(async params => this.#session(params).setMode(readModeId(params)))],
        ['session/prompt', ready((params, signal) => this.#prompt(params, signal))],
        ['session/close', ready(async params => this.#close(params))],
      ]),
      notifications: new Map([['session/cancel', params => this.#session(params).cancel()]]),
    };
    this.#rpc = new Rpc(send, table, ports.log);
  }

  receive(text: string): void {
    this.#rpc.receive(text);
  }

  refuse(reason: string): void {
    this.#rpc.refuse(reason);
  }

  /** The client is gone: what works is paused, so that nothing is lost; what was asked is still answered. */
  async end(): Promise<void> {
    this.#rpc.inputEnded();
    const { clock } = this.#ports;
    let timer: Timer | undefined;
    const late = new Promise<void>(resolve => (timer = clock.after(END_MS, resolve)));
    await Promise.race([late, this.#ended()]);
    timer?.cancel();
    this.#rpc.close();
  }

  async #ended(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(sessions.map(session => session.close()));
    await this.#rpc.answered();
  }

  #initialize(params: unknown): unknown {
    this.#can = readInitialize(params);
    return {
      // The one version there is here; a client that cannot speak it hangs up.
      protocolVersion: PROTOCOL_VERSION,
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { image: false, audio: false, embeddedContext: true },
        mcpCapabilities: { http: false, sse: false },
        sessionCapabilities: { close: {} },
      },
      agentInfo: { name: 'codriver', title: 'Codriver', version: this.#ports.version },
      authMethods: [],
    };
  }

  async #new(params: unknown): Promise<unknown> {
    const id = this.#ports.newName();
    const session = await this.#open(id, readFolder(params));
    return this.#opened(id, { sessionId: id, modes: session.modes });
  }

  async #load(params: unknown): Promise<unknown> {
    const id = readSessionId(params);
    const folder = readFolder(params);
    if (!NAME.test(id)) throw new RpcError(RpcCode.notFound, 'There is no such session.');
    const session = await this.#open(id, folder);
    if (!(await session.load())) {
      this.#sessions.delete(id);
      await session.close();
      throw new RpcError(RpcCode.notFound, 'There is no such session in this folder.');
    }
    return this.#opened(id, { modes: session.modes });
  }

  async #open(id: string, folder: string): Promise<Session> {
    if (this.#sessions.size >= MOST_SESSIONS)
      throw new RpcError(RpcCode.invalidRequest, `There are ${MOST_SESSIONS} sessions open. Close one.`);
    const { clock, folderAt, log, openDesk, pathOf } = this.#ports;
    const root = await folderAt(folder);
    if (root === undefined) throw new RpcError(RpcCode.invalidParams, 'cwd is not a folder on this machine.');
    const client = sessionClient({
      rpc: this.#rpc,
      sessionId: id,
      can: () => this.#can ?? { readFiles: false, writeFiles: false },
      clock,
      log,
    });
    const activity = showActivity(client, root);
    const door: DeskDoor = { host: read => acpHost({ ...this.#ports, client, read }), watcher: activity };
    const session = new Session({ id, desk: await openDesk(root, door), client, activity, pathOf });
    if (this.#sessions.has(id)) {
      // Asked for twice at once.
      await session.close();
      throw new RpcError(RpcCode.invalidRequest, 'This session is open already.');
    }
    this.#sessions.set(id, session);
    return session;
  }

  /** The commands are told behind the answer, by which the client knows the session. */
  #opened(sessionId: string, result: JsonObject): Followed {
    const update = {
      sessionUpdate: 'available_commands_update',
      availableCommands: COMMANDS.map(({ description, name }) => ({ name, description })),
    };
    return new Followed(result, () => this.#rpc.notify('session/update', { sessionId, update }));
  }

  async #prompt(params: unknown, signal: AbortSignal): Promise<unknown> {
    const session = this.#session(params);
    return { stopReason: await session.prompt(readPrompt(params), signal) };
  }

  async #close(params: unknown): Promise<unknown> {
    const session = this.#session(params);
    this.#sessions.delete(readSessionId(params));
    await session.close();
    return {};
  }

  #session(params: unknown): Session {
    const session = this.#sessions.get(readSessionId(params));
    if (session === undefined) throw new RpcError(RpcCode.notFound, 'There is no such session.');
    return session;
  }
}
