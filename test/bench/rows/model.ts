/** With an endpoint: latency that we add to a model that answers at once, and cancel → upstream closed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startModelServer } from '../../support/modelServer.ts';
import { directly, withModel } from '../endpoint.ts';
import { median, ms, percentile, type Row } from '../measure.ts';
import { MeasuredServer, pause, privateHome } from '../server.ts';

const ROUNDS = 200;
/** Keystrokes before the measured ones: code is slow until it has run some times, on both sides. */
const WARM_UP = 60;
const CANCELS = 40;
/** Who cancels a request still waits for its answer, this long at most, in ms. */
const ANSWERED_MS = 1_000;

export async function model(): Promise<Row[]> {
  const endpoint = await startModelServer({ profile: 'llamacpp', models: ['qwen2.5-coder'] });
  const home = privateHome();
  const server = new MeasuredServer({ ...home.env, ...withModel(endpoint) });
  // A file that exists: for others, the gate looks for links on the way.
  const path = join(home.folder, 'example.ts');
  writeFileSync(path, '');
  const uri = pathToFileURL(path).href;
  try {
    endpoint.reply({ text: 'alpha + beta;' });
    await server.initialize(null);
    const line = 'const sum = ';
    server.open(uri, 'typescript', `${line}\n`);
    await server.complete(uri, 0, line.length);
    const probe = endpoint.requests.findLast(one => one.route !== 'models');
    const direct = directly(endpoint.port, probe?.path ?? '/infill', probe?.text ?? '{}');
    const added: number[] = [];
    const ours: number[] = [];
    const theirs: number[] = [];
    let version = 1;
    for (let i = -WARM_UP; i < ROUNDS; i++) {
      server.notify('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text: `const n${version} = ${i};\n${line}\n` }],
      });
      let start = performance.now();
      await server.complete(uri, 1, line.length);
      const through = performance.now() - start;
      start = performance.now();
      await direct();
      const straight = performance.now() - start;
      if (i < 0) continue;
      ours.push(through);
      theirs.push(straight);
      added.push(through - straight);
    }
    const cancels: number[] = [];
    let answered = 0;
    endpoint.reply({ fault: 'hang-after-headers' });
    for (let i = 0; i < CANCELS; i++) {
      server.notify('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text: `const c${i} = ${i};\n${line}\n` }],
      });
      const seen = endpoint.requests.length;
      const { id, result } = server.request('textDocument/inlineCompletion', {
        textDocument: { uri },
        position: { line: 1, character: line.length },
        context: { triggerKind: 1 },
      });
      const settled = result.then(
        () => answered++,
        () => answered++,
      );
      const arrived = await endpoint.waitFor(one => endpoint.requests.indexOf(one) >= seen);
      const cancelled = performance.now();
      server.notify('$/cancelRequest', { id });
      await endpoint.waitFor(one => one === arrived && one.abortedAt !== undefined);
      cancels.push((arrived.abortedAt as number) - cancelled);
      await Promise.race([settled, pause(ANSWERED_MS)]);
    }
    const value = median(added);
    const cancel = percentile(cancels, 95);
    return [
      {
        name: 'latency added to a zero-latency model',
        ours: `${ms(median(ours))} through Codriver`,
        baseline: `${ms(median(theirs))} http + keep-alive, same body`,
        value,
        target: '≤ 1.5 ms',
        met: value <= 1.5,
        detail: { p95: percentile(added, 95), n: ROUNDS, noted: 'tabby-agent 5–7 ms, 453 ms by default' },
      },
      {
        name: 'cancel → upstream closed',
        ours: `${ms(median(cancels))} median, ${ms(cancel)} p95`,
        value: median(cancels),
        target: '< 5 ms median',
        met: median(cancels) < 5,
        detail: { n: cancels.length },
      },
      {
        name: 'cancelled requests that are answered',
        ours: `${answered} of ${cancels.length}`,
        value: answered / cancels.length,
        target: '1',
        met: answered === cancels.length,
      },
    ];
  } finally {
    await server.end();
    await endpoint.close();
    home.remove();
  }
}
