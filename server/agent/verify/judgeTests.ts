/**
 * Whether tests that pass may be believed: do as many run as before, do they go through the changed code, do they notice
 * faults in it, do those of a repair fail without it. It must not know how a check is run.
 */
import type { Check } from '../../analysis/checks/checks.ts';
import type { Mutations } from '../../analysis/mutants/types.ts';
import type { Clock } from '../../base/ports.ts';
import type { EvidenceRow } from '../evidence.ts';
import { blindFindings, canFail, type Noticed } from '../integrity/canFail.ts';
import { type Covered, mergeCovered } from '../integrity/coverage.ts';
import { executedOf, missedFindings } from '../integrity/executes.ts';
import { roleOf } from '../integrity/files.ts';
import { testBlocksOf } from '../integrity/testBlocks.ts';
import { type Finding, span, type TextChange } from '../integrity/types.ts';
import type { Unit } from '../integrity/units.ts';
import type { CleanCopy } from './copies.ts';
import { variantOf } from './results.ts';
import type { CheckRun, RunCheckOptions } from './runCheck.ts';

interface Passed {
  readonly check: Check;
  readonly run: CheckRun;
}

export interface Judgement {
  readonly rows: readonly EvidenceRow[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

export interface JudgeParts {
  /** Tests that passed, the cheap ones first. */
  readonly passed: readonly Passed[];
  readonly units: readonly Unit[];
  readonly changes: readonly TextChange[];
  readonly isFix: boolean;
  readonly copy: CleanCopy;
  readonly faultsMs: number;
  /** Another check fails, so that there is work enough. */
  readonly failed: boolean;
}

export interface JudgePorts {
  readonly clock: Clock;
  readonly mutations: Mutations;
  readonly report: (message: string) => void;
  readonly runIn: (check: Check, where: CleanCopy, options: RunCheckOptions) => Promise<CheckRun>;
  readonly base: () => Promise<CleanCopy>;
  /** The base with the tests of the result. */
  readonly baseWithTests: () => Promise<CleanCopy>;
}

/** A fault that makes the tests take so many times as long has hung them. */
const HANG_FACTOR = 4;
const LEAST_HANG_MS = 20_000;

export async function judgeTests(
  parts: JudgeParts,
  ports: JudgePorts,
  signal: AbortSignal,
): Promise<Judgement> {
  const { changes, copy, failed, isFix, passed, units } = parts;
  const findings: Finding[] = [];
  const notes: string[] = [];
  const doubtful = new Set<string>();
  const covers = new Map<string, string[]>();
  const say = (id: string, words: string) => covers.set(id, [...(covers.get(id) ?? []), words]);
  const rows = () =>
    passed.map(({ check, run }): EvidenceRow => {
      const isSound =
        !doubtful.has(check.id) && (units.length === 0 || (covers.get(check.id)?.length ?? 0) > 0);
      return {
        run,
        standing: isSound ? (units.length === 0 ? 'passed' : 'evidence') : 'doubtful',
        covers: (covers.get(check.id) ?? []).join(', '),
      };
    });
  if (failed) return { rows: rows().map(row => ({ ...row, standing: 'passed' })), findings, notes };

  for (const { check, run } of passed) {
    const found = await reachOf(check, run, changes, ports);
    findings.push(...found);
    if (found.some(({ blocks }) => blocks)) doubtful.add(check.id);
  }
  const sound = passed.filter(({ check }) => !doubtful.has(check.id));
  if (units.length === 0) {
    if (changes.length > 0) notes.push('No code was changed, so that no test can go through it.');
    return { rows: rows(), findings, notes };
  }
  if (sound.length === 0) {
    findings.push({
      kind: 'not-executed',
      path: units[0]?.path ?? '',
      message: `Nothing that can fail ran for the changed code: ${passed.length === 0 ? 'no tests passed' : 'the tests cannot be believed'}.`,
      blocks: true,
    });
    return { rows: rows(), findings, notes };
  }

  const measured = sound.flatMap(({ run }) => (run.covered ? [run.covered] : []));
  const covered: Covered | undefined = measured.length === 0 ? undefined : mergeCovered(measured);
  const executed = executedOf(units, covered);
  findings.push(...missedFindings(executed));
  for (const { check, run } of sound) {
    const own = executedOf(units, run.covered);
    if (own.lines > 0) say(check.id, `${own.lines} of ${own.of} changed lines`);
  }
  if (executed.unmeasured.length > 0)
    notes.push(
      `Lines of ${executed.unmeasured.length} changed ${executed.unmeasured.length === 1 ? 'function' : 'functions'} cannot be measured here; faults alone tell of them.`,
    );

  if (isFix) findings.push(...(await redFirst(sound, changes, ports, notes)));

  const until = ports.clock.now() + parts.faultsMs;
  const candidates = units.filter(unit => !executed.missed.includes(unit));
  let tried = 0;
  const verdicts = await canFail(
    candidates,
    {
      mutations: ports.mutations,
      text: path => copy.text(path),
      more: () => ports.clock.now() < until,
      async run(path, text): Promise<Noticed> {
        ports.report(`trying fault ${++tried}`);
        let said: Noticed = 'useless';
        for (const { check, run } of sound) {
          await copy.write(path, text);
          const timeMs = Math.max(LEAST_HANG_MS, HANG_FACTOR * run.durationMs);
          const faulty = await ports.runIn(check, copy, { variant: variantOf(path, text), timeMs });
          await copy.putBack();
          if (!faulty.told || faulty.broken) continue;
          if (!faulty.ok) {
            if (!covers.get(check.id)?.some(words => words.startsWith('notices')))
              say(check.id, 'notices faults');
            return 'noticed';
          }
          said = 'unnoticed';
        }
        return said;
      },
    },
    signal,
  );
  findings.push(...blindFindings(verdicts));
  const noticed = verdicts.filter(({ state }) => state === 'noticed').length;
  const untried = verdicts.filter(({ state }) => state === 'untried');
  notes.push(`Faults were noticed in ${noticed} of ${verdicts.length} changed functions.`);
  if (untried.length > 0)
    notes.push(
      `No fault could be tried in ${untried
        .map(({ unit }) => span(unit.name))
        .slice(0, 10)
        .join(', ')}.`,
    );
  const unseen = untried.filter(({ unit }) => executed.unmeasured.includes(unit));
  if (unseen.length > 0 && noticed === 0)
    findings.push({
      kind: 'blind',
      path: unseen[0]?.unit.path ?? '',
      message: `Nothing shows that a test goes through ${span(unseen[0]?.unit.name ?? '')} or notices a fault in it.`,
      blocks: true,
    });
  if (findings.some(({ kind }) => kind === 'blind'))
    for (const { check } of sound)
      if (!covers.get(check.id)?.some(words => words.startsWith('notices'))) doubtful.add(check.id);
  return { rows: rows(), findings, notes };
}

/** Whether fewer tests ran than before, and whether any ran. */
async function reachOf(
  check: Check,
  run: CheckRun,
  changes: readonly TextChange[],
  ports: JudgePorts,
): Promise<readonly Finding[]> {
  const at = { kind: 'reach' as const, path: '' };
  const now = run.tests;
  if (now?.ran === 0)
    return [{ ...at, message: `${span(check.id)} passed without running a test.`, blocks: true }];
  if (now === undefined) return [];
  const before = (await ports.runIn(check, await ports.base(), {})).tests;
  if (before === undefined || now.ran >= before.ran) return [];
  const removed = changes.reduce(
    (sum, { path, before: old, after }) =>
      roleOf(path) === 'test'
        ? sum + testBlocksOf(path, old ?? '').length - testBlocksOf(path, after ?? '').length
        : sum,
    0,
  );
  return [
    {
      ...at,
      message: `${span(check.id)} ran ${now.ran} tests, and ${before.ran} before the change.`,
      blocks: before.ran - now.ran > removed,
    },
  ];
}

/** Whether the tests of a repair fail without it. */
async function redFirst(
  sound: readonly Passed[],
  changes: readonly TextChange[],
  ports: JudgePorts,
  notes: string[],
): Promise<readonly Finding[]> {
  const tests = changes.filter(
    ({ path, after }) => after !== undefined && ['test', 'snapshot'].includes(roleOf(path)),
  );
  const at = { kind: 'not-red-first' as const, path: tests[0]?.path ?? '', blocks: true };
  if (tests.length === 0)
    return [{ ...at, message: 'Something was repaired, and no test was added or changed that shows it.' }];
  ports.report('running the new tests without the repair');
  const copy = await ports.baseWithTests();
  for (const { check } of sound) {
    const run = await ports.runIn(check, copy, {});
    await copy.putBack();
    if (run.told && !run.ok) {
      notes.push(`The changed tests fail without the repair (${span(check.id)}: ${span(run.how)}).`);
      return [];
    }
  }
  return [
    {
      ...at,
      message: 'The changed tests pass without the repair, so that they do not show what was broken.',
    },
  ];
}
