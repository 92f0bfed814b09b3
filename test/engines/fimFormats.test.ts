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

  const names: Readonly<Record<string, readonly string[]>> = {
    'qwen-coder': ['qwen2.5-coder', 'qwen3-coder', 'qwen2.5-coder-1.5b', 'zeta', 'sweep-next-edit-1.5b'],
    starcoder: [
      'starcoder',
      'starcoderbase-1b',
      'stable-code-3b',
      'codeqwen1.5-7b',
      'refact-1.6b',
      'octocoder',
    ],
    starcoder2: ['starcoder2-3b', 'starcoder2-15b', 'starcoder-2'],
    santacoder: ['santacoder', 'gpt_bigcode-santacoder'],
    codellama: ['codellama-7b', 'code-llama-13b', 'CodeLlama-13b-hf'],
    'deepseek-coder': ['deepseek-coder-6.7b-base', 'deepseek-coder-v2-lite-base', 'DeepSeek-Coder-V2'],
    codestral: ['codestral', 'codestral-latest', 'codestral-22b-v0.1', 'codestral-2508'],
    'granite-3': ['granite-code', 'granite-8b-code-base', 'granite-3.3-8b-base'],
    granite: ['granite-4.0-h-tiny', 'granite4'],
    codegemma: ['codegemma', 'codegemma-2b', 'code-gemma-7b'],
    'seed-coder': ['seed-coder-8b-base', 'Seed-Coder-8B', 'zeta-2'],
    mellum: ['mellum-4b-base', 'Mellum-4b-sft-python'],
    codegeex4: ['codegeex4-all-9b', 'codegeex-4'],
    glm: ['glm-4.5', 'glm-4.6-air'],
    aixcoder: ['aixcoder-7b-base', 'aiXcoder-7B'],
    codegen2: ['codegen2-7b', 'codegen25-7b-multi'],
  };
  /** How the same model is called by hubs, files and tags. */
  const spellings: readonly ((name: string) => string)[] = [
    name => name,
    name => name.toUpperCase(),
    name => `vendor/${name}`,
    name => `hf.co/bartowski/${name}-GGUF:Q4_K_M`,
    name => `${name}:7b-base-q4_0`,
    name => `/models/${name}-Q8_0.gguf`,
    name => `${name}-instruct-awq`,
    name => `accounts/x/models/${name}`,
  ];
  for (const [format, models] of Object.entries(names))
    it(`names of ${format} match it alone, however they are spelt`, () => {
      for (const model of models.flatMap(name => spellings.map(spell => spell(name)))) {
        const found = fimFormats.filter(({ models: pattern }) => pattern.test(model.toLowerCase()));
        assert.deepEqual(
          found.map(({ name }) => name),
          [format],
          model,
        );
        assert.equal(formatForModel(model)?.name, format);
      }
    });
  it('has names for every format', () =>
    assert.deepEqual(Object.keys(names).toSorted(), fimFormats.map(({ name }) => name).toSorted()));
  for (const model of [
    'gpt-4o-mini',
    'llama-3.1-8b-instruct',
    'deepseek-chat',
    'deepseek-r1:7b',
    'qwen2.5:7b',
    'mistral-large',
    'gemma3:4b',
    'phi-4',
    'claude-sonnet',
    'glm-4-9b-chat',
    'devstral',
    'yi-34b',
  ])
    it(`${model} has no format`, () => assert.equal(formatForModel(model), undefined));

  it("writes other files as the family does, in the order given, and this file's path last", () => {
    const pieces = {
      path: 'src/c.ts',
      prefix: 'P',
      suffix: 'S',
      context: ['// src/a.ts\nA', '# src/b.py\nB'],
    };
    const prompt = (model: string): string => fillTemplate(formatForModel(model) ?? genericFormat, pieces);
    assert.equal(
      prompt('qwen2.5-coder'),
      '<|repo_name|>workspace\n<|file_sep|>src/a.ts\nA\n<|file_sep|>src/b.py\nB\n<|file_sep|>src/c.ts\n<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>',
    );
    assert.equal(
      prompt('starcoder2-3b'),
      '<repo_name>workspace\n<file_sep>src/a.ts\nA\n<file_sep>src/b.py\nB\n<file_sep><fim_prefix>src/c.ts\nP<fim_suffix>S<fim_middle>',
    );
    assert.equal(
      prompt('codestral'),
      '[SUFFIX]S[PREFIX]+++++ src/a.ts\nA\n+++++ src/b.py\nB\n+++++ src/c.ts\nP',
    );
    assert.equal(
      prompt('deepseek-coder'),
      '<｜fim▁begin｜>#src/a.ts\nA\n#src/b.py\nB\n#src/c.ts\nP<｜fim▁hole｜>S<｜fim▁end｜>',
    );
    assert.equal(prompt('codellama'), '<PRE> // src/a.ts\nA\n# src/b.py\nB\nP <SUF>S <MID>');
  });

  it('takes a name or a template from settings, nothing else', () => {
    assert.equal(formatFromSetting('starcoder')?.name, 'starcoder');
    const own = formatFromSetting('<PRE>{prefix}<SUF>{suffix}<MID>');
    assert.deepEqual(own?.stops, ['<|endoftext|>', '<PRE>', '<SUF>', '<MID>']);
    for (const wrong of ['', 'nothing', '{prefix}', '{prefix}{suffix}{suffix}'])
      assert.equal(formatFromSetting(wrong), undefined);
  });
});
