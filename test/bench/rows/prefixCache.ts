/**
 * Prompt tokens that an endpoint's prefix cache must compute for each key, over a session with slips and jumps. Ours
 * and a sliding window see the same keys. `tsx test/bench/rows/prefixCache.ts [--keys N] [--session FILE] REPO…`
 * measures other repositories than this one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Document } from '../../../server/base/document.ts';
import {
  type CompletionContext,
  CompletionContexts,
  type CompletionPorts,
} from '../../../server/context/completionContext.ts';
import { fillTemplate, formatForModel } from '../../../server/engines/fim/formats.ts';
import { PrefixCache } from '../context/cache.ts';
import { readSession, type Session, sessionFromHistory } from '../context/session.ts';
import { slidingContext, slidingWithSnippets } from '../context/sliding.ts';
import { worldOf } from '../context/world.ts';
import { percentile, type Row } from '../measure.ts';

const BUDGET = 8_000;
const OPEN = 8;
const KEYS = 1_500;
const never = new AbortController().signal;

/** Percentages of the prompt that are computed anew, per key. */
interface Shares {
  readonly ours: number[];
  readonly ours4: number[];
  readonly oursLate: number[];
  readonly oursFirst: number[];
  readonly sliding: number[];
  readonly sliding4: number[];
  readonly tokens: number[];
  readonly slidingTokens: number[];
  readonly milliseconds: number[];
  /** Requests at another place than the one before. */
  jumps: number;
}

const format = (model: string) => {
  const found = formatForModel(model);
  if (found === undefined) throw new Error(`no format for ${model}`);
  return found;
};
/** The usual order, and one whose prompt begins with the suffix. */
const prefixFirst = format('qwen2.5-coder');
const suffixFirst = format('mellum');

function promptOf(context: CompletionContext, shape = prefixFirst): string {
  return fillTemplate(shape, {
    path: context.path.text,
    prefix: context.prefix.text,
    suffix: context.suffix.text,
    context: context.context.map(each => each.text),
  });
}

/** A worker that never answers in time for the key that asked. */
function lateAnswers(ports: CompletionPorts): CompletionPorts {
  const later = <T>(answer: Promise<T> | undefined): Promise<T> =>
    new Promise(resolve => void setImmediate(() => resolve(answer as Promise<T>)));
  const { symbols, codeSearch } = ports;
  return {
    ...ports,
    clock: {
      after(_, run) {
        queueMicrotask(run);
        return { cancel() {} };
      },
    },
    ...(symbols && { symbols: { definitions: (...asked) => later(symbols.definitions(...asked)) } }),
    ...(codeSearch && { codeSearch: { search: (...asked) => later(codeSearch.search(...asked)) } }),
  };
}

