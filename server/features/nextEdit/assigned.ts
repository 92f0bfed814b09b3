/** A parameter added to a constructor that keeps its other parameters in fields: the assignment it lacks. */
import type { RecentEdit } from '../../base/history.ts';
import { lineChanges } from './changes.ts';
import { addedAt, parameterOf, splitArguments } from './parameters.ts';
import { indentOf, type Source, tokensOf } from './source.ts';
import type { Guess, Predicting, Predictor } from './types.ts';

const MAX_AGE = 3;
const HEAD = /\bdef __init__\s*\(|^\s*constructor\s*\(/;
const MAX_SIGNATURE = 30;
const MAX_BODY = 80;

export const assigned: Predictor = {
  name: 'assigned',
  guess({ edits, sources }: Predicting) {
    return edits.slice(0, MAX_AGE).flatMap((edit, age) => {
      const source = sources.find(({ uri }) => uri === edit.uri);
      const added = source && addedParameter(edit, age, source);
      const guess = added && assignment(source, added.head, added.name);
      return guess ? [guess] : [];
    });
  },
};

/** The parameter that an edit put into a constructor, and the line where that begins. */
function addedParameter(
  edit: RecentEdit,
  age: number,
  source: Source,
): { head: number; name: string } | undefined {
  const [change] = lineChanges(edit, age);
  if (change && source.lines[change.line] === change.after && HEAD.test(change.after)) {
    const names = (text: string) =>
      splitArguments(text, tokensOf(source.language, text), text.indexOf('('))?.parts.map(
        part => parameterOf(source.language, part)?.name ?? 'self',
      );
    const [old, now] = [names(change.before), names(change.after)];
    if (!old || !now || now.length !== old.length + 1) return undefined;
    const name = now[addedAt(old, now)];
    return name === undefined ? undefined : { head: change.line, name };
  }
  if (edit.beforeLines > 0 || edit.afterLines !== 1 || source.lines[edit.line] !== edit.after)
    return undefined;
  const name = /,\s*$/.test(edit.after)
    ? parameterOf(source.language, edit.after.trim().slice(0, -1))?.name
    : undefined;
  if (name === undefined) return undefined;
  for (let head = edit.line - 1; head >= Math.max(0, edit.line - MAX_SIGNATURE); head--) {
    const text = source.lines[head] as string;
    if (HEAD.test(text)) return { head, name };
    if (!/,\s*$/.test(text)) return undefined;
  }
  return undefined;
}

function assignment(source: Source, head: number, name: string): Guess | undefined {
  const parameters: string[] = [];
  const kept = new Map<string, number>();
  const own = indentOf(source.lines[head] as string);
  let body = false;
  for (let line = head; line < Math.min(source.length, head + MAX_BODY); line++) {
    const text = source.lines[line] as string;
    if (line > head && body && text.trim() !== '' && indentOf(text) <= own) break;
    if (body) {
      const found = /^\s*(?:self|this)\.([\w$]+)\s*(?::[^=]+)?=\s*([\w$]+);?\s*$/.exec(text);
      if (found?.[1] && found[1].replace(/^_/, '') === found[2]) kept.set(found[2], line);
      if (new RegExp(`(?:self|this)\\._?${escape(name)}\\b`).test(text)) return undefined;
    } else {
      for (const { text: word, word: isWord } of source.tokens(line)) if (isWord) parameters.push(word);
      body = /[:{]\s*$/.test(text) && (line > head || /\)[^()]*[:{]\s*$/.test(text));
    }
  }
  const at = parameters.indexOf(name);
  const before = parameters.slice(0, at).findLast(other => kept.has(other));
  // One kept parameter may be chance; two are a habit.
  if (at < 0 || !before || kept.size < 2) return undefined;
  const line = kept.get(before) as number;
  const model = source.lines[line] as string;
  const pair = new RegExp(`\\.(_?)${escape(before)}(\\s*)(?::[^=]+)?=(\\s*)${escape(before)}(;?)`);
  const found = pair.exec(model);
  if (!found) return undefined;
  const [, mark = '', left = '', right = '', end = ''] = found;
  const text = `${/^\s*(?:self|this)/.exec(model)?.[0] ?? ''}.${mark}${name}${left}=${right}${name}${end}`;
  const position = { line: line + 1, character: 0 };
  return {
    uri: source.uri,
    range: { start: position, end: position },
    newText: `${text}\n`,
    confidence: 0.78,
    reason: `keep \`${name}\` as the other parameters are kept`,
    by: 'assigned',
    group: `assigned ${name}`,
  };
}

function escape(text: string): string {
  return text.replace(/[$]/g, '\\$&');
}
