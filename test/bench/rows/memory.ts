/** Resident memory with one small file open, after completions and a hover. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, type Row } from '../measure.ts';
import { MeasuredServer, pause, privateHome } from '../server.ts';

const PROJECT = join(import.meta.dirname, '..', '..', '..', 'demo', 'project');

export async function memory(rounds: number): Promise<Row[]> {
  const samples: number[] = [];
  for (let i = 0; i < Math.min(rounds, 5); i++) {
    const home = privateHome();
    const server = new MeasuredServer(home.env);
    const path = join(PROJECT, 'src', 'cart.ts');
    const uri = pathToFileURL(path).href;
    await server.initialize(PROJECT);
    server.open(uri, 'typescript', readFileSync(path, 'utf8'));
    for (let line = 5; line < 15; line++) await server.complete(uri, line, 4);
    await server.ask('textDocument/hover', { textDocument: { uri }, position: { line: 20, character: 4 } });
    await pause(3_000);
    samples.push(server.residentMb());
    await server.end();
    home.remove();
  }
  const value = median(samples);
  return [
    {
      name: 'resident memory, one small file',
      ours: `${value.toFixed(0)} MB`,
      baseline: '384 MB (copilot-language-server, noted)',
      value,
      target: '≤ 80 MB',
      met: value <= 80,
    },
  ];
}
