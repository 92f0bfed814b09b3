/**
 * The stable part of a prompt: chunks in the order in which they came. What is still of use stays where it is, what
 * is new goes to the end, and when room is needed the oldest that nobody asks for goes first; so an endpoint's
 * prefix cache keeps what stands before the first change. It must not know sources or budgets.
 */
import type { Document } from '../base/document.ts';
import { languageOf } from '../base/languages.ts';
import { joinRedacted, type Redacted, redacted } from '../guard/redacted.ts';
import { nearestLine } from './anchors.ts';
import type { Item } from './choose.ts';
import { capped } from './pieces.ts';
import type { ContextPorts } from './ports.ts';
import type { Lines } from './sources/source.ts';
import { redactBetween } from './window.ts';

/** Of an item's lines this much is enough to be there already; of a chunk, to be in the window already. */
const COVERED = 0.7;
const REPEATED = 0.3;
/** Rounds without being asked for, after which a chunk goes when the place changes. */
const MAX_IDLE = 6;
/** How full the room is after making room, so that the next chunks fit without moving the others again. */
const REFILL = 0.8;
/** How far a chunk is looked for after edits above it, in lines. */
const DRIFT = 400;

export interface Chunk {
  readonly uri: string;
  /** With its path on top. */
  readonly text: Redacted;
}

interface Kept extends Chunk {
  /** The lines as they were quoted, to find them again. Never sent. */
  readonly raw: readonly string[];
  readonly note: boolean;
  lines: readonly number[];
  idle: number;
}

export class Chunks {
  #chunks: readonly Kept[] = [];

  get all(): readonly Chunk[] {
    return this.#chunks;
  }

  /**
   * Makes the chunks show `items` (best first) within `room` UTF-16 units. `moved`: the place is another, so that a
   * change costs nothing extra. Returns whether anything has changed.
   */
  update(
    items: readonly Item[],
    window: { readonly uri: string; readonly shown: Lines },
    room: number,
    moved: boolean,
    ports: Pick<ContextPorts, 'redactor' | 'places'>,
    documents: readonly Document[],
  ): boolean {
    const texts = new Map(documents.map(document => [document.uri, document]));
    for (const { document } of items) texts.set(document.uri, document);
    const before = this.#chunks;
    let kept: readonly Kept[] = before.filter(chunk =>
      chunk.note
        ? items.some(item => item.note === chunk.raw[0] && item.document.uri === chunk.uri)
        : stillTrue(chunk, texts.get(chunk.uri)) && !repeats(chunk, window),
    );
    for (const chunk of kept) chunk.idle++;
    const fresh: Kept[] = [];
    for (const item of items) {
      const missing = missingOf(item, kept);
      if (missing !== undefined) fresh.push(quote(missing, ports));
    }
    if (moved) kept = kept.filter(chunk => chunk.idle <= MAX_IDLE);
    const needed = sizeOf(fresh);
    if (sizeOf(kept) + needed > room) kept = makeRoom(kept, Math.max(0, room * REFILL - needed));
    const next: Kept[] = [...kept];
    let left = room - sizeOf(next);
    for (const chunk of fresh) {
      const size = sizeOf([chunk]);
      if (size > left) continue;
      left -= size;
      next.push(chunk);
    }
    this.#chunks = next;
    return next.length !== before.length || next.some((chunk, i) => chunk !== before[i]);
  }

  /** Takes out what may not be shown any more. */
  drop(uris: ReadonlySet<string>): void {
    if (uris.size > 0) this.#chunks = this.#chunks.filter(chunk => !uris.has(chunk.uri));
  }
}

/** Finds the lines of a chunk in the text as it is now. What cannot be looked at is believed. */
function stillTrue(chunk: Kept, document: Document | undefined): boolean {
  if (document === undefined) return true;
  const [first = 0] = chunk.lines;
  const at = (shift: number) =>
    chunk.lines.every((line, i) => {
      const place = line + shift;
      return place >= 0 && place < document.lineCount && document.lineAt(place) === chunk.raw[i];
    });
  const line = nearestLine(document, Math.min(first, document.lineCount - 1), DRIFT, each =>
    at(each - first),
  );
  if (line === undefined) return false;
  if (line !== first) chunk.lines = chunk.lines.map(each => each + line - first);
  return true;
}

