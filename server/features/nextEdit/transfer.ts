/**
 * Makes the change that was made to one line on another line that is built alike: the lines are aligned token by
 * token, what differs between them is a hole, and the change must stand clear of the holes. Pure.
 */
import { diffLines } from '../../edits/diff.ts';
import { type LineChange, texts } from './changes.ts';
import type { Token } from './source.ts';

export interface Transfer {
  readonly text: string;
  /** 0…1: how much of the two lines is the same, the part beside the change counting most. */
  readonly likeness: number;
  /** Places where the lines differ. */
  readonly holes: number;
  /** Names and numbers that stand in both lines at the changed place or right beside it. */
  readonly anchors: number;
  /** Words of the code that stand in both lines, anywhere. */
  readonly words: number;
  /** An argument is changed of what is called otherwise in the other line. */
  readonly otherCallee: boolean;
}

/** Words that make a line another kind of line. */
const STATEMENTS = new Set(
  'function def fn func fun class struct enum interface trait import if elif for while switch match case'.split(
    ' ',
  ),
);

const COMMON = new Set(
  'const let var local final static return mut auto public private if then else end do true false null nil none None True False self this not and or in is new await async'.split(
    ' ',
  ),
);

/** For each token of the model line: its twin in the other line, or -1 inside a hole. */
interface Alignment {
  readonly twins: readonly number[];
  readonly holes: readonly { aStart: number; aEnd: number; bStart: number; bEnd: number }[];
}

/** Tokens on either side of a change that are its neighbourhood. */
const NEAR = 3;

/** The other line with the same change made to it; undefined where it does not fit. */
export function transfer(model: LineChange, line: string, tokens: readonly Token[]): Transfer | undefined {
  const alignment = align(model.old, tokens);
  if (!alignment) return undefined;
  let text = '';
  let at = 0;
  for (const change of model.changes) {
    const place = placeOf(model, change, tokens, alignment, line);
    if (!place || place.start < at) return undefined;
    text += line.slice(at, place.start) + filled(model, change, tokens, alignment);
    at = place.end;
  }
  text += line.slice(at);
  if (text === line) return undefined;
  return { text, ...measure(model, alignment) };
}

function align(a: readonly Token[], b: readonly Token[]): Alignment | undefined {
  const hunks = diffLines(texts(a), texts(b), 60);
  if (!hunks) return undefined;
  for (const { aStart, aEnd, bStart, bEnd } of hunks)
    for (const hole of [a.slice(aStart, aEnd), b.slice(bStart, bEnd)])
      if (!isBalanced(hole) || hole.some(({ text }) => STATEMENTS.has(text))) return undefined;
  const twins: number[] = [];
  let shift = 0;
  let next = 0;
  for (const hunk of hunks) {
    for (let i = next; i < hunk.aStart; i++) twins.push(i + shift);
    for (let i = hunk.aStart; i < hunk.aEnd; i++) twins.push(-1);
    next = hunk.aEnd;
    shift = hunk.bEnd - hunk.aEnd;
  }
  for (let i = next; i < a.length; i++) twins.push(i + shift);
  return { twins, holes: hunks };
}

/** The token right before and right after a place in the model, as indices into the other line. */
function neighbours({ twins, holes }: Alignment, start: number, end: number, length: number) {
  const holeBefore = holes.find(hole => hole.aEnd === start && hole.aEnd > hole.aStart);
  const holeAfter = holes.find(hole => hole.aStart === end && hole.aEnd > hole.aStart);
  const left = start === 0 ? -1 : holeBefore ? holeBefore.bEnd - 1 : (twins[start - 1] as number);
  const right = end === twins.length ? length : holeAfter ? holeAfter.bStart : (twins[end] as number);
  const solid = (holeBefore ? 0 : 1) + (holeAfter ? 0 : 1);
  return { left, right, solid };
}

