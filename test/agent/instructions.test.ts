/** Standing instructions: from trusted places alone, bounded, and nothing that hides characters. */
import assert from 'node:assert/strict';
import { findInstructions } from '../../server/agent/instructions.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

const skill = (name: string, description: string) =>
  `---\nname: ${name}\ndescription: ${description}\n---\n\nDo it well.\n`;
const files = {
  '/w/AGENTS.md': 'Use tabs.\n',
  '/w/.codriver/skills/release/SKILL.md': skill('release', 'When a version is made'),
  '/w/.codriver/skills/notes.md': 'no skill',
  '/w/.claude/skills/plain/SKILL.md': 'Just words.',
  '/home/dev/skills/mine/SKILL.md': skill('mine', 'Always'),
  '/home/dev/skills/tricky/SKILL.md': 'Do\u{e0041}\u{e0042} this.',
  '/home/dev/skills/huge/SKILL.md': 'x'.repeat(70_000),
};
const machine = createMemoryMachine({ files });
const find = (trusted: string | undefined, mayRead = async (_path: string) => true) =>
  findInstructions({ files: machine.files, trusted, mayRead, userSkills: '/home/dev/skills' });

describe('instructions', () => {
  it("come from the project only where it is trusted, and from the user's own folder always", async () => {
    const trusted = await find('/w');
    assert.deepEqual(
      trusted.instructions.map(({ title }) => title),
      ['AGENTS.md', 'skill mine (yours)', "skill release (the project's)", "skill plain (the project's)"],
    );
    assert.equal(trusted.instructions[1]?.text, 'When to use it: Always\n\nDo it well.');
    const untrusted = await find(undefined);
    assert.deepEqual(
      untrusted.instructions.map(({ title }) => title),
      ['skill mine (yours)'],
    );
  });

  it('are left out of the project where the gate lets nothing pass, and say nothing of it', async () => {
    const asked: string[] = [];
    const gate = async (path: string) => {
      asked.push(path);
      return path.includes('.claude');
    };
    const { instructions } = await find('/w', gate);
    assert.deepEqual(
      instructions.map(({ title }) => title),
      ['skill mine (yours)', "skill plain (the project's)"],
    );
    assert.ok(asked.every(path => path.startsWith('/w/')));
  });

  it('are left out where they hide characters or are far too long, and the person is told', async () => {
    const { problems } = await find(undefined);
    assert.equal(problems.length, 2);
    assert.match(problems.join('\n'), /"huge" is larger/);
    assert.match(problems.join('\n'), /"tricky" holds characters that cannot be seen/);
  });
});
