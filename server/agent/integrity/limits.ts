/**
 * Numbers that say how much a check asks for: a removed and an added line that differ in such a number alone are
 * compared. A table of words with the direction that asks for less; it must not know files.
 */

interface Limit {
  /** The word before the number. */
  readonly word: RegExp;
  /** The direction that asks for less. */
  readonly looser: 'up' | 'down';
  readonly what: string;
}

const LIMITS: readonly Limit[] = [
  { word: /time_?out|deadline|wait_?for|max_?wait|slow/i, looser: 'up', what: 'waits longer' },
  {
    word: /retr(?:y|ies)|reruns|flak(?:e|y)\w*|max_?attempts|repeats_?on/i,
    looser: 'up',
    what: 'tries more often',
  },
  {
    word: /toler\w*|epsilon|\beps|delta|\babs|\brel|[ar]tol|precision_loss|threshold_?ms|max_?diff\w*|InDelta|InEpsilon|NEAR|margin|within|maxDiffPixel\w*/i,
    looser: 'up',
    what: 'tolerates more',
  },
  {
    word: /max-?_?warnings|max-?_?errors|maxLength|max-?complexity|max-?lines|allowed_?failures/i,
    looser: 'up',
    what: 'lets more pass',
  },
  {
    word: /toBeCloseTo|places|decimals?|closeTo|AlmostEqual|sig_?figs|digits/i,
    looser: 'down',
    what: 'compares fewer digits',
  },
  {
    word: /branches|functions|lines|statements|fail_?under|min(?:imum)?_?(?:coverage|score)?|cov-fail-under|threshold|coverage|target|min_?score|mutation_?score|break/i,
    looser: 'down',
    what: 'asks for less',
  },
  {
    word: /num_?runs|max_?examples|iterations|test_?cases|samples|rounds|trials|fuzz\w*|cases|seeds/i,
    looser: 'down',
    what: 'tries less',
  },
];
const NUMBER = /(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?/gi;

/** What asks for less in the new line, where the two differ in one number; undefined otherwise. */
export function loosenedLimit(before: string, after: string): string | undefined {
  if (template(before) !== template(after)) return undefined;
  const old = [...before.matchAll(NUMBER)];
  const now = [...after.matchAll(NUMBER)];
  const changed = old.flatMap((match, i) => (valueOf(match[0]) === valueOf(now[i]?.[0] ?? '') ? [] : [i]));
  const [only] = changed;
  const was = only === undefined ? undefined : old[only];
  const is = only === undefined ? undefined : now[only];
  if (changed.length !== 1 || !was || !is) return undefined;
  const head = before.slice(0, was.index);
  const limit = nearest(head) ?? (/[,(]\s*$/.test(head) ? nearest(head.replace(/\(.*$/s, '(')) : undefined);
  if (!limit) return undefined;
  const rose = valueOf(is[0]) > valueOf(was[0]);
  return rose === (limit.looser === 'up') ? `${limit.what} (${was[0]} became ${is[0]})` : undefined;
}

function template(line: string): string {
  return line.replace(NUMBER, '0').replace(/\s+/g, ' ').trim();
}

function valueOf(number: string): number {
  return Number(number.replaceAll('_', ''));
}

/** The word that stands nearest before the number, where it is one of these. */
function nearest(head: string): Limit | undefined {
  const words = [...head.matchAll(/[A-Za-z][\w-]*/g)].map(([word]) => word).reverse();
  for (const word of words.slice(0, 3)) {
    const limit = LIMITS.find(each => each.word.test(word));
    if (limit) return limit;
  }
  return undefined;
}

/** Whether a line gives a test more time, or more tries, than the runner does by itself. */
export function allowsMore(line: string): boolean {
  return /\bthis\.timeout\(\s*[1-9]|\b(?:jest|vi)\.(?:setTimeout|setConfig)\(|\bjest\.retryTimes\(|\bthis\.retries\(|\btimeout\s*[:=]\s*\d|@(?:pytest\.mark\.)?(?:flaky|timeout)\b|\bretry\s*[:=]\s*\d|@(?:Timeout|RetryingTest|Retry)\b|\bretries\s*[:=]\s*\d|\bretry\(\s*\d/i.test(
    line,
  );
}
