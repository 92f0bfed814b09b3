/** Spawn → first correct completion: on a fresh cache (cold), then with it (warm). Polls as a typing client would. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, ms, type Row } from '../measure.ts';
import { MeasuredServer, pause, privateHome } from '../server.ts';

const LINES = [
  "import { readConfiguration } from './configuration.js';",
  '',
  'export function first(path) {',
  '  const configuration = readConfiguration(path);',
  '  return configuration.entries.filter(entry => entry.enabled);',
  '}',
  '',
  'export function second(path) {',
  '  const configuration = readConfiguration(path);',
  '  return configuration.entries.filter(entry => entry.disabled);',
  '}',
  '',
  'export function third(path) {',
  '  const configuration = read',
];
const EXPECTED = 'Configuration(path);';

async function once(env: Record<string, string>, folder: string): Promise<number> {
  const server = new MeasuredServer(env);
  const uri = pathToFileURL(join(folder, 'example.js')).href;
  await server.initialize(folder);
  server.open(uri, 'javascript', LINES.join('\n'));
  const line = LINES.length - 1;
  for (let tries = 0; tries < 200; tries++) {
    const [text] = await server.complete(uri, line, (LINES[line] as string).length);
    if (text === EXPECTED) break;
    if (tries === 199) throw new Error(`no correct completion; the last one was ${JSON.stringify(text)}`);
    await pause(2);
  }
  const took = performance.now() - server.spawnedAt;
  await server.end();
  return took;
}

export async function firstCompletion(rounds: number): Promise<Row[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const home = privateHome();
    const folder = join(home.folder, 'project');
    mkdirSync(folder);
    writeFileSync(join(folder, 'configuration.js'), 'export function readConfiguration(path) {}\n');
    cold.push(await once(home.env, folder));
    warm.push(await once(home.env, folder));
    home.remove();
  }
  const row = (name: string, values: number[]): Row => ({
    name,
    ours: ms(median(values)),
    baseline: '1157 ms (copilot-language-server to initialize, noted)',
    value: median(values),
    target: '≤ 400 ms',
    met: median(values) <= 400,
    detail: { rounds },
  });
  return [row('spawn → first correct completion, cold', cold), row('the same, warm', warm)];
}
