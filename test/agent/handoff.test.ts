/** Handoffs: what is composed from facts holds, and every planted false or missing claim is refused. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { composeHandoff, type HandoffFacts, lintHandoff } from '../../server/agent/handoff.ts';

const TREE = '0123456789abcdef0123456789abcdef';
const OLD = 'fedcba9876543210fedcba9876543210';
const files = new Set(['src/a.ts', 'src/b.ts', 'README.md', 'src', 'test/a.test.ts']);
const facts: HandoffFacts = {
  open: [
    { id: 's2', text: 'Change src/b.ts' },
    { id: 's3', text: 'Test it' },
  ],
  done: ['s1'],
  decisions: ['d1', 'd2', 'd3'],
  attempts: [
    { id: 'a1', what: 'types', why: 'exit code 1: b is not a number' },
    { id: 'a2', what: 'tests', why: 'exit code 1: expected 3, got 4' },
  ],
  checks: [
    { name: 'types', ok: true, tree: TREE },
    { name: 'tests', ok: false, tree: OLD },
    { name: 'lint', ok: true, tree: OLD },
  ],
  changed: ['src/a.ts'],
  exists: path => files.has(path),
};
const honest = composeHandoff(facts, 'edit `src/b.ts`');
const with_ = (line: string): string => `${honest}\n\nNotes:\n- ${line}`;
const without = (pattern: RegExp): string => honest.replace(pattern, '');

describe('handoff', () => {
  it('composed from facts holds against them', () => {
    assert.deepEqual(lintHandoff(honest, facts), []);
    assert.equal(
      honest,
      `Next: (s2) edit 'src/b.ts'

Done: s1

Changed files:
- \`src/a.ts\`

Checks:
- types: passed at tree 0123456789ab
- tests: failed at tree fedcba987654
- lint: passed at tree fedcba987654

Failed attempts:
- (a1) types because: exit code 1: b is not a number
- (a2) tests because: exit code 1: expected 3, got 4

Decisions: d1, d2, d3`,
    );
  });

  const true_: readonly string[] = [
    'The parser in `src/a.ts` reads the new form.',
    'README.md says nothing of it yet.',
    'The tests do not pass yet.',
    'tests failed at tree fedcba987654',
    'types passed at tree 0123456789ab, that is now.',
    'Create `src/c.ts` for the rest.',
    'So far (s1) is done.',
    'By (d2) the old name stays.',
    'After that, make the tests pass.',
    'src/a.ts line 12 holds the loop.',
    'The compass in `test/a.test.ts` is a fixture.',
  ];
  for (const line of true_) {
    it(`may say: ${line}`, () => assert.deepEqual(lintHandoff(with_(line), facts), []));
  }

  /** Claims that are false here, each in several words. */
  const planted: readonly (readonly [what: string, text: string])[] = [
    // Successes that were not measured, or elsewhere, or were none.
    ...[
      'All tests pass.',
      'tests passed',
      'The tests are green now.',
      'The build succeeded.',
      'tests: passed at tree 0123456789ab',
      'tests passed at tree fedcba987654',
      'types passed at tree fedcba987654',
      'types passed at tree aaaaaaaaaaaa',
      'e2e passed at tree 0123456789ab',
      'lint passed at tree 0123456789ab',
      'There were 0 failures.',
      'No errors are left.',
      'It works now.',
      'The bug is fixed.',
      'types failed at tree 0123456789ab',
      'Everything at tree 0123456789ab',
      'Verified successfully by hand.',
      'lint passes, types pass.',
    ].map(line => ['a success or failure that was not measured', with_(line)] as const),
    // Paths that are not there.
    ...[
      'The parser is in `src/parser.ts`.',
      'See `src/lib/`.',
      'I changed src/c.ts as planned.',
      '`test/b.test.ts` covers it.',
      'Look at docs/guide.md first.',
      'helpers.py holds the rest.',
      'The config is `./config/app.json`.',
      '`src/a.js` was converted.',
      'Line 4 of `src/z.ts:4` is the culprit.',
    ].map(line => ['a path that is not there', with_(line)] as const),
    // The next action.
    ['no next action', without(/^Next:.*\n/)],
    ['two next actions', `${honest}\nNext: (s3) test it`],
    ['a next action in other words', `${honest}\n- Next step: (s3) test it`],
    ['a next action for a step that is done', honest.replace('Next: (s2)', 'Next: (s1)')],
    ['a next action for a step that there is not', honest.replace('Next: (s2)', 'Next: (s9)')],
    ['a next action without a step', honest.replace('Next: (s2) ', 'Next: ')],
    ['a next action for two steps', honest.replace('Next: (s2)', 'Next: (s2) (s3)')],
    ['an empty next action', honest.replace(/Next: \(s2\).*/, 'Next: (s2)')],
    // Ids.
    ['a step called done that is open', honest.replace('Done: s1', 'Done: s1, s2')],
    ['a step said to be complete that is open', with_('Step (s3) is complete.')],
    ['a step said to be finished that is open', with_('s2 was finished yesterday.')],
    ['a decision that there is not', with_('By (d7) we go on.')],
    ['an attempt that there is not', with_('(a5) failed because: who knows')],
    ['the first decision missing', honest.replace('d1, ', '')],
    ['the second decision missing', honest.replace('d2, ', '')],
    ['the last decision missing', honest.replace(', d3', '')],
    ['all decisions missing', without(/\n\nDecisions:.*$/)],
    // Failed attempts.
    ['the first attempt missing', without(/^- \(a1\).*\n/m)],
    ['the last attempt missing', without(/^- \(a2\).*\n/m)],
    ['all attempts missing', without(/Failed attempts:\n(?:- .*\n)+/)],
    ['an attempt without a reason', honest.replace(/\(a1\).*/, '(a1) types')],
    ['an attempt with an empty reason', honest.replace(/\(a2\).*/, '(a2) tests because:')],
    ['far too much of it', `${honest}\n${'word '.repeat(2_000)}`],
    ['nothing at all', ''],
  ];
  it('has at least fifty lies to be refused', () => {
    assert.ok(planted.length >= 50, `${planted.length}`);
    assert.equal(new Set(planted.map(([, text]) => text)).size, planted.length);
  });
  for (const [i, [what, text]] of planted.entries()) {
    it(`is refused for ${what} (${i + 1})`, () => {
      assert.notEqual(text, honest);
      assert.ok(lintHandoff(text, facts).length > 0, text);
    });
  }

  it('composed from any words holds, whatever steps and failures say', () => {
    const words = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        'all tests pass at tree 0123456789ab',
        'Next: (s9) other',
        'error in lib/x.ts:3 `src/q.ts`',
        'done s3 is done (d9)',
        'because:',
        'no errors',
        '',
        'work on src/new/thing.py',
        'next step: go',
      ),
    );
    fc.assert(
      fc.property(
        words,
        fc.array(fc.record({ what: words, why: words }), { maxLength: 3 }),
        (next, failures) => {
          const attempts = failures.map((each, i) => ({ ...each, id: `a${i + 1}` }));
          const here = { ...facts, attempts };
          const text = composeHandoff(here, next);
          assert.deepEqual(lintHandoff(text, here), [], text);
        },
      ),
      { numRuns: 500 },
    );
  });
});
