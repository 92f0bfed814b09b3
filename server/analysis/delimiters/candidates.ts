/**
 * Places where one bracket, quote or colon may be missing or too many, guessed from pairing, indentation and the
 * places the parser stumbled over. It proposes; the parser decides. It must not know trees.
 */
import type { FileView } from '../view.ts';
import { type Bracket, closers, type Lexed, openers } from './lexer.ts';

export interface DelimiterCandidate {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 0…1 before anything was parsed. */
  readonly prior: number;
  /** The character that is missing or too many. */
  readonly char: string;
  readonly action: 'add' | 'remove';
}

/** What does not pair up. */
interface Imbalance {
  /** Openers left over and the first closer that did not fit each of them. */
  readonly unclosed: readonly { readonly opener: Bracket; readonly before: number }[];
  readonly surplus: readonly Bracket[];
  /** Partner of each bracket that has one, by offset, both ways. */
  readonly partners: ReadonlyMap<number, number>;
  /** Openers minus closers, by opener. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Candidates for brackets, likeliest first. */
export function bracketCandidates(
  view: FileView,
  lexed: Lexed,
  errorLines: readonly number[],
): readonly DelimiterCandidate[] {
  const pairs = pairUp(lexed.brackets, view.text.length);
  const found: DelimiterCandidate[] = [];
  for (const opener of ['{', '(', '[']) {
    const difference = pairs.counts[opener] ?? 0;
    if (difference > 0) {
      const closer = closers[opener] as string;
      found.push(...missingByIndentation(view, lexed, opener));
      for (const { opener: left, before } of pairs.unclosed) {
        if (left.char !== opener) continue;
        const lines = new Set([view.lines.lineOf(left.at), view.lines.lineOf(before), ...errorLines]);
        const inner = lexed.brackets.find(
          ({ at }) =>
            at > left.at && view.lines.lineOf(at) === view.lines.lineOf(left.at) && pairs.partners.has(at),
        );
        const partner = inner && pairs.partners.get(inner.at);
        if (partner !== undefined) lines.add(view.lines.lineOf(partner));
        for (const line of lines)
          if (line >= view.lines.lineOf(left.at)) found.push(...closings(view, lexed, line, closer, left.at));
        found.push(removal(left, 0.35));
      }
    }
    if (difference < 0) {
      found.push(...headersWithout(view, lexed, opener));
      for (const extra of pairs.surplus) {
        if (openers[extra.char] !== opener) continue;
        const own = view.lines.lineOf(extra.at);
        const lines = new Set([own, ...errorLines, lineAbove(view, own)]);
        for (const line of lines)
          if (line <= own) found.push(...openings(view, lexed, line, opener, extra.at));
        const doubled = view.text[extra.at - 1] === extra.char;
        found.push(removal(extra, doubled ? 0.72 : 0.6));
        // Any closer of this kind on the line may be the one too many.
        for (const other of lexed.brackets)
          if (
            other.char === extra.char &&
            other.at !== extra.at &&
            errorLines.includes(view.lines.lineOf(other.at))
          )
            found.push(removal(other, 0.5));
      }
    }
  }
  return unique(found);
}

function pairUp(brackets: readonly Bracket[], length: number): Imbalance {
  const stack: Bracket[] = [];
  const surplus: Bracket[] = [];
  const unclosed: { opener: Bracket; before: number }[] = [];
  const partners = new Map<number, number>();
  const counts: Record<string, number> = {};
  for (const bracket of brackets) {
    const opener = openers[bracket.char];
    if (opener === undefined) {
      stack.push(bracket);
      counts[bracket.char] = (counts[bracket.char] ?? 0) + 1;
      continue;
    }
    counts[opener] = (counts[opener] ?? 0) - 1;
    const below = stack.findLastIndex(({ char }) => char === opener);
    if (below < 0 || stack.length - below > 3) {
      surplus.push(bracket);
      continue;
    }
    // Whatever was opened later and not closed yet is missing its partner before this place.
    for (const left of stack.splice(below + 1)) unclosed.push({ opener: left, before: bracket.at });
    const partner = stack.pop() as Bracket;
    partners.set(partner.at, bracket.at);
    partners.set(bracket.at, partner.at);
  }
  for (const left of stack) unclosed.push({ opener: left, before: length });
  return { unclosed, surplus, partners, counts };
}

/** Openers at a line's end whose block ends, by indentation, without their closer. */
function missingByIndentation(view: FileView, lexed: Lexed, opener: string): readonly DelimiterCandidate[] {
  const closer = closers[opener] as string;
  const found: DelimiterCandidate[] = [];
  for (const bracket of lexed.brackets) {
    if (bracket.char !== opener) continue;
    const line = view.lines.lineOf(bracket.at);
    if (view.text.slice(bracket.at + 1, codeEnd(view, lexed, line)).trim() !== '') continue;
    const indent = indentOf(view, line);
    let last = line;
    let next: number | undefined = line;
    do {
      last = next;
      next = lineBelow(view, next, lexed);
    } while (next !== undefined && indentOf(view, next) > indent && !goesOn(view, next, indent));
    const head = next === undefined ? '' : view.lines.line(next).trimStart();
    if (next !== undefined && indentOf(view, next) === indent && head.startsWith(closer)) continue;
    const white = /^\s*/.exec(view.lines.line(line))?.[0] ?? '';
    const end = view.lines.contentEnd(last);
    const ends = usesSemicolonAfter(view, line) ? ';' : '';
    const text = `${view.eol}${white}${closer}`;
    const base = { start: end, end, char: closer, action: 'add' } as const;
    if (next !== undefined && indentOf(view, next) === indent && /^[)\]}]/.test(head)) {
      const at = (view.lines.starts[next] as number) + white.length;
      found.push({ ...base, start: at, end: at, text: closer, prior: 0.93 });
    }
    if (next !== undefined && opener === '{' && goesOn(view, next, indent)) {
      const at = (view.lines.starts[next] as number) + white.length;
      const gap = indentOf(view, next) === indent ? ' ' : '';
      found.push({ ...base, start: at, end: at, text: closer + gap, prior: 0.96 });
      continue;
    }
    found.push({ ...base, text: text + ends, prior: 0.9 });
    if (ends) found.push({ ...base, text, prior: 0.85 });
  }
  return found;
}

