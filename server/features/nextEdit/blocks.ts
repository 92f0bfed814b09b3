/**
 * Lines put in, taken out or rewritten together: the next place that reads the same. What is put in is told by the
 * lines that it stands between. One line that became one line is not its business.
 */
import type { RecentEdit } from '../../base/history.ts';
import { type LineChange, lineChange } from './changes.ts';
import { indentOf, type Source, tokensOf } from './source.ts';
import { transfer } from './transfer.ts';
import type { Guess, Predicting, Predictor } from './types.ts';

const MAX_EDITS = 12;
const MAX_AGE = 3;
const MAX_GUESSES = 12;
/** Longer blocks are moved or generated. */
const MAX_LINES = 20;
const MAX_LENGTH = 900;
/** Places in one file that are compared. */
const MAX_PLACES = 80;
/** Text that is longer or shorter by more is not alike. */
const MAX_LONGER = 1.3;
/** What was done once to some lines is rarely meant for their twins: measured, four times in ten. */
const MIN_EVIDENCE = 2;
/** Shorter text is the same by chance, in UTF-16 units without spaces: where it was done twice, and more often. */
const MIN_LENGTH_TWICE = 35;
const MIN_LENGTH = 10;
const MIN_LIKENESS = 0.9;
/** Lines around an insertion that are looked at for one with text. */
const MAX_BLANK = 2;

type Kind = 'put in' | 'taken out' | 'rewritten';

/** A change of whole lines, without the indentation that they share. */
interface Block {
  readonly uri: string;
  /** Where `after` begins in the text just after the edit. */
  readonly line: number;
  readonly kind: Kind;
  readonly before: string;
  readonly after: string;
  /** Lines of `before` and `after`. */
  readonly lines: number;
  readonly made: number;
  /** Undefined where too little is left to make it on other text. */
  readonly model: LineChange | undefined;
  readonly age: number;
}

export const repeatedBlock: Predictor = {
  name: 'repeated-block',
  guess({ edits, sources }: Predicting) {
    const of = (uri: string) => sources.find(each => each.uri === uri);
    const blocks = edits.slice(0, MAX_EDITS).flatMap((edit, age) => blockOf(edit, age, of(edit.uri)) ?? []);
    const guesses: Guess[] = [];
    for (const block of blocks) {
      const own = of(block.uri);
      if (block.age >= MAX_AGE || !own) continue;
      const again = blocks.filter(other => other !== block && isAgain(block, other, own));
      if (again.length + 1 < MIN_EVIDENCE) continue;
      for (const source of sources)
        if (source.language.id === own.language.id)
          guesses.push(...placesOf(block, source, again.length + 1));
      if (guesses.length >= MAX_GUESSES) break;
    }
    return guesses.slice(0, MAX_GUESSES);
  },
};

function blockOf(edit: RecentEdit, age: number, source: Source | undefined): Block | undefined {
  const { beforeLines, afterLines, line, uri } = edit;
  if (!source || Math.max(beforeLines, afterLines) > MAX_LINES) return undefined;
  if (beforeLines === 1 && afterLines === 1) return undefined;
  let old = beforeLines === 0 ? [] : edit.before.split('\n');
  let now = afterLines === 0 ? [] : edit.after.split('\n');
  if (now.some((text, index) => source.lines[line + index] !== text)) return undefined;
  let first = line;
  if (beforeLines === 0) {
    const [above, below] = around(source, line, line + afterLines);
    if (!above || !below) return undefined;
    old = [...above, ...below];
    now = [...above, ...now, ...below];
    first = line - above.length;
  }
  const indent = indentIn(old);
  const [before, after] = [outdented(old, indent), outdented(now, indent)];
  if (before.length > MAX_LENGTH || after.length > MAX_LENGTH) return undefined;
  const change = now.length === 0 ? undefined : lineChange(source.language, before, after);
  return {
    uri,
    line: first,
    kind: beforeLines === 0 ? 'put in' : afterLines === 0 ? 'taken out' : 'rewritten',
    before,
    after,
    lines: old.length,
    made: now.length,
    model: change && { uri, line: first, age, ...change },
    age,
  };
}

