/** Drives a real Emacs in batch mode: driver.el evaluates forms that come over a socket. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Editor, EditorKind, Way } from './editor.ts';
import { until } from './wait.ts';
import type { Workspace } from './workspace.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const client = path.join(here, '..', '..', '..', 'clients', 'emacs');

type Value = string | number | boolean | null | readonly Value[];

interface Answer {
  readonly id: number;
  readonly value?: Value;
  readonly error?: string;
}

/** A string as Emacs Lisp reads it. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The regular expressions of the scenarios, in Emacs' own syntax: `( ) { } |` are literal there. */
const pattern = (wanted: RegExp): string =>
  quoted(
    wanted.source.replaceAll(/\\([(){}|])|([(){}|])/g, (_all, literal: string | undefined, group: string) =>
      literal === undefined ? `\\${group}` : literal,
    ),
  );

/** Requests and answers over the socket on which driver.el has called. */
class Wire {
  private readonly socket: Socket;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private next = 0;
  private rest = '';

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      const lines = (this.rest + chunk).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = JSON.parse(line) as Answer;
        this.waiting.get(answer.id)?.(answer);
        this.waiting.delete(answer.id);
      }
    });
  }

  async ask(form: string): Promise<Value> {
    const id = this.next++;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Emacs did not answer in time: ${form}`)), 60_000);
      this.waiting.set(id, given => {
        clearTimeout(timer);
        resolve(given);
      });
      this.socket.write(`${JSON.stringify({ id, form })}\n`);
    });
    if (answer.error !== undefined) throw new Error(`${form}\n  ${answer.error}`);
    return answer.value ?? null;
  }

  tell(form: string): void {
    this.socket.write(`${JSON.stringify({ id: this.next++, form })}\n`);
  }
}

async function connect(program: string, workspace: Workspace, file: string): Promise<Editor> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const loads = ['driver.el', file].flatMap(each => ['-l', path.join(here, each)]);
  const child = spawn(
    program,
    ['-Q', '--batch', '-L', client, ...loads, '--eval', `(driver-serve ${port})`],
    { cwd: workspace.project, env: { ...workspace.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      printed += chunk;
    });
  }
  const ended = once(child, 'exit');
  const socket = await Promise.race([
    once(listener, 'connection').then(([accepted]) => accepted as Socket),
    ended.then(() => Promise.reject(new Error(`Emacs ended at once:\n${printed}`))),
  ]);
  listener.close();
  const wire = new Wire(socket);
  const list = (words: readonly string[] | undefined): string => `'(${(words ?? []).map(quoted).join(' ')})`;
  await wire.ask(`(driver-setup ${list(workspace.command)} ${list(workspace.checker)})`);

  const text = async (): Promise<string> => String(await wire.ask('(driver-buffer)'));
  const state = async (): Promise<string> =>
    [
      `--- buffer\n${await text()}`,
      `--- menu ${JSON.stringify(await wire.ask('driver-menu'))}`,
      `--- questions ${JSON.stringify(await wire.ask('driver-messages'))}`,
      `--- printed\n${printed.slice(-1500)}`,
      workspace.trace.tail(),
    ].join('\n');
  const actions = async (): Promise<readonly string[]> =>
    ((await wire.ask('(driver-actions)')) ?? []) as readonly string[];

  return {
    workspace,
    pid: child.pid ?? 0,
    text,
    state,
    async open(name) {
      await wire.ask(`(driver-open ${quoted(workspace.path(name))})`);
    },
    async place(line, character) {
      await wire.ask(`(driver-place ${line} ${character})`);
    },
    async write(line, typed) {
      await wire.ask(`(driver-write ${line} ${quoted(typed)})`);
    },
    async complete(line, typed, wanted, way: Way) {
      await wire.ask(`(driver-write ${line} ${quoted(typed)})`);
      const form = way === 'menu' ? 'driver-complete' : 'driver-ghost';
      await until(
        `completion offers ${wanted}`,
        async () => (await wire.ask(`(${form} ${pattern(wanted)})`)) === true,
        {
          state,
        },
      );
    },
    async hover() {
      const shown = await wire.ask('(driver-hover)');
      return typeof shown === 'string' && shown !== '' ? shown : undefined;
    },
    async diagnostics() {
      return String(await wire.ask('(driver-diagnostics)'));
    },
    actions,
    async act(title) {
      const found = (await actions()).find(offered => title.test(offered));
      if (found === undefined) return false;
      await wire.ask(`(driver-act ${quoted(found)})`);
      return true;
    },
    async command(name) {
      await wire.ask(`(driver-command ${quoted(name)})`);
    },
    front: async () => String(await wire.ask('(driver-front)')),
    said: async () => printed,
    async quit() {
      wire.tell('(kill-emacs)');
      await ended;
      socket.destroy();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
      socket.destroy();
    },
  };
}

export const eglot: EditorKind = {
  name: 'Emacs (eglot)',
  program: 'emacs',
  minimum: [30, 1],
  ways: ['menu'],
  severalServers: false,
  hovers: true,
  cannot: { 'delete files': 'eglot announces no resource operations, so that a server cannot delete a file' },
  start: async (program, workspace) => await connect(program, workspace, 'driver-eglot.el'),
};

/** Eglot with Codriver beside another server, through the multiplexer of eglot's author. */
export const eglotBeside: EditorKind = {
  ...eglot,
  name: 'Emacs (eglot and rass)',
  severalServers: true,
  hovers: false,
  needs: ['rass'],
};

export const lspMode: EditorKind = {
  name: 'Emacs (lsp-mode)',
  program: 'emacs',
  minimum: [30, 1],
  ways: ['menu', 'ghost'],
  severalServers: true,
  hovers: true,
  start: async (program, workspace) => await connect(program, workspace, 'driver-lsp-mode.el'),
};
