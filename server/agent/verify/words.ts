/** What is to be done about a failed check or a finding, in words that become steps of a plan. It must not decide. */
import { type Finding, type FindingKind, span } from '../integrity/types.ts';
import type { CheckRun } from './runCheck.ts';

const ADVICE: Readonly<Record<FindingKind, string>> = {
  skip: 'Let the tests run again.',
  assertion: 'Put the assertions back, or ask the person whether they may go.',
  loosened: 'Ask for as much as before.',
  trivial: 'Assert what the code is to do.',
  'tests-removed': 'Put the tests back, or ask the person whether they may go.',
  snapshot: 'Take the snapshot back, or change what it shows.',
  limit: 'Put the limit back.',
  suppression: 'Repair what the rule complains of instead.',
  swallowed: 'Let failures fail.',
  mock: 'Test the real thing.',
  'check-removed': 'Put the check back.',
  reach: 'Let the same tests run as before.',
  blind: 'Add a test that fails with such a fault.',
  'not-executed': 'Add a test that goes through it.',
  'not-red-first': 'Add a test that fails without the repair.',
  writes: 'Let the check only look.',
  flaky: 'Make it pass every time.',
};

/** A finding as a step of the plan. */
export function adviceFor({ kind, line, message, path }: Finding): string {
  const place = path === '' ? '' : ` (${span(line === undefined ? path : `${path}:${line}`)})`;
  return `${ADVICE[kind]} ${message}${place}`;
}

export function workFor({ how, id, output }: CheckRun): string {
  const lines = output.split('\n');
  const telling = lines.find(line => FAILURE.test(line)) ?? lines.find(line => line.trim() !== '') ?? '';
  return `Make the check ${span(id)} pass (${how}): ${span(telling, 160)}`;
}

const FAILURE = /\b(?:error|fail(?:ed|ure|s)?|assert\w*|panic\w*|exception|not ok|expected)\b|✗|✘|✖|×/i;

/** Whether a check fails on the base with everything that it fails with on the result. Nothing to compare is no. */
export function isRedBefore(result: CheckRun, base: CheckRun): boolean {
  if (base.ok || !base.told || result.how !== base.how) return false;
  if ((result.tests?.failed ?? 0) > (base.tests?.failed ?? Number.POSITIVE_INFINITY)) return false;
  const known = failuresIn(base.output);
  const now = [...failuresIn(result.output)];
  return now.length > 0 && now.every(line => known.has(line));
}

/** Lines that tell a failure, without what differs from run to run. */
function failuresIn(output: string): ReadonlySet<string> {
  return new Set(
    output
      .split('\n')
      .filter(line => FAILURE.test(line))
      .map(line => line.replace(/\d+/g, '0').trim()),
  );
}
