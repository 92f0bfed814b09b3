/**
 * Runs one check in a clean copy, confined, and says how it ended, how many tests it ran, and through which lines of the
 * changed files it went. It must not judge: whether a result is evidence is decided elsewhere.
 */
import { posix } from 'node:path';
import { type Check, PLACES, type Program } from '../../analysis/checks/checks.ts';
import type { Files, TreeFiles } from '../../base/ports.ts';
import type { Isolation, Ran, Runner } from '../../sandbox/command.ts';
import { type Covered, goLines, mergeCovered, pythonLines, TRACER, v8Lines } from '../integrity/coverage.ts';
import type { Place } from './copies.ts';
import { countTests, didNotBuild, type TestCount } from './counts.ts';
import { keyOf, type KeptResults } from './results.ts';

export interface CheckRun {
  readonly id: string;
  readonly kind: Check['kind'];
  /** As it was called, without the place of the copy. */
  readonly argv: readonly string[];
  readonly ok: boolean;
  /** For example `passed`, `exit code 1`, `ended after 60 s`. */
  readonly how: string;
  /** False: it could not be started or confined, or was stopped, so that it says nothing of the tree. */
  readonly told: boolean;
  readonly output: string;
  readonly durationMs: number;
  readonly tree: string;
  readonly isolation: Isolation;
  readonly tests: TestCount | undefined;
  /** The code could not be read or built at all. */
  readonly broken: boolean;
  /** Lines of the measured files that it went through; undefined where nothing could be measured. */
  readonly covered: Covered | undefined;
}

export interface RunCheckPorts {
  readonly runner: Runner;
  readonly trees: TreeFiles;
  readonly files: Pick<Files, 'readText' | 'list'>;
  readonly results: KeptResults;
  /** The beginning of an argv for a program as `folder` of the project has it or PATH; undefined: it is not installed. */
  readonly findProgram: (program: Program, folder: string) => Promise<readonly string[] | undefined>;
  /** Absolute folder of the person's project; programs in it are taken from the copy, and it is hidden. */
  readonly project: string;
  /** Absolute: the task's own tree, where it is not the place itself; programs in it are taken from the copy. */
  readonly tree?: string;
  /** False only where nothing confines programs here and the person said that they may run all the same. */
  readonly confined: boolean;
  /** Bounds of one run by the check's cost. In milliseconds. */
  readonly limits?: Partial<Record<Check['cost'], number>>;
}

export interface RunCheckOptions {
  /** Changed files whose lines are measured; empty: nothing is. */
  readonly measure?: readonly string[];
  /** What differs from the copy as it was made; a part of the key under which the result is kept. */
  readonly variant?: string;
  readonly timeMs?: number;
  /** Run again although the result is known. */
  readonly anew?: boolean;
}

