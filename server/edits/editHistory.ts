/**
 * Keeps what a person did lately, from the changes that an editor sends: keystrokes at one place become one edit, an
 * edit that was undone disappears, a formatter's whole text becomes the lines it changed. In memory only, and bounded;
 * whoever puts it into a prompt asks the read gate first. It must not know what the edits are used for.
 */
import type { Range, TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import type { EditHistory, RecentEdit, ViewedRange } from '../base/history.ts';
import type { Clock } from '../base/ports.ts';
import { contentLength, splitLines } from '../base/text.ts';
import { diffLines } from './diff.ts';

const MAX_EDITS = 50;
const MAX_CHARACTERS = 128 * 1024;
/** A longer edit is a paste or a generated file: it tells nothing about what comes next. */
const MAX_EDIT_CHARACTERS = 16 * 1024;
const MAX_EDIT_LINES = 400;
/** More places in one notification are a tool's work; those beyond would push out what the person did. */
const MAX_PLACES_AT_ONCE = 20;
/** Whoever pauses longer begins a new edit, in ms. */
const PAUSE_MS = 8_000;
/** Beyond this many lines added and removed a replaced text is another text. */
const MAX_DIFFERENCES = 500;
const MAX_VIEWED = 30;
/** Places within so many lines of each other are one region. */
const REGION_LINES = 20;

/** Lines `line…line + before.length` became `after`. */
interface Splice {
  line: number;
  before: readonly string[];
  after: readonly string[];
}

interface Kept extends Splice {
  readonly uri: string;
  readonly languageId: string;
  version: number;
  at: number;
  /** The text changed in ways that were not kept, so that places before and after it cannot be compared. */
  sealed: boolean;
}

/** An edit that a splice was moved past; the splice is above it or below. */
interface Passed {
  readonly edit: Kept;
  readonly above: boolean;
}

export class RecordedHistory implements EditHistory {
  readonly #clock: Pick<Clock, 'now'>;
  /** The oldest first. */
  #edits: Kept[] = [];
  #viewed: ViewedRange[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  edits(limit: number): readonly RecentEdit[] {
    const newest = this.#edits.slice(Math.max(0, this.#edits.length - limit)).reverse();
    return newest.map(({ uri, languageId, line, before, after, version, at }) => ({
      uri,
      languageId,
      line,
      before: before.join('\n'),
      after: after.join('\n'),
      beforeLines: before.length,
      afterLines: after.length,
      version,
      at,
    }));
  }

  viewed(limit: number): readonly ViewedRange[] {
    return this.#viewed.slice(0, limit);
  }

  /** The person was here: asked for something, or edited. */
  look(uri: string, range: Range): void {
    const isNear = (other: ViewedRange) =>
      other.uri === uri &&
      range.start.line <= other.range.end.line + REGION_LINES &&
      range.end.line >= other.range.start.line - REGION_LINES;
    const rest = this.#viewed.filter(other => !isNear(other));
    this.#viewed = [{ uri, range, at: this.#clock.now() }, ...rest].slice(0, MAX_VIEWED);
  }

  /**
   * Follows one notification. Returns what is to be called before each of its changes, while the document still
   * has the text that the change is about.
   */
  follow(document: Document, version: number): (change: TextDocumentContentChangeEvent) => void {
    let places = 0;
    return change => {
      for (const splice of splicesOf(document, change) ?? [undefined]) {
        // Clients that gather keystrokes send many changes for one place.
        if (!splice || isLong(splice) || places >= MAX_PLACES_AT_ONCE) this.#seal(document.uri);
        else if (this.#add(document, version, splice)) places++;
      }
    };
  }

  /** Another text is under this name now, or none: what was done stays known, but nothing joins it any more. */
  restart(uri: string): void {
    this.#seal(uri);
    this.#viewed = this.#viewed.filter(view => view.uri !== uri);
  }

  #seal(uri: string): void {
    for (const edit of this.#edits) if (edit.uri === uri) edit.sealed = true;
  }

  /** True if it is an edit of its own. */
  #add({ uri, languageId }: Document, version: number, splice: Splice): boolean {
    if (splice.before.length === 0 && splice.after.length === 0) return false;
    const at = this.#clock.now();
    this.#shiftViewed(uri, splice);
    const end = splice.line + Math.max(0, splice.after.length - 1);
    this.look(uri, { start: { line: splice.line, character: 0 }, end: { line: end, character: 0 } });
    const joined = this.#join(uri, splice, at);
    if (joined === undefined) {
      this.#edits.push({ uri, languageId, ...splice, version, at, sealed: false });
      this.#cancelOut(this.#edits.length - 1);
    } else {
      const edit = this.#edits[joined] as Kept;
      edit.version = version;
      edit.at = at;
      this.#cancelOut(joined);
    }
    this.#forgetOldest();
    return joined === undefined;
  }

  /** Makes a change part of the edit it goes on with; returns where that is kept. */
  #join(uri: string, splice: Splice, at: number): number | undefined {
    const found = this.#touchedBelow(this.#edits.length, uri, splice);
    if (!found) return undefined;
    const { index, moved, passed } = found;
    const edit = this.#edits[index] as Kept;
    if (at - edit.at > PAUSE_MS) return undefined;
    const whole = compose(edit, moved);
    if (isLong(whole)) return undefined;
    Object.assign(edit, whole);
    this.#slide(passed, moved);
    return index;
  }

  /** An edit that takes back the one before it at its place leaves nothing of both; and one without effect is none. */
  #cancelOut(index: number): void {
    const edit = this.#edits[index] as Kept;
    if (edit.before.length === 0 && edit.after.length === 0) {
      this.#edits.splice(index, 1);
      return;
    }
    const found = this.#touchedBelow(index, edit.uri, edit);
    if (!found) return;
    const earlier = this.#edits[found.index] as Kept;
    const whole = compose(earlier, found.moved);
    if (whole.before.length > 0 || whole.after.length > 0) return;
    this.#slide(found.passed, found.moved);
    this.#edits = this.#edits.filter(each => each !== edit && each !== earlier);
  }

  /**
   * The newest edit before `end` that a splice touches, with the splice as it would have been right after that edit.
   * Edits in between are elsewhere, so their order does not matter.
   */
  #touchedBelow(
    end: number,
    uri: string,
    splice: Splice,
  ): { readonly index: number; readonly moved: Splice; readonly passed: readonly Passed[] } | undefined {
    const passed: Passed[] = [];
    let { line } = splice;
    for (let index = end - 1; index >= 0; index--) {
      const edit = this.#edits[index] as Kept;
      if (edit.uri !== uri) continue;
      if (edit.sealed) return undefined;
      const moved = { ...splice, line };
      if (touches(edit, moved)) return { index, moved, passed };
      const above = line < edit.line + edit.after.length;
      passed.push({ edit, above });
      if (!above) line -= edit.after.length - edit.before.length;
    }
    return undefined;
  }

  /** The splice now comes before these edits instead of after them. */
  #slide(passed: readonly Passed[], { before, after }: Splice): void {
    for (const { edit, above } of passed) if (above) edit.line += after.length - before.length;
  }

  #shiftViewed(uri: string, { line, before, after }: Splice): void {
    const delta = after.length - before.length;
    if (delta === 0) return;
    const shift = (at: number) =>
      at >= line + before.length ? at + delta : Math.min(at, line + after.length);
    this.#viewed = this.#viewed.map(view => {
      if (view.uri !== uri) return view;
      const { start, end } = view.range;
      const range = {
        start: { line: shift(start.line), character: start.character },
        end: { line: shift(end.line), character: end.character },
      };
      return { ...view, range };
    });
  }

  #forgetOldest(): void {
    let size = 0;
    let from = this.#edits.length;
    while (from > 0 && this.#edits.length - from < MAX_EDITS) {
      size += sizeOf(this.#edits[from - 1] as Kept);
      if (size > MAX_CHARACTERS) break;
      from--;
    }
    if (from > 0) this.#edits = this.#edits.slice(from);
  }
}

