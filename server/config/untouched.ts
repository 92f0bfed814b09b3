/**
 * The common case of a person who configured nothing: there is nothing to validate, so zod (20 ms of start-up and
 * several MB) is not loaded. It must not judge values: whatever could be one goes to `resolve.ts`.
 */
import type { SettingSources } from './resolve.ts';
import { defaultSettings, type ResolvedSettings, type SettingKey } from './settings.ts';

/** Where the endpoint is when a key is there and no base URL. */
export const openAIOrigin = 'https://api.openai.com';

/** Variables without our prefix that are settings; those with it all count, since a wrong one gives a message. */
const foreignVariables: ReadonlySet<string> = new Set(['OPENAI_BASE_URL', 'OPENAI_MODEL']);
/** Variables that are ours but no settings. */
export const otherVariables: ReadonlySet<string> = new Set([
  'CODRIVER_OPENAI_API_KEY',
  'CODRIVER_NO_CODE_CACHE',
]);

/** The result when no source says anything; undefined if one does, or might. */
export function untouchedSettings(sources: SettingSources): ResolvedSettings | undefined {
  const says = (name: string) =>
    foreignVariables.has(name) || (name.startsWith('CODRIVER_') && !otherVariables.has(name));
  if (sources.userFile || (sources.projectFiles ?? []).length > 0) return undefined;
  if (Object.keys(sources.environment ?? {}).some(says)) return undefined;
  if (!isEmpty(sources.initializationOptions) || !isEmpty(sources.workspaceConfiguration)) return undefined;
  return {
    settings: defaultSettings,
    problems: [],
    sources: Object.fromEntries(
      leaves(defaultSettings, '').map(key => [key, 'default']),
    ) as ResolvedSettings['sources'],
    userOrigins: [openAIOrigin],
  };
}

/** Null, `{}` or `[]`, also under the `codriver` section, as clients send where nothing is set. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  const entries = Object.entries(value);
  return (
    entries.length === 0 || (entries.length === 1 && entries[0]?.[0] === 'codriver' && isEmpty(entries[0][1]))
  );
}

function leaves(node: object, prefix: string): SettingKey[] {
  return Object.entries(node).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const inner = typeof value === 'object' && !Array.isArray(value) && key !== 'openai.headers';
    return inner ? leaves(value, `${key}.`) : [key as SettingKey];
  });
}
