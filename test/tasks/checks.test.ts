import assert from 'node:assert/strict';
import { byStep } from '../agent/scripts.ts';
import { drive, removeTaskPlaces, TaskPlace, yes } from './place.ts';

const TASK = '---\nkind: change\n---\n\n# Tax\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';

describe('checks of a task', function () {
  this.timeout(60_000);
  after(removeTaskPlaces);

  it('leave nothing of their own in the result', async () => {
    const litter = [
      "fs.mkdirSync('cache/deep', { recursive: true })",
      "fs.writeFileSync('cache/deep/seen', 'x')",
      "fs.writeFileSync('old.txt', 'changed by a check')",
      "fs.appendFileSync('new.txt', 'changed by a check')",
      "fs.rmSync('gone.txt', { force: true })",
      "fs.symlinkSync('old.txt', 'a-link')",
    ];
    const place = new TaskPlace({
      script: byStep(['Add it'], {
        s1: [
          { calls: [['create', { path: 'new.txt', text: 'new\n' }]] },
          { calls: [['run_check', { name: 'npm run test' }]] },
          { calls: [['read', { path: 'new.txt' }]] },
        ],
      }),
      task: TASK,
    });
    place.write('package.json', JSON.stringify({ scripts: { test: 'node check.cjs' } }));
    place.write('check.cjs', `const fs = require('node:fs');\n${litter.join(';\n')};\n`);
    place.write('old.txt', 'old\n');
    place.write('gone.txt', 'still here\n');
    const before = place.files();
    const run = await place.open();
    const { block, phase } = await drive(run, yes);
    assert.equal(phase, 'applied', JSON.stringify(block));
    assert.deepEqual(
      Object.fromEntries(place.files()),
      Object.fromEntries([...before, ['new.txt', 'new\n']]),
    );
    assert.match(run.task().evidence, /`npm run test` \|.*\| `passed`/);
    await run.close();
    await place.close();
  });

  it('are told the folder that they are to look at', async () => {
    const place = new TaskPlace({
      script: byStep(['Look'], { s1: [{ calls: [['run_check', { name: 'tsc' }]] }] }),
      task: TASK,
    });
    place.write('tsconfig.json', '{}');
    place.write('package.json', '{ "devDependencies": { "typescript": "*" } }');
    // A compiler that tells what it is asked.
    place.write(
      'node_modules/typescript/bin/tsc',
      "#!/usr/bin/env node\nprocess.stdout.write('asked: ' + process.argv.slice(2).join(' '));\n",
    );
    place.write(
      'node_modules/.bin/tsc',
      "#!/usr/bin/env node\nprocess.stdout.write('asked: ' + process.argv.slice(2).join(' '));\n",
    );
    place.executable('node_modules/.bin/tsc');
    place.executable('node_modules/typescript/bin/tsc');
    place.write('a.ts', 'export const a = 1;\n');
    const run = await place.open();
    await drive(run, yes);
    const seen = place.prompts.join('\n');
    assert.match(seen, /asked: /, seen.slice(-2000));
    assert.doesNotMatch(seen, /\{folder\}/);
    await run.close();
    await place.close();
  });
});
