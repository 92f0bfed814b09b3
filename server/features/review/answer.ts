/**
 * Reads a model's review: findings as JSON, each with the code it is about. A quote must stand exactly once in what
 * was reviewed; a line number is not asked for and not believed. Pure; it must not know where the text comes from.
 */
import type { ReviewCategory, ReviewSeverity } from '../../analysis/analysis.ts';

/** What a model says, checked for its form only. */
export interface Claim {
  readonly code: string;
  readonly category: ReviewCategory;
  readonly severity: ReviewSeverity;
  readonly confidence: number;
  readonly message: string;
}

export interface ReadReview {
  readonly claims: readonly Claim[];
  /** Entries that were no findings. */
  readonly malformed: number;
  /** False: nothing in it could be read as a review, not even as an empty one. */
  readonly readable: boolean;
}

const MOST_CLAIMS = 60;
const LONGEST_REPLY = 400_000;
const LONGEST_CODE = 4_000;
const LONGEST_MESSAGE = 600;
/** A quote of fewer characters than this is no quote. */
const SHORTEST_CODE = 3;

const CATEGORIES: readonly ReviewCategory[] = [
  'bug',
  'security',
  'performance',
  'simplicity',
  'tests',
  'requirement',
];
const SEVERITY_WORDS: Readonly<Record<string, ReviewSeverity>> = {
  critical: 'high',
  major: 'high',
  error: 'high',
  high: 'high',
  medium: 'medium',
  moderate: 'medium',
  warning: 'medium',
  low: 'low',
  minor: 'low',
  info: 'low',
};

export function readReview(reply: string): ReadReview {
  const text = reply
    .slice(0, LONGEST_REPLY)
    .replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi, '')
    .trim();
  const entries = entriesOf(text);
  if (!entries) return { claims: [], malformed: 0, readable: /^\W*none\b\W*$/i.test(text) };
  const claims = entries.slice(0, MOST_CLAIMS).map(claimOf);
  const sound = claims.filter(claim => claim !== undefined);
  return { claims: sound, malformed: claims.length - sound.length, readable: true };
}

/** A JSON array, an object that holds one, or one object a line; in fences or not. */
function entriesOf(text: string): readonly unknown[] | undefined {
  const fenced = /```(?:json\w*)?\s*\n([\s\S]*?)\n?```/i.exec(text)?.[1]?.trim();
  for (const candidate of [text, fenced, between(text, '[', ']'), between(text, '{', '}')]) {
    if (candidate === undefined) continue;
    const value = parsed(candidate);
    if (Array.isArray(value)) return value;
    if (isRecord(value)) {
      const list = Object.values(value).find(Array.isArray);
      return list ?? [value];
    }
  }
  const lines = (fenced ?? text).split('\n').map(line => line.trim().replace(/,$/, ''));
  const values = lines.filter(line => line.startsWith('{')).map(parsed);
  return values.some(isRecord) ? values : undefined;
}

function between(text: string, open: string, close: string): string | undefined {
  const start = text.indexOf(open);
  const end = text.lastIndexOf(close);
  return start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function claimOf(value: unknown): Claim | undefined {
  if (!isRecord(value)) return undefined;
  const { code, category, severity, confidence, message } = value;
  if (typeof code !== 'string' || typeof message !== 'string' || typeof severity !== 'string')
    return undefined;
  const kind = CATEGORIES.find(each => each === category);
  const grade = SEVERITY_WORDS[severity.toLowerCase()];
  if (!kind || !grade || typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 100))
    return undefined;
  const words = message.replace(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE);
  const quoted = code.replace(/\r\n?/g, '\n').replace(/^\n+|\s+$/g, '');
  if (words === '' || quoted.length > LONGEST_CODE) return undefined;
  if (quoted.replace(/\s/g, '').length < SHORTEST_CODE) return undefined;
  const share = confidence > 1 ? confidence / 100 : confidence;
  return { code: quoted, category: kind, severity: grade, confidence: share, message: words };
}

export type Anchored =
  | { readonly start: number; readonly end: number }
  /** How often the quote stands there: never, or more than once. */
  | { readonly times: 0 | 2 };

/** Where a quote stands in a text, as offsets; without its indentation. Layout inside of lines counts, around them not. */
export function anchor(text: string, quote: string): Anchored {
  const exact = quote.trim();
  const first = text.indexOf(exact);
  if (first >= 0 && !exact.includes('\n')) {
    if (text.indexOf(exact, first + 1) >= 0) return { times: 2 };
    return { start: first, end: first + exact.length };
  }
  const wanted = exact.split('\n').map(line => line.trim());
  const lines = text.split('\n');
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  let found: { start: number; end: number } | undefined;
  for (let at = 0; at + wanted.length <= lines.length; at++) {
    if (!wanted.every((line, i) => (lines[at + i] as string).trim() === line)) continue;
    if (found) return { times: 2 };
    const head = lines[at] as string;
    const last = lines[at + wanted.length - 1] as string;
    found = {
      start: (starts[at] as number) + (head.length - head.trimStart().length),
      end: (starts[at + wanted.length - 1] as number) + last.trimEnd().length,
    };
  }
  return found ?? { times: 0 };
}
