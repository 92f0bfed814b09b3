import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { nodeTreeFiles } from '../../server/base/node/treeFiles.ts';
import { createReadGate } from '../../server/guard/readGate.ts';
import { neverSendReason } from '../../server/guard/neverSend.ts';
import { listTaskTrees, openTaskTree } from '../../server/sandbox/foundTrees.ts';
import type { Archive, TaskTree, TreeDiff } from '../../server/sandbox/taskTree.ts';
import { createWorkspaceCopy, type WorkspaceCopyPorts } from '../../server/sandbox/workspaceCopy.ts';
import { machine, Sandbox } from '../git/support/repository.ts';

const never = new AbortController().signal;
const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();

let made = 0;
function portsFor({ folder, root, home }: Sandbox): WorkspaceCopyPorts {
  const environment = { ...machine.environment, home };
  const tasks = join(folder, 'state', 'tasks');
  const gate = createReadGate({
    roots: [root],
    files: machine.files,
    clock: machine.clock,
    environment,
  });
  return {
    trees: nodeTreeFiles,
    files: machine.files,
    clock: machine.clock,
    folder: tasks,
    counts: (directory, entries) => gate.allowedEntries(directory, entries),
    isSecret: path => neverSendReason(path) !== undefined,
    randomId: () => `task-${made++}`,
  };
}

async function listingOf(sandbox: Sandbox) {
  const opened = await sandbox.wrapper().repositoryOf(sandbox.root, never);
  assert.ok(opened.ok, opened.ok ? '' : opened.message);
  const listing = await opened.value.listing(never);
  assert.ok(listing.ok, listing.ok ? '' : listing.message);
  return listing.value;
}

async function copy(
  sandbox: Sandbox,
  unsaved: Readonly<Record<string, string>> = {},
  git = true,
): Promise<TaskTree> {
  const copied = await createWorkspaceCopy(
    {
      root: sandbox.root,
      listing: git ? await listingOf(sandbox) : undefined,
      unsaved: new Map(Object.entries(unsaved).map(([path, value]) => [join(sandbox.root, path), value])),
    },
    portsFor(sandbox),
    never,
  );
  assert.ok(copied.ok, copied.ok ? '' : copied.message);
  return copied.tree;
}

/** Everything below a folder: kind, mode, time of change, and content. */
function snapshot(folder: string): string {
  const hash = createHash('sha256');
  const look = (path: string) => {
    const stat = fs.lstatSync(path);
    hash.update(`${path} ${stat.mode} ${stat.mtimeMs} ${stat.ino}\0`);
    if (stat.isSymbolicLink()) hash.update(fs.readlinkSync(path));
    else if (stat.isDirectory()) for (const name of fs.readdirSync(path).sort()) look(join(path, name));
    else if (stat.isFile()) hash.update(fs.readFileSync(path));
  };
  look(folder);
  return hash.digest('hex');
}

/** Paths below a folder that are no folders. */
function pathsIn(folder: string, below = ''): string[] {
  return fs.readdirSync(join(folder, below), { withFileTypes: true }).flatMap(entry => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? pathsIn(folder, path) : [path];
  });
}

const told = ({ files }: TreeDiff) =>
  files.map(({ path, before, after }) => [
    path,
    before && `${before.kind} ${text(before.bytes)}`,
    typeof after === 'object' ? `${after.kind} ${text(after.bytes)}` : after,
  ]);

