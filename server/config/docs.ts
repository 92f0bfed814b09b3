/**
 * The settings as documents: the JSON Schema for editors and the Markdown table of the README. Pure; made of the
 * table in `schema.ts` alone.
 */
import { z } from 'zod';
import { settingKeys, settingsSchema, settingTable, valueAt } from './schema.ts';
import { defaultSettings } from './settings.ts';

/** The JSON Schema (draft-07) of a settings file, as text. */
export function jsonSchema(): string {
  const generated = z.toJSONSchema(settingsSchema(), { io: 'input', target: 'draft-07' });
  const schema = {
    ...generated,
    // What VS Code's JSON support understands: the files are JSON with comments.
    allowComments: true,
    allowTrailingCommas: true,
    title: 'Codriver settings',
    description:
      'User file: $XDG_CONFIG_HOME/codriver/config.jsonc. Project file: .codriver/config.jsonc of a trusted folder, which may set only what has "x-scope": "project", and only to be more careful.',
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The table of all settings, one row a key, without a heading. */
export function settingsTable(): string {
  const rows = settingKeys.map(key => {
    const setting = settingTable.get(key);
    if (setting === undefined) throw new TypeError(`${key} has no row`);
    const value = JSON.stringify(valueAt(defaultSettings, key));
    const scope = setting.originChecked ? `${setting.scope}, origin asked` : setting.scope;
    const variables = setting.environment.map(name => `\`${name}\``).join(', ') || '–';
    return [
      `\`${key}\``,
      `\`${value}\``,
      scope,
      variables,
      cell(`${setting.description} Value: ${setting.expects}.`),
    ];
  });
  const head = ['Setting', 'Default', 'Scope', 'Environment', 'What it does'];
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
