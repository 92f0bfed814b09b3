/**
 * Reads regular expressions aloud, part by part. Knows which calls take one as a string. It must not know the tree.
 */
import { code } from './markdown.ts';
import type { Place } from './place.ts';
import { parseRegex, type Quantifier, type RegexGroup, type RegexItem } from './regexParse.ts';

/** Lines of parts, so that the whole stays within twelve. */
const MAX_PARTS = 9;
const MAX_SENTENCE = 170;

/** What an escape means: one of it, and many of it where that differs. */
const escapes: Readonly<Record<string, readonly [one: string, many?: string]>> = {
  '\\d': ['a digit', 'digits'],
  '\\D': ['anything but a digit'],
  '\\w': ['a word character', 'word characters'],
  '\\W': ['anything but a word character'],
  '\\s': ['white space'],
  '\\S': ['anything but white space'],
  '\\b': ['a word boundary'],
  '\\B': ['no word boundary'],
  '\\n': ['a line end', 'line ends'],
  '\\r': ['a carriage return'],
  '\\t': ['a tab', 'tabs'],
  '\\f': ['a form feed'],
  '\\v': ['a vertical tab'],
  '\\0': ['a null character'],
  '\\A': ['the start of the text'],
  '\\Z': ['the end of the text'],
  '\\z': ['the very end of the text'],
  '\\G': ['the end of the last match'],
  '\\R': ['a line end of any kind'],
  '.': ['any character', 'characters'],
  '^': ['the start'],
  $: ['the end'],
};

const classes: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'a-z': ['a small letter', 'small letters'],
  'A-Z': ['a capital letter', 'capital letters'],
  'a-zA-Z': ['a letter', 'letters'],
  'A-Za-z': ['a letter', 'letters'],
  '0-9': ['a digit', 'digits'],
  'a-zA-Z0-9': ['a letter or digit', 'letters and digits'],
  'A-Za-z0-9': ['a letter or digit', 'letters and digits'],
  '0-9a-f': ['a hexadecimal digit', 'hexadecimal digits'],
  'a-f0-9': ['a hexadecimal digit', 'hexadecimal digits'],
  '0-9a-fA-F': ['a hexadecimal digit', 'hexadecimal digits'],
  '\\s\\S': ['any character or line end', 'characters and line ends'],
  '^': ['any character or line end', 'characters and line ends'],
};

/** Programs that read regular expressions without going back: nothing takes them long. */
const linear = new Set(['go', 'rust']);

/** A pattern in words; undefined where it cannot be read for sure. */
export function readRegex(pattern: string, flags: string, languageId = 'javascript'): string | undefined {
  const tree = parseRegex(pattern, /x/.test(flags) && languageId !== 'javascript');
  if (!tree || pattern === '') return undefined;
  const notes = flagNotes(flags + tree.flags, languageId);
  const tail = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  const items = tree.branches.reduce((sum, branch) => sum + joined(branch).length, 0);
  const sentence = items <= 5 ? alternatives(tree.branches, 0) : undefined;
  const warned = !linear.has(languageId) && tree.branches.some(branch => branch.some(explodes));
  const warning = warned ? '\n\nRepeats what repeats itself: some texts take it very long.' : '';
  if (sentence && sentence.length <= MAX_SENTENCE) return `Matches ${sentence}${tail}.${warning}`;
  return `Matches${tail}:\n\n${bullets(tree.branches).join('\n')}${warning}`;
}

/** One line for each part, or for each alternative. */
function bullets(branches: readonly (readonly RegexItem[])[]): readonly string[] {
  const rows: string[] = [];
  if (branches.length > 1)
    for (const [at, branch] of branches.entries()) {
      const source = branch.map(item => item.source).join('');
      const words = sequence(branch, 1) ?? `${branch.length} parts`;
      rows.push(`- ${at === 0 ? '' : 'or '}${source ? `${code(source)}: ` : ''}${words || 'nothing'}`);
    }
  else
    for (const item of joined(branches[0] ?? [])) {
      rows.push(`- ${code(item.source)}: ${itemWords(item, 0) ?? 'a group of several parts'}`);
    }
  const more = rows.length - MAX_PARTS;
  return more > 0 ? [...rows.slice(0, MAX_PARTS), `- and ${more} more`] : rows;
}

