import assert from 'node:assert/strict';
import { createRedactor } from '../../server/guard/redaction.ts';
import { nextEditPrompt, readRegion } from '../../server/prompts/nextEdit.ts';

const redactor = createRedactor();
const redact = (text: string) => redactor.redact(text);

const answers: Record<string, { answer: string; region: string | undefined }> = {
  'a region': { answer: '<region>\na\n  b\n</region>', region: 'a\n  b' },
  'a region with the cursor left in': { answer: '<region>\na<cursor/>\n</region>\n', region: 'a' },
  'a region in a fence': { answer: '```ts\n<region>\na\n</region>\n```', region: 'a' },
  'an empty region': { answer: '<region></region>', region: '' },
  'words before it': { answer: 'Here: <region>\na\n</region>', region: undefined },
  'words behind it': { answer: '<region>\na\n</region> Done.', region: undefined },
  'two regions': { answer: '<region>\na\n</region>\n<region>\nb\n</region>', region: undefined },
  'a region that is not closed': { answer: '<region>\na', region: undefined },
  nothing: { answer: '', region: undefined },
};

describe('prompt for the next edit', () => {
  for (const [what, { answer, region }] of Object.entries(answers))
    it(`reads ${what}`, () => assert.equal(readRegion(answer), region));

  it('marks the region and the cursor, and keeps the newest edits within its bound', () => {
    const diffs = Array.from({ length: 30 }, (_, index) => ({
      path: redact('a.ts'),
      line: index,
      removed: undefined,
      added: redact(`edit ${index}: ${'x'.repeat(500)}`),
    }));
    const [, user] = nextEditPrompt({
      path: redact('a.ts'),
      diffs,
      before: redact('old'),
      above: redact('above'),
      region: redact('one\ntwo'),
      cursor: 3,
      below: redact('below'),
    });
    const text = user?.content.text ?? '';
    assert.ok(text.length < 7_000);
    assert.match(text, /^<edits>\n\(older edits left out\)\n/);
    assert.match(text, /edit 29:/);
    assert.doesNotMatch(text, /edit 0:/);
    assert.match(text, /above\n<region>\none<cursor\/>\ntwo\n<\/region>\nbelow/);
  });
});
