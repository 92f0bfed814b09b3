/**
 * From all sources to one `Settings`: each source is judged by itself, a wrong or forbidden value gives one message
 * and the rest is used. Pure. It imports the schema (zod), so it is itself imported lazily, by `load.ts`.
 */
import { flatten } from './flatten.ts';
import { parseJsonc } from './jsonc.ts';
import type { Place } from './jsonc.ts';
import { nearest } from './nearest.ts';
import { settingKeys, settingTable, valueAt } from './schema.ts';
import type { Setting } from './schema.ts';
import { defaultSettings } from './settings.ts';
import type { ConfigProblem, ResolvedSettings, SettingKey, SettingSource, Settings } from './settings.ts';
import { openAIOrigin, otherVariables } from './untouched.ts';

export interface FileSource {
  /** Absolute path, for messages. */
  readonly file: string;
  readonly text: string;
}

/** Everything that may say something; project files of trusted folders only. */
export interface SettingSources {
  readonly userFile?: FileSource;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly initializationOptions?: unknown;
  readonly workspaceConfiguration?: unknown;
  readonly projectFiles?: readonly FileSource[];
}

/** A source may be written by anyone; a flood of wrong keys must not become a flood of messages. */
const maxProblemsPerSource = 50;

/** Merges the sources, weakest first: defaults, user file, environment, editor at start, editor later, project. */
export function resolveSettings(sources: SettingSources): ResolvedSettings {
  const state = new Resolution();
  if (sources.userFile !== undefined) state.file('user file', sources.userFile);
  state.environment(sources.environment ?? {});
  state.userLevelDone();
  state.value('initializationOptions', sources.initializationOptions);
  state.value('workspace/configuration', sources.workspaceConfiguration);
  for (const project of sources.projectFiles ?? []) state.file('project file', project);
  return state.result();
}

type Locate = (path: readonly string[]) => Partial<Place> & { readonly file?: string };

