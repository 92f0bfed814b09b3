/**
 * Reads a regular expression into its parts, in one pass from left to right: every step moves forwards, so that no
 * pattern takes more than its length. It must not know words or the languages around it.
 */

/** Deeper groups are given up. */
const MAX_DEPTH = 24;
const MAX_PATTERN = 2_000;

export interface Quantifier {
  readonly min: number;
  /** Infinity: any number. */
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
}

export type RegexItem = {
  readonly source: string;
  readonly times: Quantifier | undefined;
} & (
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'escape' | 'class'; readonly text: string }
  | { readonly kind: 'back'; readonly to: string }
  | {
      readonly kind: 'group';
      /** What follows `(?`: `:`, `=`, `!`, `<=`, `<!`, `>`, `name`, flags; empty: it is counted. */
      readonly head: string;
      readonly name: string | undefined;
      readonly number: number | undefined;
      readonly branches: readonly (readonly RegexItem[])[];
    }
);

export type RegexGroup = Extract<RegexItem, { kind: 'group' }>;

const escape =
  /\\(?:[pP](?:\{[^}\\]{1,40}\}|[A-Z])|u\{[\da-fA-F]{1,6}\}|x\{[\da-fA-F]{1,6}\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[^])/uy;
const back = /\\(?:([1-9]\d?)|k(?:<([\w$]{1,60})>|'(\w{1,60})'|\{(\w{1,60})\}))|\(\?P=(\w{1,60})\)/y;
const groupHead =
  /\(\?(?:P?<([\p{L}_$][\p{L}\p{N}_$]{0,60})>|'(\w{1,60})'|(<?[=!]|[:>])|([a-zA-Z^-]{1,12})([:)]))/uy;
const counted = /(?:([*+?])|\{(\d{1,6})(?:(,)(\d{1,6})?)?\})([?+]?)/y;
const flagsInFront = /^\(\?([a-zA-Z]{1,8})\)/;

export interface RegexTree {
  readonly branches: readonly (readonly RegexItem[])[];
  /** Flags that the pattern starts with, `(?i)`. */
  readonly flags: string;
}

/** The parts of a pattern; undefined where it is too long, too deep, or not a regular expression. */
export function parseRegex(pattern: string, extended = false): RegexTree | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  const flags = flagsInFront.exec(pattern);
  const reader = new Reader(pattern, flags?.[0].length ?? 0, extended || (flags?.[1] ?? '').includes('x'));
  const branches = reader.branches(0);
  return branches && reader.ended ? { branches, flags: flags?.[1] ?? '' } : undefined;
}

class Reader {
  readonly #text: string;
  readonly #extended: boolean;
  #at: number;
  #groups = 0;

  constructor(text: string, at: number, extended: boolean) {
    this.#text = text;
    this.#at = at;
    this.#extended = extended;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }

  branches(depth: number): RegexItem[][] | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const all: RegexItem[][] = [[]];
    while (!this.ended && this.#text[this.#at] !== ')') {
      const char = this.#text[this.#at] as string;
      if (char === '|') {
        this.#at++;
        all.push([]);
      } else if (this.#extended && /\s/.test(char)) this.#at++;
      else if (this.#extended && char === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end + 1;
      } else {
        const item = this.#item(depth);
        if (!item) return undefined;
        all.at(-1)?.push(item);
      }
    }
    return all;
  }

  #item(depth: number): RegexItem | undefined {
    const start = this.#at;
    const bare = this.#bare(depth);
    if (!bare) return undefined;
    const times = this.#match(counted);
    const source = this.#text.slice(start, this.#at);
    if (!times) return { ...bare, source, times: undefined };
    const [, sign, from, comma, to, mode] = times;
    const min = sign ? (sign === '+' ? 1 : 0) : Number(from);
    const max = sign ? (sign === '?' ? 1 : Infinity) : comma ? (to ? Number(to) : Infinity) : min;
    if (max < min) return undefined;
    const how = mode === '?' ? 'lazy' : mode === '+' ? 'possessive' : 'greedy';
    return { ...bare, source, times: { min, max, mode: how } };
  }

  #bare(depth: number): RegexItem | undefined {
    const empty = { source: '', times: undefined };
    const char = this.#text[this.#at] as string;
    const same = this.#match(back);
    if (same) return { ...empty, kind: 'back', to: same.slice(1).find(Boolean) ?? '' };
    if (char === '(') return this.#group(depth);
    if (char === '[') return this.#class();
    if (char === '\\') {
      const found = this.#match(escape);
      return found && { ...empty, kind: 'escape', text: found[0] };
    }
    if (char === '*' || char === '+' || char === '?') return undefined;
    const unit = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    this.#at += unit.length;
    if (char === '.' || char === '^' || char === '$') return { ...empty, kind: 'escape', text: char };
    return { ...empty, kind: 'literal', text: unit };
  }

  #class(): RegexItem | undefined {
    const start = this.#at;
    let depth = 0;
    for (this.#at++; !this.ended; this.#at++) {
      const char = this.#text[this.#at] as string;
      if (char === '\\') this.#at++;
      else if (char === '[' && this.#text[this.#at + 1] === ':') depth++;
      else if (char === ']' && depth > 0 && this.#text[this.#at - 1] === ':') depth--;
      else if (char === ']') {
        this.#at++;
        return { kind: 'class', text: this.#text.slice(start, this.#at), source: '', times: undefined };
      }
    }
    return undefined;
  }

  #group(depth: number): RegexItem | undefined {
    const found = this.#match(groupHead);
    if (!found) {
      if (this.#text[this.#at + 1] === '?') return undefined;
      this.#at++;
    }
    const name = found?.[1] ?? found?.[2];
    const head = found?.[3] ?? found?.[4] ?? (name ? 'name' : '');
    const number = head === '' || name ? ++this.#groups : undefined;
    const switched = found?.[5] === ')';
    const branches = switched ? [] : this.branches(depth + 1);
    if (!branches || (!switched && this.#text[this.#at++] !== ')')) return undefined;
    return { kind: 'group', head, name, number, branches, source: '', times: undefined };
  }
}
