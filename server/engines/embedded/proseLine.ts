/**
 * Inside a comment or documentation: what comes next by the words of the file's other comments. It must not know code
 * tokens, the workspace or the network.
 */
import { isNewline, specialToken } from '../../base/tokens.ts';
import { Evidence, source } from './evidence.ts';
import { Occurrences } from './occurrences.ts';
import type { EmbeddedCandidate, RankedToken } from './types.ts';

/** Lines of comments around the cursor that are read. */
const linesRead = 400;
/** Words after which what stands above counts half. */
const halfDistance = 1500;
/** Words that must agree before a line is begun, and as it goes on. */
const leastAgreeing = { first: 3, later: 2 };
const longestLine = 24;
/** How sure a line must be to be offered, asked and unasked. */
const bar = { explicit: 0.25, automatic: 0.5 };
/** Occurrences of a sentence's beginning at which its going on the same is trusted by half. */
const doubt = 0.7;
const contextLength = 8;
/** Frequent words that are ranked whatever stood before. */
const frequent = 10;
/** Ids below are special tokens. */
const firstId = 16;
const word = /[\p{L}_$][\p{L}\p{N}_$]*|\p{N}+|\S/gu;

export class ProseLine {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #counts: number[] = [];
  readonly #before: number[];
  readonly #occurrences: Occurrences;
  readonly #left: string;
  readonly #total: number;
  readonly #evidence = new Evidence();

  /** `above` and `below` are the file's lines of comment, `left` the line up to the cursor. */
  constructor(above: readonly string[], below: readonly string[], left: string) {
    const stream: number[] = [];
    for (const line of below.slice(0, linesRead)) this.#read(line, stream);
    stream.push(specialToken.file << 1);
    for (const line of above.slice(-linesRead)) this.#read(line, stream);
    this.#total = stream.length;
    this.#occurrences = new Occurrences(Int32Array.from(stream), halfDistance);
    const here: number[] = [];
    this.#read(left, here);
    this.#before = [...stream.slice(-contextLength), ...here].map(token => token >>> 1);
    this.#left = left;
  }

  #read(line: string, into: number[]): void {
    into.push(specialToken.newlineSame << 1);
    for (const match of line.matchAll(word)) {
      const [text] = match;
      let id = this.#ids.get(text);
      if (id === undefined) {
        id = firstId + this.#texts.length;
        this.#ids.set(text, id);
        this.#texts.push(text);
        this.#counts.push(0);
      }
      this.#counts[id - firstId] = (this.#counts[id - firstId] as number) + 1;
      into.push((id << 1) | Number(/\s/.test(line[match.index - 1] ?? '')));
    }
  }

  /** The likeliest next words, the end of the line as `\n`. */
  ranked(): RankedToken[] {
    const common = [...this.#counts.keys()].sort(
      (a, b) => (this.#counts[b] as number) - (this.#counts[a] as number),
    );
    const found = this.#next(
      this.#before,
      common.slice(0, frequent).map(at => at + firstId),
    );
    return found.map(({ id, probability }) => ({ text: this.#textOf(id), probability }));
  }

  /** The rest of the line as another comment has it; undefined if none is likely enough. */
  line(automatic: boolean): EmbeddedCandidate | undefined {
    const ids = [...this.#before];
    let text = '';
    let confidence = 1;
    const least = automatic ? bar.automatic : bar.explicit;
    for (let count = 0; count < longestLine; count++) {
      const [best] = this.#next(ids, []);
      const agreeing = this.#evidence.deepest[source.file] as number;
      if (!best || agreeing < (count === 0 ? leastAgreeing.first : leastAgreeing.later)) return undefined;
      if (count === 0) {
        // Said once is said by chance: repeated sentences deserve more trust.
        const said = this.#evidence.total[source.file] as number;
        confidence = said / (said + doubt);
      }
      confidence *= best.probability;
      if (confidence < least) return undefined;
      if (isNewline(best.id)) return text.trim() ? { text, confidence } : undefined;
      const gap = best.spaced && (text || !/\s$/.test(this.#left)) ? ' ' : '';
      text += gap + this.#textOf(best.id);
      ids.push(best.id);
    }
    return undefined;
  }

  #next(
    ids: readonly number[],
    extra: readonly number[],
  ): { id: number; probability: number; spaced: boolean }[] {
    const evidence = this.#evidence;
    evidence.clear();
    const context = ids.slice(-contextLength);
    this.#occurrences.collect(context, context.length, evidence, source.file);
    for (const id of extra) evidence.slot(id);
    evidence.blend(id => ((this.#counts[id - firstId] ?? 0) + 0.1) / (this.#total + 1));
    const shares = evidence.probability[source.file] as Float32Array;
    return Array.from({ length: evidence.size }, (_, slot) => ({
      id: evidence.ids[slot] as number,
      probability: shares[slot] as number,
      spaced: evidence.spacing(slot) ?? true,
    })).sort((a, b) => b.probability - a.probability);
  }

  #textOf(id: number): string {
    return isNewline(id) ? '\n' : (this.#texts[id - firstId] ?? '');
  }
}
