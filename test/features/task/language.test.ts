import assert from 'node:assert/strict';
import { Document } from '../../../server/base/document.ts';
import { defaultSettings } from '../../../server/config/settings.ts';
import type { Services } from '../../../server/features/services.ts';
import { markRejection, rejectionIn, unmarkRejection } from '../../../server/features/task/rejection.ts';
import { taskLanguage } from '../../../server/features/task/language.ts';
import { shownPhase } from '../../../server/features/task/acts.ts';
import { applyEdits } from '../../../server/edits/lines.ts';
import { byStep, shop } from '../../agent/scripts.ts';
import { approve, removeTaskWorlds, TASK, TaskWorld } from './world.ts';

const never = new AbortController().signal;

describe('a task in the editor', function () {
  this.timeout(20_000);
  let at: TaskWorld;
  before(() => {
    at = new TaskWorld({ files: shop, script: byStep(['Add'], {}) });
  });
  after(removeTaskWorlds);

  const services = (autonomy: 2 | 3 = 3): Services => ({
    ...at.services,
    settings: () => ({ ...defaultSettings, autonomy }),
  });
  const documentOf = (text: string) => new Document(at.uri, 'markdown', 1, text);
  /** A text with `$0` at the cursor. */
  const place = (marked: string) => {
    const [head = '', tail = ''] = marked.split('$0');
    const lines = head.split('\n');
    const position = { line: lines.length - 1, character: (lines.at(-1) ?? '').length };
    return { document: documentOf(head + tail), position };
  };
  const body = (lines: string) => `---\nkind: change\n---\n\n# T\n\n## Goal\n\nG.\n\n${lines}`;

  const completions: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'keys that are not there yet',
      '---\nkind: change\nmi$0\n---\n',
      ['autonomy: ', 'minutes: ', 'checks: '],
    ],
    ['values of a kind', '---\nkind: $0\n---\n', ['change', 'experiment']],
    ['values of a level', '---\nautonomy: $0\n---\n', ['3', '4']],
    ['mentions', body('See @fi$0'), ['@file:']],
    ['files of a mention', body('See @file:src/p$0'), ['@file:src/price.ts']],
    ['ids', body('## Plan\n\n- [ ] (s1) One\n\n## Decisions\n\n- (d1) As in ($0'), ['(s1)', '(d1)']],
  ];
  for (const [what, marked, expected] of completions)
    it(`completes ${what}`, async () => {
      const { document, position } = place(marked);
      const items = (await taskLanguage.complete(document, position, services())) ?? [];
      const texts = items.map(({ newText }) => newText);
      for (const each of expected) assert.ok(texts.includes(each), `${each} is not in ${texts.join(' ')}`);
      assert.ok(!texts.some(text => text.startsWith('kind')));
    });

  it('completes nothing of its own in prose', () => {
    const { document, position } = place(body('Just words$0'));
    assert.equal(taskLanguage.complete(document, position, services()), undefined);
  });

  const problems: readonly (readonly [string, string, RegExp])[] = [
    ['a key that means nothing', '---\nkin: change\n---\n\n## Goal\n\nG.\n', /"kin" means nothing/],
    ['a value that cannot be', '---\nsteps: many\n---\n\n## Goal\n\nG.\n', /"steps" cannot be used/],
    ['no goal', '---\nkind: change\n---\n\n# T\n', /has no goal/],
    ['an id twice', body('## Plan\n\n- [ ] (s1) a\n- [ ] (s1) b\n'), /a second time/],
    ['an id that nothing has', body('## Plan\n\n- [ ] (s1) after (s7)\n'), /no \(s7\)/],
    ['a file that is not there', body('See @file:src/none.ts.'), /no file "src\/none\.ts"/],
    ['a path that leads outside', body('See @file:../secrets.'), /no path below/],
    ['a forged tick', body('## Plan\n\n- [x] (s1) a\n'), /not Codriver's/],
    [
      'a model that it cannot choose',
      '---\nmodel: other\n---\n\n## Goal\n\nG.\n',
      /your settings do \(now that is scripted\)/,
    ],
    ['a forged state', '---\nstate: applied\n---\n\n## Goal\n\nG.\n', /Nobody has begun this task/],
  ];
  for (const [what, text, expected] of problems)
    it(`tells of ${what}`, async () => {
      const found = await taskLanguage.problems(documentOf(text), services(), never);
      assert.ok(
        found.some(({ message }) => expected.test(message)),
        JSON.stringify(found.map(({ message }) => message)),
      );
    });

  it('has nothing against a sound document, and says below level 3 what it needs', async () => {
    const text = body('## Plan\n\n- [ ] (s1) In @file:src/price.ts\n- [ ] (s2) After (s1)\n');
    assert.deepEqual(await taskLanguage.problems(documentOf(text), services(), never), []);
    const own = text.replace('kind: change', 'kind: change\nmodel: scripted');
    assert.deepEqual(await taskLanguage.problems(documentOf(own), services(), never), []);
    const [found] = await taskLanguage.problems(documentOf(text), services(2), never);
    assert.match(found?.message ?? '', /codriver\.autonomy 3/);
    assert.deepEqual(taskLanguage.lenses(documentOf(text), services(2)), []);
  });

  it('leads to files and to what ids name', async () => {
    const { document, position } = place(
      body('## Plan\n\n- [ ] (s1) In @file:src/price.ts#L2\n- [ ] (s2) After (s$01)\n'),
    );
    const found = await taskLanguage.definition(document, position, services(), never);
    assert.equal(found?.target.range.start.line, 12);
    const [link, ...more] = await taskLanguage.links(document, services(), never);
    assert.match(link?.target.uri ?? '', /src\/price\.ts$/);
    assert.equal(link?.target.range.start.line, 1);
    assert.deepEqual(more, []);
  });

  it('offers at each phase what can be done then, and only that', () => {
    const titles = (state?: string) =>
      taskLanguage
        .lenses(
          documentOf(state === undefined ? TASK : TASK.replace('---\n\n', `state: ${state}\n---\n\n`)),
          services(),
        )
        .map(({ command }) => command.replace('codriver.task', ''));
    assert.deepEqual(titles(), ['Plan']);
    assert.deepEqual(titles('awaiting-plan'), ['Approve', 'Reject', 'Pause', 'Discard']);
    assert.deepEqual(titles('blocked'), ['Resume', 'StartFresh', 'Discard']);
    assert.deepEqual(titles('applied'), ['StartFresh', 'Undo']);
  });

  it('hover tells the state, what was used, and what a step did', async () => {
    const world = new TaskWorld({
      files: shop,
      script: byStep(['Add it'], { s1: [{ calls: [['create', { path: 'a.txt', text: 'a\n' }]] }] }),
    });
    const run = await world.run();
    await approve(run);
    await world.run(run);
    const document = new Document(world.uri, 'markdown', 1, world.document);
    const line = (text: string) => world.document.split('\n').findIndex(each => each.includes(text));
    const hover = async (text: string) =>
      (await taskLanguage.hover(document, { line: line(text), character: 1 }, world.services, never))
        ?.markdown ?? '';
    assert.match(await hover('# Tax'), /waits for your yes to its result[\s\S]*answers of the model/);
    assert.match(await hover('(s1) Add it'), /Step s1 is done\.[\s\S]*s1 done: s1 done/);
    assert.match(await hover('kind: change'), /its result is applied/);
    assert.deepEqual(await taskLanguage.problems(document, world.services, never), []);
    const forged = new Document(
      world.uri,
      'markdown',
      1,
      world.document.replace('awaiting-approval', 'applied'),
    );
    const [found] = await taskLanguage.problems(forged, world.services, never);
    assert.match(found?.message ?? '', /The task is awaiting-approval/);
    await run.close();
  });

  it('the phase is read from the head alone', () => {
    const nobody = { tasks: at.services.tasks };
    assert.equal(shownPhase(at.uri, '---\nkind: change\nstate: working\n---\n', nobody), 'working');
    assert.equal(shownPhase(at.uri, '# T\n\n---\nstate: working\n---\n', nobody), 'new');
    assert.equal(shownPhase(at.uri, '---\nkind: change\n---\n\nstate: working\n', nobody), 'new');
  });
});

describe('a rejection typed in place', () => {
  const texts = [
    '## Plan\n\n- [ ] (s1) a\n\n## Log\n\n- x\n',
    '## Plan\r\n\r\n- [ ] (s1) a\r\n',
    '## Plan\n',
    '# T',
  ];
  for (const text of texts)
    it(`comes into ${JSON.stringify(text)}, and goes without a trace`, () => {
      const marked = applyEdits(text, markRejection(text, 'Plan'));
      const empty = rejectionIn(marked, 'Plan');
      assert.equal(empty?.reason, '');
      const typed = marked.replace('> reject: ', '> reject: too much');
      const found = rejectionIn(typed, 'Plan');
      assert.equal(found?.reason, 'too much');
      assert.ok(found);
      const after = applyEdits(typed, unmarkRejection(typed, found));
      const plain = (each: string) => each.replace(/\r/g, '').trim();
      if (text.includes('## Plan')) assert.equal(plain(after), plain(text));
      assert.equal(rejectionIn(after, 'Plan'), undefined);
    });
});
