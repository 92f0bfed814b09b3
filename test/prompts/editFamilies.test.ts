import assert from 'node:assert/strict';
import { createRedactor } from '../../server/guard/redaction.ts';
import {
  editFamilies,
  familyOf,
  familyPrompt,
  holdsMarks,
  readFamily,
} from '../../server/prompts/editFamilies.ts';
import type { NextEditPieces } from '../../server/prompts/nextEdit.ts';

const redactor = createRedactor();
const redact = (text: string) => redactor.redact(text);

const names: readonly (readonly [model: string, family: string | undefined])[] = [
  ['openai zeta', 'zeta'],
  ['zed-industries/zeta', 'zeta'],
  ['zeta:7b-q4_K_M', 'zeta'],
  ['sweepai/sweep-next-edit-1.5B', 'sweep'],
  ['sweep_next_edit.gguf', 'sweep'],
  ['zeta-2', undefined],
  ['zetamath-7b', undefined],
  ['qwen2.5-coder-7b', undefined],
  ['gpt-5-mini', undefined],
];

const pieces: NextEditPieces = {
  path: redact('src/a.ts'),
  diffs: [
    { path: redact('src/b.ts'), line: 3, removed: redact('old\nlines'), added: redact('new') },
    { path: redact('src/a.ts'), line: 7, removed: undefined, added: redact('put in') },
  ],
  before: redact('one()\ntwo'),
  above: redact('above'),
  region: redact('one(1)\ntwo'),
  cursor: 6,
  below: redact('below'),
};

const [start, end] = ['<|editable_region_start|>', '<|editable_region_end|>'];
const answers: Record<string, Record<string, { answer: string; region: string | undefined }>> = {
  zeta: {
    'a region': { answer: `${start}\none(1)\ntwo(2)\n${end}\n`, region: 'one(1)\ntwo(2)' },
    'a region in a fence with its file': {
      answer: `\`\`\`src/a.ts\nabove\n${start}\na\n${end}\nbelow\n\`\`\``,
      region: 'a',
    },
    'the cursor left in': { answer: `${start}\na<|user_cursor_is_here|>b\n${end}`, region: 'ab' },
    'an empty region': { answer: `${start}\n${end}`, region: '' },
    'no end': { answer: `${start}\none(1)\ntwo(2)`, region: undefined },
    'no beginning': { answer: `one(1)\n${end}`, region: undefined },
    'chatter before it': { answer: `Sure!\n${start}\na\n${end}`, region: undefined },
    'a second beginning in it': { answer: `${start}\na\n${start}\nb\n${end}`, region: undefined },
    'another mark in it': { answer: `${start}\n<|start_of_file|>a\n${end}`, region: undefined },
    nothing: { answer: '', region: undefined },
  },
  sweep: {
    'a region': { answer: 'one(1)\ntwo(2)\n', region: 'one(1)\ntwo(2)' },
    'the cursor left in': { answer: 'one(1)<|cursor|>\ntwo', region: 'one(1)\ntwo' },
    'another file behind it': { answer: 'one(1)\n<|file_sep|>b.ts', region: undefined },
  },
};

describe('models that are trained to write the next edit', () => {
  for (const [model, family] of names)
    it(`${model} is ${family ?? 'asked as any other'}`, () => {
      assert.equal(familyOf(model)?.name, family);
      assert.ok(editFamilies.filter(({ models }) => models.test(model.toLowerCase())).length <= 1);
    });

  for (const family of editFamilies) {
    describe(family.name, () => {
      const { text } = familyPrompt(family, pieces);

      it('is told edits, file, region and cursor, each once and in this order', () => {
        const marked = text.replace(/one\(1\)<\|[\w]+\|>\ntwo/, 'MARKED');
        assert.equal(marked.split('MARKED').length, 2);
        assert.ok(marked.indexOf('put in') < marked.indexOf('MARKED'));
        assert.ok(marked.indexOf('new') < marked.indexOf('put in'), 'the oldest edit first');
        assert.ok(text.includes('above') && text.includes('below'));
      });

      it('has a mark in its prompt only where the format puts it', () => {
        const bare = familyPrompt(family, { ...pieces, diffs: [], region: redact(''), cursor: 0 }).text;
        const count = (all: string) =>
          family.marks.reduce((sum, mark) => sum + all.split(mark).length - 1, 0);
        const full = familyPrompt(family, { ...pieces, diffs: [] }).text;
        assert.equal(count(full), count(bare));
        assert.ok(count(bare) > 0);
      });

      it('tells text that holds its marks', () => {
        for (const mark of family.marks) assert.ok(holdsMarks(family, `a ${mark} b`));
        assert.ok(!holdsMarks(family, 'a <b> c'));
      });

      it('keeps the newest edits within its bound', () => {
        const diffs = Array.from({ length: 30 }, (_, line) => ({
          path: redact('a.ts'),
          line,
          removed: undefined,
          added: redact(`edit-${line}- ${'x'.repeat(500)}`),
        }));
        const long = familyPrompt(family, { ...pieces, diffs }).text;
        assert.ok(long.length < 8_000);
        assert.ok(long.includes('edit-29-') && !long.includes('edit-0-'));
      });

      for (const [what, { answer, region }] of Object.entries(answers[family.name] ?? {}))
        it(`reads ${what}`, () => assert.equal(readFamily(family, answer), region));
    });
  }
});
