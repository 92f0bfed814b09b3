/**
 * Reads a suggestion as it streams and says when the model need not go on: at the end of the block, where the text
 * after the cursor begins again, in a loop, at a fence or a word to the person. Reads each character once, so that
 * the result does not depend on how the text was cut into pieces. It must not know engines.
 */
import { BlockEnd } from './filters/blockEnd.ts';
import { isIntroduction, isRole } from './filters/chatter.ts';
import type { FilterInput } from './filters/filter.ts';
import { holdsFences, isFence } from './filters/fences.ts';
import type { LineRule } from './filters/lines.ts';
import { isChatter, isSentence } from './filters/prose.ts';
import { isRunaway, Repetition } from './filters/repetition.ts';
import { RepeatedSuffixLines } from './filters/repeatedSuffixLines.ts';
import { BracketStack, scanLine } from './filters/scan.ts';
import { type Site, siteOf } from './filters/site.ts';
import { Echo } from './filters/echoedPrefix.ts';

export interface EarlyStopInput extends FilterInput {
  /** `line`: the rest of the cursor's line is all that is wanted. Default: by `maxLines`. */
  readonly shape?: 'line' | 'block';
}

/** Why the model was stopped; for the log and for tests. */
export type StopReason =
  | 'line limit'
  | 'end of block'
  | 'repeats what follows'
  | 'closed what is closed'
  | 'loop'
  | 'chatter'
  | 'control token';

/** How often a long line is looked at for a loop, in characters. */
const LOOK_EVERY = 64;
/** The cursor's line is looked at for closed brackets up to this length. */
const FIRST_LINE = 400;
/** Thoughts and introductions before the text may take this many lines beyond the limit. */
const SLACK = 40;

/** Thoughts whose beginning was in the prompt end with a line like this. */
const endOfThoughts = /[<[]\/(?:think|thinking|thought|reasoning|THINK)[>\]]\s*$/;

export class EarlyStop {
  readonly #input: EarlyStopInput;
  readonly #site: Site;
  readonly #most: number;
  readonly #block: BlockEnd;
  readonly #rules: readonly (readonly [LineRule, StopReason])[];
  readonly #right: string;
  readonly #echo: Echo;
  /** Complete lines, without their ends. */
  readonly #lines: string[] = [];
  #line = '';
  /** Between the tags of thoughts, or before the first line of code: nothing is judged. */
  #waiting: 'no' | 'thoughts' | 'introduction' = 'no';
  #fenced = false;
  #afterReturn = false;
  /** Where the cursor's line has closed what stands right of the cursor; only what ends a statement may follow. */
  #closed: number | undefined;
  #kept: string | undefined;
  #reason: StopReason | undefined;
  /** Lines before the text: thoughts, an introduction, the opening fence. */
  #skipped = 0;
  /** The first line that the rules were shown. */
  #from: number | undefined;

