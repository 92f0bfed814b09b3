/**
 * A session's handoff to the next: written from facts, improved by the model, and held against the tree before
 * anybody works from it. A false or missing claim refuses it. It must not know how it is shown or stored.
 */
import { looksLikePath } from '../edits/paths.ts';
import type { Attempt, CheckRecord } from './types.ts';

/** What is true when the handoff is written. */
export interface HandoffFacts {
  /** Steps that are open, the one in work first. */
  readonly open: readonly { readonly id: string; readonly text: string }[];
  readonly done: readonly string[];
  readonly decisions: readonly string[];
  readonly attempts: readonly Attempt[];
  /** The last run of each check. */
  readonly checks: readonly CheckRecord[];
  readonly changed: readonly string[];
  /** Whether a relative path is a file or folder of the tree. */
  readonly exists: (path: string) => boolean;
}

/** Characters of a tree's hash that are written. */
export const TREE_DIGITS = 12;
const MOST_LENGTH = 8_000;
const MOST_CHANGED = 40;

/** The handoff that needs no model: every line true by construction. Passes `lintHandoff` with the same facts. */
export function composeHandoff(facts: HandoffFacts, next: string): string {
  const { attempts, changed, checks, decisions, done, open } = facts;
  const files = changed.filter(path => facts.exists(path)).slice(0, MOST_CHANGED);
  const oneLine = (text: string) => lineOf(text, facts);
  const lines = [`Next: (${open[0]?.id ?? ''}) ${oneLine(next)}`, ''];
  if (done.length > 0) lines.push(`Done: ${done.join(', ')}`, '');
  if (files.length > 0) lines.push('Changed files:', ...files.map(path => `- \`${path}\``), '');
  if (checks.length > 0) {
    const verdicts = checks.map(
      ({ name, ok, tree }) => `- ${name}: ${ok ? 'passed' : 'failed'} at tree ${tree.slice(0, TREE_DIGITS)}`,
    );
    lines.push('Checks:', ...verdicts, '');
  }
  if (attempts.length > 0) {
    const tried = attempts.map(({ id, what, why }) => `- (${id}) ${oneLine(what)} because: ${oneLine(why)}`);
    lines.push('Failed attempts:', ...tried, '');
  }
  if (decisions.length > 0) lines.push(`Decisions: ${decisions.join(', ')}`, '');
  return lines.join('\n').trimEnd();
}

