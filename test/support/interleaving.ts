/**
 * Somebody types while an edit is on its way, in an editor that is one string. What must come out is told by moving
 * offsets through the keystrokes, which shares nothing with the rebase that is tested. Every typed character is unique,
 * so that a lost one is seen. Always the same for the same seed.
 */
import type { TextDocumentContentChangeEvent, TextEdit } from 'vscode-languageserver-textdocument';
import { applyEdits, lineOffsets, offsetOf, splitLines } from '../../server/edits/lines.ts';
import { replaceLines } from '../../server/edits/locate.ts';
import { rebase } from '../../server/edits/rebase.ts';
import { below, pick, type Random, type RawFile } from './editChanges.ts';
import { seeded } from './syntheticSecrets.ts';

export interface Tally {
  readonly runs: number;
  /** Runs in which nobody typed next to the edit, and how many of these were applied. */
  apart: number;
  apartApplied: number;
  /** Runs in which somebody did, and how many of these were applied all the same. */
  near: number;
  nearApplied: number;
  /** Applied with a typed character gone or moved: must be 0. */
  lost: number;
  /** Applied with another text than the only right one: must be 0. */
  wrong: number;
  /** The first failure, to be looked at. */
  example?: { readonly before: string; readonly current: string; readonly after: string };
}

/** First of the typed characters; real sources do not hold them. */
const FIRST = 0xe000;
const LAST = 0xf8ff;
const TYPED = /[\ue000-\uf8ff]/g;

/** A span of offsets that follows its text; undefined once somebody typed in it or at its edges. */
interface Span {
  start: number;
  end: number;
}

export function interleave(files: readonly RawFile[], runs: number, reported: boolean, seed = 1): Tally {
  const random = seeded(seed);
  const tally: Tally = { runs, apart: 0, apartApplied: 0, near: 0, nearApplied: 0, lost: 0, wrong: 0 };
  const texts = files.map(({ text }) => text.replaceAll('\r\n', '\n').replace(TYPED, '').split('\n'));
  for (let run = 0; run < runs; run++) one(pick(random, texts), random, reported, tally);
  return tally;
}

function one(file: readonly string[], random: Random, reported: boolean, tally: Tally): void {
  const size = 5 + below(random, 60);
  const from = below(random, Math.max(1, file.length - size));
  const end = random() < 0.2 ? '\r\n' : '\n';
  const before = file.slice(from, from + size).join(end) + (random() < 0.9 ? end : '');
  const { edits, spans, guards } = proposed(before, random);
  if (edits.length === 0) return;

  const changes: TextDocumentContentChangeEvent[] = [];
  let text = before;
  let isNear = false;
  let next = FIRST;
  for (let strokes = 1 + below(random, 10), place = below(random, text.length + 1); strokes > 0; strokes--) {
    // People type on where they are, mostly.
    if (random() < 0.3) place = below(random, text.length + 1);
    const stroke = keystroke(text, Math.min(place, text.length), end, random, () =>
      String.fromCharCode(next++),
    );
    if (next >= LAST) throw new RangeError('too many keystrokes');
    changes.push({ range: rangeOf(text, stroke.start, stroke.end), text: stroke.text });
    isNear ||= guards.some(guard => stroke.start <= guard.end && stroke.end >= guard.start);
    const delta = stroke.text.length - (stroke.end - stroke.start);
    for (const span of [...spans, ...guards]) {
      if (stroke.start > span.end) continue;
      span.start += delta;
      span.end += delta;
    }
    text = text.slice(0, stroke.start) + stroke.text + text.slice(stroke.end);
    place = stroke.start + stroke.text.length;
  }

  const rebased = rebase(before, edits, text, reported ? changes : undefined);
  if (isNear) tally.near++;
  else tally.apart++;
  if (!rebased.ok) return;
  if (isNear) tally.nearApplied++;
  else tally.apartApplied++;
  const after = applyEdits(text, rebased.edits);
  const kept = (of: string) => (of.match(TYPED) ?? []).join('');
  const isLost = kept(after) !== kept(text);
  const isWrong = !isNear && after !== replaced(text, edits, spans);
  if (isLost) tally.lost++;
  if (isWrong) tally.wrong++;
  if (isLost || isWrong) tally.example ??= { before, current: text, after };
}

/** One to three places rewritten, as a model's edit would; with the offsets of each, alone and with its neighbour lines. */
function proposed(
  before: string,
  random: Random,
): { readonly edits: readonly TextEdit[]; readonly spans: Span[]; readonly guards: Span[] } {
  const lines = splitLines(before);
  const offsets = lineOffsets(lines);
  const count = lines.lines.length - 1;
  const edits: TextEdit[] = [];
  const places = 1 + below(random, 3);
  for (let i = 0; i < places; i++) {
    // Each within its own part of the text.
    const low = Math.floor((count * i) / places);
    const high = Math.floor((count * (i + 1)) / places) - 1;
    if (high <= low) continue;
    const start = low + below(random, high - low);
    const end = Math.min(high, start + below(random, 5));
    const fresh = Array.from({ length: below(random, 5) }, (_, n) => `  fresh(${i}, ${n});`);
    edits.push(...replaceLines(before, start, end, fresh));
  }
  const spans = edits.map(({ range }) => ({
    start: offsetOf(lines, offsets, range.start),
    end: offsetOf(lines, offsets, range.end),
  }));
  const guards = edits.map(({ range }) => ({
    start: offsetOf(lines, offsets, { line: range.start.line - 1, character: 0 }),
    end: offsetOf(lines, offsets, { line: range.end.line + 1, character: Number.MAX_SAFE_INTEGER }),
  }));
  return { edits, spans, guards };
}

function keystroke(
  text: string,
  at: number,
  end: string,
  random: Random,
  mark: () => string,
): { readonly start: number; readonly end: number; readonly text: string } {
  const kind = random();
  // Between CR and LF is no place for a cursor.
  const place = text[at] === '\n' && text[at - 1] === '\r' ? at - 1 : at;
  if (kind < 0.55) return { start: place, end: place, text: mark() };
  if (kind < 0.7) return { start: place, end: place, text: `${end}${mark()}` };
  if (kind < 0.78) return { start: place, end: place, text: `${mark()}${end}  ${mark()}${end}` };
  const length = kind < 0.93 ? 1 : below(random, 60);
  let stop = Math.min(text.length, place + length);
  if (text[stop] === '\n' && text[stop - 1] === '\r') stop++;
  return { start: place, end: stop, text: kind < 0.97 ? '' : mark() };
}

function rangeOf(text: string, start: number, end: number): TextEdit['range'] {
  const position = (offset: number) => {
    const above = text.slice(0, offset).split('\n');
    return { line: above.length - 1, character: above.at(-1)?.length ?? 0 };
  };
  return { start: position(start), end: position(end) };
}

function replaced(text: string, edits: readonly TextEdit[], spans: readonly Span[]): string {
  const parts = spans
    .map((span, i) => ({ ...span, text: edits[i]?.newText ?? '' }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const part of parts) {
    result += text.slice(at, part.start) + part.text;
    at = part.end;
  }
  return result + text.slice(at);
}
