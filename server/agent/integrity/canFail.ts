/**
 * Whether the tests notice anything of the change: small faults are put into each changed function, and its change is
 * taken back, one after the other, until a test fails. It must not know how tests are run; a budget bounds everything.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Mutations } from '../../analysis/mutants/types.ts';
import { languageOfPath } from '../../base/languages.ts';
import { type Finding, span } from './types.ts';
import { takenBack, textFaults, type Unit } from './units.ts';

/** What the tests said with a fault in the code. `useless`: it did not run with it, so it says nothing of them. */
export type Noticed = 'noticed' | 'unnoticed' | 'useless';

export interface UnitVerdict {
  readonly unit: Unit;
  /** `untried`: nothing could be made wrong there, or there was no time. */
  readonly state: 'noticed' | 'blind' | 'untried';
  /** Faults that were tried and ran. */
  readonly tried: number;
}

export interface CanFailPorts {
  readonly mutations: Mutations;
  /** The text of a changed file in the result. */
  readonly text: (path: string) => Promise<string | undefined>;
  /** Runs the tests with this text in place of the file's. */
  readonly run: (path: string, text: string) => Promise<Noticed>;
  /** Whether more may be tried. */
  readonly more: () => boolean;
}

/** Faults tried in one function before it is called unnoticed. */
const MOST_FAULTS = 5;

export async function canFail(
  units: readonly Unit[],
  ports: CanFailPorts,
  signal: AbortSignal,
): Promise<readonly UnitVerdict[]> {
  const verdicts: UnitVerdict[] = [];
  for (const unit of units) {
    signal.throwIfAborted();
    let tried = 0;
    let noticed = false;
    for (const text of await faultsOf(unit, ports, signal)) {
      if (noticed || tried >= MOST_FAULTS || !ports.more()) break;
      const said = await ports.run(unit.path, text);
      if (said !== 'useless') tried++;
      noticed = said === 'noticed';
    }
    verdicts.push({ unit, state: noticed ? 'noticed' : tried > 0 ? 'blind' : 'untried', tried });
  }
  return verdicts;
}

/** The file with one fault each; those of the syntax tree first, then of the text where no tree is known. */
async function faultsOf(unit: Unit, ports: CanFailPorts, signal: AbortSignal): Promise<readonly string[]> {
  const text = await ports.text(unit.path);
  if (text === undefined) return [];
  const document = TextDocument.create('file:///unit', '', 0, text);
  const ranges = unit.lines.map(line => ({
    start: { line: line - 1, character: 0 },
    end: { line, character: 0 },
  }));
  const languageId = languageOfPath(unit.path)?.id ?? '';
  const source = { path: `/${unit.path}`, languageId, text };
  const mutants = await ports.mutations.mutants(source, merged(ranges), MOST_FAULTS, signal);
  const made = mutants.map(({ range, newText }) => TextDocument.applyEdits(document, [{ range, newText }]));
  const plain = made.length > 0 ? [] : textFaults(text, unit).slice(0, MOST_FAULTS);
  const back = takenBack(text, unit);
  return [...made, ...plain, ...(back === text ? [] : [back])];
}

/** Ranges of neighbouring lines as one, so that what goes over several lines lies in it. */
function merged<T extends { start: { line: number }; end: { line: number } }>(
  ranges: readonly T[],
): readonly T[] {
  const all: T[] = [];
  for (const range of ranges) {
    const last = all.at(-1);
    if (last && last.end.line >= range.start.line) all[all.length - 1] = { ...last, end: range.end };
    else all.push(range);
  }
  return all;
}

/** What is blind, as findings. */
export function blindFindings(verdicts: readonly UnitVerdict[]): readonly Finding[] {
  return verdicts
    .filter(({ state }) => state === 'blind')
    .map(({ unit, tried }) => ({
      kind: 'blind',
      path: unit.path,
      line: unit.lines[0] ?? 1,
      message: `Green but blind: the tests pass with ${tried === 1 ? 'a fault' : `each of ${tried} faults`} in ${span(unit.name)}.`,
      blocks: true,
    }));
}
