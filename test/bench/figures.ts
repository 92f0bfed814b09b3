/**
 * The figures of the completion protocol, from answers to percentages, and how they are averaged. It must not know
 * the engine, git or how cases are drawn.
 */
import { editSimilarity, tokenPattern } from './protocol.ts';
import type { Case } from './protocol.ts';

/** What a completer said to one case. */
export interface Answer {
  /** The rest of the line, '' for none, and its confidence 0…1, NaN where there is none. */
  readonly line: string;
  readonly confidence: number;
  /** Next tokens by the protocol's rule, best first. */
  readonly tokens: readonly string[];
  /** What would be shown unasked, '' for nothing, and its confidence. */
  readonly unasked: string;
  readonly unaskedConfidence: number;
  readonly milliseconds: number;
}

export interface Figures {
  readonly completer: string;
  /** Per cent. */
  readonly exact: number;
  readonly similarity: number;
  readonly top1: number;
  readonly mrr10: number;
  /** Exact matches among the most confident 10, 20 and 30 %; NaN where there is no confidence. */
  readonly exactAt: readonly number[];
  /** With the most confident 30 % of lines shown: characters saved per character to type, and how many were wrong. */
  readonly savedAt30: number;
  readonly wrongAt30: number;
  /** Of what would be shown unasked: how many cases, how many right, characters saved per character to type. */
  readonly shown: number;
  readonly shownRight: number;
  readonly saved: number;
  /** Milliseconds for one completion while typing in a known document; NaN for baselines. */
  readonly p50: number;
  readonly p95: number;
  readonly reliability: readonly Bin[];
}

/** Suggestions whose confidence lies in one fifth of 0…1: how many, their mean confidence, how many were right. */
export interface Bin {
  readonly count: number;
  readonly predicted: number;
  readonly right: number;
}

const shares = [0.1, 0.2, 0.3];
const fixedRate = 0.3;
const bins = 5;

/**
 * Tokens of a completer as tokens of the protocol: the first one that each begins with, probabilities of equal ones
 * added up, best first.
 */
export function asProtocolTokens(
  ranked: readonly { readonly text: string; readonly probability: number }[],
): string[] {
  const sums = new Map<string, number>();
  for (const { text, probability } of ranked) {
    const token = text.match(tokenPattern)?.[0] ?? text;
    sums.set(token, (sums.get(token) ?? 0) + probability);
  }
  return [...sums].sort((a, b) => b[1] - a[1]).map(([token]) => token);
}

export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? NaN;
}

/** Asks a completer at every case. */
export function measure(name: string, cases: readonly Case[], answer: (each: Case) => Answer): Figures {
  const outcomes = cases.map(each => {
    const got = answer(each);
    const rest = each.rest.trim();
    const line = got.line.trim();
    const rank = got.tokens.indexOf(each.token);
    const unasked = got.unasked.trim();
    const right = unasked !== '' && rest.startsWith(unasked);
    return {
      exact: line === rest,
      offered: line !== '',
      similarity: editSimilarity(line, rest),
      reciprocal: rank >= 0 && rank < 10 ? 1 / (rank + 1) : 0,
      top1: rank === 0,
      confidence: got.confidence,
      shown: unasked !== '',
      unaskedConfidence: got.unaskedConfidence,
      right,
      saved: right ? unasked.length : 0,
      length: rest.length,
      milliseconds: got.milliseconds,
    };
  });
  type Outcome = (typeof outcomes)[number];
  const count = outcomes.length;
  const share = (of: (each: Outcome) => number | boolean): number =>
    percent(
      outcomes.reduce((sum, each) => sum + Number(of(each)), 0),
      count,
    );
  const sum = (list: readonly Outcome[], of: (each: Outcome) => number): number =>
    list.reduce((total, each) => total + of(each), 0);
  const confident = outcomes.some(each => !Number.isNaN(each.confidence));
  const sure = [...outcomes].sort((a, b) => b.confidence - a.confidence);
  const top = (part: number): Outcome[] => sure.slice(0, Math.max(1, Math.round(part * count)));
  const fixed = top(fixedRate).filter(each => each.offered);
  const shown = outcomes.filter(each => each.shown);
  const letters = sum(outcomes, each => each.length);
  const times = outcomes.map(each => each.milliseconds);
  return {
    completer: name,
    exact: share(each => each.exact),
    similarity: share(each => each.similarity),
    top1: share(each => each.top1),
    mrr10: share(each => each.reciprocal),
    exactAt: shares.map(part =>
      confident ? percent(top(part).filter(each => each.exact).length, top(part).length) : NaN,
    ),
    savedAt30: confident
      ? percent(
          sum(fixed, each => (each.exact ? each.length : 0)),
          letters,
        )
      : NaN,
    wrongAt30: confident ? percent(fixed.filter(each => !each.exact).length, fixed.length) : NaN,
    shown: share(each => each.shown),
    shownRight: percent(shown.filter(each => each.right).length, shown.length),
    saved: percent(
      sum(outcomes, each => each.saved),
      letters,
    ),
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    reliability: reliability(shown.map(each => [each.unaskedConfidence, each.right])),
  };
}

