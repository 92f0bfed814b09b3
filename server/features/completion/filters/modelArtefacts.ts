/** Takes away what belongs to models and not to code: fences, special tokens, thinking. */
import type { Filter } from './filter.ts';

const SPECIAL_TOKEN =
  /<\|?(?:fim[_-](?:prefix|suffix|middle|pad)|endoftext|end[▁_]of[▁_]sentence|file_separator|file_sep|repo_name|im_start|im_end|cursor|user_cursor_is_here)\|?>|<(?:PRE|SUF|MID|EOT|EOS)>|<\/s>|<｜[^｜]{1,30}｜>|\[(?:PREFIX|SUFFIX|MIDDLE)\]/;

export const modelArtefacts: Filter = text => {
  let clean = text.replace(/<think>[\s\S]*?(?:<\/think>|$)/g, '');
  const token = clean.search(SPECIAL_TOKEN);
  if (token >= 0) clean = clean.slice(0, token);
  const fenced = /^\s*```[\w+-]*\r?\n([\s\S]*?)(?:\r?\n```[\s\S]*)?$/.exec(clean);
  if (fenced) clean = fenced[1] as string;
  return clean.replace(/\r\n?/g, '\n').replace(/\n```\s*$/, '');
};
