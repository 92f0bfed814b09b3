/**
 * The project's own checkers and formatters at work: only in folders that the person trusts, one run at a time for a
 * project, and what was said is kept in step with the text. It must not know which tools there are.
 */
import { join } from 'node:path';
import type { Range, TextEdit } from 'vscode-languageserver-textdocument';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Check } from '../../analysis/checks/check.ts';
import { errorText } from '../../base/errors.ts';
import type { DocumentChange, Progress } from '../../base/host.ts';
import type { Machine } from '../../base/ports.ts';
import { applyEdits } from '../../edits/lines.ts';
import type { Runner } from '../../sandbox/command.ts';
import type { OpenDocuments, Places } from '../services.ts';
import { current, type Kept } from './kept.ts';
import { pathWithin } from './pathWithin.ts';
import type { Found, RunPorts } from './run.ts';
import type { CheckProblem, CheckResult, Checks } from './types.ts';

/** An edit waits this long for its formatter, and for checkers' words; in ms. */
const FORMAT_MS = 2_000;
const OBJECTIONS_MS = 6_000;
/** Which tools a folder has is looked at again after this, in ms. */
const REMEMBER_MS = 30_000;
/** Beyond this a text is not formatted or checked on the way. In UTF-16 units. */
const LARGEST = 1_000_000;
const MOST_OBJECTIONS = 5;
/** Texts that may be looked at as private copies at once. */
const MOST_COPIES = 16;

export interface ChecksParts {
  readonly machine: Machine;
  readonly documents: OpenDocuments;
  readonly places: Places;
  readonly analysis: Pick<Analysis, 'preflight'>;
  readonly trusted: (folder: string) => Promise<boolean>;
  /** What checkers said of these documents is other than before. */
  readonly changed: (uris: readonly string[]) => void;
  /** Runs programs; by default those of this machine. */
  readonly runner?: Runner;
}

/** A document as a file of a folder that the person trusts. */
interface Site {
  readonly folder: string;
  /** The folder with links resolved: programs name files so. */
  readonly root: string;
  readonly file: string;
}

export class ProjectChecks implements Checks {
  readonly #parts: ChecksParts;
  readonly #kept = new Map<string, readonly Kept[]>();
  readonly #running = new Map<string, AbortController>();
  readonly #tools = new Map<string, { readonly at: number; readonly names: readonly string[] }>();
  readonly #session = Math.random().toString(36).slice(2);
  #copies = 0;
  #runner: Runner | undefined;

  constructor(parts: ChecksParts) {
    this.#parts = parts;
    this.#runner = parts.runner;
  }

  problems(uri: string): readonly CheckProblem[] {
    return current(this.#kept.get(uri) ?? [], this.#parts.documents.get(uri));
  }

  overlapping(uri: string, range: Range): readonly CheckProblem[] {
    return this.problems(uri).filter(
      ({ range: at }) => !before(at.end, range.start) && !before(range.end, at.start),
    );
  }

  toolsFor(uri: string): readonly string[] {
    const known = this.#tools.get(uri);
    const { clock } = this.#parts.machine;
    if (!known || clock.now() - known.at > REMEMBER_MS) {
      this.#tools.set(uri, { at: clock.now(), names: known?.names ?? [] });
      this.#lookFor(uri).catch((error: unknown) => this.#log(`looking for checkers: ${errorText(error)}`));
    }
    return known?.names ?? [];
  }

  async #lookFor(uri: string): Promise<void> {
    const site = await this.#siteOf(uri);
    const checks = site ? await this.#checksOf(site, 'file') : [];
    const { clock } = this.#parts.machine;
    this.#tools.set(uri, { at: clock.now(), names: checks.map(({ tool }) => tool) });
  }

