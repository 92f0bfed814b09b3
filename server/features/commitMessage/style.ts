/**
 * How the messages of a repository look, found by counting over its last ones: prefix, case, mood, length, body.
 * Pure; it must not know git or prompts.
 */
import { type Mood, moodOf } from './words.ts';

/** A commit as far as its message's look goes. */
export interface PastCommit {
  readonly subject: string;
  readonly body: string;
  readonly author: string;
  readonly paths: readonly string[];
}

/** `feat(scope): …`, `area: …`, `[area] …`, `✨ …`, or none. */
export type PrefixKind = 'conventional' | 'area' | 'bracket' | 'emoji' | 'none';

/** A subject taken apart. */
export interface ReadSubject {
  readonly kind: PrefixKind;
  /** Type, area or emoji, without punctuation; empty: none. */
  readonly prefix: string;
  /** Of a conventional prefix; empty: none. */
  readonly scope: string;
  readonly rest: string;
  /** `ABC-12` at the beginning or the end, where the tracker's ids stand. */
  readonly ticket?: { readonly id: string; readonly at: 'start' | 'end'; readonly form: string };
}

export interface Style {
  /** How many messages it is read from; 0: everything is assumed. */
  readonly commits: number;
  readonly prefix: PrefixKind;
  /** Share of prefixed subjects that carry a scope. */
  readonly scoped: number;
  /** Types and scopes, the commonest first. */
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  /** The first letter behind the prefix is a capital. */
  readonly capital: boolean;
  readonly period: boolean;
  readonly mood: Mood;
  /** Tracker ids are part of most subjects: how they are written, with `%` for the id. */
  readonly ticket?: { readonly at: 'start' | 'end'; readonly form: string };
  /** Share of messages that have a body. */
  readonly bodies: number;
  /** Most characters that a subject should have. */
  readonly limit: number;
  readonly language: string;
  /** The commits that it was read from, newest first. */
  readonly past: readonly PastCommit[];
}

