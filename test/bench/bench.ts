/**
 * `npm run bench [-- ROW… --repo DIR… --peers DIR --json FILE]`: measures the built server and prints a table; writes
 * bench-results.json. Figures are medians of interleaved runs on whatever machine this is: compare ratios, not
 * milliseconds.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { printTable, type Row } from './measure.ts';
import { actions } from './rows/actions.ts';
import { documentChange } from './rows/documentChange.ts';
import { embedded } from './rows/embedded.ts';
import { firstCompletion } from './rows/firstCompletion.ts';
import { indexing } from './rows/indexing.ts';
import { largeWorkspace } from './rows/largeWorkspace.ts';
import { memory } from './rows/memory.ts';
import { model } from './rows/model.ts';
import { search } from './rows/search.ts';
import { prefixCache } from './rows/prefixCache.ts';
import { peers } from './rows/peers.ts';
import { replays } from './rows/replay.ts';
import { startup } from './rows/startup.ts';
import { typingAlong } from './rows/typingAlong.ts';

const ROUNDS = 15;

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    /** Git repositories for the embedded engine, instead of this project's own history. */
    repo: { type: 'string', multiple: true, default: [] },
    /** A folder in whose node_modules other servers lie. */
    peers: { type: 'string' },
    json: { type: 'string', default: 'bench-results.json' },
  },
});

const ROWS: Record<string, () => Promise<Row[]> | Row[]> = {
  startup: () => startup(ROUNDS),
  firstCompletion: () => firstCompletion(ROUNDS),
  memory,
  model,
  typingAlong,
  documentChange,
  actions,
  search,
  prefixCache,
  indexing,
  largeWorkspace,
  embedded: () => embedded(options.repo),
  replay: replays,
  peers: () => peers(options.peers),
};

const unknown = wanted.filter(name => !(name in ROWS));
if (unknown.length > 0) {
  console.error(`There is no row ${unknown.join(', ')}. Rows: ${Object.keys(ROWS).join(', ')}.`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, measure] of Object.entries(ROWS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`measuring ${name} …`);
  rows.push(...(await measure()));
}
printTable(rows);
const machine = {
  node: process.version,
  cpus: cpus().length,
  platform: `${process.platform}-${process.arch}`,
};
writeFileSync(options.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
process.exit(rows.every(row => row.met) ? 0 : 1);
