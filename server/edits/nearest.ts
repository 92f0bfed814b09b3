/** The lines of a text most like some others, to show a model what it should have quoted. Pure. */
import { countedLines, type Lines } from './lines.ts';

/** Lines and characters of the excerpt, and how many lines of a text are looked at. */
const MAX_LINES = 40;
const MAX_CHARACTERS = 3000;
const MAX_SCANNED = 50_000;

/** An excerpt of whole lines; undefined where nothing resembles `search`. */
export function nearestBlock(text: Lines, search: readonly string[]): string | undefined {
  const count = Math.min(countedLines(text), MAX_SCANNED);
  const wanted = search.map(line => line.trim());
  const start = byVotes(text, count, wanted) ?? bySimilarity(text, count, wanted);
  if (start === undefined) return undefined;
  const from = Math.max(0, start - 2);
  const to = Math.min(count, start + Math.min(search.length, MAX_LINES - 4) + 2);
  let excerpt = '';
  for (let i = from; i < to; i++) {
    const line = text.lines[i] ?? '';
    if (excerpt.length + line.length > MAX_CHARACTERS) break;
    excerpt += (excerpt === '' ? '' : '\n') + line;
  }
  return excerpt === '' ? undefined : excerpt;
}

/** Every line that occurs in both votes for the start that would bring it there; rare lines weigh more. */
function byVotes(text: Lines, count: number, wanted: readonly string[]): number | undefined {
  const indexes = new Map<string, number[]>();
  wanted.forEach((line, i) => {
    if (line.length > 2) indexes.set(line, [...(indexes.get(line) ?? []), i].slice(0, 8));
  });
  const occurrences = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const line = (text.lines[i] ?? '').trim();
    if (indexes.has(line)) occurrences.set(line, (occurrences.get(line) ?? 0) + 1);
  }
  const votes = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const line = (text.lines[i] ?? '').trim();
    for (const index of indexes.get(line) ?? []) {
      const start = Math.max(0, i - index);
      votes.set(start, (votes.get(start) ?? 0) + 1 / (occurrences.get(line) ?? 1));
    }
  }
  return best(votes, 0);
}

/** By the words that the wanted lines and a line of the text share (Dice), for blocks of which no line is right. */
function bySimilarity(text: Lines, count: number, wanted: readonly string[]): number | undefined {
  const index = wanted.findIndex(line => wordsOf(line).size > 1);
  if (index === -1) return undefined;
  const first = wordsOf(wanted[index] ?? '');
  const scores = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const words = wordsOf(text.lines[i] ?? '');
    let shared = 0;
    for (const word of words) if (first.has(word)) shared++;
    const dice = (2 * shared) / (words.size + first.size);
    if (dice > 0) scores.set(Math.max(0, i - index), dice);
  }
  return best(scores, 0.4);
}

function wordsOf(line: string): Set<string> {
  return new Set(line.slice(0, 500).match(/[\p{L}\p{N}_]+/gu));
}

function best(scores: ReadonlyMap<number, number>, above: number): number | undefined {
  let winner: number | undefined;
  let most = above;
  for (const [start, score] of scores) {
    if (score > most) {
      winner = start;
      most = score;
    }
  }
  return winner;
}
