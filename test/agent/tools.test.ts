/** The tools: what they let a model do, and what they never let it do, whatever it sends. */
import assert from 'node:assert/strict';
import { bounded } from '../../server/agent/outputs.ts';
import { callsInText, toolsAsText } from '../../server/agent/textTools.ts';
import {
  checkCalls,
  HELPER_TOOLS,
  PLANNER_TOOLS,
  type RawCall,
  WORKER_TOOLS,
} from '../../server/agent/tools/table.ts';
import type { ToolResult } from '../../server/agent/tools/tool.ts';
import { createRedactor } from '../../server/guard/redaction.ts';
import { benignCalls, FILES, hostileWaves } from './hostileCalls.ts';
import { createWorld, GOAL, removeWorlds, type World } from './world.ts';

const { signal } = new AbortController();

/** What comes back for one answer's calls; nothing is run if one of them is bad. */
async function make(world: World, raw: readonly RawCall[]): Promise<readonly ToolResult[] | string> {
  const checked = checkCalls(raw, WORKER_TOOLS);
  if (!checked.ok) return checked.why;
  const results: ToolResult[] = [];
  for (const { args, tool } of checked.calls) {
    results.push(await tool.run(args, { ports: world.ports, step: 's1', signal }));
  }
  return results;
}

const call = (name: string, args: unknown): RawCall => ({ id: '', name, arguments: JSON.stringify(args) });

async function only(world: World, name: string, args: unknown): Promise<ToolResult> {
  const results = await make(world, [call(name, args)]);
  assert.ok(typeof results !== 'string', JSON.stringify(results));
  return results[0] as ToolResult;
}

