/**
 * Reads the marked text out of a chat model's answer while it streams, so that it can be shown and stopped early.
 * What begins with a fence, or never shows the mark, is read when it is whole. Linear. It must not know events.
 */
import { halfOf, type MiddleMarks, readMiddle } from '../../prompts/fillInMiddle.ts';

const fence = '```';

export class MiddleReader {
  readonly #marks: MiddleMarks;
  readonly #prefix: string;
  readonly #suffix: string;
  /** The beginning of the cursor's line, which a model likes to write once more. */
  readonly #started: string;
  #state: 'before' | 'start' | 'inside' | 'whole' | 'over' = 'before';
  /** Pieces of the whole answer, for the cases that are read at the end. */
  readonly #answer: string[] = [];
  #held = '';

  constructor(prefix: string, suffix: string, marks: MiddleMarks) {
    this.#prefix = prefix;
    this.#suffix = suffix;
    this.#marks = marks;
    this.#started = prefix.slice(prefix.lastIndexOf('\n') + 1).trimStart();
  }

  /** The closing mark has come. */
  get over(): boolean {
    return this.#state === 'over';
  }

  /** The text that may go on. */
  push(piece: string): string {
    if (this.#state === 'over') return '';
    this.#answer.push(piece);
    if (this.#state === 'whole') return this.#takeWhole(piece);
    this.#held += piece;
    if (this.#state === 'before') {
      const { text: open } = this.#marks.open;
      const at = this.#held.indexOf(open);
      if (at < 0) {
        this.#held = this.#held.slice(-(open.length - 1));
        return '';
      }
      this.#state = 'start';
      this.#held = this.#held.slice(at + open.length);
    }
    if (this.#state === 'start' && !this.#begin()) return '';
    return this.#state === 'inside' ? this.#release() : '';
  }

  /** What was held back, at the end of the answer. */
  end(): string {
    if (this.#state === 'over') return '';
    if (this.#state === 'inside')
      return this.#held.slice(0, this.#held.length - halfOf(this.#marks.close.text, this.#held));
    return readMiddle(this.#answer.join(''), this.#prefix, this.#suffix, this.#marks);
  }

  /** Whether enough has come to tell how the text begins. */
  #begin(): boolean {
    const lead = this.#held.trimStart();
    const { text: close } = this.#marks.close;
    if (lead === '' || lead === close.slice(0, lead.length)) {
      if (!this.#held.includes(close)) return false;
      this.#state = 'over';
      return false;
    }
    if (lead.startsWith(fence)) {
      this.#state = 'whole';
      return true;
    }
    if (fence.startsWith(lead)) return false;
    const started = this.#started;
    if (started.length >= 3 && lead.startsWith(started)) this.#held = lead.slice(started.length);
    else if (started.length >= 3 && started.startsWith(lead)) return false;
    this.#state = 'inside';
    return true;
  }

  #release(): string {
    const { close, cursor } = this.#marks;
    const end = this.#held.indexOf(close.text);
    if (end >= 0) this.#state = 'over';
    const keep = end >= 0 ? 0 : Math.max(halfOf(close.text, this.#held), halfOf(cursor.text, this.#held));
    const free = end >= 0 ? this.#held.slice(0, end) : this.#held.slice(0, this.#held.length - keep);
    this.#held = end >= 0 ? '' : this.#held.slice(this.#held.length - keep);
    return free.replaceAll(cursor.text, '');
  }

  #takeWhole(piece: string): string {
    const { text: close } = this.#marks.close;
    this.#held = (this.#held + piece).slice(-(close.length + piece.length));
    if (!this.#held.includes(close)) return '';
    this.#state = 'over';
    return readMiddle(this.#answer.join(''), this.#prefix, this.#suffix, this.#marks);
  }
}
