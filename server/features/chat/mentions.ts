/** `@file:path`, `@symbol:name` and their kin in what a person wrote. Pure; it must not know what they stand for. */
import type { Range } from 'vscode-languageserver-textdocument';
import { contentLength } from '../../base/text.ts';
import type { LineSpan, MarkdownDocument } from '../../documents/markdown.ts';
import type { Chat, Turn } from './chat.ts';

export const MENTION_KINDS = ['file', 'symbol', 'selection', 'diagnostics', 'diff', 'spec'] as const;
export type MentionKind = (typeof MENTION_KINDS)[number];

export interface Mention {
  readonly kind: MentionKind;
  /** Path, name or revisions; empty where none is given. */
  readonly name: string;
  /** Lines that `#L3-L9` names, zero-based, the end exclusive. */
  readonly lines?: { readonly first: number; readonly end: number };
  /** In the document. */
  readonly range: Range;
  /** As written. */
  readonly text: string;
}

const MENTION = new RegExp(
  String.raw`(?<![\w@/.])@(${MENTION_KINDS.join('|')})(?![\w-])(?::(?:"([^"\n]{1,400})"|([^\s"'\`,;()<>]{1,400})))?`,
  'g',
);
const LINES = /#L(\d{1,7})(?:-L?(\d{1,7}))?$/;

/** The mentions of one of the person's turns, outside of code. */
export function mentionsOf({ document }: Chat, turn: Turn): readonly Mention[] {
  return turn.speaker === 'you' ? mentionsIn(document, turn.body) : [];
}

/** The mentions in some lines of a document, or in all of it, outside of code. */
export function mentionsIn(
  document: MarkdownDocument,
  span: LineSpan = { first: 0, end: document.lines.length },
): readonly Mention[] {
  const found: Mention[] = [];
  for (const block of document.blocks) {
    if (block.kind === 'fence' || block.kind === 'frontMatter') continue;
    const first = Math.max(block.first, span.first);
    const end = Math.min(block.end, span.end);
    for (let line = first; line < end; line++) {
      const raw = document.lines[line] ?? '';
      found.push(...inLine(raw.slice(0, contentLength(raw)), line));
    }
  }
  return found;
}

function inLine(text: string, line: number): Mention[] {
  // What stands in backticks is spoken of, not meant.
  const shown = text.replace(/`[^`]*`/g, code => ' '.repeat(code.length));
  return Array.from(shown.matchAll(MENTION), match => {
    const [whole, kind, quoted, bare = ''] = match;
    // What ends a sentence does not belong to the path before it.
    const trail = quoted === undefined ? (/[.:!?]+$/.exec(whole)?.[0].length ?? 0) : 0;
    const target = quoted ?? bare.slice(0, bare.length - Math.min(trail, bare.length));
    const lines = LINES.exec(target);
    const from = Number(lines?.[1] ?? 0);
    const to = Number(lines?.[2] ?? from);
    const start = { line, character: match.index };
    return {
      kind: kind as MentionKind,
      name: lines ? target.slice(0, lines.index) : target,
      ...(lines && from > 0 ? { lines: { first: Math.min(from, to) - 1, end: Math.max(from, to) } } : {}),
      range: { start, end: { line, character: match.index + whole.length - trail } },
      text: whole.slice(0, whole.length - trail),
    };
  });
}

/** A mention as it is written, in quotes where the name has blanks. */
export function writeMention(kind: MentionKind, name: string, lines?: string): string {
  const target = `${name}${lines ?? ''}`;
  return `@${kind}:${/[\s"'`,;()<>]/.test(target) ? `"${target.replaceAll('"', '')}"` : target}`;
}
