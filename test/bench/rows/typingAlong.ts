/** Typing along a suggestion that is shown: no request to the model, and how long an answer takes, beside asking for each key. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startModelServer } from '../../support/modelServer.ts';
import { directly, withModel } from '../endpoint.ts';
import { median, ms, percentile, type Row } from '../measure.ts';
import { MeasuredServer, privateHome } from '../server.ts';

const ROUNDS = 20;
/** Rounds before the measured ones, until the code has run often enough. */
const WARM_UP = 5;
const SUGGESTED = 'addMoney(net, percentOf(net, taxPercent));';

export async function typingAlong(): Promise<Row[]> {
  const endpoint = await startModelServer({ profile: 'llamacpp', models: ['qwen2.5-coder'] });
  const home = privateHome();
  const server = new MeasuredServer({ ...home.env, ...withModel(endpoint) });
  const path = join(home.folder, 'example.ts');
  writeFileSync(path, '');
  const uri = pathToFileURL(path).href;
  try {
    endpoint.reply({ text: SUGGESTED });
    await server.initialize(null);
    server.open(uri, 'typescript', '');
    const ours: number[] = [];
    const theirs: number[] = [];
    let requests = 0;
    let keys = 0;
    let version = 1;
    let direct: (() => Promise<void>) | undefined;
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const line = `const sum${round + WARM_UP} = `;
      server.notify('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text: line }],
      });
      await server.complete(uri, 0, line.length);
      const seen = endpoint.requests.length;
      const last = endpoint.requests.at(-1);
      direct ??= directly(endpoint.port, last?.path ?? '/', last?.text ?? '{}');
      let straight = 0;
      for (let i = 0; i < SUGGESTED.length - 1; i++) {
        const at = { line: 0, character: line.length + i };
        server.notify('textDocument/didChange', {
          textDocument: { uri, version: ++version },
          contentChanges: [{ range: { start: at, end: at }, text: SUGGESTED[i] }],
        });
        let start = performance.now();
        const [text] = await server.complete(uri, 0, at.character + 1);
        const took = performance.now() - start;
        if (text !== SUGGESTED.slice(i + 1)) throw new Error(`shown: ${text}, after ${i + 1} keys`);
        start = performance.now();
        await direct();
        straight++;
        if (round < 0) continue;
        ours.push(took);
        theirs.push(performance.now() - start);
      }
      if (round < 0) continue;
      requests += endpoint.requests.length - seen - straight;
      keys += straight;
    }
    const value = median(ours);
    return [
      {
        name: 'typing along a suggestion: requests to the model',
        ours: `${requests} in ${keys} keys`,
        baseline: `${keys}, one a key`,
        value: requests,
        target: '0',
        met: requests === 0,
        detail: { n: keys },
      },
      {
        name: 'typing along a suggestion: time to the answer',
        ours: `${ms(value)} median, ${ms(percentile(ours, 95))} p95`,
        baseline: `${ms(median(theirs))} a model without latency, asked directly`,
        value,
        target: '< 1 ms',
        met: value < 1,
        detail: { n: ours.length, baselineP95: percentile(theirs, 95) },
      },
    ];
  } finally {
    await server.end();
    await endpoint.close();
    home.remove();
  }
}
