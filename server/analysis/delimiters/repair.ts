/**
 * Mends a file whose brackets, quotes or colons do not pair: tries the likeliest places and keeps those with which
 * the file parses again. It must not know other repairs.
 */
import type { Repair } from '../analysis.ts';
import { type FileView, replaceAll, toEdits } from '../view.ts';
import { bracketCandidates, type DelimiterCandidate } from './candidates.ts';
import { type Lexed, lex, openers } from './lexer.ts';
import { colonCandidates, quoteCandidates } from './quotes.ts';

/** Characters that may be parsed in one search; a long file gets fewer tries. */
const PARSE_BUDGET = 3_000_000;
const MAX_TRIES = 70;
const MIN_TRIES = 8;
/** Clean solutions after which the search stops. */
const ENOUGH = 5;

/**
 * The search for repairs with which the file has fewer syntax errors, one try a step: all of them take seconds where a
 * file has many brackets and more than one error.
 */
export class DelimiterSearch {
  /** What is mended; every step needs a view of the same text. */
  readonly text: string;
  readonly #left: DelimiterCandidate[];
  readonly #found: Solution[] = [];

  constructor(view: FileView) {
    this.text = view.text;
    this.#left = view.trees.damage.problems.length === 0 ? [] : candidatesOf(view);
  }

  /** Nothing is left to try. */
  get isDone(): boolean {
    return this.#left.length === 0 || this.#found.filter(({ clean }) => clean).length >= ENOUGH;
  }

  /** Tries the next place, if any is left. */
  step(view: FileView): void {
    const candidate = this.#left.shift();
    if (!candidate) return;
    const before = view.trees.damage.problems.length;
    const text = replaceAll(view.text, [candidate]);
    const left = remaining(view, text, before > 1);
    if (left !== undefined && left < before)
      this.#found.push({ candidate, clean: left === 0, crooked: crooked(view, text) });
  }

  /** The best of what was found, best first; how sure they are is known when all was tried. */
  repairs(view: FileView): readonly Repair[] {
    return rank(view, this.#found);
  }
}

/** The likeliest first, as many as may be tried. */
function candidatesOf(view: FileView): DelimiterCandidate[] {
  const { damage } = view.trees;
  const lexed = lex(view.text, view.language);
  const errorLines = [
    ...new Set(
      damage.problems
        .slice(0, 4)
        .flatMap(({ start, end }) => [view.lines.lineOf(start), view.lines.lineOf(end)]),
    ),
  ].slice(0, 6);
  const candidates = [
    ...(view.family === 'python' ? colonCandidates(view, lexed) : []),
    ...quoteCandidates(view, lexed),
    ...bracketCandidates(view, lexed, errorLines),
  ].sort((a, b) => b.prior - a.prior);
  const tries = Math.max(MIN_TRIES, Math.min(MAX_TRIES, Math.floor(PARSE_BUDGET / (view.text.length + 1))));
  return candidates.slice(0, tries);
}

interface Solution {
  readonly candidate: DelimiterCandidate;
  /** The whole file parses with it. */
  readonly clean: boolean;
  readonly crooked: number;
}

function rank(view: FileView, solutions: readonly Solution[]): readonly Repair[] {
  const straightest = Math.min(...solutions.map(row => row.crooked));
  const scored = solutions
    .map(row => ({
      ...row,
      score: row.candidate.prior - 0.12 * (row.crooked - straightest) - (row.clean ? 0 : 0.3),
    }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  if (!best) return [];
  const margin = second ? best.score - second.score : 1;
  const clear = margin >= 0.1 && (best.candidate.prior >= 0.84 || margin >= 0.25);
  return scored.slice(0, 3).map(({ candidate, clean, score }, at) => {
    const sure = clean && at === 0 ? (clear ? 0.9 : 0.72) : 0.55;
    return asRepair(view, candidate, Math.max(0.1, Math.min(sure, 0.2 + score)));
  });
}

/** Syntax errors that a text would have; a text with other errors needs a fresh parse to count them. */
function remaining(view: FileView, text: string, several: boolean): number | undefined {
  const quick = view.trees.overlay(text, true);
  if (!quick) return undefined;
  const clean = !quick.tree.hasError;
  const count = clean ? 0 : quick.damage.problems.length;
  quick.release();
  if (clean || !several) return clean ? 0 : undefined;
  if (count > view.trees.damage.problems.length) return count;
  const full = view.trees.overlay(text);
  const problems = full?.damage.problems.length;
  full?.release();
  return problems;
}

/** Pairs over several lines whose ends are indented differently: signs of a wrong place. */
function crooked(view: FileView, text: string): number {
  const { brackets }: Lexed = lex(text, view.language);
  const lineStarts = (at: number): string => {
    const start = text.lastIndexOf('\n', at - 1) + 1;
    return text.slice(start, at);
  };
  const stack: { char: string; at: number }[] = [];
  let count = 0;
  for (const bracket of brackets) {
    const opener = openers[bracket.char];
    if (opener === undefined) {
      stack.push(bracket);
      continue;
    }
    const partner = stack.pop();
    if (!partner) continue;
    const own = lineStarts(bracket.at);
    if (own.trim() !== '' || text.slice(partner.at, bracket.at).indexOf('\n') < 0) continue;
    const there = /^\s*/.exec(lineStarts(partner.at) || '')?.[0] ?? '';
    if (own !== there) count++;
  }
  return Math.min(count, 5);
}

function asRepair(view: FileView, candidate: DelimiterCandidate, confidence: number): Repair {
  const { lines } = view;
  const { char, action, start, end } = candidate;
  const line =
    lines.lineOf(start) + (candidate.text.startsWith('\n') || candidate.text.startsWith('\r') ? 1 : 0) + 1;
  const title =
    action === 'add'
      ? `Add the missing '${char}' on line ${line}`
      : `Remove the extra '${char}' on line ${line}`;
  const at = end > start ? lines.range(start, end) : nearby(view, start);
  return { title, kind: 'unbalanced-delimiter', edits: toEdits(lines, [candidate]), confidence, range: at };
}

/** The last character before an insertion, so that the place can be seen. */
function nearby(view: FileView, offset: number): Repair['range'] {
  let at = offset;
  while (at > 0 && /\s/.test(view.text[at - 1] ?? '')) at--;
  return view.lines.range(Math.max(0, at - 1), Math.max(at, 1));
}
