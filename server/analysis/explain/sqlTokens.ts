/**
 * Cuts SQL into words, strings, signs and the depth of their brackets, in one pass. Understands the quotes and
 * comments that the common databases share. It must not know statements.
 */

export interface SqlToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'sign';
  /** As written, quotes of names removed. */
  readonly text: string;
  /** In capitals if it is a word; empty otherwise: no quoted name is a keyword. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

const pattern =
  /\s+|--[^\n]*|\/\*|'[^']*(?:''[^']*)*'|"([^"]*)"|`([^`]*)`|\[([A-Za-z_][\w ]*)\]|[\p{L}_@:$#][\p{L}\p{N}_$]*|\d[\w.]*|[^]/uy;

/** All tokens but space and comments; undefined where a comment or bracket never ends. */
export function sqlTokens(text: string): readonly SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    const match = found?.[0] ?? '';
    if (match === '') return undefined;
    const start = at;
    at += match.length;
    if (match === '/*') {
      const end = text.indexOf('*/', at);
      if (end < 0) return undefined;
      at = end + 2;
      continue;
    }
    if (/^\s/.test(match) || match.startsWith('--')) continue;
    const quoted = found?.[1] ?? found?.[2] ?? found?.[3];
    if (match === ')') depth--;
    if (depth < 0) return undefined;
    const kind =
      quoted !== undefined
        ? 'name'
        : match.startsWith("'") && match.length > 1
          ? 'string'
          : /^[\p{L}_]/u.test(match)
            ? 'word'
            : /^\d/.test(match)
              ? 'number'
              : 'sign';
    const key = kind === 'word' ? match.toUpperCase() : '';
    tokens.push({ kind, text: quoted ?? match, key, start, end: at, depth });
    if (match === '(') depth++;
  }
  return depth === 0 ? tokens : undefined;
}
