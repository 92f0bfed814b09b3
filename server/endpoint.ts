/** From configuration to the settings of the OpenAI-compatible engine; the key is asked for late and never held here. */
import type { Environment } from './base/ports.ts';
import { type ApiKeys, keyVariables } from './config/apiKey.ts';
import type { ResolvedSettings } from './config/settings.ts';
import { proxyFromEnvironment } from './engines/openai/proxy.ts';
import type { OpenAISettings } from './engines/openai/settings.ts';
import type { EndpointSource } from './engines/router.ts';

const OPENAI = 'https://api.openai.com/v1';

export interface ConfiguredEndpoint {
  readonly settings: OpenAISettings;
  /** Who named it: only the user's own word counts without a consent. */
  readonly source: EndpointSource;
}

/** The configured endpoint, else the chosen server on this machine; undefined when there is neither, nor a key. */
export function configuredEndpoint(
  { settings, sources, userOrigins }: ResolvedSettings,
  keys: ApiKeys,
  environment: Environment,
  loopback?: { readonly baseURL: string; readonly model: string },
): ConfiguredEndpoint | undefined {
  const { openai } = settings;
  const hasKey =
    openai.apiKeyCommand.length > 0 ||
    keyVariables.some(name => (environment.variables[name] ?? '').trim() !== '');
  const configured = openai.baseURL !== '' || hasKey;
  if (!configured && !loopback) return undefined;
  const baseURL = configured ? openai.baseURL || OPENAI : (loopback as { baseURL: string }).baseURL;
  const model = configured ? openai.model : (loopback as { model: string }).model;
  const named = sources['openai.baseURL'];
  const byUser = named === 'default' || named === 'user file' || named === 'environment';
  const proxy = openai.proxy ? { proxy: openai.proxy } : proxyFromEnvironment(environment.variables, baseURL);
  const { timeouts } = openai;
  return {
    source: configured ? (byUser ? 'user' : 'editor') : 'loopback',
    settings: {
      baseURL,
      model,
      ...(openai.completionModel ? { completionModel: openai.completionModel } : {}),
      apiKey: async () => {
        const key = await keys.get(openai.apiKeyCommand);
        if (key.ok) return key.key;
        if (key.why === 'none') return undefined;
        throw new Error(key.message);
      },
      ...(userOrigins[0] ? { apiKeyOrigin: userOrigins[0] } : {}),
      headers: openai.headers,
      ...proxy,
      ...(openai.caFile ? { caFile: openai.caFile } : {}),
      fim: openai.fim,
      ...(openai.fimTemplate ? { fimTemplate: openai.fimTemplate } : {}),
      contextTokens: openai.contextTokens,
      timeouts: {
        connectMs: timeouts.connect,
        firstByteMs: timeouts.firstByte,
        stallMs: timeouts.stall,
        totalMs: timeouts.total,
      },
      maxRetries: openai.maxRetries,
    },
  };
}
