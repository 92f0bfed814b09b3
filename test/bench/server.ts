/** The built server as a child process, spoken to as fast as a client can; for measuring, not for checking. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const BINARY = join(import.meta.dirname, '..', '..', 'dist', 'codriver.cjs');

type Message = { id?: number; method?: string; params?: unknown; result?: unknown; error?: unknown };

export class MeasuredServer {
  readonly child: ChildProcessWithoutNullStreams;
  readonly spawnedAt = performance.now();
  readonly #waiting = new Map<number, (message: Message) => void>();
  #rest: Buffer = Buffer.alloc(0);
  #nextId = 1;
  #told: ((text: string) => void) | undefined;

  /** `nodeArguments` go before the binary. */
  constructor(env: Readonly<Record<string, string>> = {}, nodeArguments: readonly string[] = []) {
    this.child = spawn(process.execPath, [...nodeArguments, BINARY, '--stdio'], {
      env: { ...cleanEnvironment(), ...env },
    });
    this.child.stderr.resume();
    this.child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.child.once('exit', code => {
      const error = { message: `the server ended with ${code}` };
      for (const answer of this.#waiting.values()) answer({ error } as Message);
    });
  }

  request<T>(method: string, params: unknown): { id: number; result: Promise<T> } {
    const id = this.#nextId++;
    const result = new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, message => {
        if (message.error) reject(new Error(JSON.stringify(message.error)));
        else resolve(message.result as T);
      });
    });
    this.#send({ jsonrpc: '2.0', id, method, params });
    return { id, result };
  }

  ask<T>(method: string, params: unknown): Promise<T> {
    return this.request<T>(method, params).result;
  }

  notify(method: string, params: unknown): void {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  async initialize(folder: string | null, initializationOptions: unknown = {}): Promise<void> {
    await this.ask('initialize', {
      processId: process.pid,
      rootUri: folder === null ? null : pathToFileURL(folder).href,
      capabilities: {
        textDocument: {
          inlineCompletion: {},
          hover: { contentFormat: ['markdown'] },
          publishDiagnostics: {},
        },
      },
      initializationOptions,
    });
    this.notify('initialized', {});
  }

  open(uri: string, languageId: string, text: string): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Texts of the inline completion at a place. */
  async complete(uri: string, line: number, character: number): Promise<string[]> {
    const { items } = await this.ask<{ items: { insertText: string }[] }>('textDocument/inlineCompletion', {
      textDocument: { uri },
      position: { line, character },
      context: { triggerKind: 1 },
    });
    return items.map(item => item.insertText);
  }

  /** Whether the workspace has been read, as the status tells a person. */
  async indexed(): Promise<boolean> {
    const told = new Promise<string>(resolve => (this.#told = resolve));
    await this.ask('workspace/executeCommand', { command: 'codriver.status' });
    const text = await told;
    return /index: [1-9]/.test(text) && !text.includes('still reading');
  }

  /** Resident memory in MB, as the kernel counts it. */
  residentMb(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise(resolve => this.child.once('exit', resolve));
    await this.ask('shutdown', null).catch(() => {});
    this.notify('exit', null);
    await gone;
  }

  #send(message: object): void {
    const body = JSON.stringify(message);
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#rest.toString('ascii', 0, end))?.[1]);
      if (this.#rest.length < end + 4 + length) return;
      const message = JSON.parse(this.#rest.toString('utf8', end + 4, end + 4 + length)) as Message;
      this.#rest = this.#rest.subarray(end + 4 + length);
      if (message.id !== undefined && message.method === undefined) {
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      } else if (message.id !== undefined) {
        this.#send({ jsonrpc: '2.0', id: message.id, result: null });
      } else if (message.method === 'window/showMessage') {
        const { message: text } = message.params as { message: string };
        if (text.includes('index: ')) this.#told?.(text);
      }
    }
  }
}

/** No key and no endpoint of the person who runs the bench. */
function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(OPENAI|CODRIVER)_/.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Runs a session that is long enough to leave compiled code in the cache (2 s), as every session after the first finds it. */
export async function installedIn(env: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const server = new MeasuredServer(env);
  await server.initialize(folder);
  const uri = pathToFileURL(join(folder, 'warm.js')).href;
  server.open(uri, 'javascript', 'const one = 1;\nconst two = on\n');
  await server.complete(uri, 1, 14);
  await pause(3_000);
  await server.end();
}

/** State, cache and configuration of its own for a run, removed by `remove`. */
export function privateHome(): { env: Record<string, string>; folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'codriver-bench-'));
  return {
    folder,
    env: {
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CONFIG_HOME: join(folder, 'config'),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const pause = (duration: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, duration));
