/**
 * Fill-in-the-middle formats of model families, as data. The tokens are those published with each family (model
 * cards, tokenizers, papers). A name belongs to at most one family. It must not know endpoints.
 */

export interface FimFormat {
  readonly name: string;
  /** Model names that use it, tested on the lower-case name; no two rows share a name. */
  readonly models: RegExp;
  /** With `{prefix}` and `{suffix}`, each exactly once. */
  readonly template: string;
  /** Before the path of each other file, and of this one. Undefined: other files stand before the prefix as they are. */
  readonly file?: string;
  /** Before everything when there are other files: stands for the repository's name, which is not sent. */
  readonly repository?: string;
  /** Where this file's path stands, and the other files with it: before the template, or as part of the prefix. */
  readonly own?: 'before' | 'path in prefix' | 'all in prefix';
  /** Where the answer ends, the likeliest first. */
  readonly stops: readonly string[];
  /** Further control tokens of the family that must not come from the person's text. */
  readonly control?: readonly string[];
}

const pipes = '<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>';
const plain = '<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>';
const pipeTokens = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'];
const plainTokens = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'];

export const fimFormats: readonly FimFormat[] = [
  {
    name: 'qwen-coder',
    models: /(?<!code)qwen[\d.-]*-?coder|sweep-next-edit|\bzeta\b(?!-?2)|\binstinct\b/,
    template: pipes,
    file: '<|file_sep|>',
    repository: '<|repo_name|>',
    stops: ['<|endoftext|>', '<|file_sep|>', '<|im_end|>', '<|repo_name|>', ...pipeTokens],
    control: [
      '<|fim_pad|>',
      '<|im_start|>',
      '<|editable_region_start|>',
      '<|editable_region_end|>',
      '<|user_cursor_is_here|>',
      '<|start_of_file|>',
    ],
  },
  {
    name: 'starcoder2',
    models: /star-?coder-?2/,
    template: plain,
    file: '<file_sep>',
    repository: '<repo_name>',
    own: 'path in prefix',
    stops: ['<|endoftext|>', '<file_sep>', '<repo_name>', ...plainTokens],
    control: ['<fim_pad>', '<pr>', '<issue_start>'],
  },
  {
    name: 'starcoder',
    models:
      /star-?coder(?!-?2)|starchat|octocoder|wizardcoder-(?:15b|3b|1b)|stable-?code|codeqwen|refact|smollm.*code/,
    template: plain,
    file: '<filename>',
    repository: '<reponame>',
    stops: ['<|endoftext|>', '<filename>', '<file_sep>', ...plainTokens],
    control: ['<fim_pad>', '<repo_name>', '<reponame>', '<gh_stars>', '<issue_start>', '<commit_before>'],
  },
  {
    name: 'santacoder',
    models: /santa-?coder/,
    template: '<fim-prefix>{prefix}<fim-suffix>{suffix}<fim-middle>',
    stops: ['<|endoftext|>', '<fim-prefix>', '<fim-suffix>', '<fim-middle>'],
    control: ['<fim-pad>'],
  },
  {
    name: 'codellama',
    models: /code-?_?llama/,
    template: '<PRE> {prefix} <SUF>{suffix} <MID>',
    stops: ['<EOT>', '</s>', '<PRE>', '<SUF>', '<MID>'],
    control: ['<s>', '[INST]', '[/INST]'],
  },
  {
    name: 'deepseek-coder',
    models: /deepseek[-_ ]?coder|ds-?coder/,
    template: '<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>',
    file: '#',
    own: 'all in prefix',
    stops: ['<｜end▁of▁sentence｜>', '<|EOT|>', '<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
    control: ['<｜begin▁of▁sentence｜>', '<｜User｜>', '<｜Assistant｜>'],
  },
  {
    name: 'codestral',
    models: /codestral(?!.*mamba)/,
    template: '[SUFFIX]{suffix}[PREFIX]{prefix}',
    file: '+++++ ',
    own: 'all in prefix',
    stops: ['</s>', '[PREFIX]', '[SUFFIX]', '[MIDDLE]'],
    control: ['<s>', '[INST]', '[/INST]'],
  },
  {
    name: 'granite',
    models: /granite[-_ ]?4/,
    template: pipes,
    file: '<|filename|>',
    repository: '<|reponame|>',
    stops: ['<|end_of_text|>', '<|endoftext|>', '<|filename|>', ...pipeTokens],
    control: ['<|fim_pad|>', '<|start_of_role|>', '<|end_of_role|>', '<|reponame|>'],
  },
  {
    name: 'granite-3',
    models: /granite(?![-_ ]?4)/,
    template: plain,
    file: '<filename>',
    repository: '<reponame>',
    stops: ['<|endoftext|>', '<|end_of_text|>', '<filename>', ...plainTokens],
    control: ['<fim_pad>', '<reponame>', '<|start_of_role|>', '<|end_of_role|>'],
  },
  {
    name: 'codegemma',
    models: /code-?gemma/,
    template: pipes,
    file: '<|file_separator|>',
    stops: ['<|file_separator|>', '<eos>', '<end_of_turn>', ...pipeTokens],
    control: ['<start_of_turn>', '<bos>'],
  },
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
    repository: '<reponame>',
    stops: ['<|endoftext|>', '<filename>', '<fim_suffix>', '<fim_prefix>', '<fim_middle>'],
    control: ['<reponame>', '<fim_pad>'],
  },
  {
    name: 'codegeex4',
    models: /codegeex-?4/,
    template:
      '<|user|>\n###MODE:BLOCK\n<|code_suffix|>{suffix}<|code_prefix|>{prefix}<|code_middle|><|assistant|>\n',
    stops: [
      '<|endoftext|>',
      '<|user|>',
      '<|observation|>',
      '<|assistant|>',
      '<|code_suffix|>',
      '<|code_prefix|>',
      '<|code_middle|>',
    ],
    control: ['<|system|>'],
  },
  {
    name: 'glm',
    models: /glm-?4\.[5-9]/,
    template: '<|code_prefix|>{prefix}<|code_suffix|>{suffix}<|code_middle|>',
    stops: [
      '<|endoftext|>',
      '<|user|>',
      '<|observation|>',
      '<|code_prefix|>',
      '<|code_suffix|>',
      '<|code_middle|>',
    ],
    control: ['<|system|>', '<|assistant|>', '[gMASK]'],
  },
  {
    name: 'aixcoder',
    models: /aixcoder/,
    template: '▁<AIX-SPAN-PRE>▁<AIX-SPAN-POST>{suffix}▁<AIX-SPAN-MIDDLE>{prefix}',
    file: '# the file path is: ',
    own: 'all in prefix',
    stops: ['</s>', '<AIX-SPAN-PRE>', '<AIX-SPAN-POST>', '<AIX-SPAN-MIDDLE>'],
    control: ['<s>'],
  },
  {
    name: 'codegen2',
    models: /codegen-?2/,
    template: '{prefix}<mask_1>{suffix}<|endoftext|><sep><mask_1>',
    stops: ['<eom>', '<|endoftext|>', '<mask_1>', '<sep>'],
  },
];

/** For models that are not in the table, on the person's word: the tokens that most families share today. */
export const genericFormat: FimFormat = {
  name: 'generic',
  models: /(?!)/,
  template: pipes,
  stops: ['<|endoftext|>', ...pipeTokens, '<|file_sep|>'],
  control: ['<|fim_pad|>'],
};
