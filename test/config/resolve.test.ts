import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { nearest } from '../../server/config/nearest.ts';
import { resolveSettings } from '../../server/config/resolve.ts';
import type { SettingSources } from '../../server/config/resolve.ts';
import { settingKeys, settingTable, valueAt } from '../../server/config/schema.ts';
import { defaultSettings, describeProblem } from '../../server/config/settings.ts';

/** Settings from sources, where a text stands for the text of the user or project file. */
function resolve(
  sources: Omit<SettingSources, 'userFile' | 'projectFiles'> & { user?: string; project?: string },
) {
  const { user, project, ...rest } = sources;
  return resolveSettings({
    ...rest,
    ...(user === undefined ? {} : { userFile: { file: '/u.jsonc', text: user } }),
    ...(project === undefined ? {} : { projectFiles: [{ file: '/p.jsonc', text: project }] }),
  });
}

function said(sources: Parameters<typeof resolve>[0]): string[] {
  return resolve(sources).problems.map(describeProblem);
}

describe('resolving settings', () => {
  const shapes: readonly (readonly [string, unknown])[] = [
    ['nested', { completion: { maxLines: 3 } }],
    ['dotted', { 'completion.maxLines': 3 }],
    ['below the section', { codriver: { completion: { maxLines: 3 } } }],
    ['dotted below the section', { codriver: { 'completion.maxLines': 3 } }],
    ['dotted with the section', { 'codriver.completion.maxLines': 3 }],
    ['half dotted', { 'codriver.completion': { maxLines: 3 } }],
    ['beside the sections of other servers', { codriver: { completion: { maxLines: 3 } }, python: { a: 1 } }],
    ['beside what plugins send', { completion: { maxLines: 3 }, editorInfo: { name: 'x' } }],
    ['with nulls for absent', { completion: { maxLines: 3, engine: null }, hover: null }],
    ['with empty tables as lists', { completion: { maxLines: 3 }, hover: [], openai: { timeouts: [] } }],
    ['with an empty object for a list', { completion: { maxLines: 3 }, privacy: { neverSend: {} } }],
  ];
  for (const [name, value] of shapes) {
    it(`takes settings ${name}`, () => {
      const { settings, problems } = resolve({ initializationOptions: value });
      assert.equal(settings.completion.maxLines, 3);
      assert.deepEqual(problems, []);
    });
  }

  it('takes nothing for nothing', () => {
    for (const value of [undefined, null, {}, [], { codriver: null }, { codriver: {} }, { codriver: [] }]) {
      const { settings, problems } = resolve({ initializationOptions: value, workspaceConfiguration: value });
      assert.deepEqual(settings, defaultSettings);
      assert.deepEqual(problems, []);
    }
  });

  it('lets the later source win and says which it was', () => {
    const all = {
      user: '{ "openai.model": "user", "completion.maxLines": 2, "completion.engine": "embedded" }',
      environment: { OPENAI_MODEL: 'environment', CODRIVER_COMPLETION_MAX_LINES: '4' },
      initializationOptions: { openai: { model: 'options' }, completion: { maxLines: 5 } },
      workspaceConfiguration: { openai: { model: 'workspace' } },
    };
    const { settings, sources, problems } = resolve(all);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [settings.openai.model, settings.completion.maxLines, settings.completion.engine, settings.autonomy],
      ['workspace', 5, 'embedded', 2],
    );
    assert.deepEqual(
      [
        sources['openai.model'],
        sources['completion.maxLines'],
        sources['completion.engine'],
        sources.autonomy,
      ],
      ['workspace/configuration', 'initializationOptions', 'user file', 'default'],
    );
  });

  it('prefers the variable that is meant for Codriver alone', () => {
    const environment = { OPENAI_MODEL: 'general', CODRIVER_OPENAI_MODEL: 'own', OPENAI_BASE_URL: ' ' };
    const { settings, problems } = resolve({ environment });
    assert.equal(settings.openai.model, 'own');
    assert.equal(settings.openai.baseURL, '');
    assert.deepEqual(problems, []);
  });

  it('reads words and numbers of the environment', () => {
    const value = (variables: Record<string, string>) => resolve({ environment: variables }).settings;
    for (const no of ['0', 'false', 'no', 'OFF']) {
      assert.equal(value({ CODRIVER_COMPLETION_ENABLED: no }).completion.enabled, false);
    }
    for (const yes of ['1', 'true', 'Yes', 'on']) {
      const sources = {
        user: '{"completion.enabled": false}',
        environment: { CODRIVER_COMPLETION_ENABLED: yes },
      };
      assert.equal(resolve(sources).settings.completion.enabled, true);
    }
    assert.equal(value({ CODRIVER_COMPLETION_DEBOUNCE: 'auto' }).completion.debounce, 'auto');
    assert.equal(value({ CODRIVER_COMPLETION_DEBOUNCE: '0' }).completion.debounce, 0);
    assert.equal(value({ CODRIVER_OPENAI_MODEL: '123' }).openai.model, '123');
    assert.equal(value({ CODRIVER_AUTONOMY: '0' }).autonomy, 0);
  });

  const messages: readonly (readonly [Parameters<typeof resolve>[0], string])[] = [
    [
      { user: '{\n  "completion": { "maxLines": "ten" }\n}' },
      '/u.jsonc:2:31: "completion.maxLines" must be a whole number from 1 to 100, not "ten"; it is ignored.',
    ],
    [
      { user: '{ "compeltion": { "maxLines": 3 } }' },
      '/u.jsonc:1:17: "compeltion" is not a setting; it is ignored. Did you mean "completion"?',
    ],
    [
      { initializationOptions: { completion: { maxLine: 3 } } },
      'initializationOptions: "completion.maxLine" is not a setting; it is ignored. Did you mean "completion.maxLines"?',
    ],
    [
      { initializationOptions: { maxLines: 3 } },
      'initializationOptions: "maxLines" is not a setting; it is ignored. Did you mean "completion.maxLines"?',
    ],
    [
      { initializationOptions: { completion: true } },
      'initializationOptions: "completion" is a group of settings and must be an object; it is ignored. Did you mean "completion.enabled"?',
    ],
    [
      { initializationOptions: 'on' },
      'initializationOptions: The settings must be an object { … }; they are ignored.',
    ],
    [
      { environment: { CODRIVER_MODEL: 'x' } },
      'environment: CODRIVER_MODEL is not a setting; it is ignored.',
    ],
    [
      { environment: { CODRIVER_OPENAI_MODLE: 'x' } },
      'environment: CODRIVER_OPENAI_MODLE is not a setting; it is ignored. Did you mean CODRIVER_OPENAI_MODEL?',
    ],
    [
      { environment: { CODRIVER_AUTONOMY: '9' } },
      'environment: CODRIVER_AUTONOMY must be a whole number from 0 to 5; it is ignored.',
    ],
    [
      { user: '{ "openai": { "apiKey": "canary" } }' },
      '/u.jsonc:1:25: "openai.apiKey" is not a setting: keys are never read from settings. Set OPENAI_API_KEY in the environment, or openai.apiKeyCommand in the user file.',
    ],
    [
      { workspaceConfiguration: { openai: { proxy: 'http://canary.invalid' } } },
      'workspace/configuration: "openai.proxy" cannot be set by an editor, because a repository can set editor settings too; it is ignored. Set it in your user file or as CODRIVER_OPENAI_PROXY.',
    ],
    [
      { project: '{ "openai.baseURL": "http://canary.invalid" }' },
      '/p.jsonc:1:21: "openai.baseURL" cannot be set by a project; it is ignored. Set it in your user file or as CODRIVER_OPENAI_BASE_URL.',
    ],
    [
      { user: '{ "openai.baseURL": "https://name:canary@host.invalid/v1" }' },
      '/u.jsonc:1:21: "openai.baseURL" must be a URL that starts with https:// or http:// and holds no user name or password; it is ignored.',
    ],
    [
      { project: '{ "autonomy": 4 }' },
      '/p.jsonc:1:15: A project may only make Codriver more careful: "autonomy" stays 2.',
    ],
  ];
  for (const [sources, message] of messages) {
    it(`says: ${message.slice(0, 70)}…`, () => {
      const words = said(sources);
      assert.deepEqual(words, [message]);
      assert.ok(!words.join().includes('canary'));
    });
  }

  const broken: readonly (readonly [string, string])[] = [
    [
      '{ "hover": { "enabled": false } "index": {} }',
      '/u.jsonc:1:33: Broken JSON: a comma is expected here.',
    ],
    ['{\n  "openai.fim": debug\n}', '/u.jsonc:2:17: Broken JSON: an unknown word; texts need double quotes.'],
    ['{ "openai.fim": "chat"', '/u.jsonc:1:23: Broken JSON: a closing brace } is missing.'],
    ["{\r\n'openai.fim': 1}", '/u.jsonc:2:1: Broken JSON: an unknown word; texts need double quotes.'],
    ['[{]', '/u.jsonc:1:3: Broken JSON: a name in double quotes is expected here.'],
  ];
  for (const [text, message] of broken) {
    it(`says where JSON is broken: ${JSON.stringify(text)}`, () => {
      assert.equal(said({ user: text })[0], `${message} What can be read of the file is used.`);
    });
  }

  it('uses the rest of a file with a mistake', () => {
    const { settings, problems } = resolve({
      user: '\uFEFF// mine\n{\n  /* quiet */ "hover": { "enabled": false },\n  "openai.fim": oops,\n  "completion.maxLines": 4,\n}\n',
    });
    assert.equal(settings.hover.enabled, false);
    assert.equal(settings.completion.maxLines, 4);
    assert.equal(settings.openai.fim, 'auto');
    assert.equal(problems.length, 1);
  });

  it('lets a project be more careful only', () => {
    const careful = {
      user: '{ "privacy.neverSend": ["a"], "completion.maxLines": 7 }',
      workspaceConfiguration: { privacy: { neverSend: ['b'] }, hover: { enabled: false } },
    };
    const { settings, sources } = resolve({
      ...careful,
      project:
        '{ "autonomy": 1, "privacy.neverSend": ["c", "a"], "hover.enabled": true, "completion.disabledLanguages": ["tex"], "completion.maxLines": 100 }',
    });
    assert.equal(settings.autonomy, 1);
    assert.equal(sources.autonomy, 'project file');
    assert.deepEqual(settings.privacy.neverSend, ['a', 'b', 'c']);
    assert.equal(settings.hover.enabled, false);
    assert.equal(sources['hover.enabled'], 'workspace/configuration');
    assert.equal(settings.completion.maxLines, 7);
    assert.deepEqual(settings.completion.disabledLanguages, [
      ...defaultSettings.completion.disabledLanguages,
      'tex',
    ]);
  });

  const budgets: readonly [own: number, project: number, result: number][] = [
    [0, 50, 50],
    [50, 0, 50],
    [50, 40, 40],
    [50, 60, 50],
  ];
  for (const [own, project, result] of budgets) {
    it(`lets a project only lower a budget, where 0 is none: ${own}, ${project}`, () => {
      const { settings } = resolve({
        user: `{ "budget.tokensPerDay": ${own} }`,
        project: `{ "budget.tokensPerDay": ${project} }`,
      });
      assert.equal(settings.budget.tokensPerDay, result);
    });
  }

  it('does not let an editor take the never-send list of the user away', () => {
    const sources = {
      user: '{ "privacy.neverSend": ["a"] }',
      workspaceConfiguration: { 'privacy.neverSend': [] },
    };
    assert.deepEqual(resolve(sources).settings.privacy.neverSend, ['a']);
  });

  it('names the origins that the user vouches for, the one of the key first', () => {
    const origins = (sources: Parameters<typeof resolve>[0]) => resolve(sources).userOrigins;
    const user = '{ "openai.baseURL": "http://localhost:11434/v1" }';
    assert.deepEqual(origins({}), ['https://api.openai.com']);
    assert.deepEqual(origins({ user }), ['http://localhost:11434']);
    assert.deepEqual(origins({ user, environment: { OPENAI_BASE_URL: 'https://a.invalid/v1' } }), [
      'https://a.invalid',
      'http://localhost:11434',
    ]);
    const planted = resolve({ user, workspaceConfiguration: { 'openai.baseURL': 'https://evil.invalid' } });
    assert.equal(planted.settings.openai.baseURL, 'https://evil.invalid');
    assert.equal(planted.sources['openai.baseURL'], 'workspace/configuration');
    assert.deepEqual(planted.userOrigins, ['http://localhost:11434']);
  });

  it('bounds the messages about one source and cleans names', () => {
    const flood = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`zz${i}\u001b[31m`, 1]));
    const { problems } = resolve({ initializationOptions: flood });
    assert.equal(problems.length, 50);
    for (const { message } of problems) assert.match(message, /^[\x20-\x7e]+$/);
    const long = resolve({ initializationOptions: { ['x'.repeat(1e6)]: 1 } }).problems[0];
    assert.ok((long?.message.length ?? 0) < 200);
  });

  it('survives nesting of 100,000 levels', () => {
    const [problem] = resolve({ user: '{"a":'.repeat(100_000) }).problems;
    assert.match(problem?.message ?? '', /nested too deeply/);
  });

  it('never throws, never changes Object.prototype, and keeps unknown values out', () => {
    const key = fc.oneof(
      fc.constantFrom(...settingKeys, 'codriver', 'openai', '__proto__', 'constructor', 'toString'),
      fc.string(),
    );
    const tree = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    })).value;
    const names = Object.getOwnPropertyNames(Object.prototype).length;
    fc.assert(
      fc.property(tree, tree, (first, second) => {
        const text = JSON.stringify(second);
        const { settings } = resolve({ initializationOptions: first, user: text, project: text });
        for (const known of settingKeys) {
          const value = valueAt(settings, known);
          assert.ok(settingTable.get(known)?.type.safeParse(value).success, known);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, names);
  });
});

describe('the nearest known word', () => {
  it('is found within a third of its letters, whatever the case', () => {
    const known = [
      'setup',
      'doctor',
      'explain',
      'completion.maxLines',
      'completion.enabled',
      'hover.enabled',
    ];
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['docter', 'doctor'],
      ['DOCTOR', 'doctor'],
      ['stepu', undefined],
      ['setpu', 'setup'],
      ['maxLines', 'completion.maxLines'],
      ['completions.maxlines', 'completion.maxLines'],
      ['hovr.enabled', 'hover.enabled'],
      ['weather', undefined],
      ['', undefined],
      ['x'.repeat(10_000), undefined],
    ];
    for (const [word, expected] of cases) assert.equal(nearest(word, known), expected, word);
  });
});