function makeDirty(sandbox: Sandbox): void {
  sandbox.git('init', '-q');
  sandbox.write('.gitignore', 'node_modules/\n*.log\nbuild/\n');
  sandbox.write('a.txt', 'one\n');
  sandbox.write('src/b.txt', 'two\n');
  sandbox.write('src/gone.txt', 'gone\n');
  sandbox.write('run.sh', '#!/bin/sh\n', 0o755);
  sandbox.write('.env', 'SECRET=1\n');
  sandbox.write('kept.log', 'ignored, and tracked all the same\n');
  fs.symlinkSync('a.txt', join(sandbox.root, 'link'));
  sandbox.git('add', '.');
  sandbox.git('add', '-f', 'kept.log');
  sandbox.git('commit', '-qm', 'first');
  sandbox.write('stashed.txt', 's');
  sandbox.git('add', 'stashed.txt');
  sandbox.git('stash', '-q');
  sandbox.write('src/b.txt', 'two, staged\n');
  sandbox.git('add', 'src/b.txt');
  sandbox.write('src/b.txt', 'two, changed\n');
  fs.rmSync(join(sandbox.root, 'src/gone.txt'));
  sandbox.write('new/fresh.txt', 'fresh\n');
  sandbox.write('server.log', 'ignored\n');
  sandbox.write('build/out.js', 'ignored\n');
  sandbox.write('node_modules/dep/index.js', 'dep\n');
  sandbox.write('packages/x/package.json', '{}');
  sandbox.write('packages/x/node_modules/y/index.js', 'y');
}

