/** "Document" in the whole server: in the style of the files around, and nothing but a comment. */
import assert from 'node:assert/strict';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { Place } from './support/place.ts';

const numpy = '    """Reads.\n\n    Parameters\n    ----------\n    path : str\n    """\n';
const google = '    """Reads.\n\n    Args:\n        path: Where.\n    """\n';
const code = 'def read(path):\n    return open(path).read()\n';
const range = { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } };
const block = (path: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${code}=======\n${replace}>>>>>>> REPLACE\n`;

describe('the whole server, documenting', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;

  before(async () => {
    place = new Place();
    model = await startModelServer();
    for (const name of ['a', 'b'])
      place.write(`lib/${name}.py`, `def ${name}(path):\n${numpy}    return path\n`);
    editor = await place.start({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' } });
  });
  after(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });
  beforeEach(() => model.clear());

  const asked = () =>
    model.requests
      .filter(({ route }) => route === 'chat')
      .map(({ body }) => JSON.stringify(body['messages']));

  it('asks for the style of the files beside it, and again when it comes in another', async () => {
    const path = 'lib/read.py';
    const uri = place.uri(path);
    editor.open(uri, 'python', code);
    const withDoc = (doc: string) => block(path, code.replace('\n', `\n${doc}`));
    // The newest reply is given first.
    model.reply({ text: withDoc(numpy), times: 1 });
    model.reply({ text: withDoc(google), times: 1 });
    const from = asked().length;
    await editor.execute('codriver.document', [{ uri, range }]);
    await editor.nextEdit();
    await editor.progressEnded();
    assert.equal(editor.textOf(uri), code.replace('\n', `\n${numpy}`));
    const [first = '', second = ''] = asked().slice(from);
    assert.match(first, /in NumPy style .*as the rest of this project does/);
    assert.match(second, /documents in NumPy style, and your comment is in Google style/);
  });

  it('makes no edit that changes code', async () => {
    const path = 'lib/other.py';
    const uri = place.uri(path);
    editor.open(uri, 'python', code);
    model.reply({ text: block(path, code.replace('\n', `\n${numpy}`).replace('read()', 'readlines()')) });
    await editor.execute('codriver.document', [{ uri, range }]);
    assert.match(await editor.nextMessage(), /was not made: The edit changes code/);
    await editor.progressEnded();
    assert.equal(editor.textOf(uri), code);
  });
});
