/**
 * The laws of fill-in-the-middle formats: prefix and suffix stand in the prompt exactly once and unchanged, no
 * token of the format comes from the person's text, and the table finds a model's format by its name.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  count,
  fillTemplate,
  fimFormats,
  formatForModel,
  formatFromSetting,
  genericFormat,
  neutralise,
  tokensOf,
} from '../../server/engines/fim/formats.ts';

const formats = [...fimFormats, genericFormat];

/** Text in which tokens of all formats and template places are likely. */
const tricky = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...formats.flatMap(format => [...tokensOf(format)]),
        '{prefix}',
        '{suffix}',
        '$&',
        '<',
        '|>',
        '\n',
      ),
    ),
    { maxLength: 6 },
  )
  .map(parts => parts.join(''));

describe('fill-in-the-middle formats', () => {
  for (const format of formats) {
    describe(format.name, () => {
      it('has each place once, and stops', () => {
        assert.equal(count(format.template, '{prefix}'), 1);
        assert.equal(count(format.template, '{suffix}'), 1);
        assert.ok(format.stops.length > 0);
      });
      it('keeps plain prefix and suffix exactly once and unchanged', () => {
        const prefix = 'PREFIX_a1 = ';
        const suffix = '\nSUFFIX_b2();\n';
        for (const context of [[], ['// other.ts\nOTHER_c3']]) {
          const prompt = fillTemplate(format, { path: 'src/PATH_d4.ts', prefix, suffix, context });
          assert.equal(count(prompt, prefix), 1);
          assert.equal(count(prompt, suffix), 1);
          assert.equal(count(prompt, 'OTHER_c3'), context.length);
          assert.ok(prompt.indexOf('OTHER_c3') < prompt.indexOf(prefix));
        }
      });
      it('takes no token from the person, whatever the text', () => {
        fc.assert(
          fc.property(tricky, tricky, tricky, tricky, (prefix, suffix, other, path) => {
            const empty = fillTemplate(format, { path: 'p', prefix: '', suffix: '', context: ['o'] });
            const prompt = fillTemplate(format, { path, prefix, suffix, context: [other] });
            for (const token of tokensOf(format))
              assert.equal(count(prompt, token), count(empty, token), token);
          }),
          { numRuns: 300 },
        );
      });
      it('leaves text without tokens alone', () => {
        fc.assert(
          fc.property(tricky, text => {
            fc.pre(!tokensOf(format).some(token => text.includes(token)));
            assert.equal(neutralise(text, format), text);
          }),
        );
      });
    });
  }

  for (const [model, name] of [
    ['qwen2.5-coder:7b', 'qwen-coder'],
    ['Qwen/Qwen2.5-Coder-32B-Instruct', 'qwen-coder'],
    ['/models/qwen2.5-coder-1.5b-q8_0.gguf', 'qwen-coder'],
    ['qwen3-coder-30b-a3b', 'qwen-coder'],
    ['bigcode/starcoder2-3b', 'starcoder'],
    ['starcoderbase-1b', 'starcoder'],
    ['codellama:7b-code', 'codellama'],
    ['CodeLlama-13b-hf', 'codellama'],
    ['deepseek-coder-v2-lite-base', 'deepseek-coder'],
    ['deepseek-ai/deepseek-coder-6.7b-base', 'deepseek-coder'],
    ['codestral-latest', 'codestral'],
    ['mistralai/Codestral-22B-v0.1', 'codestral'],
    ['granite-code:8b', 'granite-3'],
    ['ibm-granite/granite-4.0-h-tiny', 'granite'],
    ['codegemma:2b-code', 'codegemma'],
    ['ByteDance-Seed/Seed-Coder-8B-Base', 'seed-coder'],
    ['JetBrains/Mellum-4b-base', 'mellum'],
    ['stable-code-3b', 'starcoder'],
    ['codeqwen:7b-code', 'starcoder'],
    ['gpt-4o-mini', undefined],
    ['llama-3.1-8b-instruct', undefined],
    ['deepseek-chat', undefined],
    ['qwen2.5:7b', undefined],
  ] as const)
    it(`${model} is ${name}`, () => assert.equal(formatForModel(model)?.name, name));

  it('takes a name or a template from settings, nothing else', () => {
    assert.equal(formatFromSetting('starcoder')?.name, 'starcoder');
    const own = formatFromSetting('<PRE>{prefix}<SUF>{suffix}<MID>');
    assert.deepEqual(own?.stops, ['<|endoftext|>', '<PRE>', '<SUF>', '<MID>']);
    for (const wrong of ['', 'nothing', '{prefix}', '{prefix}{suffix}{suffix}'])
      assert.equal(formatFromSetting(wrong), undefined);
  });
});
