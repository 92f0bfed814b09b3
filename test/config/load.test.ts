import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { configHome, loadSettings, userFilePath } from '../../server/config/load.ts';
import { defaultSettings, describeProblem } from '../../server/config/settings.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';
import type { MemoryMachine, Planted } from '../support/memoryMachine.ts';

const home = '/home/dev';
const userFile = `${home}/.config/codriver/config.jsonc`;
const folder = '/srv/project';
const projectFile = `${folder}/.codriver/config.jsonc`;

function machineWith(files: Readonly<Record<string, Planted>>): MemoryMachine {
  return createMemoryMachine({ files, home });
}

function load({ files, environment }: MemoryMachine, trustedFolders: readonly string[] = []) {
  return loadSettings({ files, environment, trustedFolders });
}

function environmentOf(variables: Record<string, string>) {
  return createMemoryMachine({ variables, home }).environment;
}

describe('loading settings', () => {
  it('reads the user file and the project files of trusted folders', async () => {
    const machine = machineWith({
      [userFile]: '{ "completion": { "maxLines": 4 } }',
      [projectFile]: '{ "autonomy": 1 }',
    });
    const trusted = await load(machine, [folder]);
    assert.deepEqual([trusted.settings.completion.maxLines, trusted.settings.autonomy], [4, 1]);
    const untrusted = await load(machine);
    assert.deepEqual([untrusted.settings.completion.maxLines, untrusted.settings.autonomy], [4, 2]);
    assert.deepEqual([...trusted.problems, ...untrusted.problems], []);
  });

  it('takes the most careful word of several folders', async () => {
    const machine = machineWith({
      '/a/.codriver/config.jsonc': '{ "autonomy": 1, "privacy.neverSend": ["x"] }',
      '/b/.codriver/config.jsonc': '{ "autonomy": 0, "privacy.neverSend": ["y"] }',
    });
    for (const order of [
      ['/a', '/b'],
      ['/b', '/a'],
    ]) {
      const { settings } = await load(machine, order);
      assert.equal(settings.autonomy, 0);
      assert.deepEqual([...settings.privacy.neverSend].sort(), ['x', 'y']);
    }
  });

  it('follows a link for the user, never for a project', async () => {
    const elsewhere = '{ "autonomy": 0 }';
    const user = machineWith({ [userFile]: { link: '/dotfiles/config' }, '/dotfiles/config': elsewhere });
    assert.equal((await load(user)).settings.autonomy, 0);
    const plants = [
      { [projectFile]: { link: '/etc/config' }, '/etc/config': elsewhere },
      { [`${folder}/.codriver`]: { link: '/etc/x' }, '/etc/x/config.jsonc': elsewhere },
    ];
    for (const plant of plants) {
      const machine = machineWith(plant);
      const { settings, problems } = await load(machine, [folder]);
      assert.equal(settings.autonomy, 2);
      assert.match(problems.map(describeProblem).join(), /is a link; it is ignored/);
      assert.ok(!machine.reads.some(file => file.startsWith('/etc')));
    }
  });

  it('trusts a folder that is reached through a link itself', async () => {
    const machine = machineWith({ '/link': { link: folder }, [projectFile]: '{ "autonomy": 0 }' });
    assert.equal((await load(machine, ['/link'])).settings.autonomy, 0);
  });

  it('says why a file cannot be used', async () => {
    const cases: readonly (readonly [Planted, RegExp])[] = [
      ['\0', /not UTF-8 text/],
      [' '.repeat(1_048_577), /larger than 1 MiB/],
      [{ kind: 'denied' }, /permission denied/],
      [{ kind: 'directory' }, /not a file/],
      [{ link: userFile }, /runs in a circle/],
    ];
    for (const [text, words] of cases) {
      const { settings, problems } = await load(machineWith({ [userFile]: text }));
      assert.deepEqual(settings, defaultSettings);
      assert.equal(problems.length, 1);
      assert.match(describeProblem(problems[0] as (typeof problems)[0]), words);
    }
  });

  it('reads two kinds of file only: planted ones have no effect', async () => {
    const plants = ['.env', '.env.local', '.npmrc', '.codriverrc', 'codriver.json', '.vscode/settings.json'];
    const text = 'OPENAI_BASE_URL=http://canary.invalid\nCODRIVER_AUTONOMY=5\n';
    const machine = machineWith(Object.fromEntries(plants.map(name => [`${folder}/${name}`, text])));
    const { settings, problems } = await load(machine, [folder]);
    assert.deepEqual(settings, defaultSettings);
    assert.deepEqual(problems, []);
    assert.deepEqual(machine.reads, []);
  });

  it('finds the user file where the platform keeps such files', () => {
    assert.equal(userFilePath(environmentOf({ XDG_CONFIG_HOME: '/x' })), '/x/codriver/config.jsonc');
    assert.equal(userFilePath(environmentOf({ XDG_CONFIG_HOME: 'relative' })), userFile);
    const windows = {
      ...environmentOf({ APPDATA: 'C:\\Users\\s\\AppData\\Roaming' }),
      platform: 'win32' as const,
    };
    assert.equal(configHome(windows), 'C:\\Users\\s\\AppData\\Roaming');
  });

  it('does not load zod with what the hot path imports', () => {
    const root = path.join(import.meta.dirname, '../..');
    const entries = ['config/settings.ts', 'config/load.ts', 'config/apiKey.ts', 'cli/main.ts'];
    for (const entry of entries) {
      const reached = new Set<string>();
      const queue = [path.join(root, 'server', entry)];
      for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
        if (reached.has(file)) continue;
        reached.add(file);
        const imports = fs
          .readFileSync(file, 'utf8')
          .matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm);
        for (const [, name = ''] of imports) {
          assert.ok(name !== 'zod' && name !== 'jsonc-parser', `${entry} reaches ${name} through ${file}`);
          if (name.startsWith('.')) queue.push(path.join(path.dirname(file), name));
        }
      }
      assert.ok(reached.size > 0);
    }
  });
});
