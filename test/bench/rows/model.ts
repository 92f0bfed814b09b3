/** With an endpoint: latency that we add to a model that answers at once, and cancel → upstream closed. */
import { Agent, request } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startModelServer } from '../../support/modelServer.ts';
import { median, ms, percentile, type Row } from '../measure.ts';
import { MeasuredServer, privateHome } from '../server.ts';

const ROUNDS = 200;
/** Keystrokes before the measured ones: code is slow until it has run some times, on both sides. */
const WARM_UP = 60;

export async function model(): Promise<Row[]> {
  const endpoint = await startModelServer({ profile: 'llamacpp', models: ['qwen2.5-coder'] });
  const home = privateHome();
  const server = new MeasuredServer({
    ...home.env,
    OPENAI_BASE_URL: endpoint.baseURL,
    OPENAI_MODEL: 'qwen2.5-coder',
    CODRIVER_PRIVACY_AUTOMATIC: 'allow',
  });
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
    endpoint.reply({ fault: 'hang-after-headers' });
    for (let i = 0; i < 40; i++) {
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
      result.catch(() => {});
      const arrived = await endpoint.waitFor(one => endpoint.requests.indexOf(one) >= seen);
      const cancelled = performance.now();
      server.notify('$/cancelRequest', { id });
      await endpoint.waitFor(one => one === arrived && one.abortedAt !== undefined);
      cancels.push((arrived.abortedAt as number) - cancelled);
    }
    const value = median(added);
    const cancel = percentile(cancels, 95);
    return [
      {
        name: 'latency added to a zero-latency model',
        ours: `${ms(median(ours))} through Codriver`,
        baseline: `${ms(median(theirs))} http + keep-alive, same body`,
        value,
        target: '≤ 3 ms',
        met: value <= 3,
        detail: { p95: percentile(added, 95), rounds: ROUNDS },
      },
      {
        name: 'cancel → upstream closed, p95',
        ours: `${ms(median(cancels))} median, ${ms(cancel)} p95`,
        value: cancel,
        target: '≤ 10 ms',
        met: cancel <= 10,
        detail: { rounds: cancels.length },
      },
    ];
  } finally {
    await server.end();
    await endpoint.close();
    home.remove();
  }
}

/** The same request without us: what the network and the endpoint cost by themselves. */
function directly(port: number, path: string, body: string): () => Promise<void> {
  const agent = new Agent({ keepAlive: true });
  return () =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      request({ port, host: '127.0.0.1', path, method: 'POST', agent, headers }, response => {
        response.resume().once('end', () => resolve());
      })
        .once('error', reject)
        .end(body);
    });
}
