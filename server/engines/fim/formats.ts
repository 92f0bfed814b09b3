/**
 * Fill-in-the-middle formats of model families, as data, and the one function that fills them in. The tokens are
 * those published in each family's model card. Pure; it must not know endpoints.
 */

export interface FimFormat {
  readonly name: string;
  /** Model names that use it, tested on the lower-case name. */
  readonly models: RegExp;
  /** With `{prefix}` and `{suffix}`, each exactly once. */
  readonly template: string;
  /** Before each piece of another file, and before the path of this one; undefined: pieces stand before the prefix. */
  readonly file?: string;
  /** Where the answer ends, the likeliest first. */
  readonly stops: readonly string[];
  /** Further control tokens of the family that must not come from the person's text. */
  readonly control?: readonly string[];
}

const pipes = '<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>';
const plain = '<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>';

/** Tried from top to bottom. */
export const fimFormats: readonly FimFormat[] = [
  {
    name: 'seed-coder',
    models: /seed[-_ ]?coder|\bzeta-?2/,
    template: '<[fim-suffix]>{suffix}<[fim-prefix]>{prefix}<[fim-middle]>',
    stops: ['<[end▁of▁sentence]>', '<[fim-suffix]>', '<[fim-prefix]>', '<[fim-middle]>'],
    control: ['<[begin▁of▁sentence]>'],
  },
  {
    name: 'mellum',
    models: /mellum/,
    template: '<fim_suffix>{suffix}<fim_prefix>{prefix}<fim_middle>',
    file: '<filename>',
    stops: ['<|endoftext|>', '<filename>', '<fim_suffix>', '<fim_prefix>', '<fim_middle>'],
    control: ['<reponame>', '<fim_pad>'],
  },
  {
    name: 'codegemma',
    models: /codegemma/,
    template: pipes,
    file: '<|file_separator|>',
    stops: [
      '<|file_separator|>',
      '<eos>',
      '<end_of_turn>',
      '<|fim_prefix|>',
      '<|fim_suffix|>',
      '<|fim_middle|>',
    ],
    control: ['<start_of_turn>', '<bos>'],
  },
  {
    name: 'granite',
    models: /granite-?4/,
    template: pipes,
    stops: ['<|end_of_text|>', '<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
    control: ['<|fim_pad|>', '<|start_of_role|>', '<|end_of_role|>'],
  },
  {
    name: 'granite-3',
    models: /granite/,
    template: plain,
    stops: ['<|endoftext|>', '<|end_of_text|>', '<fim_prefix>', '<fim_suffix>', '<fim_middle>'],
    control: ['<fim_pad>', '<|start_of_role|>', '<|end_of_role|>'],
  },
  {
    name: 'deepseek-coder',
    models: /deepseek[-_ ]?coder/,
    template: '<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>',
    stops: ['<｜end▁of▁sentence｜>', '<|EOT|>', '<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
    control: ['<｜begin▁of▁sentence｜>'],
  },
  {
    name: 'codellama',
    models: /code[-_ ]?llama/,
    template: '<PRE> {prefix} <SUF>{suffix} <MID>',
    stops: ['<EOT>', '</s>', '<PRE>', '<SUF>', '<MID>'],
    control: ['<s>'],
  },
  {
    name: 'codestral',
    models: /codestral|devstral|mistral-?nemo-?code/,
    template: '[SUFFIX]{suffix}[PREFIX]{prefix}',
    stops: ['</s>', '[PREFIX]', '[SUFFIX]', '[MIDDLE]'],
    control: ['<s>', '[INST]', '[/INST]'],
  },
  {
    name: 'starcoder',
    models: /star-?coder|santacoder|stable-?code|codeqwen|refact|octocoder|starchat|smollm/,
    template: plain,
    file: '<file_sep>',
    stops: ['<|endoftext|>', '<file_sep>', '<fim_prefix>', '<fim_suffix>', '<fim_middle>'],
    control: ['<fim_pad>', '<repo_name>'],
  },
  {
    name: 'qwen-coder',
    models: /qwen[\d.]*-?coder|qwen-?2\.5-?coder|qwen3-coder|sweep-next-edit|\bzeta\b/,
    template: pipes,
    file: '<|file_sep|>',
    stops: [
      '<|endoftext|>',
      '<|file_sep|>',
      '<|im_end|>',
      '<|fim_prefix|>',
      '<|fim_suffix|>',
      '<|fim_middle|>',
    ],
    control: ['<|fim_pad|>', '<|repo_name|>', '<|im_start|>'],
  },
];

/** For models that are not in the table, on the person's word: the tokens that most families share today. */
export const genericFormat: FimFormat = {
  name: 'generic',
  models: /(?!)/,
  template: pipes,
  stops: ['<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|file_sep|>'],
  control: ['<|fim_pad|>'],
};

/** The format of a model by its name, which may be a path or a tag such as `Qwen/Qwen2.5-Coder-7B` or `x.gguf`. */
export function formatForModel(model: string): FimFormat | undefined {
  const name = model.toLowerCase();
  return fimFormats.find(format => format.models.test(name));
}

/** A format by its name in settings, or made from a template text; undefined when the text is neither. */
export function formatFromSetting(setting: string): FimFormat | undefined {
  const named = [...fimFormats, genericFormat].find(format => format.name === setting);
  if (named !== undefined) return named;
  if (count(setting, '{prefix}') !== 1 || count(setting, '{suffix}') !== 1) return undefined;
  const tokens = setting.match(/<[^<>{}\s]{2,40}>|\[[A-Z][A-Z_/]{2,30}\]/g) ?? [];
  return {
    name: 'custom',
    models: /(?!)/,
    template: setting,
    stops: [...new Set(['<|endoftext|>', ...tokens])],
  };
}

export const count = (text: string, part: string): number => text.split(part).length - 1;

/** All control tokens of a format. */
export function tokensOf(format: FimFormat): readonly string[] {
  const inTemplate = format.template
    .split(/\{prefix\}|\{suffix\}/)
    .map(part => part.trim())
    .filter(part => part !== '');
  const file = format.file === undefined ? [] : [format.file];
  return [...new Set([...inTemplate, ...file, ...format.stops, ...(format.control ?? [])])];
}

/** Breaks up the format's tokens in text that is not ours, by a space after their first character. */
export function neutralise(text: string, format: FimFormat): string {
  let result = text;
  for (const token of tokensOf(format))
    if (result.includes(token)) result = result.replaceAll(token, `${token.slice(0, 1)} ${token.slice(1)}`);
  return result;
}

export interface FimPieces {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly context: readonly string[];
}

/** The prompt: prefix and suffix exactly once, other files before them, no token of the format from their text. */
export function fillTemplate(format: FimFormat, pieces: FimPieces): string {
  const clean = (text: string): string => neutralise(text, format);
  const { file } = format;
  const others = pieces.context.map(clean);
  const lead =
    file === undefined || others.length === 0
      ? ''
      : `${others.map(other => `${file}${other}\n`).join('')}${file}${clean(pieces.path)}\n`;
  const prefix =
    (file === undefined ? others.map(other => `${other}\n`).join('') : '') + clean(pieces.prefix);
  const suffix = clean(pieces.suffix);
  // One pass over the template, so that braces in the person's text are never taken for places.
  return (
    lead +
    format.template.replace(/\{prefix\}|\{suffix\}/g, place => (place === '{prefix}' ? prefix : suffix))
  );
}
