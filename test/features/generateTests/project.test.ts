/** What is found in a project, and what its private copy holds. */
import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { nodeScratch } from '../../../server/base/node/scratch.ts';
import { copyPackage, type PackageCopy, survey } from '../../../server/features/generateTests/project.ts';
import { createRunTests } from '../../../server/features/generateTests/run.ts';
import type { Command, Ran, Runner } from '../../../server/sandbox/command.ts';
import { never } from '../../analysis/bench.ts';
import { machine, World } from './world.ts';

describe('features/generateTests: the project', () => {
  let world: World;
  let copy: PackageCopy | undefined;
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  afterEach(async () => {
    await copy?.folder.dispose();
    copy = undefined;
    world.remove();
  });

  it('is the nearest package upwards, told by its own files', async () => {
    world = new World({
      'package.json': '{ "devDependencies": { "jest": "1" } }',
      'packages/one/package.json': '{ "scripts": { "test": "mocha" } }',
      'packages/one/src/a.ts': '',
      'packages/one/src/b.ts': '',
      'packages/one/test/b.test.ts': 'one',
    });
    const project = await world.survey('packages/one/src/a.ts');
    assert.equal(project.root, join(world.folder, 'packages/one'));
    assert.equal(project.framework.id, 'mocha');
    assert.equal(project.sourcePath, 'src/a.ts');
    assert.deepEqual(project.home, { path: 'test/a.test.ts', exists: false, example: 'test/b.test.ts' });
    assert.deepEqual(project.facts.tests, ['one']);
  });

  it('knows what of the whole workspace folder its tests may not read', async () => {
    world = new World({
      '.env': '',
      '.git/config': '',
      'packages/one/package.json': '{ "scripts": { "test": "mocha" } }',
      'packages/one/a.js': '',
      'packages/one/.env.local': '',
      'packages/two/keys/server.key': '',
      'node_modules/other/test.pem': '',
    });
    symlinkSync('.env', join(world.folder, 'packages/two/.env'));
    const { hidden } = await world.survey('packages/one/a.js');
    const wanted = ['.env', '.git', 'packages/one/.env.local', 'packages/one/.git', 'packages/two/.env'];
    assert.deepEqual(hidden.map(path => relative(world.folder, path)).sort(), [
      ...wanted,
      'packages/two/keys/server.key',
    ]);
  });

  it('refuses with words what cannot be tested', async () => {
    world = new World({ 'a.go': '', 'a.test.js': '', 'a.txt': '' });
    for (const [path, why] of [
      ['a.go', /no test framework in this project: there is no go\.mod/],
      ['a.test.js', /a test file itself/],
      ['a.txt', /no test framework for this language/],
    ] as const) {
      const found = await survey(machine.files, join(world.folder, path), world.folder, never);
      assert.match('refused' in found ? found.refused : 'found', why);
    }
  });

  const copied = async (unsaved: ReadonlyMap<string, string> = new Map()): Promise<PackageCopy> => {
    const made = await copyPackage(machine.files, nodeScratch, world.folder, unsaved, never);
    if ('refused' in made) throw new Error(made.refused);
    copy = made;
    return made;
  };

  it('is copied without secrets, version control and what tools make, with what is not saved', async () => {
    world = new World({
      'package.json': '{}',
      'src/a.js': 'saved',
      '.env': 'TOKEN=synthetic',
      'keys/server.key': 'synthetic',
      '.git/config': '',
      'target/debug/x': '',
      '__pycache__/a.pyc': '',
      'data.bin': '\0',
    });
    const { root } = await copied(
      new Map([
        [join(world.folder, 'src/a.js'), 'unsaved'],
        [join(world.folder, '.env'), 'TOKEN=typed'],
        [join(world.folder, 'keys/server.key'), 'typed'],
        ['/elsewhere/b.js', 'b'],
      ]),
    );
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
    assert.deepEqual(names, ['data.bin', 'package.json', 'src', 'src/a.js']);
    assert.equal(readFileSync(join(root, 'src/a.js'), 'utf8'), 'unsaved');
  });

  it('has its dependencies linked, and a dependency that is its own code linked to the copy', async () => {
    world = new World({
      'package.json': '{}',
      'packages/one/index.js': '1',
      'node_modules/other/index.js': '2',
      'packages/two/node_modules/third/index.js': '3',
    });
    mkdirSync(join(world.folder, 'node_modules/@us'));
    symlinkSync('../../packages/one', join(world.folder, 'node_modules/@us/one'));
    const { root } = await copied();
    assert.equal(realpathSync(join(root, 'node_modules/@us/one')), join(root, 'packages/one'));
    assert.equal(realpathSync(join(root, 'node_modules/other')), join(world.folder, 'node_modules/other'));
    assert.ok(lstatSync(join(root, 'packages/two/node_modules')).isSymbolicLink());
    writeFileSync(join(root, 'packages/one/index.js'), 'changed');
    assert.equal(readFileSync(join(world.folder, 'packages/one/index.js'), 'utf8'), '1');
  });

  it('is not copied when it is cancelled, and leaves nothing', async () => {
    world = new World({ 'package.json': '{}' });
    await assert.rejects(
      copyPackage(machine.files, nodeScratch, world.folder, new Map(), AbortSignal.abort()),
    );
  });

  it('is run confined to its copy, without a network, and ends with the cancelling', async () => {
    world = new World({ 'package.json': '{}', 'a.js': 'saved', '.env': 'TOKEN=synthetic' });
    const project = await world.survey('a.js');
    const made = await copied();
    const controller = new AbortController();
    const commands: Command[] = [];
    const runner: Runner = {
      isolation: () => Promise.resolve('namespaces'),
      run: (command): Promise<Ran> => {
        commands.push(command);
        if (commands.length === 2) controller.abort();
        return Promise.resolve({
          code: 0,
          ending: 'exit',
          stdout: 'ok 1 - x\n',
          stderr: '',
          truncated: false,
          durationMs: 5,
          isolation: 'namespaces',
        });
      },
    };
    const { signal } = controller;
    const run = createRunTests({ runner, files: machine.files, project, copy: made, confined: true, signal });
    const outcome = await run.run({ 'a.js': 'changed' }, 1_000);
    assert.equal(outcome.report.get('x'), 'passed');
    assert.equal(readFileSync(join(made.root, 'a.js'), 'utf8'), 'changed');
    const [command] = commands;
    assert.deepEqual(command?.confinement, {
      writable: [made.folder.path],
      hidden: ['.env', '.git'].map(name => join(world.folder, name)),
      network: false,
    });
    assert.equal(command?.limits.timeMs, 1_000);
    assert.equal(command?.cwd, made.root);
    await assert.rejects(run.run({}), { name: 'AbortError' });
    assert.deepEqual(run.told(), {
      argv: ['node', '--test', '--test-reporter=tap', 'a.test.js'],
      isolation: 'namespaces',
      totalMs: 10,
    });
  });
});
