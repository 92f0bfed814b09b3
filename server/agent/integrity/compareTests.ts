/**
 * What became of each test of a change: gone, renamed, moved, or asking for less than before. By text, so that it holds
 * for every language whose tests are recognised. It must not know configuration or programs.
 */
import { type Assertion, assertionsIn, STRENGTHS } from './assertions.ts';
import { bare } from './code.ts';
import { familyOf, isFoundAsTest, roleOf } from './files.ts';
import { type TestBlock, testBlocksOf } from './testBlocks.ts';
import { type Finding, span, type TextChange } from './types.ts';

/** Two bodies with so large a part of their words in common are one test under two names. */
const SAME = 0.55;
/** What reads as the head of a definition; the name is in the group. */
const DEFINITION =
  /(?:\b(?:function\*?|def|fn|func(?:\s*\([^)]*\))?|class|struct|enum|interface|trait|type|module|const|let|var|fun)\s+|^\s*(?:export\s+)?(?:static\s+|async\s+|public\s+|private\s+|protected\s+)+(?:[\w<>[\],]+\s+)?)([A-Za-z_]\w*)/gm;

interface Located extends TestBlock {
  readonly path: string;
}

/** Tests that were there and are not, and those that ask for less. */
export function compareTests(changes: readonly TextChange[]): readonly Finding[] {
  const old = changes.flatMap(each => blocksOf(each.path, each.before));
  const now = changes.flatMap(each => (isRun(each.path, each.before) ? blocksOf(each.path, each.after) : []));
  const gone = namesGone(changes);
  const helpers = helpersOf(changes);
  const taken = new Set<Located>();
  const pairs: [Located, Located][] = [];
  const alone: Located[] = [];
  for (const block of old) {
    const kept = now.find(each => each.path === block.path && each.name === block.name && !taken.has(each));
    if (kept) {
      taken.add(kept);
      pairs.push([block, kept]);
    } else alone.push(block);
  }
  const findings: Finding[] = [];
  for (const block of alone) {
    const heir = heirOf(block, now, taken);
    if (heir) {
      taken.add(heir);
      pairs.push([block, heir]);
    } else if (!isAbout(block, gone)) findings.push(removed(block, changes));
  }
  // What is as it was needs no look.
  const changed = pairs.filter(([before, after]) => before.text !== after.text);
  const same = new Set(
    pairs.filter(([before, after]) => before.text === after.text).map(([, after]) => after),
  );
  for (const [before, after] of changed) {
    const finding = weaker(before, after, helpers, gone);
    if (finding) findings.push(finding);
  }
  for (const block of now) {
    if (same.has(block)) continue;
    const nothing = trivialIn(block, changed.find(([, after]) => after === block)?.[0]);
    if (nothing) findings.push(nothing);
  }
  return findings;
}

function blocksOf(path: string, text: string | undefined): readonly Located[] {
  if (text === undefined) return [];
  const role = roleOf(path);
  // Rust keeps tests beside the code.
  if (role !== 'test' && !(role === 'code' && path.endsWith('.rs'))) return [];
  return testBlocksOf(path, text).map(block => ({ ...block, path }));
}

/** Whether a runner finds the tests of a file; a file that was there is taken to be found where it was. */
function isRun(path: string, before: string | undefined): boolean {
  return before !== undefined || isFoundAsTest(path) || path.endsWith('.rs');
}

function heirOf(block: Located, now: readonly Located[], taken: ReadonlySet<Located>): Located | undefined {
  // Whatever has the very text of another test there is no heir of this one.
  const free = now.filter(each => !taken.has(each));
  if (free.length === 0) return undefined;
  const moved = free.find(each => each.name === block.name && likeness(each.text, block.text) > SAME / 2);
  if (moved) return moved;
  const [best] = free
    .map(each => ({ each, like: likeness(each.text, block.text) }))
    .sort((a, b) => b.like - a.like);
  return best && best.like >= SAME ? best.each : undefined;
}

/** Words in common, by Dice's coefficient. */
function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  let common = 0;
  for (const word of left) if (right.has(word)) common++;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z_]\w*|\d+/g) ?? []);
}

