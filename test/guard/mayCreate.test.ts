/** Where a model may make a file: through the gate, with links as they really lie. */
import assert from 'node:assert/strict';
import { createReadGate } from '../../server/guard/readGate.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

const machine = createMemoryMachine({
  files: {
    '/w/src/a.ts': 'a',
    '/w/.gitignore': 'ignored/\n',
    '/w/.git/HEAD': 'ref',
    '/w/docs': { link: '/w/.git/hooks' },
    '/w/ci': { link: '/w/.github/workflows' },
    '/w/out': { link: '/elsewhere' },
    '/w/in': { link: '/w/src' },
    '/elsewhere/x': 'x',
  },
});
const gate = createReadGate({ ...machine, roots: ['/w'] });

describe('making files', () => {
  for (const path of ['src/b.ts', 'new/deep/c.py', './d.md', 'in/e.ts', 'src/../f.ts', '.editorconfig']) {
    it(`is free at ${path}`, async () =>
      assert.deepEqual(await gate.mayCreate('/w', path), { allowed: true }));
  }

  for (const [path, why] of [
    ['.github/workflows/ci.yml', /CI/],
    ['.VSCODE/tasks.json', /editor/],
    ['src/../.git/hooks/pre-commit', /version control/],
    ['docs/pre-commit', /version control/],
    ['ci/x.yml', /CI/],
    ['out/x.ts', /outside/],
    ['../x.ts', /outside/],
    ['out/../x.ts', /climbs/],
    ['/w/src/b.ts', /relative/],
    ['~/x.ts', /relative/],
    ['C:/x.ts', /drive|relative/],
    ['src\\b.ts', /backslash/],
    ['src/nul.ts', /device/],
    ['src/b.ts.', /dot or a space/],
    ['src/b\u0000.ts', /NUL/],
    ['ignored/a.ts', /ignore/],
    ['secrets.json', /never sent/],
    ['node_modules/a/index.js', /dependencies/],
  ] as const) {
    it(`is refused at ${JSON.stringify(path)}`, async () => {
      const verdict = await gate.mayCreate('/w', path);
      assert.match(verdict.allowed ? 'allowed' : verdict.why, why);
    });
  }
});
