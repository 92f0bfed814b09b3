/**
 * How much may be completed at a place: the rest of the line, a block, or nothing, because the line is finished.
 * Decided before a model is asked, by signs that a person reads too. It must not know engines.
 */
import type { Language } from '../base/languages.ts';
import type { NodeAround } from '../syntax/trees.ts';
import type { CompletionShape } from './analysis.ts';
import { lex, openers } from './delimiters/lexer.ts';

/** Text before the cursor that is read where no tree tells what it stands in. In UTF-16 units. */
const READ = 1_600;
/** Nodes that are looked at from the inside out before a place counts as code. */
const DEPTH = 6;

const CLOSING_ONLY = /^[)\]}>"'`;,:\s]*$/;
/** Words after which a block follows, in languages that open one by a word, and before `{` in the others. */
const OPENING_WORD = /(?:^|[^\w$.])(?:then|do|else|begin|repeat|try|finally|loop)$/;
/** The head of a statement or declaration that has a block: whoever completes it has the block in mind. */
const MODIFIERS =
  '(?:(?:export|default|public|private|protected|internal|static|async|override|virtual|abstract|final|inline|constexpr|unsafe|suspend|pub(?:\\([^)]*\\))?|\\}|\\@\\w+)\\s+)*';
const HEAD_WORD = new RegExp(
  `^\\s*${MODIFIERS}(?:if|else|elif|elsif|unless|for|foreach|while|until|switch|match|select|try|catch|except|function|func|fn|fun|def|defp|sub|proc|class|interface|struct|enum|union|trait|impl|module|namespace|object|protocol|extension|record)\\b`,
);
/** A method has no word of its own in Java and its like. */
const METHOD_HEAD = /^\s*(?:public|private|protected|internal|static|override|async)\b[^=;]*\(/;
const LUA_FUNCTION = /\bfunction\b[^()]*\([^()]*\)$/;
/** Statements that nothing can follow on their line. */
const COMPLETE_WORD = /(?:^|[\s;{])(?:break|continue|pass|end|fi|done|esac)$/;

const COMMENT_NODE = /comment$/;
const STRING_NODE = /string|template|char_literal|heredoc|text_block|^regex/;
/** Not the string as a whole. */
const PART_OF_STRING = /_(?:type|list|fragment|content|start|end)$/;
/** Code again, inside a string. */
const INTERPOLATED_NODE = /substitution|interpolation/;

/** What a place stands in. */
export type Inside = 'code' | 'comment' | 'string';

/**
 * `before` and `after` are the text around the place, `before` from the start of a line on. Line ends are `\n`.
 * What is `line` in code is so in a comment and in a string too: only for the others it must be known.
 */
export function shapeOf(before: string, after: string, language: Language, inside: Inside): CompletionShape {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const head = line.trimEnd();
  const tail = after.split('\n', 1)[0]?.trim() ?? '';
  if (inside !== 'code' || !CLOSING_ONLY.test(tail)) return 'line';
  if (head === '') return 'block';
  if (language.prose) return 'line';
  if (head.endsWith('{')) return 'block';
  if (tail !== '') return isHead(head) ? 'block' : 'line';
  if (language.indentBlocks && line.endsWith(':')) return 'block';
  if (OPENING_WORD.test(head) || (language.id === 'lua' && LUA_FUNCTION.test(head))) return 'block';
  if (isFinished(line, head, language)) return 'nothing';
  return isHead(head) ? 'block' : 'line';
}

function isHead(head: string): boolean {
  return HEAD_WORD.test(head) || METHOD_HEAD.test(head);
}

/** Nothing can be missing on the line. */
function isFinished(line: string, head: string, language: Language): boolean {
  if (!/[;}\w]$/.test(head)) return false;
  // A word or a brace may go on after a space: `end if`, `} else`.
  if (!head.endsWith(';') && line !== head) return false;
  if (COMPLETE_WORD.test(head)) return true;
  const depths = depthsOf(head, language);
  if (head.endsWith(';')) return depths.round <= 0;
  // `}` ends what an earlier line began; what this line began, as `import { a }`, may go on.
  return head.endsWith('}') && depths.closedEarlier;
}

function depthsOf(
  head: string,
  language: Language,
): { readonly round: number; readonly closedEarlier: boolean } {
  const open: string[] = [];
  let closedEarlier = false;
  for (const { char } of lex(head, language).brackets) {
    const opener = openers[char];
    if (opener === undefined) open.push(char);
    else if (open.at(-1) === opener) {
      open.pop();
      closedEarlier = false;
    } else closedEarlier = true;
  }
  return { round: open.filter(char => char === '(').length, closedEarlier };
}

/** By the lexer, reading from a line a little above: what begins further above is not seen. */
export function insideByText(before: string, language: Language): Inside {
  const from = before.length <= READ ? 0 : before.indexOf('\n', before.length - READ) + 1;
  return insideFrom(before.slice(from), language);
}

function insideFrom(text: string, language: Language): Inside {
  const { skipped, openStrings } = lex(text, language);
  const last = skipped.at(-1);
  if (!last || last.end < text.length) return 'code';
  if (!last.comment) return openStrings.includes(last.start) ? 'string' : 'code';
  const comment = text.slice(last.start);
  const pair = language.blockComments.find(([open]) => comment.startsWith(open));
  return pair && comment.length >= pair[0].length + pair[1].length && comment.endsWith(pair[1])
    ? 'code'
    : 'comment';
}

/**
 * By the nodes around the character left of the place, the smallest first. A line that does not parse, as most that
 * are being written, is read by the lexer.
 */
export function insideByTree(
  around: readonly NodeAround[],
  text: string,
  offset: number,
  language: Language,
): Inside {
  for (const { type, start, end } of around.slice(0, DEPTH)) {
    if (INTERPOLATED_NODE.test(type)) break;
    if (COMMENT_NODE.test(type)) return isOpen(text, start, end, offset, language) ? 'comment' : 'code';
    if (type === 'ERROR') break;
    if (STRING_NODE.test(type) && !PART_OF_STRING.test(type))
      return offset < end || !isClosed(text.slice(start, end)) ? 'string' : 'code';
  }
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const isTorn = around.some(({ type, start }) => type === 'ERROR' && start >= lineStart - READ);
  return isTorn ? insideFrom(text.slice(lineStart, offset), language) : 'code';
}

/** A string that was torn while it is written ends without its quote. */
function isClosed(string: string): boolean {
  const quote = string.at(-1) ?? '';
  return (
    /["'`#)]/.test(quote) &&
    string.length > 1 &&
    (quote === '#' || quote === ')' || string.indexOf(quote) < string.length - 1)
  );
}

/** A comment that ends with its line goes on at its end. */
function isOpen(text: string, start: number, end: number, offset: number, language: Language): boolean {
  return offset < end || language.blockComments.every(([open]) => !text.startsWith(open, start));
}
