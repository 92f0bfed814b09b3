/** Spawn → `initialize` answered, against bare node in the same run. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { interleaved, median, ms, type Row } from '../measure.ts';
import { BINARY, MeasuredServer, privateHome } from '../server.ts';

const require = createRequire(import.meta.url);
/** Reads and compiles every file that the language server may ever load. */
const COMPILE_ALL = `
  const { readdirSync, readFileSync } = require('node:fs');
  const { join } = require('node:path');
  const { Script } = require('node:vm');
  const folder = ${JSON.stringify(dirname(BINARY))};
  for (const name of readdirSync(folder))
    if (!/^(codriver|main|lsp|worker|commandLine)\\.cjs$/.test(name))
      new Script(readFileSync(join(folder, name), 'latin1'));`;

async function bareNode(): Promise<number> {
  const start = performance.now();
  await new Promise(resolve =>
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', resolve),
  );
  return performance.now() - start;
}

export async function startup(rounds: number): Promise<Row[]> {
  const home = privateHome();
  const initialize = async (env = home.env, preload: readonly string[] = []) => {
    const server = new MeasuredServer(
      env,
      preload.flatMap(file => ['-r', file]),
    );
    await server.initialize(null);
    const took = performance.now() - server.spawnedAt;
    await server.end();
    return took;
  };
  // The very first run after an installation has no code cache yet.
  const first = await initialize();
  const bare = await interleaved(rounds, () => initialize(), bareNode);
  // Everything at once, and compiled anew: what start-up costs without bundles that wait and without the cache.
  const eager = { ...home.env, CODRIVER_NO_CODE_CACHE: '1' };
  const preload = join(home.folder, 'eager.cjs');
  writeFileSync(preload, COMPILE_ALL);
  const lazy = await interleaved(
    rounds,
    () => initialize(),
    () => initialize(eager, [preload]),
  );
  // What a server loads that is not bundled and takes everything at the start.
  const packages = ['openai', 'zod', 'jsonc-parser', 'ignore', 'vscode-languageserver/node'];
  const unbundled = await interleaved(
    rounds,
    () => initialize(),
    () =>
      initialize(
        eager,
        packages.map(name => require.resolve(name)),
      ),
  );
  home.remove();
  const late = median(unbundled.b) / median(unbundled.a);
  const ratio = median(bare.a) / median(bare.b);
  const gain = median(lazy.b) / median(lazy.a);
  return [
    {
      name: 'spawn → initialize',
      ours: ms(median(bare.a)),
      baseline: `${ms(median(bare.b))} (node -e 0)`,
      value: ratio,
      target: '≤ 1.6 ×',
      met: ratio <= 1.6,
      detail: { firstRunMs: first, n: rounds, fastest: Math.min(...bare.a) / Math.min(...bare.b) },
    },
    {
      name: 'eager start against ours',
      ours: ms(median(lazy.a)),
      baseline: `${ms(median(lazy.b))} (all files compiled at once, no code cache)`,
      value: gain,
      target: '≥ 1.3 ×',
      met: gain >= 1.3,
      detail: { n: rounds },
    },
    {
      name: 'eager start without bundles against ours',
      ours: ms(median(unbundled.a)),
      baseline: `${ms(median(unbundled.b))} (packages one by one, openai among them)`,
      value: late,
      target: '≥ 2.3 ×',
      met: late >= 2.3,
      detail: { n: rounds },
    },
  ];
}
