/** `codriver run` as a process, on a project on disk: from a goal to a file that is changed by a person's hash alone. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../server/cli/runReport.ts';
import { byStep } from '../agent/scripts.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { Place } from './support/place.ts';
import { play } from './support/taskModel.ts';

const PRICE = 'export function price(net) {\n  return net;\n}\n';
const GOAL = '---\nkind: change\n---\n\n# Tax\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';
const TASK = '.codriver/tasks/tax.task.md';
const edit = ['edit', { path: 'src/price.js', old: '  return net;', new: '  return net * 1.2;' }] as const;

describe('the whole program, run', function () {
  this.timeout(60_000);
  let place: Place;
  let model: ModelServer;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    place = new Place();
    place.configure({ autonomy: 3 });
    place.write('src/price.js', PRICE);
    place.write(TASK, GOAL);
    model = await startModelServer();
    play(model, byStep(['Add the tax'], { s1: [{ calls: [edit] }] }));
  });
  afterEach(async () => {
    place.dispose();
    await model.close();
  });

  async function codriver(
    args: readonly string[],
    during?: (child: ReturnType<typeof spawn>) => Promise<void>,
  ): Promise<{ code: number; err: string }> {
    const [program, ...all] = place.command(...args);
    const child = spawn(program, all, {
      cwd: place.project,
      env: {
        ...process.env,
        ...place.environment(),
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const exit = once(child, 'close');
    await during?.(child);
    const [code] = (await exit) as [number];
    return { code, err };
  }
  const report = (): RunReport =>
    JSON.parse(readFileSync(join(place.folder, 'report.json'), 'utf8')) as RunReport;
  const json = () => ['--json', join(place.folder, 'report.json')];

  it('needs trust, stops for the plan, verifies, and applies by the hash alone', async () => {
    const strange = await codriver(['run', TASK, ...json()]);
    assert.deepEqual([strange.code, report().phase], [5, 'refused'], strange.err);
    assert.equal((await codriver(['trust', '.'])).code, 0);
    const planned = await codriver(['run', TASK, ...json()]);
    assert.deepEqual([planned.code, report().waitsFor], [3, 'plan'], planned.err);
    assert.match(place.read(TASK), /- \[ \] \(s1\) Add the tax/);

    const made = await codriver(['run', TASK, '--yes-to-plan', ...json()]);
    assert.deepEqual([made.code, report().waitsFor], [0, 'approval'], made.err);
    assert.equal(place.read('src/price.js'), PRICE, 'nothing is changed before the yes');
    assert.match(readFileSync(report().result?.changeSet ?? '', 'utf8'), /^\+ {2}return net \* 1\.2;$/m);
    const wrong = await codriver(['run', TASK, '--apply', 'f'.repeat(64), ...json()]);
    assert.deepEqual([wrong.code, place.read('src/price.js')], [1, PRICE], wrong.err);

    await codriver(['run', TASK, ...json()]);
    const done = await codriver(['run', TASK, '--apply', report().result?.diff ?? '', ...json()]);
    assert.deepEqual([done.code, report().phase], [0, 'applied'], done.err);
    assert.match(place.read('src/price.js'), /return net \* 1\.2;/);
    assert.match(place.read(TASK), /^state: applied$/m);
  });

  it('is paused by Ctrl-C in the middle of an answer, and goes on', async () => {
    assert.equal((await codriver(['trust', '.'])).code, 0);
    // The model thinks for ever about its first step.
    model.clear();
    play(model, ({ tools }) =>
      tools.includes('plan') ? { calls: [['plan', { steps: ['Add the tax'] }]] } : { calls: [] },
    );
    model.reply({ route: 'chat', when: 'Do step s1', until: new Promise(() => undefined) });
    const stopped = await codriver(['run', TASK, '--yes-to-plan', ...json()], async child => {
      await model.waitFor(({ text }) => text.includes('Do step s1'));
      child.kill('SIGINT');
    });
    assert.deepEqual([stopped.code, report().phase], [130, 'paused'], stopped.err);
    model.clear();
    play(model, byStep(['Add the tax'], { s1: [{ calls: [edit] }] }));
    const on = await codriver(['run', TASK, ...json()]);
    assert.deepEqual([on.code, report().waitsFor], [0, 'approval'], on.err);
    assert.ok(existsSync(report().result?.changeSet ?? ''));
  });
});
