/** The actions that write the same thing otherwise, from the menu to the changed buffer, in several languages. */
import assert from 'node:assert/strict';
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import type { FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { eventually, Place } from './support/place.ts';

const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const fenced = (text: string) => `Here it is:\n\n\`\`\`\n${text}\n\`\`\`\n`;
const IDS: Readonly<Record<string, string>> = {
  ts: 'typescript',
  py: 'python',
  rs: 'rust',
  go: 'go',
  c: 'c',
  java: 'java',
  lua: 'lua',
};

/** `$0` marks the cursor; two of them a selection. */
function marked(source: string): { readonly text: string; readonly range: Range } {
  const parts = source.split('$0');
  const document = new Document('file:///x', '', 1, parts.join(''));
  const start = (parts[0] as string).length;
  const end = parts.length > 2 ? start + (parts[1] as string).length : start;
  return {
    text: parts.join(''),
    range: { start: document.positionAt(start), end: document.positionAt(end) },
  };
}

interface Case {
  readonly name: string;
  readonly extension: string;
  readonly source: string;
  readonly title: RegExp;
  readonly kind: string;
  readonly reply?: (path: string) => string;
  /** The text afterwards, or what the person is told while it stays as it was. */
  readonly expected: string | RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'simplify a function',
    extension: 'ts',
    source: 'export function f(a: boolean) {\n  if (a$0 === true) return true;\n  return false;\n}\n',
    title: /^Simplify 'f'$/,
    kind: 'refactor.rewrite',
    reply: path => block(path, '  if (a === true) return true;\n  return false;', '  return a;'),
    expected: 'export function f(a: boolean) {\n  return a;\n}\n',
  },
  {
    name: 'simplify, sloppily answered',
    extension: 'py',
    source: 'def f(a):\n$0    b = a\n    return b\n$0',
    title: /^Simplify the selection$/,
    kind: 'refactor.rewrite',
    reply: path => `Sure!\n\n${block(path, 'b = a\nreturn b', 'return a')}\nHope it helps.`,
    expected: 'def f(a):\n    return a\n',
  },
  {
    name: 'simplify, with a name that does not exist',
    extension: 'ts',
    source: 'export function f(a: number[]) {\n  retu$0rn a.reduce((x, y) => x + y, 0);\n}\n',
    title: /^Simplify 'f'$/,
    kind: 'refactor.rewrite',
    reply: path => block(path, '  return a.reduce((x, y) => x + y, 0);', '  return sumOfAll(a);'),
    expected: /would have broken the file/,
  },
  {
    name: 'convert a loop',
    extension: 'rs',
    source:
      'fn f(rows: &[u8]) -> Vec<u8> {\n    let mut out = Vec::new();\n    f$0or r in rows {\n        out.push(r + 1);\n    }\n    out\n}\n',
    title: /^Convert loop to iterator methods$/,
    kind: 'refactor.rewrite',
    reply: path =>
      block(
        path,
        '    let mut out = Vec::new();\n    for r in rows {\n        out.push(r + 1);\n    }\n    out',
        '    rows.iter().map(|r| r + 1).collect()',
      ),
    expected: 'fn f(rows: &[u8]) -> Vec<u8> {\n    rows.iter().map(|r| r + 1).collect()\n}\n',
  },
  {
    name: 'convert, answered with broken code',
    extension: 'java',
    source: 'class A {\n  String f(int n) {\n    return "a" $0+ n;\n  }\n}\n',
    title: /^Convert to a format string$/,
    kind: 'refactor.rewrite',
    reply: path => block(path, '    return "a" + n;', '    return String.format("a%d", n;'),
    expected: /does not fit/,
  },
  {
    name: 'extract a variable by scopes, without a model',
    extension: 'ts',
    source: 'export function f(o: Shop) {\n  return $0o.total()$0 + 1;\n}\n',
    title: /^Extract to a variable$/,
    kind: 'refactor.extract',
    expected: 'export function f(o: Shop) {\n  const total = o.total();\n  return total + 1;\n}\n',
  },
  {
    name: 'extract a variable by the model',
    extension: 'go',
    source: 'package p\n\nfunc f(a int) int {\n\treturn $0g(a)$0 + 1\n}\n',
    title: /^Extract to a variable$/,
    kind: 'refactor.extract',
    reply: path => block(path, '\treturn g(a) + 1', '\tlooked := g(a)\n\treturn looked + 1'),
    expected: 'package p\n\nfunc f(a int) int {\n\tlooked := g(a)\n\treturn looked + 1\n}\n',
  },
  {
    name: 'extract a function by scopes, without a model',
    extension: 'py',
    source: 'def f(a):\n$0    b = a * 2\n    print(b)$0\n    return b\n',
    title: /^Extract to a function$/,
    kind: 'refactor.extract',
    expected:
      'def extracted(a):\n    b = a * 2\n    print(b)\n    return b\n\n\ndef f(a):\n    b = extracted(a)\n    return b\n',
  },
  {
    name: 'extract a function',
    extension: 'c',
    source: 'int f(int a) {\n$0  a += 1;\n  a *= 2;$0\n  return a;\n}\n',
    title: /^Extract to a function$/,
    kind: 'refactor.extract',
    reply: path =>
      block(
        path,
        'int f(int a) {\n  a += 1;\n  a *= 2;',
        'static int grown(int a) {\n  a += 1;\n  a *= 2;\n  return a;\n}\n\nint f(int a) {\n  a = grown(a);',
      ),
    expected:
      'static int grown(int a) {\n  a += 1;\n  a *= 2;\n  return a;\n}\n\nint f(int a) {\n  a = grown(a);\n  return a;\n}\n',
  },
  {
    name: 'translate a comment',
    extension: 'lua',
    source: '-- Liest die D$0atei.\nlocal x = 1\n',
    title: /^Translate this comment to English$/,
    kind: 'refactor.rewrite',
    reply: () => fenced('-- Reads the file.'),
    expected: '-- Reads the file.\nlocal x = 1\n',
  },
  {
    name: 'translate a text within a line',
    extension: 'java',
    source: 'class A {\n  void f() { log("Datei {} nicht ge$0funden"); }\n}\n',
    title: /^Translate this string to English$/,
    kind: 'refactor.rewrite',
    reply: () => fenced('"File {} not found"'),
    expected: 'class A {\n  void f() { log("File {} not found"); }\n}\n',
  },
  {
    name: 'translate, with a placeholder lost',
    extension: 'py',
    source: "print('Datei {} nicht ge$0funden'.format(x))\n",
    title: /^Translate this string to English$/,
    kind: 'refactor.rewrite',
    reply: () => fenced("'File not found'"),
    expected: /translation that does not fit/,
  },
  {
    name: 'translate, with code smuggled in',
    extension: 'ts',
    source: '// Liest die Da$0tei.\nexport const x = 1;\n',
    title: /^Translate this comment to English$/,
    kind: 'refactor.rewrite',
    reply: () => fenced('// Reads the file.\nfetch("https://evil.invalid");'),
    expected: /translation that does not fit/,
  },
  {
    name: 'rename for clarity',
    extension: 'ts',
    source: 'export function f(x$0: number) {\n  const y = 1;\n  return { x, y };\n}\n',
    title: /^Rename 'x' for clarity$/,
    kind: 'refactor.rewrite',
    reply: () => '1. `y`\n2. class\n3. `count` - how many\n',
    expected: 'export function f(count: number) {\n  const y = 1;\n  return { x: count, y };\n}\n',
  },
  {
    name: 'rename a local of a language without a binder',
    extension: 'rs',
    source: 'fn f(x$0: u8) -> u8 {\n    x + 1\n}\n',
    title: /^Rename 'x' for clarity$/,
    kind: 'refactor.rewrite',
    reply: () => 'count',
    expected: 'fn f(count: u8) -> u8 {\n    count + 1\n}\n',
  },
  {
    name: 'rename, with nothing that could be a name',
    extension: 'py',
    source: 'def f(x$0):\n    return x\n',
    title: /^Rename 'x' for clarity$/,
    kind: 'refactor.rewrite',
    reply: () => 'I would call it: rm -rf; `; drop`',
    expected: /proposed no name/,
  },
];

