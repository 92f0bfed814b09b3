/**
 * Whether a task's result may be called verified: its checks are run in a clean copy, and then it is asked whether they
 * could have failed, whether they go through what was changed, and whether the change weakened them. It must not know
 * how a program is confined, nor what becomes of a verdict.
 */
import { type Check, isTelling, type ProjectFiles } from '../../analysis/checks/checks.ts';
import type { Mutations } from '../../analysis/mutants/types.ts';
import type { Clock } from '../../base/ports.ts';
import type { TaskTree, TreeDiff } from '../../sandbox/taskTree.ts';
import { resultOf } from '../approval.ts';
import { type EvidenceReport, type EvidenceRow, evidenceText, experimentText } from '../evidence.ts';
import { roleOf } from '../integrity/files.ts';
import { type Finding, span, type TextChange } from '../integrity/types.ts';
import { changedUnits } from '../integrity/units.ts';
import { weakenedIn } from '../integrity/weakened.ts';
import { isLockFile, isManifest, newNamesIn } from '../newDependencies.ts';
import type { Verdict, Verifier } from '../ports.ts';
import type { Spent, TaskKind } from '../types.ts';
import { chooseChecks } from './choose.ts';
import { type CleanCopy, type CopyPorts, makeCopy } from './copies.ts';
import { judgeTests } from './judgeTests.ts';
import { type CheckRun, runCheck, type RunCheckPorts } from './runCheck.ts';
import { adviceFor, isRedBefore, workFor } from './words.ts';

export interface VerifyOptions {
  readonly tree: TaskTree;
  readonly kind: TaskKind;
  /** Names of checks in the document; undefined: all that the project has. */
  readonly checks: readonly string[] | undefined;
  /** The goal is to repair something, so that its tests must fail without it. */
  readonly isFix: boolean;
  /** Why the person has accepted a finding, by an act of theirs; undefined: they have not. */
  readonly accepted?: (finding: Finding) => string | undefined;
  readonly spent?: () => Spent;
  /** For trying faults, beside the checks themselves. In milliseconds. */
  readonly faultsMs?: number;
}

export interface VerifyPorts extends Omit<RunCheckPorts, 'project' | 'tree'> {
  readonly copies: CopyPorts;
  readonly mutations: Mutations;
  readonly clock: Clock;
  readonly report?: (message: string) => void;
  /** Told with every verdict: for diagnostics on tests, and for reports that programs read. */
  readonly onReport?: (report: EvidenceReport) => void;
}

const FAULTS_MS = 600_000;

/** One verification at a time. */
export function createVerifier(options: VerifyOptions, ports: VerifyPorts): Verifier {
  return { verify: signal => new Verification(options, ports, signal).verdict() };
}

class Verification {
  readonly #options: VerifyOptions;
  readonly #ports: VerifyPorts & RunCheckPorts;
  readonly #signal: AbortSignal;
  readonly #rows: EvidenceRow[] = [];
  readonly #findings: Finding[] = [];
  readonly #notes: string[] = [];
  readonly #work: string[] = [];
  readonly #copies: CleanCopy[] = [];
  /** The project has no tests, and the document asks for none: the person decides on something that nothing verified. */
  #untested = false;
  #names: EvidenceReport['names'] = [];
  #base: Promise<CleanCopy> | undefined;

  constructor(options: VerifyOptions, ports: VerifyPorts, signal: AbortSignal) {
    this.#options = options;
    this.#ports = { ...ports, project: options.tree.project, tree: options.tree.root };
    this.#signal = signal;
  }

  async verdict(): Promise<Verdict> {
    const { kind, tree } = this.#options;
    const diff = await tree.diff();
    const changes = textsOf(diff);
    try {
      if (diff.files.length === 0 && kind === 'change') {
        this.#work.push(
          'Make the change that the goal asks for; no file differs from what the task began with.',
        );
      } else {
        this.#lookAtFiles(diff, changes);
        await this.#run(diff, changes);
      }
    } finally {
      for (const copy of this.#copies) await copy.dispose().catch(() => {});
    }
    return this.#decide(diff);
  }

