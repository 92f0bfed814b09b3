/** What a hostile model writes into a review: nothing of it is alive in a diagnostic, a message or the document. */
import assert from 'node:assert/strict';
import { readReview } from '../../../server/features/review/answer.ts';
import type { ReviewFinding } from '../../../server/features/review/finding.ts';
import { reviewText } from '../../../server/features/review/report.ts';
import { markdown, plain, plainLine } from '../../../server/guard/sanitise.ts';
import { toReviewDiagnostic } from '../../../server/lsp/review.ts';
import { aliveIn } from '../../support/alive.ts';
import { markdownPayloads } from '../../fixtures/guard/payloads.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const ESCAPE = String.fromCharCode(27);
const payloads = [
  ...markdownPayloads,
  `${ESCAPE}[31mred${ESCAPE}[0m`,
  `a${String.fromCharCode(0x202e)}b`,
  '\n\n# Forged\n\n- x',
];

/** A model's message on its way to the person. */
function arrive(payload: string): ReviewFinding {
  const reply = JSON.stringify([
    { code: 'return a;', category: 'bug', severity: 'high', confidence: 90, message: `x ${payload}` },
  ]);
  const [claim] = readReview(reply).claims;
  assert.ok(claim);
  return { ...claim, uri: 'file:///a.ts', range, model: payload, message: plainLine(claim.message, 500) };
}

describe('review: hostile answers', () => {
  it('there are at least 200 of them', () => assert.ok(payloads.length >= 200));

  it('are plain in diagnostics', () => {
    for (const payload of payloads) {
      const { message } = toReviewDiagnostic(arrive(payload));
      assert.ok(typeof message === 'string');
      assert.equal(message, plain(message));
      assert.ok(!message.includes(ESCAPE));
      assert.ok(message.length < 3_000);
    }
  });

  it('are dead in the document, each and all together, and forge no heading', () => {
    const files = payloads.map(payload => ({
      path: `a${payload}.ts`,
      findings: [arrive(payload)],
      note: payload,
    }));
    for (const file of files) {
      const safe = markdown(reviewText('what is staged', [file], []));
      assert.deepEqual([...aliveIn(safe, 'CommonMark'), ...aliveIn(safe, 'GFM')], []);
    }
    const all = markdown(
      reviewText(
        'what is staged',
        files.map(({ path, findings }) => ({ path, findings })),
        [],
      ),
    );
    assert.deepEqual([...aliveIn(all, 'CommonMark'), ...aliveIn(all, 'GFM')], []);
    assert.deepEqual(
      all.split('\n').filter(line => line.startsWith('#')),
      ['# Review of what is staged', '## High'],
    );
  });
});
