/**
 * The embedded engine by the commit-time protocol on local git repositories:
 *   tsx test/bench/completion.ts [--commits 300] [--cases 400] [--seed 1] [--json FILE] REPO…
 * Prints one row per repository and completer, and the macro mean. Figures count on repositories that the engine
 * was not tuned on.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import type { EmbeddedRequest } from '../../server/engines/embedded/types.ts';
import { createCorpus } from '../../server/index/corpus.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';
import { inFileCache, lastExactMatch, wordList } from './baselines.ts';
import type { Baseline } from './baselines.ts';
import { measureBlocks } from './blocks.ts';
import { editSimilarity, readRepository } from './protocol.ts';
import type { Case, Repository } from './protocol.ts';

interface Figures {
  readonly completer: string;
  /** Per cent. */
  readonly exact: number;
  readonly similarity: number;
  readonly top1: number;
  readonly mrr10: number;
  /** Exact matches among the most confident 10, 20 and 30 %; NaN where there is no confidence. */
  readonly exactAt: readonly number[];
  /** Of what would be shown unasked: how many cases, how many exact, characters saved per character left to type. */
  readonly shown: number;
  readonly shownExact: number;
  readonly saved: number;
  /** Milliseconds for one completion while typing in a known document; NaN for baselines. */
  readonly p50: number;
  readonly p95: number;
}

interface Answer {
  readonly line: string;
  readonly confidence: number;
  readonly tokens: readonly string[];
  readonly unasked: string;
  readonly milliseconds: number;
}

const breathe = async (): Promise<void> => {};
const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
const shares = [0.1, 0.2, 0.3];

function measure(name: string, cases: readonly Case[], answer: (each: Case) => Answer): Figures {
  const outcomes = cases.map(each => {
    const got = answer(each);
    const rest = each.rest.trim();
    const rank = got.tokens.indexOf(each.token);
    const unasked = got.unasked.trim();
    return {
      exact: got.line.trim() === rest,
      similarity: editSimilarity(got.line.trim(), rest),
      top1: rank === 0,
      reciprocal: rank >= 0 && rank < 10 ? 1 / (rank + 1) : 0,
      confidence: got.confidence,
      shown: unasked !== '',
      right: unasked !== '' && rest.startsWith(unasked),
      saved: unasked !== '' && rest.startsWith(unasked) ? unasked.length : 0,
      length: rest.length,
      milliseconds: got.milliseconds,
    };
  });
  const sum = (of: (each: (typeof outcomes)[number]) => number): number =>
    outcomes.reduce((total, each) => total + of(each), 0);
  const count = outcomes.length;
  const sure = [...outcomes].sort((a, b) => b.confidence - a.confidence);
  const times = outcomes.map(each => each.milliseconds).sort((a, b) => a - b);
  return {
    completer: name,
    exact: percent(
      sum(each => Number(each.exact)),
      count,
    ),
    similarity: percent(
      sum(each => each.similarity),
      count,
    ),
    top1: percent(
      sum(each => Number(each.top1)),
      count,
    ),
    mrr10: percent(
      sum(each => each.reciprocal),
      count,
    ),
    exactAt: shares.map(share => {
      const top = sure.slice(0, Math.max(1, Math.round(share * count)));
      return top.every(each => Number.isNaN(each.confidence))
        ? NaN
        : percent(top.filter(each => each.exact).length, top.length);
    }),
    shown: percent(
      sum(each => Number(each.shown)),
      count,
    ),
    shownExact: percent(
      sum(each => Number(each.right)),
      sum(each => Number(each.shown)),
    ),
    saved: percent(
      sum(each => each.saved),
      sum(each => each.length),
    ),
    p50: times[Math.floor(count / 2)] ?? NaN,
    p95: times[Math.floor(count * 0.95)] ?? NaN,
  };
}

function requestFor(each: Case, below: boolean, trigger: EmbeddedRequest['trigger']): EmbeddedRequest {
  return {
    uri: `file:///workspace/${each.path}`,
    languageId: each.languageId,
    prefix: [...each.above, each.left].join('\n'),
    suffix: below ? `\n${each.below.join('\n')}` : '',
    maxLines: 1,
    trigger,
  };
}

function askEngine(engine: EmbeddedCompleter, each: Case, below: boolean): Answer {
  const request = requestFor(each, below, 'explicit');
  // The document is known by then, as it is to an editor's second keystroke.
  const tokens = engine.rank(request, 10).map(token => token.text);
  const start = performance.now();
  const { candidates } = engine.complete(request);
  const milliseconds = performance.now() - start;
  const unasked = engine.complete({ ...request, trigger: 'automatic' }).candidates[0]?.text ?? '';
  return {
    line: candidates[0]?.text ?? '',
    confidence: candidates[0]?.confidence ?? 0,
    tokens,
    unasked,
    milliseconds,
  };
}

