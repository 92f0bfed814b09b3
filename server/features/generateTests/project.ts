/**
 * What a project tells about its tests (its package, its framework, where tests lie), and the private copy of it in
 * which they are run. Reads the disk through the port; it must not know models or results.
 */
import { dirname, join, relative, sep } from 'node:path';
import type { Files, Scratch, ScratchFolder } from '../../base/ports.ts';
import { neverSendReason } from '../../guard/neverSend.ts';
import { type Family, familyOf, MARKERS } from './families.ts';
import { type Framework, frameworkOf, type PackageFacts } from './frameworks.ts';
import { isTestPath, type TestHome, testHome } from './testPath.ts';

/** Bounds of the walk and of the copy; a larger package is refused with words. */
const MOST_FILES = 20_000;
const MOST_BYTES = 300 * 1024 * 1024;
const LARGEST_FILE = 50 * 1024 * 1024;
/** Tests whose beginnings are read, and how much a fact may hold, in bytes. */
const LOOKED_INTO = 6;
const MOST_FACT_BYTES = 256 * 1024;

/** Installed by a tool and only read: linked into the copy. */
const DEPENDENCIES = new Set(['node_modules', '.venv', 'venv', 'vendor', '.yarn', 'bower_components']);
/** Of tools alone, or made again by them: left out. */
const LEFT_OUT = new Set([
  '.git',
  '.hg',
  '.svn',
  '.jj',
  'target',
  '.gradle',
  '.idea',
  '.vscode',
  '.tox',
  '.nox',
  '.cache',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '__pycache__',
  'coverage',
  '.nyc_output',
  '.next',
  '.turbo',
]);

const FACT_FILES =
  /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|requirements[\w-]*\.txt|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?)$/;

export interface Project {
  /** Absolute: the nearest folder upwards that a marker file makes a package, at most the workspace folder. */
  readonly root: string;
  readonly family: Family;
  readonly framework: Framework;
  readonly facts: PackageFacts;
  /** Relative to the root, with `/`. */
  readonly sourcePath: string;
  readonly home: TestHome;
  /** Absolute; what of the workspace folder no test may read: secrets by their names, and git's own folder. */
  readonly hidden: readonly string[];
}

/** Absolute paths of files, and of folders of dependencies. */
interface Walk {
  readonly files: readonly { readonly path: string; readonly size?: number }[];
  readonly dependencies: readonly string[];
  /** What holds secrets by its name: a file, a folder, or a link to either. Among nothing of the above. */
  readonly secrets: readonly string[];
  readonly complete: boolean;
}

function isSecretIn(root: string, path: string, kind: 'file' | 'directory' = 'file'): boolean {
  return neverSendReason(relative(root, path).split(sep).join('/'), kind) !== undefined;
}

async function walk(files: Files, root: string, signal: AbortSignal): Promise<Walk> {
  const found: { path: string }[] = [];
  const dependencies: string[] = [];
  const secrets: string[] = [];
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    signal.throwIfAborted();
    for (const { name, kind } of await files.list(folder)) {
      const path = join(folder, name);
      // A link to a folder of dependencies is one.
      if (DEPENDENCIES.has(name) && kind !== 'file') dependencies.push(path);
      else if (LEFT_OUT.has(name)) continue;
      else if (isSecretIn(root, path, kind === 'directory' ? kind : 'file')) secrets.push(path);
      else if (kind === 'directory') folders.push(path);
      else if (kind === 'file') found.push({ path });
      if (found.length > MOST_FILES) return { files: found, dependencies, secrets, complete: false };
    }
  }
  return { files: found, dependencies, secrets, complete: true };
}

/** The nearest folder from a file upwards that holds a marker of a package; the outermost one allowed if none does. */
export async function packageRoot(
  files: Files,
  path: string,
  folder: string,
  family: Family,
): Promise<string> {
  for (let at = dirname(path); at.startsWith(folder); at = dirname(at)) {
    for (const marker of MARKERS[family]) if (await files.stat(join(at, marker))) return at;
    if (at === folder || dirname(at) === at) break;
  }
  return folder;
}

