/**
 * How near the messages that are composed without a model come to those that people wrote: over the last commits of
 * local repositories, each composed from its diff in the style of the commits before it.
 *
 *   npx tsx test/bench/commitMessages.ts [--show] [--commits N] GIT_DIRECTORY…
 */
import { execFileSync } from 'node:child_process';
import { compose } from '../../server/features/commitMessage/compose.ts';
import { baseOf, stemOf } from '../../server/features/commitMessage/files.ts';
import { readSubject, styleOf, written } from '../../server/features/commitMessage/style.ts';
import { symbolsOf } from '../../server/features/commitMessage/symbols.ts';
import { type FileDiff, parseDiff } from '../../server/git/parseDiff.ts';
import { readLog } from '../../server/git/readings.ts';

const HISTORY = 200;

interface Row {
  commits: number;
  composed: number;
  kind: number;
  typed: number;
  type: number;
  scoped: number;
  scope: number;
  naming: number;
  named: number;
  verb: number;
  fits: number;
}

const share = (part: number, whole: number) =>
  whole === 0 ? '   –' : `${Math.round((100 * part) / whole)} %`.padStart(5);

function git(directory: string, args: readonly string[]): string {
  return execFileSync('git', [`--git-dir=${directory}`, ...args], { encoding: 'utf8', maxBuffer: 512 << 20 });
}

/** Names of the change that a subject could mention. */
function names(files: readonly FileDiff[]): Set<string> {
  const found = new Set<string>();
  for (const file of files) {
    const { added, removed, changed } = symbolsOf(file);
    for (const { name } of [...added, ...removed, ...changed]) found.add(name);
    for (const path of [file.path, file.oldPath ?? file.path]) {
      found.add(stemOf(path)).add(baseOf(path));
    }
  }
  return new Set([...found].filter(name => name.length > 2));
}

const mentions = (subject: string, name: string) =>
  new RegExp(`(?<![\\w$])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i').test(subject);

function measure(directory: string, most: number, show: boolean): Row {
  const log = readLog(
    git(directory, [
      'log',
      '--no-merges',
      `-${most + HISTORY}`,
      '--format=%x00%x01%H%x00%an%x00%B%x00',
      '--name-only',
      '-z',
    ]),
  );
  const row: Row = {
    commits: 0,
    composed: 0,
    kind: 0,
    typed: 0,
    type: 0,
    scoped: 0,
    scope: 0,
    naming: 0,
    named: 0,
    verb: 0,
    fits: 0,
  };
  for (const [i, commit] of log.slice(0, most).entries()) {
    if (written([commit]).length === 0) continue;
    const style = styleOf(log.slice(i + 1, i + 1 + HISTORY));
    let files: readonly FileDiff[];
    try {
      files = parseDiff(git(directory, ['show', '--format=', '-M', '--no-color', commit.hash]));
    } catch {
      // A partial clone lacks what it was not asked for.
      continue;
    }
    if (files.length === 0) continue;
    row.commits++;
    const message = compose({ files, style });
    if (!message) continue;
    row.composed++;
    const [real, ours] = [readSubject(commit.subject), readSubject(message.subject)];
    if (show) console.log(`${commit.subject}\n    ${message.subject}`);
    if (real.kind === ours.kind) row.kind++;
    if (real.kind !== 'none') row.typed++;
    if (real.kind !== 'none' && real.prefix.toLowerCase() === ours.prefix.toLowerCase()) row.type++;
    if (real.scope) row.scoped++;
    if (real.scope && real.scope === ours.scope) row.scope++;
    const known = [...names(files)].filter(name => mentions(commit.subject, name));
    if (known.length > 0) row.naming++;
    if (known.some(name => mentions(message.subject, name))) row.named++;
    const verb = (rest: string) => /^\p{L}+/u.exec(rest)?.[0].toLowerCase();
    if (verb(real.rest) === verb(ours.rest)) row.verb++;
    if (message.subject.length <= 72) row.fits++;
  }
  return row;
}

const args = process.argv.slice(2);
const at = args.indexOf('--commits');
const most = at < 0 ? 100 : Number(args[at + 1]);
const directories = args.filter((arg, i) => !arg.startsWith('--') && (at < 0 || i !== at + 1));
console.log('repository                commits  convention  prefix  scope  name mentioned  same verb  ≤ 72');
for (const directory of directories) {
  const row = measure(directory, most, args.includes('--show'));
  console.log(
    [
      (directory.split('/').findLast(part => part.includes('+')) ?? directory).slice(-24).padEnd(24),
      String(row.commits).padStart(8),
      share(row.kind, row.composed).padStart(11),
      share(row.type, row.typed).padStart(7),
      share(row.scope, row.scoped).padStart(6),
      `${share(row.named, row.naming)} of ${row.naming}`.padStart(15),
      share(row.verb, row.composed).padStart(10),
      share(row.fits, row.composed).padStart(6),
    ].join(' '),
  );
}
