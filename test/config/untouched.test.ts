import { strict as assert } from 'node:assert';
import { resolveSettings, type SettingSources } from '../../server/config/resolve.ts';
import { settingTable } from '../../server/config/schema.ts';
import { untouchedSettings } from '../../server/config/untouched.ts';

const file = { file: '/a/config.jsonc', text: '{}' };

describe('settings that nobody touched', () => {
  for (const sources of [
    {},
    { environment: { PATH: '/bin', OPENAI_API_KEY: 'x', CODRIVER_OPENAI_API_KEY: 'x' } },
    { environment: { CODRIVER_NO_CODE_CACHE: '1' } },
    { initializationOptions: null, workspaceConfiguration: {} },
    { initializationOptions: { codriver: {} }, workspaceConfiguration: [] },
  ] satisfies SettingSources[]) {
    it(`are what the schema makes of ${JSON.stringify(sources)}`, () => {
      assert.deepEqual(untouchedSettings(sources), resolveSettings(sources));
    });
  }

  for (const sources of [
    { userFile: file },
    { projectFiles: [file] },
    { environment: { CODRIVER_TYPO: '' } },
    { initializationOptions: { codriver: { autonomy: 1 } } },
    { initializationOptions: { autonomy: null } },
    { initializationOptions: 'on' },
    { workspaceConfiguration: [1] },
    { workspaceConfiguration: { codriver: {}, completion: {} } },
  ] satisfies SettingSources[]) {
    it(`are not ${JSON.stringify(sources)}`, () => {
      assert.equal(untouchedSettings(sources), undefined);
    });
  }

  it('know every variable that the schema knows', () => {
    for (const { environment } of settingTable.values()) {
      for (const name of environment) {
        assert.equal(untouchedSettings({ environment: { [name]: 'x' } }), undefined, name);
      }
    }
  });
});
