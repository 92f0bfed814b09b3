/** Recorded sessions of real editors, with time that moves only when told: every question answered once, nothing stale. */
import assert from 'node:assert/strict';
import { author } from './author.ts';
import { fakeServer } from './fakeServer.ts';
import { readTraces } from './trace.ts';
import { typed } from './typist.ts';
import { Watch } from './watch.ts';

/** Longer than any answer takes. */
const LAST_ANSWER_MS = 3_000;

describe('recorded sessions', () => {
  for (const { name, head, sent } of readTraces()) {
    for (const speed of [1, 3]) {
      it(`${name}${speed === 1 ? '' : `, ${speed} times as fast`}`, async () => {
        const watch = new Watch();
        const first = sent.find(({ message }) => message.method === 'initialize');
        const server = fakeServer(head.target, first?.message.params, (id, result) =>
          watch.answered(id, result, server.machine.clock.now()),
        );
        let before = 0;
        for (const { at, message } of sent) {
          if (at > before) await server.machine.advance((at - before) / speed);
          before = at;
          watch.sent(message, server.machine.clock.now());
          server.send(message);
        }
        await server.machine.advance(LAST_ANSWER_MS);
        assert.deepEqual(server.faults, []);
        assert.ok(watch.asked.length > 100, 'the session asks for much');
        assert.deepEqual(
          watch.asked.filter(({ answers }) => answers !== 1).map(({ id }) => id),
          [],
        );
        assert.deepEqual(watch.stale, []);
        assert.ok(watch.shown.length > 0.2 * watch.asked.length, `${watch.shown.length} shown`);
        assert.ok(server.upstream.length < 0.8 * watch.asked.length, `${server.upstream.length} requests`);
      });
    }
  }

  it('have no folder of a machine in them, and a text that is reached', () => {
    for (const { name, sent, head } of readTraces()) {
      const text = JSON.stringify(sent);
      assert.doesNotMatch(text, /\/(?:home|Users|work|tmp|root)\//, name);
      assert.match(head.target, /averageTip/);
      assert.ok(
        sent.every(({ at }, i) => i === 0 || at >= (sent[i - 1]?.at ?? 0)),
        name,
      );
    }
  });
});

describe('a watch over a session', () => {
  const uri = 'file:///a';
  const position = { line: 0, character: 2 };
  const item = { insertText: 'cd', range: { start: position, end: position } };
  const method = 'textDocument/inlineCompletion';
  const change = (text: string) => ({
    method: 'textDocument/didChange',
    params: { textDocument: { uri }, contentChanges: [{ text }] },
  });

  const cases: readonly [name: string, before: string, since: string, stale: number][] = [
    ['nothing typed since', 'ab', 'ab', 0],
    ['typed along', 'ab', 'abc', 0],
    ['all of it typed', 'ab', 'abcd', 0],
    ['something else typed', 'ab', 'abx', 1],
    ['something taken away', 'ab', 'a', 1],
    ['typed elsewhere', 'ab', 'xab', 1],
  ];
  for (const [name, before, since, stale] of cases) {
    it(`${name}: ${stale} stale`, () => {
      const watch = new Watch();
      const open = { uri, languageId: 'x', text: before };
      watch.sent({ method: 'textDocument/didOpen', params: { textDocument: open } }, 0);
      watch.sent({ id: 1, method, params: { textDocument: { uri }, position } }, 100);
      if (since !== before) watch.sent(change(since), 200);
      watch.answered(1, { items: [item] }, 400);
      assert.equal(watch.stale.length, stale);
    });
  }

  it('counts what is asked, shown, overtaken and answered twice', () => {
    const watch = new Watch();
    watch.sent(
      { method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'x', text: 'ab' } } },
      0,
    );
    for (const id of [1, 2, 3]) watch.sent({ id, method, params: { textDocument: { uri }, position } }, id);
    watch.sent({ method: '$/cancelRequest', params: { id: 3 } }, 4);
    for (const id of [1, 2, 3, 3]) watch.answered(id, { items: [item] }, 10);
    assert.deepEqual(
      watch.asked.map(({ answers }) => answers),
      [1, 1, 2],
    );
    assert.equal(watch.shown.length, 0);
    watch.sent({ id: 4, method, params: { textDocument: { uri }, position } }, 20);
    watch.answered(4, { items: [item] }, 50);
    assert.deepEqual(
      watch.shown.map(({ ms }) => ms),
      [30],
    );
  });
});

describe('who plays in a replay', () => {
  it('the typist writes the text, whatever slips', () => {
    const text = 'const one = two;\n  three(four);\n';
    for (const seed of [1, 2, 3]) {
      let written = '';
      for (const key of typed(text.repeat(8), seed)) {
        assert.ok(key.waitMs >= 90);
        if ('text' in key) written += key.text;
        else written = key.press === 'Enter' ? `${written}\n` : written.slice(0, -1);
      }
      assert.equal(written, text.repeat(8));
    }
  });

  it('the author knows how it goes on, mostly, in 150 to 450 ms', () => {
    const target = Array.from({ length: 40 }, (_, i) => `const value${i} = compute${i}(input);`).join('\n');
    const said = Array.from({ length: 40 }, (_, i) => ({
      i,
      ...author(target, `above\nconst value${i} = comp`),
    }));
    const right = said.filter(({ i, text }) => text.startsWith(`ute${i}(input);`)).length;
    assert.ok(right > 25 && right < 40, `${right} right`);
    assert.ok(said.every(({ delayMs }) => delayMs >= 150 && delayMs <= 450));
    assert.equal(
      author(target, 'nowhere in it').text === '' || author(target, 'nowhere in it').text.includes('else'),
      true,
    );
  });
});
