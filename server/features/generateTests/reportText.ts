/** The document that says what became of generated tests: kept, dropped and why, and what they would notice. Pure. */
import { codeFence, plainLine } from '../../guard/plain.ts';
import type { Isolation } from '../../sandbox/command.ts';
import type { Project } from './project.ts';
import type { MutantVerdict, Verdict, WhyDropped } from './validate.ts';

const WHY: Readonly<Record<WhyDropped, string>> = {
  'does not build': 'it did not build or load',
  fails: 'it fails on the code as it is',
  flaky: 'it passed and then failed, with nothing changed',
  skipped: 'it skips itself',
  hangs: 'it did not end in time',
  'notices nothing': 'it passes with every fault that was tried',
  'not tried': 'it was not tried out to the end',
  'name is taken': 'the file has a test of that name',
  'fails beside the others': 'it fails together with the others',
};

const CONFINED: Readonly<Record<Isolation, string>> = {
  bubblewrap: 'without a network, and able to write to the copy alone (bubblewrap)',
  namespaces: 'without a network, and able to write to the copy alone (namespaces)',
  seatbelt: 'without a network, and able to write to the copy alone (seatbelt)',
  none: 'with your own rights, since nothing on this system confines programs',
};

export interface Told {
  readonly argv: readonly string[];
  readonly isolation: Isolation;
  readonly runs: number;
  readonly totalMs: number;
}

export function whyDropped(why: WhyDropped): string {
  return WHY[why];
}

/** One line for a message. */
export function summary(verdict: Verdict, path: string): string {
  const kept = verdict.tests.filter(({ dropped }) => dropped === undefined).length;
  const gone = verdict.tests.length - kept;
  const noticed = verdict.mutants.filter(({ state }) => state === 'killed').length;
  const tried = verdict.mutants.filter(({ state }) => state !== 'useless').length;
  const count = (n: number) => `${n} ${n === 1 ? 'test' : 'tests'}`;
  const lost = gone === 0 ? '' : `; ${count(gone)} dropped`;
  return `${count(kept)} kept in ${path}${lost}. They notice ${noticed} of ${tried} faults that were put into the code.`;
}

export function reportText(verdict: Verdict, project: Project, subject: string, told: Told): string {
  const path = plainLine(project.home.path);
  const kept = verdict.tests.filter(({ dropped }) => dropped === undefined);
  const lines = [
    `# Tests for ${plainLine(subject)}`,
    '',
    kept.length === 0 ? `No test was kept, so ${path} was not changed.` : `${summary(verdict, path)}`,
    '',
  ];
  if (kept.length > 0) {
    lines.push(
      '## Kept',
      '',
      'Each built, passed three times in a row and once more in the finished file.',
      '',
    );
    for (const { name, kills } of kept)
      lines.push(`- ${inline(name)} noticed ${kills} ${kills === 1 ? 'fault' : 'faults'}`);
    lines.push('');
  }
  const dropped = verdict.tests.flatMap(({ name, dropped: why }) =>
    why ? [`- ${inline(name)}: ${WHY[why]}`] : [],
  );
  if (dropped.length > 0) lines.push('## Dropped', '', ...dropped, '');
  if (verdict.mutants.length > 0) {
    lines.push('## Faults that were tried', '');
    for (const state of ['survived', 'killed', 'useless'] as const) {
      const some = verdict.mutants.filter(each => each.state === state);
      if (some.length > 0) lines.push(`${TITLES[state]} (${some.length}):`, '', ...some.map(fault), '');
    }
  }
  lines.push('## How', '');
  lines.push(
    `${plainLine(project.framework.name)}, ${told.runs} ${told.runs === 1 ? 'run' : 'runs'}, ${(told.totalMs / 1000).toFixed(1)} s, in a private copy of the package, ${CONFINED[told.isolation]}:`,
    '',
    codeFence(told.argv.join(' ')),
    '',
  );
  if (verdict.output !== '')
    lines.push('## What the dropped ones printed', '', codeFence(verdict.output.slice(0, 12_000)), '');
  return lines.join('\n');
}

const TITLES: Readonly<Record<MutantVerdict['state'], string>> = {
  survived: 'Not noticed by any test',
  killed: 'Noticed',
  useless: 'The code did not run with it',
};

function fault({ operator, line, before, after }: MutantVerdict): string {
  return `- line ${line}, ${operator}: ${inline(before)} → ${inline(after)}`;
}

/** Code within a line that its content cannot leave. */
function inline(text: string): string {
  const one = plainLine(text, 120);
  const longest = Math.max(0, ...[...one.matchAll(/`+/g)].map(run => run[0].length));
  const mark = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(one) ? ' ' : '';
  return one === '' ? '(nothing)' : `${mark}${pad}${one}${pad}${mark}`;
}

/** Tests that were not run, as a document. */
export function notRunText(code: string, project: Project, subject: string, why: string): string {
  return [
    `# Tests for ${plainLine(subject)}: not run`,
    '',
    `**Nobody has run these tests**, and no file was changed: ${why}`,
    '',
    `They are meant for ${inline(project.home.path)} (${plainLine(project.framework.name)}).`,
    '',
    codeFence(code),
    '',
  ].join('\n');
}