function alternatives(branches: readonly (readonly RegexItem[])[], depth: number): string | undefined {
  if (depth > 2 || branches.length > 8) return undefined;
  const found = branches.map(branch => sequence(branch, depth));
  if (found.includes(undefined)) return undefined;
  return found.map(words => words || 'nothing').join(', or ');
}

function sequence(items: readonly RegexItem[], depth: number): string | undefined {
  const words = joined(items).map(item => itemWords(item, depth));
  return words.includes(undefined) ? undefined : words.join(', then ');
}

/** Characters that stand for themselves, put together into words. */
function joined(items: readonly RegexItem[]): readonly RegexItem[] {
  const all: RegexItem[] = [];
  for (const item of items) {
    const text = literalOf(item);
    const last = all.at(-1);
    if (text === undefined) all.push(item);
    else if (last?.kind === 'literal' && !last.times && !item.times)
      all[all.length - 1] = { ...last, text: last.text + text, source: last.source + item.source };
    else all.push({ kind: 'literal', text, source: item.source, times: item.times });
  }
  return all;
}

function literalOf(item: RegexItem): string | undefined {
  if (item.kind === 'literal') return item.text;
  if (item.kind !== 'escape') return undefined;
  return /^\\[^\p{L}\p{N}\s]$/u.test(item.text) ? item.text.slice(1) : undefined;
}

function itemWords(item: RegexItem, depth: number): string | undefined {
  const [one, many] = unitWords(item, depth) ?? [];
  return one && quantified(one, many ?? one, item.times);
}

function unitWords(item: RegexItem, depth: number): readonly [string, string?] | undefined {
  switch (item.kind) {
    case 'literal':
      return [item.text.trim() === '' ? `${item.text.length === 1 ? 'a space' : 'spaces'}` : code(item.text)];
    case 'back':
      return [`the same as ${/^\d/.test(item.to) ? `group ${item.to}` : code(item.to)}`];
    case 'class':
      return classWords(item.text);
    case 'group':
      return groupWords(item, depth);
    case 'escape':
      return escapeWords(item.text);
  }
}

function escapeWords(text: string): readonly [string, string?] {
  const known = escapes[text];
  if (known) return known;
  const property = /^\\([pP])\{?([^}]*)\}?$/.exec(text);
  if (property)
    return [
      `a character ${property[1] === 'P' ? 'not ' : ''}of the Unicode class ${code(property[2] ?? '')}`,
    ];
  return [/^\\[a-zA-Z]$/.test(text) ? code(text) : `the character ${code(text)}`];
}

function classWords(text: string): readonly [string, string?] {
  const inner = text.slice(1, -1);
  const known = classes[inner] ?? escapes[inner.startsWith('\\') ? inner : ''];
  if (known) return known;
  return text.startsWith('[^') ? [`none of ${code(inner.slice(1))}`] : [`one of ${code(inner)}`];
}

const looks: Readonly<Record<string, string>> = {
  '=': 'followed by',
  '!': 'not followed by',
  '<=': 'preceded by',
  '<!': 'not preceded by',
};

function groupWords(group: RegexGroup, depth: number): readonly [string] | undefined {
  if (group.branches.length === 0) return [`from here on with the flags ${code(group.head)}`];
  const words = alternatives(group.branches, depth + 1);
  if (words === undefined) return undefined;
  const look = looks[group.head];
  if (look) return [`${look} (${words})`];
  return [group.name ? `(${words}) as ${code(group.name)}` : `(${words})`];
}

