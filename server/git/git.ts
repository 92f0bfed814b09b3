/**
 * The one way to run git: only where the person trusts the folder, only with commands that read, with everything
 * switched off that a repository could make it run. It must not know what its answers are used for.
 */
import { dirname, join } from 'node:path';
import type { Environment, Files, Processes } from '../base/ports.ts';
import { type ConfiguredDriver, driversIn, hardened, PROOF } from './hardening.ts';
import { type Located, locate } from './locate.ts';
import { type FileDiff, parseDiff } from './parseDiff.ts';
import { findGit } from './program.ts';
import {
  readLog,
  readStatus,
  readTracked,
  type LogEntry,
  type StatusEntry,
  type TrackedEntry,
} from './readings.ts';

/** Time one command may take, and how much of its output is read. */
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** Paths of a whole tree. */
const MAX_LISTING_BYTES = 64 * 1024 * 1024;
/** Before this git knows no configuration by variables, and nothing here would hold. */
const LEAST_VERSION = '2.31';

export type { Located } from './locate.ts';

export type GitFailure =
  | 'no-repository'
  | 'untrusted'
  | 'no-git'
  | 'refused'
  | 'failed'
  | 'timeout'
  | 'aborted';

/** `message` is a sentence for the person: what, why, and what to do. */
export type GitResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: GitFailure; readonly message: string };

export interface GitPorts {
  readonly processes: Processes;
  readonly files: Files;
  readonly environment: Environment;
  /** Whether the person trusts this folder, asked before anything runs. */
  readonly trusted: (folder: string) => Promise<boolean>;
}

export interface Git {
  /** The repository that holds a path, opened for reading. */
  repositoryOf(path: string, signal: AbortSignal): Promise<GitResult<Repository>>;
}

/** What a commit would hold, read from one of git's index files and against one of its commits. */
export interface StagedOptions {
  /** Absolute path of another index: `git commit -a` keeps what it is about to commit in a lock file. */
  readonly index?: string;
  /** Against the parent of HEAD, as `git commit --amend` does. */
  readonly amend?: boolean;
}

export interface Repository extends Located {
  /** Programs that the configuration gives to drivers; none of them is run. */
  readonly drivers: readonly ConfiguredDriver[];
  stagedDiff(options: StagedOptions, signal: AbortSignal): Promise<GitResult<readonly FileDiff[]>>;
  /** Paths that differ, as cheap as it gets. */
  stagedPaths(options: StagedOptions, signal: AbortSignal): Promise<GitResult<readonly string[]>>;
  /** Between two commits, `a..b`, or what one commit changed. */
  diff(range: string, signal: AbortSignal): Promise<GitResult<readonly FileDiff[]>>;
  /** The newest commits first, of all, or of those that changed one of the paths. */
  log(most: number, paths: readonly string[], signal: AbortSignal): Promise<GitResult<readonly LogEntry[]>>;
  /** A file as it stands in a commit; `revision` empty: in the index. */
  show(revision: string, path: string, signal: AbortSignal): Promise<GitResult<string>>;
  /** What the working tree is made of, by names alone: nothing is read, so that no filter has a say. */
  listing(signal: AbortSignal): Promise<GitResult<Listing>>;
  /** Refused where a filter would have to run to tell. */
  status(signal: AbortSignal): Promise<GitResult<readonly StatusEntry[]>>;
}

/** A working tree by names. Paths are relative to its top and may be gone from disk. */
export interface Listing {
  /** The commit at HEAD; undefined before the first. */
  readonly commit: string | undefined;
  readonly tracked: readonly TrackedEntry[];
  /** Not tracked and not ignored; one that ends in `/` is a repository of its own. */
  readonly untracked: readonly string[];
}

const refuse = (why: GitFailure, message: string): { ok: false; why: GitFailure; message: string } => ({
  ok: false,
  why,
  message,
});

/** Flags of every command that shows a difference. */
const DIFF = [
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--submodule=short',
  '--ignore-submodules=dirty',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--find-renames',
  '--unified=3',
  '--inter-hunk-context=0',
  '--diff-algorithm=histogram',
];
/** The tree without files, by the length of a hash; git knows it without having it. */
const EMPTY_TREE: Readonly<Record<string, string>> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

export function createGit(ports: GitPorts): Git {
  return {
    async repositoryOf(path, signal) {
      const located = await locate(path, ports.files);
      if (!located) return refuse('no-repository', 'This file belongs to no git working tree.');
      if (!(await ports.trusted(located.root))) {
        return refuse(
          'untrusted',
          `Git is run only in folders that you trust, and ${located.root} is none. Run the command codriver.trust to change that.`,
        );
      }
      const program = await findGit(located.root, ports.environment, ports.files);
      if (!program)
        return refuse('no-git', 'Git is not on PATH. Install it to let Codriver read what is staged.');
      return openRepository(located, { ...ports, program }, signal);
    },
  };
}