class Resolution {
  readonly #values = new Map<SettingKey, unknown>(
    settingKeys.map(key => [key, valueAt(defaultSettings, key)]),
  );
  readonly #from = new Map<SettingKey, SettingSource>(settingKeys.map(key => [key, 'default']));
  readonly #problems: ConfigProblem[] = [];
  readonly #userURLs: string[] = [];

  file(source: SettingSource, { file, text }: FileSource): void {
    const parsed = parseJsonc(text);
    if (parsed.mistake !== undefined) {
      const { message, line, column } = parsed.mistake;
      this.#report({
        source,
        key: '',
        message: `Broken JSON: ${message}.`,
        hint: 'What can be read of the file is used.',
        file,
        line,
        column,
      });
    }
    this.#merge(source, parsed.value, path => ({ file, ...parsed.place(path) }));
  }

  value(source: SettingSource, value: unknown): void {
    this.#merge(source, value, () => ({}));
  }

  environment(variables: Readonly<Record<string, string | undefined>>): void {
    const source = 'environment';
    const known = new Set(otherVariables);
    for (const key of settingKeys) {
      const setting = settingOf(key);
      for (const name of setting.environment) known.add(name);
      const name = setting.environment.find(candidate => (variables[candidate] ?? '').trim() !== '');
      if (name === undefined) continue;
      const value = readings((variables[name] ?? '').trim()).find(
        reading => setting.type.safeParse(reading).success,
      );
      if (value === undefined) {
        const message = `${name} must be ${setting.expects}; it is ignored.`;
        this.#report({ source, key: name, message });
      } else this.#set(source, key, value, setting, {});
    }
    for (const name of Object.keys(variables)) {
      if (!name.startsWith('CODRIVER_') || known.has(name)) continue;
      const shown = name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
      const guess = nearest(name, known);
      const hint = guess === undefined ? {} : { hint: `Did you mean ${guess}?` };
      this.#report({ source, key: shown, message: `${shown} is not a setting; it is ignored.`, ...hint });
    }
  }

  /** What is known now was said by the user alone. */
  userLevelDone(): void {
    const effective = this.#values.get('openai.baseURL') as string;
    if (effective !== '') this.#userURLs.unshift(effective);
  }

  result(): ResolvedSettings {
    const origins = this.#userURLs.map(url => new URL(url).origin);
    return {
      settings: assemble(this.#values),
      problems: this.#problems,
      sources: Object.fromEntries(this.#from) as Record<SettingKey, SettingSource>,
      userOrigins: origins.length === 0 ? [openAIOrigin] : [...new Set(origins)],
    };
  }

  #merge(source: SettingSource, value: unknown, locate: Locate): void {
    const { entries, strays } = flatten(value);
    for (const { path, ...stray } of strays) this.#report({ source, ...stray, ...locate(path) });
    for (const { key, value: given, path } of entries) {
      const setting = settingOf(key);
      const place = locate(path);
      const denial = deny(source, key, setting);
      if (denial !== undefined) {
        this.#report({ source, key, ...denial, ...place });
        continue;
      }
      const parsed = setting.type.safeParse(given);
      if (parsed.success) this.#set(source, key, parsed.data, setting, place);
      else {
        const got = setting.sensitive ? '' : describe(given);
        const message = `"${key}" must be ${setting.expects}${got}; it is ignored.`;
        this.#report({ source, key, message, ...place });
      }
    }
  }

  #set(
    source: SettingSource,
    key: SettingKey,
    value: unknown,
    setting: Setting,
    place: ReturnType<Locate>,
  ): void {
    const before = this.#values.get(key);
    let after = value;
    if (source === 'project file' && setting.tighten !== undefined) {
      after = setting.tighten(value, before);
      if (after === before && value !== before) {
        const message = `A project may only make Codriver more careful: "${key}" stays ${JSON.stringify(before)}.`;
        this.#report({ source, key, message, ...place });
        return;
      }
    } else if (setting.combine === 'add') {
      after = [...new Set([...(before as readonly unknown[]), ...(value as readonly unknown[])])];
    }
    this.#values.set(key, after);
    this.#from.set(key, source);
    if (key === 'openai.baseURL' && source === 'user file' && value !== '')
      this.#userURLs.push(value as string);
  }

  #report(problem: ConfigProblem): void {
    const earlier = this.#problems.filter(({ source }) => source === problem.source).length;
    if (earlier < maxProblemsPerSource) this.#problems.push(problem);
  }
}

function settingOf(key: SettingKey): Setting {
  return settingTable.get(key) as Setting;
}

function deny(
  source: SettingSource,
  key: SettingKey,
  setting: Setting,
): { message: string; hint: string } | undefined {
  const editor = source === 'initializationOptions' || source === 'workspace/configuration';
  const allowed =
    source === 'user file' ||
    (editor && setting.scope !== 'user') ||
    (source === 'project file' && setting.scope === 'project');
  if (allowed) return undefined;
  const message = editor
    ? `"${key}" cannot be set by an editor, because a repository can set editor settings too; it is ignored.`
    : `"${key}" cannot be set by a project; it is ignored.`;
  const name = setting.environment[0];
  return { message, hint: `Set it in your user file${name === undefined ? '' : ` or as ${name}`}.` };
}

/** How a text of the environment may be meant, the plainest first. */
function readings(text: string): unknown[] {
  const found: unknown[] = [text];
  if (/^-?\d+(\.\d+)?$/.test(text)) found.push(Number(text));
  if (/^(true|yes|on|1)$/i.test(text)) found.push(true);
  if (/^(false|no|off|0)$/i.test(text)) found.push(false);
  return found;
}

/** The given value in a few words; never a long one. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return ', not a list';
  if (typeof value === 'object') return ', not an object';
  const plain = (JSON.stringify(value) ?? 'that').replace(/[^\x20-\x7e]/g, '?');
  return `, not ${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}`;
}

function assemble(values: ReadonlyMap<SettingKey, unknown>): Settings {
  const root: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const parts = key.split('.');
    const last = parts.pop() as string;
    let section = root;
    for (const part of parts) section = (section[part] ??= {}) as Record<string, unknown>;
    section[last] = value;
  }
  return root as unknown as Settings;
}
