/**
 * A commit message without a model: the facts of the diff in the words and the form of the repository's history.
 * Pure and deterministic; it claims nothing that the diff does not show.
 */
import type { FileDiff } from '../../git/parseDiff.ts';
import { type Fact, factsOf } from './facts.ts';
import { baseOf, calledFile, commonFolder, kindOf, stemOf } from './files.ts';
import { prefixFor } from './prefix.ts';
import { CONVENTIONAL_TYPES, readSubject, type Style, withoutPullRequest } from './style.ts';
import { inMood, type Verb } from './words.ts';

export interface Message {
  readonly subject: string;
  /** Empty: none. */
  readonly body: string;
}

export interface Change {
  readonly files: readonly FileDiff[];
  readonly style: Style;
  readonly branch?: string;
  /** What stands at the beginning of the subject already and is kept. */
  readonly typed?: string;
}

/** Bodies are written where this share of the history has one. */
const BODIES = 0.5;
const MOST_ITEMS = 8;
const BODY_WIDTH = 72;

/** Undefined where nothing is to be said: no file, or what is typed says something else. */
export function compose(change: Change): Message | undefined {
  const { files, style } = change;
  if (files.length === 0) return undefined;
  const typed = change.typed?.trimStart() ?? '';
  const facts = factsOf(files);
  const body = style.bodies >= BODIES ? bodyOf(facts, style) : '';
  const { prefix, rest } = givenPrefix(typed);
  const goesOn = (subject: string) => startsWith(subject, typed);
  const subject =
    fullSubjects(change, facts).find(goesOn) ??
    sentencesBehind(change, facts, prefix, rest, style.limit - prefix.length).find(goesOn);
  return subject === undefined ? undefined : { subject: typed + subject.slice(typed.length), body };
}

function startsWith(text: string, beginning: string): boolean {
  return text.toLowerCase().startsWith(beginning.toLowerCase());
}

/** Whole subjects in the history's form, the most telling first. */
function fullSubjects(change: Change, facts: readonly Fact[]): readonly string[] {
  const { files, style } = change;
  const isFirst = style.commits === 0 && files.length > 1 && files.every(({ status }) => status === 'added');
  if (isFirst) return ['Initial commit'];
  const released = releaseSubject(facts, style);
  if (released) return [released];
  const ticket = ticketFor(change);
  const paths = files.map(({ path }) => path);
  const prefix = `${ticket.before}${prefixFor(style, facts, paths)}`;
  const room = style.limit - prefix.length - ticket.after.length;
  return sentencesBehind(change, facts, prefix, '', room).map(sentence => `${sentence}${ticket.after}`);
}

/** The prefix with each sentence that fits behind it; `begun`: how its first word is begun. */
function sentencesBehind(
  { files, style }: Change,
  facts: readonly Fact[],
  prefix: string,
  begun: string,
  room: number,
): readonly string[] {
  const period = style.period ? '.' : '';
  const fitting = sentences(facts, files, style, prefix).filter(each => each.length + period.length <= room);
  const told = fitting.length > 0 ? fitting : [summary(files, style)];
  return told.map(each => `${prefix}${withCase(each, style, begun)}${period}`);
}

/** What is typed as a prefix of its own, and the beginning of the sentence behind it. */
function givenPrefix(typed: string): { prefix: string; rest: string } {
  const whole = readSubject(`${typed.trimEnd()} x`);
  const rest = whole.rest === 'x' ? '' : whole.rest.replace(/ ?x$/, '');
  const unfinished = /^(?:\w+(?:\([^()]*\))?!?|[\w./-]+): ?$/.test(typed);
  if (unfinished) return { prefix: typed.endsWith(' ') ? typed : `${typed} `, rest: '' };
  const prefix =
    rest === ''
      ? typed
      : typed.slice(0, typed.length - rest.length - (typed.length - typed.trimEnd().length));
  return { prefix, rest };
}

/** The wordings of the change, the most telling first. */
function sentences(
  facts: readonly Fact[],
  files: readonly FileDiff[],
  style: Style,
  prefix: string,
): readonly string[] {
  const [main, ...others] = facts;
  if (!main) return [];
  const told = (verb: Verb, object: string) => `${inMood(verb, style.mood)} ${object}`;
  const found: string[] = [];
  const equals = others.filter(each => each.verb === main.verb && each.weight >= main.weight * 0.5);
  const rest = others.filter(each => each.weight >= main.weight * 0.75 && !equals.includes(each));
  const shortest = (fact: Fact) => fact.objects.at(-1) ?? '';
  // One fact among many equal ones would be half the truth.
  const many = equals.length + rest.length >= 3 && files.length > 3;
  const [second] = equals.length === 1 ? equals : equals.length === 0 && rest.length === 1 ? rest : [];
  if (!many) {
    const pair = (first: Fact, second: Fact) =>
      first.verb === second.verb
        ? told(first.verb, `${shortest(first)} and ${shortest(second)}`)
        : `${told(first.verb, shortest(first))} and ${told(second.verb, shortest(second))}`;
    // The other order is for whoever has begun with the lesser one.
    if (second) found.push(pair(main, second), pair(second, main));
    for (const object of main.objects) {
      // The prefix says where already.
      const place = / (?:to|in|from) (\S+)$/.exec(object)?.[1];
      const said = place !== undefined && prefix.toLowerCase().includes(stemOf(place).toLowerCase());
      if (said)
        found.push(
          told(
            main.verb,
            object.slice(0, -(place.length + (/ (to|in|from) \S+$/.exec(object)?.[1]?.length ?? 0) + 2)),
          ),
        );
      found.push(told(main.verb, object));
    }
  }
  found.push(summary(files, style));
  if (!many && second) found.push(...second.objects.map(object => told(second.verb, object)));
  return found;
}

