/** Whatever a person does at the keyboard: what is shown is what the model said for that text, and all is answered. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CompletionResult } from '../../../server/features/completion/types.ts';
import { Superseded } from '../../../server/base/errors.ts';
import { Desk, type DeskOptions } from './desk.ts';

/** Text that must be the same around a place for an answer to count there. */
const NEAR = 400;

interface Said {
  readonly prefix: string;
  readonly suffix: string;
  readonly text: string;
}

/** The model's word for a place: the same for the same text around it, and never the same for another. */
function wordFor(prefix: string, suffix: string): string {
  let hash = 7;
  for (const character of `${prefix.slice(-40)}|${suffix.slice(0, 40)}`)
    hash = (hash * 31 + character.charCodeAt(0)) % 999_983;
  const names = ['ab', 'ba', 'aab', 'bba'];
  return `${names[hash % 4]}(${names[(hash >> 2) % 4]}x${hash}, y);`;
}

/** Whether the shown text is the rest of what was said for the text that is there. */
function isTrue(said: readonly Said[], before: string, after: string, shown: string): boolean {
  return said.some(({ prefix, suffix, text }) => {
    // A prompt may hold less behind the cursor than is compared.
    if (!text.endsWith(shown) || !after.startsWith(suffix.slice(0, NEAR))) return false;
    const typed = text.slice(0, text.length - shown.length);
    if (!before.endsWith(typed)) return false;
    const place = before.slice(0, before.length - typed.length);
    return place.slice(-NEAR) === prefix.slice(-NEAR);
  });
}

type Act = {
  readonly kind: 'key' | 'along' | 'back' | 'move' | 'above' | 'below' | 'ask' | 'wait';
  readonly n: number;
};

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'key',
      'along',
      'along',
      'back',
      'move',
      'above',
      'below',
      'ask',
      'ask',
      'wait',
      'wait',
      'wait',
    ),
    n: fc.nat(1_000),
  }) as fc.Arbitrary<Act>,
  { minLength: 5, maxLength: 40 },
);

const start = `${'let far = away;\n'.repeat(40)}one = $0;\ntwo();\n${'let far = below;\n'.repeat(40)}`;

interface Played {
  readonly shown: number;
  readonly stale: number;
  readonly unanswered: number;
  readonly requests: number;
  readonly questions: number;
}

async function play(
  script: readonly Act[],
  slow: boolean,
  settings: DeskOptions['settings'] = {},
): Promise<Played> {
  const desk = new Desk({ text: start, settings });
  const said: Said[] = [];
  desk.model.answers = ({ prefix, suffix }) => {
    const text = wordFor(prefix.text, suffix.text);
    said.push({ prefix: prefix.text, suffix: suffix.text, text });
    return slow ? undefined : { text };
  };
  let answered = 0;
  let stale = 0;
  let shown = 0;
  let latest = '';
  const questions: Promise<void>[] = [];
  let controller = new AbortController();
  const ask = () => {
    controller.abort(new Superseded());
    controller = new AbortController();
    const { version } = desk.document;
    const before = desk.text.slice(0, desk.offset);
    const after = desk.text.slice(desk.offset);
    const look = ({ suggestions }: CompletionResult) => {
      answered++;
      const [suggestion] = suggestions;
      if (!suggestion) return;
      shown++;
      latest = desk.document.version === version ? suggestion.text : '';
      if (!isTrue(said, before, after, suggestion.text)) stale++;
    };
    questions.push(desk.ask({ debounceMs: script.length % 2 === 0 ? 75 : 0 }, controller.signal).then(look));
  };
  const finish = (index: number) => {
    const open = desk.model.asked.flatMap((one, at) => (one.ended || one.aborted ? [] : [at]));
    const at = open[index % Math.max(1, open.length)];
    if (slow && at !== undefined) desk.model.asked[at]?.finish(said[at]?.text);
  };
  for (const { kind, n } of script) {
    if (kind === 'key') desk.type('ab(;\n'[n % 5] as string);
    else if (kind === 'along') desk.type(latest.slice(0, 1 + (n % 3)));
    else if (kind === 'back') desk.backspace(1 + (n % 3));
    else if (kind === 'move') desk.offset = n % (desk.text.length + 1);
    else if (kind === 'above') desk.edit(0, n % 2, '// z\n');
    else if (kind === 'below') desk.edit(desk.text.length, desk.text.length, 'z');
    else if (kind === 'ask') ask();
    else {
      await desk.settle((n % 4) * 50);
      finish(n);
      await desk.settle();
    }
    if (kind === 'along') latest = '';
    if (!slow || n % 3 > 0) await desk.settle(kind === 'ask' ? 75 : 0);
  }
  for (let left = 0; left < 100 && answered < questions.length; left++) {
    await desk.settle(75);
    finish(0);
  }
  return {
    shown,
    stale,
    unanswered: questions.length - answered,
    requests: said.length,
    questions: questions.length,
  };
}

describe('reuse against a person who types, deletes and jumps', () => {
  for (const slow of [false, true]) {
    it(`shows only what the model said for that text, ${slow ? 'late' : 'at once'}`, async () => {
      let shown = 0;
      let saved = 0;
      await fc.assert(
        fc.asyncProperty(acts, fc.boolean(), async (script, prefetch) => {
          const played = await play(script, slow, { prefetch });
          assert.equal(played.stale, 0);
          assert.equal(played.unanswered, 0);
          shown += played.shown;
          saved += prefetch ? 0 : played.questions - played.requests;
        }),
        { numRuns: 120, seed: 7 },
      );
      // The property says something only if there was something to see.
      assert.ok(shown > 50, `${shown} shown`);
      assert.ok(saved > 20, `${saved} requests saved`);
    });
  }
});

describe('10,000 bursts of typing', () => {
  it('leave nothing stale and nothing unanswered', async () => {
    const desk = new Desk();
    const said: Said[] = [];
    desk.model.answers = ({ prefix, suffix }) => {
      const text = wordFor(prefix.text, suffix.text);
      said.push({ prefix: prefix.text, suffix: suffix.text, text });
      return { text };
    };
    let answered = 0;
    let stale = 0;
    let shown = 0;
    let controller = new AbortController();
    for (let burst = 0; burst < 10_000; burst++) {
      // The next question comes before this one is answered; the last one of a burst is waited for.
      const results: Promise<void>[] = [];
      for (let key = 0; key < 2; key++) {
        desk.type('abc'[(burst + key * 2) % 3] as string);
        controller.abort(new Superseded());
        controller = new AbortController();
        const before = desk.text.slice(0, desk.offset);
        const after = desk.text.slice(desk.offset);
        const look = ({ suggestions: [suggestion] }: CompletionResult) => {
          answered++;
          if (!suggestion) return;
          shown++;
          if (!isTrue(said.slice(-8), before, after, suggestion.text)) stale++;
        };
        results.push(desk.ask({}, controller.signal).then(look));
      }
      await Promise.all(results);
      if (burst % 10 === 9) desk.backspace(20);
    }
    assert.deepEqual({ answered, stale }, { answered: 20_000, stale: 0 });
    assert.ok(shown >= 10_000, `${shown} shown`);
  }).timeout(60_000);
});
