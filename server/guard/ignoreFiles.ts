/**
 * Which paths the ignore files of a workspace take out: git's at every level, and those of AI tools. Per directory,
 * cached, checked against the disk again after a short time. It must not know the never-send list or documents.
 */
import { posix } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Clock, Files } from '../base/ports.ts';

/** Ignore files that keep text away from AI, ours and those of other tools, all in .gitignore syntax. */
export const aiIgnoreFiles: readonly string[] = [
  '.codriverignore',
  '.aiignore',
  '.aiexclude',
  '.cursorignore',
  '.copilotignore',
  '.codeiumignore',
  '.aiderignore',
  '.geminiignore',
  '.clineignore',
  '.rooignore',
  '.continueignore',
  '.augmentignore',
  '.tabbyignore',
  '.tabnineignore',
  '.llmignore',
];

/** A comment in another encoding must not switch the rules off. */
const lenientUtf8 = new TextDecoder('utf-8');

const ignoreFileNames = new Set(['.gitignore', ...aiIgnoreFiles]);
const mostIgnoreBytes = 1024 * 1024;
/** How long a directory's rules are believed without a look at the disk, in milliseconds. */
const freshMs = 2000;
/** Directories remembered at most; beyond it everything is forgotten and read again. */
const mostLevels = 20_000;

/** Whether a change of this file changes what may be read. */
export function isIgnoreFile(path: string): boolean {
  return ignoreFileNames.has(posix.basename(path)) || path.endsWith('/.git/info/exclude');
}

interface RuleFile {
  readonly path: string;
  readonly family: 'git' | 'ai';
  readonly size: number;
  readonly mtimeMs: number;
  /** Undefined: the file is there and cannot be read, so everything below is refused. */
  readonly rules: Ignore | undefined;
}

interface Ignored {
  readonly family: 'git' | 'ai';
  readonly why: string;
}

/** One directory's own rules and where they hang. */
interface Level {
  readonly directory: string;
  readonly parent: Level | undefined;
  readonly files: readonly RuleFile[];
  readonly directoryMtimeMs: number;
  /** Why this directory itself is ignored; then nothing below needs a look. */
  readonly ignored: Ignored | undefined;
  checkedAt: number;
}

export interface IgnoreRules {
  /**
   * Why `path` is ignored, or undefined. `top` is the real path of the workspace folder, `path` a real path in
   * it; both with `/`. Reads the ignore files from the enclosing repository's top downwards.
   */
  reason(top: string, path: string, kind: 'file' | 'directory'): Promise<string | undefined>;
  /** As `reason` for entries of one directory at once. */
  reasons(
    top: string,
    directory: string,
    entries: readonly { readonly name: string; readonly kind: 'file' | 'directory' }[],
  ): Promise<readonly (string | undefined)[]>;
  /** Forgets everything cached. */
  clear(): void;
}

export interface IgnoreRulesOptions {
  readonly files: Files;
  readonly clock: Clock;
  /** Names differ by case alone on this machine. */
  readonly caseSensitive: boolean;
  /** Absolute paths of the user's own git ignore files; missing ones are fine. */
  readonly userIgnoreFiles?: readonly string[];
  /** Extra patterns from the user's settings, in .gitignore syntax. */
  readonly patterns?: readonly string[];
}

