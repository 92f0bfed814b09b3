/**
 * A function's parameters changed: its calls. An argument is only put in where a variable of the parameter's name is in
 * scope; nothing is invented. Calls over several lines are left alone.
 */
import type { RecentEdit } from '../../base/history.ts';
import { type LineChange, lineChanges } from './changes.ts';
import { bringsIn, reachOf } from './declares.ts';
import { addedAt, type Parameter, parametersAt, splitArguments } from './parameters.ts';
import { guessOf } from './repeat.ts';
import { indentOf, nearestFirst, type Source, tokensOf } from './source.ts';
import type { Guess, Names, Predicting, Predictor } from './types.ts';

const MAX_AGE = 4;
const MAX_GUESSES = 12;
/** Lines above a call in which a variable is looked for. */
const SCOPE_LINES = 60;

/** What becomes of the arguments. */
type Step =
  | { readonly kind: 'add'; readonly at: number; readonly parameter: Parameter }
  | { readonly kind: 'remove'; readonly at: number; readonly name: string }
  | { readonly kind: 'order'; readonly from: readonly number[] };

interface Changed {
  readonly name: string;
  readonly change: LineChange;
  readonly count: number;
  readonly step: Step;
}

export const signature: Predictor = {
  name: 'signature',
  async guess({ edits, sources, names }: Predicting) {
    const guesses: Guess[] = [];
    for (const changed of changedSignatures(edits, sources)) {
      const own = sources.find(({ uri }) => uri === changed.change.uri) as Source;
      const member = /^\s/.test(own.lines[changed.change.line] ?? '');
      for (const source of sources) {
        if (source !== own && (member || !bringsIn(source, own, changed.name))) continue;
        const bound = changed.step.kind === 'add' ? await names(source.uri) : undefined;
        guesses.push(...calls(changed, source, source === own, bound));
      }
    }
    return guesses.slice(0, MAX_GUESSES);
  },
};

function* changedSignatures(edits: readonly RecentEdit[], sources: readonly Source[]): Iterable<Changed> {
  const changes = edits.slice(0, MAX_AGE).flatMap((edit, age) => lineChanges(edit, age));
  for (const change of changes) {
    const source = sources.find(({ uri }) => uri === change.uri);
    if (!source || source.lines[change.line] !== change.after) continue;
    for (const [at, token] of change.now.entries()) {
      if (!token.word || change.now[at + 1]?.text !== '(' || token.where !== 'code') continue;
      if (reachOf(source, change.line, token.start, token.text) !== 'wide') continue;
      const now = parametersAt(source.language, change.after, change.now, at + 1);
      const then = change.old.findIndex(
        ({ text }, index) => text === token.text && change.old[index + 1]?.text === '(',
      );
      const old = then < 0 ? undefined : parametersAt(source.language, change.before, change.old, then + 1);
      const step = now && old && stepBetween(old, now);
      if (step) yield { name: token.text, change, count: old.length, step };
      break;
    }
  }
}

function stepBetween(old: readonly Parameter[], now: readonly Parameter[]): Step | undefined {
  const [before, after] = [old.map(({ name }) => name), now.map(({ name }) => name)];
  if (new Set(before).size < before.length || new Set(after).size < after.length) return undefined;
  if (now.length === old.length) {
    const from = after.map(name => before.indexOf(name));
    return from.includes(-1) || from.every((index, at) => index === at) ? undefined : { kind: 'order', from };
  }
  if (now.length === old.length + 1) {
    const at = addedAt(before, after);
    const parameter = now[at];
    // With a default the calls are right as they are.
    return parameter && !parameter.optional ? { kind: 'add', at, parameter } : undefined;
  }
  if (now.length === old.length - 1) {
    const at = addedAt(after, before);
    return at < 0 ? undefined : { kind: 'remove', at, name: before[at] as string };
  }
  return undefined;
}

function calls(changed: Changed, source: Source, own: boolean, names: Names | undefined): readonly Guess[] {
  const { name, change, count, step } = changed;
  const guesses: Guess[] = [];
  for (const line of nearestFirst(
    source.linesWith(`${name}(`, own ? change.line : 0),
    own ? change.line : 0,
  )) {
    if (own && line === change.line) continue;
    const text = source.lines[line] as string;
    const after = rewritten(changed, source, line, names);
    if (after === undefined || after === text) continue;
    const confidence = step.kind === 'add' ? 0.72 : count === 1 || step.kind === 'order' ? 0.78 : 0.84;
    guesses.push({
      ...guessOf(source, line, text, after, confidence, change),
      reason: `${words(step)} in this call of \`${name}\``,
      by: 'signature',
      group: `signature ${name} ${words(step)}`,
    });
  }
  return guesses;
}

function words(step: Step): string {
  if (step.kind === 'add') return `pass \`${step.parameter.name}\``;
  return step.kind === 'remove' ? `leave out \`${step.name}\`` : 'reorder the arguments';
}

/** The line with every call of the function changed; undefined where one is not understood. */
function rewritten(
  { name, count, step }: Changed,
  source: Source,
  line: number,
  names: Names | undefined,
): string | undefined {
  let text = source.lines[line] as string;
  const places = source.tokens(line).filter(token => token.text === name && token.where === 'code');
  for (const { start, end } of places.toReversed()) {
    if (text[end] !== '(' || reachOf(source, line, start, name) !== undefined) return undefined;
    const found = splitArguments(text, tokensOf(source.language, text), end);
    if (
      !found ||
      found.parts.length !== count ||
      found.parts.some(part => /^\s*(?:\*|\.\.\.|\w+\s*=[^=])/.test(part))
    )
      return undefined;
    const parts = found.parts.map(part => part.trim());
    if (step.kind === 'order')
      parts.splice(0, parts.length, ...step.from.map(index => parts[index] as string));
    else if (step.kind === 'remove') parts.splice(step.at, 1);
    else {
      if (!inScope(source, line, step.parameter.name, names)) return undefined;
      parts.splice(step.at, 0, step.parameter.name);
    }
    text = `${text.slice(0, end + 1)}${parts.join(', ')}${text.slice(found.end)}`;
  }
  return text;
}

/** A variable of this name can be used on a line. */
function inScope(source: Source, line: number, name: string, names: Names | undefined): boolean {
  if (names) return names.visible(line).has(name);
  let indent = indentOf(source.lines[line] as string);
  for (let above = line - 1; above >= Math.max(0, line - SCOPE_LINES); above--) {
    const text = source.lines[above] as string;
    if (text.trim() === '' || indentOf(text) > indent) continue;
    indent = indentOf(text);
    if (
      text.includes(name) &&
      source
        .tokens(above)
        .some(
          token => token.text === name && token.where === 'code' && reachOf(source, above, token.start, name),
        )
    )
      return true;
    if (indent === 0) return false;
  }
  return false;
}