function quantified(one: string, many: string, times: Quantifier | undefined): string {
  if (!times) return one;
  const { min, max, mode } = times;
  const as = mode === 'lazy' ? ', as few as possible' : mode === 'possessive' ? ', never given back' : '';
  if (max === 1 && min === 0) return `optionally ${one}`;
  if (max === Infinity)
    return `${min === 0 ? `any number of ${many}` : min === 1 ? `one or more ${many}` : `at least ${min} × ${many}`}${as}`;
  return min === max ? `${min} × ${many}` : `${min} to ${max} × ${many}${as}`;
}

/** A repeated group that is nothing but something repeated: `(a+)+`. */
function explodes(item: RegexItem): boolean {
  if (item.kind !== 'group' || item.head === '>') return false;
  const endless = (part: RegexItem): boolean =>
    part.times !== undefined && part.times.max === Infinity && part.times.mode !== 'possessive';
  const only = item.branches.some(branch => branch.length === 1 && branch.every(endless));
  return (endless(item) && only) || item.branches.some(branch => branch.some(explodes));
}

function flagNotes(flags: string, languageId: string): readonly string[] {
  const ruby = languageId === 'ruby';
  const words: Readonly<Record<string, string>> = {
    i: 'ignoring case',
    g: 'every match',
    m: ruby ? '`.` also matches line ends' : 'line by line',
    s: '`.` also matches line ends',
    u: 'Unicode',
    v: 'Unicode sets',
    y: 'only where the last match ended',
    x: 'spaces and comments ignored',
  };
  return [...new Set(flags)].map(flag => words[flag] ?? '').filter(Boolean);
}

/** Calls that take a regular expression as a string, and which argument it is. */
const takers: readonly (readonly [callee: RegExp, argument: number])[] = [
  [/^(?:re|regex)\.(?:compile|match|search|fullmatch|findall|finditer|split|subn?)$/, 0],
  [/^regexp\.(?:Must)?Compile(?:POSIX)?$|^regexp\.Match(?:String)?$/, 0],
  [/(?:^|::|\.)(?:bytes::)?Regex(?:Builder)?(?:::|\.)new$/, 0],
  [/^RegExp$|^(?:std::)?w?regex$|^Regexp\.(?:new|compile)$|^Regex$|^Pattern\.(?:compile|matches)$/, 0],
  [/^Regex\.(?:IsMatch|Match|Matches|Replace|Split)$/, 1],
];

/** A string that is passed to what reads it as a regular expression. */
export function regexString(place: Place): string | undefined {
  const taken = takers.some(([callee, at]) => at === place.argument && callee.test(place.callee));
  if (!taken) return undefined;
  const called = place.after.split(/[;\n]/)[0] ?? '';
  const flags = [
    /\b(?:re\.I|IGNORECASE|IgnoreCase|CASE_INSENSITIVE)\b/.test(called) ? 'i' : '',
    /\b(?:re\.M|MULTILINE|Multiline)\b/.test(called) ? 'm' : '',
    /\b(?:re\.S|DOTALL|Singleline)\b/.test(called) ? 's' : '',
    /\b(?:re\.X|VERBOSE|IgnorePatternWhitespace|COMMENTS)\b/.test(called) ? 'x' : '',
    place.callee === 'RegExp' ? (/^\s*,\s*['"]([a-z]{1,8})['"]/.exec(called)?.[1] ?? '') : '',
  ].join('');
  return readRegex(place.text, flags, place.languageId);
}

/** A literal as it is written: `/a/i`, `%r{a}x`. */
export function regexLiteral(source: string, languageId: string): string | undefined {
  const found = /^(?:\/([^]*)\/|%r[^\w\s]([^]*)[^\w\s])([a-z]*)$/.exec(source);
  if (!found || (languageId === 'ruby' && source.includes('#{'))) return undefined;
  return readRegex(found[1] ?? found[2] ?? '', found[3] ?? '', languageId);
}
