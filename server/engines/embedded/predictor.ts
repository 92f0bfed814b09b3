/**
 * The distribution of the next token at a place of an open file: gathers evidence, prunes, lets the network judge.
 * It must not know lines, text or how predictions are strung together.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Language } from '../../base/languages.ts';
import type { Corpus } from './corpus.ts';
import { Evidence } from './evidence.ts';
import { candidateFeatures, describeCandidate, describePlace, placeFeatures } from './features.ts';
import type { Place, Setting } from './features.ts';
import type { FileSource } from './fileSource.ts';
import type { Network } from './network.ts';
import type { WorkspaceSource } from './workspaceSource.ts';

/** One possible next token. */
export interface Prediction {
  readonly id: number;
  readonly probability: number;
  /** Whether white space belongs before it; undefined: nothing is known. */
  readonly spaced: boolean | undefined;
}

/** What the network is shown of one place. Valid until the next call on the same predictor. */
export interface Sight {
  /** Ids of the candidates, those with the most evidence first. */
  readonly ids: readonly number[];
  /** The place's numbers, and those of each candidate one after the other (see features.ts). */
  readonly place: Float32Array;
  readonly candidates: Float32Array;
}

/** Candidates that the network judges unless told otherwise. */
const judged = 24;
const openers = ['(', '[', '{', '${', '#[', '$('];
const closersOf = [')', ']', '}', '}', ']', ')'];

/** Tokens before a place that its evidence is looked up by. */
const contextLength = 10;
/** How far back an open bracket is looked for, in tokens. */
const lookBack = 400;

/** What is asked about one open file; made once a request. */
export class Predictor {
  readonly #words: Corpus['words'];
  readonly #workspace: WorkspaceSource;
  readonly #network: Network;
  readonly #file: FileSource;
  readonly #setting: Setting;
  readonly #pairs: ReadonlyMap<number, number>;
  readonly #evidence = new Evidence();
  readonly #recent: readonly number[];
  readonly #known: number;
  readonly #place = new Float32Array(placeFeatures);
  readonly #most: number;
  readonly #numbers: Float32Array;
  readonly #scores: Float32Array;
  /** What the candidates are picked by, best first. */
  readonly #rough: Float64Array;
  #slots: readonly number[] = [];
  /** The probability that the last `next` gave to none of its candidates. */
  escape = 1;

