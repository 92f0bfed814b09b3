/**
 * The distribution of the next token at a place of an open file: gathers evidence, prunes, lets the network judge.
 * It must not know lines, text or how predictions are strung together.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import type { Language } from '../../base/languages.ts';
import { OtherCalls } from './calls.ts';
import type { Corpus } from './corpus.ts';
import { Evidence, source, sources } from './evidence.ts';
import { candidateFeatures, describeCandidate, describePlace, kinOf, placeFeatures } from './features.ts';
import type { Heads, Open, Place, Setting } from './features.ts';
import type { FileSource } from './fileSource.ts';
import { Names } from './names.ts';
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
/** Of those, the fewest, whatever their evidence. */
const fewest = 8;
/** What of a probability that matters a candidate must have in evidence, against the best, to be judged. */
const roughShare = 0.3;
/** What each source counts when the candidates are picked. */
const roughWeights = [1, 1, 0.3, 0.7, 0.4, 0.4, 0.4, 0.4];
const noHeads: Heads = {
  first: -1,
  next: -1,
  before: -1,
  beforeNext: -1,
  above: -1,
  newline: -1,
  beforeNewline: -1,
};
const openers = ['(', '[', '{', '${', '#[', '$('];
const closersOf = [')', ']', '}', '}', ']', ')'];

/** Tokens before a place that its evidence is looked up by. */
const contextLength = 13;
/** How far back an open bracket is looked for, in tokens. */
const lookBack = 400;

/** What is asked about one open file; made once a request. */
export class Predictor {
  readonly #names: Names;
  readonly #words: Vocabulary;
  readonly #workspace: WorkspaceSource;
  readonly #network: Network;
  readonly #file: FileSource;
  readonly #setting: Setting;
  readonly #pairs: ReadonlyMap<number, number>;
  readonly #evidence: Evidence;
  readonly #recent: readonly number[];
  readonly #stems: readonly number[];
  readonly #known: number;
  readonly #comma: number;
  readonly #calls = new Map<string, OtherCalls>();
  readonly #place = new Float32Array(placeFeatures);
  readonly #most: number;
  readonly #numbers: Float32Array;
  readonly #scores: Float32Array;
  /** What the candidates are picked by, best first. */
  readonly #rough: Float64Array;
  #slots: readonly number[] = [];
  /** The probability that the last `next` gave to none of its candidates. */
  escape = 1;

