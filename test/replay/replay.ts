/**
 * Plays a recorded session to the built server at its own pace, with a slow model behind it, and tells what came of
 * it, beside what one request for each question would have made of the same session.
 */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { Workspace } from '../editors/support/workspace.ts';
import { author } from './author.ts';
import { ReplayClient } from './client.ts';
import { asksForText, MODEL, slowModel } from './session.ts';
import { replaced, type SessionTrace } from './trace.ts';
import { type Asked, Watch } from './watch.ts';

/** What a session came to. Times in milliseconds. */
export interface Outcome {
  readonly asked: number;
  /** Requests to the model. */
  readonly upstream: number;
  readonly cancelledUpstream: number;
  readonly shown: number;
  readonly timesToShow: readonly number[];
}

export interface Replayed {
  readonly ours: Outcome & { readonly stale: readonly string[]; readonly unanswered: number };
  /** One request to the same model for each question, its answer shown if it still fits nothing but itself. */
  readonly plain: Outcome;
}

/** After the last message everything is answered within this. */
const LAST_ANSWER_MS = 2_000;
const EXIT_MS = 5_000;
/** Messages and answers cross each other on a busy machine; the test with a clock of its own knows no such time. */
const ON_THE_WAY_MS = 30;

/** `speed` 2 types twice as fast as recorded; the model stays as slow as it is. */
export async function replay(trace: SessionTrace, speed = 1): Promise<Replayed> {
  const model = await slowModel(trace.head.target);
  const workspace = new Workspace({
    endpoint: { baseUrl: model.baseURL, key: 'synthetic', model: MODEL },
    configuration: { privacy: { automatic: 'allow' } },
    direct: true,
  });
  const watch = new Watch(ON_THE_WAY_MS);
  const client = new ReplayClient(workspace.command, workspace.environment, ({ id, result, at }) =>
    watch.answered(id, result, at),
  );
  const uri = pathToFileURL(workspace.project).href;
  const began = performance.now();
  for (const { at, message } of trace.sent) {
    const due = began + at / speed - performance.now();
    if (due > 0) await pause(due);
    const told = replaced(replaced(message, 'file://PROJECT', uri), 'PROJECT', workspace.project);
    if (told.method === 'initialize') (told.params as { processId: unknown }).processId = process.pid;
    watch.sent(told, performance.now());
    client.send(told);
  }
  await pause(LAST_ANSWER_MS);
  client.send({ id: 'last', method: 'shutdown' });
  client.send({ method: 'exit' });
  await client.gone(EXIT_MS);
  const requests = model.requests.filter(asksForText);
  await model.close();
  workspace.remove();
  return {
    ours: {
      asked: watch.asked.length,
      upstream: requests.length,
      cancelledUpstream: requests.filter(({ abortedAt }) => abortedAt !== undefined).length,
      shown: watch.shown.length,
      timesToShow: watch.shown.map(({ ms }) => ms),
      stale: watch.stale,
      unanswered: watch.asked.filter(({ answers }) => answers !== 1).length,
    },
    plain: plainly(trace.head.target, watch.asked),
  };
}

/** No reuse, no joining: each question goes to the model, and is answered unless it was overtaken or taken back. */
function plainly(target: string, asked: readonly Asked[]): Outcome {
  const said = asked.map(each => ({ each, ...author(target, each.before) }));
  const answered = said.filter(({ each, delayMs }) => {
    const next = asked.find(({ method, at }) => method === each.method && at > each.at);
    return each.at + delayMs <= Math.min(next?.at ?? Infinity, each.cancelledAt ?? Infinity);
  });
  const shown = answered.filter(({ text }) => text.trim() !== '');
  return {
    asked: asked.length,
    upstream: asked.length,
    cancelledUpstream: asked.length - answered.length,
    shown: shown.length,
    timesToShow: shown.map(({ delayMs }) => delayMs),
  };
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
