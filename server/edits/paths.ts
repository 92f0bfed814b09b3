/**
 * Which file a model means by a line such as "**`./src/a.ts`**:". Text only: whether a path may be written is
 * decided elsewhere.
 */

const LABEL = /^(?:file(?:name|path)?|path|in|update|edit|modify|create|new file)\s*:?\s+/i;

/** A path as written by a model, without decoration; undefined where the line cannot be one. */
export function cleanPath(line: string): string | undefined {
  if (line.length > 500) return undefined;
  let text = line.trim();
  // Markdown and comment decoration may be nested: "### **`a.ts`**", "// File: a.ts".
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(/^(?:#{1,6}\s+|\/\/\s*|--\s+|;+\s+|[*+-]\s+|\d+[.)]\s+|>\s+|<!--\s*|\/\*\s*)/, '')
      .replace(/\s*(?:-->|\*\/)$/, '')
      .replace(/^(\*{1,2}|_{2}|`{1,2}|"|')(.+)\1(:?)$/, '$2$3')
      .replace(LABEL, '')
      .replace(/\s*:$/, '')
      .trim();
  }
  text = normalPath(text);
  if (text === '' || text.length > 400 || /[\u0000-\u001f`<>|*?"]/.test(text)) return undefined;
  return text;
}

/** `/`-separated, without `./`, diff prefixes, `file://` or a trailing slash. */
export function normalPath(path: string): string {
  return path
    .trim()
    .replace(/^file:\/\//, '')
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
}

/** Whether a cleaned line reads like a path rather than like prose: a known one, or one word with an extension or a folder. */
export function looksLikePath(text: string, known: readonly string[]): boolean {
  if (known.some(path => samePath(path, text) || isSuffix(path, text))) return true;
  if (/\s/.test(text)) return /^[\w@().+ -]+(?:\/[\w@().+ -]+)*\.\w{1,12}$/.test(text) && !/\.\s/.test(text);
  return (
    (/^[^\s()]+\.[A-Za-z]\w{0,11}$/.test(text) || /^[^\s()]*\/[^\s()]+$/.test(text)) &&
    !/^\w+:\/\//.test(text)
  );
}

/** What a path means among the files the model was shown. */
export type PathMatch<T> =
  | { readonly kind: 'one'; readonly document: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly documents: readonly T[] };

/** Finds the one document that `path` names: exactly, else by its unique tail, else by case. */
export function matchPath<T extends { readonly path: string }>(
  path: string,
  documents: readonly T[],
): PathMatch<T> {
  if (path === '') {
    const only = documents[0];
    return only !== undefined && documents.length === 1
      ? { kind: 'one', document: only }
      : { kind: 'several', documents };
  }
  const wanted = normalPath(path);
  const unprefixed = wanted.replace(/^[ab]\//, '');
  const tests: ((candidate: string) => boolean)[] = [
    candidate => candidate === wanted,
    candidate => candidate === unprefixed,
    // A shortened path, or an absolute one; "lib/a.ts" is not "a.ts".
    candidate => isSuffix(candidate, wanted) || (isAbsolute(wanted) && isSuffix(wanted, candidate)),
    candidate => candidate.toLowerCase() === wanted.toLowerCase(),
  ];
  for (const test of tests) {
    const found = documents.filter(document => test(normalPath(document.path)));
    const first = found[0];
    if (first !== undefined) {
      return found.length === 1 ? { kind: 'one', document: first } : { kind: 'several', documents: found };
    }
  }
  return { kind: 'none' };
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

function samePath(a: string, b: string): boolean {
  return normalPath(a) === normalPath(b);
}

/** Whether `tail` is the end of `path` at a folder boundary. */
function isSuffix(path: string, tail: string): boolean {
  return tail !== '' && normalPath(path).endsWith(`/${normalPath(tail)}`);
}
