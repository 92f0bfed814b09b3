/**
 * Lines of code without what is said in them: comments are taken away and literals emptied, so that a word in a text is
 * never taken for code. Line by line and for many languages alike; it must not know what is looked for.
 */
import type { Family } from './files.ts';

const HASH: ReadonlySet<Family> = new Set(['python', 'ruby', 'elixir', 'shell', 'php']);

/** The text with every comment blanked; with `literals`, what stands in quotes on one line too. Lines stay. */
export function bare(text: string, family: Family | undefined, literals: boolean): string {
  const marks = family === undefined || HASH.has(family);
  const slashes = family !== undefined && (!HASH.has(family) || family === 'php');
  let out = '';
  let at = 0;
  let first = true;
  while (at < text.length) {
    const character = text[at] as string;
    const rest = text.slice(at, at + 3);
    const triple = family === 'python' || family === 'elixir' || family === 'jvm' || family === 'swift';
    if (triple && (rest === '"""' || rest === "'''")) {
      const end = text.indexOf(rest, at + 3);
      const stop = end < 0 ? text.length : end + 3;
      // A text that stands by itself is a comment; others are literals.
      out += literals || first ? emptied(text.slice(at, stop)) : text.slice(at, stop);
      at = stop;
    } else if (marks && character === '#' && !(family === 'php' && rest.startsWith('#['))) {
      at = endOfLine(text, at);
    } else if (slashes && rest.startsWith('//')) {
      at = endOfLine(text, at);
    } else if (slashes && rest.startsWith('/*')) {
      const end = text.indexOf('*/', at + 2);
      const stop = end < 0 ? text.length : end + 2;
      out += text.slice(at, stop).replace(/[^\n]/g, ' ');
      at = stop;
    } else if (character === '"' || character === "'" || character === '`') {
      const stop = endOfLiteral(text, at, character, family);
      out += literals ? emptied(text.slice(at, stop)) : text.slice(at, stop);
      at = stop;
    } else {
      out += character;
      at++;
    }
    first = character === '\n' || (first && /\s/.test(character));
  }
  return out;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function emptied(literal: string): string {
  const mark = literal[0] ?? '';
  return mark + literal.slice(1, -1).replace(/[^\n]/g, '') + mark;
}

/** Behind a literal. A quote that does not close on its line was none, such as a lifetime or an apostrophe. */
function endOfLiteral(text: string, start: number, quote: string, family: Family | undefined): number {
  const long = quote === '`' && (family === 'script' || family === 'go');
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && !(quote === '`' && family === 'go')) at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n' && !long) return start + 1;
  }
  return start + 1;
}

/** Lines that a text has and another has not, each as often as it has more of it; numbers from 1. Blanks do not count. */
export function linesOnlyIn(
  text: string,
  other: string,
): readonly { readonly line: number; readonly text: string }[] {
  const left = new Map<string, number>();
  for (const each of other.split('\n')) {
    const key = keyOf(each);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return text.split('\n').flatMap((each, i) => {
    const key = keyOf(each);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count > 0 || key === '' ? [] : [{ line: i + 1, text: each }];
  });
}

function keyOf(line: string): string {
  return line.replace(/\s+/g, ' ').trim().replace(/,$/, '');
}
