/** Resident memory with one small file open, after completions, a hover and diagnostics. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, type Row } from '../measure.ts';
import { installedIn, MeasuredServer, pause, privateHome } from '../server.ts';

const ROUNDS = 10;
const PROJECT = join(import.meta.dirname, '..', '..', '..', 'demo', 'project');

export async function memory(): Promise<Row[]> {
  const home = privateHome();
  const first = await session(home.env);
  await installedIn(home.env, PROJECT);
  const samples: Sample[] = [];
  for (let i = 0; i < ROUNDS; i++) samples.push(await session(home.env));
  home.remove();
  const value = median(samples.map(({ most }) => most));
  return [
    {
      name: 'resident memory, one small file',
      ours: `${value.toFixed(0)} MB`,
      baseline: '384 MB (copilot-language-server, noted)',
      value,
      target: '≤ 80 MB',
      met: value <= 80,
      detail: {
        afterInitializeMb: median(samples.map(({ initialized }) => initialized)),
        firstRunAfterInstallationMb: first.most,
        n: ROUNDS,
      },
    },
  ];
}

interface Sample {
  readonly initialized: number;
  /** The larger of right after the work and 3 s later, when diagnostics were made. */
  readonly most: number;
}

async function session(env: Readonly<Record<string, string>>): Promise<Sample> {
  const server = new MeasuredServer(env);
  const path = join(PROJECT, 'src', 'cart.ts');
  const uri = pathToFileURL(path).href;
  await server.initialize(PROJECT);
  const initialized = server.residentMb();
  server.open(uri, 'typescript', readFileSync(path, 'utf8'));
  for (let line = 5; line < 15; line++) await server.complete(uri, line, 4);
  await server.ask('textDocument/hover', { textDocument: { uri }, position: { line: 20, character: 4 } });
  const after = server.residentMb();
  await pause(3_000);
  const most = Math.max(after, server.residentMb());
  await server.end();
  return { initialized, most };
}
