/**
 * Where a name is used: the lines of a file on which it is a word of the code, and which files count at all. It must
 * not know how files are found or read.
 */
import { familyOf } from '../base/languageFamilies.ts';
import { languageOfPath } from '../base/languages.ts';
import { idOf, tokenKind } from '../base/tokens.ts';
import type { Vocabulary } from '../base/tokens.ts';
import type { Lexer } from './lexer.ts';

/** Text and data, where a word is no use of a name. */
const noCode = new Set(['json', 'jsonc', 'yaml', 'toml', 'ini', 'xml', 'html', 'css', 'scss', 'less']);

/** Tells files in the same language, or family of languages, as `path`; where that has none, all that hold code. */
export function kinOf(path: string): (other: string) => boolean {
  const asked = languageOfPath(path);
  return other => {
    const its = languageOfPath(other);
    if (!its) return false;
    return asked ? familyOf(its.id) === familyOf(asked.id) : !its.prose && !noCode.has(its.id);
  };
}

export interface Use {
  /** Zero-based. */
  readonly line: number;
  /** The name stands in a string and nowhere else on the line. */
  readonly quoted: boolean;
}

/** The lines on which `name`, whose word is `id`, is used; comments do not count. */
export function* findUses(
  lines: readonly string[],
  name: string,
  id: number,
  lexer: Lexer,
  words: Vocabulary,
): Generator<Use> {
  const last = lines.findLastIndex(line => line.includes(name));
  let state = 0;
  // Open brackets of the parts of a string that are code, as in `${name}`; -1: the place is no string.
  let inside = -1;
  for (let line = 0; line <= last; line++) {
    const lexed = lexer.line(lines[line] ?? '', state);
    if (state === 0) inside = -1;
    state = lexed.state;
    let seen: boolean | undefined;
    for (const token of lexed.tokens) {
      const word = idOf(token);
      if (word === id) seen = (seen ?? true) && inside === 0;
      const kind = words.kindOf(word);
      if (kind === tokenKind.open) inside = 0;
      else if (kind === tokenKind.close) inside = -1;
      else if (inside >= 0 && kind === tokenKind.operator) {
        const text = words.textOf(word);
        if (text === '${' || text === '#{' || (inside > 0 && text === '{')) inside++;
        else if (inside > 0 && text === '}') inside--;
      }
    }
    if (seen !== undefined) yield { line, quoted: seen };
  }
}