  /** `right` is the first token right of the cursor or -1; `most` how many candidates are judged. `evidence` may have served another. */
  constructor(
    corpus: Corpus,
    workspace: WorkspaceSource,
    network: Network,
    file: FileSource,
    language: Language,
    right: number,
    {
      most = judged,
      evidence = new Evidence(),
      names = new Names(corpus.words),
      path = '',
    }: {
      readonly most?: number;
      readonly evidence?: Evidence;
      readonly names?: Names;
      readonly path?: string;
    } = {},
  ) {
    this.#evidence = evidence;
    this.#most = most;
    this.#numbers = new Float32Array(most * candidateFeatures);
    this.#scores = new Float32Array(most);
    this.#rough = new Float64Array(most);
    names.tidy();
    this.#names = names;
    this.#words = names.coinage;
    this.#workspace = workspace;
    this.#network = network;
    this.#file = file;
    this.#stems = names.coinage.namesOf(path);
    const operator = (text: string): number => this.#words.intern(text, tokenKind.operator);
    this.#comma = operator(',');
    this.#pairs = new Map(openers.map((text, i) => [operator(text), operator(closersOf[i] ?? '')]));
    const keywords = language.keywords.map(word => this.#words.intern(word, tokenKind.word));
    this.#setting = {
      words: this.#words,
      names,
      stems: new Set(this.#stems),
      file,
      keywords: new Set(keywords),
      comma: this.#comma,
      closers: new Set(this.#pairs.values()),
      workspaceTokens: workspace.tokens,
      indentBlocks: language.indentBlocks,
      right,
    };
    this.#recent = [...new Set([...file.recentWords(this.#words, 40), ...keywords.slice(0, 12)])];
    this.#known = workspace.tokens + file.size + 1000;
  }

  /** The place after `ids`, of which the last `column` stand on the current line. */
  placeAfter(ids: readonly number[], column: number): Place {
    const opens: Open[] = [];
    let heads = noHeads;
    let openedHere = 0;
    let inString = false;
    const length = ids.length;
    let previous = -1;
    let at = 0;
    for (let i = Math.max(0, length - lookBack); i < length; i++) {
      const id = ids[i] as number;
      const onLine = i >= length - column;
      if (!onLine) openedHere = 0;
      const change = this.#changeBrackets(opens, previous, id);
      if (onLine) openedHere = Math.max(0, openedHere + change);
      if (at < 2 || isNewline(id)) heads = headsAfter(heads, id, at);
      at = isNewline(id) ? 0 : at + 1;
      inString = this.#inString(inString, id);
      previous = id;
    }
    return { ids: remembered(ids, column), column, opens, heads, openedHere, inString };
  }

  /** The place one token on. */
  extend(place: Place, id: number): Place {
    const onLine = !isNewline(id);
    const previous = place.ids[place.ids.length - 1] ?? -1;
    const opens = [...place.opens];
    const change = this.#changeBrackets(opens, previous, id);
    return {
      ids: [...remembered(place.ids, place.column), id],
      column: onLine ? place.column + 1 : 0,
      opens,
      heads: place.column < 2 || !onLine ? headsAfter(place.heads, id, place.column) : place.heads,
      openedHere: onLine ? Math.max(0, place.openedHere + change) : 0,
      inString: this.#inString(place.inString, id),
    };
  }

  /** Enters `id` into the open brackets; returns by how many they have become more. */
  #changeBrackets(opens: Open[], previous: number, id: number): number {
    const top = opens[opens.length - 1];
    const closer = this.#pairs.get(id);
    if (closer !== undefined) {
      const callee = this.#words.kindOf(previous) === tokenKind.word ? previous : -1;
      opens.push({ opener: id, closer, callee, commas: 0 });
      return 1;
    }
    if (top?.closer === id) {
      opens.pop();
      return -1;
    }
    if (top && id === this.#comma) opens[opens.length - 1] = { ...top, commas: top.commas + 1 };
    return 0;
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
    const { ids } = this.look(place, only, extra, least * roughShare);
    this.escape = this.#network.judge(this.#place, this.#numbers, ids.length, this.#scores);
    const likely: Prediction[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      const probability = this.#scores[i] as number;
      if (probability < least && !isNewline(id) && id !== this.#setting.right) continue;
      const slot = this.#slots[i] as number;
      likely.push({ id, probability, spaced: this.#evidence.spacing(slot) });
    }
    return likely.sort((a, b) => b.probability - a.probability);
  }

  /**
   * What the network judges at a place, for `next` and for training. Parameters as for `next`, but for `share`: what
   * candidates must have of the evidence of the best one.
   */
  look(place: Place, only?: (id: number) => boolean, extra: readonly number[] = [], share = 0): Sight {
    const evidence = this.#gather(place, extra);
    const slots = this.#prune(evidence, share, only);
    describePlace(place, evidence, this.#setting, this.#place);
    const kin = kinOf(place, this.#setting);
    for (const [i, slot] of slots.entries()) {
      describeCandidate(slot, place, evidence, this.#setting, kin, this.#numbers, i * candidateFeatures);
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
    const file = this.#file.occurrences;
    const { neighbours } = this.#workspace;
    file.collect(context, context.length, evidence, source.file, this.#names);
    neighbours.all.collect(context, context.length, evidence, source.near, this.#names);
    this.#workspace.collect(context, context.length, evidence);
    const last = context[context.length - 1];
    if (last !== undefined && context.length > 1) {
      file.collectSkipping(context, context.length - 1, last, this.#words, evidence);
      neighbours.all.collectSkipping(context, context.length - 1, last, this.#words, evidence);
      this.#workspace.collectSkipping(context, context.length - 1, last, evidence);
    }
    for (const id of this.#recent) evidence.slot(id);
    for (const id of extra) evidence.slot(id);
    for (const id of this.#stems) evidence.slot(id);
    const open = place.opens[place.opens.length - 1];
    if (open) evidence.slot(open.closer);
    if (place.column === 0 && last !== undefined) {
      this.#file.collectHeads(place.heads, last, evidence);
      const { above, beforeNewline, before, newline } = place.heads;
      neighbours.heads.collect([above, beforeNewline, before, newline], 4, evidence, source.structure);
    } else if (open && open.callee >= 0) {
      this.#otherCalls(open).tell(evidence, last === this.#comma || last === open.opener);
    }
    evidence.slot(specialToken.newlineSame);
    evidence.blend(id => (this.#words.countOf(id) + 4 * this.#file.countOf(id) + 0.1) / this.#known);
    return evidence;
  }

  /** What other calls say about an open one; searched once a request for each of its arguments. */
  #otherCalls(open: Open): OtherCalls {
    const key = `${open.callee} ${open.opener} ${open.commas}`;
    let calls = this.#calls.get(key);
    if (!calls) {
      calls = new OtherCalls(open, this.#comma);
      this.#file.occurrences.collectCalls(calls);
      this.#workspace.neighbours.all.collectCalls(calls);
      this.#workspace.collectCalls(calls);
      this.#calls.set(key, calls);
    }
    return calls;
  }

  /** Slots of the candidates with the most evidence, best first. */
  #prune(evidence: Evidence, share: number, only?: (id: number) => boolean): readonly number[] {
    const shares = evidence.probability;
    const most = this.#most;
    const rough = this.#rough;
    const slots: number[] = [];
    for (let slot = 0; slot < evidence.size; slot++) {
      const id = evidence.ids[slot] as number;
      if (id <= specialToken.unknown || (only && !only(id))) continue;
      let value = 0;
      for (let from = 0; from < sources; from++) {
        value += (roughWeights[from] as number) * ((shares[from] as Float32Array)[slot] as number);
      }
      if (slots.length === most && value <= (rough[most - 1] as number)) continue;
      let at = slots.length === most ? most - 1 : slots.length;
      for (; at > 0 && (rough[at - 1] as number) < value; at--) {
        rough[at] = rough[at - 1] as number;
        slots[at] = slots[at - 1] as number;
      }
      rough[at] = value;
      slots[at] = slot;
    }
    const least = share * (rough[0] as number);
    let kept = slots.length;
    while (kept > fewest && (rough[kept - 1] as number) < least) kept--;
    slots.length = kept;
    return slots;
  }
}

/** The heads after one more token, of which `column` stand before it on its line. */
function headsAfter(heads: Heads, id: number, column: number): Heads {
  if (isNewline(id)) {
    return {
      first: -1,
      next: -1,
      before: heads.first,
      beforeNext: heads.next,
      above: heads.before,
      newline: id,
      beforeNewline: heads.newline,
    };
  }
  return column === 0 ? { ...heads, first: id } : { ...heads, next: id };
}

/** The ids that still matter at a place: its line, and what a context is compared with. */
function remembered(ids: readonly number[], column: number): readonly number[] {
  const count = Math.max(column, contextLength) + 1;
  return ids.length > count ? ids.slice(-count) : ids;
}
