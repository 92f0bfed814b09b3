/**
 * Throw-away git repositories with a home of their own, and a planted program that leaves a mark when it runs. It
 * must not know what is tested.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createNodeMachine } from '../../../server/base/node.ts';
import { createGit, type Git } from '../../../server/git/git.ts';

export const machine = createNodeMachine({ level: 'error' });

export class Sandbox {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-git-')));
  readonly home = join(this.folder, 'home');
  readonly root = join(this.folder, 'repo');
  /** A program that leaves a mark, and passes its input on. */
  readonly canary = join(this.folder, 'canary');
  /** The same, for where waiting for more input would hang: it fails at once. */
  readonly failing = join(this.folder, 'failing');
  readonly #mark = join(this.folder, 'mark');

  constructor() {
    mkdirSync(this.home);
    mkdirSync(this.root);
    writeFileSync(this.canary, `#!/bin/sh\necho "$0 $*" >> '${this.#mark}'\nexec cat\n`);
    writeFileSync(this.failing, `#!/bin/sh\necho "$0 $*" >> '${this.#mark}'\nexit 1\n`);
    chmodSync(this.canary, 0o755);
    chmodSync(this.failing, 0o755);
    writeFileSync(
      join(this.home, '.gitconfig'),
      '[user]\n\tname = T\n\temail = t@example.com\n[init]\n\tdefaultBranch = main\n',
    );
  }

  get variables(): Record<string, string> {
    return { HOME: this.home, PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1' };
  }

  /** Plain git, as a person runs it; a failure is the caller's to judge. */
  plain(args: readonly string[], cwd = this.root, extra: Record<string, string> = {}) {
    return spawnSync('git', args, {
      cwd,
      env: { ...this.variables, ...extra },
      encoding: 'utf8',
      input: 'protocol=https\nhost=example.invalid\n\n',
      timeout: 5_000,
    });
  }

  /** Plain git that must succeed. */
  git(...args: string[]): string {
    const result = this.plain(args);
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
    return result.stdout;
  }

  write(name: string, text: string, mode?: number): string {
    const path = join(this.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (mode !== undefined) chmodSync(path, mode);
    return path;
  }

  /** Takes the mark away and tells whether it was there. */
  ran(): boolean {
    const was = existsSync(this.#mark);
    rmSync(this.#mark, { force: true });
    return was;
  }

  /** The wrapper, with the person's home and PATH, in folders that are trusted. */
  wrapper(trusted: (folder: string) => boolean = () => true, variables: Record<string, string> = {}): Git {
    return createGit({
      processes: machine.processes,
      files: machine.files,
      environment: {
        ...machine.environment,
        home: this.home,
        variables: { ...this.variables, ...variables },
      },
      trusted: folder => Promise.resolve(trusted(folder)),
    });
  }

  /** Another sandbox with a copy of this repository. */
  copy(): Sandbox {
    const other = new Sandbox();
    cpSync(this.root, other.root, { recursive: true });
    return other;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