  #lookAtFiles(diff: TreeDiff, changes: readonly TextChange[]): void {
    for (const { path, after } of diff.files)
      if (typeof after === 'string')
        this.#work.push(
          `Remove or shrink ${span(path)}: it is ${after === 'special' ? 'no plain file' : 'too large'} and cannot be taken over.`,
        );
    if (diff.leftOut.length > 0)
      this.#notes.push(
        `Not part of the result, since the project's rules leave it out: ${diff.leftOut
          .slice(0, 5)
          .map(path => span(path))
          .join(', ')}${diff.leftOut.length > 5 ? ` and ${diff.leftOut.length - 5} more` : ''}.`,
      );
    const binary = diff.files.length - changes.length;
    if (binary > 0)
      this.#notes.push(
        `${binary} changed ${binary === 1 ? 'file is' : 'files are'} no text and was not looked at.`,
      );
    if (this.#options.kind === 'change') this.#findings.push(...weakenedIn(changes));
  }

  async #run(diff: TreeDiff, changes: readonly TextChange[]): Promise<void> {
    const { checks: names, isFix, kind, tree } = this.#options;
    const copy = await makeCopy(tree, diff, { of: 'result' }, this.#ports.copies);
    this.#copies.push(copy);
    const [before, after, known] = await projectsOf(copy, diff, changes);
    this.#names = newNamesIn(changes, known, copy.paths);
    const chosen = chooseChecks(before, after, kind === 'experiment' ? (names ?? []) : names);
    for (const name of chosen.unknown)
      this.#work.push(
        `The document asks for the check ${span(name)}, which the project does not have. Name another, or add it.`,
      );
    for (const id of chosen.vanished)
      this.#findings.push({
        kind: 'check-removed',
        path: '',
        message: `The project had the check ${span(id)} and has it no longer.`,
        blocks: true,
      });
    this.#untested = names === undefined && !chosen.checks.some(check => check.kind === 'tests');
    if (this.#untested)
      this.#notes.push(
        'No test of the project is known, so nothing here is verified. Read the change yourself.',
      );
    const units = changedUnits(changes);
    const measured = [...new Set(units.map(({ path }) => path))];
    const passed: { check: Check; run: CheckRun }[] = [];
    for (const check of chosen.checks) {
      if (check.cost === 'heavy' && this.#rows.some(({ standing }) => standing === 'failed')) {
        this.#notes.push(`${span(check.id)} was not run, since a cheaper check fails.`);
        continue;
      }
      this.#ports.report?.(`running ${check.id}`);
      const row = await this.#judge(check, copy, diff, measured, names !== undefined);
      if (row.standing === 'passed' && check.kind === 'tests') passed.push({ check, run: row.run });
      else this.#rows.push(row);
    }
    if (kind === 'experiment') {
      this.#rows.push(...passed.map(({ run }) => ({ run, standing: 'passed' as const, covers: '' })));
      return;
    }
    const judged = await judgeTests(
      {
        passed,
        units,
        changes,
        isFix,
        copy,
        faultsMs: this.#options.faultsMs ?? FAULTS_MS,
        failed: this.#rows.some(({ standing }) => standing === 'failed'),
      },
      {
        clock: this.#ports.clock,
        mutations: this.#ports.mutations,
        report: message => this.#ports.report?.(message),
        runIn: (check, where, more) => runCheck(check, where, this.#ports, more, this.#signal),
        base: () => this.#baseCopy(diff),
        baseWithTests: async () => {
          const paths = new Set(
            changes.map(({ path }) => path).filter(path => ['test', 'snapshot'].includes(roleOf(path))),
          );
          const made = await makeCopy(tree, diff, { of: 'tests', paths }, this.#ports.copies);
          this.#copies.push(made);
          return made;
        },
      },
      this.#signal,
    );
    this.#rows.push(...judged.rows);
    this.#findings.push(...(this.#untested ? [] : judged.findings));
    this.#notes.push(...judged.notes);
  }

  #baseCopy(diff: TreeDiff): Promise<CleanCopy> {
    this.#base ??= makeCopy(this.#options.tree, diff, { of: 'base' }, this.#ports.copies).then(copy => {
      this.#copies.push(copy);
      return copy;
    });
    return this.#base;
  }

  /** Runs a check; what fails is run again, and then on the base. */
  async #judge(
    check: Check,
    copy: CleanCopy,
    diff: TreeDiff,
    measured: readonly string[],
    named: boolean,
  ): Promise<EvidenceRow> {
    const measure = check.kind === 'tests' ? measured : [];
    const go = (where: CleanCopy, anew = false) =>
      runCheck(check, where, this.#ports, { measure: where === copy ? measure : [], anew }, this.#signal);
    const run = await go(copy);
    if (!run.told) {
      const says = `${span(check.id)} was not run: ${span(run.how, 200)}.`;
      if (named || run.how.startsWith('not run'))
        this.#work.push(`Make ${span(check.id)} run: ${span(run.how, 200)}.`);
      else this.#notes.push(says);
      return { run, standing: 'not run', covers: '' };
    }
    const touched = await copy.putBack();
    if (touched.length > 0)
      this.#findings.push({
        kind: 'writes',
        path: touched[0] ?? '',
        message: `${span(check.id)} writes to ${touched.length} ${touched.length === 1 ? 'file' : 'files'} of the project.`,
        blocks: false,
      });
    if (run.ok) return { run, standing: 'passed', covers: coversOf(check) };
    if (this.#options.kind === 'experiment') return { run, standing: 'failed', covers: '' };
    const again = await go(copy, true);
    await copy.putBack();
    if (again.ok) {
      this.#findings.push({
        kind: 'flaky',
        path: '',
        message: `${span(check.id)} failed and then passed on the same tree.`,
        blocks: false,
      });
      return { run: again, standing: 'flaky', covers: coversOf(check) };
    }
    const base = await go(await this.#baseCopy(diff));
    if (isRedBefore(again, base)) {
      this.#notes.push(`${span(check.id)} failed in the same way before the change.`);
      return { run: again, standing: 'red before', covers: coversOf(check) };
    }
    this.#work.push(workFor(again));
    return { run: again, standing: 'failed', covers: coversOf(check) };
  }

  #decide(diff: TreeDiff): Verdict {
    const { accepted, kind, spent, tree } = this.#options;
    const result = resultOf(tree, diff);
    const findings = this.#findings.map(each => {
      const reason = each.blocks ? accepted?.(each) : undefined;
      if (reason === undefined) return each;
      return { ...each, blocks: false, message: `${each.message} You accepted it: ${span(reason, 200)}.` };
    });
    const blocking = findings.filter(({ blocks }) => blocks);
    const work = [...this.#work, ...blocking.map(adviceFor)];
    const ok = work.length === 0;
    const report: EvidenceReport = {
      ok: ok && !this.#untested,
      result,
      treeHash: diff.treeHash,
      rows: this.#rows,
      findings,
      changed: diff.files.map(({ path }) => path),
      names: this.#names,
      notes: [...tree.notes, ...this.#notes],
      ...(spent ? { spent: spent() } : {}),
    };
    this.#ports.onReport?.(report);
    const evidence = kind === 'experiment' ? experimentText(report) : evidenceText(report);
    if (ok) return { ok: true, result, evidence };
    const why =
      work.length === 1 ? (work[0] ?? '') : `${work[0]} (and ${work.length - 1} more; see Evidence)`;
    return { ok: false, why, work: [...new Set(work)].slice(0, 20), evidence };
  }
}

