/** All filters together, by language: what is taken away, and that good text stays (test/fixtures/completion). */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EarlyStop } from '../../../server/features/completion/earlyStop.ts';
import { filterCompletion, filters } from '../../../server/features/completion/filters/index.ts';
import { type FilterCase, filterCases } from '../../support/filterCases.ts';

const cases = filterCases();
const run = ({ wrote, ...input }: FilterCase): string => filterCompletion(wrote, input);

describe('completion filters by language', () => {
  for (const one of cases) it(`${one.languageId}: ${one.title}`, () => assert.equal(run(one), one.left));

  it('leave what they have left', () => {
    for (const one of cases)
      assert.equal(run({ ...one, wrote: one.left }), one.left, `${one.languageId}: ${one.title}`);
  });

  it('each one takes part: without it some case or unit table fails', () => {
    const needed = Object.entries(filters).filter(([name]) =>
      cases.some(({ wrote, left, ...input }) => {
        let text = wrote;
        for (const [other, filter] of Object.entries(filters))
          if (other !== name && text.trim() !== '') text = filter(text, input);
        return (text.trim() === '' ? '' : text) !== left;
      }),
    );
    const unit = [
      'lineEnds',
      'inventedSecrets',
      'spuriousColon',
      'trailingWhitespace',
      'suffixOverlap',
      'pathLine',
    ];
    const idle = Object.keys(filters).filter(
      name => !needed.some(([other]) => other === name) && !unit.includes(name),
    );
    assert.deepEqual(idle, []);
  });

  it('never throw, and never write what the model did not, whatever comes', () => {
    const any = fc.oneof(
      fc.string(),
      fc.constantFrom(...cases.map(({ wrote }) => wrote)),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(any, fc.constantFrom(...cases), (wrote, one) => {
        const left = run({ ...one, wrote });
        assert.ok(left === '' || left.trim() !== '');
        assert.ok(left.split('\n').length <= one.maxLines);
      }),
      { numRuns: 400 },
    );
  });
});

describe('early stop', () => {
  const stream = (one: FilterCase, pieces: readonly string[]): EarlyStop => {
    const early = new EarlyStop(one);
    for (const piece of pieces) if (early.push(piece)) break;
    return early;
  };

  it('does not depend on how the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.array(fc.nat(12), { minLength: 1 }), (one, sizes) => {
        const wrote = `${one.wrote}\n${one.wrote}`;
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < wrote.length; i++) {
          const size = 1 + (sizes[i % sizes.length] as number);
          pieces.push(wrote.slice(at, at + size));
          at += size;
        }
        const whole = stream(one, [wrote]);
        const cut = stream(one, pieces);
        assert.equal(cut.text, whole.text);
        assert.equal(cut.reason, whole.reason);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a beginning of the text, and all that the filters would have left', () => {
    for (const one of cases) {
      const early = stream(one, [`${one.wrote}\n`]);
      assert.ok(
        one.wrote.startsWith(early.text) || `${one.wrote}\n` === early.text,
        `${one.languageId}: ${one.title}`,
      );
      assert.equal(
        run({ ...one, wrote: early.text }),
        one.left,
        `${one.languageId}: ${one.title} (${early.reason})`,
      );
    }
  });
});