/** Names that the code defined before and does not hold any more, in any changed file. */
function namesGone(changes: readonly TextChange[]): ReadonlySet<string> {
  const code = changes.filter(({ path }) => roleOf(path) === 'code');
  const left = new Set(code.flatMap(({ after }) => [...wordsOf(after ?? '')]));
  const names = code.flatMap(({ path, before }) =>
    [...bare(before ?? '', familyOf(path), true).matchAll(DEFINITION)].map(match => match[1] ?? ''),
  );
  return new Set(names.filter(name => name.length > 2 && !left.has(name)));
}

/** Whether a test speaks of something that is gone from the code, so that it went with it. */
function isAbout(block: Located, gone: ReadonlySet<string>): boolean {
  const family = familyOf(block.path);
  const words = wordsOf(`${bare(block.text, family, true)} ${block.name}`);
  return [...gone].some(name => words.has(name) || block.name.toLowerCase().includes(name.toLowerCase()));
}

function removed(block: Located, changes: readonly TextChange[]): Finding {
  const change = changes.find(({ path }) => path === block.path);
  const file = change?.after === undefined ? 'with its file' : 'from its file';
  return {
    kind: 'tests-removed',
    path: block.path,
    line: block.start,
    gone: true,
    message: `The test ${span(block.name)} is gone ${file}, and what it tests is not.`,
    blocks: true,
  };
}

/** Functions beside the tests that assert something; a call of one counts as an assertion. */
function helpersOf(changes: readonly TextChange[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { path, after } of changes) {
    if (after === undefined || roleOf(path) !== 'test') continue;
    const lines = after.split('\n');
    for (const [i, line] of lines.entries()) {
      const name = /\b(?:function|def|func|fn|const|fun)\s+([A-Za-z_]\w*)/.exec(line)?.[1];
      if (name === undefined || /^[tT]est/.test(name)) continue;
      if (assertionsIn(lines.slice(i + 1, i + 25).join('\n'), familyOf(path)).length > 0) names.add(name);
    }
  }
  return names;
}

function weaker(
  before: Located,
  after: Located,
  helpers: ReadonlySet<string>,
  gone: ReadonlySet<string>,
): Finding | undefined {
  const family = familyOf(after.path);
  const [old, now] = [assertionsIn(before.text, family), assertionsIn(after.text, family)];
  const removedOnes = without(old, now);
  const addedOnes = without(now, old);
  const at = { path: after.path, line: after.start, blocks: true };
  if (leavesAtOnce(after) && !leavesAtOnce(before))
    return {
      ...at,
      kind: 'swallowed',
      message: `The test ${span(after.name)} returns before it has asked everything.`,
    };
  if (removedOnes.length === 0) return fewerCases(before, after);
  const code = bare(after.text, family, true);
  const called = [...helpers].filter(name => new RegExp(`\\b${name}\\s*\\(`).test(code));
  const wasCalled = called.filter(name => new RegExp(`\\b${name}\\s*\\(`).test(before.text));
  const missing = removedOnes.length - addedOnes.length;
  if (missing > 0) {
    const whole = addedOnes.some(each => each.whole && each.strength === 'exact');
    if (whole || called.length > wasCalled.length) return undefined;
    if (removedOnes.every(({ text }) => [...wordsOf(text)].some(word => gone.has(word)))) return undefined;
    const text =
      removedOnes.find(each => !addedOnes.some(other => likeness(other.text, each.text) > 0.7)) ??
      removedOnes[0];
    // That nothing was thrown, or that something is there, is asked by whatever follows too.
    const little =
      removedOnes.every(({ strength }) => strength === 'exists') &&
      now.some(({ strength }) => strength === 'exact');
    return {
      ...at,
      blocks: !little,
      kind: 'assertion',
      message: `The test ${span(after.name)} asserts less: ${missing} of ${old.length} ${missing === 1 ? 'is' : 'are'} gone, such as ${span(text?.text ?? '')}.`,
    };
  }
  const rank = ({ strength }: Assertion) => STRENGTHS.indexOf(strength);
  const asked = [...removedOnes].sort((a, b) => rank(b) - rank(a));
  const given = [...addedOnes].sort((a, b) => rank(b) - rank(a));
  const at_ = asked.findIndex((each, i) => given[i] !== undefined && rank(given[i]) < rank(each));
  const [was, is] = [asked[at_], given[at_]];
  if (was && is)
    return {
      ...at,
      kind: is.strength === 'nothing' ? 'trivial' : 'loosened',
      message: `The test ${span(after.name)} asks for less: ${span(was.text)} became ${span(is.text)}.`,
    };
  const lost = notAwaited(before, after);
  if (lost !== undefined)
    return {
      ...at,
      kind: 'loosened',
      message: `The test ${span(after.name)} no longer waits for ${span(lost)}, so that it cannot fail there.`,
    };
  return fewerCases(before, after);
}

