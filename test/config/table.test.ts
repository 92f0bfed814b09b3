import { strict as assert } from 'node:assert';
import { resolveSettings } from '../../server/config/resolve.ts';
import type { SettingSources } from '../../server/config/resolve.ts';
import {
  environmentName,
  settingKeys,
  settingTable,
  settingsSchema,
  valueAt,
} from '../../server/config/schema.ts';
import { defaultSettings } from '../../server/config/settings.ts';
import type { SettingKey, SettingSource } from '../../server/config/settings.ts';

/** For every key a value that differs from the default and, where a project may set it, is more careful. */
const others: { readonly [K in SettingKey]: unknown } = {
  autonomy: 1,
  'openai.baseURL': 'http://localhost:11434/v1',
  'openai.model': 'some-model',
  'openai.completionModel': 'small-model',
  'openai.apiKeyCommand': ['pass', 'show', 'x'],
  'openai.headers': { 'X-Team': 'blue' },
  'openai.proxy': 'http://proxy.invalid:3128',
  'openai.caFile': '/etc/ca.pem',
  'openai.fim': 'infill',
  'openai.fimTemplate': '<a>{prefix}<b>{suffix}<c>',
  'openai.contextTokens': 4096,
  'openai.timeouts.connect': 1000,
  'openai.timeouts.firstByte': 1001,
  'openai.timeouts.stall': 1002,
  'openai.timeouts.total': 1003,
  'openai.maxRetries': 0,
  'completion.enabled': false,
  'completion.engine': 'embedded',
  'completion.maxLines': 3,
  'completion.debounce': 75,
  'completion.prefetch': false,
  'completion.disabledLanguages': ['mail', 'gitcommit', 'git-commit', 'gitrebase', 'git-rebase', 'tex'],
  'hover.enabled': false,
  'hover.model': 'off',
  'diagnostics.enabled': false,
  'checks.onSave': true,
  'checks.publish': false,
  'actions.enabled': false,
  'actions.language': 'Deutsch',
  'actions.custom': [
    { title: 'Log it', prompt: 'Log {selection}.', kind: 'quickfix', scope: 'file', level: 1 },
  ],
  'edits.format': 'diff',
  'edits.repairs': 1,
  'edits.changeSets': 'always',
  'edits.changeSetLines': 10,
  'nextEdit.enabled': false,
  'nextEdit.model': 'off',
  'review.threshold': 80,
  'task.parallel': 2,
  'task.steps': 50,
  'task.tokens': 100_000,
  'task.minutes': 30,
  'task.cost': 5,
  'task.promptPrice': 0.5,
  'task.completionPrice': 2,
  'review.maxPerFile': 5,
  'review.onSave': 'static',
  'index.enabled': false,
  'index.maxFiles': 10,
  'index.maxFileBytes': 2048,
  'budget.tokensPerDay': 5_000,
  'budget.requestsPerDay': 50,
  'privacy.neverSend': ['private/**'],
  'privacy.automatic': 'deny',
};

/** The scopes as the design fixes them; a key that moves to a laxer scope must be changed here too. */
const userOnly: readonly SettingKey[] = [
  'openai.apiKeyCommand',
  'openai.headers',
  'openai.proxy',
  'openai.caFile',
  'privacy.automatic',
];
const projectToo: readonly SettingKey[] = [
  'autonomy',
  'completion.enabled',
  'completion.prefetch',
  'completion.disabledLanguages',
  'hover.enabled',
  'hover.model',
  'diagnostics.enabled',
  'checks.publish',
  'actions.enabled',
  'actions.custom',
  'edits.repairs',
  'nextEdit.enabled',
  'nextEdit.model',
  'task.steps',
  'task.tokens',
  'task.minutes',
  'task.cost',
  'index.enabled',
  'index.maxFiles',
  'index.maxFileBytes',
  'budget.tokensPerDay',
  'budget.requestsPerDay',
  'privacy.neverSend',
];
const notScalar: readonly SettingKey[] = [
  'openai.apiKeyCommand',
  'openai.headers',
  'actions.custom',
  'completion.disabledLanguages',
  'privacy.neverSend',
];

type Column = Exclude<SettingSource, 'default'>;

function only(column: Column, key: SettingKey, value: unknown): SettingSources {
  const text = JSON.stringify({ [key]: value });
  switch (column) {
    case 'user file':
      return { userFile: { file: '/user.jsonc', text } };
    case 'environment':
      return { environment: { [environmentName(key)]: String(value) } };
    case 'initializationOptions':
      return { initializationOptions: { [key]: value } };
    case 'workspace/configuration':
      return { workspaceConfiguration: { [key]: value } };
    case 'project file':
      return { projectFiles: [{ file: '/project.jsonc', text }] };
  }
}