function coversOf({ covers, folder, kind }: Check): string {
  const where = covers === 'project' ? (folder === '' ? 'the project' : span(folder)) : 'single files';
  return `${kind} of ${where}`;
}

/** Changed files that are text, before and after. */
export function textsOf(diff: TreeDiff): readonly TextChange[] {
  const text = (file: TreeDiff['files'][number]['after']): string | undefined | null => {
    if (file === undefined) return undefined;
    if (typeof file === 'string' || file.kind === 'symlink' || file.bytes.includes(0)) return null;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(file.bytes).replaceAll('\r\n', '\n');
    } catch {
      return null;
    }
  };
  return diff.files.flatMap(({ path, before, after }) => {
    const [old, now] = [text(before), text(after)];
    return old === null || now === null ? [] : [{ path, before: old, after: now }];
  });
}

/** The project's files before and after, and the texts of its manifests and lock files before. */
async function projectsOf(
  copy: CleanCopy,
  diff: TreeDiff,
  changes: readonly TextChange[],
): Promise<readonly [ProjectFiles, ProjectFiles, ReadonlyMap<string, string>]> {
  const changed = new Map(changes.map(change => [change.path, change]));
  const texts = new Map<string, string>();
  for (const path of copy.paths) {
    if (!isTelling(path) && !isManifest(path) && !isLockFile(path)) continue;
    const text = await copy.text(path);
    if (text !== undefined) texts.set(path, text);
  }
  const added = new Set(diff.files.filter(({ before }) => before === undefined).map(({ path }) => path));
  const gone = diff.files
    .filter(({ before, after }) => before !== undefined && after === undefined)
    .map(({ path }) => path);
  const old = (path: string) => (changed.has(path) ? changed.get(path)?.before : texts.get(path));
  const paths = [...copy.paths.filter(path => !added.has(path)), ...gone];
  const known = new Map<string, string>();
  for (const path of paths) if (isManifest(path) || isLockFile(path)) known.set(path, old(path) ?? '');
  return [{ paths, text: old }, { paths: copy.paths, text: path => texts.get(path) }, known];
}
