/** What the wrapper reads in repositories as people have them, and what it refuses without running anything. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGit, pendingIndexes } from '../../server/git/git.ts';
import { reflogSubjects } from '../../server/git/locate.ts';
import { machine, Sandbox } from './support/repository.ts';

interface Benign {
  readonly name: string;
  /** Makes the repository and stages `text` in `file`; the path to ask from. */
  readonly make: (sandbox: Sandbox) => string;
  readonly file?: string;
  readonly commits?: number;
}

function stage(sandbox: Sandbox, file = 'a.txt', text = 'one\nadded\n', root = sandbox.root): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
  assert.equal(sandbox.plain(['add', '--', file], root).status, 0);
}

function committed(sandbox: Sandbox, ...init: string[]): void {
  sandbox.git('init', '-q', ...init);
  sandbox.write('a.txt', 'one\n');
  sandbox.git('add', '.');
  sandbox.git('commit', '-qm', 'first');
}

const BENIGN: readonly Benign[] = [
  {
    name: 'an ordinary repository, asked from the message',
    make(sandbox) {
      committed(sandbox);
      stage(sandbox);
      return sandbox.write('.git/COMMIT_EDITMSG', '\n');
    },
  },
  {
    name: 'a folder deep inside, over a bare repository that lies there',
    make(sandbox) {
      committed(sandbox);
      stage(sandbox);
      mkdirSync(join(sandbox.root, 'x/y'), { recursive: true });
      sandbox.git('init', '-q', '--bare', 'x');
      return join(sandbox.root, 'x/y');
    },
  },
  {
    name: 'a linked working tree, asked from its message',
    make(sandbox) {
      committed(sandbox);
      sandbox.git('worktree', 'add', '-q', '../linked');
      const linked = join(sandbox.folder, 'linked');
      stage(sandbox, 'a.txt', undefined, linked);
      const message = join(sandbox.root, '.git/worktrees/linked/COMMIT_EDITMSG');
      writeFileSync(message, '\n');
      return message;
    },
  },
  {
    name: 'a submodule, asked from its message',
    make(sandbox) {
      committed(sandbox);
      const outer = join(sandbox.folder, 'outer');
      mkdirSync(outer);
      sandbox.plain(['init', '-q'], outer);
      const added = sandbox.plain(
        ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', sandbox.root, 'sub'],
        outer,
      );
      assert.equal(added.status, 0, added.stderr);
      stage(sandbox, 'a.txt', undefined, join(outer, 'sub'));
      const message = join(outer, '.git/modules/sub/COMMIT_EDITMSG');
      writeFileSync(message, '\n');
      return message;
    },
  },
  {
    name: 'hashes of 256 bits',
    make(sandbox) {
      committed(sandbox, '--object-format=sha256');
      stage(sandbox);
      return sandbox.root;
    },
  },
  {
    name: 'a detached HEAD',
    make(sandbox) {
      committed(sandbox);
      sandbox.git('checkout', '-q', '--detach');
      stage(sandbox);
      return sandbox.root;
    },
  },
  {
    name: 'no commit yet',
    make(sandbox) {
      sandbox.git('init', '-q');
      stage(sandbox);
      return sandbox.root;
    },
    commits: 0,
  },
  {
    name: 'names with blanks, letters beyond ASCII and quotes',
    make(sandbox) {
      committed(sandbox);
      stage(sandbox, 'my folder/größe "b".txt');
      return join(sandbox.root, 'my folder');
    },
    file: 'my folder/größe "b".txt',
  },
  {
    name: 'line ends of Windows',
    make(sandbox) {
      committed(sandbox);
      sandbox.git('config', 'core.autocrlf', 'true');
      stage(sandbox, 'a.txt', 'one\r\nadded\r\n');
      return sandbox.root;
    },
  },
  {
    name: 'a git folder of another name',
    make(sandbox) {
      sandbox.git('init', '-q', `--separate-git-dir=${join(sandbox.folder, 'elsewhere')}`);
      sandbox.write('a.txt', 'one\n');
      sandbox.git('add', '.');
      sandbox.git('commit', '-qm', 'first');
      stage(sandbox);
      return sandbox.root;
    },
  },
  {
    name: 'a person who has configured much',
    make(sandbox) {
      committed(sandbox);
      for (const [key, value] of [
        ['diff.noprefix', 'true'],
        ['diff.mnemonicPrefix', 'true'],
        ['diff.context', '0'],
        ['color.ui', 'always'],
        ['core.quotePath', 'true'],
        ['diff.external', 'difft'],
        ['core.pager', 'delta'],
        ['diff.orderFile', 'order'],
        ['diff.relative', 'true'],
        ['log.decorate', 'full'],
        ['format.pretty', 'oneline'],
        ['filter.lfs.process', 'git-lfs filter-process'],
        ['filter.lfs.required', 'true'],
      ])
        sandbox.git('config', '--global', key as string, value as string);
      stage(sandbox);
      return sandbox.root;
    },
  },
];