describe("a task's tree", function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  const template = new Sandbox();
  const dirty = ({ root }: Sandbox) =>
    fs.cpSync(template.root, root, { recursive: true, verbatimSymlinks: true });
  before(function () {
    if (process.platform === 'win32') this.skip();
    makeDirty(template);
  });
  after(() => template.dispose());
  beforeEach(() => {
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox?.dispose());

  it('is what is on disk, with unsaved texts, and without secrets, ignored files and .git', async () => {
    dirty(sandbox);
    sandbox.write('marked.txt', '\uFEFFmarked\n');
    const tree = await copy(sandbox, {
      'a.txt': 'one, typed\n',
      'untitled.txt': 'typed\n',
      'marked.txt': 'x\n',
    });
    assert.deepEqual(
      pathsIn(tree.root).sort(),
      '.gitignore a.txt kept.log link marked.txt new/fresh.txt packages/x/package.json run.sh src/b.txt untitled.txt'.split(
        ' ',
      ),
    );
    const read = (path: string) => fs.readFileSync(join(tree.root, path), 'utf8');
    assert.equal(read('a.txt'), 'one, typed\n');
    assert.equal(read('untitled.txt'), 'typed\n');
    assert.equal(read('marked.txt'), '\uFEFFx\n');
    assert.equal(read('src/b.txt'), 'two, changed\n');
    assert.equal(fs.readlinkSync(join(tree.root, 'link')), 'a.txt');
    assert.equal(fs.statSync(join(tree.root, 'run.sh')).mode & 0o777, 0o700);
    assert.equal(tree.base.commit, sandbox.git('rev-parse', 'HEAD').trim());
    assert.deepEqual(
      tree.bound,
      ['node_modules', 'packages/x/node_modules'].map(path => ({
        from: join(sandbox.root, path),
        at: join(tree.root, path),
      })),
    );
    assert.deepEqual(tree.notes, ['Left out because it holds secrets by its name: .env.']);
    assert.deepEqual((await tree.diff()).files, []);
    assert.equal(await tree.treeHash(), tree.base.treeHash);
  });

  it('has nothing of what the project ignores, also where it is open in the editor', async () => {
    dirty(sandbox);
    sandbox.write('build/made.txt', 'made\n');
    sandbox.write('other.log', 'mine\n');
    for (const git of [true, false]) {
      const tree = await copy(
        sandbox,
        {
          'other.log': 'typed\n',
          'build/made.txt': 'typed\n',
          'build/new.txt': 'typed\n',
          'new/b.txt': 'typed\n',
        },
        git,
      );
      const there = pathsIn(tree.root);
      assert.ok(there.includes('new/b.txt'));
      assert.deepEqual(
        there.filter(path => path.startsWith('build') || path === 'other.log'),
        [],
      );
    }
  });

  it('tells every kind of change, and puts the whole of it into the archive before it goes', async () => {
    dirty(sandbox);
    const before = snapshot(sandbox.root);
    const tree = await copy(sandbox);
    const at = (path: string) => join(tree.root, path);
    fs.appendFileSync(at('a.txt'), 'more\n');
    fs.rmSync(at('new'), { recursive: true });
    fs.chmodSync(at('run.sh'), 0o600);
    fs.rmSync(at('link'));
    fs.symlinkSync('/etc/passwd', at('link'));
    fs.mkdirSync(at('deep/er'), { recursive: true });
    fs.writeFileSync(at('deep/er/bytes.bin'), Buffer.from([0, 255, 128]));
    fs.writeFileSync(at('other.log'), 'ignored');
    fs.appendFileSync(at('kept.log'), 'more\n');
    // Neither may hide anything of what was changed.
    fs.writeFileSync(at('.gitignore'), '*\n');
    fs.mkdirSync(at('src/.git'));
    fs.writeFileSync(at('src/.git/config'), '[core]\n\tfsmonitor = false\n');
    fs.writeFileSync(at('src/b.txt'), 'three\n');
    const diff = await tree.diff();
    assert.deepEqual(
      told(diff).filter(([path]) => path !== 'deep/er/bytes.bin'),
      [
        ['.gitignore', 'file node_modules/\n*.log\nbuild/\n', 'file *\n'],
        ['a.txt', 'file one\n', 'file one\nmore\n'],
        [
          'kept.log',
          'file ignored, and tracked all the same\n',
          'file ignored, and tracked all the same\nmore\n',
        ],
        ['link', 'symlink a.txt', 'symlink /etc/passwd'],
        ['new/fresh.txt', 'file fresh\n', undefined],
        ['run.sh', 'executable #!/bin/sh\n', 'file #!/bin/sh\n'],
        ['src/b.txt', 'file two, changed\n', 'file three\n'],
      ],
    );
    assert.ok(diff.files.some(({ path }) => path === 'deep/er/bytes.bin'));
    assert.deepEqual(diff.leftOut, ['other.log']);
    assert.notEqual(diff.treeHash, tree.base.treeHash);
    assert.equal(text((await tree.original('a.txt'))?.bytes), 'one\n');
    const stored = await tree.dispose();
    assert.ok(stored !== undefined && !fs.existsSync(tree.root));
    const archive = JSON.parse(fs.readFileSync(stored, 'utf8')) as Archive;
    assert.deepEqual(
      archive.files.map(({ path }) => path),
      diff.files.map(({ path }) => path),
    );
    assert.equal(archive.treeHash, diff.treeHash);
    assert.equal(snapshot(sandbox.root), before, 'the project is as it was');
  });

  it('counts new files that the project does not ignore, whatever they are', async () => {
    dirty(sandbox);
    const tree = await copy(sandbox);
    const at = (path: string) => join(tree.root, path);
    fs.mkdirSync(at('deep/er'), { recursive: true });
    fs.writeFileSync(at('deep/er/bytes.bin'), Buffer.from([0, 255, 128]));
    fs.symlinkSync(sandbox.root, at('outside'));
    fs.writeFileSync(at('large.bin'), '');
    fs.truncateSync(at('large.bin'), 20_000_000_000);
    assert.equal(spawnSync('mkfifo', [at('pipe')]).status, 0);
    fs.mkdirSync(at('closed'));
    fs.writeFileSync(at('closed/in.txt'), 'in', { mode: 0 });
    fs.chmodSync(at('closed'), 0);
    assert.deepEqual(
      (await tree.diff()).files.map(({ path, after }) => [
        path,
        typeof after === 'object' ? after.kind : after,
      ]),
      [
        ['closed/in.txt', 'file'],
        ['deep/er/bytes.bin', 'file'],
        ['large.bin', 'too-large'],
        ['outside', 'symlink'],
        ['pipe', 'special'],
      ],
    );
    fs.chmodSync(at('closed'), 0);
    await tree.dispose();
    assert.ok(!fs.existsSync(tree.root));
  });

  it('follows no folder that became a link', async () => {
    dirty(sandbox);
    const tree = await copy(sandbox);
    fs.rmSync(join(tree.root, 'src'), { recursive: true });
    fs.symlinkSync(join(sandbox.root, 'src'), join(tree.root, 'src'));
    assert.deepEqual(told(await tree.diff()), [
      ['src', undefined, `symlink ${join(sandbox.root, 'src')}`],
      ['src/b.txt', 'file two, changed\n', undefined],
    ]);
    await tree.dispose();
    assert.equal(fs.readFileSync(join(sandbox.root, 'src/b.txt'), 'utf8'), 'two, changed\n');
  });

  it('counts everything in a folder that the project has not, and where the project is gone', async () => {
    dirty(sandbox);
    const tree = await copy(sandbox);
    fs.rmSync(join(tree.root, 'link'));
    fs.mkdirSync(join(tree.root, 'link'));
    fs.writeFileSync(join(tree.root, 'link/a.log'), 'x');
    fs.writeFileSync(join(tree.root, 'b.log'), 'x');
    const paths = async () => (await tree.diff()).files.map(({ path }) => path);
    assert.deepEqual(await paths(), ['link', 'link/a.log']);
    fs.renameSync(sandbox.root, join(sandbox.folder, 'moved'));
    assert.deepEqual(await paths(), ['b.log', 'link', 'link/a.log']);
  });

  it('is not removed when its difference cannot be stored', async () => {
    dirty(sandbox);
    const copied = await createWorkspaceCopy(
      { root: sandbox.root, listing: await listingOf(sandbox), unsaved: new Map() },
      {
        ...portsFor(sandbox),
        files: {
          ...machine.files,
          writePrivate: (path, content) =>
            path.includes('archive')
              ? Promise.reject(new Error('full'))
              : machine.files.writePrivate(path, content),
        },
      },
      never,
    );
    assert.ok(copied.ok);
    fs.appendFileSync(join(copied.tree.root, 'a.txt'), 'work');
    await assert.rejects(copied.tree.dispose(), /full/);
    assert.ok(fs.existsSync(join(copied.tree.root, 'a.txt')));
  });

  it('is found again by the next server, whole or not', async () => {
    dirty(sandbox);
    const ports = portsFor(sandbox);
    const tree = await copy(sandbox);
    fs.appendFileSync(join(tree.root, 'a.txt'), 'work');
    fs.mkdirSync(join(ports.folder, 'half/tree'), { recursive: true });
    fs.mkdirSync(join(ports.folder, 'torn/tree'), { recursive: true });
    fs.writeFileSync(join(ports.folder, 'torn/task.json'), '{"version":1,');
    const found = await listTaskTrees(ports);
    assert.deepEqual(
      new Map(found.map(({ id, state, project }) => [id, [state, project]])),
      new Map([
        ['half', ['incomplete', undefined]],
        ['torn', ['damaged', undefined]],
        [tree.id, ['whole', sandbox.root]],
      ]),
    );
    const again = await openTaskTree(tree.id, ports);
    assert.deepEqual(told((await again?.diff()) as TreeDiff), [['a.txt', 'file one\n', 'file one\nwork']]);
    for (const id of ['half', 'torn', '../x', 'none']) assert.equal(await openTaskTree(id, ports), undefined);
  });

  const shapes: Readonly<Record<string, (sandbox: Sandbox) => void>> = {
    'no commit yet': s => {
      s.git('init', '-q');
      s.write('a.txt', 'one\n');
    },
    'a commit at HEAD and no branch': s => {
      s.git('init', '-q');
      s.write('a.txt', 'one\n');
      s.git('add', '.');
      s.git('commit', '-qm', 'first');
      s.git('checkout', '-q', '--detach');
    },
    'files that a sparse checkout leaves out': s => {
      s.git('init', '-q');
      s.write('a.txt', 'one\n');
      s.write('far/b.txt', 'b\n');
      s.git('add', '.');
      s.git('commit', '-qm', 'first');
      s.git('sparse-checkout', 'set', 'none');
    },
    'a conflict': s => {
      s.git('init', '-q');
      s.write('a.txt', 'zero\n');
      s.git('add', '.');
      s.git('commit', '-qm', 'first');
      s.git('checkout', '-qb', 'side');
      s.write('a.txt', 'side\n');
      s.git('commit', '-qam', 'side');
      s.git('checkout', '-q', 'main');
      s.write('a.txt', 'main\n');
      s.git('commit', '-qam', 'main');
      s.plain(['merge', '-q', 'side']);
      s.write('a.txt', 'one\n');
    },
    'a pointer of large file storage, as it is on disk': s => {
      s.git('init', '-q');
      s.git('config', 'filter.lfs.clean', 'false');
      s.git('config', 'filter.lfs.required', 'true');
      s.write('.gitattributes', '');
      s.write('a.txt', 'one\n');
    },
  };
  for (const [what, make] of Object.entries(shapes)) {
    it(`can be of a repository with ${what}`, async () => {
      make(sandbox);
      const before = snapshot(sandbox.root);
      const tree = await copy(sandbox);
      assert.equal(fs.readFileSync(join(tree.root, 'a.txt'), 'utf8'), 'one\n');
      assert.ok(!fs.existsSync(join(tree.root, 'far')));
      assert.equal(await tree.dispose(), undefined);
      assert.equal(snapshot(sandbox.root), before);
    });
  }

  it('shows submodules and repositories inside, and copies neither', async () => {
    dirty(sandbox);
    for (const name of ['sub', 'nested']) {
      fs.mkdirSync(join(sandbox.root, name));
      const git = (...args: string[]) => sandbox.plain(args, join(sandbox.root, name));
      git('init', '-q');
      fs.writeFileSync(join(sandbox.root, name, 'x'), 'x');
      git('add', '.');
      git('commit', '-qm', 'inner');
    }
    sandbox.plain(['add', 'sub']);
    const tree = await copy(sandbox);
    assert.ok(!fs.existsSync(join(tree.root, 'sub/x')) && !fs.existsSync(join(tree.root, 'nested/x')));
    const from = tree.bound.map(each => each.from);
    for (const name of ['sub', 'nested']) assert.ok(from.includes(join(sandbox.root, name)), name);
  });

  it('copies a folder without git through the gate', async () => {
    sandbox.write('a.txt', 'one\n');
    sandbox.write('.gitignore', 'out/\n');
    sandbox.write('out/x', 'x');
    sandbox.write('.env', 'SECRET=1');
    sandbox.write('src/b.txt', 'b');
    sandbox.write('node_modules/d/i.js', 'd');
    fs.symlinkSync('/etc', join(sandbox.root, 'etc'));
    const tree = await copy(sandbox, { 'a.txt': 'typed\n' }, false);
    const paths = pathsIn(tree.root).sort();
    assert.deepEqual(
      paths.filter(path => !path.startsWith('node_modules')),
      ['.gitignore', 'a.txt', 'src/b.txt'],
    );
    assert.equal(fs.readFileSync(join(tree.root, 'a.txt'), 'utf8'), 'typed\n');
    assert.deepEqual((await tree.diff()).files, []);
  });

  it('is refused where it could not be kept apart, and leaves nothing', async () => {
    dirty(sandbox);
    const ports = { ...portsFor(sandbox), folder: join(sandbox.root, 'state') };
    const copied = await createWorkspaceCopy(
      { root: sandbox.root, listing: await listingOf(sandbox), unsaved: new Map() },
      ports,
      never,
    );
    assert.ok(!copied.ok && /kept apart/.test(copied.message));
    assert.ok(!fs.existsSync(ports.folder));
  });

  it('leaves nothing when it is cancelled on the way', async () => {
    dirty(sandbox);
    const controller = new AbortController();
    const ports = portsFor(sandbox);
    const trees = {
      ...nodeTreeFiles,
      write: (...args: Parameters<typeof nodeTreeFiles.write>) => {
        controller.abort();
        return nodeTreeFiles.write(...args);
      },
    };
    const copied = await createWorkspaceCopy(
      { root: sandbox.root, listing: await listingOf(sandbox), unsaved: new Map() },
      { ...ports, trees },
      controller.signal,
    );
    assert.deepEqual(copied, { ok: false, message: 'Cancelled.' });
    assert.deepEqual(await listTaskTrees(ports), []);
  });

  it('leaves random dirty projects byte-identical, and can tell every change', async function () {
    const runs = Number(process.env['CODRIVER_TREES'] ?? 2);
    this.timeout(60_000 + runs * 3000);
    const name = fc.constantFrom(
      'a',
      'b.txt',
      'c d',
      'ü',
      '-x',
      'src/e',
      'src/deep/f',
      'g.log',
      'out/h',
      "q'uote",
    );
    const content = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'x\r\ny', '\0'));
    const step = fc.record({
      name,
      content,
      act: fc.constantFrom('write', 'write', 'stage', 'commit', 'remove', 'run', 'stash', 'ignore', 'link'),
    });
    const change = fc.record({ name, content, act: fc.constantFrom('write', 'remove', 'run', 'link') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(change, { maxLength: 8 }),
        async (steps, changes) => {
          const world = new Sandbox();
          try {
            world.git('init', '-q');
            world.write('.gitignore', '*.log\nout/\n');
            world.git('add', '.');
            world.git('commit', '-qm', 'begin');
            for (const each of steps) act(world.root, each, (...args) => void world.plain(args));
            const before = snapshot(world.root);
            const tree = await copy(world);
            assert.deepEqual((await tree.diff()).files, []);
            const first = contents(tree.root);
            for (const each of changes) act(tree.root, each, () => {});
            const now = contents(tree.root);
            const diff = await tree.diff();
            for (const path of new Set([...first.keys(), ...now.keys()])) {
              const excluded = path === 'b.txt' && steps.some(each => each.act === 'ignore');
              const named = path.endsWith('.log') || path.startsWith('out/') || excluded;
              const ignored = !first.has(path) && named;
              const differs = first.get(path) !== now.get(path);
              const said = diff.files.some(file => file.path === path);
              // A link to an ignored name is work that nobody asked to ignore; it may be told.
              if (!ignored) assert.equal(said, differs, path);
            }
            await tree.archive(join(world.folder, 'archive.json'));
            await tree.dispose();
            assert.equal(snapshot(world.root), before);
          } finally {
            world.dispose();
          }
        },
      ),
      { numRuns: runs, seed: Number(process.env['CODRIVER_SEED'] ?? 7) },
    );
  });
});

