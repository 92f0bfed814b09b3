/**
 * From whatever shape a client or a file uses to a list of dotted keys: nested or dotted, with or without the outer
 * `codriver` section, nulls for absent. It must not know which values are right.
 */
import { nearest } from './nearest.ts';
import { settingKeys } from './schema.ts';
import type { SettingKey } from './settings.ts';

export interface Entry {
  readonly key: SettingKey;
  readonly value: unknown;
  /** The property names as written, for the place in a file. */
  readonly path: readonly string[];
}

export interface Stray {
  readonly key: string;
  readonly path: readonly string[];
  readonly message: string;
  readonly hint?: string;
}

const leaves: ReadonlySet<string> = new Set(settingKeys);
const sections: ReadonlySet<string> = new Set(
  settingKeys.flatMap(key => {
    const parts = key.split('.');
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
  }),
);
const objectLeaves: ReadonlySet<string> = new Set<SettingKey>(['openai.headers']);
/** What clients and editors put beside the settings; not ours to complain about. */
const foreign: ReadonlySet<string> = new Set(['$schema', 'editorInfo', 'editorPluginInfo']);
const keyLike = /(^|\.)(api[-_]?key|key|token|secret|password)$/i;
const longestName = 80;

/** Splits a source into known keys and strays; each name is judged by itself. */
export function flatten(value: unknown): { entries: readonly Entry[]; strays: readonly Stray[] } {
  const entries: Entry[] = [];
  const strays: Stray[] = [];

  const visit = (node: unknown, prefix: string, path: readonly string[]): void => {
    for (const [name, child] of Object.entries(node as object)) {
      const key = prefix === '' ? name : `${prefix}.${name}`;
      const at = [...path, name];
      if (child === null || child === undefined || (prefix === '' && foreign.has(name))) continue;
      if (leaves.has(key)) entries.push({ key: key as SettingKey, value: emptied(key, child), path: at });
      else if (!sections.has(key)) strays.push(unknownKey(key, at));
      else if (isObject(child)) visit(child, key, at);
      else if (!isEmptyList(child)) strays.push(sectionNotObject(key, at));
    }
  };

  if (value === null || value === undefined || isEmptyList(value)) return { entries, strays };
  if (!isObject(value)) {
    strays.push({ key: '', path: [], message: 'The settings must be an object { … }; they are ignored.' });
    return { entries, strays };
  }
  const outer = Object.entries(value).filter(([name]) => name === 'codriver' || name.startsWith('codriver.'));
  if (outer.length === 0) visit(value, '', []);
  for (const [name, child] of outer) {
    if (child === null || child === undefined) continue;
    if (name !== 'codriver') {
      const inner = name.slice('codriver.'.length);
      const holder: Record<string, unknown> = { [inner]: child };
      const first = entries.length;
      const firstStray = strays.length;
      visit(holder, '', []);
      relocate(entries, first, name);
      relocate(strays, firstStray, name);
    } else if (isObject(child)) visit(child, '', ['codriver']);
    else if (!isEmptyList(child)) strays.push(sectionNotObject('codriver', ['codriver']));
  }
  return { entries, strays };
}

/** Puts the name as written (`codriver.x`) back in place of the shortened one. */
function relocate<T extends { readonly path: readonly string[] }>(
  list: T[],
  from: number,
  name: string,
): void {
  for (let i = from; i < list.length; i++) {
    const item = list[i] as T;
    list[i] = { ...item, path: [name, ...item.path.slice(1)] };
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lua and Vim script write an empty table as a list. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function emptied(key: string, value: unknown): unknown {
  if (objectLeaves.has(key)) return isEmptyList(value) ? {} : value;
  return isObject(value) && Object.keys(value).length === 0 ? [] : value;
}

function shown(key: string): string {
  const plain = key.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > longestName ? `${plain.slice(0, longestName)}…` : plain;
}

function unknownKey(key: string, path: readonly string[]): Stray {
  const name = shown(key);
  if (keyLike.test(key)) {
    return {
      key: name,
      path,
      message: `"${name}" is not a setting: keys are never read from settings.`,
      hint: 'Set OPENAI_API_KEY in the environment, or openai.apiKeyCommand in the user file.',
    };
  }
  const message = `"${name}" is not a setting; it is ignored.`;
  const guess = nearest(key, [...leaves, ...sections]);
  return guess === undefined
    ? { key: name, path, message }
    : { key: name, path, message, hint: `Did you mean "${guess}"?` };
}

function sectionNotObject(key: string, path: readonly string[]): Stray {
  const example = key === 'codriver' ? settingKeys[0] : settingKeys.find(leaf => leaf.startsWith(`${key}.`));
  return {
    key,
    path,
    message: `"${key}" is a group of settings and must be an object; it is ignored.`,
    hint: `Did you mean "${example}"?`,
  };
}
