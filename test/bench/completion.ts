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
import { asProtocolTokens, header, mean, measure, reliabilityTable, row } from './figures.ts';
import type { Answer, Figures } from './figures.ts';
import { readRepository } from './protocol.ts';
import type { Case, Repository } from './protocol.ts';

const breathe = async (): Promise<void> => {};
/** Tokens ranked by the engine before they are taken for tokens of the protocol. */
const ranked = 40;

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
  const tokens = asProtocolTokens(engine.rank(request, ranked));
  const start = performance.now();
  const { candidates } = engine.complete(request);
  const milliseconds = performance.now() - start;
  const unasked = engine.complete({ ...request, trigger: 'automatic' }).candidates[0];
  return {
    line: candidates[0]?.text ?? '',
    confidence: candidates[0]?.confidence ?? 0,
    tokens,
    unasked: unasked?.text ?? '',
    unaskedConfidence: unasked?.confidence ?? NaN,
    milliseconds,
  };
}

function askBaseline(baseline: Baseline, each: Case): Answer {
  return {
    line: baseline.line(each),
    confidence: NaN,
    tokens: baseline.tokens(each),
    unasked: '',
    unaskedConfidence: NaN,
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

/** How much better the first is than another completer, as factors. */
function ratio(means: readonly Figures[], name: string): string {
  const [ours] = means;
  const other = means.find(each => each.completer === name);
  if (!ours || !other) return '';
  const factor = (a: number, b: number): string => `${(a / b).toFixed(2)}×`;
  return `against ${name}: EM ${factor(ours.exact, other.exact)}, ES ${factor(ours.similarity, other.similarity)}`;
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
      `blocks: in ${one(blocks.offered)} % of cases, ${one(blocks.lines)} further lines each, ${one(blocks.right)} % of them right; asked for up to 10 lines: ${blocks.p50.toFixed(2)} ms median, ${blocks.p95.toFixed(2)} ms p95`,
    );
    report.push({
      name,
      base,
      head,
      lines,
      cases: cases.length,
      lexMs,
      sortMs,
      bytes,
      ...build,
      blocks,
      measured,
    });
  }
  const means = [...all.values()].map(mean);
  console.log(`\nmacro mean over ${positionals.length} repositories\n${header}`);
  for (const figures of means) console.log(row(figures));
  console.log(`${ratio(means, 'embedded, file only')}; ${ratio(means, 'in-file cache')}`);
  if (means[0]) console.log(reliabilityTable(means[0]));
  if (values.json !== undefined) {
    const { commits, cases, seed } = values;
    const run = { node: process.version, commits: Number(commits), cases: Number(cases), seed: Number(seed) };
    writeFileSync(values.json, `${JSON.stringify({ run, repositories: report, means }, undefined, 2)}\n`);
  }
}

await main();