function without(these: readonly Assertion[], others: readonly Assertion[]): readonly Assertion[] {
  const left = others.map(({ text }) => text);
  return these.filter(({ text }) => {
    const at = left.indexOf(text);
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}

/** An assertion on a promise that is not awaited asserts nothing. */
function notAwaited(before: Located, after: Located): string | undefined {
  for (const [, asked = ''] of before.text.matchAll(/\b(?:await|return)\s+((?:expect|assert)\S*\([^\n]*)/g)) {
    const bareCall = asked.trim();
    const line = after.text.split('\n').find(each => each.includes(bareCall));
    if (line !== undefined && !/\b(?:await|return)\b|=>\s*(?:expect|assert)/.test(line)) return bareCall;
  }
  return undefined;
}

/** A return among the statements of the test itself, with some behind it. */
function leavesAtOnce({ path, text }: Located): boolean {
  const lines = bare(text, familyOf(path), true)
    .split('\n')
    .filter(line => line.trim() !== '');
  const indents = lines.map(line => /^\s*/.exec(line)?.[0].length ?? 0);
  const own = Math.min(...indents);
  const body = Math.min(...indents.filter(indent => indent > own));
  const at = lines.findIndex((line, i) => indents[i] === body && /^\s*return;?\s*$/.test(line));
  return (
    at >= 0 && lines.slice(at + 1).some((line, i) => indents[at + 1 + i] === body && !/^\s*[)\]}]/.test(line))
  );
}

/** Rows of a table that a test goes through. */
function fewerCases(before: Located, after: Located): Finding | undefined {
  const isTable =
    /\.each\b|parametrize\(|\bfor\b|test_case|InlineData|ValueSource|CsvSource|TestCase\(|rstest/;
  if (!isTable.test(before.text)) return undefined;
  const [old, now] = [rowsOf(before.text), rowsOf(after.text)];
  // A table that is gone altogether was written in another way.
  if (now >= old || now === 0) return undefined;
  return {
    kind: 'tests-removed',
    path: after.path,
    line: after.start,
    message: `The test ${span(after.name)} goes through ${now} cases instead of ${old}.`,
    blocks: true,
  };
}

const ROW =
  /^\s*(?:[[({].*[\])}],?|(?:pytest\.param|#\[(?:case|test_case)|@?\[?(?:InlineData|TestCase))\(.*\)\]?,?|["'`][^"'`]*["'`],)\s*$/;

function rowsOf(text: string): number {
  return text.split('\n').filter(line => ROW.test(line)).length;
}

/** An assertion that cannot fail, and was not there before. */
function trivialIn(block: Located, before: Located | undefined): Finding | undefined {
  const family = familyOf(block.path);
  const known = before ? assertionsIn(before.text, family) : [];
  const all = assertionsIn(block.text, family);
  const empty = without(all, known).find(({ strength }) => strength === 'nothing');
  if (!empty || (before && known.some(({ strength }) => strength === 'nothing'))) return undefined;
  if (before === undefined && all.some(({ strength }) => strength !== 'nothing')) return undefined;
  return {
    kind: 'trivial',
    path: block.path,
    line: block.start,
    message: `The test ${span(block.name)} asserts what is always so: ${span(empty.text)}.`,
    blocks: true,
  };
}
