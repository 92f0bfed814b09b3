/** Unwraps what a model put between code fences, and ends at a fence that code does not hold. */
import type { Filter } from './filter.ts';
import { isChatter, isSentence } from './prose.ts';
import { siteOf } from './site.ts';

const fence = /^[ \t]*(?:`{3,}|~{3,})[ \t]*[\w+#.:/-]*[ \t]*$/;
const opening = /^\s*(?:`{3,}|~{3,})[\w+#.-]*[ \t]*\n/;

/** Whether a line is a fence and nothing else. */
export const isFence = (line: string): boolean => fence.test(line);

/** Languages whose text holds fences of its own. */
export const holdsFences = (languageId: string): boolean =>
  /^(?:markdown|mdx|quarto|rmd|restructuredtext|asciidoc|plaintext|git-?commit)$/.test(languageId);

export const fences: Filter = (text, input) => {
  if (!/`{3}|~{3}|^\s*`/.test(text)) return text;
  if (holdsFences(input.languageId))
    return /^m|^q|^r?md/.test(input.languageId) ? inMarkdown(text, input.prefix, input.suffix) : text;
  const { within } = siteOf(input);
  // A doc comment or a template may hold fences of its own.
  if (within !== 'code' && !opening.test(text)) return text;
  const oneLine = /^\s*(`{1,3})(?!`)([^`\n]+)\1\s*$/.exec(text);
  if (oneLine !== null && !hasBackticks(input.languageId)) return oneLine[2] as string;
  const wrapped = /^\s*`{3,}(?:[\w+#-]+[ \t])?([^`\n]+)`{3,}\s*$/.exec(text);
  if (wrapped !== null) return wrapped[1] as string;
  const lines = text.split('\n');
  const first = lines.findIndex(isFence);
  if (first < 0) return text;
  const before = lines.slice(0, first);
  const isIntroduction = before.every(line => line.trim() === '' || isChatter(line) || isSentence(line));
  if (!isIntroduction) return before.join('\n');
  const end = lines.findIndex((line, i) => i > first && isFence(line));
  return lines.slice(first + 1, end < 0 ? undefined : end).join('\n');
};

const hasBackticks = (languageId: string): boolean =>
  /^(?:javascript|typescript|vue|svelte|go|shell|bash|fish|sql|ruby|perl|php|haskell|r$|elm|lisp|elisp|emacs-lisp|clojure|scheme|racket|commonlisp|kotlin|scala|swift|dart|d$)/.test(
    languageId,
  );

/** Fences are text there: only a wrapper around everything, and what follows the end of the cursor's block, go. */
function inMarkdown(text: string, prefix: string, suffix: string): string {
  const inBlock = prefix.split('\n').filter(isFence).length % 2 === 1;
  const lines = text.split('\n');
  const first = lines.findIndex(line => line.trim() !== '');
  const last = lines.findLastIndex(line => line.trim() !== '');
  const wrapped = /^\s*`{3,}(?:markdown|md|mdx)?\s*$/.test(lines[first] ?? '') && isFence(lines[last] ?? '');
  const named = /^\s*`{3,}(?:markdown|md|mdx)\s*$/.test(lines[first] ?? '');
  if (!inBlock && wrapped && named && last > first) return lines.slice(first + 1, last).join('\n');
  if (!inBlock) return text;
  if (isFence(lines[first] ?? '') && /[\w]/.test(lines[first] ?? '')) {
    const end = lines.findIndex((line, i) => i > first && isFence(line));
    return lines.slice(first + 1, end < 0 ? undefined : end).join('\n');
  }
  const close = lines.findIndex(isFence);
  if (close < 0) return text;
  const isThere = suffix.split('\n').slice(1).some(isFence);
  return lines.slice(0, isThere ? close : close + 1).join('\n');
}