function askBaseline(baseline: Baseline, each: Case): Answer {
  return {
    line: baseline.line(each),
    confidence: NaN,
    tokens: baseline.tokens(each),
    unasked: '',
    milliseconds: NaN,
  };
}

async function engineOf(
  files: Repository['files'],
): Promise<{ engine: EmbeddedCompleter; lexMs: number; sortMs: number; bytes: number }> {
  const store = new TokenStore();
  const start = performance.now();
  for (const file of files) store.add(`/workspace/${file.path}`, file.text.split(/\r?\n/));
  store.seal();
  const lexed = performance.now();
  const engine = new EmbeddedCompleter(createCorpus(store));
  await engine.prepare(breathe);
  return {
    engine,
    lexMs: lexed - start,
    sortMs: performance.now() - lexed,
    bytes: store.bytes + engine.status().bytes,
  };
}

const one = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(1));

function row(figures: Figures): string {
  const { completer, exact, similarity, top1, mrr10, exactAt, shown, shownExact, saved, p50, p95 } = figures;
  const cells = [exact, similarity, top1, mrr10, ...exactAt, shown, shownExact, saved].map(one);
  const times = [p50, p95].map(value => (Number.isNaN(value) ? '-' : value.toFixed(2)));
  return completer.padEnd(24) + [...cells, ...times].map(cell => cell.padStart(7)).join('');
}

const header =
  'completer'.padEnd(24) +
  ['EM', 'ES', 'top-1', 'MRR@10', 'EM@10%', 'EM@20%', 'EM@30%', 'shown', 'right', 'saved', 'p50ms', 'p95ms']
    .map(cell => cell.padStart(7))
    .join('');

function mean(all: readonly Figures[]): Figures {
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
    shown: average(each => each.shown),
    shownExact: average(each => each.shownExact),
    saved: average(each => each.saved),
    p50: average(each => each.p50),
    p95: average(each => each.p95),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      commits: { type: 'string', default: '300' },
      cases: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new Error('name at least one local git repository');
  const all = new Map<string, Figures[]>();
  const report: unknown[] = [];
  for (const folder of positionals) {
    const repository = readRepository(
      folder,
      Number(values.commits),
      Number(values.cases),
      Number(values.seed),
    );
    const { engine, lexMs, sortMs, bytes } = await engineOf(repository.files);
    const alone = (await engineOf([])).engine;
    const { name, base, head, lines, cases } = repository;
    const perMloc = 1_000_000 / Math.max(1, lines);
    const build = {
      secondsPerMloc: ((lexMs + sortMs) / 1000) * perMloc,
      megabytesPerMloc: (bytes / 1024 / 1024) * perMloc,
    };
    console.log(
      `\n${name} ${base.slice(0, 10)}..${head.slice(0, 10)}: ${repository.files.length} files, ${lines} lines, ${cases.length} cases; ` +
        `build ${build.secondsPerMloc.toFixed(1)} s/MLOC (lexing ${lexMs.toFixed(0)} ms, sorting ${sortMs.toFixed(0)} ms), ${build.megabytesPerMloc.toFixed(1)} MB/MLOC`,
    );
    console.log(header);
    const measured = [
      measure('embedded', cases, each => askEngine(engine, each, false)),
      measure('embedded, lines below', cases, each => askEngine(engine, each, true)),
      measure('embedded, file only', cases, each => askEngine(alone, each, false)),
      ...[inFileCache(), lastExactMatch(repository), wordList(repository)].map(baseline =>
        measure(baseline.name, cases, each => askBaseline(baseline, each)),
      ),
    ];
    for (const figures of measured) {
      console.log(row(figures));
      all.set(figures.completer, [...(all.get(figures.completer) ?? []), figures]);
    }
    const blocks = measureBlocks(engine, cases, each => requestFor(each, true, 'explicit'));
    console.log(
      `blocks: in ${one(blocks.offered)} % of cases, ${one(blocks.lines)} further lines each, ${one(blocks.right)} % of them right`,
    );
    report.push({ name, base, head, lines, cases: cases.length, ...build, blocks, measured });
  }
  const means = [...all.values()].map(mean);
  console.log(`\nmacro mean over ${positionals.length} repositories\n${header}`);
  for (const figures of means) console.log(row(figures));
  if (values.json !== undefined)
    writeFileSync(values.json, JSON.stringify({ repositories: report, means }, undefined, 2));
}

await main();