/** `else` and the like where the brace before them is gone; the blank that stood between may be left. */
function goesOn(view: FileView, line: number, indent: number): boolean {
  const own = indentOf(view, line);
  return (own === indent || own === indent + 1) && /^\s*(?:else|catch|finally)\b/.test(view.lines.line(line));
}

/** An object or function that is assigned usually ends with a semicolon. */
function usesSemicolonAfter(view: FileView, line: number): boolean {
  return (
    view.family === 'javascript' &&
    /^\s*(?:export\s+)?(?:const|let|var)\b.*=/.test(view.lines.line(line)) &&
    /;\s*$/m.test(view.text.slice(0, 4000))
  );
}

/** Lines that start a block by indentation but open no bracket for the closer that ends it. */
function headersWithout(view: FileView, lexed: Lexed, opener: string): readonly DelimiterCandidate[] {
  const closer = closers[opener] as string;
  const found: DelimiterCandidate[] = [];
  for (const bracket of lexed.brackets) {
    const line = view.lines.lineOf(bracket.at);
    if (bracket.char !== closer || view.lines.line(line).trimStart()[0] !== closer) continue;
    if (view.text.slice(view.lines.starts[line] as number, bracket.at).trim() !== '') continue;
    const indent = indentOf(view, line);
    let above = lineAbove(view, line);
    while (above > 0 && indentOf(view, above) > indent) above = lineAbove(view, above);
    if (above < 0 || indentOf(view, above) !== indent || above === line) continue;
    const end = codeEnd(view, lexed, above);
    const start = view.lines.starts[above] as number;
    const code = view.text.slice(start, end).trimEnd();
    if (code.endsWith(opener)) continue;
    const at = start + code.length;
    const gap = opener === '{' && !/[(\s]$/.test(code) ? ' ' : '';
    found.push({ start: at, end: at, text: gap + opener, prior: 0.92, char: opener, action: 'add' });
  }
  return found;
}

/** Places on a line where a closer may have stood. */
function closings(
  view: FileView,
  lexed: Lexed,
  line: number,
  closer: string,
  after: number,
): readonly DelimiterCandidate[] {
  const found: DelimiterCandidate[] = [];
  const end = codeEnd(view, lexed, line);
  for (const at of boundaries(view, lexed, line)) {
    if (at <= after) continue;
    const before = view.text[at - 1] ?? '';
    if (/[\s(,[{.]/.test(before) && before !== openers[closer]) continue;
    const rest = view.text.slice(at, end).trimEnd();
    let prior = 0.55;
    const alike = likeNeighbour(view, line, rest, closer);
    if (rest === '' || /^\s*(?:[;{:]|=>|\?\.|then\b|do\b)/.test(rest)) prior = closer === ']' ? 0.7 : 0.8;
    else if (/^[)\]}]/.test(rest)) prior = 0.74;
    else if (/^\s*(?:,|\.|=[^=])/.test(rest)) prior = closer === ']' ? 0.76 : 0.6;
    else if (/^\s/.test(rest)) prior = closer === ']' ? 0.7 : 0.57;
    if (alike || /^\.(?:to[A-Z]|resolves\b|rejects\b|not\.to)/.test(rest)) prior = Math.max(prior, 0.86);
    found.push({ start: at, end: at, text: closer, prior, char: closer, action: 'add' });
  }
  return found;
}

/** A line next to this one, alike in its start, ends with the closer and the same rest. */
function likeNeighbour(view: FileView, line: number, rest: string, closer: string): boolean {
  if (rest.length > 3) return false;
  const own = view.lines.line(line);
  return [line - 1, line + 1].some(other => {
    const text = view.lines.line(other);
    const start = /^\s*\W?/.exec(own)?.[0] ?? '';
    return text.trim() !== '' && text.startsWith(start) && text.trimEnd().endsWith(closer + rest);
  });
}

/** Places on a line where an opener may have stood. */
function openings(
  view: FileView,
  lexed: Lexed,
  line: number,
  opener: string,
  before: number,
): readonly DelimiterCandidate[] {
  const found: DelimiterCandidate[] = [...splitWords(view, lexed, line, opener, before)];
  for (const at of boundaries(view, lexed, line)) {
    if (at > before) continue;
    const left = view.text.slice(view.lines.starts[line] as number, at);
    const right = view.text[at] ?? '';
    let prior = 0.5;
    if (/\b(?:if|for|while|switch|catch|with|elif)\s+$/.test(left) && opener === '(') prior = 0.85;
    else if (/[\p{L}\p{N}_$]$/u.test(left) && /[^\p{L}\p{N}_$\s]/u.test(right) && opener === '(')
      prior = occursElsewhere(view, /[\p{L}\p{N}_$]+$/u.exec(left)?.[0] ?? '') ? 0.78 : 0.6;
    else if (/(?:=|return|[(,:[])\s*$/.test(left) && opener !== '(') prior = 0.74;
    else if (/(?:=|return|[(,:[!&|])\s*$/.test(left)) prior = 0.62;
    else if (/[\p{L}\p{N}_$)\]]$/u.test(left) && opener === '[') prior = 0.72;
    else if (/=>\s*$/.test(left) && opener === '{') prior = 0.8;
    if (/\s/.test(right) && opener !== '{') prior -= 0.15;
    if (
      left.trim() === '' &&
      [line - 1, line + 1].some(other => view.lines.line(other).startsWith(left + opener))
    )
      prior = 0.9;
    found.push({ start: at, end: at, text: opener, prior, char: opener, action: 'add' });
  }
  return found;
}

/** A missing opener glues two words together: `printvalue)`. Both halves must be words that occur elsewhere. */
function splitWords(
  view: FileView,
  lexed: Lexed,
  line: number,
  opener: string,
  before: number,
): readonly DelimiterCandidate[] {
  const found: DelimiterCandidate[] = [];
  const start = view.lines.starts[line] as number;
  const known = (word: string): boolean =>
    view.index.frequency(word) > 0 || view.language.keywords.includes(word) || hasWord(view, word);
  for (const match of view.lines.line(line).matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const word = match[0];
    const at = start + match.index;
    if (at >= before || word.length > 60 || inSkipped(lexed, at) || view.index.frequency(word) > 1) continue;
    for (let cut = 1; cut < word.length; cut++) {
      const left = word.slice(0, cut);
      const right = word.slice(cut);
      if (!known(left) || !(known(right) || /^\d+$/.test(right))) continue;
      const short = Math.min(left.length, right.length);
      const prior = short < 3 ? (short < 2 ? 0.72 : 0.8) : 0.88;
      const place = at + cut;
      found.push({ start: place, end: place, text: opener, prior, char: opener, action: 'add' });
    }
  }
  return found;
}

/** A word that stands in one place only may be two that were glued together. */
function occursElsewhere(view: FileView, word: string): boolean {
  return view.index.frequency(word) > 1 || view.text.split(word).length > 2;
}

/** Whether a word stands somewhere else in the text. */
function hasWord(view: FileView, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${word.replaceAll('$', '\\$')}(?![\\p{L}\\p{N}_$])`, 'u').test(
    view.text,
  );
}

function removal(bracket: Bracket, prior: number): DelimiterCandidate {
  return { start: bracket.at, end: bracket.at + 1, text: '', prior, char: bracket.char, action: 'remove' };
}

/** Offsets between tokens of a line, its end included; none inside comments and strings. */
function boundaries(view: FileView, lexed: Lexed, line: number): readonly number[] {
  const start = view.lines.starts[line];
  if (start === undefined) return [];
  const end = codeEnd(view, lexed, line);
  const found = new Set<number>();
  for (const match of view.text.slice(start, end).matchAll(/[\p{L}\p{N}_$]+|\s+|[^\p{L}\p{N}_$\s]/gu)) {
    found.add(start + match.index);
    found.add(start + match.index + match[0].length);
  }
  return [...found].filter(at => !strictlyInSkipped(lexed, at)).sort((a, b) => a - b);
}

/** End of a line's code: before a comment at its end. */
export function codeEnd(view: FileView, lexed: Lexed, line: number): number {
  const start = view.lines.starts[line] as number;
  const end = view.lines.contentEnd(line);
  const comment = lexed.skipped.find(row => row.comment && row.start >= start && row.start < end);
  const limit = comment ? comment.start : end;
  return start + view.text.slice(start, limit).trimEnd().length;
}

/** Whether an offset is in a comment or string. */
export function inSkipped(lexed: Lexed, at: number): boolean {
  return lexed.skipped.some(row => row.start <= at && at < row.end);
}

function strictlyInSkipped(lexed: Lexed, at: number): boolean {
  return lexed.skipped.some(row => row.start < at && at < row.end);
}

/** Width of a line's indentation; a tab counts four. */
export function indentOf(view: FileView, line: number): number {
  const white = /^[ \t]*/.exec(view.lines.line(line))?.[0] ?? '';
  return white.replaceAll('\t', '    ').length;
}

/** The next line with something on it, outside strings and comments that go over lines. */
export function lineBelow(view: FileView, line: number, lexed?: Lexed): number | undefined {
  for (let at = line + 1; at < view.lines.count; at++) {
    if (view.lines.line(at).trim() === '') continue;
    if (lexed && strictlyInSkipped(lexed, view.lines.starts[at] as number)) continue;
    return at;
  }
  return undefined;
}

function lineAbove(view: FileView, line: number): number {
  let at = line - 1;
  while (at > 0 && view.lines.line(at).trim() === '') at--;
  return Math.max(0, at);
}

/** Each change once, likeliest first. */
export function unique(candidates: readonly DelimiterCandidate[]): readonly DelimiterCandidate[] {
  const seen = new Map<string, DelimiterCandidate>();
  for (const candidate of candidates) {
    const key = `${candidate.start}:${candidate.end}:${candidate.text}`;
    const known = seen.get(key);
    if (!known || known.prior < candidate.prior) seen.set(key, candidate);
  }
  return [...seen.values()].sort((a, b) => b.prior - a.prior);
}