/** The line splices of one change, in order, each in lines of the text after those before it; undefined if too much changed. */
function splicesOf(
  document: Document,
  change: TextDocumentContentChangeEvent,
): readonly Splice[] | undefined {
  if ('range' in change && change.range) {
    const { start, end } = document.clampRange(change.range);
    if (end.line - start.line > MAX_EDIT_LINES || change.text.length > MAX_EDIT_CHARACTERS) return undefined;
    const before: string[] = [];
    for (let line = start.line; line <= end.line; line++) before.push(document.lineAt(line));
    const head = (before[0] as string).slice(0, start.character);
    const tail = (before.at(-1) as string).slice(end.character);
    return [trim({ line: start.line, before, after: linesOf(head + change.text + tail) })];
  }
  const old = linesOf(document.getText());
  const now = linesOf(change.text);
  return diffLines(old, now, MAX_DIFFERENCES)?.map(({ aStart, aEnd, bStart, bEnd }) => ({
    line: bStart,
    before: old.slice(aStart, aEnd),
    after: now.slice(bStart, bEnd),
  }));
}

function linesOf(text: string): string[] {
  return splitLines(text).map(line => line.slice(0, contentLength(line)));
}

/** Without the lines that are the same at both ends. */
function trim({ line, before, after }: Splice): Splice {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before.at(-1 - tail) === after.at(-1 - tail)
  )
    tail++;
  return {
    line: line + head,
    before: before.slice(head, before.length - tail),
    after: after.slice(head, after.length - tail),
  };
}

/** They share a line, or one of them is between lines at the other's edge. */
function touches(edit: Splice, { line, before }: Splice): boolean {
  const [editEnd, end] = [edit.line + edit.after.length, line + before.length];
  if (line < editEnd && end > edit.line) return true;
  return (edit.after.length === 0 || before.length === 0) && line <= editEnd && end >= edit.line;
}

/** Two splices that touch, the second in lines of the text after the first, as one. */
function compose(first: Splice, second: Splice): Splice {
  const firstEnd = first.line + first.after.length;
  const secondEnd = second.line + second.before.length;
  const above = second.before.slice(0, Math.max(0, first.line - second.line));
  const below = second.before.slice(Math.max(0, firstEnd - second.line));
  const kept = first.after.slice(0, Math.max(0, second.line - first.line));
  const left = first.after.slice(Math.max(0, secondEnd - first.line));
  return trim({
    line: Math.min(first.line, second.line),
    before: [...above, ...first.before, ...below],
    after: [...kept, ...second.after, ...left],
  });
}

function sizeOf({ before, after }: Splice): number {
  return [...before, ...after].reduce((sum, line) => sum + line.length + 1, 0);
}

function isLong(splice: Splice): boolean {
  return sizeOf(splice) > MAX_EDIT_CHARACTERS || splice.before.length + splice.after.length > MAX_EDIT_LINES;
}
