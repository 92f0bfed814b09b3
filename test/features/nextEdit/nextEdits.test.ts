import assert from 'node:assert/strict';
import type { RecentEdit } from '../../../server/base/history.ts';
import { Document } from '../../../server/base/document.ts';
import { defaultSettings, type Settings } from '../../../server/config/settings.ts';
import type { Engine, EngineEvent } from '../../../server/engines/engine.ts';
import { NextEdits } from '../../../server/features/nextEdit/nextEdits.ts';
import type { Prediction } from '../../../server/features/nextEdit/types.ts';
import type { Services } from '../../../server/features/services.ts';
import { createRedactor } from '../../../server/guard/redaction.ts';

const uri = 'file:///w/a.ts';

/** Services with a clock that the test moves, heuristics that say what they are told, and a model that counts. */
class Desk {
  now = 1_000_000;
  timers: { at: number; run: () => void }[] = [];
  document = new Document(uri, 'typescript', 1, 'one();\ntwo();\nthree();\nfour();\nfive();\nsix();\n');
  predictions: readonly Prediction[] = [];
  asked: { signal: AbortSignal }[] = [];
  answer = '<region>\n</region>';
  changed: string[][] = [];
  allowed = true;
  edits: RecentEdit[] = [
    {
      uri,
      languageId: 'typescript',
      line: 0,
      before: 'none();',
      after: 'one();',
      beforeLines: 1,
      afterLines: 1,
      version: 1,
      at: this.now,
    },
  ];
  settings: Settings = defaultSettings;
  readonly nextEdits: NextEdits;

  constructor(settings: Partial<Settings['nextEdit']> = {}) {
    this.settings = { ...defaultSettings, nextEdit: { ...defaultSettings.nextEdit, ...settings } };
    const engine: Pick<Engine, 'name' | 'origin' | 'chat'> = {
      name: 'a model',
      origin: 'http://model',
      chat: (_, signal) => this.#chat(signal),
    };
    const services: Partial<Record<keyof Services, unknown>> = {
      settings: () => this.settings,
      clock: {
        now: () => this.now,
        after: (ms: number, run: () => void) => {
          const timer = { at: this.now + ms, run };
          this.timers.push(timer);
          return { cancel: () => (this.timers = this.timers.filter(each => each !== timer)) };
        },
      },
      documents: { get: () => this.document, all: () => [this.document], isDesynchronised: () => false },
      history: { edits: () => this.edits, viewed: () => [] },
      nextEdits: async () => this.predictions,
      router: {
        choose: (_: string, trigger: string) => (trigger === 'automatic' && !this.allowed ? {} : { engine }),
      },
      gate: () => ({ checkDocument: async () => ({ allowed: this.allowed, why: 'it is excluded' }) }),
      places: { folders: [], displayPath: () => 'a.ts' },
      redactor: createRedactor(),
      analysis: { preflight: async () => ({ ok: true, problems: [], syntaxChecked: true }) },
      log: { write: () => {} },
    };
    this.nextEdits = new NextEdits({
      services: () => services as unknown as Services,
      changed: uris => this.changed.push([...uris]),
      failed: (what, error) => assert.fail(`${what}: ${String(error)}`),
    });
  }

  async *#chat(signal: AbortSignal): AsyncIterable<EngineEvent> {
    this.asked.push({ signal });
    await Promise.resolve();
    yield { type: 'text', text: this.answer };
    yield { type: 'done', reason: 'stop' };
  }

  predict(...lines: number[]): void {
    this.predictions = lines.map(line => ({
      uri,
      version: this.document.version,
      range: { start: { line, character: 0 }, end: { line, character: 3 } },
      newText: `new${line}`,
      confidence: 0.9,
      reason: `change ${line}`,
      group: `group ${line % 2}`,
      by: 'test',
      verified: true,
      together: true,
    }));
  }

  type(): void {
    const version = this.document.version + 1;
    this.document.update(
      [{ range: { start: { line: 5, character: 0 }, end: { line: 5, character: 0 } }, text: ' ' }],
      version,
    );
    this.nextEdits.documentChanged(this.document);
  }

  /** Lets time pass, and whatever then runs come to its end. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    for (;;) {
      const due = this.timers.find(({ at }) => at <= this.now);
      if (!due) break;
      this.timers = this.timers.filter(each => each !== due);
      due.run();
      for (let i = 0; i < 40; i++) await Promise.resolve();
    }
  }

  /** Types, predicts these lines for the text as it is then, and waits. */
  async settle(...lines: number[]): Promise<void> {
    this.type();
    this.predict(...lines);
    await this.pass(250);
  }

  get lines(): number[] {
    return this.nextEdits.shown(uri).map(({ range }) => range.start.line);
  }
}

