/**
 * Which strategies are tried for which endpoint and model, and how chat models' answers are read.
 */
import assert from 'node:assert/strict';
import { completionsURL, planStrategies } from '../../server/engines/fim/plan.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';
import { fillInMiddlePrompt, readMiddle } from '../../server/prompts/fillInMiddle.ts';

describe('fill-in-the-middle plans', () => {
  for (const [baseURL, model, plan] of [
    ['https://api.openai.com/v1', 'gpt-4o', 'chat'],
    ['https://api.openai.com/v1', 'gpt-3.5-turbo-instruct', 'suffix chat'],
    ['https://x.openai.azure.com/openai/v1', 'my-deployment', 'chat'],
    ['https://openrouter.ai/api/v1', 'qwen/qwen-2.5-coder-32b-instruct', 'chat'],
    ['https://api.mistral.ai/v1', 'codestral-latest', 'mistral chat'],
    ['https://codestral.mistral.ai/v1', 'codestral-2508', 'mistral chat'],
    ['https://api.mistral.ai/v1', 'mistral-large-latest', 'chat'],
    ['https://api.deepseek.com', 'deepseek-chat', 'suffix chat'],
    ['http://localhost:11434/v1', 'qwen2.5-coder', 'suffix chat'],
    ['http://gpu:9000/v1', 'qwen2.5-coder:1.5b', 'suffix chat'],
    ['http://localhost:8080/v1', 'default', 'infill chat'],
    ['http://localhost:8080/v1', 'qwen2.5-coder-7b', 'infill template chat'],
    ['http://gpu:9000', '/models/qwen2.5-coder.gguf', 'infill template chat'],
    ['http://localhost:8000/v1', 'bigcode/starcoder2-7b', 'template chat'],
    ['http://localhost:1234/v1', 'llama-3.1-8b-instruct', 'chat'],
    ['http://localhost:8000/v1', 'claude-sonnet', 'chat'],
    ['http://localhost:8000/v1', 'house-model', 'suffix chat'],
  ] as const)
    it(`${baseURL} ${model}: ${plan}`, () => assert.equal(planStrategies(baseURL, model).join(' '), plan));

  it('knows where completions live', () => {
    assert.equal(completionsURL('https://api.deepseek.com/v1'), 'https://api.deepseek.com/beta/completions');
    assert.equal(completionsURL('http://localhost:8000/v1'), undefined);
  });
});

describe('filling in the middle by chat', () => {
  const before = 'function add(a, b) {\n  return ';
  const after = ';\n}\n\nadd(1, 2);\n';
  const readings: readonly [string, string, string][] = [
    ['as asked', '<fill>a + b</fill>', 'a + b'],
    ['with chatter around', 'Sure! Here it is:\n<fill>a + b</fill>\nHope it helps.', 'a + b'],
    ['not closed yet', '<fill>a + b', 'a + b'],
    ['closing begins', '<fill>a + b</fi', 'a + b'],
    ['nothing', '<fill></fill>', ''],
    ['a fence inside', '<fill>\n```js\na + b\n```\n</fill>', 'a + b'],
    ['a fence alone', '```js\na + b\n```', 'a + b'],
    ['a fence after words', 'You can write:\n\n```js\na + b\n```\nbecause …', 'a + b'],
    ['words and a colon', "Here's the completion:\na + b", 'a + b'],
    ['bare', 'a + b', 'a + b'],
    ['the line is repeated', '<fill>return a + b</fill>', 'a + b'],
    ['the line is repeated with indentation', '<fill>  return a + b</fill>', 'a + b'],
    ['the suffix is repeated', '<fill>a + b;\n}\n\nadd(1, 2);\n</fill>', 'a + b'],
    ['both are repeated', 'return a + b;\n}\n\nadd(1, 2);\n', 'a + b'],
    ['the mark is repeated', '<fill><cursor/>a + b</fill>', 'a + b'],
    ['several lines', '<fill>a\n    + b</fill>', 'a\n    + b'],
    ['a short likeness to the suffix stays', '<fill>f(a) + g(b)</fill>', 'f(a) + g(b)'],
  ];
  for (const [name, answer, expected] of readings)
    it(`reads an answer: ${name}`, () => assert.equal(readMiddle(answer, before, after), expected));

  it('shows file, place and length in the prompt, each once', () => {
    const [system, user, more] = fillInMiddlePrompt({
      languageId: 'js',
      path: declareRedacted('src/add.js'),
      prefix: declareRedacted(before),
      suffix: declareRedacted(after),
      context: [declareRedacted('// other')],
      maxLines: 1,
    });
    assert.equal(system?.role, 'system');
    assert.equal(more, undefined);
    const text = user?.content.text ?? '';
    for (const part of ['src/add.js', `${before}<cursor/>${after}`, '// other', 'rest of this line only'])
      assert.equal(text.split(part).length, 2, part);
  });
});