/** One of our lines: nothing in it can be read as a claim of its own. */
function lineOf(text: string, { exists }: HandoffFacts): string {
  const line = text.replace(/\s+/g, ' ').replace(/[`<>]/g, "'").trim().slice(0, 240);
  const calm = line
    .replace(new RegExp(PASSES, 'gi'), 'did not tell')
    .replace(/\bat tree\b/gi, 'on a tree')
    .replace(/\bnext\b[^:]{0,12}:/gi, 'next')
    .replace(ID, (_, id: string) => `${id[0]}-${id.slice(1)}`);
  const paths = pathsIn(calm).filter(path => !exists(plainPath(path)));
  const words = paths.length === 0 ? calm : `${calm} (missing here)`;
  return /[A-Za-z]{3}/.test(words) ? words : `${words} (nothing more is known)`.trim();
}

/** A word that claims success of checks, also as "green" or "no failures". */
const PASSES =
  /\b(?:pass(?:es|ed|ing)?|succeed(?:s|ed)?|successful(?:ly)?|green|all (?:tests|checks) (?:are )?(?:ok|good|fine)|no (?:failures|errors)|(?:0|zero) (?:failures|errors|failed)|works(?: now)?|(?:is|are) fixed)\b/i;
const TREE = /\bat tree ([0-9a-f]{7,64})\b/i;
const ID = /\(?\b([sdqa]\d{1,6})\b\)?/g;
const QUOTED = /`([^`\n]+)`/g;
/** A bare path in prose: at least one folder and an ending, or an ending of a source file. */
const BARE =
  /(?<![\w./:@-])(?:[\w.@-]+\/)+[\w.@-]+\.[A-Za-z]\w{0,7}(?![\w/])|(?<![\w./:@-])[\w-]+\.(?:[cm]?[jt]sx?|py|rs|go|java|rb|md|json|toml|ya?ml|c|h|cc|cpp|hpp|cs|php|sh|sql|html|css)\b(?![\w/(])/g;

/** What is false or missing in a handoff, each in words for the model. Empty: it may be worked from. */
export function lintHandoff(text: string, facts: HandoffFacts): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return [
    ...(text.length > MOST_LENGTH ? [`It is longer than ${MOST_LENGTH} characters.`] : []),
    ...nextFaults(lines, facts),
    ...pathFaults(lines, facts),
    ...checkFaults(lines, facts),
    ...idFaults(lines, facts),
    ...attemptFaults(lines, facts),
  ];
}

function nextFaults(lines: readonly string[], { open }: HandoffFacts): readonly string[] {
  const next = lines.filter(line => /^[\s>*_-]*next(?: action| step)?s?\b[\s*_]*:/i.test(line));
  const [only] = next;
  if (only === undefined) return ['There is no line "Next:" with the one action to take first.'];
  if (next.length > 1) return [`There are ${next.length} lines "Next:"; exactly one action comes first.`];
  const ids = [...only.matchAll(ID)].map(match => match[1] ?? '').filter(id => id.startsWith('s'));
  if (ids.length !== 1) return ['The line "Next:" must name exactly one step by its id.'];
  if (!open.some(({ id }) => id === ids[0]))
    return [`The line "Next:" names (${ids[0]}), which is no open step.`];
  const action = only
    .replace(/^.*?:/, '')
    .replace(ID, '')
    .replace(/[\s().:*_-]/g, '');
  return action === '' ? ['The line "Next:" does not say what to do.'] : [];
}

/** A path may be missing only where its line says that it is still to be made, or gone. */
function pathFaults(lines: readonly string[], { exists }: HandoffFacts): readonly string[] {
  return lines.flatMap(line => {
    if (ABSENT.test(line)) return [];
    return pathsIn(line)
      .filter(path => !exists(plainPath(path)))
      .map(path => `There is no "${path}" in the tree.`);
  });
}

const ABSENT = /\b(?:create|make|to be made|new file|deleted|removed|does not exist|missing)\b/i;
const plainPath = (path: string): string => path.replace(/^\.\//, '').replace(/\/$/, '');

function pathsIn(line: string): readonly string[] {
  const named = new Set<string>();
  for (const [, quoted = ''] of line.matchAll(QUOTED)) {
    const path = quoted.replace(/:\d+(?:[-:]\d+)?$/, '').trim();
    if (looksLikePath(path, []) && /[./]/.test(path)) named.add(path);
  }
  for (const [path] of line.replace(QUOTED, ' ').matchAll(BARE)) named.add(path);
  return [...named];
}

function checkFaults(lines: readonly string[], { checks }: HandoffFacts): readonly string[] {
  return lines.flatMap(line => {
    const tree = TREE.exec(line)?.[1];
    const claims = PASSES.test(line) && !NEGATED.test(line);
    const fails = !claims && tree !== undefined && /\bfail(?:s|ed|ing|ure)?\b|\bred\b/i.test(line);
    if (!claims && !fails) {
      return tree === undefined
        ? []
        : [`"${short(line)}" names a tree, but not whether a check passed or failed.`];
    }
    // What is to be reached is no claim.
    if (tree === undefined && INTENT.test(line)) return [];
    if (tree === undefined)
      return [
        `"${short(line)}" claims a success without the tree on which it was measured ("passed at tree …").`,
      ];
    const records = checks.filter(each => each.tree.startsWith(tree.toLowerCase()));
    const named = records.filter(({ name }) => mentions(line, name));
    if (records.length === 0) return [`No check was run at tree ${tree}.`];
    if (named.length === 0) return [`"${short(line)}" names no check that was run at tree ${tree}.`];
    const wrong = named.find(({ ok }) => ok !== claims);
    return wrong === undefined ? [] : [`${wrong.name} ${wrong.ok ? 'passed' : 'failed'} at tree ${tree}.`];
  });
}

const NEGATED =
  /\b(?:not|never|no longer|n't|did not tell|without|until|before)\b[^.;]{0,40}\b(?:pass|succe|green|work|fixed)/i;
const INTENT = /^[\s>*_-]*next\b|\b(?:so that|should|must|make|until|to (?:make|get|let))\b/i;

function mentions(line: string, name: string): boolean {
  const at = line.toLowerCase().indexOf(name.toLowerCase());
  return at >= 0 && !/[\w-]/.test(line[at - 1] ?? ' ') && !/[\w-]/.test(line[at + name.length] ?? ' ');
}

function idFaults(lines: readonly string[], facts: HandoffFacts): readonly string[] {
  const { attempts, decisions, done, open } = facts;
  const known = new Set([
    ...open.map(({ id }) => id),
    ...done,
    ...decisions,
    ...attempts.map(({ id }) => id),
  ]);
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const line of lines) {
    for (const [, id = ''] of line.matchAll(ID)) {
      seen.add(id);
      if (!known.has(id) && !id.startsWith('q')) faults.push(`There is no (${id}).`);
      const claimsDone =
        /^[\s>*_-]*done\b/i.test(line) ||
        new RegExp(String.raw`\b${id}\b\)?\s+(?:is|was|are)\s+(?:done|finished|complete)`, 'i').test(line);
      if (claimsDone && id.startsWith('s') && !done.includes(id)) faults.push(`Step (${id}) is not done.`);
    }
  }
  for (const id of decisions) if (!seen.has(id)) faults.push(`The decision (${id}) is missing.`);
  return faults;
}

function attemptFaults(lines: readonly string[], { attempts }: HandoffFacts): readonly string[] {
  return attempts.flatMap(({ id }) => {
    const line = lines.find(each => new RegExp(String.raw`\b${id}\b`).test(each));
    if (line === undefined) return [`The failed attempt (${id}) is missing.`];
    const reason = /\b(?:because|since|reason)\b:?\s*(.*)$/i.exec(line)?.[1] ?? '';
    return /\w{3}/.test(reason) ? [] : [`The failed attempt (${id}) has no reason ("because: …").`];
  });
}

function short(line: string): string {
  const words = line.trim();
  return words.length > 100 ? `${words.slice(0, 99)}…` : words;
}
