/** Ends a suggestion before a model's control token, of whichever family, whole or cut in half. */
import { fimFormats, genericFormat, tokensOf } from '../../../engines/fim/formats.ts';
import type { Filter } from './filter.ts';

const known = [...new Set([...fimFormats, genericFormat].flatMap(format => [...tokensOf(format)]))];
/** Could be an element, a type parameter or a place in a usage message: told by where it stands. */
const isPlain = (token: string): boolean => /^<\/?[A-Za-z]+>$/.test(token);
const sure = known.filter(token => token.length > 4 && !isPlain(token) && /[<[▁]/.test(token));
/** The shapes that control tokens have, for families that are not in the table. */
const shaped =
  /<\|[A-Za-z][\w▁ -]{1,30}\|>|<｜[^｜\n]{1,30}｜>|<\[[a-z][\w▁-]{2,30}\]>|<fim[_-](?:prefix|suffix|middle|pad)>|<(?:PRE|SUF|MID|EOT|EOS|EOD)>|<(?:end|start)_of_(?:turn|text|image)>|<\/?(?:s|bos|eos|unk)>[ \t]*(?=\n|$)|(?<=^|\n)[ \t]*<(?:s|bos|filename|reponame|file_sep|repo_name)>|\[(?:PREFIX|SUFFIX|MIDDLE|INST|\/INST|EOS|BOS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\]|<<\/?SYS>>|<\/?(?:cursor|CURSOR|fill|FILL_ME|FILL_HERE|user_cursor_is_here|tool_call|COMPLETION|MIDDLE)\s*\/?>/;
const markup = /^(?:html|xml|vue|svelte|markdown|.*react|php)$/;

export const specialTokens: Filter = (text, { prefix, suffix, languageId }) => {
  if (!/[<[｜|▁_>]/.test(text)) return text;
  // A file that is about such tokens may name one more.
  const isSubject = (token: string): boolean => prefix.includes(token) || suffix.includes(token);
  let left = withoutTail(text);
  const scan = new RegExp(shaped, 'g');
  for (let found = scan.exec(left); found !== null; found = scan.exec(left)) {
    const token = found[0].trim();
    if (isSubject(token) || (markup.test(languageId) && isPlain(token))) continue;
    left = left.slice(0, found.index);
    break;
  }
  for (const token of sure) {
    const at = left.indexOf(token);
    if (at >= 0 && !isSubject(token)) left = left.slice(0, at);
  }
  const half = halfLength(left.trimEnd());
  return half === 0 ? left : left.trimEnd().slice(0, -half);
};

/** Length of the beginning of a token that the text ends with, where the rest was cut off. */
function halfLength(text: string): number {
  for (const opener of ['<', '[', '▁<']) {
    const start = text.lastIndexOf(opener);
    const half = text.slice(start);
    if (start < 0 || half.length < 4) continue;
    if (sure.some(token => token.length > half.length && token.startsWith(half))) return half.length;
  }
  return 0;
}

/** Without the end of a token that the text begins with. */
function withoutTail(text: string): string {
  const end = /^[\w▁-]{0,20}[|｜\]]?>/.exec(text)?.[0];
  if (end === undefined || end.length < 6) return text;
  const isHalf = sure.some(token => token.length > end.length && token.endsWith(end));
  return isHalf ? text.slice(end.length) : text;
}