describe('next edits as they are offered', () => {
  it('only after a pause, and gone at the next key', async () => {
    const desk = new Desk();
    desk.type();
    desk.predict(1, 2);
    await desk.pass(200);
    assert.deepEqual(desk.lines, []);
    desk.type();
    desk.predict(1, 2);
    await desk.pass(200);
    assert.deepEqual(desk.lines, []);
    await desk.pass(50);
    assert.deepEqual(desk.lines, [1, 2]);
    desk.type();
    assert.deepEqual(desk.lines, []);
  });

  it('three are shown, all can be gone to', async () => {
    const desk = new Desk();
    await desk.settle(0, 1, 2, 3, 4);
    assert.deepEqual(desk.lines, [0, 1, 2]);
    assert.deepEqual(
      Array.from({ length: 6 }, () => desk.nextEdits.visit()?.range.start.line),
      [0, 1, 2, 3, 4, 0],
    );
  });

  it('a dismissed one takes along what goes on with the same thing, for good', async () => {
    const desk = new Desk();
    await desk.settle(0, 1, 2, 3);
    desk.nextEdits.visit();
    desk.nextEdits.visit();
    assert.equal(desk.nextEdits.dismiss()?.range.start.line, 1);
    assert.deepEqual(desk.lines, [0, 2]);
    await desk.settle(0, 1, 2, 3);
    assert.deepEqual(desk.lines, [0, 2]);
  });

  it('those that fit together are one change', async () => {
    const desk = new Desk();
    await desk.settle(0, 1, 2);
    const [change, ...others] = desk.nextEdits.changesOf('group 0');
    assert.deepEqual(others, []);
    assert.equal(change?.version, desk.document.version);
    assert.deepEqual(
      change?.edits.map(({ newText }) => newText),
      ['new0', 'new2'],
    );
  });

  it('an old edit says nothing about now', async () => {
    const desk = new Desk();
    desk.now += 600_001;
    await desk.settle(1);
    assert.deepEqual(desk.lines, []);
  });

  it('what is shown is told once it changes', async () => {
    const desk = new Desk();
    await desk.settle();
    assert.deepEqual(desk.changed, []);
    await desk.settle(1);
    assert.deepEqual(desk.changed, [[uri]]);
    desk.nextEdits.documentClosed(uri);
    assert.deepEqual(desk.changed, [[uri], [uri]]);
    assert.deepEqual(desk.lines, []);
  });

  describe('a model', () => {
    const answer = '<region>\n\none();\ntwo(2);\nthree();\nfour();\nfive();\n six();\n\n</region>';

    for (const [what, settings, allowed, asked] of [
      ['is asked by itself where that is set', { model: 'auto' }, true, 1],
      ['is not asked by itself else', {}, true, 0],
      ['is not asked where text may not be sent unasked', { model: 'auto' }, false, 0],
    ] as const) {
      it(what, async () => {
        const desk = new Desk(settings);
        desk.allowed = allowed;
        await desk.settle();
        assert.equal(desk.asked.length, 0, 'not before a longer pause');
        await desk.pass(700);
        assert.equal(desk.asked.length, asked);
      });
    }

    it('is not asked where something is predicted without it', async () => {
      const desk = new Desk({ model: 'auto' });
      await desk.settle(1);
      await desk.pass(5_000);
      assert.equal(desk.asked.length, 0);
    });

    it('answers with one small change', async () => {
      const desk = new Desk();
      desk.answer = answer.replace('\n\none', '\none');
      await desk.settle();
      await desk.nextEdits.ask(new AbortController().signal);
      const [found] = desk.nextEdits.all;
      assert.equal(found?.newText, 'two(2);');
      assert.deepEqual(found?.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } });
    });

    it('is left alone by the next key, and its answer is not used', async () => {
      const desk = new Desk();
      desk.answer = answer.replace('\n\none', '\none');
      await desk.settle();
      const asking = desk.nextEdits.ask(new AbortController().signal);
      for (let i = 0; i < 40 && desk.asked.length === 0; i++) await Promise.resolve();
      desk.type();
      assert.equal(desk.asked[0]?.signal.aborted, true);
      await asking;
      assert.deepEqual(desk.nextEdits.all, []);
    });

    it('is not asked at all where it is off', async () => {
      const desk = new Desk({ model: 'off' });
      await desk.settle();
      await desk.nextEdits.ask(new AbortController().signal);
      assert.equal(desk.asked.length, 0);
    });

    it('gets nothing of a file that may not be read', async () => {
      const desk = new Desk();
      desk.allowed = false;
      await desk.settle();
      await desk.nextEdits.ask(new AbortController().signal);
      assert.equal(desk.asked.length, 0);
    });
  });
});
