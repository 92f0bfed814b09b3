/**
 * Brackets of a text outside of its strings and comments, line by line, by the language table alone: good enough to
 * balance delimiters without a grammar. It must not know suggestions or documents.
 */
import type { Language } from '../../../base/languages.ts';

/** 0: code. n: inside the nth multi-line string or comment of the language. */
export type LineState = number;

export interface Bracket {
  readonly character: string;
  /** UTF-16 offset in the line. */
  readonly at: number;
}

export interface ScannedLine {
  readonly brackets: readonly Bracket[];
  /** What the next line starts in. */
  readonly state: LineState;
  /** The line ends within a line comment, or within a string that has no partner on it. */
  readonly ends: 'code' | 'comment' | 'string';
}

interface Quoting {
  readonly open: string;
  readonly close: string;
  readonly escapes: boolean;
  readonly multiline: boolean;
  readonly comment: boolean;
}

const quotings = new WeakMap<Language, readonly Quoting[]>();
/** Where a slash begins a regular expression and not a division. */
const regexLanguage = /^(?:javascript|typescript|vue|svelte)/;
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else))\s*$/;
const regex = /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const character = /'(?:\\[^']{1,10}|[^\\'])'/y;

/** Scans one line (without its end) that starts in `state`. Linear in the line. */
export function scanLine(line: string, state: LineState, language: Language): ScannedLine {
  const all = quotingsOf(language);
  const brackets: Bracket[] = [];
  const isLisp = language.wordExtra.includes('*+');
  let inside = state === 0 ? undefined : all[state - 1];
  let at = 0;
  while (at < line.length) {
    if (inside !== undefined) {
      at = closing(line, at, inside);
      if (at < 0) break;
      inside = undefined;
      continue;
    }
    const code = line[at] as string;
    if (code === '\\' && isLisp) {
      at += 2;
      continue;
    }
    if (!/[\w\s]/.test(code)) {
      if (startsComment(line, at, language)) return { brackets, state: 0, ends: 'comment' };
      const skipped = literal(line, at, code, language);
      if (skipped > 0) {
        at += skipped;
        continue;
      }
      // Before brackets: a string may begin with one, as Lua's long strings do.
      inside = all.find(({ open }) => line.startsWith(open, at));
      if (inside !== undefined) {
        at += inside.open.length;
        continue;
      }
      if ('([{)]}'.includes(code)) brackets.push({ character: code, at });
    }
    at++;
  }
  if (inside === undefined) return { brackets, state: 0, ends: 'code' };
  const ends = inside.comment ? 'comment' : 'string';
  return { brackets, state: inside.multiline ? all.indexOf(inside) + 1 : 0, ends };
}

/** Where the text after the closing delimiter begins; -1 when it does not come on this line. */
function closing(line: string, from: number, { close, escapes }: Quoting): number {
  if (!escapes) {
    const end = line.indexOf(close, from);
    return end < 0 ? -1 : end + close.length;
  }
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line.startsWith(close, at)) return at + close.length;
  }
  return -1;
}

function startsComment(line: string, at: number, { id, lineComments, blockComments }: Language): boolean {
  if (blockComments.some(([open]) => line.startsWith(open, at))) return false;
  return lineComments.some(
    mark =>
      line.startsWith(mark, at) &&
      // In a shell `$#` and `${#a}` are no comments; in CSS and YAML a colour or an anchor is none.
      !(mark === '#' && /^(?:shell|bash|fish|yaml|perl|make)/.test(id) && /\S$/.test(line.slice(0, at))),
  );
}

/** Length of a regular expression or a character literal that begins here; 0 when none does. */
function literal(line: string, at: number, code: string, language: Language): number {
  const pattern =
    code === '/' && regexLanguage.test(language.id) && beforeRegex.test(line.slice(Math.max(0, at - 12), at))
      ? regex
      : code === "'" && !language.strings.some(({ open }) => open === "'")
        ? character
        : undefined;
  if (pattern === undefined) return 0;
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0].length ?? 0;
}

function quotingsOf(language: Language): readonly Quoting[] {
  let all = quotings.get(language);
  if (all === undefined) {
    const comments = language.blockComments.map(([open, close]) => ({
      open,
      close,
      escapes: false,
      multiline: true,
      comment: true,
    }));
    const strings = language.strings.map(({ open, close, escapes, multiline }) => ({
      open,
      close,
      escapes,
      multiline,
      comment: false,
    }));
    all = [...comments, ...strings].sort((a, b) => b.open.length - a.open.length);
    quotings.set(language, all);
  }
  return all;
}

const partner: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Follows brackets over lines: what is open, and which closers had no partner. */
export class BracketStack {
  /** Open brackets, outermost first. */
  open: string[];
  /** Closers without a partner, in order. */
  readonly unmatched: string[] = [];

  constructor(open: readonly string[] = []) {
    this.open = [...open];
  }

  /** Whether this bracket closes one that was open, opens one, or has no partner. */
  take(bracket: string): 'opened' | 'closed' | 'unmatched' {
    const opener = partner[bracket];
    if (opener === undefined) {
      this.open.push(bracket);
      return 'opened';
    }
    if (this.open.at(-1) === opener) {
      this.open.pop();
      return 'closed';
    }
    this.unmatched.push(bracket);
    return 'unmatched';
  }
}

/** The closer of an opening bracket. */
export const closerOf = (open: string): string => (open === '(' ? ')' : open === '[' ? ']' : '}');
