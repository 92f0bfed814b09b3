/**
 * The form of a chat: a Markdown document whose second-level headings `You`, `Codriver` and `Handoff` are its turns.
 * Reads it, and writes what a model said so that no answer can forge a turn. It must not know models or editors.
 */
import { type MatterError, matterValue, readFrontMatter } from '../../documents/frontMatter.ts';
import { type LineSpan, type MarkdownDocument, parseMarkdown, printLines } from '../../documents/markdown.ts';
import { cleanPath, looksLikePath } from '../../edits/paths.ts';
import { markdown } from '../../guard/sanitise.ts';
import { documentKind } from '../documentKinds.ts';

export const CHAT_ENDING = '.chat.md';

export type Speaker = 'you' | 'codriver' | 'handoff';

export interface Turn {
  readonly speaker: Speaker;
  /** Line of the heading; where the document begins without one, the first line. */
  readonly first: number;
  /** Lines below the heading, up to the next turn. */
  readonly body: LineSpan;
  /** The body without blank lines around it, with LF. */
  readonly text: string;
}

export interface Chat {
  readonly document: MarkdownDocument;
  readonly turns: readonly Turn[];
  /** Tokens that one question may send; undefined: as much as the endpoint's settings allow. */
  readonly budget: number | undefined;
  /** The model that this chat is meant for. */
  readonly model: string | undefined;
  readonly errors: readonly MatterError[];
}

const SPEAKERS: ReadonlyMap<string, Speaker> = new Map([
  ['You', 'you'],
  ['Codriver', 'codriver'],
  ['Handoff', 'handoff'],
]);
const LEAST_BUDGET = 500;
/** What stands above an answer and is no part of it. */
const SENT_LINE = /^> sent: .*\n*/;

export function isChat(uri: string): boolean {
  return documentKind(uri) === 'chat';
}

export function readChat(text: string): Chat {
  const document = parseMarkdown(text);
  const matter = readFrontMatter(document);
  const errors = [...matter.errors];
  const budget = matterValue(matter, 'budget');
  const model = matterValue(matter, 'model');
  const sound = typeof budget === 'number' && Number.isInteger(budget) && budget >= LEAST_BUDGET;
  if (budget !== undefined && !sound) {
    const line = matter.entries.find(({ key }) => key === 'budget')?.line ?? 0;
    errors.push({
      line,
      message: `budget is tokens for one question: a whole number from ${LEAST_BUDGET} up.`,
    });
  }
  return {
    document,
    turns: turnsOf(document),
    budget: sound ? budget : undefined,
    model: typeof model === 'string' && model !== '' ? model : undefined,
    errors,
  };
}

function turnsOf(document: MarkdownDocument): readonly Turn[] {
  const heads = document.blocks.flatMap(block => {
    const speaker = block.kind === 'heading' && block.level === 2 ? SPEAKERS.get(block.title) : undefined;
    // Indented it may belong to a list; ours stand at the margin.
    const atMargin = document.lines[block.first]?.startsWith('#');
    return speaker && atMargin ? [{ speaker, first: block.first, body: block.end }] : [];
  });
  const [matter] = document.blocks;
  const top = matter?.kind === 'frontMatter' ? matter.end : 0;
  // Whoever just writes a question needs no heading.
  if (heads.length === 0) heads.push({ speaker: 'you', first: top, body: top });
  return heads.map(({ speaker, first, body }, i) => {
    const span = { first: body, end: heads[i + 1]?.first ?? document.lines.length };
    return { speaker, first, body: span, text: tidy(printLines(document, span)) };
  });
}

/** LF, without blank lines around it. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

/** An answer as it was given, without what Codriver wrote above it. */
export function answerOf({ text }: Turn): string {
  return text.replace(SENT_LINE, '');
}

/** A chat's first text; `about` are mentions that say where the person was. */
export function newChat(about: readonly string[], handoff?: string): string {
  const parts = ['---', 'kind: chat', '---', ''];
  if (handoff !== undefined) parts.push('## Handoff', '', handoff, '');
  parts.push('## You', '', ...(about.length > 0 ? [about.join(' '), ''] : []));
  return `${parts.join('\n')}\n`;
}

/**
 * A model's text as it may stand in a chat: nothing active, every fence closed, no heading that could be taken for a
 * turn. The path in a fence's info, which no safe fence keeps, stands above it.
 */
export function answerText(raw: string): string {
  const safe = parseMarkdown(markdown(pathsAbove(raw)));
  const lines = safe.blocks.map(block => {
    const text = printLines(safe, block);
    return block.kind === 'heading' && block.level < 3 ? text.replace(/^( *)#{1,2}/, '$1###') : text;
  });
  return tidy(lines.join(''));
}

function pathsAbove(raw: string): string {
  const document = parseMarkdown(raw.replace(/\r\n?/g, '\n'));
  return document.blocks
    .map(block => {
      const path = block.kind === 'fence' ? pathIn(block.info) : undefined;
      const text = printLines(document, block);
      return path === undefined ? text : `\`${path}\`\n\n${text.replace(INFO, '$1')}`;
    })
    .join('');
}

/** A fence's marks and language, and what stands behind them. */
const INFO = /^( {0,3}(?:`+|~+)[ \t]*[\w+#.-]*).*/;

/** `ts src/a.ts`, `ts:src/a.ts`, `ts title="src/a.ts"`. */
function pathIn(info: string): string | undefined {
  const rest = /^[\w+#.-]*[ \t:]+(?:\w+=)?["']?([^"'`\s{}]+)["']?/.exec(info)?.[1];
  const path = rest === undefined ? undefined : cleanPath(rest);
  return path !== undefined && looksLikePath(path, []) ? path : undefined;
}
