/** Reads numbers and regular expressions aloud. It must not know where they stand. */
import { code } from './markdown.ts';

/** A number in plain decimal, where that tells something; undefined where the number says it all. */
export function readNumber(text: string): string | undefined {
  const bare = text
    .replaceAll('_', '')
    .replace(/[nlLfFuU]+$/, match => (/^0x/i.test(text) ? '' : match && ''));
  const value =
    /^0o?[0-7]+$/.test(bare) && !bare.startsWith('0o') && bare.length > 1
      ? Number.parseInt(bare, 8)
      : Number(bare);
  if (!Number.isFinite(value)) return undefined;
  const facts: string[] = [];
  const grouped = String(value).replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ',');
  if (/^0[xob]/i.test(bare) || /e/i.test(bare) || (/^0\d/.test(bare) && value > 7)) facts.push(grouped);
  else if (Number.isInteger(value) && value >= 10_000 && !text.includes('_')) facts.push(grouped);
  const power = Math.log2(value);
  if (Number.isInteger(power) && power >= 10) facts.push(`2 to the power of ${power}`);
  const duration = value >= 60_000 && value % 60_000 === 0 ? asDuration(value) : undefined;
  if (duration) facts.push(`${duration} if it counts milliseconds`);
  else if (value === 86_400 || value === 3600 || value === 604_800)
    facts.push(`${asDuration(value * 1000)} if it counts seconds`);
  return facts.length > 0 ? `${code(text)} is ${facts.join('; ')}.` : undefined;
}

function asDuration(ms: number): string | undefined {
  const units = [
    [604_800_000, 'week'],
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ] as const;
  const unit = units.find(([size]) => ms % size === 0);
  if (!unit) return undefined;
  const number = ms / unit[0];
  return number > 1000 ? undefined : `${number} ${unit[1]}${number === 1 ? '' : 's'}`;
}

const classes: Readonly<Record<string, string>> = {
  '\\d': 'a digit',
  '\\D': 'anything but a digit',
  '\\w': 'a word character',
  '\\W': 'anything but a word character',
  '\\s': 'white space',
  '\\S': 'anything but white space',
  '\\b': 'a word boundary',
  '\\B': 'no word boundary',
  '\\n': 'a line end',
  '\\t': 'a tab',
  '.': 'any character',
  '^': 'the start',
  $: 'the end',
};

const plurals: Readonly<Record<string, string>> = {
  'a digit': 'digits',
  'a word character': 'word characters',
  'white space': 'white space',
  'any character': 'characters',
};

/** A regular expression's parts in order; undefined where it is too long or too deep to be read in one go. */
export function readRegex(pattern: string, flags: string): string | undefined {
  if (pattern.length > 120) return undefined;
  const parts = alternatives(pattern, 0);
  if (!parts) return undefined;
  const notes = [
    flags.includes('i') ? 'ignoring case' : '',
    flags.includes('g') ? 'every match' : '',
    flags.includes('m') ? 'line by line' : '',
  ].filter(Boolean);
  return `Matches ${parts}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}.`;
}

function alternatives(pattern: string, depth: number): string | undefined {
  if (depth > 2) return undefined;
  const found: string[] = [];
  for (const branch of split(pattern)) {
    const words = sequence(branch, depth);
    if (words === undefined) return undefined;
    found.push(words || 'nothing');
  }
  return found.length > 4 ? undefined : found.join(', or ');
}

/** Splits at `|` outside groups and classes. */
function split(pattern: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    const last = parts.length - 1;
    if (char === '\\') parts[last] += char + (pattern[++at] ?? '');
    else if (char === '|' && depth === 0 && !inClass) parts.push('');
    else {
      if (char === '[') inClass = true;
      if (char === ']') inClass = false;
      if (!inClass && char === '(') depth++;
      if (!inClass && char === ')') depth--;
      parts[last] += char;
    }
  }
  return parts;
}

const token = /\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\x..|\\u....|\\.|\[(?:\\.|[^\]\\])*\]|\(|[^\\[(]/suy;
const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/y;

function sequence(text: string, depth: number): string | undefined {
  const words: string[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal) words.push(code(literal));
    literal = '';
  };
  for (let at = 0; at < text.length; ) {
    token.lastIndex = at;
    const match = token.exec(text)?.[0];
    if (!match) return undefined;
    let unit: string | undefined;
    let end = at + match.length;
    if (match === '(') {
      end = groupEnd(text, at);
      if (end < 0) return undefined;
      unit = group(text.slice(at + 1, end - 1), depth);
      if (unit === undefined) return undefined;
    } else unit = classes[match] ?? (match.startsWith('[') ? readClass(match) : undefined);
    quantifier.lastIndex = end;
    const times = quantifier.exec(text)?.[0];
    end += times?.length ?? 0;
    at = end;
    if (unit === undefined && !times) {
      literal += match.startsWith('\\') && match.length === 2 ? match[1] : match;
      continue;
    }
    flush();
    words.push(quantified(unit ?? code(match.replace(/^\\/, '')), times));
  }
  flush();
  return words.join(', then ');
}

function groupEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return -1;
}

function group(inner: string, depth: number): string | undefined {
  const head = /^\?(?:<([\w$]+)>|P<(\w+)>|([:=!]|<[=!]))/.exec(inner);
  const words = alternatives(head ? inner.slice(head[0].length) : inner, depth + 1);
  if (words === undefined) return undefined;
  const name = head?.[1] ?? head?.[2];
  const kinds: Readonly<Record<string, string>> = {
    '=': `followed by (${words})`,
    '!': `not followed by (${words})`,
    '<=': `preceded by (${words})`,
    '<!': `not preceded by (${words})`,
  };
  if (name) return `(${words}) as ${code(name)}`;
  return kinds[head?.[3] ?? ''] ?? `(${words})`;
}

function readClass(text: string): string {
  const negated = text.startsWith('[^');
  const inner = text.slice(negated ? 2 : 1, -1);
  return `${negated ? 'none' : 'one'} of ${code(inner)}`;
}

function quantified(unit: string, times: string | undefined): string {
  if (!times) return unit;
  const many = plurals[unit] ?? unit;
  const exact = /^\{(\d+)(,?)(\d*)\}/.exec(times);
  if (exact) {
    const [, from, comma, to] = exact;
    return comma ? (to ? `${from} to ${to} × ${many}` : `at least ${from} × ${many}`) : `${from} × ${many}`;
  }
  if (times.startsWith('*')) return `any number of ${many}`;
  return times.startsWith('+') ? `one or more ${many}` : `optionally ${unit}`;
}
