/** Cuts the suggestion where it begins to write the lines that follow the cursor already. */
import type { Filter, FilterInput } from './filter.ts';
import { cutBy, goOn, type LineRule, type LineVerdict } from './lines.ts';
import { BracketStack, type LineState, scanLine } from './scan.ts';
import { columnsOf, isClosingLine, isData, type Site, siteOf } from './site.ts';

/** A shorter line (a lone bracket) proves nothing by itself, unless it ends the suggestion. */
const TELLING_LENGTH = 4;

export class RepeatedSuffixLines implements LineRule {
  readonly #site: Site;
  readonly #lines: string[] = [];
  readonly #stack = new BracketStack();
  #state: LineState;
  /** The last line was the next line below, but too short to tell. */
  #doubtful = false;

  constructor(input: FilterInput) {
    this.#site = siteOf(input);
    this.#state = this.#site.state;
  }

  take(line: string, last: boolean): LineVerdict {
    const { below, language, current } = this.#site;
    const [next, afterNext] = below;
    const index = this.#lines.length;
    this.#lines.push(line);
    const scanned = scanLine(line, this.#state, language);
    this.#state = scanned.state;
    const unmatched = scanned.brackets.some(({ character }) => this.#stack.take(character) === 'unmatched');
    if (next === undefined) return goOn;
    const text = line.trimEnd();
    if (this.#doubtful && text === afterNext) return { keep: index - 1 };
    if (text.trim() !== '') this.#doubtful = false;
    // On the cursor's line, what stands before it belongs to the line.
    const same = index === 0 ? text.trim() === next.trim() && current.trim() === '' : text === next;
    if (!same || isData(text)) return goOn;
    if (isClosingLine(text)) {
      this.#doubtful = true;
      return unmatched || this.#closesNothing(text) ? { keep: index } : goOn;
    }
    if (text.trim().length >= TELLING_LENGTH || last) return { keep: index };
    this.#doubtful = true;
    return goOn;
  }

  /** A closing word or tag whose block was not begun by the suggestion: no line of it stands at that column. */
  #closesNothing(closing: string): boolean {
    if (/^\s*[)\]}]/.test(closing)) return false;
    const columns = columnsOf(closing);
    const begun = this.#lines
      .slice(0, -1)
      .some(
        (line, i) =>
          (i > 0 || this.#site.current.trim() === '') &&
          line.trim() !== '' &&
          columnsOf(i === 0 ? this.#site.current + line : line) <= columns,
      );
    return !begun;
  }
}

export const repeatedSuffixLines: Filter = (text, input) => cutBy(new RepeatedSuffixLines(input), text);
