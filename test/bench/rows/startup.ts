/** Spawn → `initialize` answered, against bare node in the same run. */
import { spawn } from 'node:child_process';
import { interleaved, median, ms, type Row } from '../measure.ts';
import { MeasuredServer, privateHome } from '../server.ts';

async function bareNode(): Promise<number> {
  const start = performance.now();
  await new Promise(resolve =>
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', resolve),
  );
  return performance.now() - start;
}

export async function startup(rounds: number): Promise<Row[]> {
  const home = privateHome();
  const initialize = async () => {
    const server = new MeasuredServer(home.env);
    await server.initialize(null);
    const took = performance.now() - server.spawnedAt;
    await server.end();
    return took;
  };
  // The very first run after an installation has no code cache yet.
  const first = await initialize();
  const { a, b } = await interleaved(rounds, initialize, bareNode);
  home.remove();
  const ratio = median(a) / median(b);
  return [
    {
      name: 'spawn → initialize',
      ours: ms(median(a)),
      baseline: `${ms(median(b))} (node -e 0)`,
      value: ratio,
      target: '≤ 1.6 ×',
      met: ratio <= 1.6,
      detail: { firstRunMs: first, rounds },
    },
  ];
}