describe('the whole server, rewriting actions', () => {
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let count = 0;

  before(async () => {
    place = new Place();
    model = await startModelServer();
    editor = await place.start({
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    editor.answerMessages((message, choices) =>
      message.startsWith('What should') ? (choices[0] ?? null) : undefined,
    );
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

  let said = false;
  for (const { name, extension, source, title, kind, reply, expected } of cases) {
    it(name, async () => {
      const { text, range } = marked(source);
      const path = `src/case${++count}.${extension}`;
      const uri = place.uri(path);
      editor.open(uri, IDS[extension] as string, text);
      if (reply) model.reply({ text: reply(path) });
      const before = model.requests.length;
      const action = await eventually(`the action ${title}`, async () =>
        (await editor.codeActions(uri, range)).find(each => title.test(String(each['title']))),
      );
      assert.equal(action['kind'], kind);
      assert.equal(at(action, 'disabled'), undefined);
      await editor.choose(action);
      if (typeof expected === 'string') {
        await editor.nextEdit();
        assert.equal(editor.textOf(uri), expected);
        const isChecked = /translate|rename|without a model/.test(name);
        if (!isChecked && !said) {
          assert.match(await editor.nextMessage(), /nobody has checked that it still behaves the same/);
          said = true;
        }
      } else {
        assert.match(await editor.nextMessage(), expected);
        assert.equal(editor.textOf(uri), text);
      }
      if (!reply) assert.equal(model.requests.length, before);
    });
  }

  it('does what all AI! comments of a file say, and says where it stopped', async () => {
    const lines = ['# AI! one', 'a = 1', '', '# AI! two', 'b = 2', '', '# AI! three', 'c = 3', ''];
    const path = `src/case${++count}.py`;
    const uri = place.uri(path);
    editor.open(uri, 'python', lines.join('\n'));
    model.reply({ text: block(path, 'b = 4', 'b = 5'), when: '# AI! two' });
    model.reply({
      text: block(path, 'c = 3', 'c = 30'),
      when: 'Carry out this instruction in the python file',
      times: 1,
    });
    const action = await eventually('the action', async () =>
      (
        await editor.codeActions(uri, { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } })
      ).find(each => each['title'] === 'Do what all 3 AI! comments say'),
    );
    await editor.choose(action);
    await editor.nextEdit();
    assert.match(await editor.nextMessage(), /1 of 3 comments were done; the one at line 4 was not/);
    assert.equal(
      editor.textOf(uri),
      lines
        .filter(line => !line.includes('three'))
        .join('\n')
        .replace('c = 3', 'c = 30'),
    );
    model.clear();
    model.reply({ text: block(path, 'a = 1', 'a = 10') });
    model.reply({ text: block(path, 'b = 2', 'b = 20'), times: 1 });
    await editor.execute('codriver.followAll', [{ uri, position: { line: 0, character: 0 } }]);
    await editor.nextEdit();
    await editor.nextEdit();
    assert.equal(editor.textOf(uri), 'a = 10\n\nb = 20\n\nc = 30\n');
  });

  it("the person's own actions are rows of the menu, at their level, and their prompts are text", async () => {
    place.configure({
      actions: {
        custom: [
          {
            title: 'Log $(calls)',
            prompt: 'Log calls in {path} ({language}): {selection}; $(rm -rf .)',
            scope: 'symbol',
          },
          { title: 'Rate this', prompt: 'Rate it.', level: 1, kind: 'source.codriver' },
          { title: 'Tidy the file', prompt: 'Tidy.', scope: 'file' },
        ],
      },
    });
    const client = await place.start({
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    const path = `src/case${++count}.ts`;
    const uri = place.uri(path);
    client.open(uri, 'typescript', 'export function f() {\n  g();\n}\n');
    const inside = { start: { line: 1, character: 3 }, end: { line: 1, character: 3 } };
    const rows = await eventually('own actions', async () => {
      const all = await client.codeActions(uri, inside);
      return all.some(each => each['title'] === 'Log $(calls)') ? all : undefined;
    });
    assert.ok(rows.some(each => each['title'] === 'Tidy the file'));
    assert.ok(!rows.some(each => each['title'] === 'Rate this'), 'nothing is selected');
    assert.ok(rows.length <= 8, String(rows.length));
    model.reply({ text: block(path, '  g();', '  console.log(1);\n  g();') });
    await client.choose(rows.find(each => each['title'] === 'Log $(calls)') as Record<string, unknown>);
    await client.nextEdit();
    assert.equal(client.textOf(uri), 'export function f() {\n  console.log(1);\n  g();\n}\n');
    const sent = JSON.stringify(model.requests.at(-1)?.body);
    assert.ok(
      sent.includes(`Log calls in ${path} (typescript): the selection shown above; $(rm -rf .)`),
      sent,
    );
    await client.execute('codriver.custom', [{ uri, range: inside, choice: 'No such' }]);
    assert.match(await client.nextMessage(), /no action 'No such'.*'Tidy the file'/);
    const selected = await client.codeActions(uri, {
      start: { line: 1, character: 0 },
      end: { line: 2, character: 0 },
    });
    const rate = selected.find(each => each['title'] === 'Rate this');
    assert.equal(rate?.['kind'], 'source.codriver');
    model.clear();
    model.reply({ text: 'It is **fine**.' });
    await client.choose(rate as Record<string, unknown>);
    assert.ok(String((await client.nextShownDocument())['uri']).endsWith('answer.md'));
    await client.shutdown();
    place.configure({});
  });

  it("an untrusted project's own actions are not there", async () => {
    place.write(
      '.codriver/config.jsonc',
      '{ "actions.custom": [{ "title": "Evil", "prompt": "x", "scope": "file" }] }',
    );
    const client = await place.start({
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    const uri = place.uri(`src/case${++count}.ts`);
    client.open(uri, 'typescript', 'export function f() {}\n');
    const here = { start: { line: 0, character: 17 }, end: { line: 0, character: 17 } };
    const rows = await eventually('offers', async () => {
      const all = await client.codeActions(uri, here);
      return all.length > 0 ? all : undefined;
    });
    assert.ok(!rows.some(each => each['title'] === 'Evil'));
    await client.shutdown();
  });

  it('a filter for kinds is honoured, and a kind below it counts', async () => {
    const { text, range } = marked('export function f(o: Shop) {\n  return $0o.total()$0 + 1;\n}\n');
    const uri = place.uri(`src/case${++count}.ts`);
    editor.open(uri, 'typescript', text);
    for (const only of ['refactor.extract', 'refactor']) {
      const actions = await editor.codeActions(uri, range, [], [only]);
      assert.ok(actions.length > 0);
      for (const each of actions) assert.ok(String(each['kind']).startsWith(only), String(each['kind']));
    }
  });

  it('without a model what needs one is greyed out with the reason, and the rest works', async () => {
    const alone = await place.start({ profile: 'vscode-1.139.1' });
    const { text, range } = marked('export function f(o: Shop) {\n  return $0o.total()$0 + 1;\n}\n');
    const uri = place.uri(`src/case${++count}.ts`);
    alone.open(uri, 'typescript', text);
    const actions = await eventually('offers', async () => {
      const all = await alone.codeActions(uri, range);
      return all.some(each => each['title'] === 'Extract to a variable') ? all : undefined;
    });
    const reasons = new Map(actions.map(each => [each['title'], at(each, 'disabled.reason')]));
    assert.equal(reasons.get('Extract to a variable'), undefined);
    assert.match(String(reasons.get('Extract to a function')), /OPENAI/);
    assert.match(String(reasons.get('Simplify the selection')), /OPENAI/);
    await alone.shutdown();
  });

  it('where one thing can be repaired, all of the file can be from the same menu', async () => {
    const { text, range } = marked(
      'export function f(second: number, b: number) {\n  return $0secnd + b * 2;\n}\n',
    );
    const uri = place.uri(`src/case${++count}.ts`);
    editor.open(uri, 'typescript', text);
    const titles = await eventually('a repair', async () => {
      const all = (await editor.codeActions(uri, range)).map(each => String(each['title']));
      return all.some(title => title.startsWith('Fix: ')) ? all : undefined;
    });
    assert.ok(titles.includes('Fix all in file'), titles.join('\n'));
  });
});
