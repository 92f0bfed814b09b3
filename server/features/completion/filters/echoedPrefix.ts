/** Takes away what stands before the cursor already: the line, the lines above it, or the file up to it. */
import type { Filter } from './filter.ts';
import { columnsOf, type Site, siteOf } from './site.ts';

/** A shorter piece may be repeated by right. In characters. */
const MIN_LINE = 3;
const MIN_ABOVE = 8;
/** Lines before the cursor that are found anywhere in the text when they are this telling. */
const MIN_ANYWHERE = 30;
const MAX_LINES = 40;
/** Lines above the cursor's in which a comment is near. */
const NEAR_ABOVE = 8;

export const echoedPrefix: Filter = (text, input) => {
  const site = siteOf(input);
  const { current, linesAbove } = site;
  const started = current.trimStart();
  // A blank first, after a word: the next word may begin like it.
  const isNext = /^[ \t]/.test(text) && /\w$/.test(current);
  const lines = [...linesAbove, current].map(line => line.trimEnd());
  // The longest run of lines that ends at the cursor first.
  const unindented = text.replace(/^\s+/, '');
  for (let count = Math.min(MAX_LINES, lines.length); count >= 2; count--) {
    const run = linesAbove.slice(-(count - 1)).join('\n') + '\n' + current;
    const bare = run.trimStart();
    if (bare.trim().length < MIN_ABOVE) continue;
    if (text.startsWith(run)) return text.slice(run.length);
    if (unindented.startsWith(bare)) return unindented.slice(bare.length);
  }
  const end = `${linesAbove.slice(-2).join('\n')}\n${current}`.trimStart();
  if (end.length >= MIN_ANYWHERE && /\p{L}{3}/u.test(end)) {
    const at = text.lastIndexOf(end);
    if (at >= 0) return text.slice(at + end.length);
  }
  if (
    !isNext &&
    started.trim().length >= MIN_LINE &&
    !/^[^\p{L}\p{N}]+$/u.test(started) &&
    unindented.startsWith(started)
  )
    return unindented.slice(started.length);
  const trimmed = started.trimEnd();
  if (!isNext && trimmed.length >= 6 && /\s/.test(trimmed) && unindented.startsWith(trimmed))
    return started.length > trimmed.length
      ? unindented.slice(trimmed.length).trimStart()
      : unindented.slice(trimmed.length);
  return current.trim() === '' || /^\s*\n/.test(text) ? withoutCommentAbove(text, site) : text;
};

/** A comment above a function's head is often written once more at the start of its body. */
function withoutCommentAbove(text: string, { language, linesAbove, current }: Site): string {
  const marks = [...language.lineComments, ...language.blockComments.flatMap(pair => [...pair, '* '])];
  const lines = text.split('\n');
  const first = lines.findIndex(line => line.trim() !== '');
  const columns = columnsOf(first === 0 ? current + text : (lines[first] ?? ''));
  // One that stands in the same body may come again: a directive, or the name of a step.
  const further = linesAbove.slice(-NEAR_ABOVE).filter(line => columnsOf(line) < columns);
  const near = new Set(further.map(line => line.trim()));
  const isEcho = (line: string) => near.has(line) && marks.some(mark => line.startsWith(mark));
  let end = first;
  while (isEcho((lines[end] ?? '').trim())) end++;
  if (end <= first) return text;
  const left = lines.slice(end).join('\n');
  return first === 0 ? left.trimStart() : `\n${left}`;
}

/** A line that the rules may judge, and how many lines before the newest one it came. */
interface Heard {
  readonly line: string;
  readonly back: number;
}

/**
 * Holds lines back while they only repeat what stands before the cursor, so that no rule takes the echo for the
 * suggestion. Lines that turn out to be none are let go together.
 */
export class Echo {
  readonly #above: readonly string[];
  readonly #current: string;
  /** Where in the lines above the echo may stand; undefined: there is none, or it is over. */
  #at: readonly number[] | undefined;
  #held: string[] = [];

  constructor({ linesAbove, current }: Site) {
    this.#above = linesAbove.map(line => line.trim());
    this.#current = current;
    this.#at = [...this.#above.keys()].filter(i => (this.#above[i] as string).length >= 4);
  }

  /** Lines are held back. */
  get isRunning(): boolean {
    return this.#at !== undefined && this.#held.length > 0;
  }

  take(line: string): readonly Heard[] {
    if (this.#at === undefined) return [{ line, back: 0 }];
    const text = line.trim();
    const reachesCursor = this.#held.length > 0 && this.#at.includes(this.#above.length);
    if (reachesCursor && line.trimStart().startsWith(this.#current.trim())) {
      this.#at = undefined;
      return [{ line: line.trimStart().slice(this.#current.trim().length).trimStart(), back: 0 }];
    }
    this.#held.push(line);
    this.#at = this.#at.filter(i => this.#above[i] === text).map(i => i + 1);
    if (this.#at.length > 0) return [];
    this.#at = undefined;
    const held = this.#held;
    return held.map((one, i) => ({ line: one, back: held.length - 1 - i }));
  }
}