/** What is known of the tests of a source file, or why there can be none: a sentence for the person. */
export async function survey(
  files: Files,
  path: string,
  folder: string,
  signal: AbortSignal,
): Promise<Project | { readonly refused: string }> {
  const family = familyOf(path);
  if (!family) return { refused: 'Codriver knows no test framework for this language.' };
  const root = await packageRoot(files, path, folder, family);
  const slashed = (absolute: string) => relative(root, absolute).split(sep).join('/');
  const sourcePath = slashed(path);
  if (family !== 'rust' && isTestPath(sourcePath, family))
    return { refused: 'This is a test file itself. Ask in the file whose code is to be tested.' };
  const walked = await walk(files, root, signal);
  const paths = walked.files.map(each => slashed(each.path));
  const home = testHome(sourcePath, family, paths);
  const names = (await files.list(root)).map(({ name }) => name);
  const texts: Record<string, string> = {};
  for (const name of names) {
    if (!FACT_FILES.test(name)) continue;
    const read = await files.readText(join(root, name), MOST_FACT_BYTES);
    if (read.ok) texts[name] = read.text;
  }
  const near = [
    ...(home.example === undefined ? [] : [home.example]),
    ...paths.filter(each => isTestPath(each, family)),
  ];
  const tests: string[] = [];
  for (const each of [...new Set(near)].slice(0, LOOKED_INTO)) {
    const read = await files.readText(join(root, each), MOST_FACT_BYTES);
    if (read.ok) tests.push(read.text);
  }
  const facts = { names, texts, tests };
  const framework = frameworkOf(family, facts);
  if (!framework)
    return {
      refused: `Codriver found no test framework in this project: there is no ${MARKERS[family].join(', no ')}.`,
    };
  // Behind a dependency's link the copy's programs find the way to the project itself.
  const { secrets } = root === folder ? walked : await walk(files, folder, signal);
  const hidden = [...new Set([...secrets, ...walked.secrets, join(folder, '.git'), join(root, '.git')])];
  return { root, family, framework, facts, sourcePath, home, hidden };
}

/** A copy of the package in which programs may write what they like. */
export interface PackageCopy {
  readonly folder: ScratchFolder;
  /** Absolute. */
  readonly root: string;
  readonly cache: string;
  /** Name in the folder of a file of the package. */
  name(path: string): string;
}

/** What the editor holds of files that may not be saved, by absolute path. */
export type Unsaved = ReadonlyMap<string, string>;

/**
 * Copies a package into a private folder: plain files, without what holds secrets by its name, version control and
 * what tools make again. Folders of dependencies are linked, so they are only read where programs are confined; a
 * dependency that is itself a link into the package is linked to the copy, so that the copy is what runs.
 */
export async function copyPackage(
  files: Files,
  scratch: Scratch,
  root: string,
  unsaved: Unsaved,
  signal: AbortSignal,
): Promise<PackageCopy | { readonly refused: string }> {
  const { files: found, dependencies, complete } = await walk(files, root, signal);
  if (!complete)
    return { refused: `the package has more than ${MOST_FILES} files, which is too much to copy for a run` };
  const folder = await scratch.create('tests');
  try {
    const name = (path: string) => `package/${relative(root, path).split(sep).join('/')}`;
    let bytes = 0;
    for (const { path } of found) {
      signal.throwIfAborted();
      const size = (await files.stat(path))?.size ?? 0;
      if (size > LARGEST_FILE) continue;
      bytes += size;
      if (bytes > MOST_BYTES) {
        await folder.dispose();
        return { refused: 'the package is larger than 300 MB, which is too much to copy for a run' };
      }
      // What is gone by now is not needed by then.
      await folder.copy(path, name(path)).catch(() => {});
    }
    for (const path of dependencies) await linkDependencies(files, folder, root, path, name);
    for (const [path, text] of unsaved)
      if (path.startsWith(root + sep) && !isSecretIn(root, path)) await folder.write(name(path), text);
    await folder.write('cache/.keep', '');
    return { folder, root: join(folder.path, 'package'), cache: join(folder.path, 'cache'), name };
  } catch (error) {
    await folder.dispose();
    throw error;
  }
}

async function linkDependencies(
  files: Files,
  folder: ScratchFolder,
  root: string,
  path: string,
  name: (path: string) => string,
): Promise<void> {
  const own = async (entry: string): Promise<string | undefined> => {
    const real = await files.realPath(entry);
    const isOwn = real.startsWith(root + sep) && !real.slice(root.length).includes('node_modules');
    return isOwn ? join(folder.path, name(real)) : undefined;
  };
  const entries: { readonly path: string; readonly link: boolean }[] = [];
  for (const { name: entry, kind } of await files.list(path)) {
    const inside = join(path, entry);
    if (!entry.startsWith('@') || kind !== 'directory')
      entries.push({ path: inside, link: kind === 'symlink' });
    else
      for (const scoped of await files.list(inside))
        entries.push({ path: join(inside, scoped.name), link: scoped.kind === 'symlink' });
  }
  const targets = new Map<string, string>();
  for (const entry of entries) {
    const target = entry.link ? await own(entry.path) : undefined;
    if (target !== undefined) targets.set(entry.path, target);
  }
  if (targets.size === 0) return folder.link(await files.realPath(path), name(path));
  for (const entry of entries) await folder.link(targets.get(entry.path) ?? entry.path, name(entry.path));
}
