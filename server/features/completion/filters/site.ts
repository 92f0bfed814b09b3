/**
 * What the filters know about the place of the cursor, worked out once for all of them. It must not know what was
 * suggested.
 */
import { type Language, languageOf } from '../../../base/languages.ts';
import type { FilterInput } from './filter.ts';
import { BracketStack, type LineState, scanLine } from './scan.ts';

export interface Site {
  readonly language: Language;
  /** Text and data whose lines may be sentences: no rule about code may judge them. */
  readonly mayBeProse: boolean;
  /** The cursor's line up to the cursor. */
  readonly current: string;
  /** The last lines before the cursor's, the nearest last. */
  readonly linesAbove: readonly string[];
  /** The nearest line above that is not blank; empty when there is none. */
  readonly above: string;
  /** The cursor's line from the cursor on. */
  readonly rest: string;
  /** The next lines below that are not blank, without trailing blanks; at most eight. */
  readonly below: readonly string[];
  /** What one level of indentation is in this document, as far as it shows any. */
  readonly unit: string | undefined;
  /** Inside a string or comment that goes over lines; 0 in code. */
  readonly state: LineState;
  /** What the cursor stands in. */
  readonly within: 'code' | 'comment' | 'string';
  /** Brackets open at the cursor, outermost first, as far as the text before it shows. */
  readonly open: readonly string[];
  /** Closers after the cursor that nothing after the cursor opened, in order. */
  readonly closers: readonly string[];
}

const sites = new WeakMap<FilterInput, Site>();

/** Languages that are code to most rules and still hold sentences. */
const holdsSentences =
  /^(?:html|xml|vue|svelte|astro|php|javascriptreact|typescriptreact|yaml|toml|ini|dockerfile|makefile|git-?commit|latex|tex|bibtex|json.*|properties|proto.*|graphql)$/;
const tabWidth = 4;

export function siteOf(input: FilterInput): Site {
  let site = sites.get(input);
  if (site === undefined) {
    site = look(input);
    sites.set(input, site);
  }
  return site;
}

function look({ prefix, suffix, languageId }: FilterInput): Site {
  const language = languageOf(languageId, '');
  const before = prefix.split(/\r\n|\r|\n/);
  const after = suffix.split(/\r\n|\r|\n/);
  const current = before.pop() ?? '';
  const stack = new BracketStack();
  let state: LineState = 0;
  for (const line of before) {
    const scanned = scanLine(line, state, language);
    for (const { character } of scanned.brackets) stack.take(character);
    state = scanned.state;
  }
  const here = scanLine(current, state, language);
  for (const { character } of here.brackets) stack.take(character);
  const following = new BracketStack();
  let next = here.state;
  for (const line of after) {
    const scanned = scanLine(line, next, language);
    for (const { character } of scanned.brackets) following.take(character);
    next = scanned.state;
  }
  return {
    language,
    mayBeProse:
      language.prose ||
      language.id === 'plaintext' ||
      language.keywords.length === 0 ||
      holdsSentences.test(language.id),
    current,
    linesAbove: before.slice(-60),
    above: before.findLast(line => line.trim() !== '') ?? '',
    rest: after[0] ?? '',
    below: after
      .slice(1)
      .filter(line => line.trim() !== '')
      .slice(0, 8)
      .map(line => line.trimEnd()),
    unit: unitOf([...before, ...after]),
    state: here.state,
    within: here.ends,
    open: stack.open,
    closers: following.unmatched,
  };
}

/** A tab, or as many blanks as most steps inwards have; undefined where nothing tells. */
function unitOf(lines: readonly string[]): string | undefined {
  let tabs = 0;
  const steps = new Map<number, number>();
  let last = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    if (line.startsWith('\t')) tabs++;
    const width = /^ */.exec(line)?.[0].length ?? 0;
    if (width > last && width - last <= 8) steps.set(width - last, (steps.get(width - last) ?? 0) + 1);
    last = width;
  }
  const [best] = [...steps].filter(([step]) => step > 1).sort((a, b) => b[1] - a[1]);
  if (tabs > 0 && tabs >= (best?.[1] ?? 0)) return '\t';
  return best === undefined ? undefined : ' '.repeat(best[0]);
}

/** The blanks a line begins with. */
export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** Columns of leading blanks; a tab counts as four. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const blank of indentOf(line)) columns += blank === '\t' ? tabWidth - (columns % tabWidth) : 1;
  return columns;
}

/** A line that only closes: brackets with what follows them, a closing tag, a closing word. */
const closingWord = /^(?:end(?:if|for|while|function|try|case|module|class|def)?|fi|done|esac|od)\b[;,)]*$/;

export function isClosingLine(line: string): boolean {
  const text = line.trim();
  return /^[)\]}]+[)\]}\s;,]*$/.test(text) || /^<\/[\w:.-]+>[\s;,)]*$/.test(text) || closingWord.test(text);
}

/** A line of numbers, as tables of data have them: equal ones in a row are nothing special. */
export const isData = (line: string): boolean =>
  /\d/.test(line) &&
  /^[\s\d.,;:|+\-_'"()[\]{}]*$/.test(line.replace(/\b0x[\da-f]+\b|(?<=\d)[a-z]\d*\b/gi, '0'));
