/**
 * In which form a model is asked for an edit. Large models copy lines exactly and get search/replace blocks, which
 * are short; small and unknown ones write the whole file, or the whole declaration, again, since what they quote is
 * rarely what stands there. Replies are understood in every form. It must not know engines or prompts.
 */

export type EditForm = 'blocks' | 'diff' | 'whole' | 'tools';

interface Family {
  readonly models: RegExp;
  readonly form: EditForm;
}

/** The first row that fits counts. By what their makers and public benchmarks of edit formats say of each family. */
const FAMILIES: readonly Family[] = [
  {
    models: /\b(?:nano|tiny|small|mini|lite|haiku-3|gpt-3\.5|phi|gemma|smollm|starcoder|codegemma)\b/,
    form: 'whole',
  },
  { models: /\bgpt-4-(?:turbo|\d{4}-preview|vision)/, form: 'diff' },
  { models: /\b(?:gpt-(?:[4-9]|oss-1\d\d)|chatgpt-4|o[134](?:\b|-)|codex)/, form: 'blocks' },
  { models: /\b(?:claude|sonnet|opus|haiku)/, form: 'blocks' },
  { models: /\bgemini-(?:1\.5-pro|[2-9])/, form: 'blocks' },
  { models: /\bdeepseek-(?:v[2-9]|r1(?!-distill)|chat|reasoner|coder-v2(?!-lite))/, form: 'blocks' },
  {
    models:
      /\bgrok-(?:[2-9]|code)|\bkimi-k\d|\bglm-[4-9]|\bminimax-m\d|\bmistral-large|\bdevstral|\bqwen[\d.]*-(?:max|plus)/,
    form: 'blocks',
  },
];

/** Billions of parameters from which on a model of an unknown family copies lines well enough. */
const LARGE = 30;

/** `model` is the endpoint's name for it, in any spelling. */
export function formFor(model: string): EditForm {
  const name = model.toLowerCase().replaceAll('_', '-');
  const size = sizeOf(name);
  if (size !== undefined) return size >= LARGE ? 'blocks' : 'whole';
  return FAMILIES.find(({ models }) => models.test(name))?.form ?? 'whole';
}

/** "qwen2.5-coder:7b" → 7, "mixtral-8x22b" → 176; undefined where the name does not say. */
function sizeOf(name: string): number | undefined {
  const match = /(?:^|[-:/])(?:(\d{1,2})x)?(\d{1,4}(?:\.\d{1,2})?)b(?=$|[-:.@])/.exec(name);
  return match === null ? undefined : Number(match[1] ?? 1) * Number(match[2]);
}
