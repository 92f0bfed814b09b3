import { parse } from 'jsonc-parser';
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { editorNames } from '../../server/cli/command.ts';
import { readHealth } from '../../server/cli/setup/helix.ts';
import { helixLanguages } from '../../server/cli/setup/helixLanguages.ts';
import { listWith, scanToml } from '../../server/cli/setup/toml.ts';
import { assertSnapshot, createCli, home, transcript } from './context.ts';
import type { CliOptions } from './context.ts';

const onPath = { '/usr/bin/codriver-language-server': '' };
const base: CliOptions = { variables: { PATH: '/usr/bin' }, files: onPath };
const languages = `${home}/.config/helix/languages.toml`;

/** A Helix that knows three languages only. */
const smallHelix: CliOptions = {
  ...base,
  files: { ...onPath, '/usr/bin/hx': '' },
  run: ([, , language]) => {
    const servers: Readonly<Record<string, string>> = {
      rust: "  \u001b[31m✘\u001b[0m rust-analyzer: 'rust-analyzer' not found in $PATH\n",
      python: '  ✓ pyright: /usr/bin/pyright\n  ✘ ruff: not found\n',
      toml: ': None\n',
    };
    const lines = servers[language ?? ''];
    if (lines === undefined)
      return { stdout: `\u001b[31mLanguage '${language}' not found\u001b[0m\nDid you mean …\n` };
    return { stdout: `Configured language servers:\n${lines}Configured debug adapter: None\n` };
  },
};