  async untrusted(uri: string): Promise<string | undefined> {
    const folder = this.#folderOf(uri)?.folder;
    if (folder === undefined || (await this.#parts.trusted(folder))) return undefined;
    return folder;
  }

  run(uri: string, scope: 'file' | 'project', progress: Progress): Promise<readonly CheckResult[]> {
    return this.#run(uri, scope, progress, 'heavy');
  }

  async #run(
    uri: string,
    scope: 'file' | 'project',
    progress: Progress,
    dearest: Check['cost'],
  ): Promise<readonly CheckResult[]> {
    const site = await this.#siteOf(uri);
    if (!site) return [];
    // What was asked for last is what is wanted.
    this.#running.get(site.root)?.abort();
    const run = new AbortController();
    this.#running.set(site.root, run);
    const signal = AbortSignal.any([run.signal, progress.signal]);
    try {
      const results: CheckResult[] = [];
      const checks = await this.#checksOf(site, scope);
      const cheap = checks.filter(({ cost }) => COST[cost] <= COST[dearest]);
      for (const check of cheap.sort((a, b) => COST[a.cost] - COST[b.cost])) {
        if (signal.aborted) break;
        progress.report(check.tool);
        results.push(await this.#runOne(check, site, scope, signal));
      }
      return results;
    } finally {
      if (this.#running.get(site.root) === run) this.#running.delete(site.root);
    }
  }

  /** A file was saved: its checkers look at it, except those that may take minutes. Never rejects. */
  async saved(uri: string): Promise<void> {
    const progress = { signal: new AbortController().signal, report: () => {}, done: () => {} };
    try {
      await this.#run(uri, 'file', progress, 'slow');
    } catch (error) {
      this.#log(`checking what was saved: ${errorText(error)}`);
    }
  }

  async #runOne(
    check: Check,
    site: Site,
    scope: 'file' | 'project',
    signal: AbortSignal,
  ): Promise<CheckResult> {
    const { runCheck } = await import('./late.ts');
    const ofFile = scope === 'file' && (check.forFile !== undefined || check.covers === 'file');
    const seen = this.#openVersions();
    const outcome = await runCheck(
      check,
      { root: site.root, ...(ofFile ? { file: site.file } : {}) },
      await this.#ports(),
      signal,
    );
    const { tool } = check;
    if (signal.aborted) return { tool, errors: 0, others: 0, why: 'Cancelled.' };
    if (!outcome.ok) {
      this.#log(`${tool}: ${outcome.why}`);
      return { tool, errors: 0, others: 0, why: outcome.why };
    }
    this.#keep(`${site.root} ${check.id}`, site, ofFile ? site.file : undefined, outcome.found, seen);
    const errors = outcome.found.filter(({ problem }) => problem.severity === 'error').length;
    return { tool, errors, others: outcome.found.length - errors };
  }

  /** Versions of the open documents, so that edits made while a checker runs are not lost. */
  #openVersions(): ReadonlyMap<string, NonNullable<Kept['seen']>> {
    const { documents, places } = this.#parts;
    const open = documents.all().map(document => {
      const path = places.pathOf(document.uri);
      return [path ?? document.uri, { document, version: document.version }] as const;
    });
    return new Map(open);
  }

  #keep(
    check: string,
    { folder, root }: Site,
    file: string | undefined,
    found: readonly Found[],
    seen: ReadonlyMap<string, NonNullable<Kept['seen']>>,
  ): void {
    const fresh = new Map<string, Kept[]>();
    for (const { path, problem, line } of found) {
      const at = join(folder, pathWithin(root, path) ?? '');
      const open = seen.get(at);
      const uri = open?.document.uri ?? this.#parts.places.uriOf(at);
      const list = fresh.get(uri) ?? [];
      list.push({ check, problem, line, ...(open ? { seen: open } : {}) });
      fresh.set(uri, list);
    }
    const meant = file === undefined ? undefined : join(folder, file);
    const changed = new Set(fresh.keys());
    for (const [uri, list] of this.#kept) {
      if (meant !== undefined && this.#parts.places.pathOf(uri) !== meant) continue;
      const others = list.filter(each => each.check !== check);
      if (others.length === list.length) continue;
      changed.add(uri);
      if (others.length > 0) this.#kept.set(uri, others);
      else this.#kept.delete(uri);
    }
    for (const [uri, list] of fresh) this.#kept.set(uri, [...(this.#kept.get(uri) ?? []), ...list]);
    this.#parts.changed([...changed]);
  }

  async objections(change: readonly DocumentChange[], signal: AbortSignal): Promise<readonly string[]> {
    return this.#within(OBJECTIONS_MS, signal, [], async limited => {
      const words: string[] = [];
      for (const each of change) {
        const text = this.#textsOf(each);
        const site = text && (await this.#siteOf(each.uri));
        if (!text || !site) continue;
        for (const check of await this.#checksOf(site, 'file')) {
          if (check.cost !== 'quick' || !check.forText) continue;
          for (const word of await this.#newErrors(check, site, text, limited))
            words.push(`${site.file}:${word}`);
        }
      }
      return words.slice(0, MOST_OBJECTIONS);
    });
  }

  async #newErrors(
    check: Check,
    { root, file }: Site,
    { before: old, after }: Texts,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { runCheck } = await import('./late.ts');
    const ports = await this.#ports();
    const errors = async (text: string): Promise<readonly CheckProblem[] | undefined> => {
      const outcome = await runCheck(check, { root, file, text }, ports, signal);
      if (!outcome.ok) this.#log(`${check.tool}: ${outcome.why}`);
      if (!outcome.ok) return undefined;
      const path = join(root, file);
      const own = outcome.found.filter(each => each.path === path && each.problem.severity === 'error');
      return own.map(({ problem }) => problem);
    };
    const now = await errors(after);
    if (!now || now.length === 0 || signal.aborted) return [];
    const was = old === '' ? [] : await errors(old);
    if (!was) return [];
    const known = was.map(keyOf);
    const fresh = now.filter(problem => {
      const at = known.indexOf(keyOf(problem));
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    });
    return fresh.map(
      ({ range, message, code }) =>
        `${range.start.line + 1}: ${message} (${check.tool}${code === undefined ? '' : ` ${code}`})`,
    );
  }

