/**
 * Ends a suggestion where the block of the cursor ends, by indentation and brackets: what comes after it is another
 * thought, and mostly there already. A line that leaves the block is not kept unless it closes it.
 */
import type { Filter, FilterInput } from './filter.ts';
import { cutBy, goOn, type LineRule, type LineVerdict } from './lines.ts';
import { BracketStack, type LineState, scanLine } from './scan.ts';
import { columnsOf, isClosingLine, type Site, siteOf } from './site.ts';

/** Continue the block they stand beside, in some language. */
const continues =
  /^(?:[)\]}]*\s*(?:else|elif|elsif|elseif|catch|except|finally|rescue|ensure|while|then)\b|[.?&|+]|--)/;
const preprocessed = /^(?:c|cpp|objective-c|cuda-cpp|csharp|glsl|hlsl)$/;
/** Languages whose blocks end with a word, so that a word further out may belong to the block. */
const endsWithWord =
  /^(?:ruby|crystal|lua|elixir|julia|shell.*|bash|fish|vim|cmake|makefile|pascal|ada|fortran.*|matlab|sql|erlang|nix|verilog|vhdl)/;
/** Column 0 and indentation say nothing about blocks here. */
const freeForm = /^(?:markdown|plaintext|restructuredtext|asciidoc|latex|tex|git-?commit|csv|tsv|diff)/;

export class BlockEnd implements LineRule {
  readonly #site: Site;
  readonly #stack = new BracketStack();
  readonly #off: boolean;
  /** The line before the cursor opened the block that is being written. */
  #inOpened: boolean;
  #state: LineState;
  #count = 0;
  #base = 0;
  #deeper = false;
  #closed = false;
  #blank = 0;
  #kept = 0;
  #written = false;

  constructor(input: FilterInput) {
    this.#site = siteOf(input);
    const { language, current, state } = this.#site;
    this.#off = freeForm.test(language.id) || language.id === 'plaintext';
    this.#state = state;
    this.#inOpened = /[{([:]\s*$|\b(?:then|do|begin)\s*$/.test(current) && current.trim() !== '';
  }

  /** Whether a line that begins with this, at this column, can be told to leave the block at its first character. */
  leavesAt(line: string): boolean {
    if (this.#off || this.#count === 0 || this.#state !== 0 || (this.#inOpened && !this.#deeper))
      return false;
    return columnsOf(line) < this.#base && /^[ \t]*[A-Zabdg-qsuvx-z_@"'`$]/.test(line) && !this.#mayEndByWord;
  }

  /** The next line begins inside a string or comment that goes over lines. */
  get isInside(): boolean {
    return this.#state !== 0;
  }

  /** Lines to keep when `leavesAt` says so. */
  get kept(): number {
    return this.#kept;
  }

  get #mayEndByWord(): boolean {
    return endsWithWord.test(this.#site.language.id);
  }

  take(line: string): LineVerdict {
    const index = this.#count++;
    const whole = index === 0 ? this.#site.current + line : line;
    const before = this.#state;
    const scanned = scanLine(line, before, this.#site.language);
    this.#state = scanned.state;
    for (const { character } of scanned.brackets) this.#stack.take(character);
    if (this.#off) return goOn;
    if (index === 0) {
      this.#base = columnsOf(whole.trim() === '' ? this.#site.current : whole);
      this.#kept = whole.trim() === '' ? 0 : 1;
      this.#written = line.trim() !== '';
      return goOn;
    }
    if (before !== 0) return this.#keep(index);
    if (line.trim() === '') return this.#takeBlank();
    const verdict = this.#judge(line, index);
    this.#written = true;
    this.#blank = 0;
    return verdict;
  }

  #takeBlank(): LineVerdict {
    this.#blank++;
    if (!this.#written) return goOn;
    const finished = this.#deeper && this.#closed;
    return finished || this.#blank > 1 ? { keep: this.#kept } : goOn;
  }

  /** `else` and its like, unless the document has them already. */
  #goesOn(text: string): boolean {
    const word = /^[)\]}]*\s*(else|elif|elsif|elseif|catch|except|finally|rescue|ensure)\b.*[{:\w)]$/.exec(
      text,
    )?.[1];
    return word !== undefined && !new RegExp(`^\\W*${word}\\b`).test(this.#site.below[0]?.trim() ?? '');
  }

  #keep(index: number): LineVerdict {
    this.#kept = index + 1;
    return goOn;
  }

  #judge(line: string, index: number): LineVerdict {
    const columns = columnsOf(line);
    const text = line.trim();
    const first = this.#kept === 0 && this.#site.current.trim() === '';
    if (first) {
      // The first thing written at all: its own indentation counts.
      this.#base = Math.min(this.#base, columns);
      return this.#keep(index);
    }
    const closes = isClosingLine(line) || /^[)\]}]/.test(text);
    // A body that was written as if it stood further out; the filter of indentation moves it.
    const isBody = this.#inOpened && !this.#deeper && this.#kept === 1 && this.#base > 0 && !closes;
    if (isBody && columns <= this.#base) this.#base = columns - 1;
    if (columns > this.#base) {
      this.#deeper = true;
      return this.#keep(index);
    }
    if (text.startsWith('#') && preprocessed.test(this.#site.language.id)) return this.#keep(index);
    if (columns < this.#base && this.#goesOn(text)) {
      // The other half of the same statement: its block is the cursor's now.
      this.#base = columns;
      this.#inOpened = true;
      this.#deeper = false;
      return this.#keep(index);
    }
    if (columns < this.#base) {
      const isThere = this.#site.below[0] === line.trimEnd();
      return closes && !isThere ? { keep: index + 1 } : { keep: this.#kept };
    }
    if (closes) {
      this.#closed = true;
      const over = this.#inOpened && isClosingLine(line) && this.#stack.open.length === 0;
      this.#kept = index + 1;
      return over ? { keep: index + 1 } : goOn;
    }
    if (continues.test(text)) return this.#keep(index);
    const beside = this.#inOpened && (this.#deeper || this.#site.language.indentBlocks);
    const another = this.#deeper && this.#blank > 0;
    if (beside || another) return { keep: this.#kept };
    this.#closed = this.#deeper;
    return this.#keep(index);
  }
}

/** Only the block of the cursor. */
export const blockEnd: Filter = (text, input) => cutBy(new BlockEnd(input), text);