describe('git', function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  const signal = () => AbortSignal.timeout(15_000);
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox?.dispose());

  async function open(path = sandbox.root) {
    const opened = await sandbox.wrapper().repositoryOf(path, signal());
    assert.ok(opened.ok, opened.ok ? '' : opened.message);
    return opened.value;
  }

  for (const { name, make, file = 'a.txt', commits = 1 } of BENIGN) {
    it(`reads ${name}`, async () => {
      const repository = await open(make(sandbox));
      const staged = await repository.stagedDiff({}, signal());
      assert.ok(staged.ok, staged.ok ? '' : staged.message);
      assert.deepEqual(
        staged.value.map(each => each.path),
        [file],
      );
      assert.equal(staged.value[0]?.hunks[0]?.lines.at(-1), '+added');
      const paths = await repository.stagedPaths({}, signal());
      assert.deepEqual(paths.ok && paths.value, [file]);
      const log = await repository.log(10, [], signal());
      assert.equal(log.ok && log.value.length, commits);
      const shown = await repository.show('', file, signal());
      assert.match(shown.ok ? shown.value : '', /added/);
      const status = await repository.status(signal());
      assert.ok(
        status.ok && status.value.some(entry => entry.path === file),
        status.ok ? '' : status.message,
      );
      const amended = await repository.stagedDiff({ amend: true }, signal());
      assert.ok(amended.ok, amended.ok ? '' : amended.message);
    });
  }

  it('tells subjects, bodies, authors and paths of the log', async () => {
    committed(sandbox);
    sandbox.write('b/c.txt', 'x');
    sandbox.git('add', '.');
    sandbox.git('commit', '-qm', 'second: ü\n\nWhy it is.\n\nSigned-off-by: T');
    const log = await (await open()).log(10, [], signal());
    assert.ok(log.ok);
    assert.deepEqual(
      log.value.map(({ subject, body, paths, author }) => [subject, body, paths, author]),
      [
        ['second: ü', 'Why it is.\n\nSigned-off-by: T', ['b/c.txt'], 'T'],
        ['first', '', ['a.txt'], 'T'],
      ],
    );
    const some = await (await open()).log(10, ['a.txt'], signal());
    assert.deepEqual(some.ok && some.value.map(({ subject }) => subject), ['first']);
  });

  it('tells what `git commit -a` is about to commit, which is in a lock file', async () => {
    committed(sandbox);
    sandbox.write('a.txt', 'one\nadded\n');
    const seen: (readonly string[])[] = [];
    sandbox.write('editor', `#!/bin/sh\ncp .git/index.lock "${sandbox.folder}/lock"\nexit 1\n`, 0o755);
    sandbox.plain(['commit', '-a'], sandbox.root, { GIT_EDITOR: join(sandbox.root, 'editor') });
    renameSync(join(sandbox.folder, 'lock'), join(sandbox.root, '.git/index.lock'));
    const repository = await open();
    for (const index of [undefined, ...(await pendingIndexes(repository.gitDirectory, machine.files))]) {
      const paths = await repository.stagedPaths(index ? { index } : {}, signal());
      seen.push(paths.ok ? paths.value : []);
    }
    assert.deepEqual(seen, [[], ['a.txt']]);
  });

  it('counts what is too large to be read', async () => {
    committed(sandbox);
    sandbox.write('0.txt', 'small\n');
    sandbox.write('1.txt', `${'a long line of many words\n'.repeat(200_000)}`);
    sandbox.write('2.txt', 'small\n');
    sandbox.git('add', '.');
    const staged = await (await open()).stagedDiff({}, signal());
    assert.ok(staged.ok);
    assert.deepEqual(
      staged.value.map(({ path, added, incomplete }) => [path, added, incomplete ?? false]),
      [
        ['0.txt', 1, false],
        ['1.txt', 200_000, true],
        ['2.txt', 1, true],
      ],
    );
  });

  it('reads subjects from the reflog without running anything', async () => {
    committed(sandbox);
    sandbox.git('commit', '-q', '--allow-empty', '-m', 'second');
    sandbox.git('checkout', '-q', '-b', 'other');
    assert.deepEqual(await reflogSubjects(join(sandbox.root, '.git'), machine.files), ['second', 'first']);
  });

  describe('runs nothing and says why', () => {
    const spied = () => {
      const runs: string[] = [];
      const git = (trusted: boolean, variables = sandbox.variables) =>
        createGit({
          files: machine.files,
          environment: { ...machine.environment, variables },
          trusted: () => Promise.resolve(trusted),
          processes: {
            run(argv, options) {
              runs.push(argv.join(' '));
              return machine.processes.run(argv, options);
            },
          },
        });
      return { runs, git };
    };

    it('in a folder that is not trusted', async () => {
      committed(sandbox);
      const { runs, git } = spied();
      const opened = await git(false).repositoryOf(sandbox.root, signal());
      assert.ok(!opened.ok && opened.why === 'untrusted' && opened.message.includes('codriver.trust'));
      assert.deepEqual(runs, []);
      assert.ok((await git(true).repositoryOf(sandbox.root, signal())).ok && runs.length > 0);
    });

    it('outside every repository, and in a bare one', async () => {
      const { runs, git } = spied();
      const bare = join(sandbox.folder, 'bare');
      sandbox.plain(['init', '-q', '--bare', bare]);
      for (const path of [sandbox.root, bare, join(bare, 'refs')]) {
        const opened = await git(true).repositoryOf(path, signal());
        assert.ok(!opened.ok && opened.why === 'no-repository', path);
      }
      assert.deepEqual(runs, []);
    });

    it('for a git folder that claims a tree which does not know of it', async () => {
      committed(sandbox);
      const other = join(sandbox.folder, 'other');
      mkdirSync(other);
      sandbox.plain(['init', '-q', other]);
      sandbox.plain(['config', 'core.worktree', sandbox.root], other);
      renameSync(join(other, '.git'), join(other, 'planted'));
      const opened = await spied()
        .git(true)
        .repositoryOf(join(other, 'planted', 'COMMIT_EDITMSG'), signal());
      assert.ok(!opened.ok && opened.why === 'no-repository');
    });

    it('without git', async () => {
      committed(sandbox);
      const opened = await spied().git(true, { PATH: sandbox.home }).repositoryOf(sandbox.root, signal());
      assert.ok(!opened.ok && opened.why === 'no-git');
    });

    it('for what names no commit', async () => {
      committed(sandbox);
      const repository = await open();
      for (const range of ['--output=x', '-O', 'a..b..c', 'HEAD --ext-diff', '', 'HEAD\n', ':/x', '../x']) {
        const diff = await repository.diff(range, signal());
        assert.ok(!diff.ok && diff.why === 'refused', range);
      }
      const shown = await repository.show('--textconv', 'a.txt', signal());
      assert.ok(!shown.ok && shown.why === 'refused');
    });
  });

  it('refuses a configuration that moves the working tree', async () => {
    committed(sandbox);
    sandbox.git('config', 'core.worktree', sandbox.home);
    const opened = await sandbox.wrapper().repositoryOf(sandbox.root, signal());
    assert.ok(!opened.ok && opened.why === 'refused', JSON.stringify(opened));
  });

  it('ends with its signal', async () => {
    committed(sandbox);
    const repository = await open();
    const ended = await repository.log(10, [], AbortSignal.abort());
    assert.ok(!ended.ok && ended.why === 'aborted');
    const controller = new AbortController();
    const running = repository.stagedDiff({}, controller.signal);
    controller.abort();
    const cut = await running;
    assert.ok(!cut.ok && cut.why === 'aborted');
  });

  it('changes nothing in the repository', async () => {
    committed(sandbox);
    stage(sandbox);
    const list = () => sandbox.plain(['ls-files', '-s']).stdout + machine.files.list.name;
    const before = [list(), sandbox.plain(['rev-parse', 'HEAD']).stdout];
    const index = () => machine.files.stat(join(sandbox.root, '.git/index'));
    const stat = await index();
    const repository = await open();
    sandbox.write('a.txt', 'one\nadded\n');
    await repository.status(signal());
    await repository.stagedDiff({}, signal());
    assert.deepEqual(await index(), stat);
    assert.deepEqual([list(), sandbox.plain(['rev-parse', 'HEAD']).stdout], before);
  });
});
