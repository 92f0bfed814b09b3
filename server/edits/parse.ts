/**
 * A model's reply → proposed edits. Understood whatever was asked for: search/replace blocks
 *
 *     path/to/file.ts
 *     <<<<<<< SEARCH
 *     lines as they are
 *     =======
 *     lines as they shall be
 *     >>>>>>> REPLACE
 *
 * unified diffs and patches (`diffReply.ts`); and, only where the prompt asked for it, whole files (`wholeReply.ts`)
 * or one fenced code block that replaces a given range. Whatever is broken or cut is refused with words for the
 * model. It must not know documents beyond their paths.
 */
import { isDiff, parseDiff } from './diffReply.ts';
import { readFences } from './fences.ts';
import { toLf } from './lines.ts';
import { pathAbove } from './pathLines.ts';
import { cleanPath, looksLikePath } from './paths.ts';
import { type ParsedReply, type ProposedEdit, type Reading, refuse } from './proposed.ts';
import { parseWhole } from './wholeReply.ts';

const OPEN = /^\s{0,3}<{5,9} ?SEARCH\b:?(.*)$/;
const DIVIDE = /^\s{0,3}={5,9}\s*$/;
const CLOSE = /^\s{0,3}>{5,9} ?REPLACE\b.*$/;
const FENCE = /^\s{0,3}(?:`{3,}|~{3,})(.*)$/;

/** Files in which a line of "=" is ordinary text: headings. */
const UNDERLINED = /\.(?:md|markdown|rst|txt|adoc|asciidoc|mdx)$/i;

/** Largest reply that is looked at, in UTF-16 units; the engines' own cap is lower. */
const MAX_REPLY = 8 * 1024 * 1024;

export interface ParseOptions {
  /** What the prompt asked for. Blocks, diffs and patches are understood in all cases. */
  readonly expect: 'blocks' | 'range' | 'whole';
  /** Paths of the documents that the model was shown. */
  readonly paths: readonly string[];
}

export function parseReply(reply: string, options: ParseOptions): ParsedReply {
  if (reply.length > MAX_REPLY) return refuse('malformed', 'The reply is far too long. Send only the edit.');
  const text = toLf(reply.replace(/^\uFEFF/, ''));
  if (text.trim() === '') return refuse('empty', 'The reply was empty. Send the edit.');
  const lines = text.split('\n');
  if (lines.some(line => OPEN.test(line))) return parseBlocks(lines, options.paths);
  if (lines.some(line => CLOSE.test(line))) {
    return refuse('malformed', 'There is a ">>>>>>> REPLACE" without a "<<<<<<< SEARCH" before it.');
  }
  if (isDiff(lines)) return parseDiff(lines, pathOverDiff(lines, options.paths));
  if (options.expect === 'whole') return parseWhole(lines, options.paths);
  return options.expect === 'range'
    ? parseRange(lines)
    : refuse('no-edit', 'The reply holds no edit. Answer with search/replace blocks, nothing else.');
}

/** A diff without a header of its own may have its path above. */
function pathOverDiff(lines: readonly string[], known: readonly string[]): string {
  const first = lines.findIndex(line => line.startsWith('@@'));
  return pathAbove(lines, 0, Math.max(0, first), known) ?? '';
}

function parseBlocks(lines: readonly string[], known: readonly string[]): ParsedReply {
  const edits: ProposedEdit[] = [];
  let path = '';
  let outsideFrom = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (CLOSE.test(line)) {
      return refuse('malformed', 'There is a ">>>>>>> REPLACE" without a "<<<<<<< SEARCH" before it.');
    }
    const open = OPEN.exec(line);
    if (open === null) continue;

    path = pathOnMarker(open[1] ?? '', known) ?? pathAbove(lines, outsideFrom, i, known) ?? path;
    const dividers: number[] = [];
    let end = i + 1;
    for (; end < lines.length; end++) {
      const inner = lines[end] ?? '';
      if (OPEN.test(inner)) {
        return refuse(
          'malformed',
          `Block ${edits.length + 1} was not closed with ">>>>>>> REPLACE" before the next "<<<<<<< SEARCH".`,
        );
      }
      if (CLOSE.test(inner)) break;
      if (DIVIDE.test(inner)) dividers.push(end);
    }
    if (end >= lines.length) {
      return refuse(
        'truncated',
        `Block ${edits.length + 1} has no ">>>>>>> REPLACE": the reply was cut. Send it again, complete and shorter.`,
      );
    }
    if (dividers.length === 0) {
      return refuse(
        'malformed',
        `Block ${edits.length + 1} has no "=======" between the old and the new lines.`,
      );
    }
    const readings = readBlock(lines, i, dividers, end, path);
    if (readings === undefined) {
      return refuse(
        'ambiguous',
        `Block ${edits.length + 1} has more than one "=======" line; use one per block.`,
      );
    }
    // A model that repeats itself word for word means one edit.
    const repeated = edits.some(
      edit =>
        edit.path === path &&
        sameLines(edit.readings[0].search, readings[0].search) &&
        sameLines(edit.readings[0].replace, readings[0].replace),
    );
    if (!repeated) edits.push({ path, readings });
    i = end;
    outsideFrom = end + 1;
  }
  return { ok: true, kind: 'blocks', edits };
}

/** All ways to read one block: by its divider, and with or without fences around its halves. */
function readBlock(
  lines: readonly string[],
  open: number,
  dividers: readonly number[],
  close: number,
  path: string,
): readonly [Reading, ...Reading[]] | undefined {
  if (dividers.length > 1 && !UNDERLINED.test(path)) return undefined;
  const readings: Reading[] = [];
  // The longest old text first: if it is in the file, no shorter reading can be what was meant.
  for (const divider of dividers.toReversed()) {
    const old = lines.slice(open + 1, divider);
    const fresh = lines.slice(divider + 1, close);
    readings.push({ search: old, replace: fresh });
    const bareOld = unfenced(old);
    const bareFresh = unfenced(fresh);
    if (bareOld !== undefined || bareFresh !== undefined) {
      readings.push({ search: bareOld ?? old, replace: bareFresh ?? fresh });
    }
  }
  const first = readings[0];
  return first === undefined ? undefined : [first, ...readings.slice(1)];
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}

function unfenced(lines: readonly string[]): readonly string[] | undefined {
  const last = lines.length - 1;
  if (last < 1 || !FENCE.test(lines[0] ?? '')) return undefined;
  return FENCE.exec(lines[last] ?? '')?.[1]?.trim() === '' ? lines.slice(1, last) : undefined;
}

function pathOnMarker(rest: string, known: readonly string[]): string | undefined {
  const path = rest.trim() === '' ? undefined : cleanPath(rest);
  return path !== undefined && looksLikePath(path, known) ? path : undefined;
}

function parseRange(lines: readonly string[]): ParsedReply {
  const fences = readFences(lines);
  if (fences.unclosed) {
    return refuse('truncated', 'The code block is not closed: the reply was cut. Send it again, complete.');
  }
  const [only] = fences.blocks;
  if (only === undefined) {
    return refuse(
      'no-edit',
      'The reply holds no code block. Answer with one fenced code block, nothing else.',
    );
  }
  if (fences.blocks.length > 1) {
    return refuse('ambiguous', 'The reply holds several code blocks. Answer with exactly one.');
  }
  return { ok: true, kind: 'range', replacement: only };
}