  /** `right` is the first token right of the cursor or -1; `most` how many candidates are judged. */
  constructor(
    corpus: Corpus,
    workspace: WorkspaceSource,
    network: Network,
    file: FileSource,
    language: Language,
    right: number,
    most = judged,
  ) {
    this.#most = most;
    this.#numbers = new Float32Array(most * candidateFeatures);
    this.#scores = new Float32Array(most);
    this.#rough = new Float64Array(most);
    this.#words = corpus.words;
    this.#workspace = workspace;
    this.#network = network;
    this.#file = file;
    const operator = (text: string): number => this.#words.intern(text, tokenKind.operator);
    this.#pairs = new Map(openers.map((text, i) => [operator(text), operator(closersOf[i] ?? '')]));
    const keywords = language.keywords.map(word => this.#words.intern(word, tokenKind.word));
    this.#setting = {
      words: this.#words,
      file,
      keywords: new Set(keywords),
      closers: new Set(this.#pairs.values()),
      workspaceTokens: workspace.tokens,
      indentBlocks: language.indentBlocks,
      right,
    };
    this.#recent = [...new Set([...file.recentWords(this.#words, 24), ...keywords.slice(0, 12)])];
    this.#known = workspace.tokens + file.size + 1000;
  }

  /** The place after `ids`, of which the last `column` stand on the current line. */
  placeAfter(ids: readonly number[], column: number): Place {
    const awaited: number[] = [];
    let openedHere = 0;
    let inString = false;
    const length = ids.length;
    for (let i = Math.max(0, length - lookBack); i < length; i++) {
      const id = ids[i] as number;
      const onLine = i >= length - column;
      const closer = this.#pairs.get(id);
      if (!onLine) openedHere = 0;
      if (closer !== undefined) {
        awaited.push(closer);
        if (onLine) openedHere++;
      } else if (awaited[awaited.length - 1] === id) {
        awaited.pop();
        if (onLine && openedHere > 0) openedHere--;
      }
      inString = this.#inString(inString, id);
    }
    return { ids: remembered(ids, column), column, awaited, openedHere, inString };
  }

  /** The place one token on. */
  extend(place: Place, id: number): Place {
    let { awaited, openedHere } = place;
    const onLine = !isNewline(id);
    const closer = this.#pairs.get(id);
    if (closer !== undefined) {
      awaited = [...awaited, closer];
      openedHere++;
    } else if (awaited.length > 0 && awaited[awaited.length - 1] === id) {
      awaited = awaited.slice(0, -1);
      if (openedHere > 0) openedHere--;
    }
    const column = onLine ? place.column + 1 : 0;
    if (!onLine) openedHere = 0;
    const ids = [...remembered(place.ids, place.column), id];
    return { ids, column, awaited, openedHere, inString: this.#inString(place.inString, id) };
  }

  #inString(before: boolean, id: number): boolean {
    const kind = this.#words.kindOf(id);
    return kind === tokenKind.open || (before && kind !== tokenKind.close && kind !== tokenKind.newline);
  }

  /**
   * The likeliest next tokens, best first. `only` restricts candidates; `extra` adds some without evidence. Ends of
   * the line are told all, others only from the probability `least` on.
   */
  next(place: Place, only?: (id: number) => boolean, extra: readonly number[] = [], least = 0): Prediction[] {
    const { ids } = this.look(place, only, extra);
    this.escape = this.#network.judge(this.#place, this.#numbers, ids.length, this.#scores);
    const { weight, spaced } = this.#evidence;
    const likely: Prediction[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      const probability = this.#scores[i] as number;
      if (probability < least && !isNewline(id) && id !== this.#setting.right) continue;
      const slot = this.#slots[i] as number;
      const known = weight[slot] as number;
      likely.push({ id, probability, spaced: known > 0 ? (spaced[slot] as number) * 2 > known : undefined });
    }
    return likely.sort((a, b) => b.probability - a.probability);
  }

  /** What the network judges at a place, for `next` and for training. Parameters as for `next`. */
  look(place: Place, only?: (id: number) => boolean, extra: readonly number[] = []): Sight {
    const evidence = this.#gather(place, extra);
    const slots = this.#prune(evidence, only);
    describePlace(place, evidence, this.#setting, this.#place);
    for (const [i, slot] of slots.entries()) {
      describeCandidate(slot, place, evidence, this.#setting, this.#numbers, i * candidateFeatures);
    }
    this.#slots = slots;
    const ids = slots.map(slot => evidence.ids[slot] as number);
    return { ids, place: this.#place, candidates: this.#numbers };
  }

  #gather(place: Place, extra: readonly number[]): Evidence {
    const { ids } = place;
    const evidence = this.#evidence;
    evidence.clear();
    const length = ids.length;
    const context = ids.slice(Math.max(0, length - contextLength));
    this.#file.collect(context, context.length, evidence);
    this.#workspace.collect(context, context.length, evidence);
    const last = context[context.length - 1];
    if (last !== undefined && context.length > 1) {
      this.#file.collectSkipping(context, context.length - 1, last, this.#words, evidence);
      this.#workspace.collectSkipping(context, context.length - 1, last, evidence);
    }
    for (const id of this.#recent) evidence.slot(id);
    for (const id of extra) evidence.slot(id);
    const awaited = place.awaited[place.awaited.length - 1];
    if (awaited !== undefined) evidence.slot(awaited);
    evidence.slot(specialToken.newlineSame);
    evidence.blend(id => (this.#words.countOf(id) + 4 * this.#file.countOf(id) + 0.1) / this.#known);
    return evidence;
  }

  /** Slots of the candidates with the most evidence, best first. */
  #prune(evidence: Evidence, only?: (id: number) => boolean): readonly number[] {
    const [workspace, file, skip] = evidence.probability as [Float32Array, Float32Array, Float32Array];
    const most = this.#most;
    const rough = this.#rough;
    const slots: number[] = [];
    for (let slot = 0; slot < evidence.size; slot++) {
      const id = evidence.ids[slot] as number;
      if (id <= specialToken.unknown || (only && !only(id))) continue;
      const value = (workspace[slot] as number) + (file[slot] as number) + 0.3 * (skip[slot] as number);
      if (slots.length === most && value <= (rough[most - 1] as number)) continue;
      let at = slots.length === most ? most - 1 : slots.length;
      for (; at > 0 && (rough[at - 1] as number) < value; at--) {
        rough[at] = rough[at - 1] as number;
        slots[at] = slots[at - 1] as number;
      }
      rough[at] = value;
      slots[at] = slot;
    }
    return slots;
  }
}

/** The ids that still matter at a place: its line, and what a context is compared with. */
function remembered(ids: readonly number[], column: number): readonly number[] {
  const count = Math.max(column, contextLength) + 1;
  return ids.length > count ? ids.slice(-count) : ids;
}
