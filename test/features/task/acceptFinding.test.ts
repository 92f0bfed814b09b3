import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document } from '../../../server/base/document.ts';
import { editDocument } from '../../../server/agent/tools/steer.ts';
import { accepting } from '../../../server/features/task/acceptFinding.ts';
import { findingLines } from '../../../server/features/task/findings.ts';
import { knownTask } from '../../../server/features/task/phase.ts';
import { taskLanguage } from '../../../server/features/task/language.ts';
import type { TaskRun } from '../../../server/features/task/run.ts';
import { byStep, shop } from '../../agent/scripts.ts';
import { approve, removeTaskWorlds, TaskWorld } from './world.ts';

const never = new AbortController().signal;
const files = {
  ...shop,
  'package.json': JSON.stringify({ scripts: { test: 'node check.js' } }),
  'check.js': "process.exit(require('node:fs').existsSync('src/tax.ts') ? 0 : 1);\n",
};
const script = () =>
  byStep(['Add the tax'], {
    s1: [{ calls: [['create', { path: 'src/tax.ts', text: 'export const TAX = 0.2;\n' }]] }],
  });

/** As the person types it behind the mark. */
async function type(run: TaskRun, reason: string): Promise<void> {
  const typed = await editDocument(run.document, text => {
    const line = text.split('\n').findIndex(each => each.startsWith('> accept:'));
    assert.ok(line > 0, text);
    const end = { line, character: '> accept:'.length };
    return text.includes(reason) ? [] : [{ range: { start: end, end }, newText: ` ${reason}` }];
  });
  assert.ok(typed);
}

describe('a finding of a verification', function () {
  this.timeout(20_000);
  after(removeTaskWorlds);

  /** A task that is blocked since its tests run nothing of the change. */
  async function blocked() {
    const at = new TaskWorld({ files, script: script() });
    const run = await at.run();
    await approve(run);
    await at.run(run);
    assert.equal(run.state.phase, 'blocked', at.document);
    const lines = async () => {
      const record = (await knownTask(at.uri, at.services))?.record;
      return [...findingLines(run.document.text(), record?.findings ?? []).keys()];
    };
    return { at, run, lines };
  }

  it('is shown where the evidence tells of it', async () => {
    const { at, run, lines } = await blocked();
    const document = new Document(at.uri, 'markdown', 1, at.document);
    const found = await taskLanguage.problems(document, at.services, never);
    const [line] = await lines();
    assert.ok(line !== undefined);
    const shown = found.find(({ range }) => range.start.line === line);
    assert.match(shown?.message ?? '', /unless you accept it with a reason/);
    await run.close();
  });

  it('is accepted by the person, with a reason that the evidence tells from then on', async () => {
    const { at, run, lines } = await blocked();
    for (let i = 0; i < 5; i++) {
      const [line] = await lines();
      if (line === undefined) break;
      await assert.rejects(accepting(line, at.services)(run), /Write why it may be so behind "> accept:"/);
      await type(run, 'the check is enough');
      await accepting(line, at.services)(run);
      assert.doesNotMatch(at.document, /> accept:/);
    }
    await at.run(run);
    assert.equal(run.state.phase, 'awaiting-approval', at.document);
    assert.match(at.document, /You accepted it: `the check is enough`/);
    await run.close();
  });

  it('is not accepted for files that have changed since', async () => {
    const { at, run, lines } = await blocked();
    const [line] = await lines();
    assert.ok(line !== undefined);
    await assert.rejects(accepting(line, at.services)(run), /Write why/);
    await type(run, 'so be it');
    await accepting(line, at.services)(run);
    writeFileSync(join(run.tree.root, 'src/tax.ts'), 'export const TAX = 2;\n');
    await at.run(run);
    assert.notEqual(run.state.phase, 'awaiting-approval', 'it counts for what the person saw');
    await run.close();
  });

  it('is nothing that another line could be taken for', async () => {
    const { at, run } = await blocked();
    await assert.rejects(accepting(0, at.services)(run), /No finding of the last verification stands here/);
    await run.close();
  });
});