function placeOf(
  { old, before }: LineChange,
  { oldStart, oldEnd }: LineChange['changes'][number],
  tokens: readonly Token[],
  alignment: Alignment,
  line: string,
): { start: number; end: number } | undefined {
  const { left, right, solid } = neighbours(alignment, oldStart, oldEnd, tokens.length);
  // What was replaced must stand there as it is, and what was inserted must lean on something that is the same.
  for (let i = oldStart; i < oldEnd; i++)
    if (alignment.twins[i] !== left + 1 + (i - oldStart)) return undefined;
  if (right !== left + 1 + (oldEnd - oldStart)) return undefined;
  if (oldStart === oldEnd && solid === 0) return undefined;
  const where = (list: readonly Token[], index: number) => list[index]?.where ?? 'code';
  if (oldStart < oldEnd && where(old, oldStart) !== where(tokens, left + 1)) return undefined;
  const start = left < 0 ? indentEnd(line) : (tokens[left] as Token).end;
  const end = right >= tokens.length ? line.length : (tokens[right] as Token).start;
  const modelStart = oldStart === 0 ? indentEnd(before) : (old[oldStart - 1] as Token).end;
  const modelEnd = oldEnd === old.length ? before.length : (old[oldEnd] as Token).start;
  if (line.slice(start, end) !== before.slice(modelStart, modelEnd)) return undefined;
  return { start, end };
}

/** The new text between the neighbours, with the model's names replaced by the other line's where a hole says so. */
function filled(
  { old, now, after }: LineChange,
  { newStart, newEnd }: LineChange['changes'][number],
  tokens: readonly Token[],
  { holes }: Alignment,
): string {
  const start = newStart === 0 ? indentEnd(after) : (now[newStart - 1] as Token).end;
  const end = newEnd === now.length ? after.length : (now[newEnd] as Token).start;
  const names = new Map<string, string>();
  for (const { aStart, aEnd, bStart, bEnd } of holes)
    if (aEnd - aStart === bEnd - bStart)
      for (let i = 0; i < aEnd - aStart; i++) {
        const [from, to] = [old[aStart + i] as Token, tokens[bStart + i] as Token];
        if (from.word && to.word) names.set(from.text, to.text);
      }
  let text = '';
  let at = start;
  for (let i = newStart; i < newEnd; i++) {
    const token = now[i] as Token;
    text += after.slice(at, token.start) + (names.get(token.text) ?? token.text);
    at = token.end;
  }
  return text + after.slice(at, end);
}

function measure({ old, changes }: LineChange, { twins, holes }: Alignment): Omit<Transfer, 'text'> {
  const distance = (index: number) =>
    Math.min(
      ...changes.map(({ oldStart, oldEnd }) =>
        index < oldStart ? oldStart - index : index >= oldEnd ? index - oldEnd + 1 : 0,
      ),
    );
  let same = 0;
  let all = 0;
  let anchors = 0;
  let words = 0;
  for (let i = 0; i < old.length; i++) {
    const { word, text, where } = old[i] as Token;
    const near = distance(i);
    const weight = (word ? 2 : 1) * (near <= NEAR ? 2 : 1);
    all += weight;
    if ((twins[i] as number) < 0) continue;
    same += weight;
    if (word && text.length > 1 && where === 'code' && !COMMON.has(text)) words++;
    if (word && near <= NEAR && text.length > 1) anchors++;
  }
  const extra = holes.reduce((sum, hole) => sum + (hole.bEnd - hole.bStart), 0);
  return {
    likeness: (2 * same) / Math.max(1, 2 * all + extra),
    holes: holes.length,
    anchors,
    words,
    otherCallee: changes.some(({ oldStart }) => (twins[calleeOf(old, oldStart)] ?? 0) < 0),
  };
}

/** Where the name stands in whose brackets a place is; -1: in nobody's. */
function calleeOf(tokens: readonly Token[], place: number): number {
  let depth = 0;
  for (let at = place - 1; at > 0; at--) {
    const { text, where } = tokens[at] as Token;
    if (where !== 'code') continue;
    if (')]}'.includes(text)) depth++;
    else if ('([{'.includes(text) && depth-- === 0) {
      // A macro's sign stands between.
      const name = tokens[at - 1]?.text === '!' ? at - 2 : at - 1;
      return tokens[name]?.word ? name : -1;
    }
  }
  return -1;
}

function indentEnd(line: string): number {
  return line.length - line.trimStart().length;
}

/** Every bracket has its partner among these tokens: a hole that cuts an expression in two is no hole. */
function isBalanced(tokens: readonly Token[]): boolean {
  const open: string[] = [];
  for (const { text, where } of tokens) {
    if (where !== 'code') continue;
    if (text === '(' || text === '[' || text === '{') open.push(text);
    else if (')]}'.includes(text) && `${open.pop() ?? ''}${text}` !== pairs[text]) return false;
  }
  return open.length === 0;
}

const pairs: Readonly<Record<string, string>> = { ')': '()', ']': '[]', '}': '{}' };
