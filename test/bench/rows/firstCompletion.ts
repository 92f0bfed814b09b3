/** Spawn → first correct completion, without compiled code in the cache and with it. Polls as a typing client would. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, ms, type Row } from '../measure.ts';
import { installedIn, MeasuredServer, pause, privateHome } from '../server.ts';

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
  const project = (folder: string): string => {
    const path = join(folder, 'project');
    mkdirSync(path);
    writeFileSync(join(path, 'configuration.js'), 'export function readConfiguration(path) {}\n');
    return path;
  };
  const installed = privateHome();
  const lasting = project(installed.folder);
  await installedIn(installed.env, lasting);
  for (let i = 0; i < rounds; i++) {
    const fresh = privateHome();
    cold.push(await once(fresh.env, project(fresh.folder)));
    fresh.remove();
    warm.push(await once(installed.env, lasting));
  }
  installed.remove();
  const row = (name: string, values: number[]): Row => ({
    name,
    ours: ms(median(values)),
    baseline: '1157 ms (copilot-language-server to initialize, noted)',
    value: median(values),
    target: '≤ 400 ms',
    met: median(values) <= 400,
    detail: { n: rounds, fastest: Math.min(...values) },
  });
  return [
    row('spawn → first correct completion, first run after installation', cold),
    row('the same, every later run', warm),
  ];
}
