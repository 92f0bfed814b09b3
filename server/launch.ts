/**
 * The binary: loads main.cjs, and compiled code from a cache where Node has none of its own (before 22.8).
 * Exists for start-up time alone; it must not know what the bundles do. The cache lies in the user's own
 * 0700 folder, since whoever can write it decides what runs.
 */
import {
  constants,
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

declare const __BUILD_ID__: string;

/** `require`d modules as Node's loader hands them over; not part of Node's published types. */
interface LoadedModule {
  _compile(content: string, filename: string): unknown;
  exports: unknown;
  require(id: string): unknown;
}

const ownUser = process.getuid?.();

/** The cache folder, made if needed; undefined if it is not ours alone. */
function cacheFolder(): string | undefined {
  try {
    const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
    const folder = join(base, 'codriver', 'code');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder);
    const ours = ownUser === undefined || (stat.uid === ownUser && (stat.mode & 0o077) === 0);
    return stat.isDirectory() && ours ? folder : undefined;
  } catch {
    return undefined;
  }
}

function readCache(path: string): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(handle);
    if (!stat.isFile() || (ownUser !== undefined && stat.uid !== ownUser)) return undefined;
    return readFileSync(handle);
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Compiles our bundles through `vm.Script` with cached data; written once, after start-up has run through them. */
function installCodeCache(folder: string): void {
  const key = `${__BUILD_ID__}-${process.version}-${process.arch}`;
  const prototype = nodeModule.Module.prototype as unknown as LoadedModule;
  const compile = prototype._compile;
  const here = dirname(__filename);
  const unsaved = new Map<string, Script>();
  prototype._compile = function (this: LoadedModule, content: string, filename: string) {
    if (dirname(filename) !== here) return compile.call(this, content, filename);
    const file = join(folder, `${key}-${basename(filename)}.bin`);
    const cachedData = readCache(file);
    const script = new Script(nodeModule.Module.wrap(content.replace(/^#!.*/, '')), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    if (!cachedData || script.cachedDataRejected) unsaved.set(file, script);
    const wrapper = script.runInThisContext() as (...args: unknown[]) => unknown;
    const ownRequire = (id: string) => this.require(id);
    Object.assign(ownRequire, { resolve: nodeModule.createRequire(filename).resolve });
    return wrapper.call(this.exports, this.exports, ownRequire, this, filename, here);
  };
  const save = () => {
    for (const [file, script] of unsaved) {
      try {
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, script.createCachedData(), { mode: 0o600, flag: 'wx' });
        renameSync(temporary, file);
      } catch {
        // A cache that cannot be written costs start-up time, nothing else.
      }
    }
    if (unsaved.size > 0) removeOthers(folder);
    unsaved.clear();
  };
  setTimeout(save, 2000).unref();
  process.once('exit', save);
}

/** Removes what other builds left, so that the folder holds one build's code per Node version. */
function removeOthers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(__BUILD_ID__)) rmSync(join(folder, name), { force: true, recursive: true });
    }
  } catch {
    // As above.
  }
}

const folder = process.env['CODRIVER_NO_CODE_CACHE'] ? undefined : cacheFolder();
if (folder) {
  const enable = (nodeModule as { enableCompileCache?: (path: string) => unknown }).enableCompileCache;
  if (enable) enable(join(folder, __BUILD_ID__));
  else installCodeCache(folder);
}
require('./main.cjs');
