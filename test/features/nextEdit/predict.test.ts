import assert from 'node:assert/strict';
import type { Document } from '../../../server/base/document.ts';
import { RecordedHistory } from '../../../server/edits/editHistory.ts';
import { PREDICTORS, predictNextEdits } from '../../../server/features/nextEdit/predict.ts';
import type { Prediction } from '../../../server/features/nextEdit/types.ts';
import { type Bench, bench, never } from '../../analysis/bench.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const EDIT = /«([^→»]*)→([^»]*)»/g;

/** Makes the edits of a scenario, one after the other. */
function act({ file, text, others = {} }: Scenario): { desk: Bench; history: RecordedHistory } {
  const desk = bench({ [file]: text.replace(EDIT, '$1'), ...others });
  const document = desk.document(file);
  let now = 0;
  const history = new RecordedHistory({ now: () => now });
  let shift = 0;
  for (const found of text.matchAll(EDIT)) {
    now += 20_000;
    const [mark, old = '', made = ''] = found;
    const start = found.index - shift;
    const range = { start: document.positionAt(start), end: document.positionAt(start + old.length) };
    const version = document.version + 1;
    document.update([{ range, text: made }], version, history.follow(document, version));
    shift += mark.length - made.length;
  }
  return { desk, history };
}

function predict(
  { desk, history }: ReturnType<typeof act>,
  breathe?: () => Promise<void>,
): Promise<readonly Prediction[]> {
  return predictNextEdits(history.edits(20), {
    ...(breathe ? { breathe } : {}),
    documents: [...desk.documents.values()],
    names: uri => desk.analysis.names(uri, never),
    preflight: (uri, edits) => desk.analysis.preflight(uri, edits, never),
    log: { write: (_, message) => assert.fail(message) },
  });
}

/** The line as it would be. */
function told(desk: Bench, own: string, { uri, range, newText }: Prediction): string {
  const document = desk.documents.get(uri) as Document;
  const copy = document.clone();
  copy.update([{ range, text: newText }], 99);
  const file = uri === desk.uri(own) ? '' : `${uri.split('/').pop()} `;
  return `${file}${range.start.line + 1}: ${copy.lineAt(range.start.line).trim()}`;
}

describe('next edits without a model', () => {
  for (const scenario of scenarios) {
    it(`${scenario.next.length === 0 ? 'silence: ' : ''}${scenario.what}`, async () => {
      const made = act(scenario);
      try {
        const predictions = await predict(made);
        assert.deepEqual(
          predictions.map(each => told(made.desk, scenario.file, each)),
          scenario.next,
        );
      } finally {
        made.desk.analysis.release();
      }
    });
  }

  it('silence: a line that was put in a second time is made another one', async () => {
    const line = "app.get('/users', requireLogin, async (req, res) => res.json(await users.all()));";
    const desk = bench({ 'a.ts': `${line}\n\n// One more.\n` });
    const document = desk.document('a.ts');
    let now = 0;
    const history = new RecordedHistory({ now: () => now });
    const change = (from: number, old: string, made: string) => {
      now += 20_000;
      const start = document.getText().indexOf(old, from);
      const range = { start: document.positionAt(start), end: document.positionAt(start + old.length) };
      const version = document.version + 1;
      document.update([{ range, text: made }], version, history.follow(document, version));
    };
    change(0, '// One more.\n', `// One more.\n${line}\n`);
    change(line.length, 'users.all()', 'users.create(req.body)');
    assert.deepEqual(await predict({ desk, history }), []);
    desk.analysis.release();
  });

  it('what would break the code is not offered', async () => {
    const made = act({
      what: '',
      file: 'a.ts',
      text: 'const a = first(«1→{»);\nconst b = second(2);\nconst c = first(1);\n',
      next: [],
    });
    assert.deepEqual(await predict(made), []);
    made.desk.analysis.release();
  });

  it('gives way before each try, and ends there when nobody waits any more', async () => {
    const [scenario] = scenarios.filter(({ file, next }) => file === 'a.go' && next.length > 1);
    const made = act(scenario as Scenario);
    let breaths = 0;
    assert.equal((await predict(made, async () => void breaths++)).length, 2);
    // Each predictor, each of two guesses, and both together.
    assert.equal(breaths, PREDICTORS.length + 3);
    const last = breaths;
    breaths = 0;
    const given = async (): Promise<void> => {
      if (++breaths === last) throw new Error('typed on');
    };
    await assert.rejects(predict(made, given), /typed on/);
    made.desk.analysis.release();
  });

  it('says that several fit together', async () => {
    const [scenario] = scenarios.filter(({ file, next }) => file === 'a.go' && next.length > 1);
    const made = act(scenario as Scenario);
    const predictions = await predict(made);
    assert.deepEqual(
      predictions.map(({ together, verified, group }) => [together, verified, group]),
      [
        [true, true, 'rename total sum'],
        [true, true, 'rename total sum'],
      ],
    );
    made.desk.analysis.release();
  });
});