function allowed(column: Column, key: SettingKey): boolean {
  switch (column) {
    case 'user file':
      return true;
    case 'environment':
      return !notScalar.includes(key);
    case 'initializationOptions':
    case 'workspace/configuration':
      return !userOnly.includes(key);
    case 'project file':
      return projectToo.includes(key);
  }
}

const columns: readonly Column[] = [
  'user file',
  'environment',
  'initializationOptions',
  'workspace/configuration',
  'project file',
];

describe('the table of settings', () => {
  for (const column of columns) {
    it(`lets every key have its effect from the ${column}, or none`, () => {
      for (const key of settingKeys) {
        const { settings, problems, sources } = resolveSettings(only(column, key, others[key]));
        const value = valueAt(settings, key);
        if (allowed(column, key)) {
          assert.deepEqual(value, others[key], key);
          assert.deepEqual(problems, [], key);
          assert.equal(sources[key], column);
        } else {
          assert.deepEqual(settings, defaultSettings, key);
          assert.equal(problems.length, 1, key);
          assert.equal(sources[key], 'default');
        }
      }
    });

    it(`says one readable sentence about a wrong type of every key from the ${column}`, () => {
      for (const key of settingKeys) {
        if (column === 'environment' && notScalar.includes(key)) continue;
        const { settings, problems } = resolveSettings(only(column, key, { wrong: 'shape\u0007' }));
        // Any text is a text to the environment: only kinds that a text can miss are wrong there.
        if (column === 'environment' && problems.length === 0) {
          assert.equal(valueAt(settings, key), '[object Object]', key);
          continue;
        }
        assert.deepEqual(settings, defaultSettings, key);
        assert.equal(problems.length, 1, key);
        const { message } = problems[0] ?? { message: '' };
        const name = column === 'environment' ? environmentName(key) : `"${key}"`;
        assert.ok(message.includes(name), message);
        assert.match(message, /must be|cannot be set/);
        assert.match(message, /\.$/);
        assert.ok(!message.includes('shape'), message);
      }
    });
  }

  it('has a scope, words and an agreeing default for every key', () => {
    for (const key of settingKeys) {
      const setting = settingTable.get(key);
      assert.ok(setting !== undefined, key);
      assert.ok(['user', 'editor', 'project'].includes(setting.scope), key);
      assert.match(setting.description, /\.$/, key);
      assert.ok(setting.expects.length > 0, key);
      assert.ok(setting.type.safeParse(valueAt(defaultSettings, key)).success, key);
      assert.equal(setting.scope === 'user', userOnly.includes(key), key);
      assert.equal(setting.scope === 'project', projectToo.includes(key), key);
      assert.equal(setting.tighten !== undefined, projectToo.includes(key), key);
    }
    assert.equal(settingTable.get('openai.baseURL')?.originChecked, true);
  });

  it('agrees with the types and defaults that the hot path imports', () => {
    const leaves = (node: object, prefix: string): string[] =>
      Object.entries(node).flatMap(([name, value]) => {
        const key = `${prefix}${name}`;
        const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
        return isSection && key !== 'openai.headers' ? leaves(value as object, `${key}.`) : [key];
      });
    assert.deepEqual(leaves(defaultSettings, '').sort(), [...settingKeys].sort());
    // Parsing an empty section fills in the schema's defaults.
    const sections = Object.fromEntries(
      Object.entries(defaultSettings).map(([name, value]) => [name, typeof value === 'object' ? {} : value]),
    );
    const parsed = settingsSchema().parse({ ...sections, openai: { timeouts: {} } });
    assert.deepEqual(parsed, defaultSettings);
  });

  it('names environment variables as people expect', () => {
    const names = ['completion.maxLines', 'openai.baseURL', 'openai.timeouts.firstByte', 'openai.caFile'];
    assert.deepEqual(names.map(environmentName), [
      'CODRIVER_COMPLETION_MAX_LINES',
      'CODRIVER_OPENAI_BASE_URL',
      'CODRIVER_OPENAI_TIMEOUTS_FIRST_BYTE',
      'CODRIVER_OPENAI_CA_FILE',
    ]);
    assert.equal(new Set(settingKeys.map(environmentName)).size, settingKeys.length);
  });
});
