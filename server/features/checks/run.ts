/**
 * Running one checker or formatter: arguments are filled in, the text is handed over, what is said becomes problems
 * of files in the project. Whether anything may be run is decided before; where problems go is decided later.
 */
import { basename, dirname, join, resolve } from 'node:path';
import {
  type Check,
  compilationOf,
  compilerReports,
  type Formatter,
  PLACES,
  rangeOf,
  type Report,
} from '../../analysis/checks/checks.ts';
import { stripControls } from '../../base/controls.ts';
import type { Environment, Files } from '../../base/ports.ts';
import { splitLines, contentLength } from '../../base/text.ts';
import { isInside } from '../../guard/containment.ts';
import type { Ran, Runner } from '../../sandbox/command.ts';
import { findProgram } from './findProgram.ts';
import { pathWithin } from './pathWithin.ts';
import { upwards } from './project.ts';
import type { CheckProblem } from './types.ts';

const TIME_MS = { quick: 20_000, slow: 180_000, heavy: 600_000 } as const;
const OUTPUT_BYTES = 8 * 1024 * 1024;
/** More than this of one run helps nobody. */
const MOST_REPORTS = 2_000;
const LARGEST_DATABASE = 64 * 1024 * 1024;
const LONGEST_FORMATTED = 2 * 1024 * 1024;

export interface RunPorts {
  readonly files: Files;
  readonly environment: Environment;
  readonly runner: Runner;
  /** An absolute path for a private copy of a text; nobody else writes there. */
  readonly copyPath: (name: string) => string;
}

/** What is to be checked: the whole project, a file as it is saved, or a text that it might hold. */
export interface Target {
  /** Absolute, with links resolved. */
  readonly root: string;
  /** Relative to the project, with `/`. */
  readonly file?: string;
  /** Of that file, saved or not. */
  readonly text?: string;
}

/** A problem of a file, and the line it begins in as the tool saw it. */
export interface Found {
  readonly path: string;
  readonly problem: CheckProblem;
  readonly line: string;
}

export type RunOutcome =
  | { readonly ok: true; readonly found: readonly Found[] }
  | { readonly ok: false; readonly why: string };

interface Call {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdin?: string;
  /** The private copy that stands for the file. */
  readonly copy?: string;
  readonly parse: Check['parse'];
}

/** Runs a checker. Never throws; `why` is a sentence for the person. */
export async function runCheck(
  check: Check,
  target: Target,
  ports: RunPorts,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const call = await callOf(check, target, ports);
  if (typeof call === 'string') return { ok: false, why: call };
  const { argv, cwd, stdin, copy, parse } = call;
  if (copy !== undefined) await ports.files.writePrivate(copy, target.text ?? '');
  const ran = await ports.runner.run(
    {
      argv,
      cwd,
      ...(stdin === undefined ? {} : { stdin }),
      environment: { ...PLAIN, ...check.environment },
      limits: { timeMs: TIME_MS[check.cost], outputBytes: OUTPUT_BYTES },
    },
    signal,
  );
  if (copy !== undefined) await ports.files.remove(copy).catch(() => {});
  const unheard = failure(check.tool, ran);
  if (unheard !== undefined && ran.ending !== 'output') return { ok: false, why: unheard };
  const reports = parse({
    code: ran.code,
    stdout: stripControls(ran.stdout),
    stderr: stripControls(ran.stderr),
  });
  // Linters end with an error because they found something; one that found nothing and failed has failed.
  if (reports.length === 0 && ran.code !== 0)
    return { ok: false, why: `${check.tool} failed: ${firstLine(ran) || 'it does not say why'}` };
  return { ok: true, found: await located(reports.slice(0, MOST_REPORTS), check, target, call, ports) };
}

/** No colours, no questions, English messages: what the readers of reports are made for. */
const PLAIN = { LC_ALL: 'C.UTF-8', NO_COLOR: '1', CI: '1', TERM: 'dumb' };