  constructor(input: EarlyStopInput) {
    this.#input = input;
    this.#site = siteOf(input);
    this.#most = input.shape === 'line' ? 1 : Math.max(1, input.maxLines);
    this.#block = new BlockEnd(input);
    this.#rules = [
      [new RepeatedSuffixLines(input), 'repeats what follows'],
      [new Repetition(), 'loop'],
    ];
    this.#right = this.#site.rest.trim();
    this.#echo = new Echo(this.#site);
  }

  /** Set once the model need not go on. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** What is worth keeping of all that was pushed. */
  get text(): string {
    return this.#kept ?? [...this.#lines, this.#line].join('\n');
  }

  /** Takes the next piece; true: the model need not go on, and what comes later is ignored. */
  push(piece: string): boolean {
    for (let i = 0; i < piece.length && this.#reason === undefined; i++) this.#take(piece[i] as string);
    return this.#reason !== undefined;
  }

  #take(character: string): void {
    if (character === '\r') {
      this.#afterReturn = true;
      return this.#endLine();
    }
    const second = this.#afterReturn && character === '\n';
    this.#afterReturn = false;
    if (second) return;
    if (character === '\n') return this.#endLine();
    this.#line += character;
    if (this.#waiting === 'no') this.#lookAt(character);
    else if (character === '>' || character === ']') this.#lookForThoughts();
  }

  /** What one more character on an unfinished line can tell. */
  #lookAt(character: string): void {
    const line = this.#line;
    if (character === '>' || character === ']') this.#lookForThoughts();
    if (this.#lines.length === 0) {
      if (this.#closed !== undefined && character !== ';' && character !== ',') {
        this.#line = line.slice(0, this.#closed);
        return this.#stop('closed what is closed');
      }
      if (this.#closed !== undefined || this.#closesRest(character)) this.#closed = line.length;
    }
    if (line.length % LOOK_EVERY === 0 && isRunaway(line)) return this.#stopAt(this.#lines.length, 'loop');
    const isFirst = line.length <= 200 && line.trimStart() === character;
    if (isFirst && this.#lines.length > 0 && !this.#fenced && this.#block.leavesAt(line))
      this.#stopAt(this.#block.kept + (this.#from ?? 0), 'end of block');
  }

  /** The line now ends with all that stands right of the cursor, and its bracket was open before the cursor. */
  #closesRest(character: string): boolean {
    const right = this.#right;
    const line = this.#line;
    if (right === '' || !right.endsWith(character) || line.length > FIRST_LINE || !line.endsWith(right))
      return false;
    if (!/^[)\]}"'`>]/.test(right)) return false;
    // The head of a block that the editor closed: its body comes behind the bracket, and replaces it.
    if (this.#most > 1 && /^[)\]]+$/.test(right)) return false;
    const { language, state, current } = this.#site;
    if (!/^[)\]}]/.test(right))
      return this.#site.within === 'string' && !line.slice(0, -right.length).includes(right[0] as string);
    const stack = new BracketStack();
    const from = current.length + line.length - right.length;
    // From the beginning of the line on, so that a string around the cursor counts.
    const opened = scanLine(current, state === 0 ? 0 : state, language).brackets.length;
    const { brackets } = scanLine(current + line, 0, language);
    for (const { character: bracket, at } of brackets.slice(opened))
      if (stack.take(bracket) === 'unmatched') return at >= from;
    return false;
  }

  #lookForThoughts(): void {
    if (this.#waiting === 'no' && this.#line.length > 60) return;
    const tag = /^\s*[<[](?:think|thinking|thought|reasoning|THINK)[>\]]$/;
    if (this.#waiting === 'no' && tag.test(this.#line) && this.#lines.every(line => line.trim() === ''))
      this.#waiting = 'thoughts';
    else if (
      this.#waiting === 'thoughts' &&
      /[<[]\/(?:think|thinking|thought|reasoning|THINK)[>\]]$/.test(this.#line.slice(-20))
    ) {
      this.#waiting = 'no';
      this.#skipped = this.#lines.length + 1;
    }
  }

  #endLine(): void {
    if (this.#closed !== undefined && this.#lines.length === 0) return this.#stop('closed what is closed');
    const line = this.#line;
    const index = this.#lines.push(line) - 1;
    this.#line = '';
    // The line on which the thoughts ended.
    if (index < this.#skipped) return;
    if (this.#waiting === 'thoughts') return this.#limit(index, SLACK * 10);
    const { languageId } = this.#input;
    if (this.#site.within === 'code' && !this.#block.isInside && !holdsFences(languageId)) {
      if (isFence(line) && this.#takeFence(index)) return;
      if (this.#takeChatter(line, index)) return;
    }
    if (this.#waiting !== 'no') return this.#limit(index, SLACK);
    const blank =
      this.#skipped > 0 &&
      line.trim() === '' &&
      this.#lines.slice(this.#skipped).every(one => one.trim() === '');
    if (blank) return this.#limit(index, SLACK);
    const blankStart = this.#from === undefined && line.trim() === '' && this.#site.current.trim() === '';
    if (blankStart && !this.#echo.isRunning) return this.#limit(index, SLACK);
    for (const heard of this.#echo.take(line)) if (this.#judge(heard.line, heard.back)) return;
    // A first line that is empty is no line of the suggestion where the line is empty before the cursor.
    const empty =
      this.#site.current.trim() === '' && this.#lines.slice(this.#skipped).every(one => one.trim() === '');
    if (!empty && index + 1 - this.#skipped >= this.#most) this.#stopAt(index + 1, 'line limit');
    else this.#limit(index, SLACK);
  }

  /** Shows a line to the rules; `back`: how many lines ago it came. */
  #judge(line: string, back: number): boolean {
    this.#from ??= this.#lines.length - 1 - back;
    for (const [rule, reason] of this.#rules) {
      const { keep } = rule.take(line, false);
      if (keep !== undefined) this.#stopAt(keep + this.#from, reason);
      if (keep !== undefined) return true;
    }
    const { keep } = this.#block.take(line);
    if (keep !== undefined) this.#stopAt(keep + this.#from, 'end of block');
    return keep !== undefined;
  }

  #limit(index: number, slack: number): void {
    if (index + 1 - this.#skipped >= this.#most + slack) this.#stopAt(index + 1, 'line limit');
  }

  /** A fence opens the text at its beginning, and ends it anywhere else. */
  #takeFence(index: number): boolean {
    const before = this.#lines.slice(this.#skipped, index);
    const opens =
      !this.#fenced && before.every(line => line.trim() === '' || isChatter(line) || isSentence(line));
    if (!opens) {
      // The closing fence stays: without it the rest could not be told from an introduction.
      this.#stopAt(this.#fenced ? index + 1 : index, 'chatter');
      return true;
    }
    this.#fenced = true;
    this.#waiting = 'no';
    this.#skipped = index + 1;
    return true;
  }

  #takeChatter(line: string, index: number): boolean {
    const { mayBeProse } = this.#site;
    const isTalk =
      endOfThoughts.test(line) ||
      isIntroduction(line, mayBeProse) ||
      (this.#from === undefined && !mayBeProse && isSentence(line));
    const talks = isTalk || (!mayBeProse && isRole(line, this.#input.languageId));
    if (!talks) {
      if (this.#waiting === 'introduction' && line.trim() !== '') {
        this.#waiting = 'no';
        this.#skipped = index;
      }
      return false;
    }
    const nothing = this.#from === undefined;
    if (nothing && !isRole(line, this.#input.languageId) && this.#site.current.trim() === '') {
      this.#waiting = 'introduction';
      return false;
    }
    if (nothing && index === 0) {
      this.#waiting = 'introduction';
      return false;
    }
    this.#stopAt(index, 'chatter');
    return true;
  }

  #stop(reason: StopReason): void {
    this.#kept = [...this.#lines, this.#line].join('\n');
    this.#reason = reason;
  }

  #stopAt(lines: number, reason: StopReason): void {
    this.#kept = [...this.#lines, this.#line].slice(0, lines).join('\n');
    this.#reason = reason;
  }
}
