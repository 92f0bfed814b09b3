/**
 * The binary, and the first file of the worker thread: loads main.cjs or worker.cjs with compiled code from a cache.
 * Exists for start-up time and memory alone; it must not know what the bundles do. The cache lies in the user's own
 * 0700 folder, since whoever can write it decides what runs. Node's own cache (from 22.8) keeps less of the code:
 * 82 ms to `initialize` against 70 here, and it is written at the end, under whatever flags hold then.
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
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';

declare const __BUILD_ID__: string;

/** `require`d modules as Node's loader hands them over; not part of Node's published types. */
interface LoadedModule {
  _compile: (content: string, filename: string, ...rest: unknown[]) => unknown;
  exports: unknown;
  require(id: string): unknown;
}

const ownUser = process.getuid?.();

/** Set for all threads while code is still to be saved. */
const RECORDING = 'codriver.recording';

/**
 * V8 optimises later than it would by itself: its compilers leave 11 of 90 MB behind in malloc's arenas, for code
 * that a session with a small file does not miss (measured: the same completion times, the same time to index
 * 100,000 lines). Holds for the whole process. V8 refuses cached code that was made under other flags, also what
 * Node brings for itself, so the flags are set when both threads are loaded, and not in a session that saves code:
 * the first one after an installation.
 */
const FRUGAL = ['--interrupt-budget=1000000', '--wasm-tiering-budget=100000000'];

/** Whether nobody else can put something else in the place of what lies in a folder. */
function isOurs({ uid, mode }: Stats, forbidden: number): boolean {
  return ownUser === undefined || (uid === ownUser && (mode & forbidden) === 0);
}

/** The cache folder, made if needed; undefined if it is not ours alone, or others can write around it. */
function cacheFolder(): string | undefined {
  try {
    const named = process.env['XDG_CACHE_HOME'];
    const base = named !== undefined && isAbsolute(named) ? named : join(homedir(), '.cache');
    const own = join(base, 'codriver');
    const folder = join(own, 'code');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Only the owner of an entry can take it out of a sticky folder, as of /tmp; root may own the cache home.
    const home = statSync(base);
    const homeIsSafe =
      (home.mode & 0o1000) !== 0 || (home.uid === 0 && (home.mode & 0o022) === 0) || isOurs(home, 0o022);
    const [around, stat] = [lstatSync(own), lstatSync(folder)];
    const areFolders = around.isDirectory() && stat.isDirectory();
    return homeIsSafe && areFolders && isOurs(around, 0o022) && isOurs(stat, 0o077) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A file holds the code twice, since V8 dies of a damaged one and believes what it gets: comparing takes 0.2 ms,
 * loading what a checksum needs 3.
 */
function readCache(path: string): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(handle);
    if (!stat.isFile() || (ownUser !== undefined && stat.uid !== ownUser)) return undefined;
    const bytes = readFileSync(handle);
    const code = bytes.subarray(0, bytes.length / 2);
    return code.equals(bytes.subarray(bytes.length / 2)) ? code : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Compiles our bundles through `vm.Script` with cached data, written once, after start-up has run through them. */
function installCodeCache(folder: string): void {
  const key = `${__BUILD_ID__}-${process.version}-${process.arch}`;
  const prototype = nodeModule.Module.prototype as unknown as LoadedModule;
  const compile = prototype._compile;
  const here = dirname(__filename);
  const unsaved = new Map<string, Script>();
  prototype._compile = function (this: LoadedModule, content: string, filename: string, ...rest) {
    if (dirname(filename) !== here) return compile.call(this, content, filename, ...rest);
    const file = join(folder, `${key}-${basename(filename)}.bin`);
    const cachedData = readCache(file);
    const script = new Script(nodeModule.Module.wrap(content.replace(/^#!.*/, '')), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    if (!cachedData || script.cachedDataRejected) {
      unsaved.set(file, script);
      setEnvironmentData(RECORDING, true);
    }
    const wrapper = script.runInThisContext() as (...args: unknown[]) => unknown;
    const ownRequire = (id: string) => this.require(id);
    Object.assign(ownRequire, { resolve: nodeModule.createRequire(filename).resolve });
    return wrapper.call(this.exports, this.exports, ownRequire, this, filename, here);
  };
  const save = () => {
    for (const [file, script] of unsaved) {
      try {
        const temporary = `${file}.${process.pid}.${threadId}`;
        const code = script.createCachedData();
        writeFileSync(temporary, Buffer.concat([code, code]), { mode: 0o600, flag: 'wx' });
        renameSync(temporary, file);
      } catch {
        // A cache that cannot be written costs start-up time, nothing else.
      }
    }
    if (unsaved.size > 0) removeOthers(folder);
    unsaved.clear();
    setEnvironmentData(RECORDING, false);
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
if (folder) installCodeCache(folder);
if (isMainThread) require('./main.cjs');
else {
  require('./worker.cjs');
  if (!getEnvironmentData(RECORDING)) for (const flag of FRUGAL) setFlagsFromString(flag);
}