function failure(tool: string, { ending, stderr }: Ran): string | undefined {
  if (ending === 'exit') return undefined;
  if (ending === 'time') return `${tool} took too long and was ended.`;
  if (ending === 'aborted') return 'Cancelled.';
  if (ending === 'output') return `${tool} wrote more than ${OUTPUT_BYTES / 1024 / 1024} MB.`;
  return `${tool} cannot be started: ${stderr.trim().split('\n')[0]?.slice(0, 200) || 'no reason is known'}`;
}

function firstLine({ stderr, stdout }: Ran): string {
  const lines = stripControls(`${stderr}\n${stdout}`).split('\n');
  return (
    lines
      .find(line => line.trim() !== '')
      ?.trim()
      .slice(0, 300) ?? ''
  );
}

/** What to call, or why that cannot be. */
async function callOf(check: Check, target: Target, ports: RunPorts): Promise<Call | string> {
  const { root, file, text } = target;
  const cwd = join(root, check.folder);
  if (check.id === 'compiler') return compilerCall(check, target, ports);
  const mode = text !== undefined ? check.forText : file !== undefined ? check.forFile : undefined;
  if (text !== undefined && !mode) return `${check.tool} checks saved files only.`;
  if (!mode && check.covers === 'file') return `${check.tool} checks single files only.`;
  const program = await findProgram(check.program, root, check.folder, ports);
  if (!program) return notFound(check);
  let stdin: string | undefined;
  if (mode?.feed === 'stdin') {
    const given = text ?? (await saved(join(root, file ?? ''), ports));
    if (given === undefined) return `${file} cannot be read.`;
    stdin = given;
  }
  const copy = mode?.feed === 'copy' ? ports.copyPath(basename(file ?? '')) : undefined;
  const values = placeValues(root, check.folder, file, copy);
  return {
    argv: [...program, ...(mode?.arguments ?? check.arguments).map(each => filled(each, values))],
    cwd,
    parse: check.parse,
    ...(stdin === undefined ? {} : { stdin }),
    ...(copy === undefined ? {} : { copy }),
  };
}

function notFound({ tool, program, evidence }: Pick<Check, 'tool' | 'program' | 'evidence'>): string {
  const where = program.local.length > 0 ? 'in the project nor on PATH' : 'on PATH';
  const shown = evidence === '' ? '' : ` ${evidence} asks for it.`;
  return `${tool} is not installed${program.local.length > 0 ? ', neither ' : ' '}${where}.${shown}`;
}

function placeValues(
  root: string,
  folder: string,
  file: string | undefined,
  copy: string | undefined,
): Readonly<Record<string, string>> {
  const below = file === undefined || folder === '' ? (file ?? '.') : file.slice(folder.length + 1);
  return {
    [PLACES.file]: join(root, file ?? ''),
    [PLACES.relative]: below,
    [PLACES.directory]: dirname(below) === '.' ? '' : dirname(below),
    [PLACES.copy]: copy ?? '',
    [PLACES.folder]: join(root, folder),
  };
}

function filled(argument: string, values: Readonly<Record<string, string>>): string {
  return argument.replace(/\{[a-z]+\}/g, place => values[place] ?? place);
}

async function compilerCall(check: Check, target: Target, ports: RunPorts): Promise<Call | string> {
  const { root, file = '', text } = target;
  const path = join(root, file);
  const read = await ports.files.readText(join(root, check.evidence), LARGEST_DATABASE);
  if (!read.ok) return `${check.evidence} cannot be read.`;
  const compilation = compilationOf(read.text, (folder, each) => resolve(root, folder, each) === path);
  if (!compilation) return `${check.evidence} does not say how ${file} is compiled.`;
  const { compiler, directory } = compilation;
  const cwd = resolve(root, directory);
  if (!isInside(root, cwd, ports.environment.platform))
    return `${check.evidence} compiles outside of this folder.`;
  const name = basename(compiler);
  const program = await findProgram({ name, local: [] }, root, '', ports);
  if (!program) return notFound({ ...check, tool: name, program: { name, local: [] } });
  const args = compilation.arguments.slice(0, -1);
  if (text === undefined) return { argv: [...program, ...args, path], cwd, parse: compilerReports(name) };
  const language = file.endsWith('.c') ? 'c' : /\.mm?$/.test(file) ? 'objective-c' : 'c++';
  return {
    // What it includes lies beside it, and not beside standard input.
    argv: [...program, '-iquote', dirname(path), ...args, '-x', language, '-'],
    cwd,
    stdin: text,
    parse: compilerReports(name),
  };
}

