/**
 * Counts the closing delimiters at the end of a Lisp form anew: models lose count of them, and nothing else in the
 * language shows where a form ends. Works within the top-level form of the cursor.
 */
import type { Filter } from './filter.ts';
import { BracketStack, closerOf, scanLine } from './scan.ts';
import { siteOf } from './site.ts';

const lisps = /^(?:elisp|emacs-lisp|commonlisp|scheme|racket|clojure|fennel|janet|hy|lisp)$/;

export const lispBalance: Filter = (text, input) => {
  if (!lisps.test(input.languageId) || !/[()[\]{}]/.test(text)) return text;
  const { language, linesAbove, current, rest, state, within } = siteOf(input);
  if (state !== 0 || within !== 'code') return text;
  const before = [...linesAbove, current];
  const start = Math.max(
    0,
    before.findLastIndex(line => /^[([]/.test(line)),
  );
  const stack = new BracketStack();
  feed(stack, before.slice(start).join('\n'));
  // What follows belongs to this form up to the next line that begins with one.
  const below = input.suffix.split(/\r\n|\r|\n/).slice(1);
  const next = below.findIndex(line => /^[([;]/.test(line));
  const following = new BracketStack();
  feed(following, [rest, ...below.slice(0, next < 0 ? undefined : next)].join('\n'));
  const wanted = following.unmatched.length;
  const tail = /[)\]}\s]*$/.exec(text)?.[0] ?? '';
  const body = text.slice(0, text.length - tail.length);
  feed(stack, body);
  const closers = tail.replace(/\s/g, '');
  // A form that is not finished is left so, unless the last line closes more than there is to close.
  const isEnd = closers.length > 1 && body.includes('\n');
  let count = Math.min(closers.length, Math.max(0, stack.open.length - wanted));
  if (isEnd) count = Math.max(count, stack.open.length - wanted);
  const right = stack.open.toReversed().slice(0, count).map(closerOf).join('');
  return right === closers ? text : body + right;

  function feed(to: BracketStack, code: string): void {
    let inside = 0;
    for (const line of code.split('\n')) {
      const scanned = scanLine(line, inside, language);
      inside = scanned.state;
      for (const { character } of scanned.brackets) to.take(character);
    }
  }
};