interface Act {
  readonly name: string;
  readonly content: string;
  readonly act: string;
}

function act(root: string, { name, content, act: what }: Act, git: (...args: string[]) => void): void {
  const path = join(root, name);
  const write = () => {
    fs.mkdirSync(join(path, '..'), { recursive: true });
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) fs.rmSync(path);
    fs.writeFileSync(path, content);
  };
  if (what === 'remove') fs.rmSync(path, { force: true });
  else if (what === 'link') {
    fs.rmSync(path, { force: true });
    fs.mkdirSync(join(path, '..'), { recursive: true });
    fs.symlinkSync(content.replaceAll('\0', '') || 'nowhere', path);
  } else if (what === 'ignore') fs.appendFileSync(join(root, '.git/info/exclude'), 'b.txt\n');
  else write();
  if (what === 'run') fs.chmodSync(path, 0o755);
  if (what === 'stage' || what === 'commit' || what === 'stash') git('add', '-A');
  if (what === 'commit') git('commit', '-qm', 'next');
  if (what === 'stash') git('stash', '-q');
}

/** Kind and content of everything below a folder. */
function contents(root: string): Map<string, string> {
  return new Map(
    pathsIn(root).map(path => {
      const stat = fs.lstatSync(join(root, path));
      if (stat.isSymbolicLink()) return [path, `link ${fs.readlinkSync(join(root, path))}`];
      return [path, `${stat.mode & 0o100} ${fs.readFileSync(join(root, path), 'latin1')}`];
    }),
  );
}