  async format(change: readonly DocumentChange[], signal: AbortSignal): Promise<readonly DocumentChange[]> {
    return this.#within(FORMAT_MS, signal, change, async limited => {
      const formatted: DocumentChange[] = [];
      for (const each of change) formatted.push(await this.#formatOne(each, limited));
      return formatted;
    });
  }

  async #formatOne(change: DocumentChange, signal: AbortSignal): Promise<DocumentChange> {
    const texts = this.#textsOf(change);
    if (!texts) return change;
    const { editsBetween, takeFormatted, tidied } = await import('./late.ts');
    const { before: old, after } = texts;
    const whole = await this.#formatted(change.uri, after, signal);
    const result = whole === undefined ? tidied(old, after) : (takeFormatted(old, after, whole) ?? after);
    if (result === after) return change;
    const edits: readonly TextEdit[] | undefined = editsBetween(old, result);
    if (!edits) return change;
    // A part of a formatter's work need not be sound.
    const verdict = change.create
      ? { ok: true }
      : await this.#parts.analysis.preflight(change.uri, edits, signal);
    return verdict.ok ? { ...change, edits } : change;
  }

  /** A whole text as the project's formatter writes it; undefined where there is none that may be run. */
  async #formatted(uri: string, text: string, signal: AbortSignal): Promise<string | undefined> {
    const site = await this.#siteOf(uri);
    // Control characters do not come back from a program as they were.
    // eslint-disable-next-line no-control-regex
    if (!site || /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text)) return undefined;
    const { findFormatters, runFormatter } = await import('./late.ts');
    const ports = await this.#ports();
    for (const formatter of await findFormatters(ports.files, site.root, site.file)) {
      const done = await runFormatter(formatter, { ...site, text }, ports, FORMAT_MS, signal);
      if (done.ok) return done.text;
      this.#log(`not formatted by ${formatter.tool}: ${done.why}`);
    }
    return undefined;
  }

  /** The text of a document before and after a change of it; undefined where it is not the text that was meant. */
  #textsOf({ uri, version, edits, create, delete: gone }: DocumentChange): Texts | undefined {
    const document = this.#parts.documents.get(uri);
    if (gone || edits.length === 0 || (create ? document : document?.version !== version)) return undefined;
    const old = document?.getText() ?? '';
    const after = applyEdits(old, edits);
    return after.length > LARGEST ? undefined : { before: old, after };
  }

  #folderOf(uri: string): { readonly folder: string; readonly file: string } | undefined {
    const { places } = this.#parts;
    const path = places.pathOf(uri);
    const folder = places.folderOf(uri);
    const file = path !== undefined && folder !== undefined ? pathWithin(folder, path) : undefined;
    return folder === undefined || file === undefined ? undefined : { folder, file };
  }

  async #siteOf(uri: string): Promise<Site | undefined> {
    const place = this.#folderOf(uri);
    if (!place || !(await this.#parts.trusted(place.folder))) return undefined;
    return { ...place, root: await this.#parts.machine.files.realPath(place.folder) };
  }

  /** What is to be run: what is not installed and not asked for by the project is passed over. */
  async #checksOf({ root, file }: Site, scope: 'file' | 'project'): Promise<readonly Check[]> {
    const { checkers, findChecks, isInstalled } = await import('./late.ts');
    const { machine } = this.#parts;
    const all = checkers(await findChecks(machine.files, root, scope === 'file' ? file : undefined), scope);
    const there = await Promise.all(
      all.map(async check => check.evidence !== '' || (await isInstalled(check, root, machine))),
    );
    return all.filter((_, index) => there[index]);
  }

  async #ports(): Promise<RunPorts> {
    const { machine } = this.#parts;
    const { files, environment } = machine;
    this.#runner ??= (await import('./late.ts')).createRunner(machine);
    const folder = join(environment.tempDirectory, `codriver-${this.#session}`);
    return {
      files,
      environment,
      runner: this.#runner,
      copyPath: name => join(folder, String(this.#copies++ % MOST_COPIES), name),
    };
  }

  /** The work, or `otherwise` when it takes too long or fails: an edit does not wait for niceties. */
  async #within<T>(
    ms: number,
    signal: AbortSignal,
    otherwise: T,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const timer = this.#parts.machine.clock.after(ms, () => limit.abort());
    try {
      const result = await work(AbortSignal.any([signal, limit.signal]));
      if (!limit.signal.aborted) return result;
      this.#log(`a checker or formatter took longer than ${ms} ms and was not waited for`);
    } catch (error) {
      if (!signal.aborted) this.#log(`checkers or formatters failed: ${errorText(error)}`);
    } finally {
      timer.cancel();
    }
    return otherwise;
  }

  #log(message: string): void {
    this.#parts.machine.log.write('info', message);
  }

  /** Folders may be trusted now that were not before, or the other way round. */
  reconfigured(): void {
    this.#tools.clear();
  }

  /** The session is over. */
  end(): void {
    for (const run of this.#running.values()) run.abort();
  }
}

interface Texts {
  readonly before: string;
  readonly after: string;
}

const COST = { quick: 0, slow: 1, heavy: 2 } as const;

function keyOf({ code, message }: CheckProblem): string {
  return `${code ?? ''} ${message}`;
}

function before(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
