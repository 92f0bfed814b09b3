import assert from 'node:assert/strict';
import { type EditForm, formFor } from '../../server/edits/form.ts';

describe('edits: the form a model is asked for', () => {
  const rows: readonly [form: EditForm, models: string][] = [
    [
      'blocks',
      'gpt-4o gpt-4.1 gpt-5 gpt-5-codex o3 o4 claude-sonnet-4-5 anthropic/claude-3-opus gemini-2.5-pro',
    ],
    ['blocks', 'deepseek-chat deepseek-v3 deepseek-r1 grok-4 mistral-large-latest devstral kimi-k2 glm-4.6'],
    [
      'blocks',
      'qwen2.5-coder:32b llama3.1-70b-instruct meta-llama/Llama-3.3-70B-Instruct mixtral:8x22b gpt-oss-120b',
    ],
    ['diff', 'gpt-4-turbo gpt-4-1106-preview'],
    [
      'whole',
      'qwen2.5-coder:7b Qwen/Qwen2.5-Coder-14B-Instruct llama3.2:3b phi-4 gemma2:27b deepseek-r1-distill-qwen-7b',
    ],
    [
      'whole',
      'gpt-3.5-turbo gpt-4o-mini gpt-4.1-nano gpt-oss-20b qwen3_4b codellama-13b-instruct.Q4_K_M.gguf',
    ],
    ['whole', 'my-model scripted-model default'],
  ];
  for (const [form, models] of rows) {
    for (const model of models.split(' ')) it(`${model}: ${form}`, () => assert.equal(formFor(model), form));
  }
});