describe('tools', () => {
  after(removeWorlds);

  const task = `${GOAL}\n- [ ] (s1) one\n- [ ] (s2) two\n`;
  const names = hostileWaves('/x').map(({ what }) => what);
  for (const [i, name] of names.entries()) {
    it(`have no effect by 25 hostile calls: ${name}`, async () => {
      const world = createWorld({ files: FILES, task, checks: { tests: () => ({}) } });
      const wave = hostileWaves(world.outside)[i];
      assert.equal(wave?.answers.length, 25);
      const before = { outside: world.snapshot(world.outside), tree: world.snapshot(world.root) };
      const parent = Object.keys(world.snapshot(`${world.root}/..`)).filter(
        path => !/^(?:outputs|scratch)\//.test(path),
      );
      for (const raw of wave.answers) {
        const results = await make(world, raw);
        const said = JSON.stringify([raw, results]).slice(0, 600);
        const words = typeof results === 'string' ? results : results.map(({ text }) => text).join('\n');
        assert.ok(!words.includes('KEPT-BACK'), said);
        const own = raw.some(({ arguments: args }) => args.includes(world.outside));
        assert.ok(own || !words.includes(world.outside), said);
        // Looking at what may be looked at is no effect.
        const looks = /^(?:read|list|search|outline|references|note_decision|ask)$/;
        const acts = typeof results === 'string' || looks.test(raw[0]?.name ?? '') ? [] : results;
        assert.ok(
          acts.every(({ ok }) => !ok),
          said,
        );
      }
      assert.deepEqual(world.snapshot(world.outside), before.outside);
      assert.deepEqual(world.snapshot(world.root), before.tree);
      assert.deepEqual(
        Object.keys(world.snapshot(`${world.root}/..`)).filter(path => !/^(?:outputs|scratch)\//.test(path)),
        parent,
      );
      assert.equal(world.commands.filter(([program]) => program?.trim() === '').length, 0);
      const after = world.task();
      assert.deepEqual(
        after.steps.map(({ ticked }) => ticked),
        [false, false],
      );
      assert.equal(after.evidence, '');
      assert.ok(after.questions.every(({ answer }) => answer === undefined));
      assert.equal(after.settings.autonomy, undefined);
      assert.equal(Object.getOwnPropertyNames(Object.prototype).includes('owned'), false);
    });
  }

  it('do what 300 benign calls say', async () => {
    const world = createWorld({ files: FILES, task, checks: { tests: () => ({}) } });
    const failed: string[] = [];
    const calls = benignCalls();
    assert.equal(calls.length, 300);
    for (const each of calls) {
      const results = await make(world, [each]);
      if (typeof results === 'string' || !results[0]?.ok)
        failed.push(JSON.stringify([each, results]).slice(0, 300));
    }
    assert.ok(failed.length <= 6, failed.join('\n'));
    assert.match(world.file('lib/moved/m0.ts') ?? '', /x \* 2 \+ 0/);
  }).timeout(20_000);

  it('show secrets as placeholders and put them back', async () => {
    const secret = `${'gh'}${'p_'}${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD4fG7'}`;
    const world = createWorld({ files: { 'c.ts': `const token = '${secret}';\nconst n = 1;\n` } });
    const shown = world.ports.redactor.redact((await only(world, 'read', { path: 'c.ts' })).text).text;
    assert.ok(!shown.includes(secret));
    const [line] = /const token = '\w+';/.exec(shown) ?? [];
    const edited = await only(world, 'edit', {
      path: 'c.ts',
      old: `${line}\nconst n = 1;`,
      new: `${line}\nconst n = 2;`,
    });
    assert.ok(edited.ok, edited.text);
    assert.equal(world.file('c.ts'), `const token = '${secret}';\nconst n = 2;\n`);
    const broken = await only(world, 'edit', {
      path: 'c.ts',
      old: 'const n = 2;',
      new: "const m = 'CODRIVER_SECRET_7';",
    });
    assert.match(broken.text, /placeholder/);
  });

  it('keep line ends, marks and modes of a file that is edited', async () => {
    const world = createWorld({ files: { 'w.ts': '\uFEFFa\r\nb\r\nc\r\n' } });
    const edited = await only(world, 'edit', { path: 'w.ts', old: 'b', new: 'B\nB2' });
    assert.ok(edited.ok, edited.text);
    assert.equal(world.file('w.ts'), '\uFEFFa\r\nB\r\nB2\r\nc\r\n');
  });

  const refusals: readonly [name: string, tool: string, args: unknown, words: RegExp][] = [
    ['an anchor that stands twice', 'edit', { path: 'd.txt', old: 'x', new: 'y' }, /2 times/],
    ['an anchor that is not there', 'edit', { path: 'd.txt', old: 'nope', new: 'y' }, /not in d\.txt/],
    ['an edit of nothing', 'edit', { path: 'd.txt', old: 'x\nx', new: 'x\nx' }, /changes nothing/],
    ['an edit without old text', 'edit', { path: 'd.txt', old: '', new: 'y' }, /./],
    ['an edit of what is not there', 'edit', { path: 'no.txt', old: 'x', new: 'y' }, /no file "no\.txt"/],
    ['making what is there', 'create', { path: 'd.txt', text: 'y' }, /exists already/],
    ['making below a file', 'create', { path: 'd.txt/e.txt', text: 'y' }, /no folder|./],
    ['a move onto a file', 'move', { from: 'd.txt', to: 'b.bin' }, /exists already/],
    ['deleting a folder', 'delete', { path: 'sub' }, /no file/],
    ['reading what is no text', 'read', { path: 'b.bin' }, /not text|UTF-8/],
    ['reading beyond the end', 'read', { path: 'd.txt', from: 9 }, /2 lines only/],
    ['a check that there is not', 'run_check', { name: 'lint' }, /There are: tests/],
    ['listing a file', 'list', { folder: 'd.txt' }, /no folder/],
    ['finishing with open steps', 'finish', { summary: 'all' }, /open: s2/],
    ['an output that there is not', 'read', { path: 'output:o99' }, /no output/],
  ];
  for (const [name, tool, args, words] of refusals) {
    it(`refuse ${name} with words for the model`, async () => {
      const files = { 'd.txt': 'x\nx\n', 'b.bin': 'a\0b', 'sub/s.txt': 's\n' };
      const world = createWorld({ files, task, checks: { tests: () => ({}) } });
      const before = world.snapshot(world.root);
      const result = await only(world, tool, args);
      assert.equal(result.ok, false);
      assert.match(result.text, words);
      assert.ok(!result.text.includes(world.root), result.text);
      assert.deepEqual(world.snapshot(world.root), before);
    });
  }

  it('follow no link, wherever it leads', async () => {
    const files = {
      'src/a.ts': 'a\n',
      alias: { link: 'src' },
      'same.ts': { link: 'src/a.ts' },
      nowhere: { link: '../outside/none.ts' },
    };
    const world = createWorld({ files });
    const before = world.snapshot(world.root);
    for (const path of ['alias/a.ts', 'alias/b.ts', 'same.ts', 'nowhere', 'nowhere/b.ts']) {
      for (const [name, args] of [
        ['create', { path, text: 'x' }],
        ['edit', { path, old: 'a', new: 'b' }],
        ['read', { path }],
        ['delete', { path }],
        ['move', { from: 'src/a.ts', to: path }],
      ] as const) {
        const result = await only(world, name, args);
        assert.ok(!result.ok, `${name} ${path}`);
        assert.match(result.text, /link|outside|no file/, `${name} ${path}`);
      }
    }
    assert.deepEqual(world.snapshot(world.root), before);
    assert.deepEqual(world.snapshot(world.outside), { 'mine.txt': 'mine\n' });
  });

  const malformed: readonly [name: string, tool: string, json: string, words: RegExp][] = [
    ['a NUL character', 'create', '{"path":"a.txt","text":"a\\u0000b"}', /NUL/],
    ['an argument that is missing', 'create', '{"path":"a.txt"}', /"text" is missing/],
    ['one of another type', 'read', '{"path":"a.txt","from":"1"}', /whole number/],
    ['a number out of range', 'read', '{"path":"a.txt","from":0}', /whole number/],
    ['an empty one', 'search', '{"text":" "}', /"text" is empty/],
    ['one that is too long', 'search', `{"text":"${'x'.repeat(201)}"}`, /longer than 200/],
    ['one that is not known', 'create', '{"path":"a.txt","text":"x","mode":1}', /does not know/],
    ['a prototype', 'create', '{"path":"a.txt","text":"x","__proto__":{}}', /does not know/],
    ['a list of other things', 'run_command', '{"argv":["a",1]}', /has a text that is missing/],
    ['an empty list', 'run_command', '{"argv":[]}', /from 1 to 100/],
  ];
  for (const [name, tool, json, words] of malformed) {
    it(`are not called with ${name}`, () => {
      const checked = checkCalls([{ id: '', name: tool, arguments: json }], WORKER_TOOLS);
      assert.match(checked.ok ? '' : checked.why, words);
    });
  }

  it('never overwrite what changed meanwhile', async () => {
    const { ports } = createWorld({ files: { 'a.txt': 'new' } });
    const written = await ports.tree.write('a.txt', 'mine', 'old');
    assert.match(written.ok ? '' : written.why, /changed meanwhile/);
  });

  it('tell trees apart by their contents alone', async () => {
    const files = { 'a.txt': '1', 'b/c.txt': '2' };
    const one = createWorld({ files });
    const two = createWorld({ files });
    assert.equal(await one.ports.tree.hash(), await two.ports.tree.hash());
    await only(two, 'move', { from: 'a.txt', to: 'd.txt' });
    assert.notEqual(await one.ports.tree.hash(), await two.ports.tree.hash());
    await only(two, 'move', { from: 'd.txt', to: 'a.txt' });
    assert.equal(await one.ports.tree.hash(), await two.ports.tree.hash());
  });

  it('cut long outputs with a pointer to the whole, and never through a secret', async () => {
    const { ports } = createWorld();
    const secret = `${'gh'}${'p_'}${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD4fG7'}`;
    const redactor = createRedactor();
    for (let at = 300; at < 400; at += 7) {
      const text = `${'a '.repeat(at / 2)}${secret} ${'b\n'.repeat(2_000)}last words`;
      const shown = await bounded(text, each => redactor.redact(each), 1_000, ports.outputs);
      assert.ok(shown.length < 1_200);
      assert.ok(!shown.text.includes(secret.slice(0, 12)) && !shown.text.includes(secret.slice(-12)));
      assert.match(shown.text, /last words$/);
      const id = /output:(o\d+)/.exec(shown.text)?.[1] ?? '';
      assert.equal(await ports.outputs.read(id), text);
    }
  });

  it('give each role its tools and no more', () => {
    const of = (tools: typeof WORKER_TOOLS, effect: string) =>
      tools.filter(tool => tool.effect === effect).map(({ spec }) => spec.name);
    assert.deepEqual(of(HELPER_TOOLS, 'write').concat(of(HELPER_TOOLS, 'run')), []);
    assert.deepEqual(of(PLANNER_TOOLS, 'write').concat(of(PLANNER_TOOLS, 'run')), []);
    assert.deepEqual(of(WORKER_TOOLS, 'write'), ['edit', 'create', 'move', 'delete']);
    for (const { spec } of WORKER_TOOLS) assert.equal(spec.parameters['additionalProperties'], false);
  });

  const replies: readonly [name: string, reply: string, calls: readonly string[] | RegExp][] = [
    ['one fence', 'I look.\n```tool\n{"name":"read","arguments":{"path":"a"}}\n```\n', ['read {"path":"a"}']],
    [
      'two fences',
      '```tool\n{"name":"list"}\n```\nand\n```json\n{"tool":"read","parameters":{"path":"b"}}\n```',
      ['list {}', 'read {"path":"b"}'],
    ],
    ['no fence', '{"name": "list", "arguments": {}}', ['list {}']],
    [
      'arguments as text',
      '```tool\n{"name":"read","arguments":"{\\"path\\":\\"a\\"}"}\n```',
      ['read {"path":"a"}'],
    ],
    ['a thought around', '<think>```tool\nno\n```</think>```tool\n{"name":"list"}\n```', ['list {}']],
    ['code of another language', '```ts\nconst a = {};\n```\n', []],
    ['talk', 'I am done.', []],
    ['a cut fence', '```tool\n{"name":"list"', /cut/],
    ['broken JSON', '```tool\n{"name": list}\n```', /valid JSON/],
    [
      'an edit block',
      'a.ts\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n',
      ['edit {"path":"a.ts","old":"x","new":"y"}'],
    ],
    [
      'a new file',
      'n.ts\n<<<<<<< SEARCH\n=======\ny\n>>>>>>> REPLACE\n',
      ['create {"path":"n.ts","text":"y"}'],
    ],
    ['a cut block', 'a.ts\n<<<<<<< SEARCH\nx\n=======\ny\n', /cut/],
  ];
  for (const [name, reply, wanted] of replies) {
    it(`are called by text: ${name}`, () => {
      const found = callsInText(reply);
      if (wanted instanceof RegExp) assert.match(found.ok ? '' : found.why, wanted);
      else assert.deepEqual(found.ok && found.calls.map(each => `${each.name} ${each.arguments}`), wanted);
    });
  }

  it('are told as text within a small window', () => {
    const text = toolsAsText(WORKER_TOOLS.map(({ spec }) => spec));
    for (const { spec } of WORKER_TOOLS) assert.ok(text.includes(`- ${spec.name}(`));
    assert.ok(text.length < 4_000, `${text.length}`);
  });
});
