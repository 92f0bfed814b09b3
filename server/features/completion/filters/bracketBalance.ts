/**
 * Cuts closing brackets that close nothing, or what the text after the cursor closes already: the latter only where
 * the brackets around the cursor pair up, so that a file in the middle of an edit is not judged.
 */
import type { Filter } from './filter.ts';
import { BracketStack, closerOf, scanLine } from './scan.ts';
import { siteOf } from './site.ts';

/** Brackets without partners are right there. */
const loose = /^(?:shell.*|bash|fish|markdown|plaintext|tex|latex|.*commit|diff|make.*|batch|vim|yaml)$/;

export const bracketBalance: Filter = (text, input) => {
  const { language, open, closers, state, within } = siteOf(input);
  if (within !== 'code' || loose.test(language.id) || !/[)\]}]/.test(text)) return text;
  const isPaired = closers.length > 0 && pairs(open, closers);
  const seesAll = input.prefix.length < WHOLE || language.indentBlocks;
  if (!isPaired && !seesAll) return text;
  const stack = new BracketStack(open);
  const lines = text.split('\n');
  let inside = state;
  /** Where the text last went below what it may close, and has not come back since. */
  let cut: { readonly line: number; readonly at: number } | undefined;
  for (const [line, content] of lines.entries()) {
    const scanned = scanLine(content, inside, language);
    inside = scanned.state;
    for (const { character, at } of scanned.brackets) {
      stack.take(character);
      if (stack.unmatched.length > 0) return cutAt(lines, cut ?? { line, at });
      if (stack.open.length >= open.length) cut = undefined;
      else if (isPaired) cut ??= { line, at };
    }
  }
  return cut === undefined ? text : cutAt(lines, cut);
};

/** A text before the cursor that is shorter than this begins with the file; in UTF-16 units. */
const WHOLE = 3_900;

/** Whether every open bracket has its closer, and no other is there. */
function pairs(open: readonly string[], closers: readonly string[]): boolean {
  return open.length === closers.length && open.toReversed().every((one, i) => closerOf(one) === closers[i]);
}

function cutAt(lines: readonly string[], { line, at }: { line: number; at: number }): string {
  return [...lines.slice(0, line), (lines[line] as string).slice(0, at)].join('\n').trimEnd();
}
