/**
 * The text document of the whole server: an array of lines behind the interface of
 * vscode-languageserver-textdocument, so that a one-character change costs one line and not the file.
 * It must not know where documents come from.
 */
import type {
  Position,
  Range,
  TextDocument,
  TextDocumentContentChangeEvent,
} from 'vscode-languageserver-textdocument';
import { clamp, contentLength, splitLines } from './text.ts';

/** Lines per block after a split; between half and twice of it in a document at rest. */
const BLOCK_LINES = 256;
/** History kept for rebasing. Longer ago means: read the document anew. */
const HISTORY_CHANGES = 512;
const HISTORY_CHARACTERS = 256 * 1024;

/** Neighbouring lines, each with its line end, and their length together in UTF-16 units. */
interface Block {
  readonly lines: string[];
  length: number;
}

/** One change as it was applied: the range is clamped, in order, and in positions of the text just before it. */
export interface AppliedChange {
  /** Version of the document after the notification that carried this change. */
  readonly version: number;
  readonly range: Range;
  readonly text: string;
}

/**
 * An open document. Positions are UTF-16; whatever is out of range is clamped as the LSP specification says
 * (past the end of a line: before its line end), reversed ranges are turned round, NaN counts as 0.
 */
export class Document implements TextDocument {
  readonly uri: string;
  readonly languageId: string;
  #version: number;
  #blocks: Block[] = [];
  /** First offset and first line of each block; true for the first `#known` blocks only. */
  #offsets: number[] = [0];
  #firstLines: number[] = [0];
  #known = 1;
  #length = 0;
  #lineCount = 0;
  /** The whole text, while nothing has changed since it was last put together. */
  #text: string | undefined;
  #history: AppliedChange[] = [];
  #historyCharacters = 0;
  /** Oldest version that `changesSince` can start from. */
  #historyStart: number;
  readonly #opened: number;

  constructor(uri: string, languageId: string, version: number, text: string) {
    this.uri = uri;
    this.languageId = languageId;
    this.#version = version;
    this.#historyStart = version;
    this.#opened = version;
    this.#replaceAll(text);
  }

  get version(): number {
    return this.#version;
  }

  /** Whether the editor has told of no change since it opened the document. */
  get isAsOpened(): boolean {
    return this.#version === this.#opened;
  }

  get lineCount(): number {
    return this.#lineCount;
  }

  /** Length of the text in UTF-16 units. */
  get length(): number {
    return this.#length;
  }

