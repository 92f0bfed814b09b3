/**
 * Tasks over dirty trees: what the person has in the checkout, the index, the stash, hooks and configuration stays
 * byte for byte, whatever becomes of the task. CODRIVER_TASK_TREES says over how many (500 for the whole).
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { byStep } from '../agent/scripts.ts';
import { DOCUMENT, drive, removeTaskPlaces, TaskPlace, yes } from './place.ts';
import { filesOf, fingerprint } from './trees.ts';

const TREES = Number(process.env['CODRIVER_TASK_TREES'] ?? 6);
const TASK = '---\nkind: change\n---\n\n# Tax\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';

type Dirt = (place: TaskPlace) => void;

/** Each one way in which a working tree is not clean. */
const DIRT: Readonly<Record<string, Dirt>> = {
  edited: place => place.write('src/b.js', 'export const b = 22;\n'),
  staged: place => {
    place.write('src/c.js', 'export const c = 33;\n');
    place.git('add', 'src/c.js');
  },
  'staged and edited again': place => {
    place.write('src/d.js', 'export const d = 44;\n');
    place.git('add', 'src/d.js');
    place.write('src/d.js', 'export const d = 444;\n');
  },
  untracked: place => place.write('notes/mine.txt', 'mine\n'),
  ignored: place => {
    place.write('.gitignore', 'out/\n*.log\n');
    place.write('out/kept.bin', 'a\u0000b');
    place.write('x.log', 'log\n');
  },
  'deleted and not staged': place => rmSync(join(place.project, 'src/e.js')),
  'deleted and staged': place => void place.git('rm', '-q', '--cached', 'src/e.js'),
  stashed: place => {
    place.write('src/b.js', 'export const b = 9;\n');
    place.git('stash', 'push', '-q', 'src/b.js');
  },
  'with hooks': place => {
    for (const name of ['pre-commit', 'post-checkout', 'post-index-change', 'fsmonitor-watchman'])
      place.write(`.git/hooks/${name}`, `#!/bin/sh\ntouch "${join(place.folder, 'hook-ran')}"\n`);
    for (const name of ['pre-commit', 'post-checkout', 'post-index-change', 'fsmonitor-watchman'])
      chmodSync(join(place.project, '.git/hooks', name), 0o755);
  },
  'with programs in its configuration': place => {
    const touch = `touch "${join(place.folder, 'hook-ran')}"`;
    place.git('config', 'core.fsmonitor', touch);
    place.git('config', 'filter.evil.clean', touch);
    place.git('config', 'filter.evil.smudge', touch);
    place.git('config', 'diff.external', touch);
    place.git('config', 'core.pager', touch);
    place.write('.gitattributes', '*.js filter=evil\n');
  },
  'on no branch': place => void place.git('checkout', '-q', '--detach'),
  'in the middle of a merge': place => {
    place.git('checkout', '-q', '-b', 'other');
    place.write('src/b.js', 'export const b = 5;\n');
    place.git('commit', '-q', '-am', 'other');
    place.git('checkout', '-q', 'main');
    place.write('src/b.js', 'export const b = 6;\n');
    place.git('commit', '-q', '-am', 'mine');
    assert.throws(() => place.git('merge', 'other'));
  },
  'with links and bits': place => {
    symlinkSync('b.js', join(place.project, 'src/link.js'));
    symlinkSync(place.folder, join(place.project, 'away'));
    place.executable('src/c.js');
  },
  'with a worktree and a tag': place => {
    place.git('tag', 'v1');
    place.git('worktree', 'add', '-q', '-b', 'side', join(place.folder, 'side'));
  },
  'with a repository inside': place => {
    mkdirSync(join(place.project, 'inner'));
    place.git('init', '-q', 'inner');
    place.write('inner/file.txt', 'inner\n');
  },
};

/** What becomes of the task. */
const ENDS = ['applied', 'discarded', 'left', 'paused'] as const;

describe('tasks over dirty trees', function () {
  this.timeout(TREES * 20_000 + 60_000);
  afterEach(removeTaskPlaces);

  /** A different one for each number: one or two kinds of dirt, and an end. */
  function caseOf(i: number): { readonly dirt: readonly string[]; readonly end: (typeof ENDS)[number] } {
    const kinds = Object.keys(DIRT);
    const first = kinds[i % kinds.length] as string;
    const second = kinds[(i * 7 + 3) % kinds.length] as string;
    const alone =
      new Set(['in the middle of a merge', first]).has(second) || first === 'in the middle of a merge';
    return { dirt: alone ? [first] : [first, second], end: ENDS[(i + Math.floor(i / 4)) % 4] as 'applied' };
  }

  for (let i = 0; i < TREES; i++) {
    const number = TREES < 20 ? i * 5 + (i % 3) : i;
    const { dirt, end } = caseOf(number);
    it(`${number}: ${dirt.join(', ')}; ${end}`, async () => {
      const place = new TaskPlace({
        script: byStep(['Add the tax'], {
          s1: [
            { calls: [['edit', { path: 'src/a.js', old: 'a = 1', new: 'a = 1.2' }]] },
            { calls: [['create', { path: 'src/tax.js', text: 'export const TAX = 0.2;\n' }]] },
            {
              calls: [
                ['run_command', { argv: ['sh', '-c', 'echo x > made.txt; git status; git stash; ls -la'] }],
              ],
            },
            { calls: [['delete', { path: 'made.txt' }]] },
          ],
        }),
      });
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        place.write(`src/${name}.js`, `export const ${name} = 1;\n`);
      place.git('init', '-q', '-b', 'main');
      place.git('add', '-A');
      place.git('commit', '-q', '-m', 'begin');
      place.write(DOCUMENT, TASK);
      for (const name of dirt) DIRT[name]?.(place);
      // Laying one kind of dirt may have run the programs of another.
      rmSync(join(place.folder, 'hook-ran'), { force: true });
      const outside = (path: string): boolean => !/^\.codriver(?:\/|$)/.test(path);
      const tree = () => Object.fromEntries(filesOf(place.project, path => outside(path) && path !== '.git'));
      const git = () => fingerprint(join(place.project, '.git'));
      const [before, repository] = [tree(), git()];
      const run = await place.open();
      await drive(run, async each => {
        if (each.state.phase === 'awaiting-approval' && end !== 'applied') {
          if (end === 'left') return false;
          await each.post({ type: end === 'paused' ? 'pause' : 'discard' });
          return end === 'discarded';
        }
        return yes(each);
      });
      await run.close();
      await place.close();
      const expected = { left: 'awaiting-approval', paused: 'awaiting-approval' } as const;
      assert.equal(
        run.state.phase,
        end === 'left' || end === 'paused' ? expected[end] : end,
        JSON.stringify(run.state.block),
      );
      assert.ok(git() === repository, 'the repository has changed');
      assert.deepEqual(
        tree(),
        end === 'applied'
          ? { ...before, 'src/a.js': 'export const a = 1.2;\n', 'src/tax.js': 'export const TAX = 0.2;\n' }
          : before,
      );
      assert.deepEqual(
        [...filesOf(place.folder, path => !path.includes('/')).keys()].filter(name => /ran|made/.test(name)),
        [],
      );
    });
  }
});
