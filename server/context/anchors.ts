/**
 * Where the window of each document starts. A start stands still while a person types behind it, so that the text
 * in front of the cursor only grows and an endpoint's prefix cache holds; it is chosen anew when the cursor has left
 * its reach. It must not know what is in the window.
 */
import type { Document } from '../base/document.ts';
import { startOfWindow } from './window.ts';

/** Documents whose start is remembered. */
const MAX_DOCUMENTS = 24;
/** Starts are multiples of this many lines, so that places near each other share one. */
const COARSE = 16;
/** How much of its reach a new window fills, and below how much it is chosen anew. */
const FILLED = 0.6;
const LEAST = 0.25;
/** Lines that a start is recognised by, and how far it is looked for after edits above it. */
const HEAD = 3;
const DRIFT = 400;
/** A cursor that went further than this at once was not typing there. In lines. */
const JUMP = 8;

interface Anchor {
  /** The line of the start, and the text of the lines from there, as last seen. */
  line: number;
  /** Units into that line, for lines longer than a whole window. */
  readonly character: number;
  head: readonly string[];
  /** Where the cursor was last. */
  cursor: number;
}

export interface Start {
  /** UTF-16 offset. */
  readonly offset: number;
  /** The person is in another place than at the last question: what surrounds it has to be looked for again. */
  readonly moved: boolean;
}

export class Anchors {
  readonly #anchors = new Map<string, Anchor>();
  #last: string | undefined;

  /** The start of the window for a cursor at `offset`, at most `reach` UTF-16 units before it. */
  startFor(document: Document, offset: number, reach: number): Start {
    const { uri } = document;
    const known = this.#anchors.get(uri);
    const cursor = document.positionAt(offset).line;
    const elsewhere = this.#last !== uri;
    this.#last = uri;
    const kept = known && offsetOf(known, document);
    if (known && kept !== undefined && holds(kept, offset, reach)) {
      const moved = elsewhere || Math.abs(cursor - known.cursor) > JUMP;
      known.cursor = cursor;
      known.head = headAt(document, known.line);
      this.#remember(uri, known);
      return { offset: kept, moved };
    }
    const start = chooseStart(document, offset, reach);
    const { line, character } = document.positionAt(start);
    this.#remember(uri, { line, character, head: headAt(document, line), cursor });
    return { offset: start, moved: true };
  }

  forget(): void {
    this.#anchors.clear();
    this.#last = undefined;
  }

  #remember(uri: string, anchor: Anchor): void {
    this.#anchors.delete(uri);
    this.#anchors.set(uri, anchor);
    const oldest = this.#anchors.keys().next();
    if (this.#anchors.size > MAX_DOCUMENTS && !oldest.done) this.#anchors.delete(oldest.value);
  }
}

function holds(start: number, offset: number, reach: number): boolean {
  const length = offset - start;
  return length >= 0 && length <= reach && (start === 0 || length >= reach * LEAST);
}

/** Finds a start again after edits above it; undefined when its lines are gone. */
function offsetOf(anchor: Anchor, document: Document): number | undefined {
  if (anchor.line === 0 && anchor.character === 0) return 0;
  const line = nearestLine(document, anchor.line, DRIFT, at => isHead(document, at, anchor.head));
  if (line === undefined) return undefined;
  anchor.line = line;
  return document.offsetAt({ line, character: anchor.character });
}

function isHead(document: Document, line: number, head: readonly string[]): boolean {
  return head.every((text, i) => line + i < document.lineCount && document.lineAt(line + i) === text);
}

/** The line nearest to `line` that passes, at most `reach` lines away. */
export function nearestLine(
  document: Document,
  line: number,
  reach: number,
  passes: (line: number) => boolean,
): number | undefined {
  for (let away = 0; away <= reach; away++) {
    if (line + away < document.lineCount && passes(line + away)) return line + away;
    if (away > 0 && line - away >= 0 && passes(line - away)) return line - away;
  }
  return undefined;
}

/** The next coarse line at which the window is about as full as it should be; within a line if that is too long. */
function chooseStart(document: Document, offset: number, reach: number): number {
  if (offset <= reach * FILLED) return 0;
  const wanted = startOfWindow(document, offset, Math.floor(reach * FILLED));
  const { line, character } = document.positionAt(wanted);
  if (character > 0) return wanted;
  const coarse = document.offsetAt({ line: Math.floor(line / COARSE) * COARSE, character: 0 });
  return offset - coarse <= reach * 0.85 ? coarse : wanted;
}

function headAt(document: Document, line: number): readonly string[] {
  const last = Math.min(document.lineCount, line + HEAD);
  return Array.from({ length: last - line }, (_, i) => document.lineAt(line + i));
}