  getText(range?: Range): string {
    if (range === undefined) {
      this.#text ??= this.#blocks.map(block => block.lines.join('')).join('');
      return this.#text;
    }
    const { start, end } = this.clampRange(range);
    if (start.line === end.line) return this.#line(start.line).slice(start.character, end.character);
    const parts = [this.#line(start.line).slice(start.character)];
    this.#eachLine(start.line + 1, end.line, line => parts.push(line));
    parts.push(this.#line(end.line).slice(0, end.character));
    return parts.join('');
  }

  /** Text of a line without its line end; empty for a line that does not exist. */
  lineAt(line: number): string {
    const text = this.#line(line);
    return text.slice(0, contentLength(text));
  }

  /** Hands out the lines from `from` up to, without, `to`, each with its line end; only those that exist. */
  eachLine(from: number, to: number, visit: (line: string) => void): void {
    this.#eachLine(Math.max(0, from), Math.min(to, this.#lineCount), visit);
  }

  /** Line end of a line: \n, \r\n, \r, or empty for the last line and for lines that do not exist. */
  getEOLCharacters(line: number): string {
    const text = this.#line(line);
    return text.slice(contentLength(text));
  }

  /** Range of a line without its line end; the nearest line for one that does not exist. */
  getLineRange(line: number): Range {
    if (line < 0) return { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const nearest = clamp(line, 0, this.#lineCount - 1);
    return {
      start: { line: nearest, character: 0 },
      end: { line: nearest, character: contentLength(this.#line(nearest)) },
    };
  }

  positionAt(offset: number): Position {
    const target = clamp(offset, 0, this.#length);
    const index = this.#blockByOffset(target);
    const { lines } = this.#blocks[index] as Block;
    let rest = target - (this.#offsets[index] as number);
    let at = 0;
    while (at < lines.length - 1 && rest >= (lines[at] as string).length) {
      rest -= (lines[at] as string).length;
      at++;
    }
    const character = Math.min(rest, contentLength(lines[at] as string));
    return { line: (this.#firstLines[index] as number) + at, character };
  }

  offsetAt(position: Position): number {
    const { line, character } = this.clampPosition(position);
    const index = this.#blockByLine(line);
    const { lines } = this.#blocks[index] as Block;
    let offset = this.#offsets[index] as number;
    const within = line - (this.#firstLines[index] as number);
    for (let at = 0; at < within; at++) offset += (lines[at] as string).length;
    return offset + character;
  }

  /** The nearest position that exists. */
  clampPosition(position: Position): Position {
    if (position.line < 0) return { line: 0, character: 0 };
    if (position.line >= this.#lineCount) {
      const last = this.#lineCount - 1;
      return { line: last, character: this.#line(last).length };
    }
    const line = clamp(position.line, 0, this.#lineCount - 1);
    return { line, character: clamp(position.character, 0, contentLength(this.#line(line))) };
  }

  /** The range with both ends clamped and in order. */
  clampRange(range: Range): Range {
    const start = this.clampPosition(range.start);
    const end = this.clampPosition(range.end);
    const reversed = start.line > end.line || (start.line === end.line && start.character > end.character);
    return reversed ? { start: end, end: start } : { start, end };
  }

  /**
   * Applies the changes of one didChange in order. Throws a TypeError, with nothing changed, for a change that is
   * neither a whole text nor a range with a text. `before` is called just before each change, with the text as it
   * is then; it must not change anything.
   */
  update(
    changes: readonly TextDocumentContentChangeEvent[],
    version: number,
    before?: (change: TextDocumentContentChangeEvent) => void,
  ): void {
    for (const change of changes) {
      if (!isChange(change))
        throw new TypeError('A content change needs a text, and a range unless it is the whole text.');
    }
    for (const change of changes) {
      before?.(change);
      if ('range' in change && change.range) this.#replace(change.range, change.text, version);
      else {
        this.#replaceAll(change.text);
        this.#forgetHistory(version);
      }
    }
    this.#version = version;
  }

  /**
   * The changes that lead from a version to the present one, oldest first: what an edit made against that version
   * has to be moved over. Undefined where that is not known any more (whole text replaced, or too long ago).
   */
  changesSince(version: number): readonly AppliedChange[] | undefined {
    if (version < this.#historyStart || version > this.#version) return undefined;
    const from = this.#history.findIndex(change => change.version > version);
    return from === -1 ? [] : this.#history.slice(from);
  }

  /** A copy that can be changed without touching this one: the overlay on which an edit is tried. Without history. */
  clone(): Document {
    const copy = new Document(this.uri, this.languageId, this.#version, '');
    copy.#blocks = this.#blocks.map(block => ({ lines: block.lines.slice(), length: block.length }));
    copy.#length = this.#length;
    copy.#lineCount = this.#lineCount;
    copy.#text = this.#text;
    copy.#known = 1;
    return copy;
  }

  #line(line: number): string {
    if (!(line >= 0 && line < this.#lineCount)) return '';
    const index = this.#blockByLine(line);
    return (this.#blocks[index] as Block).lines[line - (this.#firstLines[index] as number)] as string;
  }

  #eachLine(from: number, to: number, visit: (line: string) => void): void {
    if (from >= to) return;
    let index = this.#blockByLine(from);
    let at = from - (this.#firstLines[index] as number);
    for (let left = to - from; left > 0; left--) {
      const { lines } = this.#blocks[index] as Block;
      visit(lines[at] as string);
      at++;
      if (at === lines.length) {
        index++;
        at = 0;
      }
    }
  }

  #replaceAll(text: string): void {
    const lines = splitLines(text);
    this.#blocks = toBlocks(lines);
    this.#length = text.length;
    this.#lineCount = lines.length;
    this.#text = text;
    this.#known = 1;
  }

  #replace(range: Range, text: string, version: number): void {
    const clamped = this.clampRange(range);
    const { start, end } = clamped;
    const head = this.#line(start.line).slice(0, start.character);
    const tail = this.#line(end.line).slice(end.character);
    let joined = head + text + tail;
    let first = start.line;
    // A line end is decided by two neighbours: \n that comes to stand behind a lone \r makes one line end with it.
    if (first > 0 && joined.startsWith('\n') && this.getEOLCharacters(first - 1) === '\r') {
      first--;
      joined = this.#line(first) + joined;
    }
    const lines = splitLines(joined);
    // Only the last line of a document is without a line end; elsewhere nothing follows the last line end.
    if (end.line < this.#lineCount - 1) lines.pop();
    this.#replaceLines(first, end.line, lines);
    this.#remember({ version, range: clamped, text });
    this.#text = undefined;
  }

  /** Puts `lines` in the place of the lines first…last (inclusive). */
  #replaceLines(first: number, last: number, lines: string[]): void {
    const from = this.#blockByLine(first);
    let to = this.#blockByLine(last);
    const startBlock = this.#blocks[from] as Block;
    const start = first - (this.#firstLines[from] as number);
    if (from === to && lines.length === 1 && first === last) {
      const line = lines[0] as string;
      const delta = line.length - (startBlock.lines[start] as string).length;
      startBlock.lines[start] = line;
      startBlock.length += delta;
      this.#length += delta;
      this.#known = Math.min(this.#known, from + 1);
      return;
    }
    const end = last - (this.#firstLines[to] as number);
    let merged = startBlock.lines
      .slice(0, start)
      .concat(lines, (this.#blocks[to] as Block).lines.slice(end + 1));
    // Blocks that have become small join the next one, so that many deletions do not leave many blocks behind.
    const next = this.#blocks[to + 1];
    if (next !== undefined && merged.length < BLOCK_LINES / 2 && next.lines.length <= BLOCK_LINES) {
      merged = merged.concat(next.lines);
      to++;
    }
    const added = merged.length > 2 * BLOCK_LINES ? toBlocks(merged) : [blockOf(merged)];
    for (let index = from; index <= to; index++) this.#length -= (this.#blocks[index] as Block).length;
    for (const block of added) this.#length += block.length;
    this.#lineCount += lines.length - (last - first + 1);
    if (added.length === to - from + 1) added.forEach((block, index) => (this.#blocks[from + index] = block));
    else this.#blocks = this.#blocks.slice(0, from).concat(added, this.#blocks.slice(to + 1));
    this.#known = Math.min(this.#known, from + 1);
  }

  /** Makes the sums true for the blocks up to `index`. */
  #know(index: number): void {
    for (; this.#known <= index; this.#known++) {
      const before = this.#blocks[this.#known - 1] as Block;
      this.#offsets[this.#known] = (this.#offsets[this.#known - 1] as number) + before.length;
      this.#firstLines[this.#known] = (this.#firstLines[this.#known - 1] as number) + before.lines.length;
    }
  }

  /** Block of a line that exists. */
  #blockByLine(line: number): number {
    return this.#blockBy(line, this.#firstLines);
  }

  /** Block that holds the character at the offset; the last one for the end of the text. */
  #blockByOffset(offset: number): number {
    return this.#blockBy(offset, this.#offsets);
  }

  #blockBy(value: number, starts: number[]): number {
    while (this.#known < this.#blocks.length && (starts[this.#known - 1] as number) <= value)
      this.#know(this.#known);
    let low = 0;
    let high = this.#known - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #remember(change: AppliedChange): void {
    this.#history.push(change);
    this.#historyCharacters += change.text.length;
    while (this.#history.length > HISTORY_CHANGES || this.#historyCharacters > HISTORY_CHARACTERS) {
      const dropped = this.#history.shift() as AppliedChange;
      this.#historyCharacters -= dropped.text.length;
      this.#historyStart = dropped.version;
    }
  }

  #forgetHistory(version: number): void {
    this.#history = [];
    this.#historyCharacters = 0;
    this.#historyStart = version;
  }
}

function isChange(change: TextDocumentContentChangeEvent): boolean {
  if (typeof change !== 'object' || change === null || typeof change.text !== 'string') return false;
  const range: unknown = 'range' in change ? change.range : undefined;
  if (range === undefined || range === null) return true;
  return typeof range === 'object' && 'start' in range && 'end' in range;
}

function blockOf(lines: string[]): Block {
  let length = 0;
  for (const line of lines) length += line.length;
  return { lines, length };
}

function toBlocks(lines: string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += BLOCK_LINES)
    blocks.push(blockOf(lines.slice(at, at + BLOCK_LINES)));
  return blocks;
}