async function saved(path: string, { files }: Pick<RunPorts, 'files'>): Promise<string | undefined> {
  const read = await files.readText(path).catch(() => undefined);
  return read?.ok ? read.text : undefined;
}

/** Reports as problems of files that are in the project; the others are dropped. */
async function located(
  reports: readonly Report[],
  check: Check,
  target: Target,
  { cwd, copy }: Call,
  ports: RunPorts,
): Promise<readonly Found[]> {
  const { root, file, text } = target;
  const known = new Map<string, Promise<{ path: string; lines: readonly string[] } | undefined>>();
  const look = async (written: string) => {
    const isMeant = written === '' || written === copy;
    const path = isMeant ? file && join(root, file) : await existing(written, cwd, root, ports);
    if (path === undefined) return undefined;
    const isFile = file !== undefined && path === join(root, file);
    const content = isFile && text !== undefined ? text : await saved(path, ports);
    return content === undefined ? undefined : { path, lines: linesOf(content) };
  };
  const found: Found[] = [];
  for (const report of reports) {
    let place = known.get(report.path);
    if (!place) known.set(report.path, (place = look(report.path)));
    const seen = await place;
    if (!seen) continue;
    const range = rangeOf(report, seen.lines);
    found.push({
      path: seen.path,
      problem: {
        range,
        message: report.message,
        source: check.tool === 'compiler' ? 'compiler' : check.tool,
        severity: report.severity,
        ...(report.code === undefined ? {} : { code: report.code }),
        ...(report.url === undefined ? {} : { url: report.url }),
      },
      line: seen.lines[range.start.line] ?? '',
    });
  }
  return found;
}

/** A file of the project by what a tool calls it: some name it from a folder above the one they ran in. */
async function existing(
  written: string,
  cwd: string,
  root: string,
  { files, environment }: RunPorts,
): Promise<string | undefined> {
  const within = pathWithin(root, cwd) ?? '';
  for (const folder of new Set([cwd, ...upwards(root, within)])) {
    const path = resolve(folder, written);
    if (!isInside(root, path, environment.platform)) continue;
    if ((await files.stat(path).catch(() => undefined))?.kind !== 'file') continue;
    const real = await files.realPath(path).catch(() => undefined);
    const isOthers = /[\\/]node_modules[\\/]/.test(path);
    if (real !== undefined && isInside(root, real, environment.platform)) return isOthers ? undefined : path;
  }
  return undefined;
}

export function linesOf(text: string): readonly string[] {
  return splitLines(text).map(line => line.slice(0, contentLength(line)));
}

/** The whole text as a formatter writes it, or why there is none. */
export async function runFormatter(
  formatter: Formatter,
  target: Required<Target>,
  ports: RunPorts,
  timeMs: number,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }> {
  const { root, file, text } = target;
  const { folder, tool } = formatter;
  const program = await findProgram(formatter.program, root, folder, ports);
  if (!program) return { ok: false, why: notFound(formatter) };
  const values = placeValues(root, folder, file, undefined);
  const ran = await ports.runner.run(
    {
      argv: [...program, ...formatter.arguments.map(each => filled(each, values))],
      cwd: join(root, folder),
      stdin: text,
      environment: PLAIN,
      limits: { timeMs, outputBytes: LONGEST_FORMATTED },
    },
    signal,
  );
  const why = failure(tool, ran) ?? (ran.code === 0 ? undefined : `${tool} failed: ${firstLine(ran)}`);
  if (why !== undefined) return { ok: false, why };
  // A formatter that says nothing has not formatted everything away.
  if (ran.stdout.trim() === '' || ran.truncated) return { ok: false, why: `${tool} gave no text back.` };
  return { ok: true, text: ran.stdout };
}
