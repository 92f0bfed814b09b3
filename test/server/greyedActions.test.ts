/** Rows of the action menu that cannot be done now: greyed out with the reason where the client can, else not there. */
import assert from 'node:assert/strict';
import type { FakeEditor } from '../support/editor.ts';
import { at, type Json } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { eventually, Place } from './support/place.ts';

const code = 'export function half(n: number): number {\n  if (n === 0) return 0;\n  return n / 2;\n}\n';
const range = { start: { line: 1, character: 0 }, end: { line: 3, character: 0 } };

describe('the whole server, what cannot be done now', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  const editors: FakeEditor[] = [];

  before(async () => {
    place = new Place();
    model = await startModelServer();
  });
  after(async () => {
    try {
      for (const editor of editors) await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });

  async function start(env: Record<string, string>, disabledSupport: boolean): Promise<FakeEditor> {
    const editor = await place.start({
      profile: 'vscode-1.139.1',
      env,
      capabilities: capabilities => {
        (at(capabilities, 'textDocument.codeAction') as Record<string, unknown>)['disabledSupport'] =
          disabledSupport;
      },
    });
    editors.push(editor);
    return editor;
  }
  const endpoint = () => ({ OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' });
  const simplify = (actions: readonly Json[]) =>
    actions.find(({ title }) => String(title).startsWith('Simplify'));
  const reasonOf = (action: Json | undefined) => String(at(action, 'disabled.reason'));

  const cases: readonly { what: string; env: () => Record<string, string>; file: string; reason: RegExp }[] =
    [
      {
        what: 'the level',
        env: () => ({ ...endpoint(), CODRIVER_AUTONOMY: '1' }),
        file: 'src/level.ts',
        reason: /codriver\.autonomy 2 \(pair\).*it is 1 \(assist\)/,
      },
      { what: 'no endpoint', env: () => ({}), file: 'src/nobody.ts', reason: /No model endpoint/ },
      { what: 'the read gate', env: endpoint, file: '.env.ts', reason: /No model may read this file: / },
    ];
  for (const { what, env, file, reason } of cases) {
    it(`is greyed out with a reason: ${what}`, async () => {
      const editor = await start(env(), true);
      const uri = place.uri(file);
      editor.open(uri, 'typescript', code);
      const action = await eventually(`Simplify in ${file}`, async () =>
        simplify(await editor.codeActions(uri, range, [], ['refactor'])),
      );
      assert.match(reasonOf(action), reason);
      assert.equal(action['command'], undefined);
      const automatic = await editor.request('textDocument/codeAction', {
        textDocument: { uri },
        range,
        context: { diagnostics: [], triggerKind: 2, only: ['refactor'] },
      });
      assert.equal(
        simplify(automatic as Json[]),
        undefined,
        'a menu that comes by itself shows what can be done',
      );
    });

    it(`is left out where the client cannot grey: ${what}`, async () => {
      const editor = await start(env(), false);
      const uri = place.uri(file);
      editor.open(uri, 'typescript', code);
      // Something else is there, so that the silence is about this row.
      const others = await eventually('any action', async () => {
        const actions = await editor.codeActions(uri, range);
        return actions.length > 0 ? actions : undefined;
      });
      assert.equal(simplify(others), undefined);
      assert.ok(others.every(action => action['disabled'] === undefined));
    });
  }

  it('keeps rows that a level allows', async () => {
    const editor = await start({ ...endpoint(), CODRIVER_AUTONOMY: '1' }, true);
    const uri = place.uri('src/allowed.ts');
    editor.open(uri, 'typescript', code);
    const review = await eventually('Review', async () =>
      (await editor.codeActions(uri, range)).find(({ title }) => title === 'Review the selection'),
    );
    assert.equal(review['disabled'], undefined);
  });
});
