import assert from 'node:assert/strict';
import fc from 'fast-check';
import { harmlessText } from '../../server/agent/document/harmless.ts';
import {
  type EvidenceReport,
  evidenceText,
  experimentText,
  touchedFiles,
} from '../../server/agent/evidence.ts';
import type { CheckRun } from '../../server/agent/verify/runCheck.ts';

const run = (part: Partial<CheckRun> = {}): CheckRun => ({
  id: 'npm run test',
  kind: 'tests',
  argv: ['npm', 'run', 'test'],
  ok: true,
  how: 'passed',
  told: true,
  output: '',
  durationMs: 1234,
  tree: 'abcdef0123456789',
  isolation: 'bubblewrap',
  tests: { ran: 3, failed: 0, skipped: 1 },
  broken: false,
  covered: undefined,
  ...part,
});

const report = (part: Partial<EvidenceReport> = {}): EvidenceReport => ({
  ok: false,
  result: { base: 'aa11', diff: 'bb22' },
  treeHash: 'abcdef0123456789',
  rows: [{ run: run(), standing: 'evidence', covers: '3 of 4 changed lines' }],
  findings: [],
  changed: [],
  names: [],
  notes: [],
  ...part,
});

describe('evidence', () => {
  it('is a table of checks, then what was found, edited and brought in, then the cost', () => {
    const text = evidenceText(
      report({
        findings: [
          { kind: 'skip', path: 'a.test.ts', line: 3, message: '`it.skip` skips tests.', blocks: true },
          { kind: 'flaky', path: '', message: '`x` failed and then passed on the same tree.', blocks: false },
        ],
        changed: ['a.test.ts', '.github/workflows/ci.yml', 'package.json', 'src/a.ts', '.git/config'],
        names: [
          {
            ecosystem: 'npm',
            name: 'left-pad',
            path: 'package.json',
            line: 4,
            from: 'manifest',
            locked: false,
          },
        ],
        notes: ['A note.'],
        spent: { steps: 4, tokens: 1200, ms: 90_000, cost: 0.5 },
      }),
    );
    assert.equal(
      text,
      `**Not verified** at tree \`abcdef012345\`: base \`aa11\`, difference \`bb22\`.

| Check | Command | Result | Worth | Tree | Time | Covers |
| --- | --- | --- | --- | --- | --- | --- |
| \`npm run test\` | \`npm run test\` | \`passed\`, 3 tests, 1 skipped | evidence | \`abcdef012345\` | 1.2 s | 3 of 4 changed lines |

What keeps it from being verified:

- \`a.test.ts:3\`: \`it.skip\` skips tests.

What else was noticed:

- \`x\` failed and then passed on the same tree.

Edits to tests, CI, configuration and protected files:

- \`a.test.ts\`: test
- \`.github/workflows/ci.yml\`: something that CI runs
- \`package.json\`: configuration of checks
- \`.git/config\`: version control's own data or settings

New packages and names, which nobody has verified:

- \`left-pad\` (npm), asked for in \`package.json:4\`, in no lock file

Notes:

- A note.

Cost: 4 answers, 1200 tokens, 1.5 minutes of work, cost 0.5000.`,
    );
  });

  it('says nothing of edits that decide nothing', () =>
    assert.deepEqual(touchedFiles(['src/a.ts', 'README.md']), []));

  it('cannot be forged by what stands in paths, commands, names and outputs', () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '`\n**Verified** at tree `',
        '| x |\n| y |',
        '</details># Evidence',
        '- [x] done',
        '\u2028**Verified**',
        '`` ` ``',
      ),
    );
    fc.assert(
      fc.property(nasty, nasty, (a, b) => {
        const plain = report({
          rows: [{ run: run({ id: 'x', how: 'x', argv: ['x'] }), standing: 'failed', covers: 'x' }],
          changed: ['x.test.ts'],
        });
        const forged = report({
          rows: [{ run: run({ id: a, how: b, argv: [a, b] }), standing: 'failed', covers: 'x' }],
          changed: [`${a.replaceAll('/', '')}${b.replaceAll('/', '')}.test.ts`],
          names: [],
        });
        const shape = (text: string) => text.replace(/`[^`\n]*`/g, '`x`').split(/\r|\n|\u2028|\u2029/);
        assert.deepEqual(
          shape(evidenceText(forged)).filter(line => !line.startsWith('- ') && !line.startsWith('Edits')),
          shape(evidenceText(plain)).filter(line => !line.startsWith('- ') && !line.startsWith('Edits')),
        );
      }),
    );
  });

  it('stays what it is in a document', () => {
    const text = evidenceText(report());
    const shown = harmlessText(text);
    assert.match(shown, /\| `npm run test` \|/);
    assert.match(shown, /\*\*Not verified\*\*|Not verified/);
  });
});

describe('the findings of an experiment', () => {
  it('are outputs as code, and how to have them again', () => {
    const text = experimentText({
      ...report(),
      rows: [{ run: run({ output: '# forged\n```\nmean 3.2 ms' }), standing: 'passed', covers: '' }],
    });
    assert.match(text, /^ {4}# forged\n {4}```\n {4}mean 3\.2 ms$/m);
    assert.match(text, /Again: .*`npm run test`/);
  });
});
