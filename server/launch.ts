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
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';

declare const __BUILD_ID__: string;

/** What a bundle's file evaluates to: the function that CommonJS wraps around a module. */
type Bundle = (
  this: unknown,
  exports: unknown,
  require: unknown,
  module: { readonly exports: unknown },
  filename: string,
  folder: string,
) => void;

/** A buffer whose memory can be given back at once; younger than the library that is compiled against. */
type Resizable = ArrayBuffer & { resize(bytes: number): void };
const ResizableBuffer = ArrayBuffer as unknown as new (
  bytes: number,
  options: { readonly maxByteLength: number },
) => Resizable;

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

/** Bytes of a cached file that are compared at a time. */
const COMPARED = 64 * 1024;

/**
 * A file holds the code twice, since V8 dies of a damaged one and believes what it gets: comparing takes 0.2 ms,
 * loading what a checksum needs 3. The second copy is never in memory as a whole.
 */
function readCache(path: string): Buffer<Resizable> | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(handle);
    if (!stat.isFile() || (ownUser !== undefined && stat.uid !== ownUser)) return undefined;
    const half = stat.size / 2;
    const code = Buffer.from(new ResizableBuffer(half, { maxByteLength: half }));
    if (readSync(handle, code, 0, half, 0) !== half) return undefined;
    const part = Buffer.allocUnsafeSlow(Math.min(half, COMPARED));
    for (let at = 0; at < half; at += part.length) {
      const length = readSync(handle, part, 0, Math.min(part.length, half - at), half + at);
      if (length === 0 || !part.subarray(0, length).equals(code.subarray(at, at + length))) return undefined;
      if (length < Math.min(part.length, half - at)) return undefined;
    }
    return code;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Where compiled code is kept, if anywhere. */
const folder = process.env['CODRIVER_NO_CODE_CACHE'] ? undefined : cacheFolder();
/** By the path of their cached file: compiled anew, to be saved when start-up has run through them. */
const unsaved = new Map<string, Script>();

/** Compiles a bundle, from the cache where it is there. */
function compile(filename: string): Bundle {
  // Bundles are ASCII, so this is the text; and V8 may keep a large one outside of its heap.
  const source = readFileSync(filename, 'latin1');
  if (!folder) return new Script(source, { filename }).runInThisContext() as Bundle;
  const file = join(folder, `${__BUILD_ID__}-${process.version}-${process.arch}-${basename(filename)}.bin`);
  const cachedData = readCache(file);
  const script = new Script(source, { filename, ...(cachedData ? { cachedData } : {}) });
  // A megabyte that would wait for a collection, and may be long in coming.
  cachedData?.buffer.resize(0);
  if (!cachedData || script.cachedDataRejected) {
    if (unsaved.size === 0) setEnvironmentData(RECORDING, true);
    unsaved.set(file, script);
  }
  return script.runInThisContext() as Bundle;
}

interface Loaded {
  readonly exports: { readonly lent?: Readonly<Record<string, () => unknown>> };
}
const loaded = new Map<string, Loaded>();
/** Parts of the thread's first bundle that files which come later share with it, by what they are required as. */
const lent = new Map<string, () => unknown>();

/**
 * Loads a bundle once per thread. Not by Node's loader, which would hold the text a second time to wrap it, and look
 * for package.json files on the way.
 */
function load(name: string): unknown {
  const known = loaded.get(name);
  if (known) return known.exports;
  const module: Loaded = { exports: {} };
  loaded.set(name, module);
  try {
    const filename = join(__dirname, name);
    compile(filename).call(module.exports, module.exports, requireFromBundle, module, filename, __dirname);
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
  for (const [part, exports] of Object.entries(module.exports.lent ?? {})) lent.set(part, exports);
  return module.exports;
}

const requireFromBundle = Object.assign(
  (id: string): unknown => lent.get(id)?.() ?? (id.startsWith('./') ? load(basename(id)) : require(id)),
  { resolve: require.resolve },
);

function save(into: string): void {
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
  if (unsaved.size > 0) removeOthers(into);
  unsaved.clear();
  setEnvironmentData(RECORDING, false);
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

if (folder) {
  setTimeout(save, 2000, folder).unref();
  process.once('exit', () => save(folder));
}
if (isMainThread) load('main.cjs');
else {
  load('worker.cjs');
  if (!getEnvironmentData(RECORDING)) for (const flag of FRUGAL) setFlagsFromString(flag);
}