describe('setup', () => {
  for (const editor of editorNames) {
    it(`prints the configuration of ${editor} and writes nothing`, async () => {
      const cli = createCli(editor === 'helix' ? smallHelix : base);
      const before = cli.machine.pathsUnder(home);
      const ran = await cli.run('setup', editor);
      assert.equal(ran.code, 0);
      assert.deepEqual(cli.machine.pathsUnder(home), before);
      assertSnapshot(`setup-${editor}.txt`, transcript(ran));
    });
  }

  const writable = editorNames.filter(name => name !== 'vscode');
  for (const editor of writable) {
    it(`writes the configuration of ${editor} once`, async () => {
      const cli = createCli(editor === 'helix' ? smallHelix : base);
      const first = await cli.run('setup', editor, '--write');
      assert.equal(first.code, 0, first.err);
      const written = cli.machine.pathsUnder(home);
      assert.ok(written.length > 0);
      const texts = written.map(file => cli.machine.textOf(file));
      const again = await cli.run('setup', editor, '--write');
      assert.equal(again.code, 0);
      assert.match(again.out, /is set up already/);
      assert.deepEqual(cli.machine.pathsUnder(home), written);
      assert.deepEqual(
        written.map(file => cli.machine.textOf(file)),
        texts,
      );
    });
  }

  it('says that it cannot write for editors that need an extension', async () => {
    const { code, err } = await createCli(base).run('setup', 'vscode', '--write');
    assert.equal(code, 1);
    assert.match(err, /no file that setup could write/);
  });

  it('adds the agent to the settings of Zed and keeps comments, other agents and trailing commas', async () => {
    const file = `${home}/.config/zed/settings.json`;
    const mine =
      '// mine\n{\n  "theme": "One", // dark\n  "agent_servers": { "Other": { "command": "x" } },\n}\n';
    const cli = createCli({ ...base, files: { ...onPath, [file]: mine } });
    assert.equal((await cli.run('setup', 'zed', '--write')).code, 0);
    const text = cli.machine.textOf(file) ?? '';
    assert.match(text, /^\/\/ mine\n\{\n {2}"theme": "One", \/\/ dark\n/);
    assert.deepEqual(parse(text), {
      theme: 'One',
      agent_servers: {
        Other: { command: 'x' },
        Codriver: { type: 'custom', command: 'codriver-language-server', args: ['acp'] },
      },
    });
    const broken = createCli({ ...base, files: { ...onPath, [file]: '{ "a": ' } });
    assert.equal((await broken.run('setup', 'zed', '--write')).code, 1);
    assert.equal(broken.machine.textOf(file), '{ "a": ');
  });

  it('names this very program when the server is not on PATH, and says so', async () => {
    const { out, err } = await createCli({ variables: { PATH: '/usr/bin' } }).run('setup', 'neovim');
    assert.match(out, /cmd = \{ "\/usr\/bin\/node", "\/opt\/codriver\/dist\/codriver\.cjs", "--stdio" \}/);
    assert.match(err, /is not on PATH/);
  });

  const existing: readonly (readonly [string, string, string])[] = [
    ['kakoune', `${home}/.config/kak/kakrc`, 'set global ui x'],
    ['vim', `${home}/.vim/vimrc`, 'set number\r\n'],
    ['emacs-eglot', `${home}/.emacs`, ';; mine\n(setq x 1)\n'],
    ['emacs-lsp-mode', `${home}/.emacs.d/init.el`, '(setq x 1)'],
  ];
  for (const [editor, file, mine] of existing) {
    it(`keeps what is in the file of ${editor}, with a copy, and renews only its own block`, async () => {
      const cli = createCli({ ...base, files: { ...onPath, [file]: mine } });
      await cli.run('setup', editor, '--write');
      const text = cli.machine.textOf(file) ?? '';
      assert.ok(text.startsWith(mine));
      assert.equal(cli.machine.textOf(`${file}.before-codriver`), mine);
      const withMore = `${text.replace('codriver-language-server', 'an-old-name')}\n(after)\n`;
      cli.machine.plant(file, withMore);
      await cli.run('setup', editor, '--write');
      assert.equal(cli.machine.textOf(file), `${text}\n(after)\n`);
      assert.equal(cli.machine.textOf(`${file}.before-codriver`), mine);
      assert.equal(cli.machine.textOf(`${file}.before-codriver.2`), withMore);
    });
  }

  it('leaves a file of the same name alone that a person wrote', async () => {
    const file = `${home}/.config/nvim/lsp/codriver_ls.lua`;
    const cli = createCli({ ...base, files: { ...onPath, [file]: 'return {}' } });
    const { code, err } = await cli.run('setup', 'neovim', '--write');
    assert.equal(code, 1);
    assert.match(err, /was left as it is: The file exists and was not written by setup/);
    assert.equal(cli.machine.textOf(file), 'return {}');
  });

  it('adds to the JSON of Sublime Text without losing a comment, and not to broken JSON', async () => {
    const file = `${home}/.config/sublime-text/Packages/User/LanguageServers.sublime-settings`;
    const cli = createCli({
      ...base,
      files: { ...onPath, [file]: '{\n  // mine\n  "other": { "enabled": true },\n}\n' },
    });
    assert.equal((await cli.run('setup', 'sublime', '--write')).code, 0);
    const text = cli.machine.textOf(file) ?? '';
    assert.match(text, /\/\/ mine\n {2}"other": \{ "enabled": true \},/);
    assert.match(text, /"codriver": \{/);
    cli.machine.plant(file, '{ "other": ');
    assert.equal((await cli.run('setup', 'sublime', '--write')).code, 1);
    assert.equal(cli.machine.textOf(file), '{ "other": ');
  });

  it('leaves a file alone that is no text', async () => {
    const file = `${home}/.config/kak/kakrc`;
    const cli = createCli({ ...base, files: { ...onPath, [file]: new Uint8Array([0, 1, 2]) } });
    const { code, err } = await cli.run('setup', 'kakoune', '--write');
    assert.equal(code, 1);
    assert.match(err, /cannot be read as text \(binary\)/);
  });
});

describe('setup of Helix', () => {
  it('uses the built-in lists when there is no Helix', async () => {
    const { out, err } = await createCli(base).run('setup', 'helix');
    assert.match(err, /those of Helix 25\.07/);
    assert.match(out, /name = "go"\nlanguage-servers = \["gopls", "golangci-lint-lsp", "codriver"\]/);
    assert.match(
      out,
      /\{ name = "bash-language-server", except-features = \["diagnostics"\] \}, "codriver"\]/,
    );
    assert.equal(out.match(/^\[\[language\]\]$/gm)?.length, helixLanguages.length);
    assert.ok(scanToml(out) !== undefined);
  });

  it('keeps the blocks of a person, adds itself to their lists and repeats nothing', async () => {
    const mine = `# my languages
[language-server.pyright]
command = "pyright" # here

[[language]]
name = "python" # snakes
language-servers = [
  "pyright", # first
  # "ruff" is off
]
auto-format = true

[[language]]
auto-format = false
name = 'toml'
`;
    const cli = createCli({ ...smallHelix, files: { ...smallHelix.files, [languages]: mine } });
    const ran = await cli.run('setup', 'helix', '--write');
    assert.equal(ran.code, 0, ran.err);
    const text = cli.machine.textOf(languages) ?? '';
    assertSnapshot('setup-helix-merged.toml', text);
    assert.equal(text.match(/name = .?python/g)?.length, 1);
    assert.equal((await cli.run('setup', 'helix', '--write')).out, `${languages} is set up already.\n`);
  });

  it('adds to blocks that stand before and behind its own', async () => {
    const cli = createCli({ ...smallHelix, files: { ...smallHelix.files, [languages]: '# top\n' } });
    await cli.run('setup', 'helix', '--write');
    const own = cli.machine.textOf(languages) ?? '';
    const block = (name: string) => `[[language]]\nname = "${name}"\nlanguage-servers = ["x"]\n`;
    cli.machine.plant(languages, `${block('rust')}${own}\n${block('toml')}# end\n`);
    await cli.run('setup', 'helix', '--write');
    const text = cli.machine.textOf(languages) ?? '';
    for (const name of ['rust', 'toml']) {
      assert.ok(text.includes(`name = "${name}"\nlanguage-servers = ["x", "codriver"]\n`), text);
      assert.equal(text.split(`name = "${name}"`).length, 2);
    }
    assert.ok(text.endsWith('# end\n'));
    assert.ok(text.includes('[language-server.codriver]'));
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['language = [{ name = "rust" }]\n', /defines "language" as one value/],
    ['language-server.x.command = "x"\n', /defines "language-server.x.command" as one value/],
    ['[[language]\nname = 3', /not TOML that setup understands/],
    ['a = """open', /not TOML that setup understands/],
  ];
  for (const [text, words] of refused) {
    it(`does not touch ${JSON.stringify(text)}`, async () => {
      const cli = createCli({ ...smallHelix, files: { ...smallHelix.files, [languages]: text } });
      const { code, err } = await cli.run('setup', 'helix', '--write');
      assert.equal(code, 1);
      assert.match(err, words);
      assert.equal(cli.machine.textOf(languages), text);
    });
  }

  it('reads what hx --health says', () => {
    const language = { name: 'x', servers: ['built-in'] };
    assert.deepEqual(
      readHealth('Configured language servers:\n  ✓ a.b-c: /bin/a\n  ✘ d: no\nHighlight: ✓', language)
        ?.servers,
      ['a.b-c', 'd'],
    );
    assert.deepEqual(readHealth('Configured language servers: None\n', language)?.servers, []);
    assert.deepEqual(readHealth('something else', language), language);
    assert.equal(readHealth("\u001b[31mLanguage 'x' not found\u001b[m", language), undefined);
  });
});

describe('the TOML reader', () => {
  it('finds tables and values among comments, strings and lists', () => {
    const text =
      '\uFEFFtop = 1 # one\r\n[a."b"] # [no]\nx.y = """\n[not]\n# no\n""" # c\nz = [ # ]\n  "]", \'#\',\n  { q = 1 },\n]\n[[list]]\n';
    const tables = scanToml(text) ?? [];
    assert.deepEqual(
      tables.map(({ name, isList, keys }) => [
        name,
        isList,
        keys.map(key => [key.name, text.slice(key.start, key.end)]),
      ]),
      [
        ['', false, [['top', '1']]],
        [
          'a.b',
          false,
          [
            ['x.y', '"""\n[not]\n# no\n"""'],
            ['z', '[ # ]\n  "]", \'#\',\n  { q = 1 },\n]'],
          ],
        ],
        ['list', true, []],
      ],
    );
  });

  it('refuses what it does not understand', () => {
    for (const text of ['x', 'x =', 'x = "a', 'x = [1', '[a', 'x = 1 y = 2\n[', "x = 'a\n'", 'x = ]']) {
      assert.equal(scanToml(text), undefined, text);
    }
  });

  const lists: readonly (readonly [string, string | undefined])[] = [
    ['[]', '["me"]'],
    ['[ ]', '["me"] '.replace('"] ', '" ]')],
    ['["a"]', '["a", "me"]'],
    ['["a", ]', '["a", "me" ]'],
    ['[\n  "a", # first\n]', '[\n  "a", "me" # first\n]'],
    ['[\n  "a" # ] first\n]', '[\n  "a", "me" # ] first\n]'],
    ["['me']", "['me']"],
    ['[{ name = "me" }]', '[{ name = "me" }]'],
    ['[{ name = "a" }]', '[{ name = "a" }, "me"]'],
    ['[ # only a comment\n]', '["me" # only a comment\n]'],
    ['"a"', undefined],
  ];
  for (const [list, longer] of lists) {
    it(`adds to the list ${JSON.stringify(list)}`, () => assert.equal(listWith(list, 'me'), longer));
  }

  it('never throws and gives offsets within the text', () => {
    const piece = fc.constantFrom(
      '[[language]]\n',
      '[a]\n',
      'k = ',
      '"s"',
      "'",
      '"""',
      '#c\n',
      '\n',
      '[',
      ']',
      '{',
      ',',
      '\\',
      ' ',
      '1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
        const text = pieces.join('');
        for (const { keys } of scanToml(text) ?? []) {
          for (const { start, end } of keys) assert.ok(0 <= start && start < end && end <= text.length);
        }
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});
