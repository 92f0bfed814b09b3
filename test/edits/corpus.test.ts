/** A part of the corpora; `npx tsx test/bench/edits.ts` judges all of them, on any repositories. */
import assert from 'node:assert/strict';
import { BAD } from '../support/badEdits.ts';
import { judgeBad, judgeValid, type Judged } from '../support/editCorpus.ts';
import { ownSources } from '../support/ownSources.ts';

const wrong = (judged: readonly Judged[]) =>
  judged
    .filter(({ right }) => !right)
    .map(({ kind, path, verdict }) => `${kind} of ${path}: ${verdict.ok ? 'accepted' : verdict.retry}`);

/** One in a hundred may be misjudged: the sources change, and a line that is taken away may have been a text's. */
describe('edits: corpora', () => {
  const files = ownSources();

  it('large valid edits of every form give exactly the text that was meant', async () => {
    const judged = await judgeValid(files, 50);
    assert.equal(judged.length, 50);
    assert.equal(new Set(judged.map(({ kind }) => kind)).size, 5);
    assert(wrong(judged).length <= Math.ceil(judged.length / 100), wrong(judged).join('\n'));
  }).timeout(20_000);

  it('bad edits of every class are refused, each with words for the model', async () => {
    const judged = await judgeBad(files, 4 * Object.keys(BAD).length);
    assert.equal(new Set(judged.map(({ kind }) => kind)).size, Object.keys(BAD).length);
    assert(wrong(judged).length <= Math.ceil(judged.length / 100), wrong(judged).join('\n'));
    for (const { verdict } of judged) assert(verdict.ok || verdict.retry.length > 20);
  }).timeout(20_000);
});
