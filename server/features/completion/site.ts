/**
 * The place of a question: what stands around the cursor, in a form that can be compared later. It must not know
 * engines or what is remembered.
 *
 * A place is told by text and not by offset, so that an edit far away changes nothing: an anchor is the text before
 * the start of a line and the text after the cursor, with what is written between them.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { CompletionQuery } from './types.ts';

/** How much text before a line, and after the cursor, must be the same. In UTF-16 units. */
const CONTEXT = 400;
/** Text on both sides of the cursor that is looked at, on a long line more of it. In UTF-16 units. */
const BEFORE = 4_000;
const AFTER = 2_000;
/** A line that is longer before the cursor has no anchor: every key would copy it. In UTF-16 units. */
const LONGEST_LINE = 20_000;
/** What an editor may have closed by itself when its opener was typed. */
const CLOSERS = /^[)\]}>"'`]{1,4}/;

/** The question's place, as the text was when it came; the document changes while an engine thinks. */
export interface Site {
  readonly query: CompletionQuery;
  readonly languageId: string;
  /** The text that the question is about: the editor's, or with what is assumed to be inserted. */
  readonly document: Document;
  readonly version: number;
  /** The cursor in that text. */
  readonly position: Position;
  /** Line ends are `\n` in all three. */
  readonly textBefore: string;
  readonly textAfter: string;
  readonly restOfLine: string;
  /** `textBefore` begins where the document does. */
  readonly reachesStart: boolean;
  /** What the text has and the editor's has not yet, from `start` on; empty where both are the same. */
  readonly assumed: string;
  /** In the editor's text: where what is assumed begins, and what it replaces ends. */
  readonly start: Position;
  readonly end: Position;
}

/** One way to tell a place: by the start of a line above it, or of its own. */
export interface Anchor {
  readonly key: string;
  /** What stands between the start of that line and the cursor. */
  readonly written: string;
  /** Closing delimiters right of the cursor that are taken for the editor's, and are not in the key. */
  readonly closers: string;
}

/** The place of a question in the editor's text, or with the selected item of the client's menu inserted. */
export function siteAt(document: Document, query: CompletionQuery): Site {
  if (query.selected) return assuming(document, query, query.selected.range, query.selected.text);
  const position = document.positionAt(document.offsetAt(query.position));
  return siteIn(document, query, position, { assumed: '', start: position, end: position });
}

/** The place behind `text`, as if it had replaced `range` already. */
export function assuming(document: Document, query: CompletionQuery, range: Range, text: string): Site {
  const { start, end } = document.clampRange(range);
  const assumed = document.clone();
  assumed.update([{ range: { start, end }, text }], document.version);
  const position = assumed.positionAt(assumed.offsetAt(start) + text.length);
  return siteIn(assumed, query, position, { assumed: unixLines(text), start, end });
}

function siteIn(
  document: Document,
  query: CompletionQuery,
  position: Position,
  assumption: Pick<Site, 'assumed' | 'start' | 'end'>,
): Site {
  const offset = document.offsetAt(position);
  const least = position.character > LONGEST_LINE ? 0 : position.character + CONTEXT;
  const first = Math.max(0, offset - Math.max(BEFORE, least));
  const from = document.positionAt(first);
  const to = document.positionAt(offset + AFTER);
  return {
    query,
    languageId: document.languageId,
    document,
    version: document.version,
    position,
    textBefore: unixLines(document.getText({ start: from, end: position })),
    textAfter: unixLines(document.getText({ start: position, end: to })),
    restOfLine: document.lineAt(position.line).slice(position.character),
    reachesStart: first === 0,
    ...assumption,
  };
}

/** The anchor at the start of the cursor's own line: by it a place is remembered. Undefined on a line too long. */
export function anchorOf({ query, textBefore, textAfter, reachesStart }: Site): Anchor | undefined {
  const lineStart = textBefore.lastIndexOf('\n') + 1;
  return anchorAt(query.uri, textBefore, textAfter, reachesStart, lineStart, '');
}

/**
 * All anchors by which a suggestion that was asked for at most `lines` lines above may have been remembered, the
 * nearest first; again for each closing delimiter that an editor may have put right of the cursor.
 */
export function* anchorsOf(site: Site, lines: number): Generator<Anchor> {
  const { query, textBefore, textAfter, reachesStart } = site;
  const closed = CLOSERS.exec(textAfter)?.[0] ?? '';
  for (let count = 0; count <= closed.length; count++) {
    const after = textAfter.slice(count);
    let lineStart = textBefore.lastIndexOf('\n') + 1;
    for (let line = 0; line <= lines; line++) {
      const anchor = anchorAt(query.uri, textBefore, after, reachesStart, lineStart, closed.slice(0, count));
      if (!anchor) break;
      yield anchor;
      if (lineStart === 0) break;
      lineStart = lineStart < 2 ? 0 : textBefore.lastIndexOf('\n', lineStart - 2) + 1;
    }
  }
}

function anchorAt(
  uri: string,
  textBefore: string,
  textAfter: string,
  reachesStart: boolean,
  lineStart: number,
  closers: string,
): Anchor | undefined {
  if (lineStart < CONTEXT && !reachesStart) return undefined;
  const before = textBefore.slice(Math.max(0, lineStart - CONTEXT), lineStart);
  const after = textAfter.slice(0, CONTEXT);
  return { key: `${uri}\0${after}\0${before}`, written: textBefore.slice(lineStart), closers };
}

/** Whether the text before the place is another in the editor now, so that the place is not where it was. */
export function hasMoved(site: Site, document: Document | undefined): boolean {
  if (!document) return true;
  if (document.version === site.version) return false;
  const now = siteAt(document, site.query);
  return now.textBefore.slice(-CONTEXT) !== site.textBefore.slice(-CONTEXT);
}

/** Whether the text that is shown to an engine may be another than the place was told by: it was read later. */
export function wasOvertaken(site: Site, document: Document): boolean {
  if (site.document !== document || document.version === site.version) return false;
  const now = siteAt(document, site.query);
  return now.textBefore !== site.textBefore || now.textAfter !== site.textAfter;
}

export function unixLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
