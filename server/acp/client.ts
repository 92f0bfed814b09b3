/** What a session says to its client and asks of it, each as one call. It must not know tasks. */
import type { Clock, Log } from '../base/ports.ts';
import { markdown, plainLine } from '../guard/sanitise.ts';
import {
  type ClientCan,
  type PermissionOption,
  readOutcome,
  type SessionUpdate,
  type ToolFields,
} from './protocol.ts';
import { isObject, type Rpc } from './rpc.ts';

export interface SessionClient {
  readonly can: ClientCan;
  update(update: SessionUpdate): void;
  /** Words for the person, as Markdown. */
  say(text: string): void;
  /** Asks the person; undefined where they did not choose, or cannot be asked. */
  permit<const T extends PermissionOption>(
    call: { readonly toolCallId: string } & ToolFields,
    options: readonly T[],
    signal?: AbortSignal,
  ): Promise<T | undefined>;
  /** A file as the editor has it, saved or not; undefined where the client cannot say. */
  read(path: string): Promise<string | undefined>;
  /** Replaces or makes a file in the editor. False: the client did not. */
  write(path: string, text: string): Promise<boolean>;
}

/** An editor that answers nothing for so long does not answer at all, in ms. People may take as long as they like. */
const FILE_MS = 60_000;

export interface SessionClientParts {
  readonly rpc: Pick<Rpc, 'notify' | 'request'>;
  readonly sessionId: string;
  readonly can: () => ClientCan;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

export function sessionClient({ can, clock, log, rpc, sessionId }: SessionClientParts): SessionClient {
  const asked = async (method: string, params: Readonly<Record<string, unknown>>, signal?: AbortSignal) => {
    try {
      return await rpc.request(method, { sessionId, ...params }, signal);
    } catch (error) {
      log.write('info', `acp: ${method}: ${error instanceof Error ? plainLine(error.message) : 'failed'}`);
      return undefined;
    }
  };
  const file = async (method: string, params: Readonly<Record<string, unknown>>) => {
    const late = new AbortController();
    const timer = clock.after(FILE_MS, () => late.abort());
    try {
      return await asked(method, params, late.signal);
    } finally {
      timer.cancel();
    }
  };
  const update = (each: SessionUpdate): void => rpc.notify('session/update', { sessionId, update: each });
  return {
    get can() {
      return can();
    },
    update,
    say: text =>
      update({
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'text', text: `${markdown(text).trim()}\n\n` },
      }),
    async permit(toolCall, options, signal) {
      return readOutcome(await asked('session/request_permission', { toolCall, options }, signal), options);
    },
    async read(path) {
      if (!can().readFiles) return undefined;
      const answer = await file('fs/read_text_file', { path });
      return isObject(answer) && typeof answer['content'] === 'string' ? answer['content'] : undefined;
    },
    async write(path, content) {
      // An answer of any shape is a yes; a refusal is an error.
      return can().writeFiles && (await file('fs/write_text_file', { path, content })) !== undefined;
    },
  };
}
