/**
 * What can be told of the code in a task's tree by its lines alone: definitions by each language's patterns,
 * references by whole words. It must not know syntax trees; where something knows more, it stands in for this.
 */
import { languageOf } from '../base/languages.ts';
import { patternsOf } from '../index/definitionPatterns.ts';
import type { Code, CodePlace, Tree } from './ports.ts';

/** Files that are looked through, and places that are given. */
const MOST_FILES = 5_000;
const MOST_PLACES = 60;
const LONGEST_LINE = 400;

/** The lines of a text that define something, as they stand there. */
export function outlineOf(path: string, text: string): readonly CodePlace[] {
  return definitionsIn(path, text).map(({ line, text: words }) => ({ path, line, text: words }));
}

function definitionsIn(path: string, text: string): readonly (CodePlace & { readonly name: string })[] {
  const language = languageOf('', path);
  const { definitions } = patternsOf(language.id, language.prose === true);
  return text.split(/\r\n|\n|\r/).flatMap((line, i) => {
    if (line.length > LONGEST_LINE) return [];
    for (const { pattern } of definitions) {
      const groups = pattern.exec(line)?.groups;
      const name = groups?.['name'] ?? groups?.['alias'];
      if (name !== undefined && name !== '') return [{ path, line: i + 1, text: line.trim(), name }];
    }
    return [];
  });
}

/** Every place where a text stands, in the order of the files; ends at `most` or when aborted. */
export async function findText(
  tree: Tree,
  test: (line: string) => boolean,
  options: { readonly under?: string; readonly most: number; readonly quick: (text: string) => boolean },
  signal: AbortSignal,
): Promise<readonly CodePlace[]> {
  const { most, quick, under = '' } = options;
  const prefix = under.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const found: CodePlace[] = [];
  for (const path of await tree.paths(MOST_FILES, signal)) {
    if (signal.aborted || found.length >= most) break;
    if (prefix !== '' && prefix !== '.' && path !== prefix && !path.startsWith(`${prefix}/`)) continue;
    const text = await tree.read(path);
    if (!text.ok || !quick(text.value)) continue;
    for (const [i, line] of text.value.split(/\r\n|\n|\r/).entries()) {
      if (found.length < most && test(line)) found.push({ path, line: i + 1, text: line });
    }
  }
  return found;
}

export function codeByText(tree: Tree): Code {
  return {
    async definitions(name, signal) {
      const places: CodePlace[] = [];
      for (const path of await tree.paths(MOST_FILES, signal)) {
        if (signal.aborted || places.length >= MOST_PLACES) break;
        const text = await tree.read(path);
        if (!text.ok || !text.value.includes(name)) continue;
        for (const each of definitionsIn(path, text.value)) if (each.name === name) places.push(each);
      }
      return places.map(({ path, line, text }) => ({ path, line, text }));
    },
    references(name, signal) {
      const escaped = name.replace(/[^\p{L}\p{N}_]/gu, String.raw`\$&`);
      const word = new RegExp(String.raw`(?<![\p{L}\p{N}_$])${escaped}(?![\p{L}\p{N}_$])`, 'u');
      const options = { most: MOST_PLACES, quick: (text: string) => text.includes(name) };
      return findText(tree, line => word.test(line), options, signal);
    },
  };
}
