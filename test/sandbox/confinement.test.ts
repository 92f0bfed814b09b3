/** The parts together, as a task uses them: a copy, a program confined in it, and what it changed. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { createConfiningRunner, taskTreePorts } from '../../server/confinement.ts';
import { listTaskTrees } from '../../server/sandbox/foundTrees.ts';
import { createWorkspaceCopy } from '../../server/sandbox/workspaceCopy.ts';
import { machine, Sandbox } from '../git/support/repository.ts';

const never = new AbortController().signal;

describe('a program of a task', () => {
  let sandbox: Sandbox;
  before(function () {
    if (process.platform !== 'linux') this.skip();
    sandbox = new Sandbox();
  });
  after(() => sandbox?.dispose());

  it('works in the copy, with the dependencies of the project, and the project is not there', async function () {
    this.timeout(20_000);
    const mine = {
      ...machine,
      environment: { ...machine.environment, home: sandbox.home, variables: sandbox.variables },
    };
    const runner = createConfiningRunner(mine);
    if ((await runner.isolation()) === 'none') {
      console.log('      Nothing confines programs here; the program is not run.');
      this.skip();
    }
    sandbox.write('a.txt', 'one\n');
    sandbox.write('node_modules/dep/index.js', 'module.exports = "dep"');
    sandbox.write('.env', 'SECRET=1');
    const ports = taskTreePorts(mine, sandbox.root);
    const listing = { commit: undefined, tracked: [{ path: 'a.txt', kind: 'file' }], untracked: ['.env'] };
    const copied = await createWorkspaceCopy(
      { root: sandbox.root, listing, unsaved: new Map([[join(sandbox.root, 'a.txt'), 'typed\n']]) },
      ports,
      never,
    );
    assert.ok(copied.ok, copied.ok ? '' : copied.message);
    const { tree } = copied;
    const script = `
      const fs = require('fs'), look = path => { try { return fs.readdirSync(path) } catch (e) { return e.code } };
      fs.appendFileSync('a.txt', require('dep') + '\\n');
      fs.writeFileSync('answer.json', JSON.stringify([process.cwd(), look(process.argv[1]), look('node_modules')]));
      try { fs.writeFileSync('node_modules/x', '') } catch (e) { console.log(e.code) }`;
    const ran = await runner.run(
      {
        argv: [process.execPath, '-e', script, sandbox.root],
        cwd: tree.root,
        limits: { timeMs: 15_000, outputBytes: 10_000, processes: 100 },
        confinement: { writable: [tree.root], bound: tree.bound, hidden: [tree.project], network: false },
      },
      never,
    );
    assert.deepEqual([ran.ending, ran.code, ran.stdout], ['exit', 0, 'EROFS\n'], ran.stderr);
    const diff = await tree.diff();
    assert.deepEqual(
      diff.files.map(({ path, after }) => [
        path,
        typeof after === 'object' ? String(Buffer.from(after.bytes)) : after,
      ]),
      [
        ['a.txt', 'typed\ndep\n'],
        ['answer.json', JSON.stringify([tree.root, [], ['dep']])],
      ],
    );
    assert.equal(fs.readFileSync(join(sandbox.root, 'a.txt'), 'utf8'), 'one\n');
    assert.deepEqual(fs.readdirSync(join(sandbox.root, 'node_modules')), ['dep']);
    assert.equal((await listTaskTrees(ports)).length, 1);
    assert.ok(fs.existsSync((await tree.dispose()) ?? ''));
    assert.deepEqual(await listTaskTrees(ports), []);
  });
});
