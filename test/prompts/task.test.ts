/** The prompts of tasks: within their budget always, what must be seen is seen, and their words as a snapshot. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createRedactor } from '../../server/guard/redaction.ts';
import {
  handoffPrompt,
  helperPrompt,
  planPrompt,
  stepPrompt,
  type TaskMaterial,
  type TaskMessages,
} from '../../server/prompts/task.ts';

const redactor = createRedactor();
const safe = (raw: string) => redactor.redact(raw);
const folder = join(import.meta.dirname, '../fixtures/prompts');

const material: TaskMaterial = {
  title: safe('Shop'),
  goal: safe('Prices have taxes.'),
  steps: [
    { id: safe('s1'), text: safe('Read the code'), state: 'done' },
    { id: safe('s2'), text: safe('Add the tax'), state: 'now', detail: safe('  twenty per cent') },
    { id: safe('s3'), text: safe('Test it'), state: 'open' },
  ],
  decisions: [{ id: safe('d1'), text: safe('Keep the names because users know them') }],
  answers: [{ question: safe('Which rate?'), answer: safe('20 %') }],
  instructions: [{ title: safe('AGENTS.md'), text: safe('Use tabs.') }],
  handoff: safe('Next: (s2) edit `src/price.ts`'),
  objection: safe('It was too slow.'),
  facts: safe('Top of the tree: src/, README.md\nChanged by this task: none\nChecks: tests'),
  observations: [{ call: safe('read path=src/price.ts'), text: safe('1 lines\n1|export const price = 1;') }],
  fault: safe('Call 1: there is no such tool here.'),
  budget: 4_000,
};

const prompts: Readonly<Record<string, (material: TaskMaterial) => TaskMessages>> = {
  'task-plan': planPrompt,
  'task-step': stepPrompt,
  'task-step-text': each =>
    stepPrompt({ ...each, textTools: safe('Tools:\n- read(path: string): Reads a file.') }),
  'task-helper': each => helperPrompt(each, safe('Where is price?')),
  'task-handoff': each =>
    handoffPrompt({ ...each, draft: safe('Next: (s2) go on'), faults: [safe('- There is no (d9).')] }),
};

const printed = ({ messages }: TaskMessages): string =>
  messages.map(({ content, role }) => `=== ${role}\n${content.text}\n`).join('');
const size = ({ messages }: TaskMessages): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0);

describe('task prompts', () => {
  for (const [name, prompt] of Object.entries(prompts)) {
    it(`stand as they were: ${name}`, () => {
      const file = join(folder, `${name}.txt`);
      const text = printed(prompt(material));
      if (process.env['UPDATE'] === '1' || !existsSync(file)) writeFileSync(file, text);
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  const words = fc
    .integer({ min: 0, max: 30_000 })
    .map(length => safe('word '.repeat(Math.ceil(length / 5)).slice(0, length)));
  it('stay within a small window, and never drop goal, plan, decisions or the newest result', () => {
    fc.assert(
      fc.property(
        fc.record({
          goal: words,
          facts: words,
          handoff: words,
          decisions: fc.integer({ min: 0, max: 60 }),
          steps: fc.integer({ min: 1, max: 80 }),
          now: fc.nat(),
          observations: fc.array(words, { maxLength: 8 }),
          instructions: fc.array(words, { maxLength: 4 }),
          budget: fc.integer({ min: 3_000, max: 9_000 }),
        }),
        fc.constantFrom(...Object.keys(prompts)),
        (given, name) => {
          const now = given.now % given.steps;
          const whole: TaskMaterial = {
            ...material,
            goal: given.goal,
            facts: given.facts,
            handoff: given.handoff,
            budget: given.budget,
            decisions: Array.from({ length: given.decisions }, (_, i) => ({
              id: safe(`d${i + 1}`),
              text: safe(`canary${i}x because ${'of much '.repeat(40)}`),
            })),
            steps: Array.from({ length: given.steps }, (_, i) => ({
              id: safe(`s${i + 1}`),
              text: safe(`step words ${'long '.repeat(30)}`),
              state: i === now ? 'now' : i < now ? 'done' : 'open',
            })),
            observations: given.observations.map((text, i) => ({
              call: safe(`read ${i}`),
              text: safe(`seen${i}x\n${text.text}`),
            })),
            instructions: given.instructions.map(text => ({ title: safe('skill'), text })),
          };
          const made = prompts[name]?.(whole) as TaskMessages;
          assert.ok(size(made) <= given.budget * 4, `${name}: ${size(made)} of ${given.budget * 4}`);
          const text = printed(made);
          for (let i = 0; i < given.decisions; i++)
            assert.ok(text.includes(`canary${i}x`), `${name} lost decision ${i}`);
          assert.ok(text.includes(`(s${now + 1})`), `${name} lost the step`);
          const last = given.observations.length - 1;
          if (last >= 0) assert.ok(text.includes(`seen${last}x`), `${name} lost the newest result`);
          const seen = given.observations.filter((_, i) => text.includes(`seen${i}x`)).length;
          assert.equal(seen, given.observations.length - made.leftOut);
          if (made.leftOut > 0) assert.match(text, /\[cut: \d+ earlier results of this session left out\]/);
        },
      ),
      { numRuns: 150 },
    );
  });
});