interface Opened extends GitPorts {
  readonly program: { readonly path: string; readonly variables: Readonly<Record<string, string>> };
}

type Run = (
  args: readonly string[],
  signal: AbortSignal,
  extra?: Readonly<Record<string, string>>,
  mostBytes?: number,
) => Promise<GitResult<{ readonly stdout: string; readonly truncated: boolean }>>;

function runner(located: Located, { processes, program }: Opened, drivers: readonly ConfiguredDriver[]): Run {
  return async (args, signal, extra = {}, mostBytes = MAX_OUTPUT_BYTES) => {
    const result = await processes.run([program.path, '--no-pager', ...args], {
      cwd: located.root,
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: mostBytes,
      signal,
      env: {
        ...program.variables,
        ...hardened(drivers),
        GIT_CEILING_DIRECTORIES: dirname(located.root),
        ...extra,
      },
    });
    if (signal.aborted) return refuse('aborted', 'Cancelled.');
    if (result.timedOut)
      return refuse('timeout', `git ${args[0]} took longer than ${TIMEOUT_MS / 1000} seconds.`);
    if (result.code !== 0) return refuse('failed', `git ${args[0]} failed: ${firstLine(result.stderr)}`);
    return { ok: true, value: { stdout: result.stdout, truncated: result.truncated ?? false } };
  };
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300) || 'it does not say why';
}

/** Reads the configuration first, which runs nothing, to learn which names need switching off. */
async function openRepository(
  located: Located,
  opened: Opened,
  signal: AbortSignal,
): Promise<GitResult<Repository>> {
  const probe = runner(located, opened, []);
  const listed = await probe(['config', '--list', '--name-only', '-z'], signal);
  if (!listed.ok) return listed;
  const keys = listed.value.stdout.split('\0');
  if (!keys.includes(PROOF)) {
    return refuse(
      'no-git',
      `Git is older than ${LEAST_VERSION}, which cannot be kept from running programs.`,
    );
  }
  if (listed.value.truncated)
    return refuse('refused', 'The configuration of git is too large to be checked.');
  const drivers = driversIn(keys);
  const run = runner(located, opened, drivers);
  const top = await run(
    ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--show-object-format'],
    signal,
  );
  if (!top.ok) return top;
  const [root = '', gitDirectory = '', format = 'sha1'] = top.value.stdout.split('\n');
  const real = (path: string) => opened.files.realPath(path).catch(() => path);
  if ((await real(root)) !== located.root || (await real(gitDirectory)) !== located.gitDirectory) {
    return refuse('refused', `Its configuration moves the working tree of ${located.root} to another place.`);
  }
  return { ok: true, value: createRepository(located, drivers, run, EMPTY_TREE[format.trim()] ?? '') };
}