/** The nearest lines with text above and below some lines, with the blank ones between. */
function around({ lines }: Source, from: number, to: number): readonly (readonly string[] | undefined)[] {
  const hasText = (line: number) => (lines[line] ?? '').trim() !== '';
  let top = from - 1;
  while (top > 0 && from - top <= MAX_BLANK && !hasText(top)) top--;
  let bottom = to;
  while (bottom < lines.length && bottom - to < MAX_BLANK && !hasText(bottom)) bottom++;
  return [
    hasText(top) ? lines.slice(top, from) : undefined,
    hasText(bottom) ? lines.slice(to, bottom + 1) : undefined,
  ];
}

/** The indentation that lines share. */
function indentIn(lines: readonly string[]): string {
  const written = lines.filter(text => text.trim() !== '');
  const least = written.sort((a, b) => indentOf(a) - indentOf(b))[0] ?? '';
  return /^\s*/.exec(least)?.[0] ?? '';
}

function outdented(lines: readonly string[], indent: string): string {
  return lines
    .map(text => (text.startsWith(indent) ? text.slice(indent.length) : text.trimStart()))
    .join('\n');
}

function lengthOf(text: string): number {
  return text.replace(/\s+/g, '').length;
}

function isAgain(block: Block, other: Block, own: Source): boolean {
  return block.kind === other.kind && changed(block, other.before, own)?.text === other.after;
}

/** A text with the block's change made to it. */
function changed(
  block: Block,
  text: string,
  { language }: Source,
): { text: string; likeness: number } | undefined {
  if (text === block.before) return { text: block.after, likeness: 1 };
  const [short, long] = [text.length, block.before.length].sort((a, b) => a - b) as [number, number];
  if (long > short * MAX_LONGER) return undefined;
  return block.model && transfer(block.model, text, tokensOf(language, text));
}

function placesOf(block: Block, source: Source, evidence: number): readonly Guess[] {
  const length = lengthOf(block.before);
  if (length < (evidence > MIN_EVIDENCE ? MIN_LENGTH : MIN_LENGTH_TWICE)) return [];
  const own = source.uri === block.uri;
  const [word] = (block.before.match(/[\p{L}\p{N}_]+/gu) ?? []).sort((a, b) => b.length - a.length);
  if (word === undefined) return [];
  const offset = block.before.split('\n').findIndex(text => text.includes(word));
  const found: Guess[] = [];
  for (const at of source.linesWith(word, own ? block.line + offset : 0).slice(0, MAX_PLACES)) {
    const line = at - offset;
    // People work downwards: what lies above was left behind.
    if (line < 0 || (own && line < block.line + block.made)) continue;
    const old = source.lines.slice(line, line + block.lines);
    const indent = indentIn(old);
    const made = changed(block, outdented(old, indent), source);
    if (!made || made.likeness < MIN_LIKENESS) continue;
    const now = made.text === '' ? [] : made.text.split('\n').map(text => (text === '' ? '' : indent + text));
    if (block.kind === 'put in' && standsThere(source, line, now)) continue;
    const confidence = Math.min(0.95, 0.62 + 0.08 * evidence + 0.1 * Math.min(1, length / 80));
    found.push(guessOf(block, source, line, old, now, confidence));
  }
  return found;
}

function standsThere(source: Source, line: number, now: readonly string[]): boolean {
  return now.every((text, index) => source.lines[line + index] === text);
}

/** The lines that differ, as whole lines. */
function guessOf(
  { kind, before, after }: Block,
  source: Source,
  line: number,
  old: readonly string[],
  now: readonly string[],
  confidence: number,
): Guess {
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const lines = now.slice(head, now.length - tail);
  return {
    uri: source.uri,
    ...source.replacement(line + head, line + old.length - tail, lines),
    confidence,
    reason:
      kind === 'put in'
        ? 'put in the same lines here'
        : kind === 'taken out'
          ? 'take out the same lines here'
          : 'rewrite these lines alike',
    by: 'repeated-block',
    group: `block ${kind} ${before} → ${after}`,
  };
}