function repeats(chunk: Kept, { uri, shown }: { readonly uri: string; readonly shown: Lines }): boolean {
  if (chunk.uri !== uri) return false;
  const inside = chunk.lines.filter(line => line >= shown.first && line < shown.end).length;
  return inside > chunk.lines.length * REPEATED;
}

/** What of an item no chunk shows yet; undefined if that is little. What shows it is in use. */
function missingOf(item: Item, kept: readonly Kept[]): Item | undefined {
  const own = kept.filter(chunk => chunk.uri === item.document.uri);
  if (item.note !== undefined) {
    const same = own.find(chunk => chunk.note && chunk.raw[0] === item.note);
    if (!same) return item;
    same.idle = 0;
    return undefined;
  }
  const shown = new Set<number>();
  for (const chunk of own) {
    if (!chunk.lines.some(line => item.lines.includes(line))) continue;
    chunk.idle = 0;
    for (const line of chunk.lines) shown.add(line);
  }
  const lines = item.lines.filter(line => !shown.has(line));
  if (lines.length <= item.lines.length * (1 - COVERED)) return undefined;
  return { ...item, lines };
}

/** Leaves out the oldest that nobody asks for until the rest fits; then the oldest of all. */
function makeRoom(chunks: readonly Kept[], room: number): readonly Kept[] {
  const gone = new Set<Kept>();
  let size = sizeOf(chunks);
  for (const chunk of [...chunks.filter(each => each.idle > 0), ...chunks.filter(each => each.idle === 0)]) {
    if (size <= room) break;
    gone.add(chunk);
    size -= sizeOf([chunk]);
  }
  return chunks.filter(chunk => !gone.has(chunk));
}

/** With the line end that joins it to the next. */
function sizeOf(chunks: readonly Kept[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.text.length + 1, 0);
}

/** The item's text, redacted with what stands around it, below its path in the comment of its language. */
function quote(item: Item, { redactor, places }: Pick<ContextPorts, 'redactor' | 'places'>): Kept {
  const { document, lines, note, cap } = item;
  const { uri } = document;
  const path = places.displayPath(uri);
  const [leader = '#'] = languageOf(document.languageId, path).lineComments;
  const mark = redactor.redact(leader);
  const text =
    note === undefined
      ? quoteLines(document, lines, cap, redactor)
      : capped(
          joinRedacted(
            note.split('\n').map(line => redacted`${mark} ${redactor.redact(line)}`),
            '\n',
          ),
          cap,
        );
  const raw = note === undefined ? lines.map(line => document.lineAt(line)) : [note];
  return {
    uri,
    text: redacted`${mark} ${redactor.redact(path)}\n${text}`,
    raw,
    note: note !== undefined,
    lines,
    idle: 0,
  };
}

/** As many lines as fit, so that no more than these is scanned for secrets. */
function quoteLines(
  document: Document,
  lines: readonly number[],
  cap: number,
  redactor: ContextPorts['redactor'],
): Redacted {
  let size = 0;
  const fitting = lines.findIndex(line => (size += document.lineAt(line).length + 1) > cap);
  const quoted = fitting < 0 ? lines : lines.slice(0, Math.max(1, fitting));
  const cuts: number[] = [];
  for (const [i, line] of quoted.entries()) {
    if (quoted[i - 1] !== line - 1) cuts.push(document.offsetAt({ line, character: 0 }));
    if (quoted[i + 1] !== line + 1) {
      cuts.push(document.offsetAt({ line, character: Math.min(document.lineAt(line).length, 2 * cap) }));
    }
  }
  const parts = redactBetween(document, cuts, redactor);
  const text = capped(
    joinRedacted(
      parts.filter((_, i) => i % 2 === 0),
      '\n',
    ),
    cap,
  );
  const left = lines.length - quoted.length;
  return left === 0 ? text : redacted`${text}\n[cut: ${left} lines left out]`;
}
