import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differenceOf, unfitNote } from '../../../server/features/task/difference.ts';
import { readRecord, placesOf, keyOf } from '../../../server/features/task/store.ts';
import { byStep, shop } from '../../agent/scripts.ts';
import { approve, removeTaskWorlds, TaskWorld } from './world.ts';

const work = () =>
  byStep(['Add the tax'], {
    s1: [
      { calls: [['edit', { path: 'src/price.ts', old: '  return net;', new: '  return net * 1.2;' }]] },
      { calls: [['create', { path: 'src/tax.ts', text: 'export const TAX = 0.2;\n' }]] },
    ],
  });
const TAXED = shop['src/price.ts'].replace('return net;', 'return net * 1.2;');

describe('a task taken up', function () {
  this.timeout(20_000);
  after(removeTaskWorlds);

  const world = (options: Partial<ConstructorParameters<typeof TaskWorld>[0]> = {}) =>
    new TaskWorld({ files: shop, script: work(), ...options });

  it('goes from the goal to the applied change, which undo takes back', async () => {
    const at = world();
    const run = await at.run();
    assert.equal(run.state.phase, 'awaiting-plan');
    assert.match(at.document, /- \[ \] \(s1\) Add the tax/);
    await approve(run);
    await at.run(run);
    assert.equal(run.state.phase, 'awaiting-approval');
    assert.equal(at.file('src/price.ts'), shop['src/price.ts'], 'nothing is changed before the yes');
    assert.match(at.document, /No test of the project is known, so nothing here is verified/);
    const { steps } = run.state.spent;
    assert.ok(steps > 1 && at.document.includes(`Cost: ${steps} answers`), 'the evidence says what it took');
    await approve(run);
    await at.run(run);
    assert.equal(run.state.phase, 'applied');
    assert.equal(at.file('src/price.ts'), TAXED);
    assert.equal(at.file('src/tax.ts'), 'export const TAX = 0.2;\n');
    assert.ok(!existsSync(run.tree.root), 'the tree has ended');
    const id = await run.change();
    assert.ok(id);
    const { ok } = await at.services.changes.revert('undo', { id });
    assert.ok(ok);
    assert.deepEqual([at.file('src/price.ts'), at.file('src/tax.ts')], [shop['src/price.ts'], undefined]);
    assert.deepEqual(at.shown, ['plan', 'result']);
  });

  it('can be undone after a kill between its change and the note of it', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    await approve(run);
    const places = placesOf(at.store(), keyOf(join(at.project, '.codriver/tasks/tax.task.md')));
    const writePrivate = at.machine.files.writePrivate.bind(at.machine.files);
    await new Promise<void>(killed => {
      at.machine.files.writePrivate = (path, content) => {
        if (path !== places.record || !String(content).includes('"change"'))
          return writePrivate(path, content);
        killed();
        return new Promise(() => {});
      };
      void at.run(run);
    });
    assert.equal(at.file('src/price.ts'), TAXED);
    assert.equal((await readRecord(at.machine.files, places))?.change, undefined);
    at.machine.files.writePrivate = writePrivate;
    await run.close();
    const next = await at.run();
    assert.equal(next.state.phase, 'applied');
    const id = await next.change();
    assert.ok(id, 'the change is found again');
    assert.ok((await at.services.changes.revert('undo', { id })).ok);
    assert.equal(at.file('src/price.ts'), shop['src/price.ts']);
  });

  it('merges with what was edited meanwhile, and refuses what does not fit', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    at.write('src/price.ts', `// mine\n${shop['src/price.ts']}`);
    await approve(run);
    await at.run(run);
    assert.equal(at.file('src/price.ts'), `// mine\n${TAXED}`);

    const other = world();
    const second = await other.run();
    await approve(second);
    await other.run(second);
    other.write('src/price.ts', shop['src/price.ts'].replace('return net;', 'return net + 1;'));
    await approve(second);
    await other.run(second);
    assert.equal(second.state.phase, 'blocked');
    assert.match(second.state.block?.message ?? '', /src\/price\.ts.*discard the task/s);
    assert.equal(other.file('src/tax.ts'), undefined, 'nothing of it is applied');
  });

  it('follows the standing instructions of the project, save what is never sent', async () => {
    const at = world({
      files: {
        ...shop,
        'CLAUDE.md': 'Synthetic: use tabs.\n',
        '.codriver/skills/one/SKILL.md': 'Synthetic: be brief.\n',
        '.claude/skills/two/SKILL.md': 'Synthetic: be silent.\n',
        '.codriverignore': '.claude/\n',
      },
    });
    symlinkSync('CLAUDE.md', join(at.project, 'AGENTS.md'));
    await at.run();
    const said = at.prompts.join('\n');
    assert.deepEqual(
      ['use tabs', 'be brief', 'be silent'].map(words => said.includes(`Synthetic: ${words}`)),
      [true, true, false],
    );
  });

  it('says what of a result no edit could carry, and keeps it', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    writeFileSync(join(run.tree.root, 'logo.png'), Buffer.from([0, 255, 128]));
    await run.notice();
    await at.run(run);
    const difference = differenceOf(await run.difference());
    assert.deepEqual(Object.values(unfitNote(difference)), ['logo.png is not text']);
    await approve(run);
    await at.run(run);
    assert.equal(run.state.phase, 'applied');
    assert.equal(at.file('src/price.ts'), TAXED);
    const [, archive = ''] = /logo\.png is not text\. It is kept in (.*)\.$/.exec(at.told.at(-1) ?? '') ?? [];
    const kept = JSON.parse(readFileSync(archive, 'utf8')) as { files: { path: string }[] };
    assert.ok(kept.files.some(({ path }) => path === 'logo.png'));
  });

  it('applies nothing but what was approved', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    const { result } = run.state;
    assert.ok(result);
    writeFileSync(join(run.tree.root, 'src/tax.ts'), 'export const TAX = 2;\n');
    assert.deepEqual(await run.approve(result), { type: 'result-changed' });
    await run.post({ type: 'approved', approval: { task: run.id, ...result } });
    await at.run(run);
    assert.equal(run.state.phase, 'blocked');
    assert.equal(at.file('src/price.ts'), shop['src/price.ts']);
  });

  it('applies nothing on the word of an event or a journal, and on a person’s word once', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    const { result } = run.state;
    assert.ok(result);
    const forged = { ...result, task: run.id };
    await run.post({ type: 'approved', approval: forged });
    await run.close();
    // Killed before the delivery: the journal alone says that it was approved.
    const again = await at.run();
    assert.equal(again.state.phase, 'blocked');
    assert.match(again.state.block?.message ?? '', /Nothing is known of your approval/);
    assert.equal(at.file('src/price.ts'), shop['src/price.ts']);
    await again.post({ type: 'resume' });
    await at.run(again);
    await approve(again);
    assert.equal(await at.store().approvals.has(forged), true);
    await at.run(again);
    assert.equal(again.state.phase, 'applied');
    assert.equal(await at.store().approvals.has(forged), false, 'it is used');
  });

  it('forgets a yes that did not bring the result into the project, or was never written down', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    const { result } = run.state;
    assert.ok(result);
    const given = { ...result, task: run.id };
    await run.approve(result);
    await run.close();
    const again = await at.open();
    assert.equal(await at.store().approvals.has(given), false);
    at.write('src/price.ts', shop['src/price.ts'].replace('return net;', 'return net + 1;'));
    await approve(again);
    await at.run(again);
    assert.equal(again.state.phase, 'blocked');
    assert.equal(await at.store().approvals.has(given), false);
  });

  it('notices a result that has changed, an edited plan, and answers', async () => {
    const at = world();
    const run = await at.run();
    at.document = at.document.replace('Add the tax', 'Add the tax of 7 %');
    await run.notice();
    // The file is read when it is edited or asked for next; the plan that waits is the person's.
    await at.run(run);
    await run.notice();
    await approve(run);
    await at.run(run);
    assert.equal(run.state.phase, 'awaiting-approval');
    assert.match(at.prompts.at(-1) ?? '', /tax of 7 %/);
    writeFileSync(join(run.tree.root, 'src/tax.ts'), 'export const TAX = 2;\n');
    assert.equal((await run.notice()).phase, 'verifying');
  });

  it('is held by one server at a time, and given back', async () => {
    const at = world();
    const run = await at.open();
    const other = { ...at.store(), session: 'two', disk: { ...at.store().disk, pid: 1 } };
    const refused = await at.opened(other);
    assert.match(refused.ok ? '' : refused.why, /Another editor of yours/);
    await run.close();
    const again = await at.opened(other);
    assert.ok(again.ok);
    await again.run.close();
  });

  it('goes on where a kill left it, wherever that was', async () => {
    for (let kill = 1; ; kill += 3) {
      let appended = 0;
      let dead = false;
      const at = world({
        onAppend: () => {
          if (dead || ++appended === kill) {
            dead = true;
            throw new Error('killed');
          }
        },
      });
      const first = await at.opened().catch(() => undefined);
      if (first?.ok) {
        for (let i = 0; i < 4 && !dead; i++) {
          await first.run.run(new AbortController().signal);
          if (!dead) await approve(first.run).catch(() => undefined);
        }
        await first.run.close();
      }
      if (!dead) break;
      appended = Number.NEGATIVE_INFINITY;
      dead = false;
      const run = await at.run();
      for (let i = 0; i < 3; i++) {
        await approve(run);
        await at.run(run);
      }
      assert.equal(run.state.phase, 'applied', `killed at record ${kill}`);
      assert.equal(at.file('src/price.ts'), TAXED);
      await run.close();
    }
  });

  it('runs no program unasked where nothing confines, and remembers what was allowed for good', async () => {
    const script = byStep(['Look'], {
      s1: [
        { calls: [['run_command', { argv: ['node', '-e', 'process.stdout.write("hello")'] }]] },
        { calls: [['run_command', { argv: ['node', '-e', 'process.stdout.write("again")'] }]] },
      ],
    });
    const at = world({ confined: false, script });
    at.answer = (message, choices) => (message.includes('hello') ? choices[1] : undefined);
    const run = await at.run();
    await approve(run);
    await at.run(run);
    assert.equal(at.asked.length, 2);
    assert.match(at.prompts.find(prompt => prompt.includes('passed, ')) ?? '', /hello/);
    assert.match(at.prompts.join('\n'), /the person did not allow this one/);
    const list = placesOf(at.store(), keyOf(join(at.project, '.codriver/tasks/tax.task.md')));
    const kept = await at.machine.files.readText(list.commands);
    assert.match(kept.ok ? kept.text : '', /hello/);
    await run.close();
  });

  it('runs the checks of the project, shows what they said, and believes none that runs nothing of the change', async () => {
    const files = {
      ...shop,
      'package.json': JSON.stringify({ scripts: { test: 'node check.js' } }),
      'check.js':
        "if (!require('node:fs').existsSync('src/tax.ts')) { console.error('no tax'); process.exit(1); }\n",
    };
    const at = world({ files });
    const run = await at.run();
    await approve(run);
    await at.run(run);
    assert.notEqual(run.state.phase, 'awaiting-approval');
    assert.match(at.document, /\| `npm run test` \| `[^`]*` \| `passed` \| doubtful \| `[0-9a-f]{12}` \|/);
    assert.match(at.document, /No test goes through what was changed/);
    await run.close();
  });

  it('finds what the project has installed also where nothing confines programs', async () => {
    const files = {
      ...shop,
      '.gitignore': 'node_modules/\n',
      'package.json': JSON.stringify({ scripts: { test: 'node check.js' } }),
      'check.js': "require('rate'); process.exit(require('node:fs').existsSync('src/tax.ts') ? 0 : 1);\n",
      'node_modules/rate/index.js': 'module.exports = 1.2;\n',
    };
    const at = world({ files, confined: false });
    const run = await at.run();
    await approve(run);
    await at.run(run);
    assert.match(at.document, /\| `npm run test` \| `[^`]*` \| `passed` \|/);
    assert.equal(at.asked.filter(message => message.includes('Nothing on this machine confines')).length, 1);
    const { files: changed } = await run.difference();
    assert.deepEqual(
      changed.map(({ path }) => path),
      ['src/price.ts', 'src/tax.ts'],
    );
    await run.post({ type: 'discard' });
    await at.run(run);
    assert.ok(at.file('node_modules/rate/index.js'), 'a link is removed and not followed');
    await run.close();
  });

  it('needs a trusted folder', async () => {
    const at = world({ trusted: false });
    const opened = await at.opened();
    assert.match(opened.ok ? '' : opened.why, /codriver\.trust/);
  });

  it('begins anew after its end only if told to, and keeps the difference of what is discarded', async () => {
    const at = world();
    const run = await at.run();
    await approve(run);
    await at.run(run);
    await run.post({ type: 'discard' });
    await at.run(run);
    assert.equal(run.state.phase, 'discarded');
    await run.close();
    const archive = join(at.store().folder, 'trees', 'archive');
    assert.equal(readdirSync(archive).length, 1);
    const ended = await at.opened();
    assert.match(ended.ok ? '' : ended.why, /is discarded.*Start it fresh/);
    const fresh = await at.open(true);
    assert.equal(fresh.state.phase, 'planning');
    const record = await readRecord(at.machine.files, placesOf(at.store(), fresh.id.replace(/-\d+$/, '')));
    assert.equal(record?.number, 2);
    await fresh.close();
  });
});
