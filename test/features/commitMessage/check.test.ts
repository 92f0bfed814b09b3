/** Answers of models as commit messages: what is taken off, what is refused, and what stays as it is. */
import assert from 'node:assert/strict';
import { type Claims, checkReply } from '../../../server/features/commitMessage/check.ts';

const claims: Claims = { typed: '', comment: '#', known: 'feature/ABC-12 utf', most: 72 };
const long = 'word '.repeat(20).trim();

describe('the answer of a model', () => {
  const GOOD: readonly (readonly [
    name: string,
    reply: string,
    subject: string,
    body: string,
    claims?: Partial<Claims>,
  ])[] = [
    ['as it should be', 'Add x', 'Add x', ''],
    ['with a body', 'Add x\n\nBecause.\n', 'Add x', 'Because.'],
    ['with line ends of Windows', 'Add x\r\n\r\nBecause.\r\n', 'Add x', 'Because.'],
    ['in a fence', '```\nAdd x\n\nBecause.\n```', 'Add x', 'Because.'],
    ['in a fence with a name', '```gitcommit\nAdd x\n```\n', 'Add x', ''],
    ['announced, in a fence', 'Here is the commit message:\n\n```text\nAdd x\n```', 'Add x', ''],
    [
      'announced and commented on',
      "Here's a message:\n\nAdd x\n\nLet me know if you want changes!",
      'Add x',
      '',
    ],
    ['with thoughts before it', '<think>\nhm\n</think>\nAdd x', 'Add x', ''],
    ['in quotes', '"Add x"', 'Add x', ''],
    ['in bold', '**Add x**', 'Add x', ''],
    ['as a heading', '# Add x', 'Add x', ''],
    ['with a label', 'Subject: Add x', 'Add x', ''],
    ['with an id of the branch', 'ABC-12: Add x', 'ABC-12: Add x', ''],
    ['with names that look like ids', 'Read UTF-8 and SHA-256', 'Read UTF-8 and SHA-256', ''],
    [
      'signed by others',
      'Add x\n\nBecause.\n\nCo-authored-by: A <a@b>\nSigned-off-by: B <b@c>',
      'Add x',
      'Because.',
    ],
    ['with a heading in the body', 'Add x\n\n# Why\nBecause.', 'Add x', 'Why\nBecause.'],
    ['with a list', 'Add x\n\n- a\n- b', 'Add x', '- a\n- b'],
    [
      'with a long line',
      `Add x\n\n- ${long}`,
      'Add x',
      `- ${'word '.repeat(14).trim()}\n  ${'word '.repeat(6).trim()}`,
    ],
    ['that goes on from what is typed', 'feat: add x', 'feat: add x', '', { typed: 'feat: a' }],
    ['that says what is typed in other letters', 'Add x', 'add x', '', { typed: 'add' }],
  ];
  for (const [name, reply, subject, body, more] of GOOD) {
    it(`is taken ${name}`, () =>
      assert.deepEqual(checkReply(reply, { ...claims, ...more }), { ok: true, message: { subject, body } }));
  }

  const BAD: readonly (readonly [name: string, reply: string, why: RegExp, claims?: Partial<Claims>])[] = [
    ['empty', '\n\n', /subject/],
    ['too long', `Add ${long}`, /103 characters/],
    ['with an invented id', 'Add x (#99)', /#99/],
    ['with an invented ticket in the body', 'Add x\n\nCloses XYZ-7', /XYZ-7/],
    ['as a diff', 'Add x\n\ndiff --git a/x b/x', /diff/],
    ['with bidi characters', 'Add \u202ex', /invisible/],
    ['that drops what is typed', 'Remove x', /begin with/, { typed: 'feat: ' }],
    ['that would be a comment', ';x', /comments/, { comment: ';' }],
  ];
  for (const [name, reply, why, more] of BAD) {
    it(`is refused ${name}`, () => {
      const checked = checkReply(reply, { ...claims, ...more });
      assert.match(checked.ok ? '' : checked.why, why);
    });
  }
});
