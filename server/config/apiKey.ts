/**
 * The key of the endpoint: from the environment or from the user's own program, kept in memory only. It must never
 * log or return anything of a key but the key itself, and must not know engines.
 */
import type { Environment, Processes } from '../base/ports.ts';

/** `none`: nobody named a key. `failed`: the program did not give one; `message` is for the person and holds no output. */
export type ApiKey =
  | { readonly ok: true; readonly key: string; readonly from: string }
  | { readonly ok: false; readonly why: 'none' | 'failed'; readonly message: string };

/** Variables that may hold the key, strongest first. */
export const keyVariables = ['CODRIVER_OPENAI_API_KEY', 'OPENAI_API_KEY'] as const;

/** Long enough for a person to unlock a password store, short enough not to hold a request for ever. */
const commandLimitMs = 60_000;
const maxKeyLength = 4_096;

/** The environment wins; else the command is run once and its answer, good or bad, is kept until `forget`. */
export class ApiKeys {
  readonly #processes: Processes;
  readonly #environment: Environment;
  #command = '';
  #answer: Promise<ApiKey> | undefined;

  constructor(processes: Processes, environment: Environment) {
    this.#processes = processes;
    this.#environment = environment;
  }

  /** `command` is `openai.apiKeyCommand`; callers at the same time share one run. */
  get(command: readonly string[]): Promise<ApiKey> {
    for (const from of keyVariables) {
      const value = (this.#environment.variables[from] ?? '').trim();
      if (value !== '') return Promise.resolve(checked(value, from));
    }
    if (command.length === 0 || command[0] === '') {
      const message =
        'No key is set. Set OPENAI_API_KEY in the environment, or openai.apiKeyCommand in the user file.';
      return Promise.resolve({ ok: false, why: 'none', message });
    }
    const identity = JSON.stringify(command);
    if (this.#answer === undefined || identity !== this.#command) {
      this.#command = identity;
      this.#answer = this.#run(command);
    }
    return this.#answer;
  }

  /** To be called when the configuration changes: the next `get` runs the command again. */
  forget(): void {
    this.#answer = undefined;
  }

  async #run(command: readonly string[]): Promise<ApiKey> {
    const failed = (what: string): ApiKey => ({
      ok: false,
      why: 'failed',
      message: `openai.apiKeyCommand ${what}. Run it in a terminal to see why, then change the configuration or restart.`,
    });
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#environment.variables)) {
      if (value !== undefined) env[name] = value;
    }
    try {
      const result = await this.#processes.run(command, {
        // Never the workspace: a program found there must not be run.
        cwd: this.#environment.home,
        timeoutMs: commandLimitMs,
        env,
        maxOutputBytes: 65_536,
      });
      if (result.timedOut) return failed(`gave no answer within ${commandLimitMs / 1_000} seconds`);
      if (result.code === null) return failed('could not be run to its end');
      if (result.code !== 0) return failed(`ended with code ${result.code}`);
      // Password stores print the secret first and notes below it.
      const first = result.stdout.trim().split(/\r?\n/, 1)[0]?.trim() ?? '';
      return first === '' ? failed('printed nothing') : checked(first, 'openai.apiKeyCommand');
    } catch {
      return failed('could not be started');
    }
  }
}

function checked(key: string, from: string): ApiKey {
  if (key.length <= maxKeyLength && /^[\x21-\x7e]+$/.test(key)) return { ok: true, key, from };
  const message = `${from} does not hold a key: a key is one word of plain characters.`;
  return { ok: false, why: 'failed', message };
}

/** Enough of a key to recognise it and too little to use it: `sk-…wxyz`; short keys are hidden whole. */
export function maskKey(key: string): string {
  return key.length < 16 ? '…' : `${key.slice(0, 3)}…${key.slice(-4)}`;
}
