/** Parameters of a signature and arguments of a call, as far as they stand on one line. Pure. */
import type { Language } from '../../base/languages.ts';
import type { Token } from './source.ts';

export interface Parameter {
  readonly name: string;
  /** It has a default, or may be left out. */
  readonly optional: boolean;
}

const OPEN = '([{';
const CLOSE = ')]}';
/** Languages that write the type before the name. */
const TYPE_FIRST = new Set(['java', 'c', 'cpp', 'csharp', 'dart', 'php']);
const SELF = /^(?:self|cls|this|&(?:'\w+ )?(?:mut )?self|mut self|&self)$/;

/** What stands between the parenthesis at `open` and its partner, cut at commas; undefined if they are not on this line. */
export function splitArguments(
  text: string,
  tokens: readonly Token[],
  open: number,
): { readonly parts: readonly string[]; readonly end: number } | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (const token of tokens) {
    if (token.start < open || token.where !== 'code') continue;
    if (OPEN.includes(token.text)) depth++;
    else if (CLOSE.includes(token.text)) depth--;
    const ends = depth === 0;
    if (!ends && !(depth === 1 && token.text === ',')) continue;
    const part = text.slice(start, token.start);
    // `f()` has no argument, and a last comma begins none.
    if (!ends || part.trim() !== '') parts.push(part);
    if (ends) return { parts, end: token.start };
    start = token.end;
  }
  return undefined;
}

/** The parameters in the parentheses that begin with a token, without the object itself. */
export function parametersAt(
  language: Language,
  text: string,
  tokens: readonly Token[],
  open: number,
): readonly Parameter[] | undefined {
  const found = splitArguments(text, tokens, (tokens[open] as Token).start);
  if (!found) return undefined;
  const parameters = found.parts.map(part => parameterOf(language, part)).filter(each => each !== null);
  return parameters.includes(undefined) ? undefined : (parameters as Parameter[]);
}

/** Null: the object itself. Undefined: not understood. */
export function parameterOf(language: Language, part: string): Parameter | undefined | null {
  const text = part.trim();
  if (SELF.test(text.replace(/:.*/, ''))) return null;
  const optional = /(?:[^=!<>]=[^=>]|\?\s*:|\?\s*$|^\*|^\.\.\.)/.test(text);
  const bare = text.replace(/\s*=(?!>).*$/s, '').trim();
  const name = TYPE_FIRST.has(language.id)
    ? /([A-Za-z_$][\w$]*)\s*(?:\[\s*\])*$/.exec(bare)?.[1]
    : /^(?:(?:public|private|protected|readonly|mut|const|final)\s+)*(?:\*{1,2}|\.\.\.)?([A-Za-z_$][\w$]*)/.exec(
        bare,
      )?.[1];
  return name === undefined ? undefined : { name, optional };
}

/** Where the one element stands that the longer list has beyond the shorter; -1 if they differ otherwise. */
export function addedAt(shorter: readonly string[], longer: readonly string[]): number {
  const at = longer.findIndex((name, index) => name !== shorter[index]);
  return longer.filter((_, index) => index !== at).every((name, index) => name === shorter[index]) ? at : -1;
}