const TIME_MS = { quick: 60_000, slow: 300_000, heavy: 900_000 } as const;
const OUTPUT_BYTES = 4 * 1024 * 1024;
const PROCESSES = 1024;
/** Of an output, what is kept: its end says why. UTF-16 units. */
const KEPT_OUTPUT = 20_000;
const MOST_REPORTS = 400;
const MOST_REPORT_BYTES = 64 * 1024 * 1024;
/** No colours, no questions, English messages: what the readers of outputs are made for. */
const PLAIN = { LC_ALL: 'C.UTF-8', NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', TERM: 'dumb' };

/** Never throws but for an abort. */
export async function runCheck(
  check: Check,
  copy: Place,
  ports: RunCheckPorts,
  { measure = [], variant = '', timeMs, anew = false }: RunCheckOptions,
  signal: AbortSignal,
): Promise<CheckRun> {
  const { files, project, results, runner, tree, trees } = ports;
  const cwd = posix.join(copy.root, check.folder);
  const unsaid = {
    id: check.id,
    kind: check.kind,
    ok: false,
    told: false,
    durationMs: 0,
    tree: copy.hash,
    broken: false,
  };
  const found = await ports.findProgram(check.program, check.folder);
  if (found === undefined)
    return {
      ...unsaid,
      argv: [check.program.name],
      how: 'not installed',
      output: '',
      isolation: 'none',
      tests: undefined,
      covered: undefined,
    };
  const program = found.map(each => {
    const from = [project, tree].find(folder => folder !== undefined && each.startsWith(`${folder}/`));
    return from === undefined ? each : posix.join(copy.root, each.slice(from.length));
  });
  const cache = posix.join(copy.folder, 'cache');
  const reports = posix.join(copy.folder, 'reports');
  const measured = measure.length === 0 ? undefined : meter(check, copy, measure, reports);
  const argv = [
    ...program,
    ...check.arguments.map(each => each.replaceAll(PLACES.folder, cwd)),
    ...(measured?.arguments ?? []),
  ];
  const environment = { ...PLAIN, ...caches(cache), ...check.environment, ...measured?.environment };
  const shown = argv.map(each => each.replaceAll(`${copy.root}/`, '').replaceAll(copy.folder, ''));
  const key = keyOf(argv, `${copy.hash} ${variant}`, Object.keys(environment), copy.folder);
  const known = anew ? undefined : readRun(await results.get(key));
  if (known) return known;

  await trees.makeFolder(cache);
  await trees.removeTree(reports);
  await trees.makeFolder(reports);
  if (measured?.files)
    for (const [name, text] of Object.entries(measured.files))
      await trees.write(posix.join(reports, name), new TextEncoder().encode(text), false);
  const limit = timeMs ?? ports.limits?.[check.cost] ?? TIME_MS[check.cost];
  const ran = await runner.run(
    {
      argv,
      cwd,
      environment,
      limits: { timeMs: limit, outputBytes: OUTPUT_BYTES, processes: PROCESSES },
      ...(ports.confined
        ? { confinement: { writable: copy.writable, bound: copy.bound, hidden: [project], network: false } }
        : {}),
    },
    signal,
  );
  signal.throwIfAborted();
  const output = `${ran.stdout}\n${ran.stderr}`
    .trim()
    .replaceAll(`${copy.root}/`, '')
    .replaceAll(copy.folder, '');
  const run: CheckRun = {
    ...unsaid,
    argv: shown,
    ok: ran.ending === 'exit' && ran.code === 0,
    how: howOf(ran, limit),
    told: ran.ending === 'exit' || ran.ending === 'time' || ran.ending === 'output',
    output: output.length > KEPT_OUTPUT ? `…${output.slice(-KEPT_OUTPUT)}` : output,
    durationMs: ran.durationMs,
    isolation: ran.isolation,
    tests: check.kind === 'tests' ? countTests(output) : undefined,
    broken: ran.code !== 0 && didNotBuild(output),
    covered: measured && (await measured.read(files)),
  };
  if (ran.ending === 'exit') await results.set(key, writeRun(run));
  return run;
}

function howOf({ code, ending, stderr }: Ran, limitMs: number): string {
  if (ending === 'exit') return code === 0 ? 'passed' : `exit code ${code}`;
  if (ending === 'time') return `ended after ${Math.round(limitMs / 1000)} s`;
  if (ending === 'output') return 'ended, since it wrote without end';
  if (ending === 'aborted') return 'cancelled';
  return ending === 'not-confined'
    ? `not run: ${stderr.slice(0, 200)}`
    : `cannot be started: ${stderr.slice(0, 200)}`;
}

/** What tools keep goes beside the tree, since the home folder can only be read. */
function caches(folder: string): Readonly<Record<string, string>> {
  return {
    XDG_CACHE_HOME: folder,
    GOCACHE: `${folder}/go`,
    GOFLAGS: '-count=1',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    CARGO_TARGET_DIR: `${folder}/target`,
    CARGO_NET_OFFLINE: 'true',
    PYTHONDONTWRITEBYTECODE: '1',
    MYPY_CACHE_DIR: `${folder}/mypy`,
    RUFF_CACHE_DIR: `${folder}/ruff`,
    npm_config_cache: `${folder}/npm`,
    npm_config_update_notifier: 'false',
    npm_config_offline: 'true',
  };
}

interface Meter {
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Written into the folder of reports before. */
  readonly files?: Readonly<Record<string, string>>;
  read(files: RunCheckPorts['files']): Promise<Covered | undefined>;
}

/** How the lines that a run goes through can be had; undefined where they cannot. */
function meter(check: Check, copy: Place, paths: readonly string[], folder: string): Meter | undefined {
  const texts = async (files: RunCheckPorts['files'], ending: string) => {
    const names = (await files.list(folder))
      .filter(({ name }) => name.endsWith(ending))
      .slice(0, MOST_REPORTS);
    const read = await Promise.all(
      names.map(({ name }) => files.readText(posix.join(folder, name), MOST_REPORT_BYTES)),
    );
    return read.flatMap(each => (each.ok ? [each.text] : []));
  };
  const some = (pattern: RegExp) => paths.some(path => pattern.test(path));
  const isGo = check.tool === 'go test';
  const scripts = some(/\.(?:[cm]?[jt]sx?|vue|svelte)$/) && !isGo;
  const python = some(/\.py$/) && !isGo;
  if (isGo && some(/\.go$/))
    return {
      arguments: [`-coverprofile=${folder}/go.out`, '-coverpkg=./...'],
      async read(files) {
        const [profile] = await texts(files, 'go.out');
        return profile === undefined ? undefined : goLines(profile, paths);
      },
    };
  if (!scripts && !python) return undefined;
  return {
    environment: {
      ...(scripts ? { NODE_V8_COVERAGE: `${folder}/v8` } : {}),
      ...(python
        ? {
            PYTHONPATH: folder,
            CODRIVER_TRACE_ROOT: copy.root,
            CODRIVER_TRACE_TO: folder,
            CODRIVER_TRACE_FILES: JSON.stringify(paths.filter(path => path.endsWith('.py'))),
          }
        : {}),
    },
    ...(python ? { files: { 'sitecustomize.py': TRACER } } : {}),
    async read(files) {
      const known = new Map<string, string>();
      for (const path of paths) known.set(path, (await copy.text(path)) ?? '');
      const under = `file://${copy.root}/`;
      const pathOf = (url: string) => {
        if (typeof url !== 'string' || !url.startsWith(under)) return undefined;
        const path = decodeURIComponent(url.slice(under.length).replace(/[?#].*$/, ''));
        return known.has(path) ? path : undefined;
      };
      const v8 = scripts ? await reportsIn(files, `${folder}/v8`) : [];
      const traced = python ? await texts(files, '.json') : [];
      if (v8.length + traced.length === 0) return undefined;
      return mergeCovered([
        ...v8.map(each => v8Lines(each, pathOf, path => known.get(path))),
        ...traced.map(each => pythonLines(each, path => known.get(path))),
      ]);
    },
  };
}

async function reportsIn(files: RunCheckPorts['files'], folder: string): Promise<readonly string[]> {
  const entries = await files.list(folder).catch(() => []);
  const read = await Promise.all(
    entries
      .slice(0, MOST_REPORTS)
      .map(({ name }) => files.readText(posix.join(folder, name), MOST_REPORT_BYTES)),
  );
  return read.flatMap(each => (each.ok ? [each.text] : []));
}

function writeRun(run: CheckRun): unknown {
  return { ...run, covered: run.covered && [...run.covered].map(([path, lines]) => [path, [...lines]]) };
}

function readRun(value: unknown): CheckRun | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value && 'how' in value)) return undefined;
  const { covered, ...run } = value as Omit<CheckRun, 'covered'> & {
    readonly covered?: readonly (readonly [string, readonly number[]])[];
  };
  return { ...run, covered: covered && new Map(covered.map(([path, lines]) => [path, new Set(lines)])) };
}
