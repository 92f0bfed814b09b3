/**
 * Looks for model servers on this machine, only when asked to. A server counts when it lists models. Nothing is
 * sent but the question for that list. It must not know what becomes of the result.
 */
import { createClient } from './client.ts';
import { listModels } from './models.ts';
import { createMemory, type OpenAIPorts } from './settings.ts';

export interface LoopbackServer {
  /** For people, for example `Ollama`. */
  readonly name: string;
  readonly baseURL: string;
  readonly origin: string;
  readonly models: readonly string[];
}

export interface LoopbackCandidate {
  readonly name: string;
  readonly port: number;
}

/** The ports that these servers take by default. */
const loopbackCandidates: readonly LoopbackCandidate[] = [
  { name: 'Ollama', port: 11434 },
  { name: 'llama.cpp', port: 8080 },
  { name: 'LM Studio', port: 1234 },
  { name: 'vLLM', port: 8000 },
];

const limits = { connectMs: 300, firstByteMs: 700, stallMs: 700, totalMs: 1000 };

/** All candidates at once, within a second. Those that do not answer with models are left out. Never throws. */
export async function discoverLoopback(
  ports: Pick<OpenAIPorts, 'clock' | 'log'>,
  signal: AbortSignal,
  candidates: readonly LoopbackCandidate[] = loopbackCandidates,
): Promise<readonly LoopbackServer[]> {
  const found = await Promise.all(candidates.map(candidate => look(candidate, ports, signal)));
  return found.filter(server => server !== undefined);
}

async function look(
  { name, port }: LoopbackCandidate,
  ports: Pick<OpenAIPorts, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<LoopbackServer | undefined> {
  const baseURL = `http://127.0.0.1:${port}/v1`;
  const settings = {
    baseURL,
    model: '',
    apiKey: () => Promise.resolve(undefined),
    headers: {},
    fim: 'auto' as const,
    contextTokens: 0,
    timeouts: limits,
    maxRetries: 0,
  };
  const client = createClient(settings, { ...ports, memory: createMemory() });
  try {
    const listed = await listModels(client, signal);
    if (listed.type !== 'models' || listed.models.length === 0) return undefined;
    return { name, baseURL, origin: client.origin, models: listed.models };
  } finally {
    client.close();
  }
}
