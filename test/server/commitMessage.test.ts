/** Commit messages in a real repository: what is read without trust, what with it, and what a model gets to see. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { empty, ghost, type Item, menu, offered, Place } from './support/place.ts';

const start = { line: 0, character: 0 };
const template = [
  '',
  '# Please enter the commit message.',
  '#',
  '# On branch main',
  '# Changes to be committed:',
];
const COMPOSED = 'feat(money): add parsePrice';
const ADDED = '\nexport function parsePrice(text: string): number {\n  return Number(text) * 100;\n}\n';

describe('the whole server, commit messages', function () {
  this.timeout(30_000);
  let place: Place;
  let editor: FakeEditor;
  let model: ModelServer | undefined;
  let uri = '';
  let mark = '';

  const git = (...args: string[]) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder, GIT_CONFIG_NOSYSTEM: '1' };
    const ran = spawnSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
      cwd: place.project,
      env,
      encoding: 'utf8',
    });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  };

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    place = new Place();
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'feat(shop): open it');
    const source = place.read('src/money.ts');
    for (const [i, subject] of [
      'fix(money): round down',
      'feat(money): format cents',
      'docs(money): explain',
    ].entries()) {
      place.write('src/money.ts', `${source}// ${i}\n`);
      git('commit', '-qam', subject);
    }
    place.write('src/money.ts', place.read('src/money.ts') + ADDED);
    git('add', '.');
    // A git that tells when it is run.
    const bin = join(place.folder, 'bin');
    mark = join(place.folder, 'git-ran');
    mkdirSync(bin);
    const real = spawnSync('which', ['git'], { encoding: 'utf8' }).stdout.trim();
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${mark}'\nexec '${real}' "$@"\n`);
    chmodSync(join(bin, 'git'), 0o755);
  });
  afterEach(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
      await model?.close();
      model = undefined;
    }
  });

  async function open(text: readonly string[], env: Record<string, string> = {}): Promise<void> {
    editor = await place.start({
      env: { PATH: `${join(place.folder, 'bin')}:${process.env['PATH'] ?? ''}`, ...env },
    });
    const path = join(place.project, '.git', 'COMMIT_EDITMSG');
    writeFileSync(path, text.join('\n'));
    uri = pathToFileURL(path).href;
    editor.open(uri, 'gitcommit', text.join('\n'));
  }
  const listed = [...template, '#\tmodified:   src/money.ts', '#', ''];
  const gitRan = () => existsSync(mark);
  const firstLine = () => editor.textOf(uri).split('\n')[0];
  const subjects = (items: readonly Item[]) => items.map(({ textEdit }) => textEdit.newText);

  it('tell what is listed where the folder is not trusted, and run no git', async () => {
    await open(listed);
    const items = await menu(editor, uri, start);
    // Scopes of the history are read from a file; which files they were for is not known.
    assert.match(subjects(items)[0] ?? '', /^\w+(\(\w+\))?: update money\.ts$/);
    assert.deepEqual(await ghost(editor, uri, { line: 3, character: 4 }, 1), []);
    editor.answerMessages(message => (/^Trust .*\/project\?.*with git/.test(message) ? 'No' : undefined));
    await editor.choose(await offered(editor, uri, start, 'Write the commit message'));
    await editor.nextEdit();
    assert.match((await editor.nextMessage()) ?? '', /names of the files alone.*codriver\.trust/);
    assert.match(firstLine() ?? '', /update money\.ts$/);
    assert.equal(gitRan(), false);
  });

  it('tell what the buffer shows itself, without trust, question or git', async () => {
    const diff = git('diff', '--cached').split('\n');
    await open([
      ...listed,
      '# ------------------------ >8 ------------------------',
      '# Do not touch.',
      ...diff,
    ]);
    const [item] = await ghost(editor, uri, start, 1);
    assert.match(item?.insertText ?? '', /add parsePrice$/);
    await editor.choose(await offered(editor, uri, start, 'Write the commit message'));
    await editor.nextEdit();
    assert.match(firstLine() ?? '', /add parsePrice$/);
    assert.deepEqual(editor.textOf(uri).split('\n').slice(2, 4), template.slice(1, 3));
    assert.equal(gitRan(), false);
  });

  it('tell what is staged once the person trusts the folder, in the words of the history', async () => {
    await open(listed);
    editor.answerMessages((message, choices) =>
      message.startsWith('Trust ') ? (choices[0] ?? null) : undefined,
    );
    await editor.choose(await offered(editor, uri, start, 'Write the commit message'));
    await editor.nextEdit();
    assert.match((await editor.nextMessage()) ?? '', /is trusted now/);
    assert.equal(firstLine(), COMPOSED);
    assert.equal(gitRan(), true);
    // Nothing more to write: it can be rewritten.
    const titles = (await editor.codeActions(uri, empty(start))).map(action => String(action['title']));
    assert.ok(
      titles.some(title => title.startsWith('Rewrite the commit message')),
      titles.join(),
    );
    assert.ok(!titles.some(title => title.startsWith('Write the commit message')), titles.join());
    // Typed along, the rest is offered; a name of the change anywhere.
    editor.change(uri, [
      { range: { start, end: { line: 0, character: COMPOSED.length } }, newText: 'feat(money): a' },
    ]);
    const [rest] = await ghost(editor, uri, { line: 0, character: 14 }, 2);
    assert.equal(rest?.insertText, 'dd parsePrice');
    editor.change(uri, [{ range: { start, end: { line: 0, character: 14 } }, newText: 'Speak of par' }]);
    const [name] = await ghost(editor, uri, { line: 0, character: 12 }, 2);
    assert.equal(name?.insertText, 'sePrice');
  });

  it('come from a model, which sees no file that is excluded', async () => {
    model = await startModelServer();
    place.write('.aiignore', 'private/\n');
    place.write('private/plan.md', 'the hidden plan\n');
    git('add', '-f', '.');
    model.reply({ text: '```\nfeat(money): parse prices as people write them (#41)\n```', times: 1 });
    model.reply({
      text: 'Here is the commit message:\n\nfeat(money): parse prices as people write them\n\nCo-authored-by: A <a@b>',
      when: '#41 occurs nowhere',
    });
    await open(
      [
        ...template,
        '#\tnew file:   .aiignore',
        '#\tnew file:   private/plan.md',
        '#\tmodified:   src/money.ts',
        '',
      ],
      {
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
      },
    );
    editor.answerMessages((message, choices) => (message.startsWith('Trust ') ? (choices[0] ?? null) : null));
    await editor.choose(await offered(editor, uri, start, 'Write the commit message'));
    await editor.nextEdit();
    assert.equal(firstLine(), 'feat(money): parse prices as people write them');
    assert.doesNotMatch(editor.textOf(uri), /Co-authored/);
    const [request] = model.requests.filter(({ route }) => route === 'chat');
    const sent = request?.text ?? '';
    assert.match(sent, /parsePrice/);
    assert.match(sent, /fix\(money\): round down/);
    assert.match(sent, /private\/plan\.md.*contents left out/);
    assert.doesNotMatch(sent, /the hidden plan/);
    assert.match((await editor.nextMessage(message => /left out/.test(message))) ?? '', /private\/plan\.md/);
    await editor.nextMessage(message => /is trusted now/.test(message));
  });

  it('are left alone where git made them', async () => {
    await open(['fixup! feat(shop): open it', ...listed.slice(1)]);
    const actions = await editor.codeActions(uri, empty(start));
    const disabled = actions.filter(action => /commit message/.test(String(action['title'])));
    assert.ok(
      disabled.every(action => action['disabled'] !== undefined),
      JSON.stringify(disabled),
    );
    assert.deepEqual(await ghost(editor, uri, { line: 0, character: 26 }, 1), []);
    rmSync(mark, { force: true });
    assert.equal(
      readFileSync(join(place.project, '.git', 'COMMIT_EDITMSG'), 'utf8').startsWith('fixup!'),
      true,
    );
  });
});
