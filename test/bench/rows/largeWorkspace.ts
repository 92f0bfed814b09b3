/** Completion from the embedded engine and memory on a 100,000-line workspace of real code. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ms, percentile, type Row } from '../measure.ts';
import { installedIn, MeasuredServer, pause, privateHome } from '../server.ts';
import { makeWorkspace } from '../workspace.ts';

const LINES = 100_000;
const REQUESTS = 300;
/** A bound for a machine that cannot do it, in ms. */
const MAX_INDEXING = 40_000;
const A_MINUTE = 60_000;

export async function largeWorkspace(): Promise<Row[]> {
  const home = privateHome();
  const folder = join(home.folder, 'project');
  mkdirSync(folder);
  const lines = makeWorkspace(folder, LINES);
  const path = join(folder, 'src', 'openai', 'client.js');
  const text = readFileSync(path, 'utf8');
  const uri = pathToFileURL(path).href;
  await installedIn(home.env, join(folder, 'src', 'openai'));
  const server = new MeasuredServer(home.env);
  await server.initialize(folder);
  const began = performance.now();
  server.open(uri, 'javascript', text);
  const keystroke = typist(server, uri, text.split('\n'));
  const during: number[] = [];
  do during.push(await keystroke(during.length));
  while (!(await server.indexed()) && performance.now() - began < MAX_INDEXING);
  const indexing = performance.now() - began;
  const times: number[] = [];
  for (let i = 0; i < REQUESTS; i++) times.push(await keystroke(i));
  const resident = server.residentMb();
  await pause(A_MINUTE);
  const later = server.residentMb();
  await server.end();
  home.remove();
  const latency = (name: string, values: readonly number[]): Row => {
    const p95 = percentile(values, 95);
    return {
      name,
      ours: `${ms(percentile(values, 50))} median, ${ms(p95)} p95`,
      value: p95,
      target: '≤ 10 ms',
      met: p95 <= 10,
      detail: { n: values.length, p99: percentile(values, 99), indexingMs: indexing },
    };
  };
  const memory = (name: string, megabytes: number, most: number): Row => ({
    name,
    ours: `${megabytes.toFixed(0)} MB`,
    value: megabytes,
    target: `≤ ${most} MB`,
    met: megabytes <= most,
  });
  return [
    latency(`embedded completion, ${lines} lines, p95`, times),
    latency('the same while the workspace is being read', during),
    memory(`resident memory, ${lines} lines indexed`, resident, 180),
    memory('the same a minute later', later, 110),
  ];
}

/** One keystroke and its completion, timed; the text is put back. Nothing may come from a memory of the same place. */
function typist(server: MeasuredServer, uri: string, document: readonly string[]) {
  let version = 1;
  const change = (range: object, text: string) =>
    server.notify('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [{ range, text }],
    });
  return async (i: number): Promise<number> => {
    const line = (i * 37) % document.length;
    const before = document[line] ?? '';
    const character = Math.floor(before.length / 2);
    const start = { line, character };
    change({ start, end: { line, character: before.length } }, '');
    const began = performance.now();
    await server.complete(uri, line, character);
    const took = performance.now() - began;
    change({ start, end: start }, before.slice(character));
    return took;
  };
}