export async function replay(session: Session): Promise<Shares> {
  const world = await worldOf(session.files);
  const shares: Shares = {
    ours: [],
    ours4: [],
    oursLate: [],
    oursFirst: [],
    sliding: [],
    sliding4: [],
    tokens: [],
    slidingTokens: [],
    milliseconds: [],
    jumps: 0,
  };
  let last = { uri: '', line: 0 };
  const contexts = {
    ours: new CompletionContexts(),
    first: new CompletionContexts(),
    late: new CompletionContexts(),
  };
  const late = lateAnswers(world.ports);
  const caches = {
    ours: new PrefixCache(1),
    ours4: new PrefixCache(4),
    first: new PrefixCache(1),
    late: new PrefixCache(1),
    sliding: new PrefixCache(1),
    sliding4: new PrefixCache(4),
  };
  const share = (cache: PrefixCache, prompt: string): number => {
    const { computed, all } = cache.take(prompt);
    return (100 * computed) / all;
  };
  /** Most recently used first. */
  let open: Document[] = [];
  for (const step of session.steps) {
    const known = open.find(each => each.uri.endsWith(`/w/${step.path}`));
    if (step.type === 'open') {
      open.unshift(world.open(step.path, step.text));
      continue;
    }
    const document = known ?? world.open(step.path);
    if (step.type !== 'ask') document.update([{ range: step.range, text: step.text }], document.version + 1);
    open = [document, ...open.filter(each => each !== document)].slice(0, OPEN);
    if (step.type === 'edit') continue;
    const position = document.positionAt(document.offsetAt(step.range.start) + step.text.length);
    if (last.uri !== document.uri || Math.abs(last.line - position.line) > 1) shares.jumps++;
    last = { uri: document.uri, line: position.line };
    const input = { document, position, budgetTokens: BUDGET, openDocuments: open };
    const began = performance.now();
    const made = await contexts.ours.contextFor(input, world.ports, never);
    shares.milliseconds.push(performance.now() - began);
    const first = await contexts.first.contextFor({ ...input, suffixFirst: true }, world.ports, never);
    const tardy = await contexts.late.contextFor(input, late, never);
    if ('refused' in made || 'refused' in first || 'refused' in tardy) throw new Error('refused');
    const prompt = promptOf(made);
    const slid = promptOf(await slidingContext(input, world.ports, slidingWithSnippets));
    shares.tokens.push(prompt.length / 4);
    shares.slidingTokens.push(slid.length / 4);
    shares.ours.push(share(caches.ours, prompt));
    shares.ours4.push(share(caches.ours4, prompt));
    shares.oursFirst.push(share(caches.first, promptOf(first, suffixFirst)));
    // The answers arrive while the person reaches for the next key.
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
    shares.oursLate.push(share(caches.late, promptOf(tardy)));
    shares.sliding.push(share(caches.sliding, slid));
    shares.sliding4.push(share(caches.sliding4, slid));
  }
  return shares;
}

const two = (list: readonly number[]): string =>
  `p50 ${percentile(list, 50).toFixed(1)} %, p95 ${percentile(list, 95).toFixed(1)} %`;

function rowsOf(name: string, shares: Shares): Row[] {
  const row = (title: string, ours: readonly number[], theirs: readonly number[]): Row => ({
    name: `prompt recomputed per key, ${title} (${name})`,
    ours: two(ours),
    baseline: `${two(theirs)} (sliding window)`,
    value: percentile(ours, 95),
    target: '≤ 5 % p95',
    met: percentile(ours, 95) <= 5,
    detail: {
      keys: ours.length,
      tokens: Math.round(percentile(shares.tokens, 50)),
      tokensOfSliding: Math.round(percentile(shares.slidingTokens, 50)),
      millisecondsP50: Number(percentile(shares.milliseconds, 50).toFixed(2)),
      millisecondsP95: Number(percentile(shares.milliseconds, 95).toFixed(2)),
      jumps: shares.jumps,
      mean: Number((ours.reduce((sum, each) => sum + each, 0) / ours.length).toFixed(1)),
      wholePrompts: ours.filter(each => each > 50).length,
    },
  });
  return [
    row('1 slot', shares.ours, shares.sliding),
    row('4 slots', shares.ours4, shares.sliding4),
    row('1 slot, every source late', shares.oursLate, shares.sliding),
    row('suffix first', shares.oursFirst, shares.sliding),
  ];
}

/** This repository's own history. */
export async function prefixCache(): Promise<Row[]> {
  const root = join(import.meta.dirname, '../../..');
  return rowsOf('own history', await replay(sessionFromHistory(root, KEYS)));
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keys: { type: 'string', default: '2000' }, session: { type: 'string' } },
  });
  for (const folder of positionals) {
    const made = sessionFromHistory(folder, Number(values.keys));
    const session = values.session
      ? { ...made, steps: readSession(readFileSync(values.session, 'utf8')) }
      : made;
    for (const { name, ours, baseline, value, detail } of rowsOf(session.name, await replay(session)))
      console.log(
        `${value <= 5 ? 'yes' : 'NO '} ${name}: ${ours} against ${baseline} ${JSON.stringify(detail)}`,
      );
  }
}
