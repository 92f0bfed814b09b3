/**
 * How often honest commits of real projects are taken for a weakening of their checks: `npx tsx
 * test/bench/weakenings.ts COMMITS GITDIR…` looks at the newest commits that touch tests. It must not change anything.
 */
import { execFileSync } from 'node:child_process';
import { roleOf } from '../../server/agent/integrity/files.ts';
import type { TextChange } from '../../server/agent/integrity/types.ts';
import { weakenedIn } from '../../server/agent/integrity/weakened.ts';

const MOST_FILES = 40;

function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', [`--git-dir=${directory}`, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function textAt(directory: string, commit: string, path: string): string | undefined {
  try {
    return git(directory, 'cat-file', 'blob', `${commit}:${path}`);
  } catch {
    return undefined;
  }
}

function main(): void {
  const [count = '50', ...directories] = process.argv.slice(2);
  let looked = 0;
  let flagged = 0;
  for (const directory of directories) {
    const commits = git(
      directory,
      'log',
      '--no-merges',
      '--format=%H',
      '-n',
      String(Number(count) * 8),
    ).split('\n');
    let here = 0;
    for (const commit of commits) {
      if (here >= Number(count) || commit === '') break;
      const paths = git(
        directory,
        'diff-tree',
        '--root',
        '-r',
        '--no-renames',
        '--name-only',
        '--no-commit-id',
        commit,
      )
        .split('\n')
        .filter(path => path !== '');
      if (paths.length > MOST_FILES || !paths.some(path => roleOf(path) === 'test')) continue;
      here++;
      looked++;
      const begin = performance.now();
      const changes = paths.map(
        (path): TextChange => ({
          path,
          before: textAt(directory, `${commit}~1`, path),
          after: textAt(directory, commit, path),
        }),
      );
      const read = performance.now();
      const found = weakenedIn(changes).filter(({ blocks }) => blocks);
      const took = performance.now() - read;
      if (took > 500)
        console.log(`slow: ${commit} took ${took.toFixed(0)} ms (read in ${(read - begin).toFixed(0)})`);
      if (found.length === 0) continue;
      flagged++;
      console.log(
        `${directory.replace(/^.*\.mirror\//, '')} ${git(directory, 'log', '-1', '--format=%h %s', commit).trim()}`,
      );
      for (const { kind, path, line, message } of found.slice(0, 6))
        console.log(`    ${kind} ${path}:${line ?? ''} ${message}`);
    }
  }
  console.log(`${flagged} of ${looked} commits that touch tests are flagged`);
}

main();
