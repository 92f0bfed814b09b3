import assert from 'node:assert/strict';
import { EDIT_TOOLS, parseToolCalls } from '../../server/edits/toolCalls.ts';
import { parseReply } from '../../server/edits/parse.ts';
import { redacted } from '../../server/guard/redacted.ts';
import { EDIT_TOOL_SPECS, inForm } from '../../server/prompts/editForms.ts';
import { fixPrompt } from '../../server/prompts/fix.ts';
import { implementPrompt } from '../../server/prompts/implement.ts';

const context = {
  path: redacted`a.ts`,
  language: redacted`TypeScript`,
  text: redacted`let a;`,
  budget: 2000,
};

describe('prompts: forms of an edit', () => {
  it('one form takes the place of another, and the rest stays', () => {
    const blocks = fixPrompt(context);
    for (const form of ['diff', 'whole', 'tools', 'range'] as const) {
      const messages = inForm(blocks, form) ?? assert.fail(form);
      assert.deepEqual(messages.slice(1), blocks.slice(1));
      const system = messages[0]?.content.text ?? '';
      assert.match(system, /You fix problems/);
      assert.match(system, /Never abbreviate|never abbreviate/);
      assert.doesNotMatch(system, /SEARCH/);
    }
    assert.deepEqual(inForm(blocks, 'blocks'), blocks);
  });

  it('a prompt with a form of its own keeps it', () => {
    assert.equal(inForm(implementPrompt(context), 'diff'), undefined);
  });

  it('what a prompt shows as the form of an answer is read as one', () => {
    for (const [form, expect] of [
      ['blocks', 'blocks'],
      ['diff', 'blocks'],
      ['whole', 'whole'],
    ] as const) {
      const system = inForm(fixPrompt(context), form)?.[0]?.content.text ?? '';
      const example = system.slice(system.indexOf(':\n\n') + 3, system.indexOf('\n\nRules:'));
      const parsed = parseReply(example, { expect, paths: ['path/to/file'] });
      assert(parsed.ok && parsed.kind === 'blocks', form);
      assert.deepEqual(
        parsed.edits.map(({ path }) => path),
        ['path/to/file'],
      );
    }
  });

  it('the tools that are offered are those that are read', () => {
    const offered = EDIT_TOOL_SPECS.map(({ name, parameters }) => [name, parameters['required']]);
    assert.deepEqual(Object.fromEntries(offered), EDIT_TOOLS);
    for (const { name, parameters } of EDIT_TOOL_SPECS) {
      const names = Object.keys(parameters['properties'] as object);
      const call = {
        id: '1',
        name,
        arguments: JSON.stringify(Object.fromEntries(names.map(each => [each, 'x']))),
      };
      assert(parseToolCalls([call]).ok);
    }
  });
});
