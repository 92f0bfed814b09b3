/** Another try at a rejected change: the reasons are always said, what was rejected as far as there is room. */
import assert from 'node:assert/strict';
import { createRedactor } from '../../server/guard/redaction.ts';
import { redacted } from '../../server/guard/redacted.ts';
import { anotherTryPrompt } from '../../server/prompts/changeSet.ts';
import { fixPrompt } from '../../server/prompts/fix.ts';

const messages = fixPrompt({
  path: redacted`a.ts`,
  language: redacted`TypeScript`,
  text: redacted`let a;`,
  budget: 2_000,
});
const redactor = createRedactor();
const redact = (text: string) => redactor.redact(text);
const size = (all: readonly { readonly content: { readonly length: number } }[]) =>
  all.reduce((sum, { content }) => sum + content.length, 0);

describe('the prompt of another try', () => {
  const rejected = redact(
    `--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-let a;\n+var a;\n${'+another line\n'.repeat(2_000)}`,
  );
  const reasons = redact('- a.ts: no var');

  it('keeps the first question, shows what was rejected, and ends with the reasons', () => {
    const all = anotherTryPrompt({ messages, rejected, reasons, budget: 10_000 });
    assert.deepEqual(all.slice(0, messages.length), messages);
    assert.deepEqual(
      all.slice(messages.length).map(({ role }) => role),
      ['assistant', 'user'],
    );
    assert.match(all.at(-2)?.content.text ?? '', /\+var a;/);
    assert.match(
      all.at(-1)?.content.text ?? '',
      /rejected by the programmer[^]*- a\.ts: no var[^]*accepted and stays/,
    );
  });

  it('stays within its budget, and leaves out what was rejected before the reasons', () => {
    for (const budget of [700, 900, 1_500, 4_000]) {
      const all = anotherTryPrompt({ messages, rejected, reasons, budget });
      assert.match(all.at(-1)?.content.text ?? '', /no var/);
      assert.ok(size(all) <= Math.max(budget * 4, size(messages) + 600), `${budget}: ${size(all)}`);
    }
    const least = anotherTryPrompt({ messages, rejected, reasons, budget: 1 });
    assert.equal(least.length, messages.length + 1);
  });
});
