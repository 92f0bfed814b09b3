/** Findings in open documents: chosen, moved, ended by edits, dismissed for good. */
import assert from 'node:assert/strict';
import { Document } from '../../../server/base/document.ts';
import { defaultSettings } from '../../../server/config/settings.ts';
import { changedLines, reviewText } from '../../../server/features/review/report.ts';
import { contentKey, type ReviewFinding } from '../../../server/features/review/finding.ts';
import { Reviews } from '../../../server/features/review/reviews.ts';
import { windowsOf } from '../../../server/features/review/windows.ts';
import { createDismissals } from '../../../server/store/dismissals.ts';
import { createMemoryMachine } from '../../support/memoryMachine.ts';

const uri = 'file:///w/a.ts';
const source = 'f();\nif (a === a) g();\nh();\n';

function desk(text = source, machine = createMemoryMachine()) {
  const document = new Document(uri, 'typescript', 1, text);
  const reviews = new Reviews({
    settings: () => defaultSettings,
    documents: { get: asked => (asked === uri ? document : undefined) },
    displayPath: () => 'a.ts',
    dismissals: createDismissals(machine),
  });
  return { document, reviews, machine };
}

function finding(document: Document, code: string, more: Partial<ReviewFinding> = {}): ReviewFinding {
  const at = document.getText().indexOf(code);
  const range = { start: document.positionAt(at), end: document.positionAt(at + code.length) };
  const fixed = { uri, range, code, message: 'Odd.', category: 'bug', severity: 'high' } as const;
  return { ...fixed, confidence: 0.9, rule: 'self-comparison', ...more };
}

describe('review/reviews', () => {
  it('moves with edits above, and goes when its line is edited', () => {
    const { document, reviews } = desk();
    reviews.show(uri, [finding(document, 'a === a')]);
    const edit = (line: number, character: number, text: string) => {
      const range = { start: { line, character }, end: { line, character } };
      document.update([{ range, text }], document.version + 1);
      reviews.documentChanged(uri, [{ range, text }]);
    };
    edit(0, 0, 'x();\ny();\n');
    assert.equal(reviews.shown(uri)[0]?.range.start.line, 3);
    assert.equal(document.getText(reviews.shown(uri)[0]?.range), 'a === a');
    edit(3, 0, 'z');
    assert.deepEqual(reviews.shown(uri), []);
  });

  it('is found again by its code when the whole text is sent, or the text has changed meanwhile', () => {
    const { document, reviews } = desk();
    const found = finding(document, 'a === a');
    reviews.show(uri, [found]);
    const whole = (text: string) => {
      document.update([{ text }], document.version + 1);
      reviews.documentChanged(uri, [{ text }]);
    };
    whole(`\n\n${source}`);
    assert.equal(reviews.shown(uri)[0]?.range.start.line, 3);
    whole(source.replace('a === a', 'a === b'));
    assert.deepEqual(reviews.shown(uri), []);
    reviews.show(uri, [found]);
    assert.deepEqual(reviews.shown(uri), [], 'its code is gone');
    whole('a === a; a === a;');
    reviews.show(uri, [found]);
    assert.deepEqual(reviews.shown(uri), [], 'its code is there twice');
  });

  it('chooses what is sure enough, the worst first, not twice for a line, and not too many', async () => {
    const { document, reviews } = desk('a;\n'.repeat(60));
    const line = (at: number, more: Partial<ReviewFinding>) =>
      finding(document, 'a;', {
        range: { start: { line: at, character: 0 }, end: { line: at, character: 2 } },
        ...more,
      });
    const chosen = await reviews.choose([
      line(1, { severity: 'low' }),
      line(2, { confidence: 0.69 }),
      line(3, {}),
      line(3, { model: 'm' }),
      line(4, { confidence: 0.95 }),
    ]);
    assert.deepEqual(
      chosen.map(({ range }) => range.start.line),
      [4, 3, 1],
    );
    const many = await reviews.choose(Array.from({ length: 50 }, (_, at) => line(at, {})));
    assert.equal(many.length, 20);
  });

  it('never comes back once dismissed, in this session or the next, for the same code', async () => {
    const { document, reviews, machine } = desk();
    const found = finding(document, 'a === a');
    reviews.show(uri, [found]);
    await reviews.dismiss(found, 'later');
    assert.deepEqual(reviews.shown(uri), []);
    const again = desk(`\n${source}`, machine);
    assert.deepEqual(await again.reviews.choose([finding(again.document, 'a === a')]), []);
    assert.equal((await again.reviews.choose([finding(again.document, 'h()')])).length, 1);
  });

  it('a dismissal is known by kind, file and code; not by words or layout', () => {
    const { document } = desk();
    const found = finding(document, 'a === a');
    const key = contentKey(found, 'a.ts');
    assert.equal(contentKey({ ...found, message: 'Strange.', code: 'a  ===\na' }, 'a.ts'), key);
    assert.notEqual(contentKey(found, 'b.ts'), key);
    assert.notEqual(contentKey({ ...found, category: 'security' }, 'a.ts'), key);
    assert.notEqual(contentKey({ ...found, code: 'a === b' }, 'a.ts'), key);
  });

  it('a part that is reviewed anew replaces what stood there, and nothing else', () => {
    const { document, reviews } = desk();
    reviews.show(uri, [finding(document, 'a === a'), finding(document, 'h()')]);
    reviews.show(uri, [], { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } });
    assert.deepEqual(
      reviews.shown(uri).map(({ code }) => code),
      ['h()'],
    );
  });
});

describe('review/windows', () => {
  it('cuts at lines, and leaves nothing out', () => {
    const document = new Document(uri, '', 1, 'aaaa\nbb\ncccccccccc\nd\n');
    const whole = { start: { line: 0, character: 0 }, end: document.positionAt(document.length) };
    const parts = windowsOf(document, whole, 8).map(range => document.getText(range));
    assert.deepEqual(parts, ['aaaa\nbb', 'cccccccccc', 'd\n']);
  });
});

describe('review/report', () => {
  it('says what is wrong where, the worst first, and what was left out', () => {
    const { document } = desk();
    const found = finding(document, 'a === a', { severity: 'low' });
    const { rule: _, ...unruled } = finding(document, 'h()');
    const byModel = { ...unruled, model: 'm' };
    const text = reviewText(
      'what is staged',
      [
        {
          path: 'a`b.ts',
          findings: [found, byModel],
        },
        { path: 'c.png', findings: [], note: 'binary' },
      ],
      ['A note.'],
    );
    assert.equal(
      text,
      [
        '# Review of what is staged',
        '2 findings in 2 files, the worst first.',
        '## High',
        '- `a?b.ts:3` **bug**: Odd. *(m, confidence 90 %)*',
        '## Low',
        '- `a?b.ts:2` **bug**: Odd. *(static check self-comparison, confidence 90 %)*',
        '## Left out',
        '- `c.png`: binary',
        '## Notes',
        '- A note.',
      ].join('\n\n'),
    );
  });

  it('knows the lines of the new file that a diff touches', () => {
    const lines = [' a', '-b', '+c', '+d', ' e', '-f', ' g', '\\ No newline'];
    assert.deepEqual(
      [...changedLines({ hunks: [{ oldStart: 5, newStart: 5, heading: '', lines }] })],
      [5, 6, 8],
    );
  });
});
