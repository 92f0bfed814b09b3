/**
 * Places where a quote may be missing or too many, and Python block headers without their colon. It proposes; the
 * parser decides. It must not know trees.
 */
import type { FileView } from '../view.ts';
import { codeEnd, type DelimiterCandidate, indentOf, inSkipped, lineBelow, unique } from './candidates.ts';
import type { Lexed } from './lexer.ts';

/** Candidates for a quote that is missing or too many. */
export function quoteCandidates(view: FileView, lexed: Lexed): readonly DelimiterCandidate[] {
  const found: DelimiterCandidate[] = [];
  for (const start of lexed.openStrings.slice(0, 3)) {
    const quote = view.text[start] as string;
    const line = view.lines.lineOf(start);
    const end = view.lines.contentEnd(line);
    const rest = view.text.slice(start + 1, end);
    const tail = /(?:[)\]},;:]|\s)*$/.exec(rest)?.[0] ?? '';
    const tailStart = end - tail.length;
    for (let at = tailStart; at <= end; at++) {
      const prior = at === tailStart ? 0.9 : 0.8 - 0.02 * (at - tailStart);
      found.push({ start: at, end: at, text: quote, prior, char: quote, action: 'add' });
    }
    for (const match of rest.matchAll(/[),\]}:+]/g)) {
      const at = start + 1 + match.index;
      if (at < tailStart)
        found.push({ start: at, end: at, text: quote, prior: 0.6, char: quote, action: 'add' });
    }
    // The quote may be the second one of a string whose first is missing.
    const lineStart = view.lines.starts[line] as number;
    for (const match of view.text.slice(lineStart, start).matchAll(/[(,[{=:+\s](?=[^\s(,[{=:+])/g)) {
      const at = lineStart + match.index + 1;
      found.push({ start: at, end: at, text: quote, prior: 0.66, char: quote, action: 'add' });
    }
    found.push({ start, end: start + 1, text: '', prior: 0.4, char: quote, action: 'remove' });
  }
  return unique(found);
}

const header = /^\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b/;

/** Python: block headers without their colon. */
export function colonCandidates(view: FileView, lexed: Lexed): readonly DelimiterCandidate[] {
  const found: DelimiterCandidate[] = [];
  for (let line = 0; line < view.lines.count; line++) {
    const start = view.lines.starts[line] as number;
    if (!header.test(view.lines.line(line)) || inSkipped(lexed, start)) continue;
    const end = codeEnd(view, lexed, line);
    const code = view.text.slice(start, end).trimEnd();
    if (/[:\\,([{]$/.test(code)) continue;
    const next = lineBelow(view, line);
    if (next !== undefined && indentOf(view, next) <= indentOf(view, line)) continue;
    const at = start + code.length;
    found.push({ start: at, end: at, text: ':', prior: 0.95, char: ':', action: 'add' });
  }
  return found;
}
