/**
 * `npx tsx test/bench/edits.ts [--seed N] [GIT-DIR…]`: 300 large valid edits and 400 bad ones, judged by the whole
 * engine with the real pre-flight, over this project's sources or over the newest commit of each git directory. Prints
 * how many were judged rightly, and the first ones that were not.
 */
import { execFileSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { RawFile } from '../support/editChanges.ts';
import { judgeBad, judgeValid, type Judged } from '../support/editCorpus.ts';
import { ownSources } from '../support/ownSources.ts';

const VALID = 300;
const BAD = 400;
/** Files of one repository, spread over all of it. */
const FILES = 300;
const KINDS = /\.(?:[cm]?[jt]sx?|py|rs|go|c|h|cc|cpp|hpp|java|cs|lua|rb|php|css|el|sh|md)$/;

function filesOf(repository: string): readonly RawFile[] {
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['--git-dir', repository, ...words], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  const paths = git('ls-tree', '-r', '--name-only', 'HEAD')
    .split('\n')
    .filter(path => KINDS.test(path));
  const step = Math.max(1, Math.ceil(paths.length / FILES));
  return paths.filter((_, i) => i % step === 0).map(path => ({ path, text: git('show', `HEAD:${path}`) }));
}

function report(name: string, what: string, judged: readonly Judged[]): void {
  const wrong = judged.filter(({ right }) => !right);
  const share = ((100 * (judged.length - wrong.length)) / Math.max(1, judged.length)).toFixed(1);
  console.log(`${name}: ${judged.length - wrong.length} of ${judged.length} ${what} (${share} %)`);
  for (const { kind, path, verdict } of wrong.slice(0, 8)) {
    const told = verdict.ok
      ? 'accepted'
      : `${verdict.code}: ${verdict.retry.slice(0, 160).replaceAll('\n', ' ')}`;
    console.log(`    ${kind}, ${path}: ${told}`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const sources: readonly (readonly [name: string, files: readonly RawFile[]])[] =
  positionals.length === 0
    ? [['own sources', ownSources()]]
    : positionals.map(path => [basename(dirname(path)), filesOf(path)]);
for (const [name, files] of sources) {
  report(name, 'large valid edits applied as meant', await judgeValid(files, VALID, seed));
  report(name, 'bad edits refused', await judgeBad(files, BAD, seed));
}
process.exit(0);
