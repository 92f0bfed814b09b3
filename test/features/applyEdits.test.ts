/** Edits of the analysis reach exactly the text they were computed for, whoever types meanwhile. */
import assert from 'node:assert/strict';
import { Document } from '../../server/base/document.ts';
import type { ApplyOutcome, Change } from '../../server/base/host.ts';
import { applyEdits } from '../../server/features/actions/applyEdits.ts';
import type { Services } from '../../server/features/services.ts';

const insert = (line: number, newText: string) => {
  const start = { line, character: 0 };
  return { range: { start, end: start }, newText };
};

function setUp(answers: readonly ApplyOutcome[] = []) {
  const document = new Document('file:///a.ts', 'typescript', 1, 'one\ntwo\n');
  const applied: Change[] = [];
  const left = [...answers];
  const host = {
    apply: async (change: Change): Promise<ApplyOutcome> => {
      const [only] = change.documents;
      if (only?.version !== document.version) return { applied: false, why: 'stale', message: 'stale' };
      const scripted = left.shift();
      if (scripted) return scripted;
      applied.push(change);
      return { applied: true };
    },
  };
  const type = () => document.update([{ ...insert(0, 'typed\n'), text: 'typed\n' }], document.version + 1);
  return { document, applied, services: { changes: host } as unknown as Services, type };
}

describe('applyEdits', () => {
  it('computes again when the document changed while computing', async () => {
    const { document, applied, services, type } = setUp();
    let asked = 0;
    await applyEdits(services, document, async () => {
      asked++;
      const line = document.lineCount - 2;
      // A keystroke arrives between the look at the text and the answer.
      if (asked === 1) type();
      return { edits: [insert(line, 'x')], what: 'test' };
    });
    assert.equal(asked, 2);
    assert.deepEqual(
      applied.map(({ documents: [only] }) => [only?.version, only?.edits]),
      [[2, [insert(2, 'x')]]],
    );
  });

  it('gives up with words when somebody never stops typing', async () => {
    const { document, applied, services, type } = setUp();
    const always = applyEdits(services, document, async () => {
      type();
      return { edits: [insert(0, 'x')], what: 'test' };
    });
    await assert.rejects(always, /kept changing/);
    assert.deepEqual(applied, []);
  });

  it('says what the client says when it refuses', async () => {
    const { document, services } = setUp([{ applied: false, why: 'refused', message: 'read-only' }]);
    const refused = applyEdits(services, document, async () => ({ edits: [insert(0, 'x')], what: 'test' }));
    await assert.rejects(refused, /read-only/);
  });
});