export const CONVENTIONAL_TYPES = new Set(
  'feat fix docs doc style refactor perf test tests build ci chore revert deps release wip security types typo lint examples example dx workflow'.split(
    ' ',
  ),
);
const BOT = /\[bot\]|\bbot\b|dependabot|renovate|greenkeeper|github-actions|weblate|snyk/i;
/** What git and its helpers write by themselves. */
const MADE = /^(?:Merge |Revert "|fixup! |squash! |amend! |Auto-?merge|Initial commit$|WIP\b)/i;
const CONSIDERED = 60;
/** Share above which something is the custom. */
const CUSTOM = 0.5;

/** Without the number of the pull request that a forge appends. */
export function withoutPullRequest(subject: string): string {
  return subject.replace(/\s*\((?:#|!|gh-)\d+\)\s*$/i, '').trim();
}

export function readSubject(subject: string): ReadSubject {
  let rest = withoutPullRequest(subject);
  let ticket: ReadSubject['ticket'];
  const start = /^(\[)?([A-Z][A-Z0-9]{1,9}-\d+)(\])?(:)?\s+/.exec(rest);
  if (start) {
    ticket = {
      id: start[2] as string,
      at: 'start',
      form: `${start[1] ?? ''}%${start[3] ?? ''}${start[4] ?? ''} `,
    };
    rest = rest.slice(start[0].length);
  } else {
    const end = /\s+([[(])?([A-Z][A-Z0-9]{1,9}-\d+)([\])])?$/.exec(rest);
    if (end) {
      ticket = { id: end[2] as string, at: 'end', form: ` ${end[1] ?? ''}%${end[3] ?? ''}` };
      rest = rest.slice(0, end.index);
    }
  }
  const read = (kind: PrefixKind, prefix: string, scope: string, left: string): ReadSubject => ({
    kind,
    prefix,
    scope,
    rest: left,
    ...(ticket ? { ticket } : {}),
  });
  const conventional = /^(\w+)(?:\(([^()]+)\))?!?: *(\S.*)$/.exec(rest);
  if (conventional && CONVENTIONAL_TYPES.has((conventional[1] as string).toLowerCase()))
    return read('conventional', conventional[1] as string, conventional[2] ?? '', conventional[3] as string);
  const area = /^([\w.@*+-]+(?:\/[\w.@*{},+-]+)*(?:, ?[\w./-]+){0,2}): +(\S.*)$/.exec(rest);
  if (area && (area[1] as string).length <= 40) return read('area', area[1] as string, '', area[2] as string);
  const bracket = /^\[([^\]]{1,30})\] *(\S.*)$/.exec(rest);
  if (bracket) return read('bracket', bracket[1] as string, '', bracket[2] as string);
  const emoji =
    /^(:[\w+-]+:|\p{Extended_Pictographic}[\u{fe0f}\u{200d}\p{Extended_Pictographic}]*)\s*(\S.*)$/u.exec(
      rest,
    );
  if (emoji) return read('emoji', emoji[1] as string, '', emoji[2] as string);
  return read('none', '', '', rest);
}

/** Commits that people wrote themselves. */
export function written(commits: readonly PastCommit[]): readonly PastCommit[] {
  return commits.filter(({ subject, author }) => subject !== '' && !MADE.test(subject) && !BOT.test(author));
}

export function styleOf(commits: readonly PastCommit[]): Style {
  const past = written(commits);
  const recent = past.slice(0, CONSIDERED);
  const read = recent.map(({ subject }) => readSubject(subject));
  const n = Math.max(1, recent.length);
  const share = <T>(items: readonly T[], holds: (item: T) => boolean) =>
    items.length === 0 ? 0 : items.filter(holds).length / items.length;
  const kinds = tally(read.map(({ kind }) => kind)) as [PrefixKind, number][];
  const [kind, count] = kinds.find(([each]) => each !== 'none') ?? ['none', 0];
  // Half of them carry the commonest prefix, or a third where others carry another kind of it.
  const prefix = count / n >= 0.4 ? kind : 'none';
  const prefixed = read.filter(each => each.kind === prefix);
  const letters = read.filter(({ rest }) => /^\p{L}/u.test(rest));
  const moods = tally(read.flatMap(({ rest }) => moodOf(/^[\p{L}]+/u.exec(rest)?.[0] ?? '') ?? []));
  const tickets = read.flatMap(({ ticket }) => ticket ?? []);
  const [form] = tally(tickets.map(each => `${each.at} ${each.form}`))[0] ?? [];
  const lengths = recent.map(({ subject }) => withoutPullRequest(subject).length).sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 50;
  return {
    commits: recent.length,
    prefix,
    scoped: prefix === 'conventional' ? share(prefixed, ({ scope }) => scope !== '') : 0,
    types: tally(prefixed.map(each => each.prefix)).map(([name]) => name),
    scopes: tally(prefixed.flatMap(({ scope }) => (scope ? [scope] : []))).map(([name]) => name),
    capital: letters.length === 0 ? true : share(letters, ({ rest }) => /^\p{Lu}/u.test(rest)) >= CUSTOM,
    period: share(read, ({ rest }) => /[^.]\.$/.test(rest)) >= CUSTOM,
    mood: (moods[0]?.[0] as Mood | undefined) ?? 'imperative',
    ...(form !== undefined && tickets.length / n >= CUSTOM
      ? {
          ticket: {
            at: form.startsWith('start ') ? ('start' as const) : ('end' as const),
            form: form.slice(form.indexOf(' ') + 1),
          },
        }
      : {}),
    bodies: share(recent, ({ body }) => withoutTrailers(body) !== ''),
    limit: Math.min(72, Math.max(50, usual)),
    language: languageOfSubjects(read.map(({ rest }) => rest)),
    past,
  };
}

function withoutTrailers(body: string): string {
  return body
    .split('\n')
    .filter(line => !/^[A-Z][A-Za-z-]+: \S/.test(line))
    .join('\n')
    .trim();
}

/** How often each occurs, the commonest first; of equals the one that came first. */
function tally(items: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

const SCRIPTS: readonly (readonly [language: string, pattern: RegExp])[] = [
  ['Japanese', /[\u3040-\u30ff]/],
  ['Chinese', /\p{Script=Han}/u],
  ['Korean', /\p{Script=Hangul}/u],
  ['Russian', /\p{Script=Cyrillic}/u],
  ['German', /\b(?:hinzugefügt|und|für|nicht|mit|wird|der|die|das|aktualisiert|entfernt|behoben)\b/i],
  ['French', /\b(?:ajout|ajoute|pour|les|des|une|dans|suppression|mise à jour|correction)\b/i],
  ['Spanish', /\b(?:añadir|añade|agrega|para|los|las|una|actualiza|corrige|elimina)\b/i],
  ['Portuguese', /\b(?:adiciona|corrige|remove o|atualiza|para o|uma|não)\b/i],
];

/** The language that most subjects show signs of; English if none does. */
function languageOfSubjects(subjects: readonly string[]): string {
  const signs = subjects.flatMap(subject => SCRIPTS.find(([, pattern]) => pattern.test(subject))?.[0] ?? []);
  const [language, count] = tally(signs)[0] ?? ['English', 0];
  return count >= subjects.length * 0.4 ? language : 'English';
}
