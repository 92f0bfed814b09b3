/**
 * A parameter renamed or removed: what the function's documentation says of it. Reads the comment above a signature and
 * the docstring below it, in the ways parameters are listed there; prose is left alone.
 */
import { lineChanges } from './changes.ts';
import { addedAt, parametersAt } from './parameters.ts';
import { indentOf, type Source, type Token } from './source.ts';
import type { Guess, Predicting, Predictor } from './types.ts';

const MAX_AGE = 3;
/** Lines of documentation that are read. */
const MAX_LINES = 60;
/** Lines between a signature's first one and its docstring. */
const MAX_SIGNATURE = 20;
const CALLABLE =
  /(?:^|\s)(?:fn|func|function\*?|def|fun|sub|constructor)\b|\)\s*(?::.*|->.*|throws .*)?\{\s*$/;
const COMMENT = /^\s*(?:\/\*\*?|\*|\/\/|#(?!\[)|--|;;|%)/;
/** A decorator or attribute stands between a comment and what it is about. */
const BETWEEN = /^\s*(?:@[\w.]+(?:\(.*\))?|#\[.*\])\s*$/;
const ENDS = /\*\/|"""|'''/;

interface Change {
  readonly from: string;
  /** Undefined: removed. */
  readonly to: string | undefined;
}

export const documented: Predictor = {
  name: 'documented',
  guess({ edits, sources }: Predicting) {
    const guesses: Guess[] = [];
    for (const [age, edit] of edits.slice(0, MAX_AGE).entries()) {
      const source = sources.find(({ uri }) => uri === edit.uri);
      for (const { line, before, after, old, now } of source ? lineChanges(edit, age) : []) {
        if (source?.lines[line] !== after || !CALLABLE.test(before) || !CALLABLE.test(after)) continue;
        const changed = changeBetween(source, { text: before, tokens: old }, { text: after, tokens: now });
        if (changed) guesses.push(...guessesFor(source, line, changed));
      }
    }
    return guesses;
  },
};

interface Signature {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** The one parameter that another took the place of, or none. */
function changeBetween({ language }: Source, old: Signature, now: Signature): Change | undefined {
  const names = ({ text, tokens }: Signature) => {
    const open = tokens.findIndex(
      (token, index) => token.text === '(' && token.where === 'code' && tokens[index - 1]?.word === true,
    );
    return open < 0 ? undefined : parametersAt(language, text, tokens, open)?.map(({ name }) => name);
  };
  const [before, after] = [names(old), names(now)];
  if (!before || !after) return undefined;
  if (after.length === before.length) {
    const others = before.flatMap((from, index) =>
      from === after[index] ? [] : [{ from, to: after[index] }],
    );
    const [other] = others;
    return others.length === 1 && other && !after.includes(other.from) ? other : undefined;
  }
  const at = after.length === before.length - 1 ? addedAt(after, before) : -1;
  const from = before[at];
  return from === undefined ? undefined : { from, to: undefined };
}

function guessesFor(source: Source, line: number, { from, to }: Change): readonly Guess[] {
  const name = from.replace(/[$]/g, '\\$&');
  // JSDoc, Doxygen and LuaCATS tags, reStructuredText fields; then the lists of Google's and NumPy's style.
  const tag = new RegExp(
    `([@\\\\]param(?:\\[\\w+\\])?\\s+(?:\\{[^}]*\\}\\s+)?\\[?|:param\\s+(?:[\\w.\\[\\]|]+\\s+)?)${name}(?![\\w$])`,
  );
  const item = new RegExp(`^(\\s*(?:[*-]\\s+)?\`?)${name}(?=\`?\\s*(?:\\([^)]*\\))?\\s*:)`);
  const found: Guess[] = [];
  const documentation = linesOf(source, line);
  for (const [index, at] of documentation.entries()) {
    const text = source.lines[at] as string;
    const match = tag.exec(text) ?? (at > line ? item.exec(text) : null);
    if (!match) continue;
    const base = {
      uri: source.uri,
      confidence: 0.82,
      by: 'documented',
      group: `documented ${from} ${to ?? ''}`,
    };
    if (to !== undefined) {
      const start = match.index + (match[1] ?? '').length;
      const range = {
        start: { line: at, character: start },
        end: { line: at, character: start + from.length },
      };
      found.push({
        ...base,
        range,
        newText: to,
        reason: `\`${from}\` is \`${to}\` in the documentation too`,
      });
      continue;
    }
    const last = endOf(source, documentation, index);
    if (last === undefined) continue;
    found.push({
      ...base,
      ...source.replacement(at, last + 1, []),
      reason: `\`${from}\` is no parameter any more`,
    });
  }
  return found;
}

/** The comment above a signature, and the docstring below it. */
function linesOf(source: Source, line: number): readonly number[] {
  const found: number[] = [];
  for (let at = line - 1; at >= Math.max(0, line - MAX_LINES); at--) {
    const text = source.lines[at] as string;
    if (COMMENT.test(text)) found.unshift(at);
    else if (!BETWEEN.test(text)) break;
  }
  if (source.language.id !== 'python') return found;
  let first = line;
  while (first < line + MAX_SIGNATURE && !/:\s*(?:#.*)?$/.test(source.lines[first] ?? '')) first++;
  const opens = /^\s*[rRbBuU]*("""|''')/.exec(source.lines[first + 1] ?? '');
  if (!opens) return found;
  for (let at = first + 1; at < Math.min(source.length, first + MAX_LINES); at++) {
    found.push(at);
    const text = source.lines[at] as string;
    if ((at > first + 1 ? text : text.slice(opens[0].length)).includes(opens[1] as string)) break;
  }
  return found;
}

/** The last line of what is said of a parameter; undefined where the documentation begins or ends with it. */
function endOf(source: Source, documentation: readonly number[], index: number): number | undefined {
  const first = documentation[index] as number;
  const said = (line: number) => (source.lines[line] as string).replace(/^(\s*)(?:\*|\/\/+|#+|--+)/, '$1 ');
  if (ENDS.test(source.lines[first] as string)) return undefined;
  let last = first;
  for (const at of documentation.slice(index + 1)) {
    const text = said(at);
    const goes = at === last + 1 && text.trim() !== '' && indentOf(text) > indentOf(said(first));
    if (!goes || ENDS.test(source.lines[at] as string)) break;
    last = at;
  }
  return last;
}
