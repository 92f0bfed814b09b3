/**
 * Finds brackets and quotes in a text that need not parse: skips comments and strings by the language's table, and
 * regular expressions and template literals where the language has them. It must not know trees.
 */
import type { Language } from '../../base/languages.ts';

export interface Bracket {
  readonly char: string;
  readonly at: number;
}

export interface Lexed {
  readonly brackets: readonly Bracket[];
  /** Starts of strings that the end of their line cut off. */
  readonly openStrings: readonly number[];
  /** Stretches that are comments or strings, in order. */
  readonly skipped: readonly { readonly start: number; readonly end: number; readonly comment: boolean }[];
}

export const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
export const openers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

const regexBefore =
  /(?:^|[=(,[{:;!&|?+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/;

/** Reads brackets, strings and comments. Linear in the length of the text. */
export function lex(text: string, language: Language): Lexed {
  const brackets: Bracket[] = [];
  const openStrings: number[] = [];
  const skipped: { start: number; end: number; comment: boolean }[] = [];
  const isJavaScript = /^(?:java|type)script/.test(language.id);
  const strings = [...language.strings].sort((a, b) => b.open.length - a.open.length);
  // Depths of braces at which a template literal goes on.
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  const templateFrom = (start: number, from: number): number => {
    let end = from;
    while (end < text.length) {
      const char = text[end];
      if (char === '\\') end += 2;
      else if (char === '`') {
        skipped.push({ start, end: end + 1, comment: false });
        return end + 1;
      } else if (char === '$' && text[end + 1] === '{') {
        skipped.push({ start, end: end + 1, comment: false });
        templates.push(depth);
        return end + 1;
      } else end++;
    }
    skipped.push({ start, end: text.length, comment: false });
    openStrings.push(start);
    return text.length;
  };
  scan: while (at < text.length) {
    const char = text[at] as string;
    for (const open of language.lineComments) {
      if (!text.startsWith(open, at)) continue;
      const end = lineEndFrom(text, at);
      skipped.push({ start: at, end, comment: true });
      at = end;
      continue scan;
    }
    for (const [open, close] of language.blockComments) {
      if (!text.startsWith(open, at)) continue;
      const found = text.indexOf(close, at + open.length);
      const end = found < 0 ? text.length : found + close.length;
      skipped.push({ start: at, end, comment: true });
      at = end;
      continue scan;
    }
    if (isJavaScript && char === '`') {
      at = templateFrom(at, at + 1);
      continue;
    }
    for (const string of strings) {
      if (!text.startsWith(string.open, at)) continue;
      const end = stringEnd(text, at + string.open.length, string);
      skipped.push({ start: at, end: Math.abs(end), comment: false });
      if (end < 0) openStrings.push(at);
      at = Math.abs(end);
      continue scan;
    }
    if (isJavaScript && char === '/') {
      const lineStart = text.lastIndexOf('\n', at - 1) + 1;
      const end = regexBefore.test(text.slice(Math.max(lineStart, at - 40), at)) ? regexEnd(text, at) : 0;
      if (end > 0) {
        skipped.push({ start: at, end, comment: false });
        at = end;
        continue;
      }
    }
    if (char in closers) {
      brackets.push({ char, at });
      depth++;
    } else if (char in openers) {
      brackets.push({ char, at });
      depth--;
      if (char === '}' && templates.at(-1) === depth) {
        templates.pop();
        at = templateFrom(at + 1, at + 1);
        continue;
      }
    }
    at++;
  }
  return { brackets, openStrings, skipped };
}

/** How many brackets have no partner, and where the first is. */
export function bracketBalance(
  text: string,
  language: Language,
): { readonly wrong: number; readonly firstWrong: number | undefined } {
  const stack: Bracket[] = [];
  let wrong = 0;
  let firstWrong: number | undefined;
  for (const bracket of lex(text, language).brackets) {
    const opener = openers[bracket.char];
    if (opener === undefined) {
      stack.push(bracket);
    } else if (stack.at(-1)?.char === opener) {
      stack.pop();
    } else {
      wrong++;
      firstWrong ??= bracket.at;
    }
  }
  return { wrong: wrong + stack.length, firstWrong: firstWrong ?? stack[0]?.at };
}

function lineEndFrom(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** End of a string, negative if its line or the text ends before it does. */
function stringEnd(
  text: string,
  from: number,
  string: { close: string; escapes: boolean; multiline: boolean; doubled?: boolean },
): number {
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === '\\' && string.escapes) {
      at += text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 2;
      continue;
    }
    if (text.startsWith(string.close, at)) {
      if (!string.doubled || !text.startsWith(string.close, at + string.close.length))
        return at + string.close.length;
      at += 2 * string.close.length;
      continue;
    }
    if ((char === '\n' || char === '\r') && !string.multiline) return -at;
    at++;
  }
  return -text.length;
}

/** End of a regular expression literal; 0 if there is none. */
function regexEnd(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\n' || char === '\r') return 0;
    if (char === '\\') at++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) {
      let end = at + 1;
      while (/[a-z]/.test(text[end] ?? '')) end++;
      return end;
    }
  }
  return 0;
}