export function createIgnoreRules(options: IgnoreRulesOptions): IgnoreRules {
  const { files, clock } = options;
  const levels = new Map<string, Promise<Level>>();
  const tops = new Map<string, Promise<string>>();

  function parse(text: string, family: 'git' | 'ai'): Ignore {
    const caseSensitive = family === 'git' && options.caseSensitive;
    return ignore({ ignorecase: !caseSensitive, allowRelativePaths: false }).add(text.normalize('NFC'));
  }

  const configured: RuleFile | undefined = options.patterns?.length
    ? {
        path: 'codriver.privacy.neverSend',
        family: 'ai',
        size: 0,
        mtimeMs: 0,
        rules: parse(options.patterns.join('\n'), 'ai'),
      }
    : undefined;

  /** The repository's top: git reads .gitignore from there, also when only a part of it is open. */
  function repositoryTop(folder: string): Promise<string> {
    let top = tops.get(folder);
    if (top === undefined) {
      top = findRepositoryTop(folder);
      tops.set(folder, top);
    }
    return top;
  }

  /** A repository around the folder that ignores it (dotfiles in the home folder) has no say about its inside. */
  async function findRepositoryTop(folder: string): Promise<string> {
    for (let at = folder; ; at = posix.dirname(at)) {
      if ((await files.stat(posix.join(at, '.git'))) !== undefined) {
        if (at === folder) return folder;
        const around = await levelOf(at, posix.dirname(folder));
        const ignored = around.ignored ?? decide(around, folder, 'directory');
        return ignored?.family === 'git' ? folder : at;
      }
      if (posix.dirname(at) === at) return folder;
    }
  }

  async function readRules(path: string, family: 'git' | 'ai'): Promise<RuleFile | undefined> {
    let stat = await files.stat(path);
    if (stat === undefined || stat.kind === 'directory') return undefined;
    let bytes: Uint8Array | undefined;
    if (stat.kind === 'symlink') {
      // One list under two names is common; the text it leads to counts, and a broken link refuses.
      const target = await files.realPath(path).catch(() => path);
      bytes = await files.readBytes(target, mostIgnoreBytes);
      stat = (await files.stat(target)) ?? stat;
    } else {
      bytes = await files.readBytes(path, mostIgnoreBytes);
    }
    const rules = bytes === undefined ? undefined : parse(lenientUtf8.decode(bytes), family);
    return { path, family, size: stat.size, mtimeMs: stat.mtimeMs, rules };
  }

  /** The exclude file of the repository at `top`, also of a linked worktree, whose `.git` is a file. */
  async function excludeFile(top: string): Promise<string> {
    const dotGit = posix.join(top, '.git');
    const pointer = await files.readText(dotGit, 4096);
    const gitDirectory = pointer.ok ? /^gitdir: (.+)$/m.exec(pointer.text)?.[1]?.trim() : undefined;
    if (gitDirectory === undefined) return posix.join(dotGit, 'info/exclude');
    const absolute = posix.resolve(top, gitDirectory);
    const common = await files.readText(posix.join(absolute, 'commondir'), 4096);
    return posix.resolve(absolute, common.ok ? common.text.trim() : '.', 'info/exclude');
  }

  async function readLevel(top: string, directory: string): Promise<Level> {
    const isTop = directory === top || posix.dirname(directory) === directory;
    const parent = isTop ? undefined : await levelOf(top, posix.dirname(directory));
    const ignored = parent && (parent.ignored ?? decide(parent, directory, 'directory'));
    const checkedAt = clock.now();
    const directoryMtimeMs = (await files.stat(directory))?.mtimeMs ?? 0;
    if (ignored !== undefined) return { directory, parent, files: [], directoryMtimeMs, ignored, checkedAt };
    const found: (RuleFile | undefined)[] = [];
    if (isTop) {
      if (configured) found.push(configured);
      for (const path of options.userIgnoreFiles ?? []) found.push(await readRules(path, 'git'));
      found.push(await readRules(await excludeFile(top), 'git'));
    }
    for (const entry of await files.list(directory)) {
      if (!ignoreFileNames.has(entry.name)) continue;
      const family = entry.name === '.gitignore' ? 'git' : 'ai';
      found.push(await readRules(posix.join(directory, entry.name), family));
    }
    const present = found.filter(file => file !== undefined);
    return { directory, parent, files: present, directoryMtimeMs, ignored: undefined, checkedAt };
  }

  async function isCurrent(level: Level): Promise<boolean> {
    if (clock.now() - level.checkedAt < freshMs && clock.now() >= level.checkedAt) return true;
    if (((await files.stat(level.directory))?.mtimeMs ?? 0) !== level.directoryMtimeMs) return false;
    for (const file of level.files) {
      if (file === configured) continue;
      const real = await files.realPath(file.path).catch(() => file.path);
      const stat = await files.stat(real);
      if (stat?.size !== file.size || stat.mtimeMs !== file.mtimeMs) return false;
    }
    level.checkedAt = clock.now();
    return true;
  }

  async function levelOf(top: string, directory: string): Promise<Level> {
    const key = `${top}\0${directory}`;
    for (let known = levels.get(key); known !== undefined; known = levels.get(key)) {
      const level = await known;
      const parent = level.parent && (await levelOf(top, level.parent.directory));
      if (parent === level.parent && (await isCurrent(level))) return level;
      if (levels.get(key) === known) break;
    }
    if (levels.size > mostLevels) levels.clear();
    const fresh = readLevel(top, directory);
    levels.set(key, fresh);
    return fresh;
  }

  return {
    async reason(top, path, kind) {
      return (await this.reasons(top, posix.dirname(path), [{ name: posix.basename(path), kind }]))[0];
    },
    async reasons(top, directory, entries) {
      const level = await levelOf(await repositoryTop(top), directory);
      return entries.map(
        entry => (level.ignored ?? decide(level, posix.join(directory, entry.name), entry.kind))?.why,
      );
    },
    clear() {
      levels.clear();
      tops.clear();
    },
  };
}

/** A family cannot take back what the other one excludes. */
function decide(level: Level, path: string, kind: 'file' | 'directory'): Ignored | undefined {
  for (const family of ['git', 'ai'] as const) {
    const why = decideFamily(level, path, kind, family);
    if (why !== undefined) return { family, why };
  }
  return undefined;
}

/** Git's deepest rule wins, also when it takes back; files for AI take back only what they exclude themselves. */
function decideFamily(
  start: Level,
  path: string,
  kind: 'file' | 'directory',
  family: 'git' | 'ai',
): string | undefined {
  const suffix = kind === 'directory' ? '/' : '';
  for (let level: Level | undefined = start; level !== undefined; level = level.parent) {
    if (level.files.length === 0) continue;
    // A level's directory is always above the path, and both are normal forms.
    const below = level.directory === '/' ? 1 : level.directory.length + 1;
    const relative = path.slice(below).normalize('NFC') + suffix;
    // Weakest first in a level: the user's own ignore file, then exclude, then .gitignore.
    for (const file of level.files.toReversed()) {
      if (file.family !== family) continue;
      if (file.rules === undefined) return `${file.path} cannot be read, so all of its folder is left out`;
      const { ignored, unignored } = file.rules.test(relative);
      if (ignored) return `${file.path} leaves it out`;
      if (unignored && family === 'git') return undefined;
    }
  }
  return undefined;
}
