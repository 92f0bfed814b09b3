/** The action menu on a long file: how long a person waits for the offers, beside a server that only echoes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, ms, percentile, type Row } from '../measure.ts';
import { MeasuredServer, privateHome } from '../server.ts';

const LINES = 10_000;
const ROUNDS = 60;
/** Rounds before the measured ones, until the grammar is loaded and the code has run often enough. */
const WARM_UP = 15;

/** Ten lines a function, with something for every row of the menu. */
function longFile(): string {
  const functions = Array.from(
    { length: LINES / 10 },
    (_, i) => `// Adds what is in the basket number ${i}.
export function total${i}(rows: readonly number[], tax) {
  const taxed = [];
  for (const row of rows) {
    taxed.push(row * (1 + tax));
  }
  const label = 'basket ' + ${i} + ' of ' + rows.length;
  console.log(label);
  return taxed.reduce((sum, each) => sum + each, 0);
}
`,
  );
  return functions.join('');
}

export async function actions(): Promise<Row[]> {
  const home = privateHome();
  const server = new MeasuredServer(home.env);
  const path = join(home.folder, 'long.ts');
  writeFileSync(path, longFile());
  const uri = pathToFileURL(path).href;
  try {
    await server.initialize(null);
    server.open(uri, 'typescript', longFile());
    const still: number[] = [];
    const typing: number[] = [];
    const echo: number[] = [];
    let offered = 0;
    let version = 1;
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const first = 10 * (((round + WARM_UP) * 13) % (LINES / 10));
      const ask = async (line: number): Promise<number> => {
        const range = { start: { line, character: 4 }, end: { line, character: 4 } };
        const start = performance.now();
        const found = await server.ask('textDocument/codeAction', {
          textDocument: { uri },
          range,
          context: { diagnostics: [] },
        });
        offered = Math.max(offered, (found as unknown[]).length);
        return performance.now() - start;
      };
      const unchanged = await ask(first + 3);
      // Some editors ask after every key, so that the tree of the present text is part of the answer.
      const at = { line: first + 7, character: 2 };
      server.notify('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ range: { start: at, end: at }, text: 'x' }],
      });
      const changed = await ask(first + 6);
      const start = performance.now();
      await server.ask('codeAction/resolve', { title: 'echo' });
      const echoed = performance.now() - start;
      if (round < 0) continue;
      still.push(unchanged);
      typing.push(changed);
      echo.push(echoed);
    }
    const row = (name: string, times: readonly number[]): Row => ({
      name,
      ours: `${ms(median(times))} median, ${ms(percentile(times, 95))} p95, up to ${offered} rows`,
      baseline: `${ms(median(echo))} a request that only comes back`,
      value: median(times),
      target: '< 20 ms',
      met: median(times) < 20,
      detail: { n: times.length, p95: percentile(times, 95), lines: LINES },
    });
    return [
      row(`action menu, file of ${LINES} lines`, still),
      row(`action menu right after a key, file of ${LINES} lines`, typing),
    ];
  } finally {
    await server.end();
    home.remove();
  }
}