/** The files themselves, as few words as it takes. */
function summary(files: readonly FileDiff[], style: Style): string {
  const codes = files.filter(({ path }) => kindOf(path) === 'code');
  const shown = codes.length > 0 ? codes : files;
  const all = (status: FileDiff['status']) => shown.every(file => file.status === status);
  const verb: Verb = all('added') ? 'add' : all('deleted') ? 'remove' : all('renamed') ? 'move' : 'update';
  const kinds = new Set(shown.map(({ path }) => kindOf(path)));
  const [only] = [...kinds];
  const folder = commonFolder(shown.map(({ path }) => path));
  const within = folder ? ` in ${folder.length > 30 ? baseOf(folder) : folder}` : '';
  const called = [...new Set(shown.map(({ path }) => calledFile(path)))];
  const names = called.length <= 3 ? called.join(', ').replace(/, ([^,]+)$/, ' and $1') : undefined;
  const what =
    names ??
    (kinds.size === 1 && (only === 'docs' || only === 'test')
      ? `${only === 'docs' ? 'documentation' : 'tests'}${within}`
      : `${shown.length} files${within}`);
  const short = what.length > 50 ? `${shown.length} files${within}` : what;
  return `${inMood(verb, style.mood)} ${short}`;
}

function withCase(sentence: string, style: Style, begun: string): string {
  const first = sentence[0] ?? '';
  const isCapital = begun === '' ? style.capital : /^\p{Lu}/u.test(begun);
  return (isCapital ? first.toUpperCase() : first.toLowerCase()) + sentence.slice(1);
}

/** A tracker's id, where the history has one in most subjects and the branch names it; never invented. */
function ticketFor({ style, branch }: Change): { before: string; after: string } {
  const id = /(?:^|[^A-Z0-9])([A-Z][A-Z0-9]{1,9}-\d+)(?![0-9])/.exec((branch ?? '').toUpperCase())?.[1];
  const inBranch = id !== undefined && new RegExp(id, 'i').test(branch ?? '');
  if (!style.ticket || !inBranch) return { before: '', after: '' };
  const text = style.ticket.form.replace('%', () => id);
  return style.ticket.at === 'start' ? { before: text, after: '' } : { before: '', after: text };
}

/** A release as the one before was announced. */
function releaseSubject(facts: readonly Fact[], style: Style): string | undefined {
  const version = facts[0]?.version;
  if (!version) return undefined;
  const before = style.past.find(({ subject }) =>
    withoutPullRequest(subject)
      .split(/[\s()]+/)
      .some(word => word.replace(/^v/, '').replace(/[.,]$/, '') === version.from),
  );
  return before ? withoutPullRequest(before.subject).replace(version.from, () => version.to) : undefined;
}

/** The facts one by one; empty where the subject has said it all. */
function bodyOf(facts: readonly Fact[], style: Style): string {
  if (facts.length < 2) return '';
  const items = facts.slice(0, MOST_ITEMS).map(({ verb, objects }) => {
    const text = `${inMood(verb, style.mood)} ${objects[0] ?? ''}`;
    return wrapItem(`- ${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`);
  });
  if (facts.length > MOST_ITEMS) items.push(`- And ${facts.length - MOST_ITEMS} more`);
  return items.join('\n');
}

function wrapItem(item: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of item.split(' ')) {
    if (line !== '' && `${line} ${word}`.length > BODY_WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Types and scopes that may stand at the beginning of a subject in this history, and what the change is about. */
export function namesOf({ files, style }: Pick<Change, 'files' | 'style'>): {
  readonly prefixes: readonly string[];
  readonly scopes: readonly string[];
} {
  const used = style.prefix === 'conventional' ? style.types : [];
  const prefixes =
    style.prefix === 'area'
      ? style.types.map(each => `${each}: `)
      : used.filter(each => CONVENTIONAL_TYPES.has(each));
  const near = [...new Set(files.flatMap(({ path }) => path.split('/').slice(0, -1)))];
  const scopes = [...style.scopes].sort((a, b) => Number(near.includes(b)) - Number(near.includes(a)));
  return { prefixes, scopes };
}