function reliability(said: readonly (readonly [confidence: number, right: boolean])[]): Bin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const inside = said.filter(([confidence]) => Math.min(bins - 1, Math.floor(confidence * bins)) === bin);
    return {
      count: inside.length,
      predicted: percent(
        inside.reduce((sum, [confidence]) => sum + confidence, 0),
        inside.length,
      ),
      right: percent(inside.filter(([, right]) => right).length, inside.length),
    };
  });
}

/** The macro mean: every repository counts the same; the bins of the reliability are pooled. */
export function mean(all: readonly Figures[]): Figures {
  const first = all[0];
  if (!first) throw new Error('nothing was measured');
  const average = (of: (each: Figures) => number): number =>
    all.reduce((sum, each) => sum + of(each), 0) / all.length;
  return {
    completer: first.completer,
    exact: average(each => each.exact),
    similarity: average(each => each.similarity),
    top1: average(each => each.top1),
    mrr10: average(each => each.mrr10),
    exactAt: shares.map((_, i) => average(each => each.exactAt[i] ?? NaN)),
    savedAt30: average(each => each.savedAt30),
    wrongAt30: average(each => each.wrongAt30),
    shown: average(each => each.shown),
    shownRight: average(each => each.shownRight),
    saved: average(each => each.saved),
    p50: average(each => each.p50),
    p95: average(each => each.p95),
    reliability: first.reliability.map((_, i) => {
      const same = all.map(each => each.reliability[i] as Bin);
      const count = same.reduce((sum, bin) => sum + bin.count, 0);
      const weighted = (of: (bin: Bin) => number): number =>
        count === 0 ? 0 : same.reduce((sum, bin) => sum + of(bin) * bin.count, 0) / count;
      return { count, predicted: weighted(bin => bin.predicted), right: weighted(bin => bin.right) };
    }),
  };
}

const one = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(1));
const titles = 'EM ES top-1 MRR@10 EM@10% EM@20% EM@30% save@30 wrong@30 shown right saved p50ms p95ms'.split(
  ' ',
);
const widest = 9;

export const header =
  'completer'.padEnd(24) +
  titles.map(title => title.padStart(Math.min(widest, Math.max(6, title.length + 2)))).join('');

/** One line of the table under `header`. */
export function row(figures: Figures): string {
  const { completer, exact, similarity, top1, mrr10, exactAt, savedAt30, wrongAt30 } = figures;
  const { shown, shownRight, saved, p50, p95 } = figures;
  const values = [exact, similarity, top1, mrr10, ...exactAt, savedAt30, wrongAt30, shown, shownRight, saved];
  const cells = [
    ...values.map(one),
    ...[p50, p95].map(value => (Number.isNaN(value) ? '-' : value.toFixed(2))),
  ];
  return (
    completer.padEnd(24) +
    cells
      .map((cell, i) => cell.padStart(Math.min(widest, Math.max(6, (titles[i] ?? '').length + 2))))
      .join('')
  );
}

/** What confidence says against what came true, in words. */
export function reliabilityTable(figures: Figures): string {
  const lines = figures.reliability.map(
    ({ count, predicted, right }, i) =>
      `  ${(i / bins).toFixed(1)}–${((i + 1) / bins).toFixed(1)}  ${String(count).padStart(6)} shown  ` +
      `predicted ${one(predicted).padStart(5)} %  right ${one(right).padStart(5)} %`,
  );
  return ['confidence of what is shown unasked, against what came true:', ...lines].join('\n');
}
