import assert from 'node:assert/strict';
import { Superseded } from '../../../server/base/errors.ts';
import { estimate } from '../../../server/features/completion/confidence.ts';
import { ADVICE } from '../../../server/features/completion/reasons.ts';
import { Desk, told, URI } from './desk.ts';

describe('the completion pipeline', () => {
  describe('reuses', () => {
    it('what is typed along and taken back, without a request or another try', async () => {
      const desk = new Desk({ text: 'const sum = add$0\n' });
      desk.model.answers = () => ({ text: '(one, two);' });
      assert.equal(await desk.shown(), '(one, two);');
      const { checks } = desk;
      for (const key of '(one') desk.type(key);
      assert.equal(await desk.shown(), ', two);');
      desk.backspace(3);
      assert.equal(await desk.shown(), 'one, two);');
      desk.edit(0, 5, 'let');
      desk.edit(0, 3, 'const');
      assert.equal(await desk.shown(), 'one, two);');
      assert.equal(desk.model.asked.length, 1);
      assert.equal(desk.checks, checks);
    });

    it('before any pause in typing', async () => {
      const desk = new Desk();
      desk.model.answers = () => ({ text: 'one;' });
      const first = desk.ask({ debounceMs: 75 });
      await desk.settle(75);
      assert.equal(told(await first), 'one;');
      desk.type('o');
      assert.equal(await desk.shown({ debounceMs: 75 }), 'ne;');
    });

    const useless: readonly (readonly [what: string, text: string, reason: string])[] = [
      ['nothing', '', 'engine gave nothing'],
      ['what is there already', 'const sum = ', 'filtered'],
      ['what nobody sees', 'one\u{200b};', 'hidden characters'],
      ['a secret that is none', 'CODRIVER_SECRET_77;', 'secret placeholder'],
    ];
    for (const [what, text, reason] of useless) {
      it(`that the model had ${what} for a place, unless the person asks`, async () => {
        const desk = new Desk();
        desk.model.answers = () => ({ text });
        assert.equal(await desk.shown(), `nothing: ${reason}`);
        assert.equal(await desk.shown(), 'nothing: engine gave nothing');
        desk.embedded.answers = () => ({ text: 'local;', confidence: 0.9 });
        const menu = { trigger: 'explicit', mayBeTyping: true, patience: 30 } as const;
        assert.equal(await desk.shown(menu), 'local;');
        assert.equal(desk.model.asked.length, 1);
        desk.model.answers = () => ({ text: 'one;' });
        assert.equal(await desk.shown({ trigger: 'explicit' }), 'one;');
      });
    }

    it('no failure: the next question asks again', async () => {
      const desk = new Desk();
      for (const count of [1, 2]) {
        const result = desk.ask();
        await desk.settle();
        desk.model.asked.at(-1)?.fail('out of order');
        await result;
        assert.equal(desk.model.asked.length, count);
      }
    });
  });

  describe('joins', () => {
    it('a request under way that agrees with what is typed', async () => {
      const desk = new Desk();
      const first = desk.ask();
      await desk.settle();
      desk.type('o');
      const second = desk.ask();
      await desk.settle();
      desk.model.asked[0]?.finish('one;');
      assert.equal(told(await second), 'ne;');
      assert.equal(told(await first), 'one;');
      assert.equal(desk.model.asked.length, 1);
    });

    it('also after an edit far above', async () => {
      const desk = new Desk({ text: `${'// far away\n'.repeat(60)}const sum = $0\n` });
      void desk.ask();
      await desk.settle();
      desk.edit(0, 0, '// new\n');
      desk.type('o');
      const second = desk.ask();
      await desk.settle();
      assert.equal(desk.model.asked[0]?.aborted, false);
      desk.model.asked[0]?.finish('one;');
      assert.equal(told(await second), 'ne;');
      assert.equal(desk.model.asked.length, 1);
    });

    it('also where the client sends whole texts', async () => {
      const desk = new Desk();
      void desk.ask();
      await desk.settle();
      desk.replaceAll('const sum = o\n', 13);
      const second = desk.ask();
      await desk.settle();
      desk.model.asked[0]?.finish('one;');
      assert.equal(told(await second), 'ne;');
      assert.equal(desk.model.asked.length, 1);
    });

    const others: readonly (readonly [name: string, act: (desk: Desk) => void])[] = [
      ['that is far ahead of it', desk => desk.type('x'.repeat(100))],
      ['with other text behind it', desk => desk.edit(desk.offset, desk.offset, ' + other')],
      ['in another line', desk => (desk.offset = desk.text.length)],
    ];
    for (const [name, act] of others) {
      it(`not for a place ${name}: the one under way is ended`, async () => {
        const desk = new Desk();
        void desk.ask();
        await desk.settle();
        const { offset } = desk;
        act(desk);
        if (name.startsWith('with')) desk.offset = offset;
        void desk.ask();
        await desk.settle();
        assert.equal(desk.model.asked.length, 2);
        assert.equal(desk.model.asked[0]?.aborted, true);
      });
    }

    it('sends nothing where a key comes while the context is put together', async () => {
      const desk = new Desk();
      const first = desk.ask();
      desk.type('o');
      assert.equal(told(await first), 'nothing: aborted');
      assert.equal(desk.model.asked.length, 0);
    });

    it('asks again where the answer turns out to be for something else', async () => {
      const desk = new Desk();
      void desk.ask();
      await desk.settle();
      desk.type('t');
      const second = desk.ask();
      await desk.settle();
      desk.model.asked[0]?.finish('one;');
      await desk.settle();
      desk.model.asked[1]?.finish('wo;');
      assert.equal(told(await second), 'wo;');
    });
  });

  describe('ends a request upstream', () => {
    const contradictions: readonly (readonly [name: string, act: (desk: Desk) => void])[] = [
      ['when another key is typed', desk => desk.type('x')],
      ['when what was there is deleted', desk => desk.backspace()],
      ['when the text near above changes', desk => desk.edit(0, 0, '\n')],
      ['when the document is closed', desk => desk.pipeline.documentClosed(URI)],
      ['when others may answer now', desk => desk.pipeline.forget()],
    ];
    for (const [name, act] of contradictions) {
      it(name, async () => {
        const desk = new Desk();
        const result = desk.ask();
        await desk.settle();
        desk.model.asked[0]?.say('one');
        await desk.settle();
        act(desk);
        assert.equal(desk.model.asked[0]?.aborted, true);
        assert.match(told(await result), /^nothing/);
      });
    }

    it('when nobody waits any more, and not when a newer question came', async () => {
      for (const [reason, ended] of [
        [new Error('cancelled'), true],
        [new Superseded(), false],
      ] as const) {
        const desk = new Desk();
        const controller = new AbortController();
        const result = desk.ask({}, controller.signal);
        await desk.settle();
        controller.abort(reason);
        assert.equal(told(await result), 'nothing: aborted');
        assert.equal(desk.model.asked[0]?.aborted, ended);
      }
    });

    const agreements: readonly (readonly [name: string, act: (desk: Desk) => void])[] = [
      ['when what it says is typed', desk => desk.type('on')],
      ['when the editor closes a bracket', desk => (desk.type('one'), desk.type('()'))],
      ['when the text below changes', desk => desk.edit(desk.text.length, desk.text.length, 'more\n')],
    ];
    for (const [name, act] of agreements) {
      it(`not ${name}`, async () => {
        const desk = new Desk();
        void desk.ask();
        await desk.settle();
        desk.model.asked[0]?.say('one(two)');
        await desk.settle();
        act(desk);
        assert.equal(desk.model.asked[0]?.aborted, false);
      });
    }
  });

  describe('waits for a pause in typing', () => {
    it('and sends what is there then, once', async () => {
      const desk = new Desk();
      const results = [desk.ask({ debounceMs: 75 })];
      await desk.settle(50);
      desk.type('o');
      results.push(desk.ask({ debounceMs: 75 }));
      await desk.settle(50);
      assert.equal(desk.model.asked.length, 0);
      await desk.settle(25);
      assert.equal(desk.model.asked[0]?.prefix, 'const sum = o');
      desk.model.asked[0]?.finish('ne;');
      assert.deepEqual((await Promise.all(results)).map(told), ['nothing: aborted', 'ne;']);
      assert.equal(desk.model.asked.length, 1);
    });

    it('not for what was asked for, and not where none is due', async () => {
      for (const more of [{ debounceMs: 75, trigger: 'explicit' as const }, {}]) {
        const desk = new Desk();
        desk.model.answers = () => ({ text: 'one;' });
        assert.equal(await desk.shown(more), 'one;');
      }
    });
  });

  describe('prefetches what follows', () => {
    const settings = { prefetch: true };

    it('behind the suggestion that is shown, so that accepting it asks nobody', async () => {
      const desk = new Desk({ text: 'if $0\n', settings });
      desk.model.answers = ({ prefix }) => ({ text: prefix.text.endsWith('if ') ? '(one) {' : ' two();' });
      assert.equal(await desk.shown(), '(one) {');
      await desk.settle(1_000);
      assert.equal(desk.model.asked[1]?.prefix, 'if (one) {');
      assert.equal(desk.model.asked.length, 2);
      desk.type('(one) {');
      assert.equal(await desk.shown(), ' two();');
      assert.equal(desk.model.asked.length, 2);
    });

    it('in the next line, where the suggestion finishes its own', async () => {
      const desk = new Desk({ text: '  one = $0\n', settings });
      desk.model.answers = () => ({ text: 'two;' });
      await desk.shown();
      await desk.settle(1_000);
      assert.equal(desk.model.asked[1]?.prefix, '  one = two;\n  ');
    });

    it('is joined when it is accepted before the answer is there', async () => {
      const desk = new Desk({ text: 'if $0\n', settings });
      desk.model.answers = ({ prefix }) => (prefix.text.endsWith('if ') ? { text: '(one) {' } : undefined);
      await desk.shown();
      await desk.settle(1_000);
      desk.type('(one) {');
      const next = desk.ask();
      await desk.settle();
      desk.model.asked[1]?.finish(' two();');
      assert.equal(told(await next), ' two();');
      assert.equal(desk.model.asked.length, 2);
    });

    const answers: readonly (readonly [what: string, act: (desk: Desk) => void])[] = [
      ['of no use', desk => desk.model.asked[1]?.finish('if (one) {')],
      ['a failure', desk => desk.model.asked[1]?.fail('out of order')],
    ];
    for (const [what, act] of answers) {
      it(`once for a suggestion, also where the answer is ${what}`, async () => {
        const desk = new Desk({ text: 'if $0\n', settings });
        desk.model.answers = ({ prefix }) => (prefix.text.endsWith('if ') ? { text: '(one) {' } : undefined);
        await desk.shown();
        await desk.settle(1_000);
        act(desk);
        for (const key of '(on') {
          desk.type(key);
          await desk.shown();
          await desk.settle(1_000);
        }
        assert.equal(desk.model.asked.length, 2);
      });
    }

    it('ends when something else is typed', async () => {
      const desk = new Desk({ text: 'if $0\n', settings });
      desk.model.answers = ({ prefix }) => (prefix.text.endsWith('if ') ? { text: '(one) {' } : undefined);
      await desk.shown();
      await desk.settle(1_000);
      desk.type('(o');
      assert.equal(desk.model.asked[1]?.aborted, false);
      desk.type('x');
      assert.equal(desk.model.asked[1]?.aborted, true);
    });

    const never: readonly (readonly [name: string, prepare: (desk: Desk) => void, more?: object])[] = [
      ['where nothing may be sent by itself', desk => (desk.automatic = false), { trigger: 'explicit' }],
      ['for a menu', () => {}, { patience: 1_000 }],
    ];
    for (const [name, arrange, more] of never) {
      it(`not ${name}`, async () => {
        const desk = new Desk({ settings });
        desk.model.answers = () => ({ text: 'one {' });
        arrange(desk);
        assert.equal(await desk.shown(more), 'one {');
        await desk.settle(10_000);
        assert.equal(desk.model.asked.length, 1);
      });
    }

    it('not when it is switched off, nor when typing goes on', async () => {
      for (const [prefetch, keys] of [
        [false, ''],
        [true, 'o'],
      ] as const) {
        const desk = new Desk({ settings: { prefetch } });
        desk.model.answers = () => ({ text: 'one {' });
        await desk.shown();
        desk.type(keys);
        await desk.settle(10_000);
        assert.equal(desk.model.asked.length, 1);
      }
    });
  });

  describe('asks by the shape that syntax gives', () => {
    const lines = (desk: Desk) => desk.model.asked.at(-1)?.request.maxLines;

    it('for a line or a block, where the text alone does not settle it', async () => {
      for (const [shape, expected] of [
        ['line', 1],
        ['block', 10],
      ] as const) {
        const desk = new Desk({ text: 'if (one) {$0\n}\n' });
        desk.shape = shape;
        desk.model.answers = () => ({ text: ' two();' });
        await desk.shown();
        assert.equal(lines(desk), expected);
      }
    });

    it('for a line in the middle of one, whatever it is', async () => {
      const desk = new Desk({ text: 'one = $0 + two;\n' });
      desk.shape = 'block';
      desk.model.answers = () => ({ text: 'three' });
      await desk.shown();
      assert.equal(lines(desk), 1);
    });

    it('also for the embedded engine, from the text alone', async () => {
      for (const [text, expected] of [
        ['const sum = $0\n', 1],
        ['if (one) {\n  $0\n}\n', 10],
        ['// if (one) {$0\n', 1],
      ] as const) {
        const desk = new Desk({ text });
        desk.automatic = false;
        desk.shape = 'block';
        for (const more of [{}, { trigger: 'explicit', mayBeTyping: true, patience: 30 } as const]) {
          await desk.shown(more);
          assert.equal(desk.embedded.asked.at(-1)?.request.maxLines, expected);
        }
      }
    });

    it('for nothing behind a finished line, unless the person asks', async () => {
      const desk = new Desk({ text: 'one();$0\n' });
      desk.shape = 'nothing';
      desk.model.answers = () => ({ text: '\ntwo();' });
      assert.equal(await desk.shown(), 'nothing: line is finished');
      assert.equal(desk.model.asked.length, 0);
      assert.equal(await desk.shown({ trigger: 'explicit' }), '\ntwo();');
      assert.equal(lines(desk), 10);
    });

    it('a menu that comes while typing asks no model behind a finished line', async () => {
      const desk = new Desk({ text: 'one();$0\n' });
      desk.shape = 'nothing';
      desk.embedded.answers = () => ({ text: ' two();', confidence: 1 });
      assert.equal(await desk.shown({ trigger: 'explicit', mayBeTyping: true, patience: 30 }), ' two();');
      assert.equal(desk.model.asked.length, 0);
    });
  });

  describe('shows unasked only what is likely', () => {
    const doubtful: readonly (readonly [name: string, text: string])[] = [
      ['a single character', 'x'],
      ['speech', 'Certainly! one()'],
    ];
    for (const [name, text] of doubtful) {
      it(`not ${name}`, async () => {
        const desk = new Desk({ text: '$0\n' });
        desk.model.answers = () => ({ text });
        assert.equal(await desk.shown(), 'nothing: not confident');
        assert.equal(await desk.shown({ trigger: 'explicit' }), text);
        assert.equal(desk.model.asked.length, 1);
      });
    }

    it('and in a menu, which may come while typing, not what is hardly likely', async () => {
      const menu = { trigger: 'explicit', mayBeTyping: true, patience: 30 } as const;
      for (const [confidence, expected] of [
        [0.02, 'nothing: not confident'],
        [0.25, 'one;'],
      ] as const) {
        const desk = new Desk();
        desk.automatic = false;
        desk.model.answers = () => ({ text: 'one;', confidence });
        desk.embedded.answers = () => ({ text: 'one;', confidence });
        assert.equal(await desk.shown(menu), expected);
        assert.equal(await desk.shown({ ...menu, trigger: 'automatic' }), 'nothing: not confident');
        assert.equal(await desk.shown({ trigger: 'explicit' }), 'one;');
      }
    });

    it('nothing in a language that is switched off, in a menu either', async () => {
      const desk = new Desk({ settings: { disabledLanguages: ['typescript'] } });
      desk.model.answers = () => ({ text: 'one;' });
      const menu = { trigger: 'explicit', mayBeTyping: true, patience: 30 } as const;
      assert.equal(await desk.shown(), 'nothing: off for this language');
      assert.equal(await desk.shown(menu), 'nothing: off for this language');
      assert.equal(await desk.shown({ trigger: 'explicit' }), 'one;');
    });

    it('not with names that nobody knows', async () => {
      const desk = new Desk();
      desk.model.answers = () => ({ text: 'frob(nicate, glork);' });
      desk.check = { parses: true, unknownNames: ['nicate', 'glork', 'frob'] };
      assert.equal(await desk.shown(), 'nothing: not confident');
      assert.equal(await desk.shown({ trigger: 'explicit' }), 'frob(nicate, glork);');
    });

    const looks: readonly (readonly [
      name: string,
      text: string,
      before: string,
      against: readonly string[],
    ])[] = [
      ['nothing', 'one + two;', 'const a = ', []],
      [
        'a line that stands just above',
        '  two.push(three);',
        'one();\n  two.push(three);\n',
        ['what stands above'],
      ],
      ['a longer line than people write', `f(${'one, '.repeat(40)}two)`, '', ['a very long line']],
      ['more lines than people read', 'one();\n'.repeat(9), '', ['a long block']],
      ['speech', 'Certainly! one()', '', ['speech instead of code']],
      ['a sign alone', ';', '', ['a single character']],
    ];
    for (const [name, text, before, against] of looks) {
      it(`counts ${name} against a text`, () => {
        const looked = estimate(text, before, false);
        assert.deepEqual(looked.against, against);
        assert.equal(looked.confidence < 0.9, against.length > 0);
      });
    }

    it('takes speech for what it is in prose', () => {
      assert.deepEqual(estimate('Sure, that is so.', '', true).against, []);
    });

    it('what the engine itself is sure of, and not what it is not', async () => {
      const desk = new Desk();
      desk.model.answers = () => ({ text: 'one;', confidence: 0.2 });
      assert.equal(await desk.shown(), 'nothing: not confident');
      desk.type('x');
      desk.model.answers = () => ({ text: 'one;', confidence: 0.8 });
      assert.equal(await desk.shown(), 'one;');
    });

    it('a block that would not parse, cut to its line', async () => {
      const desk = new Desk({ text: 'if (one) {$0\n}\n' });
      desk.shape = 'block';
      desk.model.answers = () => ({ text: ' two(\n  three\n);' });
      assert.equal(await desk.shown({ trigger: 'explicit' }), ' two(\n  three\n);');
      const other = new Desk({ text: 'if (one) {$0\n}\n' });
      other.shape = 'block';
      other.model.answers = () => ({ text: ' two(\n  three\n);' });
      other.check = { parses: false, unknownNames: [] };
      assert.equal(await other.shown({ trigger: 'explicit' }), ' two(');
    });
  });

  describe('beside a model', () => {
    it('the embedded engine stands in for one that is late, if it is sure', async () => {
      for (const [confidence, expected] of [
        [0.9, 'local;'],
        [0.5, 'model;'],
      ] as const) {
        const desk = new Desk();
        desk.embedded.answers = () => ({ text: 'local;', confidence });
        const result = desk.ask();
        await desk.settle(1_000);
        desk.model.asked[0]?.finish('model;');
        assert.equal(told(await result), expected);
        await desk.settle();
        assert.equal(await desk.shown(), 'model;');
        assert.equal(desk.model.asked.length, 1);
      }
    });

    it('a menu gets what is here, and the model next time', async () => {
      const desk = new Desk();
      desk.embedded.answers = () => ({ text: 'local;', confidence: 0.5 });
      const menu = { patience: 30, trigger: 'explicit', mayBeTyping: true } as const;
      const first = desk.ask(menu);
      await desk.settle(30);
      const result = await first;
      assert.equal(told(result), 'local;');
      assert.equal(result.final, false);
      desk.model.asked[0]?.finish('model;');
      await desk.settle();
      assert.equal(await desk.shown(menu), 'model;');
    });

    it('its draft goes to an endpoint that takes one, and to no other', async () => {
      for (const predicts of [true, false]) {
        const desk = new Desk({ predicts });
        desk.embedded.answers = () => ({ text: 'draft;', confidence: 0.1 });
        desk.model.answers = () => ({ text: 'one;' });
        await desk.shown();
        assert.equal(desk.model.asked[0]?.request.draft?.text, predicts ? 'draft;' : undefined);
      }
    });

    it('does not stand in, nor come unasked, with a bracket open at its end', async () => {
      const desk = new Desk();
      desk.embedded.answers = () => ({ text: 'local(', confidence: 0.9 });
      const result = desk.ask();
      await desk.settle(1_000);
      desk.model.asked[0]?.finish('model;');
      assert.equal(told(await result), 'model;');
      for (const [text, expected] of [
        ['const sum = $0\n', 'nothing: not confident'],
        ['const sum = $0)\n', 'local('],
      ] as const) {
        const alone = new Desk({ text });
        alone.automatic = false;
        alone.embedded.answers = () => ({ text: 'local(', confidence: 0.9 });
        assert.equal(await alone.shown(), expected);
        assert.equal(await alone.shown({ trigger: 'explicit', mayBeTyping: true, patience: 30 }), 'local(');
      }
    });

    it('answers where the model fails', async () => {
      const desk = new Desk();
      desk.embedded.answers = () => ({ text: 'local;', confidence: 0.5 });
      const result = desk.ask();
      await desk.settle();
      desk.model.asked[0]?.fail('out of order');
      assert.equal(told(await result), 'local;');
    });
  });

  describe("goes on from the item that the client's menu has selected", () => {
    const start = { line: 0, character: 6 };
    const selected = { range: { start, end: { line: 0, character: 9 } }, text: 'console' };

    it('as if it were inserted', async () => {
      const desk = new Desk({ text: 'await con$0;\n' });
      desk.model.answers = () => ({ text: '.log(one)' });
      const { suggestions } = await desk.ask({ selected });
      assert.deepEqual(
        suggestions.map(({ text, range }) => ({ text, range })),
        [{ text: 'console.log(one)', range: selected.range }],
      );
      assert.equal(desk.model.asked[0]?.prefix, 'await console');
      assert.equal(desk.model.asked[0]?.suffix, ';\n');
    });

    it('and is still there when the item is accepted, or typed', async () => {
      const desk = new Desk({ text: 'await con$0;\n' });
      desk.model.answers = () => ({ text: '.log(one)' });
      await desk.ask({ selected });
      desk.type('sole.');
      assert.equal(await desk.shown(), 'log(one)');
      assert.equal(desk.model.asked.length, 1);
    });

    it('shows nothing where nothing follows it', async () => {
      const desk = new Desk({ text: 'await con$0;\n' });
      desk.model.answers = () => ({ text: '' });
      assert.equal(told(await desk.ask({ selected })), 'nothing: engine gave nothing');
    });

    it('ends the request when something else is typed', async () => {
      const desk = new Desk({ text: 'await con$0;\n' });
      void desk.ask({ selected });
      await desk.settle();
      desk.type('s');
      assert.equal(desk.model.asked[0]?.aborted, false);
      desk.type('t');
      assert.equal(desk.model.asked[0]?.aborted, true);
    });
  });

  describe('says why', () => {
    it('nothing was shown, and what can be done', async () => {
      const desk = new Desk();
      assert.match(desk.pipeline.why(), /has not been asked/);
      desk.model.answers = () => ({ text: '' });
      await desk.shown();
      await desk.shown();
      const why = desk.pipeline.why(URI);
      assert.match(why, /src\/a\.ts/);
      assert.match(why, /line 1/);
      assert.ok(why.includes(ADVICE['engine gave nothing'].why));
      assert.ok(why.includes(ADVICE['engine gave nothing'].todo));
      assert.equal(desk.pipeline.lastNothing?.reason, 'engine gave nothing');
      assert.match(desk.pipeline.why('file:///other'), /has not been asked/);
      assert.ok(desk.machine.logged.some(({ message }) => message.includes('engine gave nothing')));
    });

    it('that something was shown', async () => {
      const desk = new Desk();
      desk.model.answers = () => ({ text: 'one;' });
      await desk.shown();
      assert.match(desk.pipeline.why(), /something was shown/);
      assert.equal(desk.pipeline.lastNothing, undefined);
    });
  });
});
