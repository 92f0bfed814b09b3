/**
 * Finds comments that address Codriver: `AI!` asks for work, `AI?` for an answer, `AI!!` for a task, at the start or
 * the end of a comment. Works on text with the language's comment table, so that it needs no grammar. It must not know what is
 * done with them.
 */
import type { Language } from '../base/languages.ts';
import type { Marker } from './analysis.ts';
import { lex } from './delimiters/lexer.ts';
import { Lines } from './view.ts';

interface Comment {
  readonly start: number;
  readonly end: number;
  readonly line: boolean;
}

/** The markers of a text in order. */
export function markersIn(text: string, language: Language): readonly Marker[] {
  // Most files have none.
  if (!/\bAI[!?]/i.test(text)) return [];
  const lines = new Lines(text);
  const comments = lex(text, language)
    .skipped.filter(row => row.comment)
    .map(({ start, end }) => ({
      start,
      end,
      line: language.lineComments.some(open => text.startsWith(open, start)),
    }));
  const found: Marker[] = [];
  for (const run of runs(text, lines, comments)) {
    const first = run[0] as Comment;
    const last = run.at(-1) as Comment;
    const words = run
      .map(comment => strip(text.slice(comment.start, comment.end), language))
      .join('\n')
      .trim();
    const marker = /^AI(!!|[!?])\s*:?|(?:^|[\s(,.;:])AI(!!|[!?])\W*$/i.exec(words);
    const sign = marker?.[1] ?? marker?.[2];
    if (!marker || !sign) continue;
    const instruction = (words.slice(0, marker.index) + ' ' + words.slice(marker.index + marker[0].length))
      .replace(/[ \t]+/g, ' ')
      .trim();
    found.push({
      kind: sign === '!!' ? 'task' : sign === '!' ? 'do' : 'answer',
      range: lines.range(first.start, last.end),
      instruction,
    });
  }
  return found;
}

/** Line comments that stand alone on neighbouring lines in the same column belong together. */
function runs(text: string, lines: Lines, comments: readonly Comment[]): readonly (readonly Comment[])[] {
  const found: Comment[][] = [];
  for (const comment of comments) {
    const run = found.at(-1);
    const before = run?.at(-1);
    const ended = before && /AI[!?]\W*$/i.test(text.slice(before.start, before.end));
    if (before && run && before.line && comment.line && !ended && follows(text, lines, before, comment))
      run.push(comment);
    else found.push([comment]);
  }
  return found;
}

function follows(text: string, lines: Lines, before: Comment, next: Comment): boolean {
  const from = lines.positionAt(before.start);
  const to = lines.positionAt(next.start);
  const alone = (comment: Comment): boolean =>
    text.slice(lines.starts[lines.lineOf(comment.start)], comment.start).trim() === '';
  const startsAnew = /^\W*AI[!?]/i.test(text.slice(next.start, next.end));
  return (
    to.line === from.line + 1 &&
    to.character === from.character &&
    alone(before) &&
    alone(next) &&
    !startsAnew
  );
}

/** A comment's words without its syntax. */
function strip(comment: string, language: Language): string {
  let text = comment;
  for (const [open, close] of language.blockComments) {
    if (!text.startsWith(open)) continue;
    text = text.slice(open.length);
    if (text.endsWith(close)) text = text.slice(0, -close.length);
    return text
      .split(/\r?\n/)
      .map(line => line.replace(/^\s*\*+ ?/, '').trim())
      .join('\n')
      .trim();
  }
  const open = [...language.lineComments]
    .sort((a, b) => b.length - a.length)
    .find(start => text.startsWith(start));
  if (open) {
    text = text.slice(open.length);
    while (text.startsWith(open[0] ?? ' ')) text = text.slice(1);
  }
  return text.replace(/^[!*]?\s*/, '').trim();
}