/** Names a commit, and cannot be taken for an option or a path. */
const REVISION = /^[\p{L}\p{N}_@][\p{L}\p{N}_./@{}^~+#=-]*$/u;

function createRepository(
  located: Located,
  drivers: readonly ConfiguredDriver[],
  run: Run,
  emptyTree: string,
): Repository {
  async function base(amend: boolean | undefined, signal: AbortSignal): Promise<string[]> {
    if (!amend) return [];
    const parent = await run(['rev-parse', '--verify', '--quiet', 'HEAD^'], signal);
    return [parent.ok ? parent.value.stdout.trim() : emptyTree];
  }
  const indexOf = ({ index }: StagedOptions): Record<string, string> =>
    index ? { GIT_INDEX_FILE: index } : {};

  return {
    ...located,
    drivers,
    async stagedDiff(options, signal) {
      const against = await base(options.amend, signal);
      const read = (args: readonly string[]) =>
        run(['diff', '--cached', ...DIFF, ...args, ...against, '--'], signal, indexOf(options));
      const patch = await read(['--patch']);
      if (!patch.ok) return patch;
      const files = parseDiff(patch.value.stdout);
      if (!patch.value.truncated) return { ok: true, value: files };
      // Too large to be read whole: the rest is at least counted.
      const counts = await read(['--numstat', '--no-renames', '-z']);
      return counts.ok
        ? { ok: true, value: [...files.slice(0, -1), ...counted(counts.value.stdout, files)] }
        : counts;
    },
    async stagedPaths(options, signal) {
      const against = await base(options.amend, signal);
      const names = await run(
        ['diff', '--cached', ...DIFF, '--name-only', '-z', ...against, '--'],
        signal,
        indexOf(options),
      );
      return names.ok ? { ok: true, value: names.value.stdout.split('\0').filter(Boolean) } : names;
    },
    async diff(range, signal) {
      const ends = range.split(/\.{2,3}/);
      if (ends.length > 2 || !ends.every(each => REVISION.test(each)))
        return refuse('refused', `${JSON.stringify(range)} names no commits.`);
      const args =
        ends.length === 2
          ? ['diff', ...DIFF, '--patch', '--end-of-options', range, '--']
          : [
              'show',
              ...DIFF,
              '--no-notes',
              '--no-show-signature',
              '--diff-merges=first-parent',
              '--format=',
              '--patch',
              '--end-of-options',
              range,
              '--',
            ];
      const patch = await run(args, signal);
      return patch.ok ? { ok: true, value: parseDiff(patch.value.stdout) } : patch;
    },
    async log(most, paths, signal) {
      const head = await run(['rev-parse', '--verify', '--quiet', 'HEAD'], signal);
      if (!head.ok) return head.why === 'failed' ? { ok: true, value: [] } : head;
      const listed = await run(
        [
          'log',
          `--max-count=${Math.max(1, Math.min(1000, Math.floor(most)))}`,
          '--no-color',
          '--no-ext-diff',
          '--no-textconv',
          '--no-show-signature',
          '--no-notes',
          '--no-merges',
          '--no-mailmap',
          '--encoding=UTF-8',
          '--ignore-submodules=dirty',
          '--format=%x00%x01%H%x00%an%x00%B%x00',
          '--name-only',
          '-z',
          '--end-of-options',
          'HEAD',
          '--',
          ...paths.map(path => `:(top,literal)${path}`),
        ],
        signal,
      );
      return listed.ok ? { ok: true, value: readLog(listed.value.stdout) } : listed;
    },
    async show(revision, path, signal) {
      if (revision !== '' && !REVISION.test(revision))
        return refuse('refused', `${JSON.stringify(revision)} names no commit.`);
      const blob = await run(['cat-file', 'blob', `${revision}:${path}`], signal);
      if (!blob.ok) return blob;
      return blob.value.truncated
        ? refuse('refused', `${path} is larger than ${MAX_OUTPUT_BYTES / 1024 / 1024} MB.`)
        : { ok: true, value: blob.value.stdout };
    },
    async listing(signal) {
      const list = (args: readonly string[]) =>
        run(['ls-files', '-z', '--full-name', ...args, '--'], signal, {}, MAX_LISTING_BYTES);
      const tracked = await list(['--cached', '--stage']);
      if (!tracked.ok) return tracked;
      const untracked = await list(['--others', '--exclude-standard']);
      if (!untracked.ok) return untracked;
      if (tracked.value.truncated || untracked.value.truncated)
        return refuse('refused', 'This repository has too many files to be copied.');
      const head = await run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal);
      if (!head.ok && head.why !== 'failed') return head;
      return {
        ok: true,
        value: {
          commit: head.ok ? head.value.stdout.trim() : undefined,
          tracked: readTracked(tracked.value.stdout),
          untracked: untracked.value.stdout.split('\0').filter(Boolean),
        },
      };
    },
    async status(signal) {
      for (const { kind, name } of drivers) {
        if (kind !== 'filter') continue;
        const plain = /^[\w-]+$/.test(name);
        const used = plain && (await run(['ls-files', '-z', '--', `:(top,attr:filter=${name})`], signal));
        if (used && !used.ok) return used;
        if (!used || used.value.stdout !== '')
          return refuse(
            'refused',
            `Files of this repository go through the filter "${name}", a program that Codriver does not run.`,
          );
      }
      const read = await run(
        [
          'status',
          '--porcelain=v1',
          '-z',
          '--untracked-files=normal',
          '--ignore-submodules=dirty',
          '--no-renames',
          '--',
        ],
        signal,
      );
      return read.ok ? { ok: true, value: readStatus(read.value.stdout) } : read;
    },
  };
}

/** Files of a list of counts that a cut patch does not hold whole. */
function counted(numstat: string, known: readonly FileDiff[]): readonly FileDiff[] {
  const whole = new Set(known.slice(0, -1).flatMap(({ path, oldPath }) => [path, oldPath ?? path]));
  return numstat.split('\0').flatMap(row => {
    const match = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(row);
    const path = match?.[3];
    if (!match || path === undefined || whole.has(path)) return [];
    return [
      {
        status: 'modified' as const,
        path,
        binary: match[1] === '-',
        modeOnly: false,
        submodule: false,
        added: Number(match[1]) || 0,
        removed: Number(match[2]) || 0,
        hunks: [],
        incomplete: true,
      },
    ];
  });
}

/** Index files that a running `git commit` may keep what it commits in, the likeliest first. */
export async function pendingIndexes(
  gitDirectory: string,
  files: Pick<Files, 'list'>,
): Promise<readonly string[]> {
  const names = (await files.list(gitDirectory))
    .filter(({ kind }) => kind === 'file')
    .map(({ name }) => name);
  const partial = names.filter(name => /^next-index-\d+\.lock$/.test(name));
  return [...partial, ...names.filter(name => name === 'index.lock')].map(name => join(gitDirectory, name));
}
