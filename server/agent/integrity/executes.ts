/** Whether the tests go through the changed code at all, by the lines that were measured. It must not run anything. */
import type { Covered } from './coverage.ts';
import { type Finding, span } from './types.ts';
import type { Unit } from './units.ts';

export interface Executed {
  /** Changed lines of code that were gone through, and all of them, in files that can be measured. */
  readonly lines: number;
  readonly of: number;
  /** Functions of which not one changed line was gone through. */
  readonly missed: readonly Unit[];
  /** Functions in files whose lines cannot be measured: only faults can tell of them. */
  readonly unmeasured: readonly Unit[];
}

const MEASURED = /\.(?:[cm]?[jt]sx?|py|go)$/;

/** `covered` undefined: nothing could be measured in this project. */
export function executedOf(units: readonly Unit[], covered: Covered | undefined): Executed {
  const unmeasured: Unit[] = [];
  const missed: Unit[] = [];
  let [lines, of] = [0, 0];
  for (const unit of units) {
    if (covered === undefined || !MEASURED.test(unit.path)) {
      unmeasured.push(unit);
      continue;
    }
    const known = covered.get(unit.path);
    const body = unit.lines.filter(line => line !== unit.head);
    const asked = body.length > 0 ? body : unit.lines;
    const hit = asked.filter(line => known?.has(line)).length;
    lines += hit;
    of += asked.length;
    if (hit === 0) missed.push(unit);
  }
  return { lines, of, missed, unmeasured };
}

export function missedFindings({ missed }: Executed): readonly Finding[] {
  return missed.map(unit => ({
    kind: 'not-executed',
    path: unit.path,
    line: unit.lines[0] ?? 1,
    message: `No test goes through what was changed in ${span(unit.name)}.`,
    blocks: true,
  }));
}
