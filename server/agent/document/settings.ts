/** The head of a task's document: which keys there are, what they may say. It must not know the sections below. */
import { contentLength } from '../../base/text.ts';
import { type MatterEntry, readFrontMatter } from '../../documents/frontMatter.ts';
import type { MarkdownDocument } from '../../documents/markdown.ts';
import type { Limits, TaskKind } from '../types.ts';
import type { TaskProblem } from './task.ts';

export interface TaskSettings {
  readonly kind: TaskKind;
  /** The model that this task is meant for: a note, which chooses none. */
  readonly model: string | undefined;
  /** 3: plan and result are approved. 4 and 5: the plan need not be. Never more than the user's settings allow. */
  readonly autonomy: number | undefined;
  readonly limits: Limits;
  /** Names of checks, in the order in which they count; undefined: those that the project has. */
  readonly checks: readonly string[] | undefined;
  /** Tokens of one request, answer included; undefined: as much as the model takes. */
  readonly window: number | undefined;
}

/** Below this no prompt can hold what a step needs. In tokens. */
export const LEAST_WINDOW = 4_000;

type Reader = (value: MatterEntry['value']) => string | undefined;

const oneOf =
  (...words: readonly string[]): Reader =>
  value =>
    typeof value === 'string' && words.includes(value) ? undefined : `Write ${words.join(' or ')}.`;
const number =
  (least: number, what: string, whole = true): Reader =>
  value =>
    typeof value === 'number' && value >= least && (!whole || Number.isInteger(value))
      ? undefined
      : `Write ${whole ? 'a whole number' : 'a number'} from ${least} up: ${what}.`;
const text: Reader = value => (typeof value === 'string' && value !== '' ? undefined : 'Write a name.');

/** Every key with what is wrong about a value, in words. */
export const KEYS: Readonly<Record<string, { readonly what: string; readonly check: Reader }>> = {
  kind: {
    what: 'change (its result is applied) or experiment (its findings are kept)',
    check: oneOf('change', 'experiment'),
  },
  model: {
    what: 'the model that this task is meant for: a note; which one works is set in your settings',
    check: text,
  },
  autonomy: {
    what: '3: you approve plan and result; 4: the result alone',
    check: number(3, 'the level of autonomy'),
  },
  steps: { what: 'most answers of the model', check: number(1, 'answers of the model') },
  tokens: {
    what: 'most tokens, all requests together',
    check: number(1_000, 'tokens of all requests together'),
  },
  minutes: { what: 'most minutes of work, without waiting for you', check: number(1, 'minutes of work') },
  cost: { what: 'most cost, by the prices of your settings', check: number(0, 'the cost', false) },
  checks: {
    what: 'names of the checks that count',
    check: value => (Array.isArray(value) && value.length > 0 ? undefined : 'Write a list: [types, tests].'),
  },
  window: {
    what: 'tokens of one request, answer included',
    check: number(LEAST_WINDOW, 'tokens of one request'),
  },
  state: { what: 'where the task is; written by Codriver', check: text },
};

export function readSettings(document: MarkdownDocument): {
  readonly settings: TaskSettings;
  readonly problems: readonly TaskProblem[];
} {
  const matter = readFrontMatter(document);
  const problems: TaskProblem[] = matter.errors.map(({ line, message }) => ({
    range: rangeOf(document, line),
    severity: 'error',
    message,
  }));
  const sound = new Map<string, MatterEntry['value']>();
  for (const { key, line, value } of matter.entries) {
    const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    const wrong = known?.check(value);
    if (known === undefined) {
      const message = `"${key}" means nothing here. Known are ${Object.keys(KEYS).join(', ')}.`;
      problems.push({ range: rangeOf(document, line), severity: 'hint', message });
    } else if (wrong !== undefined) {
      const message = `"${key}" cannot be used as it is, so the line is left out. ${wrong}`;
      problems.push({ range: rangeOf(document, line), severity: 'error', message });
    } else sound.set(key, value);
  }
  const numeric = (key: string) => sound.get(key) as number | undefined;
  const limits: Limits = Object.fromEntries(
    (['steps', 'tokens', 'minutes', 'cost'] as const).flatMap(key => {
      const value = numeric(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return {
    settings: {
      kind: sound.get('kind') === 'experiment' ? 'experiment' : 'change',
      model: sound.get('model') as string | undefined,
      autonomy: numeric('autonomy'),
      limits,
      checks: sound.get('checks') as readonly string[] | undefined,
      window: numeric('window'),
    },
    problems,
  };
}

function rangeOf({ lines }: MarkdownDocument, line: number) {
  const end = contentLength(lines[line] ?? '');
  return { start: { line, character: 0 }, end: { line, character: end } };
}

/** The lower bound of each kind: a document can only lower what the user allows. */
export function lowerLimits(a: Limits, b: Limits): Limits {
  const keys = ['steps', 'tokens', 'minutes', 'cost'] as const;
  return Object.fromEntries(
    keys.flatMap(key => {
      const both = [a[key], b[key]].filter(value => value !== undefined);
      return both.length === 0 ? [] : [[key, Math.min(...both)]];
    }),
  );
}
