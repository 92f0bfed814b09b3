/**
 * A literal and what its surroundings call it: its value, what it is passed to, and the name that it is given or
 * compared with. Reads a bounded piece of text in front of it, the same way in every language. It must not know
 * what the literal means.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { FileView } from '../view.ts';

/** Text in front of a literal that is looked at, in UTF-16 units. */
const MAX_BEFORE = 400;
/** Longer strings are data rather than something to be read aloud. */
const MAX_STRING = 4_000;

export interface Place {
  readonly start: number;
  readonly end: number;
  /** What a string means, its escapes resolved; the text itself of other literals. */
  readonly text: string;
  /** Whether backslashes stand for themselves in the source. */
  readonly raw: boolean;
  readonly before: string;
  readonly after: string;
  /** What it is passed to, as written (`re.compile`); empty if nothing. */
  readonly callee: string;
  /** Which argument it is, counted from 0. */
  readonly argument: number;
  /** What it is assigned to, a value of, or compared with, as written; empty if nothing. */
  readonly name: string;
  readonly languageId: string;
}

/** A node as a place; undefined for strings that are put together when the program runs. */
export function placeOf(view: FileView, node: SyntaxNode, isString: boolean): Place | undefined {
  if (node.end - node.start > MAX_STRING) return undefined;
  const read = isString ? readString(node, view.grammar) : { text: node.text, raw: true };
  if (!read) return undefined;
  const before = view.text.slice(Math.max(0, node.start - MAX_BEFORE), node.start);
  const after = view.text.slice(node.end, node.end + 80);
  return {
    ...read,
    start: node.start,
    end: node.end,
    before,
    after,
    ...calledWith(before),
    name: nameBefore(before),
    languageId: view.language.id,
  };
}

/** The whole string that a leaf is a part of. */
export function stringAround(leaf: SyntaxNode): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  for (let node: SyntaxNode | undefined = leaf, depth = 0; node && !node.isRoot && depth < 4; depth++) {
    if (node.type === 'interpolation' || node.type === 'template_substitution') return undefined;
    if (/string/.test(node.type) && !/concatenated|_(?:content|fragment|start|end)$/.test(node.type))
      found = node;
    node = node.parent;
  }
  return found;
}

/** The words that a name is made of, in lower case: `retryDelayMs` is `retry delay ms`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

const opening = /^([a-zA-Z@$]{0,3})(#{0,9})("""|'''|["'`])/;

function readString(node: SyntaxNode, grammar: string): Pick<Place, 'text' | 'raw'> | undefined {
  let whole = true;
  node.visit(part => {
    if (/interpolation|substitution|expansion|^variable/.test(part.type)) whole = false;
    return whole;
  });
  const { text } = node;
  const head = opening.exec(text);
  if (!whole || !head) return undefined;
  const [start, prefix = '', hashes = '', quote = ''] = head;
  if (/f/i.test(prefix) && grammar === 'python') return undefined;
  const close = quote + hashes;
  if (text.length < start.length + close.length || !text.endsWith(close)) return undefined;
  const inner = text.slice(start.length, text.length - close.length);
  const raw =
    /[rR@]/.test(prefix) ||
    (quote === '`' && grammar === 'go') ||
    (quote === "'" && (grammar === 'ruby' || grammar === 'php' || grammar === 'bash'));
  return { text: raw ? inner : unescape(inner), raw };
}

const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' };

/** Resolves the escapes that all languages share; of others the backslash stays, as Python has it. */
function unescape(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([\s\S]))/g,
    (all, hex?: string, unit?: string, char?: string) => {
      const digits = hex ?? unit;
      if (digits) return String.fromCharCode(Number.parseInt(digits, 16));
      if (char === undefined) return all;
      return named[char] ?? (/["'`\\/]/.test(char) ? char : all);
    },
  );
}

const isNamePart = (char: string | undefined): boolean => char !== undefined && /[\w$.:!?>-]/.test(char);

/** The open call that a text ends in. */
function calledWith(before: string): Pick<Place, 'callee' | 'argument'> {
  let depth = 0;
  let argument = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    const char = before[at] as string;
    if (char === ')' || char === ']' || char === '}') depth++;
    else if (depth === 0 && (char === ';' || char === '{')) break;
    else if (char === '(' && depth === 0) {
      let start = at;
      while (start > 0 && isNamePart(before[start - 1])) start--;
      return { callee: before.slice(start, at), argument };
    } else if (char === '(' || char === '[' || char === '{') depth = Math.max(0, depth - 1);
    else if (char === ',' && depth === 0) argument++;
  }
  return { callee: '', argument: 0 };
}

/** The name in front of `=`, `:`, `=>` or a comparison; with a declared type, both. */
function nameBefore(before: string): string {
  const skip = (at: number, set: RegExp): number => {
    let end = at;
    while (end > 0 && set.test(before[end - 1] as string)) end--;
    return end;
  };
  const line = /[ \t]/;
  const afterOperator = skip(before.length, line);
  const operator = skip(afterOperator, /[=:!<>]/);
  if (operator === afterOperator || afterOperator - operator > 3) return '';
  const closed = skip(operator, /[ \t"'\])]/);
  const start = skip(closed, /[\w$.-]/);
  const name = before.slice(start, closed);
  const colon = skip(start, line);
  if (before[colon - 1] !== ':') return name;
  const typed = skip(colon - 1, line);
  return `${before.slice(skip(typed, /[\w$.-]/), typed)} ${name}`;
}
